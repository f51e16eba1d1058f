"""How much is asked: one row for each way in which requests say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.quantities import Quantity, quantity_of


@pytest.mark.parametrize(
    ("text", "unit", "category", "expected"),
    [
        pytest.param("12 sessions of therapy", "visits", None, (12, None, "sessions", None, None), id="count"),
        pytest.param("Six physical therapy visits", "visits", None, (6, None, "visits", None, None), id="in words"),
        pytest.param("twenty-four visits", "visits", None, (24, None, "visits", None, None), id="hyphened words"),
        pytest.param(
            "PT 2-3 times a week for 4 weeks", "visits", None, (8, 12, "visits", None, 4), id="range of frequency"
        ),
        pytest.param(
            "two to three times a week for 4 to 6 weeks", "visits", None, (8, 18, "visits", None, None), id="two ranges"
        ),
        pytest.param("twice a week for 6 weeks", "visits", None, (12, None, "visits", 2, 6), id="twice"),
        pytest.param("once weekly x 8 weeks", "visits", None, (8, None, "visits", 1, 8), id="once weekly"),
        pytest.param("3 visits per week for 2 weeks", "visits", None, (6, None, "visits", 3, 2), id="visits per week"),
        pytest.param("2x/week x 6 weeks", "visits", None, (12, None, "visits", 2, 6), id="slash"),
        pytest.param("two times a week times three weeks", "sessions", None, (6, None, "sessions", 2, 3), id="times"),
        pytest.param("physical therapy 2x6", "visits", None, (12, None, "visits", 2, 6), id="shorthand"),
        pytest.param(
            "2 times a week for 6 weeks (10 sessions)", "visits", None, (10, None, "sessions", 2, 6), id="count wins"
        ),
        pytest.param("twice a week", "visits", None, (None, None, None, 2, None), id="no end said"),
        pytest.param("acupuncture x 6", "sessions", None, (6, None, "sessions", None, None), id="x"),
        pytest.param("manipulation times 12", "visits", None, (12, None, "visits", None, None), id="times a number"),
        pytest.param(
            "Norco 10/325 mg #120", "tablets", "drug", (120, None, "tablets", None, None), id="dose and count"
        ),
        pytest.param("tramadol 50mg", "tablets", "drug", (None, None, None, None, None), id="a dose is none"),
        pytest.param("ibuprofen 600 mg quantity 90", "tablets", "drug", (90, None, "tablets", None, None), id="word"),
        pytest.param("ECG QTY: 3", "tests", None, (3, None, "tests", None, None), id="qty"),
        pytest.param("#60 with 2 refills", "tablets", "drug", (60, None, "tablets", None, None), id="refills aside"),
        pytest.param("Two refills of #90", "tablets", "drug", (2, None, "refills", None, None), id="refills asked"),
        pytest.param("gel, #60 grams", "grams", "drug", (60, None, "grams", None, None), id="grams"),
        pytest.param("cream 5% 120gm", "grams", "drug", (120, None, "grams", None, None), id="grams glued"),
        pytest.param(
            "PT twice a week for 2 months", "visits", None, (16, None, "visits", 2, 8), id="months of a schedule"
        ),
        pytest.param("follow-up visits, 6", "visits", None, (6, None, "visits", None, None), id="the unit first"),
        pytest.param(
            "H-wave unit rental for 30 days", "device or months", None, (30, None, "days", None, None), id="a rental"
        ),
        pytest.param(
            "Functional restoration program, 160 hours",
            "hours or days",
            None,
            (160, None, "hours", None, None),
            id="one of two units",
        ),
        pytest.param("Brace, to be worn for 6 weeks", "device or months", None, (None,) * 5, id="a time of wearing"),
        pytest.param("3 months coverage of a drug", "tablets", "drug", (None, None, None, None, None), id="duration"),
        pytest.param("One injection to the knee", "injections", None, (1, None, "injections", None, None), id="one"),
        pytest.param("rehabilitation 7-10 days", "days", None, (7, 10, "days", None, None), id="days"),
        pytest.param(
            "aide 6 hours per day, 5 times a week for 4 weeks", "hours", None, (120, None, "hours", 5, 4), id="hours"
        ),
        pytest.param("MRI, 1.5 Tesla", "study", None, (None, None, None, None, None), id="tesla"),
        pytest.param("visits (15 mins)", "visits", None, (None, None, None, None, None), id="minutes"),
        pytest.param("a walker", "device", None, (None, None, None, None, None), id="an article is no number"),
    ],
)
def test_quantity(
    text: str, unit: str, category: str | None, expected: tuple[float | None, float | None, str | None, float, float]
) -> None:
    found = quantity_of(text, unit, category)
    assert (found.low, found.high, found.unit, found.per_week, found.weeks) == expected


_phrases = st.sampled_from(
    [
        "twice a week",
        "2-3 times per week for 6 weeks",
        "PT ",
        "İ",
        "#60",
        "x 6",
        "six visits",
        "12",
        "weeks",
        "(10 sessions)",
    ]
)
_texts = st.lists(_phrases | st.text()).map(" ".join)


@given(_texts, st.sampled_from(["visits", "tablets", "grams", "hours", None]))
def test_a_quantity_quotes_the_words_it_was_read_from(text: str, unit: str | None) -> None:
    found = quantity_of(text, unit)
    assert found.span is None or found.span.stands_in(text)
    assert (found.low is None) <= (found.high is None)


@given(_texts, st.text("\n\t ", min_size=1))
def test_leading_blanks_change_no_quantity(text: str, blanks: str) -> None:
    def plain(found: Quantity) -> tuple[object, ...]:
        return found.low, found.high, found.unit, found.per_week, found.weeks

    assert plain(quantity_of(blanks + text, "visits")) == plain(quantity_of(text, "visits"))
