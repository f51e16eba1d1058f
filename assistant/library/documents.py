"""What goes into the store: documents, with the letters and guidelines that were read from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from assistant.domain import Determination, Passage
from assistant.library.letters import UNREAD, KeptText


class DocumentKind(StrEnum):
    """What a document is, and whether it came with the program."""

    LETTER = "letter"
    ILLUSTRATIVE = "illustrative"
    GUIDELINE = "guideline"
    STARTER_GUIDELINE = "starter_guideline"
    UNREAD = UNREAD


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: the hash of its bytes, the hash of its words, its name without its folder, its owner."""

    content_hash: str
    text_hash: str
    kind: DocumentKind
    name: str
    owner: str


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to be added; `name` makes the ids of its decisions, `kinds` are the kinds of its services.

    `kept` is what is kept beside it where it was not read whole; `record` says that it was given by its parts, as JSON.
    """

    document: Document
    determination: Determination
    name: str
    kinds: tuple[str | None, ...]
    kept: KeptText | None = None
    record: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a letter: its document, and which version of its case's letter it is; 0 if it is there by now."""

    version: int
    document_id: int | None = None


Also = Callable[[Session, Added], None]  # what is to happen in the same transaction


def nothing_else(_session: Session, _added: Added) -> None:
    """Nothing more happens in the transaction."""


@dataclass(frozen=True, slots=True)
class NewGuideline:
    """A guideline file to be added."""

    document: Document
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Starter:
    """What comes with the program: guidelines, illustrative letters, and the names of each kind of service."""

    guidelines: tuple[NewGuideline, ...]
    letters: tuple[NewLetter, ...]
    kinds: Mapping[str, tuple[str, ...]]
