"""Facts read against labels by hand."""

from __future__ import annotations

import pytest

from assistant.domain import CaseSummary, Fact, Polarity, Span
from assistant.evaluation.facts import measure_facts, state_of
from assistant.evaluation.gold import GoldFacts

TEXT = "Therapy was tried."


def case_with(*polarities: Polarity, concept: str = "physical_therapy") -> CaseSummary:
    facts = tuple(Fact("treatment", Span.of(TEXT, 0, 7), polarity, concept=concept) for polarity in polarities)
    return CaseSummary(TEXT, None, None, None, facts, ())


@pytest.mark.parametrize(
    ("polarities", "state"),
    [
        pytest.param((), "absent", id="nothing"),
        pytest.param((Polarity.PLANNED, Polarity.OTHER, Polarity.HYPOTHETICAL), "absent", id="not of now"),
        pytest.param((Polarity.DENIED,), "denied", id="denied"),
        pytest.param((Polarity.UNCLEAR,), "unclear", id="unclear"),
        pytest.param((Polarity.DENIED, Polarity.HISTORICAL), "present", id="documented once is documented"),
    ],
)
def test_a_state_is_of_all_the_facts(polarities: tuple[Polarity, ...], state: str) -> None:
    assert state_of(case_with(*polarities), ["physical_therapy", "acupuncture"]) == state


def test_false_absences_are_found_and_named() -> None:
    gold = [
        GoldFacts("A", {"prior_therapy": "present", "injection": "absent", "unmapped": "present"}),
        GoldFacts("B", {"prior_therapy": "present", "injection": "denied"}),
        GoldFacts("C", {"prior_therapy": "unclear"}),
    ]
    read = [case_with(Polarity.PRESENT), case_with(Polarity.DENIED, concept="joint_injection"), case_with()]
    features = {"prior_therapy": ("physical_therapy",), "injection": ("joint_injection", "nerve_block")}
    measured = measure_facts(list(zip(gold, read, strict=True)), features)
    assert measured.false_absences == (("B", "prior_therapy"),)
    assert {name: (found.value, found.n) for name, found in measured.shares.items()} == {
        "facts_precision": (1.0, 1),
        "facts_recall": (0.5, 2),
        "facts_false_presences": (0.0, 2),
        "facts_present_found": (0.5, 2),
        "facts_absent_kept": (1.0, 1),
        "facts_denied_found": (1.0, 1),
    }
    assert measured.as_dict()["false_absences"] == 1


def test_each_miss_is_listed_with_the_words_that_were_read() -> None:
    gold = [GoldFacts("A", {"prior_therapy": "absent"}), GoldFacts("B", {"prior_therapy": "present"})]
    read = [case_with(Polarity.PRESENT), case_with(Polarity.PRESENT)]
    measured = measure_facts(list(zip(gold, read, strict=True)), {"prior_therapy": ("physical_therapy",)}).as_dict()
    assert measured["misses"] == [
        {"case_number": "A", "feature": "prior_therapy", "label": "absent", "read": "present", "quotes": ("Therapy",)}
    ]
    features = measured["features"]
    assert isinstance(features, dict)
    assert features["prior_therapy"]["facts_precision"]["value"] == 0.5


def test_what_only_utilization_review_says_is_left_open() -> None:
    text = "Utilization review found no benefit from therapy."
    fact = Fact("treatment", Span.of(text, 41, 48), Polarity.OTHER, concept="physical_therapy")
    case = CaseSummary(text, None, None, None, (fact,), (), (Span.of(text, 0, len(text)),))
    assert state_of(case, ["physical_therapy"]) == "unclear"
