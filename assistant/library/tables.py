"""The library's tables: documents, what was read from them, and the vectors of their texts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assistant.database import Base, CaseText
from assistant.records.tables import ActRow


class DocumentRow(Base):
    """A file that was read. It is the same file again if its bytes are (`content_hash`) or its words (`text_hash`).

    `kind` is letter, illustrative, guideline, starter_guideline, or unread for what gave no text and is tried again;
    `name` is the file's name without its folder.
    """

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(unique=True)
    text_hash: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    owner: Mapped[str]
    imported_at: Mapped[datetime]

    __table_args__ = (Index("ix_documents_kind_text_hash", "kind", "text_hash", unique=True),)


class PassageRow(Base):
    """A version of a passage. It is never deleted, for an old draft may cite it; `current` says if it is offered."""

    __tablename__ = "passages"

    id: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[str] = mapped_column(unique=True)
    starter: Mapped[bool]
    current: Mapped[bool]
    guideline: Mapped[str]
    section: Mapped[str | None]
    text: Mapped[str]
    kind: Mapped[str]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]
    source: Mapped[str]
    family: Mapped[str | None]
    service_kinds: Mapped[list[str]] = mapped_column(JSON)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    body_regions: Mapped[list[str]] = mapped_column(JSON)
    edition_note: Mapped[bool]
    current_without_criteria: Mapped[bool]
    page: Mapped[int | None]
    text_hash: Mapped[str] = mapped_column(index=True)  # of the text that is embedded
    document_id: Mapped[int | None] = mapped_column(index=True)  # of the imported text that it was read from


class KeptTextRow(Base):
    """The text of a document that was not read whole (null where it has none), and what was not read, in sentences."""

    __tablename__ = "kept_texts"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str | None] = mapped_column(CaseText("kept_texts.text"))
    warnings: Mapped[list[str]] = mapped_column(JSON)
    incomplete: Mapped[bool]  # something of a decision is missing, not of the letter's head alone


class LetterFileRow(Base):
    """Where the PDF of a letter lay when it was imported; its pages are shown while it is there with the same bytes."""

    __tablename__ = "letter_files"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(CaseText("letter_files.path"))  # a file may be named after a person


class ImportRow(Base):
    """An import: what it was asked to read, and how far it came. `upload` names the files that the page brought."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    state: Mapped[str]
    names: Mapped[str] = mapped_column(CaseText("imports.names"))  # a JSON list; a file may be named after a person
    upload: Mapped[str | None]
    total: Mapped[int]
    seen: Mapped[int]
    read: Mapped[int]
    already_there: Mapped[int]
    versions: Mapped[int]
    incomplete: Mapped[int]
    decisions: Mapped[int]
    error: Mapped[str | None]


class ImportNoteRow(Base):
    """What an import says of one document: a warning, a new version, why it was not read, or that it is no letter."""

    __tablename__ = "import_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(CaseText("import_notes.name"))
    sentence: Mapped[str] = mapped_column(CaseText("import_notes.sentence"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"))


class DeterminationRow(Base):
    """A past determination as its letter was read. Letters of one case number are versions; one is `current`.

    The words of letters are searched by full text and by meaning, so they are not encrypted (docs/protection.md).
    """

    __tablename__ = "determinations"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), unique=True)
    case_number: Mapped[str | None] = mapped_column(index=True)
    illustrative: Mapped[bool]
    date_of_injury: Mapped[date | None]
    date_assigned: Mapped[date | None]
    decision_date: Mapped[date | None]
    ur_denial_date: Mapped[date | None]
    priority: Mapped[str | None]
    reviewer_specialty: Mapped[str | None]
    reviewer_licensure: Mapped[str | None]
    case_summary: Mapped[str | None] = mapped_column(Text)
    warnings: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    current: Mapped[bool] = mapped_column(default=True, server_default=true())

    decisions: Mapped[list[DecisionRow]] = relationship(back_populates="determination", order_by="DecisionRow.issue")


class DecisionRow(Base):
    """One disputed service of a determination; `decision_id` is the same after every import of the letter."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    determination_id: Mapped[int] = mapped_column(ForeignKey("determinations.id", ondelete="CASCADE"), index=True)
    decision_id: Mapped[str] = mapped_column(unique=True)
    issue: Mapped[int]
    service: Mapped[str] = mapped_column(Text)
    service_kind: Mapped[str | None] = mapped_column(index=True)
    outcome: Mapped[str | None]
    claims_administrator_guideline: Mapped[str | None]
    reviewer_guideline: Mapped[str | None]
    rationale: Mapped[str | None] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(index=True)  # of the text that is embedded
    body_regions: Mapped[list[str]] = mapped_column(JSON, server_default="[]")  # that the service names
    ur_modified: Mapped[bool] = mapped_column(server_default="0")  # utilization review certified a part

    determination: Mapped[DeterminationRow] = relationship(back_populates="decisions")
    citations: Mapped[list[CitationRow]] = relationship(order_by="CitationRow.position")


class CitationRow(Base):
    """A guideline that a decision rests on, with the sections that it names."""

    __tablename__ = "citations"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    guideline: Mapped[str]
    sections: Mapped[list[str]] = mapped_column(JSON)


class GuidelineChangeRow(Base):
    """What an act of a reviewer changes of a guideline; triggers refuse to change or delete it.

    The act says who, when and what sort. Without `section` and `passage` it is of the whole edition; `passage` is a
    passage's lasting name. The dates are those of a correction, and those that the library gave before.
    """

    __tablename__ = "guideline_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey(ActRow.id), unique=True)
    guideline: Mapped[str]
    section: Mapped[str | None]
    passage: Mapped[str | None]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]
    was_from: Mapped[date | None]
    was_to: Mapped[date | None]
    note: Mapped[str] = mapped_column(CaseText("guideline_changes.note"))


class KindRow(Base):
    """A name of a kind of service, so that an unknown request finds its nearest kind by meaning."""

    __tablename__ = "kind_names"

    kind: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[str]


class VectorRow(Base):
    """The vector of a text under a model: float32, unit length, little-endian. Each distinct text has one."""

    __tablename__ = "vectors"

    model: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class MetaRow(Base):
    """A fact about the library as a whole: the embedding model, the corpus it was built from."""

    __tablename__ = "meta"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
