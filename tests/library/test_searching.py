"""A search for decisions: what matches, filters and counts, likeness, order, pages, and both outcomes in sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, letter_text, many_letters
from sqlalchemy import text

import assistant.library.searching
from assistant.database import writing
from assistant.domain import Outcome
from assistant.errors import NotThere
from assistant.library.filters import DecisionFilter, FacetName
from assistant.library.found import Found, Query
from assistant.library.library import Library
from assistant.library.sort import Sort
from assistant.library.stored_vectors import Shelf

FILTERS = [
    DecisionFilter(Outcome.OVERTURNED),
    DecisionFilter(service="acupuncture"),
    DecisionFilter(region="low back"),
    DecisionFilter(guideline="ODG"),
    DecisionFilter(decided_from=date(2016, 12, 21), decided_to=date(2016, 12, 21)),
    DecisionFilter(specialty="Family Practice"),
    DecisionFilter(modified=False),
    DecisionFilter(modified=True),
    DecisionFilter(illustrative=True),
    DecisionFilter(Outcome.UPHELD, service="gym_membership", guideline="ODG", illustrative=False),
]


@pytest.fixture
def filled(library: Library, tmp_path: Path) -> Library:
    """A library with twenty real letters, one of them on a request that utilization review had modified."""
    many_letters(tmp_path, 20)
    (tmp_path / "letter-020.txt").write_text(
        letter_text("CM17-0000020", [("Acupuncture x12 (modified to 6)", "Upheld", ACUPUNCTURE, "Marzipan, no gain.")])
    )
    library.import_paths(sorted(tmp_path.glob("letter-*.txt")))
    return library


def fits(library: Library, found: Found, where: DecisionFilter) -> bool:
    rows = library._in.vectors.shelved(Shelf.DECISIONS)
    fitting = rows.facts.mask(where)
    return all(fitting[rows.places[r.decision_id]] for r in found.results)


@pytest.mark.parametrize("where", FILTERS)
@pytest.mark.parametrize("words", ["acupuncture for a worker", "marzipan", ""])
def test_every_result_fits_the_filter(filled: Library, words: str, where: DecisionFilter) -> None:
    found = filled.search(Query(words, where, limit=100))
    assert found.results
    assert fits(filled, found, where)
    counted = [r for r in found.results if not r.beyond]
    assert len(counted) == found.total
    real = [r for r in counted if not r.illustrative]
    assert found.matching == {o: sum(r.outcome is o for r in real) for o in Outcome}


def test_a_count_is_the_number_of_decisions_that_choosing_it_leaves(filled: Library) -> None:
    found = filled.search(Query("worker weighs gym", DecisionFilter(Outcome.UPHELD), facets=True))
    fields = {FacetName.SERVICE: "service", FacetName.REGION: "region", FacetName.GUIDELINE: "guideline"}
    for name, field in fields.items():
        assert found.facets[name]
        for count in found.facets[name]:
            left = filled.search(Query("worker weighs gym", DecisionFilter(**{field: count.value})))
            assert left.matching == {Outcome.UPHELD: count.upheld, Outcome.OVERTURNED: count.overturned}
            assert left.matching_illustrative == count.illustrative


def test_services_are_counted_under_their_names(filled: Library) -> None:
    found = filled.search(Query("", facets=True))
    assert found.results == ()
    assert {count.shown for count in found.facets[FacetName.SERVICE]} == {
        "Acupuncture",
        "MRI of the lumbar spine",
        "Gym membership",
    }


def test_what_is_only_near_follows_the_matches(filled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant.library.searching, "NEAR", 1.1)
    found = filled.search(Query("marzipan", DecisionFilter(service="gym_membership"), limit=5))
    assert found.total == 0
    assert [r.beyond for r in found.results] == [True] * 5


def test_without_words_the_newest_come_first(filled: Library) -> None:
    found = filled.search(Query("", DecisionFilter(service="acupuncture"), limit=100))
    days = [r.decided for r in found.results]
    assert days == sorted(days, reverse=True)
    by_date = filled.search(Query("acupuncture worker", sort=Sort.DATE, limit=100))
    days = [r.decided for r in by_date.results if not r.beyond]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("sort", Sort)
def test_pages_follow_each_other_without_a_gap(filled: Library, sort: Sort) -> None:
    whole = filled.search(Query("worker weighs", limit=30, sort=sort)).results
    pages = [filled.search(Query("worker weighs", limit=10, offset=at, sort=sort)).results for at in (0, 10, 20)]
    assert [r for page in pages for r in page] == list(whole)


def test_more_like_this_leaves_the_decision_itself_out(filled: Library) -> None:
    like = filled.search(Query("", like="CM17-0000020-1", limit=10))
    assert like.results[0].service_kind == "acupuncture"
    assert "CM17-0000020-1" not in {r.decision_id for r in like.results}
    only = filled.search(Query("", DecisionFilter(Outcome.OVERTURNED), like="CM17-0000020-1"))
    assert {r.outcome for r in only.results} == {Outcome.OVERTURNED}
    with pytest.raises(NotThere, match="no decision nope"):
        filled.search(Query("", like="nope"))


def test_the_best_of_the_other_outcome_is_shown_apart(filled: Library) -> None:
    first = filled.search(Query("marzipan", limit=1))
    assert first.results[0].decision_id == "CM17-0000020-1"
    assert first.other_side is not None
    assert first.other_side.outcome is Outcome.OVERTURNED
    assert first.outcomes == {Outcome.UPHELD: 1, Outcome.OVERTURNED: 0}
    both = filled.search(Query("worker", limit=40))
    assert {r.outcome for r in both.results} == set(Outcome)
    assert both.other_side is None
    assert filled.search(Query("marzipan", DecisionFilter(Outcome.UPHELD), limit=1)).other_side is None


def test_marks_stand_on_the_words(filled: Library) -> None:
    best = filled.search(Query("marzipans gain")).results[0]
    assert [best.snippet[start:end] for start, end in best.marks] == ["Marzipan", "gain"]


def test_a_letter_left_out_is_neither_found_nor_counted(filled: Library) -> None:
    without = filled.leaving_out("CM17-0000020")
    found = without.search(Query("marzipan CM17-0000020"))
    assert found.results
    assert "CM17-0000020" not in {r.case_number for r in found.results}
    found = without.search(Query("acupuncture", facets=True))
    assert {count.value for count in found.facets[FacetName.MODIFIED]} == {"no"}


def test_a_library_of_an_earlier_version_is_filled_on_opening(opened: Callable[[], Library], tmp_path: Path) -> None:
    library = opened()
    letter = tmp_path / "letter.txt"
    letter.write_text(letter_text("CM17-0000001", [("Gym, left knee (modified to 1)", "Upheld", "ODG", "No plan.")]))
    library.import_paths([letter])
    with writing(library._in.store.engine) as session:  # as the migration leaves what was there before it
        session.execute(text("UPDATE decisions SET body_regions = '[]', ur_modified = false"))
        session.execute(text("DELETE FROM meta WHERE key = 'corpus_hash'"))
    library.close()
    found = opened().search(Query("", DecisionFilter(region="knee", modified=True)))
    assert [r.case_number for r in found.results] == ["CM17-0000001"]
