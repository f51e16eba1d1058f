"""What de-identification speaks of: how dates are hidden, a piece found, a replacement, a hidden text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Dates(StrEnum):
    """How dates are hidden."""

    SHIFT = "shift"  # moved by a number of days that is constant within a case, so that intervals stay exact
    YEAR = "year"  # only the year stays


class Kind(StrEnum):
    """What a hidden piece is; the word stands in its stand-in and in reports."""

    PERSON = "PERSON"
    DATE = "DATE"
    AGE = "AGE"
    ID = "ID"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    IP = "IP"
    ADDRESS = "ADDRESS"
    PLACE = "PLACE"
    EMPLOYER = "EMPLOYER"
    FACILITY = "FACILITY"
    INSURER = "INSURER"
    DEVICE = "DEVICE"
    TEXT = "TEXT"  # no identifier: it only looked like a stand-in, and is set apart so that it comes back as it was


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a text to hide: `start` and `end` are offsets in it."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Replacement:
    """A piece that was hidden: `start` and `end` are offsets in the original text, `text[start:end] == original`."""

    start: int
    end: int
    kind: str
    original: str
    stand_in: str


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A text with its identifiers hidden, and what was replaced, in the order of the text."""

    text: str
    replacements: tuple[Replacement, ...]

    def counts(self) -> Mapping[str, int]:
        """How many replacements there are of each kind, the commonest first."""
        return dict(Counter(replacement.kind for replacement in self.replacements).most_common())
