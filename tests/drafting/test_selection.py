"""Which passages are held against a case: the MTUS first, no stand-in for a text not at hand, few criteria."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant.domain import (
    Candidate,
    CaseSummary,
    Criterion,
    CriterionKind,
    DisputedService,
    Finding,
    Passage,
    Status,
)
from assistant.drafting.selection import MAX_CRITERIA, governing_passages, shown

MakePassage = Callable[..., Passage]


@pytest.fixture
def selected(make_case: Callable[..., CaseSummary], acupuncture: DisputedService) -> Callable[..., tuple[str, ...]]:
    def select(*passages: Passage, service: DisputedService = acupuncture) -> tuple[str, ...]:
        sections = {passage.id: (passage,) for passage in passages}
        candidates = [Candidate(p.guideline, p.section, p.id, 1.0, "why") for p in passages]
        return tuple(p.id for p in governing_passages(candidates, sections.__getitem__, service, make_case("x.")))

    return select


def test_the_mtus_comes_before_others(selected: Any, make_passage: MakePassage, make_criterion: Any) -> None:
    odg = make_passage(make_criterion(), id="odg", guideline="ODG")
    mtus = make_passage(make_criterion(), id="mtus")
    assert selected(odg, mtus) == ("mtus",)
    assert selected(odg) == ("odg",)


def test_nothing_stands_in_for_a_chapter_not_at_hand(
    selected: Any, make_passage: MakePassage, make_criterion: Any
) -> None:
    odg = make_passage(make_criterion(), id="odg", guideline="ODG")
    note = replace(
        make_passage(id="note", guideline="MTUS Low Back Disorders (ACOEM February 13, 2020)"),
        current_without_criteria=True,
    )
    assert selected(note, odg) == ()


def test_a_section_of_the_mtus_without_criteria_is_named_alone(
    selected: Any, make_passage: MakePassage, make_criterion: Any
) -> None:
    odg = make_passage(make_criterion(), id="odg", guideline="ODG")
    assert selected(odg, make_passage(id="section")) == ("section",)


def test_passages_for_other_kinds_or_parts_are_left_out(
    selected: Any, make_passage: MakePassage, make_criterion: Any, acupuncture: DisputedService
) -> None:
    first = make_passage(make_criterion("a"), id="first")
    knee = make_passage(make_criterion("b"), id="knee", body_regions=("knee",))
    other = make_passage(make_criterion("c"), id="other", service_kinds=("massage",))
    back = make_passage(make_criterion("d"), id="back", body_regions=("low back",))
    assert selected(first, knee, other, back) == ("first", "back")


def test_an_unknown_kind_has_none(selected: Any, make_passage: MakePassage, make_criterion: Any) -> None:
    passage = make_passage(make_criterion(), service_kinds=("acupuncture",))
    assert selected(passage, service=DisputedService("Zorblax", None)) == ()


def test_what_may_decide_is_never_dropped(make_criterion: Callable[..., Criterion]) -> None:
    idle = [
        Finding(
            make_criterion(f"idle{n}", kind=CriterionKind.CONTRAINDICATION), "p", Status.NOT_FOUND, "It names nothing."
        )
        for n in range(20)
    ]
    deciding = Finding(make_criterion("deciding"), "p", Status.NOT_FOUND, "The summary does not state it.")
    kept = shown([*idle, deciding])
    assert len(kept) == MAX_CRITERIA
    assert deciding in kept
