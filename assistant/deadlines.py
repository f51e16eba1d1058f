"""When a determination is due: Labor Code 4610.6(d)(1) over the day on which the request for review was received."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum

REGULAR_DAYS = 30
EXPEDITED_DAYS = 3
FORMULARY_WORKING_DAYS = 5
_SATURDAY, _SUNDAY = 5, 6
_MONDAY, _THURSDAY, _FRIDAY = 0, 3, 4

NOTE = (
    "The administrative director may prescribe less time, or approve up to three days more in extraordinary "
    "circumstances or for good cause (4610.6(d)(2))."
)


class Priority(StrEnum):
    """What kind of review the request is, as far as its time goes."""

    REGULAR = "regular"
    EXPEDITED = "expedited"
    FORMULARY = "formulary medication"


RULES: Mapping[Priority, str] = {
    Priority.REGULAR: "30 days from receipt of the request for review and supporting documentation "
    "(Labor Code 4610.6(d)(1)(B))",
    Priority.EXPEDITED: "three days from receipt of the information (Labor Code 4610.6(d)(1)(C))",
    Priority.FORMULARY: "five working days from receipt of the request for review and supporting documentation "
    "(Labor Code 4610.6(d)(1)(A))",
}


def due_date(received: date, priority: Priority) -> date:
    """The last day of the time that 4610.6(d)(1) gives; the day of receipt is not counted, the last day is.

    An end on a weekend or holiday is left there, which is never later than the law's; (d)(2)'s extension is not in it.
    """
    if priority is Priority.FORMULARY:
        return add_working_days(received, FORMULARY_WORKING_DAYS)
    return received + timedelta(days=EXPEDITED_DAYS if priority is Priority.EXPEDITED else REGULAR_DAYS)


def days_left(due: date, today: date) -> int:
    """Calendar days from `today` to the due date; negative once it is overdue."""
    return (due - today).days


def due_words(left: int) -> str:
    """ "due in 9 days", "due today", "overdue by 1 day": how `days_left` is said."""
    if left in (0, 1):
        return ("due today", "due tomorrow")[left]
    count = f"{abs(left):,} day{'' if left == -1 else 's'}"
    return f"overdue by {count}" if left < 0 else f"due in {count}"


def add_working_days(start: date, count: int) -> date:
    """The day that is `count` working days after `start`, which itself is not counted."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Neither a Saturday, nor a Sunday, nor a holiday of the state."""
    return day.weekday() not in (_SATURDAY, _SUNDAY) and day not in holidays(day.year)


def holidays(year: int) -> Mapping[date, str]:
    """The whole-day holidays of Government Code 6700(a) in a year, by day, with those that 6701 moves off a Sunday.

    Left out, so that a due date errs to the earlier side: Lunar New Year and Diwali (by moons), Good Friday (three
    hours), and what the President or the Governor appoints other than Thanksgiving. Sundays are no working days anyhow.
    """
    found: dict[date, str] = {}
    for name, first_year, rule in _HOLIDAYS:
        if year >= first_year:
            found[rule(year)] = name
    return found


def _on(month: int, day: int) -> Callable[[int], date]:
    """A fixed day, which stays on a Sunday."""
    return lambda year: date(year, month, day)


def _moved(month: int, day: int) -> Callable[[int], date]:
    """A fixed day for which the Monday is taken when it is a Sunday (6701)."""

    def rule(year: int) -> date:
        fixed = date(year, month, day)
        return fixed + timedelta(days=1) if fixed.weekday() == _SUNDAY else fixed

    return rule


def _nth(month: int, weekday: int, nth: int) -> Callable[[int], date]:
    """The nth such weekday of a month."""

    def rule(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))

    return rule


def _last_monday_of_may(year: int) -> date:
    end = date(year, 5, 31)
    return end - timedelta(days=(end.weekday() - _MONDAY) % 7)


def _veterans_day(year: int) -> date:
    """November 11; of a Saturday the Friday before, of a Sunday the Monday after (6701)."""
    fixed = date(year, 11, 11)
    return fixed - timedelta(days=1) if fixed.weekday() == _SATURDAY else _moved(11, 11)(year)


# Government Code 6700(a), each with the first year in which the section names it; 1 for what is older than IMR.
_HOLIDAYS: tuple[tuple[str, int, Callable[[int], date]], ...] = (
    ("New Year's Day", 1, _moved(1, 1)),
    ("Dr. Martin Luther King, Jr. Day", 1, _nth(1, _MONDAY, 3)),
    ("Lincoln Day", 1, _moved(2, 12)),
    ("Presidents' Day", 1, _nth(2, _MONDAY, 3)),
    ("Cesar Chavez Day", 1, _moved(3, 31)),
    ("Genocide Remembrance Day", 2023, _on(4, 24)),
    ("Memorial Day", 1, _last_monday_of_may),
    ("Juneteenth", 2023, _on(6, 19)),
    ("Independence Day", 1, _moved(7, 4)),
    ("Labor Day", 1, _nth(9, _MONDAY, 1)),
    ("Admission Day", 1, _moved(9, 9)),
    ("Native American Day", 2015, _nth(9, _FRIDAY, 4)),
    ("Columbus Day", 1, _nth(10, _MONDAY, 2)),
    ("Veterans Day", 1, _veterans_day),
    ("Thanksgiving Day", 1, _nth(11, _THURSDAY, 4)),
    ("Christmas Day", 1, _moved(12, 25)),
)
