"""What a text claims: each form of number, date, level, side and code, one row a form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.drafting.claims import Kind, claims_in, date_covers


def _read(text: str, kind: Kind) -> list[tuple[str, str | None]]:
    return [(claim.value, claim.unit) for claim in claims_in(text) if claim.kind is kind]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("8 visits", [("8", "visit")], id="digits"),
        pytest.param("Eight sessions", [("8", "visit")], id="a word"),
        pytest.param("twenty-four visits", [("24", "visit")], id="a word of two parts"),
        pytest.param("8 prior visits", [("8", "visit")], id="a word before the unit"),
        pytest.param("12 physical therapy sessions", [("12", "visit")], id="the therapy before the unit"),
        pytest.param("8 visits of PT and 6 of acupuncture", [("8", "visit"), ("6", None)], id="the unit once"),
        pytest.param("3-6 treatments", [("3..6", "visit")], id="a range"),
        pytest.param("three to six sessions", [("3..6", "visit")], id="a range in words"),
        pytest.param("between 3 and 6 visits", [("3..6", "visit")], id="a range by between"),
        pytest.param("two to three times a week for 4 weeks", [("2..3", "per week"), ("4", "week")], id="a schedule"),
        pytest.param("twice weekly", [("2", "per week")], id="twice weekly"),
        pytest.param("four times a day", [("4", "per day")], id="times a day"),
        pytest.param("five hours a night", [("5", "hours per day")], id="hours a night"),
        pytest.param("Norco TID", [("3", "per day")], id="Latin"),
        pytest.param("10 mg", [("10", "mg")], id="milligrams"),
        pytest.param("10mg", [("10", "mg")], id="no blank"),
        pytest.param(".5 mg and 0.5 mg", [("0.5", "mg"), ("0.5", "mg")], id="decimals"),
        pytest.param("1,200 mg", [("1200", "mg")], id="thousands"),
        pytest.param("Norco #120", [("120", "tablet")], id="number sign"),
        pytest.param("quantity of 60", [("60", "tablet")], id="quantity"),
        pytest.param("120 tablets", [("120", "tablet")], id="tablets"),
        pytest.param("PT x12", [("12", None)], id="x and a number"),
        pytest.param("50% relief, 50 percent", [("50", "%"), ("50", "%")], id="percent"),
        pytest.param("a 55-year-old man", [("55", "age")], id="age"),
        pytest.param("aged 44", [("44", "age")], id="age by aged"),
        pytest.param("39 y/o female", [("39", "age")], id="age by letters"),
        pytest.param("over 65 years of age", [("65", "age")], id="years of age"),
        pytest.param("a second injection, the 3rd visit", [("2th", None), ("3th", None)], id="ordinals"),
        pytest.param("does not require one where", [], id="one as a pronoun"),
        pytest.param("one session", [("1", "visit")], id="one of a thing"),
        pytest.param("$500", [("500", "$")], id="money"),
        pytest.param("12-week course", [("12", "week")], id="hyphened unit"),
        pytest.param("L4-5 and T10 on 11/14/2016", [], id="levels and dates are no numbers"),
    ],
)
def test_numbers(text: str, numbers: list[tuple[str, str | None]]) -> None:
    assert _read(text, Kind.NUMBER) == numbers


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("at most 6 visits", "most"),
        ("up to 6 visits", "most"),
        ("no more than 6 visits", "most"),
        ("at least 6 visits", "least"),
        ("more than 6 visits", "over"),
        ("less than 6 visits", "under"),
        ("6 visits", None),
    ],
)
def test_limits(text: str, limit: str | None) -> None:
    assert [claim.limit for claim in claims_in(text)] == [limit]


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        pytest.param("pain 8/10", ["8/10"], id="slash"),
        pytest.param("8 out of 10", ["8/10"], id="out of"),
        pytest.param("8 of 10", ["8/10"], id="of"),
        pytest.param("6-8/10", ["6..8/10"], id="range"),
        pytest.param("strength 4+/5", ["4+/5"], id="half a grade"),
        pytest.param("Norco 10/325 mg", ["10/325"], id="strengths of two drugs"),
        pytest.param("blood pressure 116 over 78", ["116/78"], id="pressure"),
        pytest.param("on 2/4/03", [], id="a date is no score"),
    ],
)
def test_scores(text: str, scores: list[str]) -> None:
    assert [value for value, _ in _read(text, Kind.SCORE)] == scores


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        pytest.param("on 11/14/2016", ["2016-11-14"], id="slashes"),
        pytest.param("on 2/4/03", ["2003-02-04"], id="two-digit year of this century"),
        pytest.param("on 2/4/87", ["1987-02-04"], id="two-digit year of the last"),
        pytest.param("on 10-16-2016", ["2016-10-16"], id="hyphens"),
        pytest.param("on 10- 30-2016", ["2016-10-30"], id="a stray blank"),
        pytest.param("2016-11-14", ["2016-11-14"], id="ISO"),
        pytest.param("November 14, 2016", ["2016-11-14"], id="month in words"),
        pytest.param("14 November 2016", ["2016-11-14"], id="day first"),
        pytest.param("the 3rd of May 2016", ["2016-05-03"], id="day of month"),
        pytest.param("Nov. 2016 and 11/2016", ["2016-11-", "2016-11-"], id="month and year"),
        pytest.param("in September strength was normal", ["-09-"], id="a month alone"),
        pytest.param("on June 8 he", ["-06-08"], id="no year"),
        pytest.param("since 2014", ["2014--"], id="a year"),
        pytest.param("he may return", [], id="may is no month here"),
        pytest.param("13/45/2016", [], id="no such day"),
        pytest.param("pain 6-8/10", [], id="mixed marks are no date"),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert [value for value, _ in _read(text, Kind.DATE)] == dates


@pytest.mark.parametrize(
    ("exact", "claimed", "covered"),
    [
        ("2016-11-14", "2016-11-14", True),
        ("2016-11-14", "2016-11-", True),
        ("2016-11-14", "-11-", True),
        ("2016-11-", "2016-11-14", False),
        ("2016-11-14", "2016-12-", False),
    ],
)
def test_a_vaguer_date_says_nothing_new(exact: str, claimed: str, covered: bool) -> None:
    assert date_covers(exact, claimed) is covered


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        pytest.param("L4-5", ["L4-L5"], id="short"),
        pytest.param("L4-L5, L4/5, L4/L5, L 4-5", ["L4-L5"] * 4, id="the same four ways"),
        pytest.param("L4 to L5", ["L4-L5"], id="to"),
        pytest.param("L5-S1 and C5-6", ["L5-S1", "C5-C6"], id="two"),
        pytest.param("T12-L1", ["T12-L1"], id="across regions"),
        pytest.param("left L5 root", ["L5"], id="one"),
        pytest.param("Ll-2", ["L1-L2"], id="read from a scan"),
        pytest.param("L3670, T1000, C15", [], id="no vertebra"),
    ],
)
def test_levels(text: str, levels: list[str]) -> None:
    assert [value for value, _ in _read(text, Kind.LEVEL)] == levels


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        pytest.param("left knee and right ankle", ["left", "right"], id="words"),
        pytest.param("left-sided pain", ["left"], id="sided"),
        pytest.param("bilateral knees, b/l wrists, both hips", ["bilateral"] * 3, id="both"),
        pytest.param("R knee, L shoulder", ["right", "left"], id="letters before a part"),
        pytest.param("he left the room, right now", [], id="no sides"),
        pytest.param("on the left at 50 degrees, the right after", ["left", "right"], id="a side and a word after it"),
        pytest.param("the plan is left shoulder surgery", ["left"], id="left after is"),
        pytest.param("which is left open", [], id="left open"),
        pytest.param("both drugs", [], id="both of something else"),
    ],
)
def test_sides(text: str, sides: list[str]) -> None:
    assert [value for value, _ in _read(text, Kind.SIDE)] == sides


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("8 CCR 9792.24.1", ["8 CCR 9792.24.1"]),
        ("Labor Code 4610.5(c)(2)", ["4610.5(C)(2)"]),
        ("M54.5 and L3670", ["M54.5", "L3670"]),
        ("PT 2x6", ["2X6"]),
        ("12-week", []),
    ],
)
def test_codes(text: str, codes: list[str]) -> None:
    assert [value for value, _ in _read(text, Kind.CODE)] == codes


_phrases = st.sampled_from(
    [
        "8 visits",
        "L4-5",
        "2-3 times a week",
        "on 11/14/2016",
        "8/10",
        "#120",
        "İ",
        "ß",
        "left",
        "twenty-",
        "10/325 mg",
        "\u00a0",
    ]
)


@given(st.lists(_phrases | st.text()).map(" ".join))
def test_any_text_is_read_and_no_claim_overlaps_another(text: str) -> None:
    claims = claims_in(text)
    assert all(0 <= claim.start < claim.end <= len(text) for claim in claims)
    assert all(a.end <= b.start for a, b in zip(claims, claims[1:], strict=False))


@given(st.lists(_phrases).map(" ".join), st.text("\n\t ", min_size=1))
def test_leading_blanks_move_claims_and_change_nothing_else(text: str, blanks: str) -> None:
    moved = [(c.kind, c.value, c.unit, c.start - len(blanks)) for c in claims_in(blanks + text)]
    assert moved == [(c.kind, c.value, c.unit, c.start) for c in claims_in(text)]
