"""The reports of imports: written as an import goes on, kept, and opened later."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assistant.database import folder_of, reading, sentences, writing
from assistant.databases.locks import Lock, lock_named
from assistant.errors import DataFolderError, NotThere
from assistant.library.tables import ImportNoteRow, ImportRow

_FIGURES = re.compile(r"\d[\d,.]*")


class ImportState(StrEnum):
    """Whether an import is under way, ended, or was stopped before its end: by its user, by a fault, by a kill."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    STOPPED = "stopped"


class NoteKind(StrEnum):
    """What a report says of a document."""

    WARNING = "warning"
    VERSION = "version"
    FAILED = "failed"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class ImportNote:
    """A line of a report; `document_id` opens what is kept of the document."""

    kind: NoteKind
    name: str
    sentence: str
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """How many documents an import saw, and what became of them."""

    total: int = 0
    seen: int = 0
    read: int = 0
    already_there: int = 0
    versions: int = 0
    incomplete: int = 0
    decisions: int = 0


@dataclass(frozen=True, slots=True)
class StoredImport:
    """An import as it is kept; times are UTC. `notes` are empty in a list of imports."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    state: ImportState
    names: tuple[str, ...]
    upload: str | None
    counts: ImportCounts
    error: str | None
    notes: tuple[ImportNote, ...] = ()

    @property
    def causes(self) -> tuple[tuple[str, int], ...]:
        """Why documents were not read, the most frequent cause first; figures in a cause are left out."""
        failed = (note.sentence for note in self.notes if note.kind is NoteKind.FAILED)
        return tuple(Counter(_cause(sentence) for sentence in failed).most_common())


def _cause(sentence: str) -> str:
    reason = sentence.partition(" could not be read: ")[2] or sentence
    return _FIGURES.sub("…", reason).rstrip(".")


@dataclass(slots=True)
class Run:
    """An import under way: its counts, and the notes that are not on the disk yet."""

    id: int
    total: int
    lock: Lock
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[ImportNote] = field(default_factory=list)

    def note(self, kind: NoteKind, name: str, sentence: str, document_id: int | None = None) -> None:
        """Say something of a document."""
        self.notes.append(ImportNote(kind, name, sentence, document_id))

    def write(self, session: Session) -> None:
        """Put counts and new notes into a transaction; `written` is to be called when it has ended."""
        row = session.get_one(ImportRow, self.id)
        for name in ("seen", "read", "already_there", "versions", "incomplete", "decisions"):
            setattr(row, name, self.counts[name])
        session.add_all(
            ImportNoteRow(
                import_id=self.id, kind=n.kind.value, name=n.name, sentence=n.sentence, document_id=n.document_id
            )
            for n in self.notes
        )

    def written(self) -> None:
        """The notes are on the disk."""
        self.notes.clear()


class ImportLog:
    """All imports of a library. `now` gives UTC without a zone, as the tables hold it."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def begin(self, owner: str, names: Sequence[str], total: int, upload: str | None = None) -> Run:
        """Note that an import begins."""
        with writing(self._engine) as session:
            row = ImportRow(
                owner=owner,
                started_at=self._now(),
                state=ImportState.RUNNING.value,
                names=json.dumps(list(names)),
                upload=upload,
                total=total,
                seen=0,
                read=0,
                already_there=0,
                versions=0,
                incomplete=0,
                decisions=0,
            )
            session.add(row)
            session.flush()
            number = row.id
        return Run(number, total, self._held(number))

    def _held(self, number: int) -> Lock:
        """The lock that shows others that this import is alive."""
        lock = self._lock(number)
        try:
            with sentences(self._engine):
                lock.acquire(0)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise DataFolderError(f"The data folder {folder_of(self._engine)} cannot be used ({reason}).") from None
        return lock

    def write(self, run: Run) -> None:
        """Keep how far an import has come."""
        with writing(self._engine) as session:
            run.write(session)
        run.written()

    def end(self, run: Run, state: ImportState, error: str | None = None) -> None:
        """Note how an import ended."""
        try:
            with writing(self._engine) as session:
                run.write(session)
                row = session.get_one(ImportRow, run.id)
                row.state, row.error, row.ended_at = state.value, error, self._now()
                if state is ImportState.DONE:
                    row.total = row.seen  # what was counted before may hold blank lines, or miss what came meanwhile
            run.written()
        finally:
            run.lock.release()
            self._file(run.id).unlink(missing_ok=True)

    def imports(self, limit: int = 100) -> tuple[StoredImport, ...]:
        """The imports, the newest first."""
        with reading(self._engine) as session:
            rows = session.scalars(select(ImportRow).order_by(ImportRow.id.desc()).limit(limit))
            return tuple(self._stored(row, ()) for row in rows)

    def report(self, number: int) -> StoredImport:
        """One import with all its notes; raises NotThere."""
        with reading(self._engine) as session:
            row = session.get(ImportRow, number)
            if row is None:
                raise NotThere("There was no import of this number; `imr-assistant imports` lists them.")
            notes = session.scalars(select(ImportNoteRow).where(ImportNoteRow.import_id == number).order_by("id"))
            return self._stored(
                row, tuple(ImportNote(NoteKind(n.kind), n.name, n.sentence, n.document_id) for n in notes)
            )

    def _stored(self, row: ImportRow, notes: tuple[ImportNote, ...]) -> StoredImport:
        state = ImportState(row.state)
        if state is ImportState.RUNNING and not self._alive(row.id):
            state = ImportState.STOPPED
        counts = ImportCounts(
            row.total, row.seen, row.read, row.already_there, row.versions, row.incomplete, row.decisions
        )
        names = tuple(json.loads(row.names))
        return StoredImport(row.id, row.started_at, row.ended_at, state, names, row.upload, counts, row.error, notes)

    def _alive(self, number: int) -> bool:
        """Whether the process that began an import still runs: the lock that it holds goes with it."""
        if self._engine.dialect.name == "sqlite" and not self._file(number).exists():
            return False
        lock = self._lock(number)
        with sentences(self._engine):
            alive = not lock.acquire(0)
        lock.release()
        return alive

    def _lock(self, number: int) -> Lock:
        return lock_named(self._engine, f"import-{number}")

    def _file(self, number: int) -> Path:
        return folder_of(self._engine) / f"import-{number}.lock"
