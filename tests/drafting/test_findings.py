"""Criteria held against cases: each status, what it rests on, and that absence is claimed only after a search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from assistant.domain import (
    CaseSummary,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Finding,
    Measure,
    Passage,
    Span,
    Status,
)
from assistant.drafting.findings import judge
from assistant.drafting.phrases import phrase_hit
from assistant.drafting.second_look import Glance

DAY = date(2016, 3, 1)
Judge = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def held(
    make_criterion: Callable[..., Criterion],
    make_passage: Callable[..., Passage],
    make_case: Callable[..., CaseSummary],
    acupuncture: DisputedService,
    lexicon: Any,
) -> Judge:
    """Judge one criterion (fields given) against a text and its facts."""

    def judged(
        text: str, rows: tuple[tuple[Any, ...], ...] = (), glance: Glance | None = None, case: Any = None, **fields: Any
    ) -> tuple[Finding, ...]:
        passage = make_passage(make_criterion(**{"asks": ("functional_improvement",), **fields}))
        service = fields.get("service", acupuncture)
        return judge(
            (passage,), make_case(text, *rows, **(case or {})), service, glance or Glance(), lexicon=lexicon, day=DAY
        )

    return judged


@pytest.mark.parametrize(
    ("polarity", "status"),
    [
        ("present", Status.SUPPORTED),
        ("historical", Status.SUPPORTED),
        ("denied", Status.CONTRADICTED),
        ("unclear", Status.FOR_REVIEWER),
        ("planned", Status.FOR_REVIEWER),
        ("hypothetical", Status.FOR_REVIEWER),
    ],
)
def test_how_the_case_speaks_of_it_decides(polarity: str, status: Status, held: Judge) -> None:
    text = "He walks twice as far since the needles."
    (finding,) = held(text, (("functional_improvement", "walks twice as far", polarity, {"kind": "response"}),))
    assert finding.status is status
    assert "walks twice as far" in finding.statement
    assert all(span.stands_in(text) for span in finding.evidence)


def test_nothing_found_names_the_summary_and_what_was_searched(held: Judge) -> None:
    (finding,) = held("He has back pain.")
    assert finding.status is Status.NOT_FOUND
    assert finding.statement == "The summary does not state functional improvement."
    assert finding.searched == ("functional improvement",)
    assert finding.evidence == ()


def test_what_only_the_meaning_shows_is_for_the_reviewer(held: Judge) -> None:
    text = "He gets about more."
    glance = Glance({"functional_improvement": (Span.of(text, 0, len(text)),)})
    (finding,) = held(text, glance=glance)
    assert finding.status is Status.FOR_REVIEWER
    assert finding.evidence[0].quote == "He gets about more"


def test_a_phrase_is_at_most_for_the_reviewer(held: Judge) -> None:
    (finding,) = held("He returned  to work in May.", looks_for=("returned to work",))
    assert finding.status is Status.FOR_REVIEWER


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("He has not returned to work.", id="negated"),
        pytest.param("It is planned that he has returned to work by May.", id="planned"),
        pytest.param("Utilization review noted that he returned to work.", id="the review's view"),
        pytest.param("He has returned to workouts.", id="not the whole words"),
        pytest.param("He returned to work with no change.", id="part of a longer phrase of the other list"),
    ],
)
def test_phrases_that_do_not_count(text: str, make_case: Callable[..., CaseSummary]) -> None:
    assert phrase_hit(("returned to work",), ("returned to work with no change",), make_case(text)) is None


def test_both_sides_leave_it_to_the_reviewer(held: Judge) -> None:
    text = "He walks further. His function is unchanged."
    rows = (
        ("functional_improvement", "walks further", "present", {"kind": "response"}),
        ("functional_improvement", "function is unchanged", "denied", {"kind": "response"}),
    )
    (finding,) = held(text, rows)
    assert finding.status is Status.FOR_REVIEWER
    assert "walks further" in finding.statement
    assert "unchanged" in finding.statement


def test_an_opposite_fact_contradicts(held: Judge) -> None:
    (finding,) = held(
        "It wore off after a day.",
        (("no_lasting_response", "wore off", "present", {"kind": "response"}),),
        against=("no_lasting_response",),
    )
    assert finding.status is Status.CONTRADICTED


def test_relief_elsewhere_is_not_relief_here(held: Judge) -> None:
    rows = (("functional_improvement", "bends it further", "present", {"kind": "response", "body_region": "knee"}),)
    (finding,) = held("The knee bends it further.", rows)
    assert finding.status is Status.FOR_REVIEWER


def test_judgement_is_the_physicians(held: Judge) -> None:
    rows = (("functional_improvement", "walks further", "present", {"kind": "response"}),)
    assert held("He walks further.", rows, judgement=True)[0].status is Status.FOR_REVIEWER
    assert held("He walks further.", rows, confidence=Confidence.LOW)[0].status is Status.FOR_REVIEWER


def test_reviews_view_of_a_lack_says_nothing_of_the_case(held: Judge) -> None:
    text = "There was no functional gain, it was said."
    rows = (("functional_improvement", "functional gain", "other", {"kind": "response"}),)
    assert held(text, rows)[0].status is Status.NOT_FOUND


@pytest.mark.parametrize(
    "text", ["Utilization review found no functional gain.", "Therapy was denied for lack of a functional gain."]
)
def test_an_absence_beside_reviews_view_says_so(text: str, held: Judge) -> None:
    rows = (("functional_improvement", "functional gain", "other", {"kind": "response"}),)
    (finding,) = held(text, rows)
    assert finding.status is Status.NOT_FOUND
    assert finding.statement.startswith("Apart from what utilization review says, the summary does not state")


def test_reviews_view_of_a_presence_is_for_the_reviewer(held: Judge) -> None:
    rows = (("functional_improvement", "functional gain", "other", {"kind": "response"}),)
    assert held("The letter speaks of a functional gain.", rows)[0].status is Status.FOR_REVIEWER


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        pytest.param((("acupuncture", "acupuncture", "historical"),), True, id="given"),
        pytest.param((), False, id="not given"),
        pytest.param((("acupuncture", "acupuncture", "planned"),), False, id="only planned"),
    ],
)
def test_a_criterion_is_asked_only_where_its_condition_holds(rows: Any, asked: bool, held: Judge) -> None:
    found = held("Treatment was acupuncture.", rows, given=("acupuncture",), applies_when="acupuncture was had")
    assert bool(found) is asked


def test_an_unclear_condition_is_left_open(held: Judge) -> None:
    rows = (("acupuncture", "acupuncture", "unclear"),)
    (finding,) = held("Perhaps acupuncture.", rows, given=("acupuncture",), applies_when="acupuncture was had")
    assert finding.status is Status.FOR_REVIEWER
    assert "acupuncture was had" in finding.statement


def test_a_condition_in_words_only_is_left_open(held: Judge) -> None:
    (finding,) = held("He has back pain.", applies_when="the pain is chronic")
    assert finding.status is Status.FOR_REVIEWER
    assert not finding.criterion.may_decide


def test_request_words_decide_whether_it_is_asked(held: Judge) -> None:
    assert held("x.", request_words=("infrared",)) == ()
    assert held("x.", request_words=("acupuncture",))


def test_a_criterion_without_concepts_claims_no_absence(held: Judge) -> None:
    (finding,) = held("He has back pain.", asks=())
    assert finding.status is Status.FOR_REVIEWER


def test_what_is_never_recommended_bars(held: Judge) -> None:
    (finding,) = held("x.", kind=CriterionKind.CONTRAINDICATION, always_bars=True)
    assert finding.status is Status.CONTRADICTED


def test_a_contraindication_of_which_nothing_is_found_is_no_gap(held: Judge) -> None:
    fields = {"kind": CriterionKind.CONTRAINDICATION, "asks": (), "against": ("anticoagulant_use",)}
    (finding,) = held("He has back pain.", **fields)
    assert finding.status is Status.NOT_FOUND
    rows = (("anticoagulant_use", "warfarin", "present", {"kind": "risk"}),)
    assert held("He takes warfarin.", rows, **fields)[0].status is Status.CONTRADICTED


PRIOR = ("acupuncture", "8 visits of acupuncture", "historical", {"value": 8.0, "unit": "visits"})


@pytest.mark.parametrize(
    ("measure", "rows", "case", "status", "said"),
    [
        pytest.param(
            Measure("requested_quantity", "at_most", None, 6),
            (),
            {},
            Status.SUPPORTED,
            "The request is for 6 sessions; the limit is 6.",
            id="at the limit",
        ),
        pytest.param(
            Measure("requested_quantity", "at_most", None, 4),
            (),
            {},
            Status.CONTRADICTED,
            "The request is for 6 sessions; the limit is 4.",
            id="over the limit",
        ),
        pytest.param(
            Measure("prior_plus_requested", "at_most", None, 10, "visits"),
            (PRIOR,),
            {},
            Status.CONTRADICTED,
            "8 sessions were had before and 6 are asked, together 14; the limit is 10.",
            id="with those had before",
        ),
        pytest.param(
            Measure("prior_plus_requested", "at_most", None, 10, "visits"),
            (),
            {},
            Status.FOR_REVIEWER,
            "The number already had was not found in the summary; the limit is 10.",
            id="those had before unknown",
        ),
        pytest.param(
            Measure("age", "more_than", 65, None),
            (),
            {"age": 66},
            Status.SUPPORTED,
            "The worker is 66 years old; it must be more than 65.",
            id="age",
        ),
        pytest.param(
            Measure("weeks_since_injury", "at_least", 4, None),
            (),
            {"date_of_injury": date(2016, 2, 2)},
            Status.SUPPORTED,
            "The date of injury is 2016-02-02, 4 weeks before the review of 2016-03-01; the least is 4.",
            id="weeks since injury",
        ),
        pytest.param(
            Measure("morphine_equivalents", "at_most", None, 120),
            (),
            {},
            Status.FOR_REVIEWER,
            "The figure that this asks for is not one the program reckons; the limit is 120.",
            id="not reckoned",
        ),
    ],
)
def test_arithmetic_shows_operands_and_rule(
    measure: Measure, rows: Any, case: Any, status: Status, said: str, held: Judge
) -> None:
    text = "He had 8 visits of acupuncture."
    (finding,) = held(text, rows, case=case, measure=measure, kind=CriterionKind.LIMIT, asks=())
    assert (finding.status, finding.statement) == (status, said)


def test_a_figure_goes_before_what_is_asked_and_yields_to_what_speaks_against(held: Judge) -> None:
    measure = Measure("age", "more_than", 65, None)
    rows = (("functional_improvement", "walks further", "present", {"kind": "response"}),)
    text = "He walks further. It wore off after a day."
    assert held(text, rows, measure=measure)[0].statement.startswith("The summary states functional improvement")
    (by_age,) = held(text, rows, measure=measure, case={"age": 70})
    assert (by_age.status, by_age.statement) == (
        Status.SUPPORTED,
        "The worker is 70 years old; it must be more than 65.",
    )
    rows = (("no_lasting_response", "wore off", "present", {"kind": "response"}),)
    (opposed,) = held(text, rows, measure=measure, case={"age": 70}, against=("no_lasting_response",))
    assert opposed.status is Status.FOR_REVIEWER
    assert [span.quote for span in opposed.evidence] == ["It wore off after a day"]


def test_a_limit_on_a_schedule_needs_a_schedule(held: Judge) -> None:
    for of in ("requested_per_week", "requested_weeks"):
        assert held("x.", measure=Measure(of, "at_most", None, 3), kind=CriterionKind.LIMIT, asks=()) == ()


@pytest.mark.parametrize(
    ("concept", "region", "status"),
    [
        ("functional_improvement", "knee", Status.FOR_REVIEWER),
        ("functional_improvement", "low back", Status.SUPPORTED),
        ("radicular_symptoms", "lower extremity", Status.SUPPORTED),
        ("radicular_symptoms", "upper extremity", Status.FOR_REVIEWER),
    ],
)
def test_which_part_of_the_body_counts(concept: str, region: str, status: Status, held: Judge) -> None:
    rows = ((concept, "is there", "present", {"kind": "complaint", "body_region": region}),)
    assert held("It is there.", rows, asks=(concept,))[0].status is status


def test_what_is_only_requested_is_not_found(held: Judge) -> None:
    rows = (("physical_therapy", "therapy", "planned"),)
    text = "The request for authorization names therapy."
    assert held(text, rows, asks=("physical_therapy",))[0].status is Status.NOT_FOUND


def test_a_sign_found_stands_beside_one_looked_for_in_vain(held: Judge) -> None:
    text = "The ankle is weak. In September strength was normal."
    rows = (
        ("nerve_tension_sign", "ankle is weak", "present", {"kind": "examination"}),
        ("nerve_tension_sign", "strength was normal", "denied", {"kind": "examination"}),
    )
    (finding,) = held(text, rows, asks=("nerve_tension_sign",))
    assert finding.status is Status.SUPPORTED
    assert finding.statement.endswith("it also says “In September strength was normal”.")
