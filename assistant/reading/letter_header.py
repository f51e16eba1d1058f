"""What stands at the head of a determination letter: case number, dates, priority and the reviewer's credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NUMERIC_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})(?!\d)")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WRITTEN_DATE = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_CENTURY_PIVOT = 40  # a two-digit year below it is of this century: no review is of an injury before 1940

_DATE_TEXT = r"(?P<value>\d[\d/.\-\s]{4,11}\d|[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})"
# Per field its wordings, the usual one first: the table of 2014 and after, then the prose of 2013.
_DATES: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        "date_of_injury": (re.compile(rf"Date\(?s?\)?\s+of\s+Injury\s*:\s*{_DATE_TEXT}", re.I),),
        "date_assigned": (
            re.compile(rf"Date\s+Assigned\s*:\s*{_DATE_TEXT}", re.I),
            re.compile(rf"Notice\s+of\s+Assignment.{{0,120}}?\bon\s+{_DATE_TEXT}", re.I | re.S),
        ),
        "decision_date": (
            re.compile(rf"(?:Decision\s+Date|Date\s+of\s+Decision)\s*:\s*{_DATE_TEXT}", re.I),
            re.compile(rf"(?:^|\n)\s*Dated?\s*:\s*{_DATE_TEXT}", re.I),
            re.compile(rf"Determination\s+Dated\s*:?\s*{_DATE_TEXT}", re.I),
        ),
        "ur_denial_date": (
            re.compile(rf"UR\s+Denial\s+Date\s*:\s*{_DATE_TEXT}", re.I),
            re.compile(rf"Date\s+of\s+UR\s+(?:Decision|Denial)\s*:\s*{_DATE_TEXT}", re.I),
            re.compile(
                rf"Utilization\s+Review\s+(?:Denial|Decision|Denial/Modification|Modification)\s+dated\s+{_DATE_TEXT}",
                re.I,
            ),
        ),
    }
)
_DATE_LABELS = MappingProxyType(
    {
        "date_of_injury": re.compile(r"Date\(?s?\)?\s+of\s+Injury\s*:", re.I),
        "date_assigned": re.compile(r"Date\s+Assigned\s*:", re.I),
        "decision_date": re.compile(r"Decision\s+Date\s*:", re.I),
        "ur_denial_date": re.compile(r"UR\s+Denial\s+Date\s*:|Date\s+of\s+UR\s+(?:Decision|Denial)\s*:", re.I),
    }
)
_DATE_NAMES = MappingProxyType(
    {
        "date_of_injury": "date of injury",
        "date_assigned": "date of assignment",
        "decision_date": "decision date",
        "ur_denial_date": "date of the UR denial",
    }
)

_CASE_NUMBER = re.compile(r"Case\s+(?:Number|No\.?)\s*:?\s*(?P<value>[A-Z]{2}\s?\d{2}-\d{4,9})", re.I)
_PRIORITY = re.compile(
    r"Priority\s*:\s*(?P<value>[A-Za-z][A-Za-z /-]*?)\s*(?=\bApplication\b|\bReceived\b|\n|$|\b[\w ]{1,30}:)"
)
# A list that breaks at a line's end breaks behind a comma.
_LICENSURE = re.compile(
    r"State(?:\(s\)|s)?\s+of\s+Licensure\s*:\s*(?P<value>(?:[^\n]|(?<=,)\n)+?)\s*"
    r"(?=Certification(?:\(s\)|s)?\s*/|\n|\Z)",
    re.I,
)
_SPECIALTY = re.compile(
    r"Certification(?:\(s\)|s)?\s*/\s*Special(?:ty|ties)\s*:\s*"
    r"(?P<value>(?:[^\n]|(?<=,)\n)+?)\s*(?=State(?:\(s\)|s)?\s+of\s+Licensure\s*:|\n|\Z)",
    re.I,
)
# "The physician reviewer is Board Certified in X, has a subspecialty in Y and is licensed to practice in Z."
_PROSE_SPECIALTY = re.compile(
    r"\bis\s+Board[\s-]+Certified\s+in\s+(?P<value>.+?)\s*(?=,?\s+and\s+is\s+licensed\b|,\s+has\s+a\b|\.(?:\s|$))",
    re.I | re.S,
)
_PROSE_LICENSURE = re.compile(r"\blicensed\s+to\s+practice\s+in\s+(?P<value>.+?)\s*(?=\.(?:\s|$))", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a letter; what was not found is None and named in `warnings`."""

    case_number: str | None
    dates: Mapping[str, date | None]
    priority: str | None
    reviewer_specialty: str | None
    reviewer_licensure: str | None
    warnings: tuple[str, ...] = field(default=())


def read_date(text: str) -> date | None:
    """The date that `text` starts with (12/21/2016, 12-21-16, 2016-12-21 or December 21, 2016), else None."""
    text = text.strip()
    if match := _ISO_DATE.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _NUMERIC_DATE.match(text):
        month, day, year = (int(part) for part in match.groups())
        if len(match[3]) == 2:
            year += 2000 if year < _CENTURY_PIVOT else 1900
    elif match := _WRITTEN_DATE.match(text):
        month, day, year = _MONTHS.get(match[1].lower(), 0), int(match[2]), int(match[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_header(head: str) -> Header:
    """Read the labelled fields out of a letter's head and out of what it says of the reviewer's credentials.

    `head` is the letter without its case summary and decisions, one paragraph a line. No field is guessed: a date that
    stands without its label is not taken.
    """
    warnings: list[str] = []
    case_number = _value(_CASE_NUMBER, head)
    dates = {name: _read_labelled_date(name, head, warnings) for name in _DATES}
    priority = _value(_PRIORITY, head)
    specialty = _value(_SPECIALTY, head) or _value(_PROSE_SPECIALTY, head)
    licensure = _value(_LICENSURE, head) or _value(_PROSE_LICENSURE, head)
    found = {
        "case number": case_number,
        "priority": priority,
        "reviewer's specialty": specialty,
        "reviewer's licensure": licensure,
    }
    warnings += [f"The {name} was not found." for name, value in found.items() if value is None]
    return Header(
        re.sub(r"\s", "", case_number).upper() if case_number else None,
        dates,
        priority,
        specialty,
        licensure,
        tuple(warnings),
    )


def _read_labelled_date(name: str, head: str, warnings: list[str]) -> date | None:
    match = next((match for pattern in _DATES[name] if (match := pattern.search(head))), None)
    day = read_date(match["value"]) if match else None
    if day is None:
        unread = match or _DATE_LABELS[name].search(head)
        problem = "could not be read as a date" if unread else "was not found"
        warnings.append(f"The {_DATE_NAMES[name]} {problem}.")
    return day


def _value(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    value = re.sub(r"\s+", " ", match["value"]).strip(" ,;") if match else ""
    return value or None
