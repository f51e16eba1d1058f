"""Who may do what: the roles, the rights, the one table of both, and who is asking just now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import AssistantError


class Role(StrEnum):
    """What someone is to the organisation; an account has one."""

    REVIEWER = "reviewer"
    SENIOR_REVIEWER = "senior_reviewer"
    LIBRARIAN = "librarian"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Right(StrEnum):
    """What may be done. A right to cases is to those that one owns or has been given; see records/owners.py."""

    SIGNED_IN = "signed_in"  # what everyone may who is signed in
    SEE_CASES = "see_cases"
    WORK_ON_CASES = "work_on_cases"
    SEE_ALL_CASES = "see_all_cases"  # and change none
    SEARCH_DECISIONS = "search_decisions"
    SEE_LIBRARY = "see_library"
    CURATE_GUIDELINES = "curate_guidelines"  # switch passages off, correct dates
    CHANGE_LIBRARY = "change_library"  # import letters and guidelines
    SEE_INSIGHTS = "see_insights"
    SEE_AUDIT = "see_audit"
    SEE_SETTINGS = "see_settings"
    CHANGE_MODEL_SETTINGS = "change_model_settings"
    SEE_LAST_SENT = "see_last_sent"  # what was sent to the chat model last, whoever's case it was
    MANAGE_PEOPLE = "manage_people"


_READING = frozenset({Right.SIGNED_IN, Right.SEARCH_DECISIONS, Right.SEE_LIBRARY, Right.SEE_INSIGHTS})
_REVIEWER = _READING | {Right.SEE_CASES, Right.WORK_ON_CASES}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.REVIEWER: _REVIEWER,
    Role.SENIOR_REVIEWER: _REVIEWER | {Right.CURATE_GUIDELINES},
    Role.LIBRARIAN: _READING | {Right.CURATE_GUIDELINES, Right.CHANGE_LIBRARY},
    Role.AUDITOR: _READING | {Right.SEE_CASES, Right.SEE_ALL_CASES, Right.SEE_AUDIT, Right.SEE_SETTINGS},
    Role.ADMIN: frozenset(
        {Right.SIGNED_IN, Right.MANAGE_PEOPLE, Right.CHANGE_MODEL_SETTINGS, Right.SEE_SETTINGS, Right.SEE_AUDIT}
    ),
}
# The one reviewer of a machine without accounts: everything but what is about other people.
ALONE = frozenset(Right) - {Right.SEE_ALL_CASES, Right.MANAGE_PEOPLE}


class NotAllowed(AssistantError):
    """Something that the role of whoever asks does not include, or a case that was shared for reading only."""


class NotSignedIn(AssistantError):
    """Nobody is signed in, where accounts are on."""

    def __init__(self) -> None:
        super().__init__("You are not signed in any more; sign in again, what was saved is safe.")


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: the name that records belong to, and the role."""

    name: str
    role: Role

    def may(self, right: Right) -> bool:
        """Whether the role includes the right."""
        return right in RIGHTS[self.role]


_asking: ContextVar[Person | None] = ContextVar("asking", default=None)


def asking() -> Person | None:
    """Who asks; None where there are no accounts."""
    return _asking.get()


def may(right: Right) -> bool:
    """Whether whoever asks has the right."""
    person = _asking.get()
    return right in ALONE if person is None else person.may(right)


def require(right: Right) -> None:
    """Raise NotAllowed unless whoever asks has the right."""
    if not may(right):
        raise NotAllowed("Your role does not include this; ask an administrator of the program for it.")


@contextmanager
def asked_by(person: Person | None) -> Iterator[None]:
    """Within the block, and in what is begun in it, `person` asks."""
    token = _asking.set(person)
    try:
        yield
    finally:
        _asking.reset(token)
