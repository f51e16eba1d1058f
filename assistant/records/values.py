"""The records as frozen values; times are aware and UTC, case ids are random and say nothing of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from assistant.deadlines import Priority
from assistant.domain import Draft

if TYPE_CHECKING:
    from assistant.records.owners import Access


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as the reviewer gave it. `updated` is the time of its last change or version."""

    id: str
    title: str
    text: str
    day: date | None
    services: tuple[str, ...]
    created: datetime
    updated: datetime
    received: date | None = None
    priority: Priority | None = None


class CaseState(StrEnum):
    """How far a case is: without a draft, with one, with every outcome set by the reviewer, or exported."""

    NEW = "new"
    DRAFTING = "drafting"
    DECIDED = "decided"
    EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of a case's services: their words, their kinds, and how many issues its draft has, if any."""

    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    issues: int | None = None


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case as a list shows it, without its text and its draft."""

    id: str
    title: str
    listed: Listed
    state: CaseState
    day: date | None
    received: date | None
    priority: Priority | None
    updated: datetime
    owner: str = ""  # whose it is; empty: the user's who asks


@dataclass(frozen=True, slots=True)
class UnsentEntry:
    """What a user has entered of a case and not sent: the form's fields by name. `number` counts its changes."""

    fields: Mapping[str, str]
    number: int
    saved: datetime


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """The text of an issue as it was typed and saved in no version; `base` is the version that it was made from."""

    issue: int
    text: str
    base: int


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version of a draft without the draft: its number (from 1), when it was saved and by what act."""

    number: int
    at: datetime
    cause: str


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version of a draft."""

    number: int
    at: datetime
    cause: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as one moment has it: its newest version, all acts on it, whose it is and what the asker may do."""

    case: CaseRecord
    newest: VersionRecord | None
    acts: tuple[ActRecord, ...]
    owner: str
    may: Access


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn of a case's chat; one that is not `done` is still growing, or was cut off.

    `stopped`: it ended before it was whole. `superseded`: put aside, for an earlier message was sent anew.
    """

    id: int
    role: str
    text: str
    data: Mapping[str, Any] | None
    done: bool
    at: datetime
    stopped: bool = False
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class ChatHead:
    """The chat of a case without its turns: how many stand in it, and when the last came."""

    case_id: str
    title: str
    turns: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ChatFound:
    """A turn that was searched for, with its case."""

    case_id: str
    title: str
    turn: TurnRecord


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search kept by name: its words, and what they were narrowed by, as JSON holds it."""

    name: str
    words: str
    choices: Mapping[str, Any]
    saved: datetime


@dataclass(frozen=True, slots=True)
class ActRecord:
    """One act of a user: what (`kind`), when, and of what issue; `detail` holds what the kind needs."""

    kind: str
    at: datetime
    issue: int | None
    detail: Mapping[str, Any]
    by: str = ""  # whose act it is
