"""Letters in the store: the versions of a case's letter, and what was not read whole, kept with its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, delete, func, or_, select
from sqlalchemy.orm import Session

from assistant.database import reading
from assistant.domain import Determination
from assistant.errors import NotThere
from assistant.library.rows import determination_of
from assistant.library.tables import DecisionRow, DeterminationRow, DocumentRow, KeptTextRow

UNREAD = "unread"  # the kind of a document that gave no text and is tried again
_DATES = ("date_of_injury", "date_assigned", "decision_date", "ur_denial_date")


@dataclass(frozen=True, slots=True)
class KeptText:
    """What is kept beside a document that was not read whole: its text, if any, and what is missing, in sentences.

    `incomplete` says that something of its decisions or its case summary is missing, not only of its head.
    """

    text: str | None
    warnings: tuple[str, ...]
    incomplete: bool


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A line of the list of what was not read whole. `id` is the document's; times are UTC."""

    id: int
    name: str
    case_number: str | None
    imported_at: datetime
    incomplete: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionOf:
    """One version of a case's letter; `current` is the one that search offers."""

    id: int
    version: int
    decision_date: date | None
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """A document of the library, opened: its letter (None for what gave none), its text where that is kept."""

    id: int
    name: str
    imported_at: datetime
    letter: Determination | None
    version: int
    current: bool
    versions: tuple[VersionOf, ...]
    text: str | None
    warnings: tuple[str, ...]


def is_incomplete(letter: Determination) -> bool:
    """Whether something that search and drafts live on is missing: a summary, a decision, or a part of one."""
    parts = (bool(d.service and d.outcome and d.rationale) for d in letter.decisions)
    return not letter.case_summary or not letter.decisions or not all(parts)


def says_the_same(one: Determination, other: Determination) -> bool:
    """Whether two letters have the same summary and decisions, and no date that differs."""
    dates = all(
        getattr(one, name) == getattr(other, name) or None in (getattr(one, name), getattr(other, name))
        for name in _DATES
    )
    return dates and _said(one) == _said(other)


def _said(letter: Determination) -> list[object]:
    texts = [letter.case_summary, *(part for d in letter.decisions for part in (d.service, d.outcome, d.rationale))]
    return [re.sub(r"\W+", " ", text or "").strip().lower() for text in texts]


def versions_in(session: Session, case_number: str | None) -> Sequence[DeterminationRow]:
    """The real letters of a case number, the first imported first."""
    if not case_number:
        return ()
    same = (DeterminationRow.case_number == case_number) & ~DeterminationRow.illustrative
    return session.scalars(select(DeterminationRow).where(same).order_by(DeterminationRow.version)).all()


def offer_newest(rows: Sequence[DeterminationRow]) -> None:
    """Make the letter with the latest decision date the one that is offered; of equal ones the last imported."""
    newest = max(rows, key=lambda row: (row.decision_date or date.min, row.version))
    for row in rows:
        row.current = row is newest


def keep_text(session: Session, document: DocumentRow, kept: KeptText | None) -> None:
    """Keep a text beside its document, in a transaction under way."""
    if kept is not None:
        values = {"text": kept.text, "warnings": list(kept.warnings), "incomplete": kept.incomplete}
        session.add(KeptTextRow(document_id=document.id, **values))


def drop_unread(session: Session, content_hash: str) -> None:
    """Forget that a file could not be read, since it can be now."""
    same = (DocumentRow.content_hash == content_hash) & (DocumentRow.kind == UNREAD)
    session.execute(delete(DocumentRow).where(same))


class Letters:
    """What was read of letters, for opening and listing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def not_whole(self, limit: int = 500) -> tuple[tuple[KeptRow, ...], int]:
        """What was not read whole, the gravest and then the newest first, and how many there are."""
        with reading(self._engine) as session:
            count = session.scalar(select(func.count()).select_from(KeptTextRow)) or 0
            rows = session.execute(
                select(DocumentRow, KeptTextRow, DeterminationRow.case_number)
                .join(KeptTextRow, KeptTextRow.document_id == DocumentRow.id)
                .outerjoin(DeterminationRow, DeterminationRow.document_id == DocumentRow.id)
                .order_by(KeptTextRow.incomplete.desc(), DocumentRow.id.desc())
                .limit(limit)
            )
            return tuple(
                KeptRow(d.id, d.name, number, d.imported_at, kept.incomplete, tuple(kept.warnings))
                for d, kept, number in rows
            ), count

    def open(self, which: str | int) -> OpenedLetter:
        """A document by its id, or the offered letter by its case number or a decision's id; raises NotThere."""
        with reading(self._engine) as session:
            number = _document_id(session, str(which).strip())
            document = session.get(DocumentRow, number) if number is not None else None
            if document is None:
                raise NotThere("The library holds no letter of this number.")
            row = session.scalar(select(DeterminationRow).where(DeterminationRow.document_id == document.id))
            kept = session.get(KeptTextRow, document.id)
            letter = determination_of(row) if row else None
            return OpenedLetter(
                id=document.id,
                name=document.name,
                imported_at=document.imported_at,
                letter=letter,
                version=row.version if row else 1,
                current=row.current if row else True,
                versions=_versions(session, row),
                text=kept.text if kept else None,
                warnings=tuple(kept.warnings) if kept else letter.warnings if letter else (),
            )


def _document_id(session: Session, which: str) -> int | None:
    if which.isdecimal() and len(which) < 18:  # noqa: PLR2004 - SQLite's integers
        return int(which)
    named = or_(DeterminationRow.case_number == which.upper(), DecisionRow.decision_id == which)
    return session.scalar(
        select(DeterminationRow.document_id)
        .outerjoin(DecisionRow)
        .where(named)
        .order_by(DeterminationRow.current.desc(), DeterminationRow.version.desc())
        .limit(1)
    )


def _versions(session: Session, row: DeterminationRow | None) -> tuple[VersionOf, ...]:
    rows = versions_in(session, row.case_number) if row is not None and not row.illustrative else ()
    names = {row.document_id: session.get_one(DocumentRow, row.document_id).name for row in rows}
    return tuple(
        VersionOf(row.document_id, row.version, row.decision_date, names[row.document_id], row.current) for row in rows
    )
