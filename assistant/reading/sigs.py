"""How often a drug is taken and how many at a time, as directions for use write it ("1-2 tabs q6h prn")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.reading.numbers import number
from assistant.reading.wordings import NUMBER_WORD

_N = rf"(?:\d+(?:\.\d+)?|{NUMBER_WORD})"
_RANGE = r"\s*(?:-|–|to|or)\s*"
_DAY = r"(?:\s*(?:/|a|per|each|every)\s*-?\s*(?:day|24\s*h(?:ou)?rs?)\b|\s*(?:times\s+)?daily\b|\s*qd\b)"
_UNIT = r"(?:tablets?|tabs?|capsules?|caps?|pills?|patch(?:es)?|films?|lozenges?|doses?)"

# "four times a day", "3-4 x daily", "2 times per day"
_TIMES = re.compile(
    rf"(?<![\w./])(?P<n>{_N})(?:{_RANGE}(?P<m>{_N}))?\s*(?:x|times)\s*(?:/|a|per|each|every)?\s*-?\s*(?:day|daily)\b",
    re.IGNORECASE,
)
# "q6h", "q 4-6 hrs", "every 8 hours", "every four to six hours"
_HOURS = re.compile(
    rf"\b(?:q\.?|every|each)\s*(?P<n>{_N})(?:{_RANGE}(?P<m>{_N}))?\s*-?\s*(?:h|hrs?|hours?)\b", re.IGNORECASE
)
# "4 per day", "up to 6 a day", "3-4/day", "six daily": tablets a day, without or with their unit
_PER_DAY = re.compile(rf"(?<![\w./])(?P<n>{_N})(?:{_RANGE}(?P<m>{_N}))?(?P<unit>\s*{_UNIT})?{_DAY}", re.IGNORECASE)
# "#120 per month", "90 tablets for 30 days", "a 30-day supply of 120"
_MONTHLY = re.compile(
    rf"(?:#\s?|(?<![\w./])(?=\d+\s*{_UNIT}))(?P<n>\d{{1,3}})\s*(?:{_UNIT})?\s*"
    r"(?:(?:/|a|per|each|every)\s*month\b|monthly\b"
    r"|(?:for|per|in|x|,|as a|\()\s*(?:a\s*)?(?P<days>\d{2})[\s-]*days?\b)",
    re.IGNORECASE,
)
# "one in the morning and two at night": units a day
_SPLIT = re.compile(
    rf"(?<![\w./])(?P<n>{_N})(?:\s*{_UNIT})?\s*(?:(?:in the|each|every) morning|at noon|q\.?a\.?m\.?)"
    rf"\s*(?:,|and|&)\s*(?:and\s+)?(?P<m>{_N})(?:\s*{_UNIT})?\s*"
    r"(?:in the (?:evening|afternoon)|at (?:night|bedtime|noon)|q\.?h\.?s|q\.?p\.?m)\b",
    re.IGNORECASE,
)
_TWICE = (
    r"b\.?i\.?d\b\.?|twice(?:\s+(?:a|per)\s+day|\s+daily|\s+each\s+day)"
    r"|(?:in the )?(?:mornings?|a\.?m\.?)\s+and\s+(?:in the |at )?(?:evenings?|nights?|bedtime|p\.?m\.?)"
)
_ONCE = (
    r"q\.?h\.?s\b\.?|at bedtime|at night|nightly|every night|each night|q\.?a\.?m\b\.?|every morning|each morning"
    r"|in the (?:morning|evening)|q\.?p\.?m\b\.?|q\.?d\b\.?|once (?:a|per) day|once daily|every day|each day|daily"
    r"|(?:a|per) day|/day"
)
_CODES = tuple(
    (re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), times)
    for words, times in (
        (r"q\.?i\.?d\b\.?|four times", 4.0),
        (r"t\.?i\.?d\b\.?|three times|thrice", 3.0),
        (_TWICE, 2.0),
        (_ONCE, 1.0),
        (r"every other day|q\.?o\.?d\b\.?|every 2 days|every two days", 1 / 2),
        (r"every 72 hours|every 3 days|every three days|q\s?72\s?h", 1 / 3),
        (r"once a week|weekly|every week|every 7 days|per week|each week", 1 / 7),
    )
)
_NEEDED = re.compile(
    r"(?<!\w)(?:p\.?r\.?n\b\.?|as[\s-]needed|when needed|if needed|as necessary|up to|max(?:imum)?\b|no more than"
    r"|not to exceed|sparingly|occasional(?:ly)?)",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"\b(?:max(?:imum)?(?: of)?|no more than|not to exceed|up to)\s*(?P<n>{_N})(?:\s*{_UNIT})?{_DAY}", re.IGNORECASE
)
# "1-2 tabs", "one tablet", "1/2 tablet", "half a pill", "take 2", "1 po", "2 PO"
_COUNT = re.compile(
    rf"(?<![\w.#/-])(?:(?P<half>1/2|½|(?:one-)?half(?:\s+of)?(?:\s+an?)?)|(?P<n>{_N})(?:{_RANGE}(?P<m>{_N}))?)"
    rf"\s*(?:(?:{_UNIT})\b|(?:po|p\.o\.|by mouth|orally)(?!\w)|(?=\s*(?:q\s?\d|[bt]\.?i\.?d|q\.?i\.?d|every \d)))",
    re.IGNORECASE,
)
_TAKE = re.compile(rf"\btake[sn]?\s+(?P<n>{_N})(?:{_RANGE}(?P<m>{_N}))?(?!\s*(?:mg|mcg|x|times|/|\d))\b", re.IGNORECASE)
_PILLS_NOT_A_DOSE = re.compile(r"#\s*$")


@dataclass(frozen=True, slots=True)
class Often:
    """How many times a day; `most` is the largest number of units of a day where one is named.

    `counted` says that the number is of units a day ("4 per day"), `start:end` where the words stand.
    """

    low: float
    high: float
    start: int
    end: int
    counted: bool = False
    most: float | None = None


def often_in(text: str, start: int = 0) -> Often | None:
    """How often a day the words of `text` from `start` say that a drug is taken; None where they do not say."""
    found = _times_a_day(text, start)
    if found is None:
        return None
    most = _MOST.search(text, start)
    needed = _NEEDED.search(text, start)
    low = 0.0 if needed and needed.start() <= found.end + 40 else found.low
    return Often(low, found.high, found.start, found.end, found.counted, number(most["n"]) if most else None)


def counts_in(text: str, often: Often) -> tuple[float, float] | None:
    """How many units are taken at a time; None where no number is said, and one where `often` counted the units."""
    if often.counted:
        return 1.0, 1.0
    for pattern in (_COUNT, _TAKE):
        for found in pattern.finditer(text):
            if found.start() < often.end and not _PILLS_NOT_A_DOSE.search(text, 0, found.start()):
                return _span_of(found)
    return None


def _span_of(found: re.Match[str]) -> tuple[float, float]:
    if found.groupdict().get("half"):
        return 0.5, 0.5
    first = number(found["n"])
    last = number(found["m"]) if found["m"] else first
    return min(first, last), max(first, last)


def _times_a_day(text: str, start: int) -> Often | None:
    """The first of the wordings of frequency; hours between doses become times a day."""
    candidates = []
    for pattern, read in (
        (_SPLIT, _by_sum),
        (_TIMES, _by_times),
        (_HOURS, _by_hours),
        (_PER_DAY, _by_units),
        (_MONTHLY, _by_month),
    ):
        found = pattern.search(text, start)
        if found:
            candidates.append(read(found))
    for code, times in _CODES:
        found = code.search(text, start)
        if found:
            candidates.append(Often(times, times, found.start(), found.end()))
    # Of two that begin together the longer one says more; a monthly quantity only fills a gap.
    return min(candidates, key=lambda one: (one.start, -one.end), default=None)


def _by_times(found: re.Match[str]) -> Often:
    low, high = _span_of(found)
    return Often(low, high, found.start(), found.end())


def _by_hours(found: re.Match[str]) -> Often:
    low, high = _span_of(found)
    return (
        Often(24 / high, 24 / low, found.start(), found.end()) if low else Often(0.0, 0.0, found.start(), found.end())
    )


def _by_units(found: re.Match[str]) -> Often:
    low, high = _span_of(found)
    return Often(low, high, found.start(), found.end(), counted=True)


def _by_sum(found: re.Match[str]) -> Often:
    units = number(found["n"]) + number(found["m"])
    return Often(units, units, found.start(), found.end(), counted=True)


def _by_month(found: re.Match[str]) -> Often:
    times = number(found["n"]) / float(found["days"] or 30)
    return Often(times, times, found.start(), found.end(), counted=True)
