"""Outcomes of real decisions by group: illustrative ones never count, and each group's search finds what it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, letter_text, many_letters

from assistant.domain import Outcome
from assistant.library.choices import Choices
from assistant.library.filters import FactRow, facts_of
from assistant.library.found import Query
from assistant.library.insights import By, overview
from assistant.library.library import Library


@pytest.fixture
def filled(library: Library, tmp_path: Path) -> Library:
    """Twenty real letters beside the two illustrative ones, and one whose request utilization review had modified."""
    many_letters(tmp_path, 20)
    modified = letter_text("CM17-0000020", [("Acupuncture x12 (modified to 6)", "Upheld", ACUPUNCTURE, "No gain.")])
    (tmp_path / "letter-020.txt").write_text(modified)
    library.import_paths(sorted(tmp_path.glob("letter-*.txt")))
    return library


def found(library: Library, choices: Choices) -> dict[Outcome, int]:
    """How many decisions the Decisions view finds by these choices, all of them counted."""
    answer = library.search(Query("", library.filter_of(choices), limit=200))
    assert answer.matching_illustrative == 0
    assert len(answer.results) == answer.total
    return dict(answer.matching)


@pytest.mark.parametrize("service", [None, "acupuncture"])
def test_each_group_leads_to_as_many_decisions_as_it_counts(filled: Library, service: str | None) -> None:
    seen = filled.overview(service)
    for outcomes in seen.by.values():
        assert outcomes.groups
        for group in (seen.all, *outcomes.groups):
            sides = {Outcome.UPHELD: group.upheld, Outcome.OVERTURNED: group.overturned}
            assert found(filled, group.choices) == sides
            for outcome, count in sides.items():
                assert found(filled, group.choices_for(outcome))[outcome] == count


def test_illustrative_decisions_never_count(library: Library) -> None:
    seen = library.overview(None)
    assert library.search(Query("acupuncture")).matching_illustrative == 2
    assert (seen.letters, seen.all.upheld, seen.all.overturned, seen.services) == (0, 0, 0, ())
    assert {outcomes.groups for outcomes in seen.by.values()} == {()}


def test_groups_add_up_and_carry_their_names(filled: Library) -> None:
    seen = filled.overview(None)
    by_service = seen.by[By.SERVICE]
    assert {group.label for group in by_service.groups} == {"Acupuncture", "MRI of the lumbar spine", "Gym membership"}
    sizes = [group.overturned_share.n for group in by_service.groups]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(group.upheld + group.overturned for group in by_service.groups) + by_service.without == 40
    assert (seen.all.upheld + seen.all.overturned, seen.letters) == (40, 21)
    assert [(group.label, group.upheld) for group in seen.by[By.REVIEW].groups][1] == ("Certified a part", 1)
    assert (seen.first, seen.last) == (date(2016, 12, 21), date(2016, 12, 21))


_ROW = FactRow("Upheld", False, False, None, "a", [], [], [])


def _times(*days: date | None) -> list[tuple[str, int, str | None, str | None]]:
    groups = overview(facts_of([replace(_ROW, decided=day) for day in days]), 1, None, str).by[By.TIME].groups
    return [(g.label, g.upheld, g.choices.decided_from, g.choices.decided_to) for g in groups]


def test_time_is_told_in_quarters_without_a_gap() -> None:
    assert _times(date(2016, 12, 31), date(2017, 4, 1), None) == [
        ("2016 Q4", 1, "2016-10-01", "2016-12-31"),
        ("2017 Q1", 0, "2017-01-01", "2017-03-31"),
        ("2017 Q2", 1, "2017-04-01", "2017-06-30"),
    ]


def test_a_long_time_is_told_in_years() -> None:
    told = _times(date(2013, 5, 1), date(2017, 5, 1))
    assert told[0] == ("2013", 1, "2013-01-01", "2013-12-31")
    assert [label for label, *_ in told] == ["2013", "2014", "2015", "2016", "2017"]


def test_decisions_without_a_value_are_counted_apart() -> None:
    seen = overview(facts_of([_ROW, replace(_ROW, service=None, regions=["neck"])]), 1, None, str)
    assert {by: seen.by[by].without for by in (By.SERVICE, By.REGION, By.TIME)} == {
        By.SERVICE: 1,
        By.REGION: 1,
        By.TIME: 2,
    }
