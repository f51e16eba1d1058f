"""The stand-ins of one case: made once for each original, and put back wherever an answer has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from assistant.privacy.dates import DateFound, Form, moved, whole_dates
from assistant.privacy.values import Dates, Kind

_KINDS = "|".join(Kind)
_DASH = r"[-‐‑‒–—_]"
# "[PERSON-3B]", "[person - 3]", "[DATE-2, 2015]"; without brackets only with its hyphen: "Person-3".
_BRACKETED = (
    rf"\[\s{{0,3}}(?P<kind>{_KINDS})(?:\s|{_DASH}){{0,4}}(?P<n>[0-9]{{1,6}})(?P<v>[A-Za-z]{{0,2}})\s{{0,3}}"
    rf"(?:,[^\[\]]{{0,40}})?\]"
)
_BARE = rf"(?<!\w)(?P<kind2>{_KINDS}){_DASH}\s?(?P<n2>[0-9]{{1,6}})(?P<v2>[A-Za-z]{{0,2}})(?![\w-])"
_STAND_IN = re.compile(rf"{_BRACKETED}|{_BARE}", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_]{2,}")
_BROKEN = re.compile(r"-\s*\n\s*")
OVER_89 = "90 or older"
Key = tuple[Kind, int, str]


class StandIns:
    """Originals and their stand-ins, both ways; `days` is how far this case's dates are moved."""

    def __init__(self, days: int, protected: Callable[[str], list[tuple[int, int]]]) -> None:
        self._days, self._protected = days, protected
        self._made: dict[tuple[Kind, str, bool], str] = {}
        self._originals: dict[Key, str] = {}
        self._moved: dict[str, str] = {}
        self._values: set[tuple[Form, date]] = set()
        self._count: Counter[Kind] = Counter()
        self._people: dict[int, set[str]] = {}
        self._variants: Counter[int] = Counter()

    def of(self, kind: Kind, original: str, detail: str = "") -> str:
        """The bracketed stand-in of an original: always the same; wordings of one person share their number."""
        made = self._made.get((kind, original, True))
        if made is None:
            number, variant = self._person(original) if kind is Kind.PERSON else (self._next(kind), "")
            self._originals[kind, number, variant] = original
            made = f"[{kind}-{number}{variant}" + (f", {detail}]" if detail else "]")
            self._made[kind, original, True] = made
        return made

    def of_date(self, found: DateFound, text: str, dates: Dates, *, bracketed: bool, year_said: bool) -> str:
        """The stand-in of a date: moved and in the same form; in brackets where that would not come back exactly."""
        original = text[found.start : found.end]
        plain = dates is Dates.SHIFT and year_said and not bracketed and found.form is not Form.PARTIAL
        if plain and (day := moved(found, self._days)):
            made = self._made.get((Kind.DATE, original, False)) or found.written(text, day)
            if self._moved.setdefault(made, original) == original:
                self._values.add((found.form, day))
                self._made[Kind.DATE, original, False] = made
                return made
        return self.of(Kind.DATE, original, self._said(found, dates) if year_said else "")

    def _said(self, found: DateFound, dates: Dates) -> str:
        """What a bracketed date may still say: its year, or the day that it was moved to."""
        day = moved(found, self._days)
        if found.day is None or day is None:
            return ""
        if dates is Dates.YEAR:
            return str(found.day.year)
        return day.isoformat() if found.form is Form.DAY else f"{day:%Y-%m}"

    def restored(self, text: str) -> list[tuple[int, int, str]]:
        """What would be put back: offsets of each stand-in in `text`, and its original; unknown ones are left."""
        found = [(start, end, self._originals[key]) for start, end, key in stand_ins(text) if key in self._originals]
        masked = _masked(text, [(start, end) for start, end, _ in stand_ins(text)])
        barred = self._protected(text)
        for one in whole_dates(masked):
            original = self._date_back(one, text)
            if original is not None and not any(one.start < end and start < one.end for start, end in barred):
                found.append((one.start, one.end, original))
        return sorted(found)

    def _date_back(self, found: DateFound, text: str) -> str | None:
        written = text[found.start : found.end]
        if written in self._moved:
            return self._moved[written]
        if found.day is None or (found.form, found.day) not in self._values:
            return None
        day = moved(found, -self._days)
        return found.written(text, day) if day else None

    def _next(self, kind: Kind) -> int:
        self._count[kind] += 1
        return self._count[kind]

    def _person(self, name: str) -> tuple[int, str]:
        words = {word.casefold() for word in _NAME_WORD.findall(_BROKEN.sub("", name))}
        for number, others in self._people.items():
            if words and (words <= others or others <= words):
                others |= words
                self._variants[number] += 1
                return number, _letters(self._variants[number])
        number = self._next(Kind.PERSON)
        if words:
            self._people[number] = words
        return number, ""


def stand_ins(text: str) -> Iterator[tuple[int, int, Key]]:
    """Everything in a text that looks like a bracketed stand-in, known or not."""
    for match in _STAND_IN.finditer(text):
        kind, number, variant = (match[a] or match[b] or "" for a, b in (("kind", "kind2"), ("n", "n2"), ("v", "v2")))
        yield *match.span(), (Kind(kind.upper()), int(number), variant.upper())


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def _letters(count: int) -> str:
    """1 is B, 25 is Z, 26 is BA: the wordings of one person after the first."""
    letters = ""
    while count:
        count, place = divmod(count, 26)
        letters = chr(ord("A") + place) + letters
    return letters
