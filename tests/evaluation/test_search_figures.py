"""How often past decisions are found again, by service and by their own words."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_corpus import BACK, NEEDLES

from assistant.domain import CaseSummary, CitedGuideline, Outcome
from assistant.evaluation.gold import GoldIssue, GoldLetter
from assistant.evaluation.readings import Asked
from assistant.evaluation.searching import lead_of, misspelled, own_words, search_figures, timings
from assistant.library.library import Library

DAY = date(2016, 12, 21)
CASE = CaseSummary("A baker.", None, None, None, (), ())


def asked(number: str, service: str, cited: str, rationale: str | None) -> Asked:
    issue = GoldIssue(service, (CitedGuideline(cited),), outcome=Outcome.UPHELD, rationale=rationale)
    return Asked(GoldLetter(number, CASE.text, DAY, (issue,)), CASE, DAY)


@pytest.fixture
def letters(library: Library) -> list[Asked]:
    letters = [
        asked("A", "needling", NEEDLES, "Bread ovens were hot and the baker slept badly for many weeks on end."),
        asked("B", "needling", BACK, "Flour dust made the second worker cough through every single winter night."),
        asked("C", "gym pass", BACK, None),
    ]
    library.add_determinations({one.letter.case_number: one.letter.determination() for one in letters})
    return letters


def test_shares_count_what_could_be_found(library: Library, letters: list[Asked]) -> None:
    figures: dict[str, Any] = search_figures(library, letters)
    assert {name: (figure["value"], figure["n"]) for name, figure in figures.items()} == {
        "same_kind@10": (1.0, 2),  # no other letter is about a gym
        "same_lead@10": (1.0, 2),  # nor cites what A cites
        "known@1": (1.0, 2),  # C gives no reason
        "known@10": (1.0, 2),
        "misspelt@10": (1.0, 2),
    }


def test_timings_are_of_each_issue(library: Library, letters: list[Asked]) -> None:
    ticks = count()
    found = timings(library, letters, clock=lambda: next(ticks) / 1000)
    assert found == {
        "governing_ms": {"median": 1.0, "p95": 1.0, "n": 3},
        "search_ms": {"median": 1.0, "p95": 1.0, "n": 3},
    }


def test_own_words_are_the_middle_ones() -> None:
    assert own_words(" ".join(map(str, range(20)))) == " ".join(map(str, range(4, 16)))
    assert own_words("only three words") == "only three words"


@given(st.text("abcdefgh ", max_size=60))
def test_misspelling_swaps_neighbours_inside_longer_words_only(words: str) -> None:
    changed = misspelled(words)
    assert misspelled(words) == changed
    assert [sorted(word) for word in changed.split(" ")] == [sorted(word) for word in words.split(" ")]
    assert all(a == b for a, b in zip(words.split(" "), changed.split(" "), strict=True) if len(a) < 5)


def test_the_first_guideline_leads() -> None:
    remark = CitedGuideline("outside MTUS")
    assert lead_of(GoldIssue("s", (remark, CitedGuideline("ODG"), CitedGuideline(BACK)))) == "odg"
    assert lead_of(GoldIssue("s", (remark,))) is None
