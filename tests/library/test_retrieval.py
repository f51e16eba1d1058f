"""Search over decisions: words and meaning fused, filters, counts of real ones, snippets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_library import ACUPUNCTURE, letter_text, many_letters

from assistant.domain import CaseSummary, DisputedService, Outcome
from assistant.library.filters import DecisionFilter
from assistant.library.library import Library
from assistant.library.retrieval import Query, fused
from assistant.library.snippets import snippet_of

NOBODY = CaseSummary("", None, None, None, (), ())


@pytest.fixture
def filled(library: Library, tmp_path: Path) -> Library:
    """A library with twenty real letters."""
    many_letters(tmp_path, 20)
    library.import_paths(sorted(tmp_path.glob("letter-*.txt")))
    return library


def test_words_lead_to_their_decision(filled: Library) -> None:
    found = filled.search(Query("MRI of worker 7", limit=5))
    assert len(found.results) == 5
    assert "mri_lumbar" in {r.service_kind for r in found.results}
    assert all(0 < r.score <= 1 for r in found.results)
    assert [r.score for r in found.results] == sorted((r.score for r in found.results), reverse=True)
    assert found.took_ms >= 0


def test_filters_hold_for_every_result_and_counts_are_of_real_ones(filled: Library) -> None:
    for outcome in (None, *Outcome):
        for service in (None, "acupuncture", "gym_membership"):
            found = filled.search(Query("acupuncture or gym for a worker", DecisionFilter(outcome, service), limit=30))
            assert found.results
            assert all(outcome in (None, r.outcome) and service in (None, r.service_kind) for r in found.results)
            real = [r for r in found.results if not r.illustrative]
            assert found.outcomes == {o: sum(r.outcome is o for r in real) for o in Outcome}


def test_a_case_number_among_the_words_leads(filled: Library) -> None:
    found = filled.search(Query("gym cm17-0000005"))
    assert [r.decision_id for r in found.results[:3]] == [f"CM17-0000005-{i}" for i in (1, 2, 3)]
    only = filled.search(Query("CM17-0000005", DecisionFilter(Outcome.UPHELD)))
    assert all(r.outcome is Outcome.UPHELD for r in only.results)


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_no_words_find_nothing(filled: Library, words: str) -> None:
    assert filled.search(Query(words)).results == ()


def test_limits_are_kept(filled: Library) -> None:
    assert filled.search(Query("worker", limit=0)).results == ()
    assert filled.search(Query("worker", limit=-3)).results == ()
    assert len(filled.search(Query("worker", limit=1)).results) == 1
    assert len(filled.search(Query("worker", limit=10_000)).results) <= 200


def test_a_decision_without_an_outcome_is_not_found(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(letter_text("CM16-0000001", [("Acupuncture", "Upheld", ACUPUNCTURE, "Marzipan.")]))
    library.import_paths([path])
    assert library.search(Query("marzipan")).results[0].case_number == "CM16-0000001"


def test_similar_shows_both_sides_the_same_kind_first_and_real_before_illustrative(filled: Library) -> None:
    service = DisputedService("Acupuncture for the neck, 8 sessions", "acupuncture")
    shown = filled.similar(service, NOBODY, per_outcome=5)
    for outcome in Outcome:
        side = [s for s in shown if s.outcome is outcome]
        assert len(side) == 5
        kinds = ["cupuncture" in s.service for s in side]
        assert kinds == sorted(kinds, reverse=True)
        of_kind = [s.illustrative for s in side if "cupuncture" in s.service]
        assert of_kind == sorted(of_kind)


def test_similar_for_an_unknown_kind_shows_both_sides(filled: Library) -> None:
    shown = filled.similar(DisputedService("gym", None), NOBODY)
    assert {s.outcome for s in shown} == set(Outcome)


def test_fusion_rewards_what_leads_both_rankings() -> None:
    scores = fused([(["a", "b", "c"], 0.5), (["a", "c"], 0.5)])
    assert scores["a"] == 1.0
    assert scores["a"] > scores["c"] > scores["b"]
    assert fused([]) == {}


TEXT = "The guideline asks for findings. " * 20 + "Weakness of the ankle was found. " + "No more was said. " * 20


def test_a_snippet_shows_the_words_that_matched() -> None:
    snippet = snippet_of(TEXT, "ankle weakness")
    assert "Weakness of the ankle" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) <= 246


def test_a_short_text_is_its_own_snippet() -> None:
    assert snippet_of("Short  text.", "other") == "Short text."


@given(st.text(), st.text(max_size=40))
def test_a_snippet_is_a_piece_of_the_text(text: str, words: str) -> None:
    piece = snippet_of(text, words).removeprefix("… ").removesuffix(" …")
    assert piece in " ".join(text.split())
