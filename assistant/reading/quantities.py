"""How much a request asks for: visits, tablets, grams; a schedule stays a range, a dose is no quantity.

Source: wordings of public letters and of pharmacy orders; one row each in tests/reading/test_quantities.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain import Span
from assistant.reading.numbers import number
from assistant.reading.wordings import NUMBER_WORD

_N = rf"(?:\d+(?:\.\d+)?|{NUMBER_WORD})"
_RANGE = r"(?:\s*(?:-|–|to|or)\s*)"
_UNIT = (
    r"visits?|sessions?|treatments?|appointments?|injections?|units?|tablets?|tabs?|capsules?|caps?|pills?"
    r"|patch(?:es)?|grams?|gms?"
    r"|tubes?|box(?:es)?|bottles?|blocks?|levels?|trips?|pairs?"
)
_NAMES = {
    "appointment": "visits", "tab": "tablets", "cap": "capsules", "pill": "tablets", "gm": "grams", "patche": "patches",
    "patch": "patches", "boxe": "boxes", "box": "boxes",
}  # fmt: skip
_VISITS = frozenset({"visits", "sessions", "treatments"})

# "2-3 times a week for 4 weeks", "twice weekly x 6 weeks", "3 visits per week over two weeks", "1-2x/wk x 4-6 wks"
_SCHEDULE = re.compile(
    rf"(?<![\w.])(?:(?P<once>once|twice)|(?P<often>{_N})(?:{_RANGE}(?P<often2>{_N}))?\s*(?:times?|x|visits?"
    rf"|sessions?|days)?)\s*"
    r"(?:a|per|each|every|/)?\s*-?\s*(?P<per>week(?:ly)?|wk)\b[,:]?\s*"
    rf"(?:(?:for|x|times|over|by)\s*(?:a (?:period"
    rf"|total) of\s*)?(?P<weeks>{_N})(?:{_RANGE}(?P<weeks2>{_N}))?\s*(?P<span>weeks?|wks?|months?))?",
    re.IGNORECASE,
)
# "2x6", "3 x 4": times a week by weeks, for what is counted in visits
_SHORTHAND = re.compile(r"(?<![\w.])(?P<often>[1-5])\s?[xX]\s?(?P<weeks>\d{1,2})(?![\w.%/])")
# A unit before its number, as in "follow-up visits, 6".
_UNIT_FIRST = re.compile(
    rf"\b(?P<unit>{_UNIT})\s*[,:]\s*(?:x\s*)?(?P<n>{_N})(?![\w/.-])"
    r"(?!\s*(?:times?|x|weeks?|wks?|months?|days?|hours?|per|a|mg|%|refills?)\b)",
    re.IGNORECASE,
)
# "12 sessions", "Six physical therapy visits", "up to 8 additional chiropractic treatments"
_COUNTED = re.compile(
    rf"(?<![\w.#/-])(?P<n>{_N})(?:{_RANGE}(?P<m>{_N}))?(?:[\s-]+(?!(?:times?|x|week|weeks|months?|days?|hours?"
    rf"|minutes?|mins?|mg|mcg|ml|per|a|percent"
    rf"|level|tesla|view)\b)[^\W\d]+(?:['’/-][^\W\d]+)*){{0,5}}?[\s-]+(?P<unit>{_UNIT})\b(?!\s*(?:a|per|each|every"
    rf"|/)\s*-?\s*(?:week|wk|day|month))",
    re.IGNORECASE,
)
# "#60", "quantity: 3", "QTY 30", "x 6", "times 12"
_NUMBERED = re.compile(
    rf"(?:#\s?|\b(?:qty|quantity|count)\s*(?:of|:|#|-"
    rf"|x)?\s*)(?P<n>\d+(?:\.\d+)?)(?:\s*(?P<unit>{_UNIT})\b)?(?![\w%])",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"(?:(?<!\w)[xX×]|\btimes)\s*(?P<n>{_N})\b(?!\s*(?:weeks?|wks?|months?|days?|per|a|mg|ml|times|%))", re.IGNORECASE
)
_LEADING = re.compile(
    rf"^\W*(?P<n>{_N})\s+(?!(?:times?|x|mg|mcg|month|week|day|hour|percent|view|level|tesla)s?\b)[a-z]", re.IGNORECASE
)
_DAYS = re.compile(
    rf"(?<![\w.])(?P<n>{_N})(?:{_RANGE}(?P<m>{_N}))?[\s-]*(?P<unit>days?|hours?|months?|nights?)\b", re.IGNORECASE
)
_DAILY_HOURS = re.compile(rf"(?<![\w.])(?P<n>{_N})\s*hours?\s*(?:a|per|/|each)\s*day", re.IGNORECASE)
_GRAMS = re.compile(r"(?<![\w.])(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>gms?|grams?|g)\b", re.IGNORECASE)
_RENTED = re.compile(r"\brent(?:al|ed)?\b|\btrial\b", re.IGNORECASE)
_WEEKS_A_MONTH = 4.0  # a schedule by months counts four weeks to the month, as requests do


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is asked: `low`..`high` (None: one number) of `unit`, with the schedule and the words that say it."""

    low: float | None
    high: float | None
    unit: str | None
    per_week: float | None = None
    weeks: float | None = None
    span: Span | None = None


NOTHING = Quantity(None, None, None)


def quantity_of(text: str, unit: str | None = None, category: str | None = None) -> Quantity:
    """Read how much `text` asks for; `unit` is the one in which its kind of service is counted.

    None rather than a guess: without a number that counts the service itself there is no quantity.
    """
    plain = unit if unit and " or " not in unit else None
    schedule = _scheduled(text, plain, category)
    counted = _explicit(text, plain, category, frozenset((unit or "").split(" or ")))
    if counted is None:
        return schedule
    return Quantity(counted.low, counted.high, counted.unit, schedule.per_week, schedule.weeks, counted.span)


def _explicit(text: str, unit: str | None, category: str | None, counted_in: frozenset[str]) -> Quantity | None:
    """A number that counts the service: after a unit word, a number sign, "x", or before the service's name."""
    if unit == "hours" and (daily := _DAILY_HOURS.search(text)):
        return _hours(text, daily)
    for pattern in (_LEADING_REFILLS, _COUNTED, _UNIT_FIRST, _NUMBERED):
        found = pattern.search(text)
        if found:
            return _read(text, found, unit)
    if category == "drug":
        grams = _GRAMS.search(text) if unit == "grams" else None
        return _read(text, grams, unit) if grams else None
    return _uncounted(text, unit, counted_in)


_LEADING_REFILLS = re.compile(rf"^\W*(?P<n>{_N})\s+(?P<unit>refills?)\s+of\b", re.IGNORECASE)


def _uncounted(text: str, unit: str | None, counted_in: frozenset[str]) -> Quantity | None:
    """ "Electrical stimulation times 6", "7-10 days", "One platelet-rich plasma injection"."""
    shorthand = _SHORTHAND.search(text)
    times = _TIMES.search(text)
    if times and not _SCHEDULE.search(text) and not (shorthand and unit in _VISITS):
        return _read(text, times, unit)
    lasting = _lasting(text, unit, counted_in)
    if lasting:
        return _read(text, lasting, unit)
    leading = _LEADING.search(text)
    return _read(text, leading, unit) if leading and not _SCHEDULE.match(text.lstrip()) else None


def _lasting(text: str, unit: str | None, counted_in: frozenset[str]) -> re.Match[str] | None:
    """A span of time that counts the service: in its own unit ("160 hours"), or of a rental ("rental for 30 days")."""
    days = _DAYS.search(text)
    if days is None:
        return None
    own = days["unit"].casefold().rstrip("s") + "s" in counted_in | {unit}
    return days if own or _RENTED.search(text) else None


def _read(text: str, found: re.Match[str], unit: str | None) -> Quantity:
    groups = found.groupdict()
    low, high = number(groups["n"]), number(groups["m"]) if groups.get("m") else None
    said = groups.get("unit")
    end = found.end("unit") if said else found.end("m") if groups.get("m") else found.end("n")
    start = found.start("n") if found.re in (_LEADING, _COUNTED) else found.start()
    return Quantity(low, high, _unit(said) if said else unit, span=Span.of(text, start, end))


def _unit(said: str) -> str:
    base = said.casefold().removesuffix("s")
    return _NAMES.get(base, base + "s")


def _scheduled(text: str, unit: str | None, category: str | None) -> Quantity:
    found = _SCHEDULE.search(text)
    if found and (found["often"] or found["once"]) and _is_schedule(found):
        return _by_schedule(text, found, unit)
    shorthand = _SHORTHAND.search(text)
    if shorthand and unit in _VISITS and category != "drug":
        often, weeks = number(shorthand["often"]), number(shorthand["weeks"])
        return Quantity(often * weeks, None, unit, often, weeks, Span.of(text, *shorthand.span()))
    return NOTHING


def _is_schedule(found: re.Match[str]) -> bool:
    """ "6 weeks" alone is a duration; a schedule says how often a week."""
    return found["per"].casefold() not in {"weeks"} and not re.fullmatch(
        rf"{_N}\s*-?\s*(?:week|wk)", found.group().strip(), re.IGNORECASE
    )


def _by_schedule(text: str, found: re.Match[str], unit: str | None) -> Quantity:
    often = 1.0 if (found["once"] or "").lower() == "once" else 2.0 if found["once"] else number(found["often"])
    most = number(found["often2"]) if found["often2"] else often
    span = Span.of(text, found.start(), found.start() + len(found.group().rstrip(" ,:")))
    per_week = most if most == often else None
    if not found["weeks"]:
        return Quantity(None, None, None, per_week, None, span)
    scale = _WEEKS_A_MONTH if found["span"].casefold().startswith("month") else 1.0
    weeks, longest = (number(said) * scale for said in (found["weeks"], found["weeks2"] or found["weeks"]))
    low, high = often * weeks, most * longest
    counted = unit if unit in _VISITS or unit is None else None
    if counted is None and unit is not None:
        return Quantity(None, None, None, per_week, weeks if weeks == longest else None, span)
    return Quantity(
        low, high if high > low else None, counted or "visits", per_week, weeks if weeks == longest else None, span
    )


def _hours(text: str, daily: re.Match[str]) -> Quantity | None:
    """Hours a day by days a week by weeks; None where one of them is not said."""
    rest = _SCHEDULE.search(text, daily.end())
    if not rest or not rest["weeks"] or not rest["often"] or rest["often2"] or rest["weeks2"]:
        return None
    if not rest["span"].casefold().startswith("w"):
        return None
    total = number(daily["n"]) * number(rest["often"]) * number(rest["weeks"])
    return Quantity(total, None, "hours", span=Span.of(text, daily.start(), rest.end()))
