"""Numbers and dates as letters write them, each with its span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.domain import Span
from assistant.reading.wordings import NUMBER_WORD, NUMBER_WORDS

_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
}
_MONTHS["dec"] = 12
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
# "10-23-2016", "2/4/03", "10/14/ 2016", "10-30- 2016", "2016-10-23", "August 2, 2016", "2 August 2016"; not "7/10".
_DATE = re.compile(
    r"(?<![\w/])(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<m2>\d{1,2})\s?(?P<sep>[-/.])\s?(?P<d2>\d{1,2})\s?(?P=sep)\s?(?P<y2>\d{4}|\d{2}))(?![\w/])"
    rf"|\b{_MONTH}\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})\b"
    rf"|\b(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.replace('month', 'month4')}\.?,?\s+(?P<y4>\d{{4}})\b",
    re.IGNORECASE,
)
_CENTURY = 40  # two-digit years below it are of this century
_NUMBER = re.compile(rf"\d+(?:\.\d+)?|\b(?:{NUMBER_WORD})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date of the calendar with the words that say it."""

    day: date
    span: Span


def dates(text: str, start: int = 0, end: int | None = None) -> tuple[DateFound, ...]:
    """The dates of `text[start:end]` in order, month before day as American letters write; impossible ones left out."""
    return tuple(_dates(text, start, len(text) if end is None else end))


def _dates(text: str, start: int, end: int) -> Iterator[DateFound]:
    for found in _DATE.finditer(text, start, end):
        year = next(int(found[g]) for g in ("y", "y2", "y3", "y4") if found[g])
        if year < 100:
            year += 2000 if year < _CENTURY else 1900
        name = found["month"] or found["month4"]
        month = _MONTHS[name[:3].lower()] if name else int(found["m"] or found["m2"])
        day = int(next(found[g] for g in ("d", "d2", "d3", "d4") if found[g]))
        try:
            yield DateFound(date(year, month, day), Span.of(text, *found.span()))
        except ValueError:
            continue  # "13/45/2016" names no day


def number(word: str) -> float:
    """The value of "6", "2.5" or "six". Raises ValueError for anything else."""
    named = NUMBER_WORDS.get(re.sub(r"[\s-]+", "-", word.casefold()))
    return float(word) if named is None else float(named)


def numbers(text: str) -> tuple[float, ...]:
    """Every number of `text`, in digits or words, in order."""
    return tuple(number(found.group()) for found in _NUMBER.finditer(text))
