"""The records as frozen values; times are aware and UTC, case ids are random and say nothing of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assistant.domain import Draft


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
