"""Intervals of shares and of their differences: the values that their authors print, and what holds for any counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.intervals import Proportion, difference

# R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), 857-872,
# table I, method 3 (Wilson).
_WILSON = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
# R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17
# (1998), 873-890, table II, method 10.
_NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
]
proportions = st.integers(1, 5000).flatmap(lambda n: st.builds(Proportion, st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("hits", "n", "low", "high"), _WILSON)
def test_wilson_is_as_printed(hits: int, n: int, low: float, high: float) -> None:
    assert Proportion(hits, n).interval == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("one", "other", "low", "high"), _NEWCOMBE)
def test_newcombe_is_as_printed(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    found = difference(Proportion(*one), Proportion(*other))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.clear == (low > 0 or high < 0)


@given(proportions, proportions)
def test_an_interval_holds_its_share_and_a_difference_turns_round(one: Proportion, other: Proportion) -> None:
    low, high = one.interval
    assert one.share is not None
    assert 0 <= low <= one.share <= high <= 1
    there, back = difference(one, other), difference(other, one)
    assert there is not None
    assert back is not None
    assert -1 - 1e-9 <= there.low <= there.value <= there.high <= 1 + 1e-9
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))


def test_nothing_is_known_of_no_case() -> None:
    assert Proportion(0, 0).share is None
    assert Proportion(0, 0).interval == (0.0, 1.0)
    assert difference(Proportion(0, 0), Proportion(1, 2)) is None
    assert [Proportion(1, n).small for n in (19, 20)] == [True, False]


@pytest.mark.parametrize(("hits", "n"), [(3, 2), (-1, 2)])
def test_more_hits_than_cases_are_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        Proportion(hits, n)
