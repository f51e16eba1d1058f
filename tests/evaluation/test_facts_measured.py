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
    assert measured.false_presences == ()
    assert {name: (found.value, found.n) for name, found in measured.shares.items()} == {
        "facts_present_found": (0.5, 2),
        "facts_precision": (1.0, 1),
        "facts_absent_kept": (1.0, 1),
        "facts_denied_found": (1.0, 1),
        "false_presence_rate": (0.0, 2),
    }
    assert measured.as_dict()["false_absences"] == 1


def test_precision_and_recall_are_told_by_feature() -> None:
    gold = [
        GoldFacts("A", {"therapy": "present", "block": "absent"}),
        GoldFacts("B", {"therapy": "denied", "block": "unclear"}),
        GoldFacts("C", {"therapy": "present", "block": "absent"}),
    ]
    read = [case_with(Polarity.PRESENT), case_with(Polarity.PRESENT), case_with(Polarity.UNCLEAR)]
    features = {"therapy": ("physical_therapy",), "block": ("nerve_block",)}
    measured = measure_facts(list(zip(gold, read, strict=True)), features)
    told = {f: {name: (found.value, found.n) for name, found in of.items()} for f, of in measured.features.items()}
    assert told == {
        "therapy": {"precision": (0.5, 2), "recall": (0.5, 2)},
        "block": {"precision": (None, 0), "recall": (None, 0)},
    }
    assert measured.false_presences == (("B", "therapy"),)
    assert measured.false_absences == ()  # what was read as open is no absence
    assert (measured.shares["false_presence_rate"].value, measured.shares["false_presence_rate"].n) == (1 / 3, 3)
