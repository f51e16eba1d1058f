"""What is hidden and what is lost, measured over generated notes: those worked on, and those set aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hiding_measured import Figures, measure
from made_notes import DATES, IDS, PEOPLE, PHONES, SET_ASIDE, WORKED_ON, notes

from assistant.privacy import Deidentifier

_IN_NO_LIST = frozenset(f"{field}, in no list" for field in PEOPLE)


@pytest.fixture(scope="module", params=[(WORKED_ON, 1), (SET_ASIDE, 2)], ids=["worked on", "set aside"])
def figures(request: pytest.FixtureRequest, new_case: Callable[..., Deidentifier]) -> Figures:
    """200 notes of a set of templates, hidden and restored."""
    templates, seed = request.param
    assert isinstance(templates, Path)
    return measure(notes(templates, 200, seed), lambda note: new_case(note.title.encode()))


def test_numbers_dates_telephones_and_high_ages_are_hidden(figures: Figures) -> None:
    shares = {
        "ids": figures.recall(IDS),
        "dates": figures.recall(DATES),
        "phones": figures.recall(PHONES),
        "ages": figures.recall(frozenset({"age90"})),
    }
    assert {name: share for name, share in shares.items() if share < 0.99} == {}, figures.missed


def test_names_that_stand_in_no_list_are_hidden(figures: Figures) -> None:
    in_no_list = sum(figures.planted[field] for field in _IN_NO_LIST)
    assert in_no_list >= sum(figures.planted[field] for field in PEOPLE) / 2
    assert figures.recall(_IN_NO_LIST) >= 0.95
    assert figures.recall(PEOPLE) >= 0.95


def test_clinical_terms_stay(figures: Figures) -> None:
    assert figures.planted["term"] > 1000
    assert len(figures.lost) <= 0.005 * figures.planted["term"], figures.lost


def test_every_note_comes_back_exactly(figures: Figures) -> None:
    assert figures.inexact == 0
