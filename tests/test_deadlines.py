"""Due dates by Labor Code 4610.6(d)(1): days counted by hand from calendars, and what holds for any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.deadlines import (
    FORMULARY_WORKING_DAYS,
    NOTE,
    RULES,
    Priority,
    add_working_days,
    days_left,
    due_date,
    due_words,
    holidays,
    is_working_day,
)

days = st.dates(date(2013, 7, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("priority", "received", "due"),
    [
        pytest.param(Priority.REGULAR, "2026-11-28", "2026-12-28", id="30 days"),
        pytest.param(Priority.REGULAR, "2026-12-15", "2027-01-14", id="30 days over the year's end"),
        pytest.param(Priority.REGULAR, "2024-01-31", "2024-03-01", id="30 days over a leap day"),
        pytest.param(Priority.REGULAR, "2026-11-06", "2026-12-06", id="an end on a Sunday stays, the earlier side"),
        pytest.param(Priority.EXPEDITED, "2026-12-30", "2027-01-02", id="three days are calendar days"),
        pytest.param(Priority.FORMULARY, "2026-11-02", "2026-11-09", id="a plain Monday: the Monday after"),
        pytest.param(Priority.FORMULARY, "2026-11-09", "2026-11-17", id="Veterans Day on a Wednesday"),
        pytest.param(Priority.FORMULARY, "2026-11-20", "2026-11-30", id="Thanksgiving; the Friday after counts"),
        pytest.param(Priority.FORMULARY, "2026-12-23", "2026-12-31", id="Christmas on a Friday"),
        pytest.param(Priority.FORMULARY, "2026-12-30", "2027-01-07", id="New Year's Day on a Friday"),
        pytest.param(
            Priority.FORMULARY, "2022-12-28", "2023-01-05", id="New Year's Day on a Sunday: the Monday is off"
        ),
        pytest.param(
            Priority.FORMULARY, "2023-11-08", "2023-11-16", id="Veterans Day on a Saturday: the Friday is off"
        ),
        pytest.param(Priority.FORMULARY, "2026-07-02", "2026-07-09", id="July 4 on a Saturday moves nothing"),
        pytest.param(Priority.FORMULARY, "2026-11-07", "2026-11-16", id="received on a Saturday, Veterans Day after"),
    ],
)
def test_due(priority: Priority, received: str, due: str) -> None:
    assert due_date(date.fromisoformat(received), priority) == date.fromisoformat(due)


def test_the_holidays_of_a_year_are_those_of_the_section() -> None:
    assert [str(day) for day in sorted(holidays(2026))] == [
        "2026-01-01",
        "2026-01-19",
        "2026-02-12",
        "2026-02-16",
        "2026-03-31",
        "2026-04-24",
        "2026-05-25",
        "2026-06-19",
        "2026-07-04",
        "2026-09-07",
        "2026-09-09",
        "2026-09-25",
        "2026-10-12",
        "2026-11-11",
        "2026-11-26",
        "2026-12-25",
    ]


def test_later_holidays_are_none_before_the_section_named_them() -> None:
    assert {"Juneteenth", "Genocide Remembrance Day"} <= set(holidays(2023).values())
    assert not {"Juneteenth", "Genocide Remembrance Day"} & set(holidays(2022).values())
    assert "Native American Day" not in holidays(2014).values()


@given(days, st.integers(1, 30))
def test_so_many_working_days_lie_between_and_the_last_is_one(start: date, count: int) -> None:
    end = add_working_days(start, count)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == count


@given(days, days, st.sampled_from(Priority))
def test_who_receives_later_is_due_no_earlier(one: date, other: date, priority: Priority) -> None:
    first, second = sorted((one, other))
    assert first < due_date(first, priority) <= due_date(second, priority)


@given(days)
def test_five_working_days_take_five_to_twelve_days(received: date) -> None:
    span = (due_date(received, Priority.FORMULARY) - received).days
    assert FORMULARY_WORKING_DAYS <= span <= 12


@given(st.integers(2013, 2100))
def test_a_moved_holiday_is_on_no_weekend(year: int) -> None:
    fixed_only = {"Genocide Remembrance Day", "Juneteenth"}
    assert all(day.weekday() != 6 for day, name in holidays(year).items() if name not in fixed_only)
    assert len(holidays(year)) == 13 + (year >= 2015) + 2 * (year >= 2023)


@given(days, days)
def test_the_words_say_the_days(due: date, today: date) -> None:
    left = days_left(due, today)
    assert today + timedelta(days=left) == due
    assert due_words(left).startswith("overdue by" if left < 0 else "due ")
    assert abs(left) < 2 or f"{abs(left):,} days" in due_words(left)


def test_the_words_of_the_nearest_days() -> None:
    said = [due_words(left) for left in (-2, -1, 0, 1, 2)]
    assert said == ["overdue by 2 days", "overdue by 1 day", "due today", "due tomorrow", "due in 2 days"]


def test_each_rule_names_its_source_and_the_note_who_may_change_it() -> None:
    assert all("4610.6(d)(1)" in RULES[priority] for priority in Priority)
    assert "less time" in NOTE
    assert "three days more" in NOTE
