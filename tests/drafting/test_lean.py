"""Where findings point: what fails, what is met, what only the reviewer can say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain import Confidence, Criterion, CriterionKind, Finding, Outcome, Status, Strength
from assistant.drafting.lean import lean_of, requirements

Find = Callable[..., Finding]


@pytest.fixture
def find(make_criterion: Callable[..., Criterion]) -> Find:
    def found(id: str, status: Status, **fields: Any) -> Finding:
        return Finding(make_criterion(id, **fields), "p", status, "The summary does not state it.")

    return found


PREREQUISITE, LIMIT = CriterionKind.PREREQUISITE, CriterionKind.LIMIT


def test_a_documentation_duty_not_met_points_strongly_to_upheld(find: Find) -> None:
    lean = lean_of([find("a", Status.NOT_FOUND), find("b", Status.SUPPORTED, kind=LIMIT)])
    assert (lean.outcome, lean.strength, lean.by, lean.other_way) == (
        Outcome.UPHELD,
        Strength.STRONG,
        ("a",),
        ("b",),
    )


def test_a_prerequisite_not_found_is_weak_and_one_contradicted_is_strong(find: Find) -> None:
    assert lean_of([find("a", Status.NOT_FOUND, kind=PREREQUISITE)]).strength is Strength.WEAK
    assert lean_of([find("a", Status.CONTRADICTED, kind=PREREQUISITE)]).strength is Strength.STRONG


def test_everything_met_points_to_overturned(find: Find) -> None:
    lean = lean_of([find("a", Status.SUPPORTED), find("b", Status.SUPPORTED, kind=PREREQUISITE)])
    assert (lean.outcome, lean.strength) == (Outcome.OVERTURNED, Strength.STRONG)
    assert set(lean.by) == {"a", "b"}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"confidence": Confidence.MEDIUM}, id="not sure"),
        pytest.param({"checked": False}, id="not checked"),
        pytest.param({"judgement": True}, id="a matter of judgement"),
        pytest.param({"applies_when": "the pain is chronic"}, id="not known to apply"),
    ],
)
def test_what_may_not_decide_moves_nothing(fields: dict[str, Any], find: Find) -> None:
    assert lean_of([find("a", Status.NOT_FOUND, **fields)]).outcome is None


def test_limits_alone_overturn_nothing(find: Find) -> None:
    assert lean_of([find("a", Status.SUPPORTED, kind=LIMIT)]).outcome is None


def test_a_decisive_one_left_to_the_reviewer_gives_no_lean(find: Find) -> None:
    lean = lean_of([find("a", Status.SUPPORTED), find("b", Status.FOR_REVIEWER)])
    assert (lean.outcome, lean.strength, lean.by) == (None, Strength.NONE, ())


def test_one_alternative_is_enough(find: Find) -> None:
    alternatives = {"any_of": "ground", "kind": PREREQUISITE}
    met = [find("a", Status.SUPPORTED, **alternatives), find("b", Status.NOT_FOUND, **alternatives)]
    assert len(requirements(met)) == 1
    assert lean_of(met).outcome is Outcome.OVERTURNED
    assert lean_of([find("a", Status.NOT_FOUND, **alternatives), met[1]]).outcome is Outcome.UPHELD


def test_an_alternative_for_the_reviewer_keeps_the_ground_open(find: Find) -> None:
    alternatives = {"any_of": "ground", "kind": PREREQUISITE}
    open_one = find("b", Status.FOR_REVIEWER, judgement=True, **alternatives)
    assert lean_of([find("a", Status.NOT_FOUND, **alternatives), open_one]).outcome is None


def test_a_contraindication_of_which_nothing_is_found_moves_nothing(find: Find) -> None:
    quiet = find("c", Status.NOT_FOUND, kind=CriterionKind.CONTRAINDICATION)
    assert lean_of([quiet]).outcome is None
    assert lean_of([find("a", Status.SUPPORTED), quiet]).outcome is Outcome.OVERTURNED


def test_what_speaks_against_an_overturned_lean_is_said(find: Find) -> None:
    lean = lean_of([find("a", Status.SUPPORTED), find("b", Status.NOT_FOUND, confidence=Confidence.LOW)])
    assert (lean.outcome, lean.strength, lean.other_way) == (Outcome.OVERTURNED, Strength.WEAK, ("b",))


def test_nothing_to_judge_gives_no_lean() -> None:
    assert lean_of([]).outcome is None


@pytest.mark.parametrize("status", [Status.NOT_FOUND, Status.CONTRADICTED])
def test_one_requirement_that_fails_keeps_a_service_from_being_called_necessary(status: Status, find: Find) -> None:
    met = find("a", Status.SUPPORTED)
    for fields in ({"judgement": True}, {"checked": False}, {"confidence": Confidence.MEDIUM}):
        assert lean_of([met, find("b", status, **fields)]).outcome is None


def test_what_is_left_to_the_physician_makes_it_weak(find: Find) -> None:
    met = [find("a", Status.SUPPORTED), find("b", Status.SUPPORTED, kind=PREREQUISITE)]
    assert lean_of(met).strength is Strength.STRONG
    lean = lean_of([*met, find("c", Status.FOR_REVIEWER, judgement=True)])
    assert (lean.outcome, lean.strength) == (Outcome.OVERTURNED, Strength.WEAK)


def test_silence_on_the_prescribers_papers_moves_nothing_and_words_on_them_do(find: Find) -> None:
    papers = {"asks": ("opioid_agreement",)}
    assert lean_of([find("a", Status.NOT_FOUND, **papers)]).outcome is None
    assert lean_of([find("a", Status.CONTRADICTED, **papers)]).outcome is Outcome.UPHELD
    mixed = {"asks": ("opioid_agreement", "functional_improvement")}
    assert lean_of([find("a", Status.NOT_FOUND, **mixed)]).outcome is Outcome.UPHELD
