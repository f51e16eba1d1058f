"""The PDFs of imported letters: where each lies, whether it is still what was read, and its pages as images."""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assistant.database import reading, writing
from assistant.errors import NotThere, UnreadableFile
from assistant.library.letters import UNREAD
from assistant.library.tables import DecisionRow, DeterminationRow, DocumentRow, LetterFileRow
from assistant.reading.bounded import BoundedReader
from assistant.reading.files import MAX_PAGES, bytes_of
from assistant.reading.page_images import page_of

_SECONDS = 30.0  # for one page; a letter's takes a fifth of a second
ONLY_TEXT = (
    "Only the text of this letter is kept. To see its pages, import its PDF from a folder of this machine on the "
    "command line; the file stays where it is."
)
ILLUSTRATIVE = "This decision was written for this program; there is no letter behind it."
GONE = "The letter's file is not any more where it lay when it was imported; its text is kept."
CHANGED = "The letter's file was changed after it was imported, so its pages are not shown; its text is kept as it was."


@dataclass(frozen=True, slots=True)
class OriginalPages:
    """How many pages the letter of a decision has, and on which, from 1, its rationale begins (None: not found)."""

    pages: int
    begins: int | None


def note_file(session: Session, document_id: int | None, path: Path | None) -> None:
    """Note where a letter's PDF lies, in a transaction under way; a file of another kind has no pages to show."""
    if document_id is not None and path is not None and path.suffix.lower() == ".pdf":
        session.merge(LetterFileRow(document_id=document_id, path=str(path.resolve())))


class LetterFiles:
    """The PDFs of letters. Their pages are drawn in a child process, since a file may be made to hang what draws it."""

    def __init__(self, engine: Engine, reader: BoundedReader | None = None) -> None:
        self._engine = engine
        self._reader = reader or BoundedReader(_SECONDS)
        self._one = threading.Lock()  # the child answers one question at a time

    def found_again(self, content_hash: str, path: Path | None) -> None:
        """A letter that is held was met again in a file: its pages are shown from there."""
        if path is None or path.suffix.lower() != ".pdf":
            return
        with reading(self._engine) as session:
            same = (DocumentRow.content_hash == content_hash) & (DocumentRow.kind != UNREAD)
            known = session.execute(
                select(DocumentRow.id, LetterFileRow.path)
                .join(DeterminationRow, DeterminationRow.document_id == DocumentRow.id)
                .outerjoin(LetterFileRow, LetterFileRow.document_id == DocumentRow.id)
                .where(same)
            ).first()
        if known is not None and known[1] != str(path.resolve()):
            with writing(self._engine) as session:
                note_file(session, known[0], path)

    def pages(self, decision_id: str) -> OriginalPages:
        """The original pages of a decision's letter; NotThere, with the reason, where there is only its text."""
        name, data = self._file_of(decision_id)
        with reading(self._engine) as session:
            row = session.scalars(select(DecisionRow).where(DecisionRow.decision_id == decision_id)).one()
            told = [d.rationale or "" for d in row.determination.decisions if d.issue <= row.issue]
        with self._one:
            answer = self._reader.read(name, data, MAX_PAGES, "no")
            if "starts" in answer:
                return OriginalPages(len(answer["starts"]), page_of(answer["text"], answer["starts"], told))
            return OriginalPages(_answered(name, self._reader.image(name, data, 0))["pages"], None)

    def image(self, decision_id: str, page: int) -> bytes:
        """A page of a decision's letter, from 1, as PNG; NotThere where it cannot be shown."""
        name, data = self._file_of(decision_id)
        with self._one:
            answer = _answered(name, self._reader.image(name, data, page))
        return base64.b64decode(answer["png"])

    def close(self) -> None:
        """End the child process."""
        with self._one:
            self._reader.close()

    def _file_of(self, decision_id: str) -> tuple[str, bytes]:
        """The name and the bytes of the file; NotThere where it is not there as it was."""
        with reading(self._engine) as session:
            found = session.execute(
                select(DocumentRow.name, DocumentRow.content_hash, LetterFileRow.path, DeterminationRow.illustrative)
                .join(DeterminationRow, DeterminationRow.document_id == DocumentRow.id)
                .join(DecisionRow, DecisionRow.determination_id == DeterminationRow.id)
                .outerjoin(LetterFileRow, LetterFileRow.document_id == DocumentRow.id)
                .where(DecisionRow.decision_id == decision_id)
            ).first()
        if found is None:
            raise NotThere(f"The library holds no decision {decision_id}.")
        name, content_hash, path, illustrative = found
        if illustrative:
            raise NotThere(ILLUSTRATIVE)
        if path is None:
            raise NotThere(ONLY_TEXT)
        try:
            data = bytes_of(Path(path))
        except UnreadableFile:
            raise NotThere(GONE) from None
        if hashlib.sha256(data).hexdigest() != content_hash:
            raise NotThere(CHANGED)
        return name, data


def _answered(name: str, answer: dict[str, object]) -> dict[str, object]:
    if "reason" in answer:
        raise NotThere(f"The page of {name} cannot be shown: {answer['reason']}.")
    return answer
