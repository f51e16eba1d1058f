"""Filters and counts over rows made at random: what fits is what a plain loop finds, and the counts add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Outcome
from assistant.library.filters import DecisionFilter, FacetName, FactRow, facts_of

_DAYS = [date(2015, 3, 1), date(2016, 12, 31), date(2017, 1, 1)]
_names = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)
_rows = st.builds(
    FactRow,
    outcome=st.sampled_from([o.value for o in Outcome]),
    illustrative=st.booleans(),
    modified=st.booleans(),
    decided=st.none() | st.sampled_from(_DAYS),
    service=st.none() | st.sampled_from(["a", "b"]),
    regions=_names,
    guidelines=_names,
    specialties=_names,
)
_some = st.none() | st.sampled_from(["a", "b", "absent"])
_filters = st.builds(
    DecisionFilter,
    outcome=st.none() | st.sampled_from(Outcome),
    service=_some,
    region=_some,
    guideline=_some,
    decided_from=st.none() | st.sampled_from(_DAYS),
    decided_to=st.none() | st.sampled_from(_DAYS),
    specialty=_some,
    modified=st.none() | st.booleans(),
    illustrative=st.none() | st.booleans(),
)


def fits(row: FactRow, where: DecisionFilter) -> bool:
    """The filter in plain words."""
    return (
        (where.outcome is None or row.outcome == where.outcome.value)
        and where.service in (None, row.service)
        and (where.region is None or where.region in row.regions)
        and (where.guideline is None or where.guideline in row.guidelines)
        and (where.specialty is None or where.specialty in row.specialties)
        and where.modified in (None, row.modified)
        and where.illustrative in (None, row.illustrative)
        and (where.decided_from is None or (row.decided is not None and row.decided >= where.decided_from))
        and (where.decided_to is None or (row.decided is not None and row.decided <= where.decided_to))
    )


@given(st.lists(_rows, max_size=12), _filters)
def test_a_mask_is_what_a_plain_loop_finds(rows: list[FactRow], where: DecisionFilter) -> None:
    assert facts_of(rows).mask(where).tolist() == [fits(row, where) for row in rows]


@given(st.lists(_rows, max_size=12), _filters, st.data())
def test_a_count_is_what_choosing_its_value_leaves(
    rows: list[FactRow], where: DecisionFilter, data: st.DataObject
) -> None:
    matched = [data.draw(st.booleans()) for _ in rows]
    counts = facts_of(rows).counts(np.array(matched, np.bool_), where)
    fields = {FacetName.SERVICE: "service", FacetName.REGION: "region", FacetName.GUIDELINE: "guideline"}
    for name, field in fields.items():
        for count in counts[name]:
            chosen = replace(where, outcome=None, **{field: count.value})
            left = [row for row, match in zip(rows, matched, strict=True) if match and fits(row, chosen)]
            real = [row.outcome for row in left if not row.illustrative]
            assert (count.upheld, count.overturned) == (real.count("Upheld"), real.count("Overturned"))
            assert count.illustrative == len(left) - len(real)
            assert left


@given(st.lists(_rows, max_size=8), st.lists(_rows, max_size=8), _filters)
def test_rows_added_later_are_as_if_they_had_been_there(
    first: list[FactRow], later: list[FactRow], where: DecisionFilter
) -> None:
    joined, whole = facts_of(first).joined(facts_of(later)), facts_of(first + later)
    assert joined.mask(where).tolist() == whole.mask(where).tolist()
    everything = whole.mask(DecisionFilter())
    assert joined.counts(everything, where) == whole.counts(everything, where)


def test_modified_and_years_are_counted_too() -> None:
    row = FactRow("Upheld", False, True, date(2016, 5, 1), "a", ["neck"], [], [])
    counts = facts_of([row]).counts(facts_of([row]).mask(DecisionFilter()), DecisionFilter())
    assert [count.value for count in counts[FacetName.MODIFIED]] == ["yes"]
    assert [(count.value, count.real) for count in counts[FacetName.YEAR]] == [("2016", 1)]
