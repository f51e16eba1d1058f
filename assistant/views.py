"""What the service hands to the page and the command line: frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from assistant.deadlines import Priority
from assistant.domain import Draft, Outcome
from assistant.drafting.differences import Difference


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample case summary that ships with the program."""

    name: str
    title: str
    text: str
    day: date | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the list of cases. `state` is new, drafting, decided or exported; `kinds` are ids of service kinds.

    `due` and `days_left` follow from when the request was received and its priority; None where that is not known.
    """

    id: str
    title: str
    services: str
    state: str
    updated: datetime
    day: date | None
    kinds: tuple[str, ...] = ()
    received: date | None = None
    priority: Priority | None = None
    due: date | None = None
    days_left: int | None = None
    owner: str = ""  # whose it is; empty: the user's who asks


class CaseSort(StrEnum):
    """The orders of a list of cases: last changed first, due first (what has no due date last), or by title."""

    UPDATED = "updated"
    DUE = "due"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """What a list of cases is narrowed by, and how it is ordered; the days are of the last change, on local clocks."""

    words: str = ""
    state: str = ""
    service: str = ""
    changed_from: date | None = None
    changed_to: date | None = None
    sort: CaseSort = CaseSort.UPDATED


@dataclass(frozen=True, slots=True)
class CountedKind:
    """A service kind of the listed cases: its id, its name, and how many cases have it."""

    kind: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class CasesFound:
    """A page of a list of cases; `total` fit what was asked for, `all_cases` are kept.

    `states` and `kinds` count what fits all that was asked for but the state, or the kind, itself.
    """

    rows: tuple[CaseRow, ...]
    total: int
    all_cases: int
    offset: int
    states: Mapping[str, int]
    kinds: tuple[CountedKind, ...]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The text of an uploaded file, the number of its pages, and what the text lacks, in sentences."""

    text: str
    pages: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A reviewer's own act on one issue: the outcome, by whom, when."""

    outcome: Outcome
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page shows it: the text, the newest version of its draft, and what the reviewer decided.

    `version` is 0 before the first draft; `decided` and `pins`, the ids of pinned passages, are keyed by the issue's
    position. `due` and `days_left` are as in CaseRow.
    """

    id: str
    title: str
    text: str
    day: date | None
    services: tuple[str, ...]
    draft: Draft | None
    version: int
    saved_at: datetime
    decided: Mapping[int, Decided] = field(default_factory=dict)
    exported: bool = False
    pins: Mapping[int, str] = field(default_factory=dict)
    received: date | None = None
    priority: Priority | None = None
    due: date | None = None
    days_left: int | None = None
    owner: str = ""  # whose it is; empty: the user's who asks
    may: str = "own"  # what the user may: see, change or own it


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a draft: its number, when it was saved, and by what act."""

    number: int
    at: datetime
    cause: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a draft: per issue that either holds, its service and what changed, in reading order."""

    older: VersionRow
    newer: VersionRow
    issues: tuple[tuple[str, tuple[Difference, ...]], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the chat. `changed` says that the case's draft changed with it; `id` is 0 before it is kept.

    `stopped`: it ended before it was whole. `superseded`: put aside, for an earlier message was sent anew. `notices`
    are sentences beside the answer. `discarded` are a chat model's sentences that were thrown away, each with its
    `text` and `why`; `model` names the model that worded the answer, empty where none did.
    """

    role: str  # "reviewer" or "assistant"
    text: str
    blocks: tuple[Mapping[str, object], ...] = ()
    done: bool = True
    changed: bool = False
    id: int = 0
    at: datetime | None = None
    stopped: bool = False
    superseded: bool = False
    notices: tuple[str, ...] = ()
    discarded: tuple[Mapping[str, object], ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A line of the list of chats: the case, how many turns its chat has, when the last came."""

    case_id: str
    title: str
    turns: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ChatHit:
    """A turn that was searched for, its case, and the part of it where the words stand."""

    case_id: str
    title: str
    turn: Turn
    snippet: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to download; its name says nothing of the case."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A setting of the chat model: its value in force, what it is in words, and the values that it may have, if few."""

    name: str
    value: object
    words: str
    from_environment: bool
    options: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The environment variable of the setting."""
        return f"IMR_{self.name.upper()}"


@dataclass(frozen=True, slots=True)
class ModelView:
    """The chat model for the settings page: choices, whether a key is set (never the key), what leaves the machine,
    what is wrong with one's own prompts, and the last trial of it."""

    choices: tuple[ModelChoice, ...]
    key_set: bool
    leaves: tuple[str, ...]
    notices: tuple[str, ...]
    trial: Mapping[str, Any] | None

    def value(self, name: str) -> object:
        """The value in force of a choice."""
        return next(choice.value for choice in self.choices if choice.name == name)


@dataclass(frozen=True, slots=True)
class DeletedCase:
    """A case that was put away, and can be brought back or deleted for good."""

    id: str
    title: str
    updated: datetime
