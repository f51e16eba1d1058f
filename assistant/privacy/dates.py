"""Dates in every form that notes write them: where they stand, which day they name, how another day looks in that form.

Numbers are read month first, as in the United States; "25/12/2015", which cannot be, is read day first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SHORT = tuple(month[:3] for month in MONTHS)
_MONTH = r"(?P<mon>January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH += r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_CAPITAL_MONTH = _MONTH.replace("(?P<mon>", "(?P<mon>(?-i:(?=[A-Z]))(?:") + ")"
_DAY = r"(?P<d>\d{1,2})(?P<ord>st|nd|rd|th)?"
_GAP = r"[^\S\n]?\n?[^\S\n]{0,2}"  # a page may break a line inside a date
_CENTURY = r"(?:19|20)\d{2}"
_SLASHED = re.compile(
    rf"(?<![\w/.])(?P<a>\d{{1,2}})(?P<s>{_GAP}/){_GAP}(?P<b>\d{{1,2}}){_GAP}/{_GAP}(?P<y>{_CENTURY}"
    rf"|\d{{2}})(?![\w/])(?!\.\d)"
)
_HYPHENED = re.compile(r"(?<![\w/.-])(?P<a>\d{1,2})-\n?(?P<b>\d{1,2})-\n?(?P<y>(?:19|20)\d{2}|\d{2})(?![\w/-])(?!\.\d)")
_DOTTED = re.compile(r"(?<![\w/.-])(?P<a>\d{1,2})\.(?P<b>\d{1,2})\.(?P<y>(?:19|20)\d{2})(?![\w/-])(?!\.\d)")
_ISO = re.compile(r"(?<![\w/.-])(?P<y>(?:19|20)\d{2})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![/-])(?=\D|$)")
_MONTH_FIRST = re.compile(
    rf"(?i)\b{_MONTH}\b\.?[\s-]{{1,3}}{_DAY}(?:,\s{{0,2}}|[\s-]{{1,3}})(?P<y>{_CENTURY}|'\d{{2}})(?!\w)"
)
_DAY_FIRST = re.compile(
    rf"(?i)(?<![\w/.-]){_DAY}(?:[\s-]{{1,3}}|\s+of\s+){_MONTH}\b\.?,?[\s-]{{1,3}}(?P<y>{_CENTURY}|(?<=-)\d{{2}})(?!\w)"
)
_MONTH_YEAR = re.compile(rf"(?i)\b{_MONTH}\b\.?,?\s{{1,3}}(?:of\s+)?(?P<y>{_CENTURY})(?![\w/])")
_NUMBER_YEAR = re.compile(rf"(?<![\w/.-])(?P<m>0?[1-9]|1[0-2])(?P<s>[/-])(?P<y>{_CENTURY})(?![\w/-])(?!\.\d)")
_DAYS_OF_MONTH = re.compile(
    rf"(?i)\b{_CAPITAL_MONTH}\b\.?\s{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?\s?(?:-|–|to|and|through"
    rf"|&)\s?\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?:,?\s{{1,2}}(?P<y>{_CENTURY}))?(?![\w/])"
)
_MONTH_DAY = re.compile(
    rf"(?i)\b{_CAPITAL_MONTH}\b\.?\s{{1,2}}{_DAY}(?![\w/%])(?!\.\d)(?!\s(?:visits|sessions|mg|weeks|days)\b)"
)
_DAY_MONTH = re.compile(rf"(?i)(?<![\w/.#-]){_DAY}\s(?:of\s)?{_CAPITAL_MONTH}\b(?!\.?\d)")
_LONE_MONTH = re.compile(
    r"(?i)\b(?:in|since|last|until|by|of|early|late|mid|through|from|during|next|this|to|and)[\s-](?P<whole>"
    rf"{_CAPITAL_MONTH})\b(?!\s+\w+ing\b)"
)
# "on 3/14", "3/14-3/20/2015": a month and a day without their year need words or a date beside them.
_SCORE = (
    r"(?!\s*(?:strength|pain|scale|vas|nrs|out\b|intensity|motor|power|muscle|grip|in (?:the|all)"
    r"|bilateral|throughout|visits|sessions))"
)
_IN_CONTEXT = re.compile(
    r"(?i)(?<!pain )(?<!rated )(?<!score )(?<!strength )(?<!graded )(?:\b(?:on|dated|since|until"
    r"|through|thru|dos|dates?|seen|visit of|note of|report of|between|dictated|transcribed|signed"
    r"|admitted|discharged|examined|evaluated|returned|scheduled|started|began|stopped"
    r"|injured|filled|refilled|received|sent|faxed|mailed|surgery|appointment|appt|rfa|doi|effective"
    r"|due|expires)[:\s]\s?)"
    rf"(?P<whole>(?P<m>0?[1-9]|1[0-2])[/-](?P<d>0?[1-9]|[12]\d|3[01]))(?![\w/%-])(?!\.\d){_SCORE}"
)
_BEFORE_A_DATE = re.compile(
    r"(?<![\w/.-])(?P<whole>\d{1,2}/\d{1,2})(?=\s?(?:-|–|to|and|through)\s?\d{1,2}/\d{1,2}/\d{2})"
)
_AFTER_IN_CONTEXT = re.compile(
    r"(?i)\b(?:on|dated|between)\s\d{1,2}/\d{1,2}(?:/\d{2,4})?,?\s(?:and|&"
    r"|to)\s(?:on\s)?(?P<whole>\d{1,2}/\d{1,2})(?![\w/%-])"
)
_GRIP = re.compile(r"(?i)\b(?:grip|jamar|dynamomet\w+|pinch)\b[^.;\n]*$")
_GRIP_REACH = 60
_PIVOT = 40  # two figures up to this are of the 2000s, as birth years of workers are not
_DAYS_IN_A_MONTH = 30.4375


class Form(StrEnum):
    """How much of a date is said."""

    DAY = "day"
    MONTH = "month"
    PARTIAL = "partial"  # the year is missing, or it is no date of the calendar


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date of a text: its offsets, and the day that it names (of a month: its first)."""

    start: int
    end: int
    form: Form
    day: date | None
    pieces: tuple[tuple[int, int, str], ...] = ()  # offsets and names of its year, month, day and ordinal

    def written(self, text: str, day: date) -> str:
        """Another day, written as this one is written in `text`."""
        out, at = [], self.start
        for start, end, name in self.pieces:
            out += [text[at:start], _PIECES[name](text[start:end], day, self._padded(text))]
            at = end
        return "".join([*out, text[at : self.end]])

    def _padded(self, text: str) -> bool:
        """Two figures throughout, or a leading nought: "10/12/2015" becomes "06/08/2015"."""
        numbers = [text[start:end] for start, end, name in self.pieces if name in {"m", "d"}]
        return any(number[0] == "0" for number in numbers) or all(len(number) > 1 for number in numbers)


def _number(value: int, old: str, *, padded: bool) -> str:
    return f"{value:02}" if len(old) > 1 and (padded or value > 9) else str(value)


def _month_name(old: str, day: date, padded: bool) -> str:  # noqa: FBT001, ARG001  one signature for all pieces
    whole = old.casefold() in {month.casefold() for month in MONTHS}
    name = (MONTHS if whole else _SHORT)[day.month - 1]
    return name.upper() if old.isupper() else name.lower() if old.islower() else name


def _year(old: str, day: date, padded: bool) -> str:  # noqa: FBT001, ARG001
    figures = len(old.lstrip("'"))
    return old[: len(old) - figures] + f"{day.year:04}"[-figures:]


def _ordinal(old: str, day: date, padded: bool) -> str:  # noqa: FBT001, ARG001
    ending = "th" if day.day in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return ending.upper() if old.isupper() else ending


_PIECES = {
    "m": lambda old, day, padded: _number(day.month, old, padded=padded),
    "d": lambda old, day, padded: _number(day.day, old, padded=padded),
    "mon": _month_name,
    "y": _year,
    "ord": _ordinal,
}


def moved(found: DateFound, days: int) -> date | None:
    """The day `days` later; a month moves by as many whole months, so that two months never become one."""
    if found.day is None:
        return None
    try:
        if found.form is Form.DAY:
            return found.day + timedelta(days)
        months = found.day.year * 12 + found.day.month - 1 + round(days / _DAYS_IN_A_MONTH)
        return date(months // 12, months % 12 + 1, 1)
    except (OverflowError, ValueError):
        return None


def whole_dates(text: str) -> list[DateFound]:
    """Dates that say their year, in the order of the text, none inside another; needs no words beside them."""
    found: list[DateFound] = []
    taken: set[int] = set()
    for one in _candidates(text):
        if not taken.intersection(range(one.start, one.end)):
            taken.update(range(one.start, one.end))
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _candidates(text: str) -> Iterator[DateFound]:
    for match in _DAYS_OF_MONTH.finditer(text):
        if match["y"]:
            yield DateFound(*match.span(), Form.PARTIAL, None)
    for pattern in (_SLASHED, _HYPHENED, _DOTTED):
        yield from filter(None, (_numbers(match, text) for match in pattern.finditer(text)))
    for pattern in (_ISO, _MONTH_FIRST, _DAY_FIRST):
        yield from (_made(match, Form.DAY) for match in pattern.finditer(text))
    for pattern in (_MONTH_YEAR, _NUMBER_YEAR):
        yield from (_made(match, Form.MONTH) for match in pattern.finditer(text))


def partial_dates(text: str) -> Iterator[DateFound]:
    """Dates without their year, known by the name of a month or by the words beside them."""
    for pattern in (_DAYS_OF_MONTH, _MONTH_DAY, _DAY_MONTH):
        yield from (DateFound(*match.span(), Form.PARTIAL, None) for match in pattern.finditer(text))
    for pattern in (_LONE_MONTH, _IN_CONTEXT, _BEFORE_A_DATE, _AFTER_IN_CONTEXT):
        yield from (DateFound(*match.span("whole"), Form.PARTIAL, None) for match in pattern.finditer(text))


def _numbers(match: re.Match[str], text: str) -> DateFound | None:
    """Month first, else day first; three numbers that are no day are a date gone wrong only with a whole year.

    "18/20/18" is a grip of three tries.
    """
    short = len(match["y"]) == 2
    if short and _GRIP.search(text, max(0, match.start() - _GRIP_REACH), match.start()):
        return None
    for month, day in (("a", "b"), ("b", "a")):
        value = _calendar(_full_year(match["y"]), int(match[month]), int(match[day]))
        if value:
            return DateFound(*match.span(), Form.DAY, value, _spans(match, {month: "m", day: "d", "y": "y"}))
    return None if short else DateFound(*match.span(), Form.PARTIAL, None)


def _made(match: re.Match[str], form: Form) -> DateFound:
    groups = match.groupdict()
    month = int(groups["m"]) if groups.get("m") else _SHORT.index(match["mon"][:3].title()) + 1
    day = int(groups["d"]) if form is Form.DAY else 1
    value = _calendar(_full_year(match["y"]), month, day)
    if value is None:
        return DateFound(*match.span(), Form.PARTIAL, None)
    names = {name: name for name in ("y", "m", "mon", "d", "ord") if groups.get(name)}
    return DateFound(*match.span(), form, value, _spans(match, names))


def _spans(match: re.Match[str], names: dict[str, str]) -> tuple[tuple[int, int, str], ...]:
    return tuple(sorted((*match.span(group), name) for group, name in names.items()))


def _full_year(written: str) -> int:
    figures = written.lstrip("'")
    year = int(figures)
    if len(figures) > 2:
        return year
    return year + (2000 if year <= _PIVOT else 1900)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
