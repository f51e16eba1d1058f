"""The SQL store, which is the truth: documents in, passages and decisions out, each change one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, exists, func, select, update
from sqlalchemy.orm import Session, selectinload

from assistant.database import reading, writing
from assistant.domain import Determination, Passage
from assistant.errors import NotThere
from assistant.library.documents import (
    Added,
    Also,
    Document,
    DocumentKind,
    NewGuideline,
    NewLetter,
    Starter,
    nothing_else,
)
from assistant.library.fulltext_postgres import index_what_is_added
from assistant.library.import_log import ImportLog
from assistant.library.letter_files import LetterFiles
from assistant.library.letters import (
    UNREAD,
    KeptText,
    Letters,
    drop_unread,
    keep_text,
    offer_newest,
    says_the_same,
    versions_in,
)
from assistant.library.rows import (
    Held,
    decision_text,
    determination_of,
    determination_row,
    held_of,
    passage_of,
    passage_row,
    passage_text,
    set_service_facts,
    sha256,
)
from assistant.library.stored_vectors import NewVectors, drop_orphans, put_vectors
from assistant.library.tables import (
    DecisionRow,
    DeterminationRow,
    DocumentRow,
    KeptTextRow,
    KindRow,
    MetaRow,
    PassageRow,
)

_CHANGES = "changes"
# Named one by one, so that the index of kind and words is used: "not unread" reads the whole table for each file.
_READ = [kind.value for kind in DocumentKind if kind is not DocumentKind.UNREAD]
_AT_ONCE = 500  # values of one IN list; SQLite takes some thousands
# A list of decisions shows nothing of the case itself.
_LISTED = selectinload(DecisionRow.determination).load_only(
    DeterminationRow.case_number,
    DeterminationRow.illustrative,
    DeterminationRow.decision_date,
    DeterminationRow.reviewer_specialty,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the library holds; `letters` and `decisions` are real ones."""

    letters: int
    decisions: int
    illustrative: int
    passages: int


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class Store:
    """The library's tables. Times are UTC."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = _now) -> None:
        self.engine = engine
        self._now = now
        index_what_is_added(engine)
        self.letters = Letters(engine)
        self.files = LetterFiles(engine)
        self.imports = ImportLog(engine, now)

    # --- facts about the library as a whole ---------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """A fact about the library."""
        with reading(self.engine) as session:
            return session.scalar(select(MetaRow.value).where(MetaRow.key == key))

    def set_meta(self, key: str, value: str) -> None:
        """Note a fact about the library."""
        with writing(self.engine) as session:
            session.merge(MetaRow(key=key, value=value))

    def note_once(self, key: str, value: str) -> None:
        """Note a fact about the library that is never changed: the first to come says it."""
        with writing(self.engine) as session:
            if session.get(MetaRow, key) is None:
                session.add(MetaRow(key=key, value=value))

    def state(self) -> str:
        """Another value after every change of what is held, by whichever process."""
        return self.meta(_CHANGES) or "0"

    def counts(self) -> Counts:
        """How much there is."""
        with reading(self.engine) as session:
            kind = DeterminationRow.illustrative
            offered = (DeterminationRow.current, DeterminationRow.decisions.any())
            grouped = session.execute(select(kind, func.count()).where(*offered).group_by(kind))
            letters = {bool(row[0]): int(row[1]) for row in grouped}
            decisions = session.scalar(
                select(func.count())
                .select_from(DecisionRow)
                .join(DecisionRow.determination)
                .where(~_illustrative(), DeterminationRow.current)
            )
            passages = session.scalar(select(func.count()).select_from(PassageRow).where(PassageRow.current))
            return Counts(letters.get(False, 0), decisions or 0, letters.get(True, 0), passages or 0)

    # --- documents in ------------------------------------------------------------------------------------------

    def holds(self, *, content_hash: str | None = None, text_hash: str | None = None) -> bool:
        """Whether a document with these bytes, or with these words, was read already."""
        with reading(self.engine) as session:
            same = DocumentRow.content_hash == content_hash if content_hash else DocumentRow.text_hash == text_hash
            return bool(session.scalar(select(exists().where(same, DocumentRow.kind.in_(_READ)))))

    def content_hashes(self) -> list[str]:
        """The hashes of the contents of all documents that were read."""
        with reading(self.engine) as session:
            return list(session.scalars(select(DocumentRow.content_hash).where(DocumentRow.kind.in_(_READ))))

    def add_letter(self, letter: NewLetter, vectors: NewVectors, also: Also = nothing_else) -> Added:
        """Add a letter with its decisions, words and vectors in one transaction, in which `also` is called too.

        Another letter of its case number becomes a version beside it: the newest is offered, the others are kept.
        """
        with writing(self.engine) as session:
            earlier = versions_in(session, letter.determination.case_number)
            if not self._is_new(session, letter.document) or _is_told(letter, earlier):
                also(session, Added(0))
                return Added(0)
            drop_unread(session, letter.document.content_hash)
            put_vectors(session, vectors)
            added = self._put_letter(session, letter, earlier)
            count_change(session)
            also(session, added)
            return added

    def keep_unread(self, document: Document, kept: KeptText, also: Also = nothing_else) -> None:
        """Keep that a file could not be read, and why; the next import tries it again."""
        with writing(self.engine) as session:
            known = session.scalar(select(DocumentRow).where(DocumentRow.content_hash == document.content_hash))
            if known is None:
                known = self._document_row(document)
                session.add(known)
                session.flush()
            elif known.kind == UNREAD:
                session.execute(delete(KeptTextRow).where(KeptTextRow.document_id == known.id))
                known.name = document.name
            if known.kind == UNREAD:
                keep_text(session, known, kept)
            also(session, Added(0, known.id))

    def add_guideline(self, guideline: NewGuideline, vectors: NewVectors) -> bool:
        """Add an imported guideline; earlier imported versions of its sections are offered no more."""
        with writing(self.engine) as session:
            if not self._is_new(session, guideline.document):
                return False
            drop_unread(session, guideline.document.content_hash)
            put_vectors(session, vectors)
            session.add(self._document_row(guideline.document))
            _retire(session, guideline.passages)
            _put_passages(session, guideline.passages, starter=False)
            count_change(session)
            return True

    def add_text(self, text: NewGuideline, vectors: NewVectors, *, replacing: bool = False) -> bool:
        """Add what was read from an imported guideline's plain text; False if it is there as it is.

        The same words under another label or date take the place of the earlier import; so does a text of the same
        section of the same guideline, and with `replacing` every earlier text of that guideline.
        """
        with writing(self.engine) as session:
            same_bytes = DocumentRow.content_hash == text.document.content_hash
            if session.scalar(select(exists().where(same_bytes))):
                return False
            put_vectors(session, vectors)
            same_words = (DocumentRow.text_hash == text.document.text_hash) & (
                DocumentRow.kind == DocumentKind.GUIDELINE.value
            )
            earlier = session.scalar(select(DocumentRow).where(same_words))
            if earlier is not None:
                session.execute(update(PassageRow).where(PassageRow.document_id == earlier.id).values(current=False))
                session.delete(earlier)
                session.flush()
            document = self._document_row(text.document)
            session.add(document)
            session.flush()
            _retire_texts(session, text.passages, whole=replacing)
            _put_passages(session, text.passages, starter=False, document_id=document.id)
            count_change(session)
            return True

    def texts_of(self, guideline: str) -> int:
        """How many passages of imported plain texts are offered under a guideline's label."""
        with reading(self.engine) as session:
            held = (PassageRow.guideline == guideline) & PassageRow.current & PassageRow.document_id.is_not(None)
            return session.scalar(select(func.count()).select_from(PassageRow).where(held)) or 0

    def replace_starter(self, starter: Starter, vectors: NewVectors, meta: Mapping[str, str]) -> None:
        """Put the starter library in the place of an earlier one, in one transaction; cited passages stay."""
        with writing(self.engine) as session:
            put_vectors(session, vectors)
            _drop_starter(session)
            for guideline in starter.guidelines:
                if self._is_new(session, guideline.document):
                    session.add(self._document_row(guideline.document))
                _put_passages(session, guideline.passages, starter=True)
            for letter in starter.letters:
                if self._is_new(session, letter.document):
                    self._put_letter(session, letter)
            session.execute(delete(KindRow))
            for kind, names in starter.kinds.items():
                session.add_all(KindRow(kind=kind, text=name, text_hash=sha256(name)) for name in names)
            session.flush()
            drop_orphans(session)
            count_change(session)
            for key, value in meta.items():
                session.merge(MetaRow(key=key, value=value))

    def renew(self, kind_of: Callable[[str], str | None]) -> None:
        """Read every decision's service anew, and name the text that stands for it and for every passage.

        For when the taxonomy or the program has changed; what then lacks a vector gets one on opening.
        """
        with writing(self.engine) as session:
            together = selectinload(DecisionRow.determination)
            for decision in session.scalars(select(DecisionRow).options(together)):
                summary = decision.determination.case_summary
                decision.service_kind = kind_of(decision.service)
                set_service_facts(decision)
                decision.text_hash = sha256(decision_text(decision.service, decision.rationale, summary))
            for passage in session.scalars(select(PassageRow)):
                passage.text_hash = sha256(passage_text(passage))

    def _is_new(self, session: Session, document: Document) -> bool:
        same = (DocumentRow.content_hash == document.content_hash) | (DocumentRow.text_hash == document.text_hash)
        return not session.scalar(select(exists().where(same, DocumentRow.kind.in_(_READ))))

    def _document_row(self, document: Document) -> DocumentRow:
        return DocumentRow(
            content_hash=document.content_hash,
            text_hash=document.text_hash,
            kind=document.kind.value,
            name=document.name,
            owner=document.owner,
            imported_at=self._now(),
        )

    def _put_letter(self, session: Session, letter: NewLetter, earlier: Sequence[DeterminationRow] = ()) -> Added:
        document = self._document_row(letter.document)
        session.add(document)
        session.flush()
        version = max((row.version for row in earlier), default=0) + 1
        name = letter.name if version == 1 else f"{letter.name}-v{version}"
        row = determination_row(letter.determination, name, letter.kinds)
        row.document_id, row.version, row.current = document.id, version, True
        session.add(row)
        offer_newest([*earlier, row])
        keep_text(session, document, letter.kept)
        session.flush()  # rows are numbered in the letters' order, whatever else the transaction adds
        return Added(version, document.id)

    def decisions_of_case(self, case_number: str) -> list[str]:
        """The ids of the decisions of a case's newest real letter, in its order."""
        with reading(self.engine) as session:
            return list(
                session.scalars(
                    select(DecisionRow.decision_id)
                    .join(DecisionRow.determination)
                    .where(DeterminationRow.case_number == case_number, ~_illustrative(), DeterminationRow.current)
                    .order_by(DecisionRow.issue)
                )
            )

    # --- passages out -------------------------------------------------------------------------------------------

    def passages(self) -> tuple[Passage, ...]:
        """The passages that are offered, in the order in which they were added."""
        with reading(self.engine) as session:
            rows = session.scalars(select(PassageRow).where(PassageRow.current).order_by(PassageRow.id))
            return tuple(passage_of(row) for row in rows)

    def imported_passages(self) -> frozenset[str]:
        """The ids of the passages that are offered and did not come with the program."""
        with reading(self.engine) as session:
            return frozenset(
                session.scalars(select(PassageRow.passage_id).where(PassageRow.current, ~PassageRow.starter))
            )

    def passage(self, passage_id: str) -> Passage:
        """A passage, also one that is offered no more; raises NotThere."""
        with reading(self.engine) as session:
            row = session.scalar(select(PassageRow).where(PassageRow.passage_id == passage_id))
            if row is None:
                raise NotThere("The library holds no passage of this id; it may belong to another data folder.")
            return passage_of(row)

    def keep_versions(self, passages: Sequence[Passage]) -> bool:
        """Keep versions of passages for the drafts that will cite them, offered only by who made them; False: known."""
        with reading(self.engine) as session:
            ids = [passage.id for passage in passages]
            known = set(session.scalars(select(PassageRow.passage_id).where(PassageRow.passage_id.in_(ids))))
        fresh = [passage for passage in passages if passage.id not in known]
        if not fresh:
            return False
        with writing(self.engine) as session:
            for passage in fresh:
                row = passage_row(passage, starter=False)
                row.current = False
                session.add(row)
        return True

    # --- decisions out ------------------------------------------------------------------------------------------

    def decisions(self, ids: Collection[str]) -> dict[str, Held]:
        """The decisions of these ids that have an outcome and stand in the newest letter of their case."""
        held: dict[str, Held] = {}
        wanted = list(ids)
        with reading(self.engine) as session:
            for start in range(0, len(wanted), _AT_ONCE):
                rows = session.scalars(
                    select(DecisionRow)
                    .where(
                        DecisionRow.decision_id.in_(wanted[start : start + _AT_ONCE]), DecisionRow.outcome.is_not(None)
                    )
                    .where(DecisionRow.determination.has(DeterminationRow.current))
                    .options(_LISTED, selectinload(DecisionRow.citations))
                )
                held |= {row.decision_id: held_of(row) for row in rows}
        return held

    def determination(self, decision_id: str) -> tuple[Determination, int]:
        """The letter of a decision and the decision's place in it, from 0; raises NotThere."""
        with reading(self.engine) as session:
            row = session.scalar(select(DecisionRow).where(DecisionRow.decision_id == decision_id))
            if row is None:
                raise NotThere(f"The library holds no decision {decision_id}.")
            return determination_of(row.determination), row.issue - 1


def _is_told(letter: NewLetter, versions: Sequence[DeterminationRow]) -> bool:
    """Whether a record of a letter's parts says what a letter of its case says that is there."""
    return letter.record and any(says_the_same(letter.determination, determination_of(row)) for row in versions)


def _illustrative() -> Any:
    return DeterminationRow.illustrative


def _put_passages(
    session: Session, passages: Sequence[Passage], *, starter: bool, document_id: int | None = None
) -> None:
    """Add new versions; of a version that is there, everything but its text may have changed."""
    for passage in passages:
        row = passage_row(passage, starter=starter)
        row.document_id = document_id
        known = session.scalar(select(PassageRow.id).where(PassageRow.passage_id == passage.id))
        if known is not None:
            row.id = known
            row = session.merge(row)
        session.add(row)
        session.flush()


def _drop_starter(session: Session) -> None:
    """Take the starter's letters out and offer its passages no more; the passages stay for drafts that cite them."""
    starter = (DocumentKind.ILLUSTRATIVE.value, DocumentKind.STARTER_GUIDELINE.value)
    session.execute(update(PassageRow).where(PassageRow.starter).values(current=False))
    # Decisions go first: full text can only forget a decision whose letter is still there.
    letters = select(DeterminationRow.id).where(_illustrative())
    session.execute(delete(DecisionRow).where(DecisionRow.determination_id.in_(letters)))
    session.execute(delete(DocumentRow).where(DocumentRow.kind.in_(starter)))


def count_change(session: Session) -> None:
    """Note that what is held or offered is another now, so that every process reads it anew."""
    so_far = session.get(MetaRow, _CHANGES)
    session.merge(MetaRow(key=_CHANGES, value=str(int(so_far.value if so_far else 0) + 1)))


def _retire(session: Session, passages: Sequence[Passage]) -> None:
    """Offer earlier imported passages no more that speak of the same section and the same services."""
    for passage in passages:
        same = select(PassageRow).where(
            PassageRow.guideline == passage.guideline,
            PassageRow.section.is_not_distinct_from(passage.section),
            PassageRow.edition_note == passage.edition_note,
            PassageRow.current,
            ~PassageRow.starter,
        )
        for row in session.scalars(same):
            if set(row.service_kinds) & set(passage.service_kinds) or not (row.service_kinds or passage.service_kinds):
                row.current = False


def _retire_texts(session: Session, passages: Sequence[Passage], *, whole: bool) -> None:
    """Offer earlier imported texts of the guideline no more: all of them, or those of the same sections."""
    of_text = (PassageRow.guideline == passages[0].guideline) & PassageRow.document_id.is_not(None) & PassageRow.current
    sections = {passage.section for passage in passages}
    for row in session.scalars(select(PassageRow).where(of_text)):
        if whole or row.section in sections:
            row.current = False
