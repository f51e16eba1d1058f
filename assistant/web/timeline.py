"""The editions as lines on one axis of time: where each bar begins and ends, what governed on a day, in which group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain import InForce
from assistant.library.held_editions import ERAS, HeldEdition

BY_BODY, BY_ERA = "body", "era"
_EARLIEST = 2000  # an axis begins no earlier; a bar that does is cut at its edge
_TICK_YEARS = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """Years from the first of January of `first` to the end of `last`; places are percents of it."""

    first: int
    last: int

    @classmethod
    def of(cls, editions: Sequence[HeldEdition], days: Sequence[date]) -> Axis:
        """An axis on which all dates of the editions and the days have their place."""
        known = [day for e in editions for day in (e.in_force.start, e.in_force.end) if day]
        years = [day.year for day in (*known, *days)]
        return cls(max(_EARLIEST, min(years)), max(years) + 1)

    def at(self, day: date) -> float:
        """The place of a day, 0 to 100."""
        start, end = date(self.first, 1, 1), date(self.last, 12, 31)
        return round(100 * min(1.0, max(0.0, (day - start) / (end - start))), 2)

    def ticks(self) -> list[tuple[int, float]]:
        """The years that are written under the axis, with their places."""
        years = range(-(-self.first // _TICK_YEARS) * _TICK_YEARS, self.last, _TICK_YEARS)
        return [(year, self.at(date(year, 1, 1))) for year in years]


@dataclass(frozen=True, slots=True)
class Line:
    """An edition's line: its bar (None where it has no dates), and whether it is known to have governed on the day."""

    edition: HeldEdition
    bar: tuple[float, float] | None  # from, width
    open_end: bool
    governs: bool


def line_of(edition: HeldEdition, axis: Axis, day: date | None) -> Line:
    """The line of an edition; without a day none governs."""
    interval = edition.in_force
    bar = None
    if interval != InForce():
        start = axis.at(interval.start) if interval.start else 0.0
        end = axis.at(interval.end) if interval.end else 100.0
        bar = (start, round(max(0.4, end - start), 2))
    return Line(edition, bar, interval.end is None, day is not None and edition.governs_on(day))


def groups(lines: Sequence[Line], by: str) -> list[tuple[str, list[Line]]]:
    """The lines by era, or by part of the body and subject."""
    made: dict[str, list[Line]] = {era: [] for era in ERAS} if by == BY_ERA else {}
    for line in lines:
        made.setdefault(line.edition.era if by == BY_ERA else line.edition.topic, []).append(line)
    return [(title, of_it) for title, of_it in made.items() if of_it]
