"""The appeal check: each rule with what sets it off and what does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.domain import (
    NO_LEAN,
    CaseSummary,
    Criterion,
    DisputedService,
    Draft,
    Finding,
    IssueDraft,
    Measure,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    Sentence,
    Span,
    Status,
    Support,
    SupportKind,
)
from assistant.drafting.checks import appeal_checks

CASE = "A 40-year-old woman walks further since the needles."


def of(kind: SupportKind, id: str, text: str) -> tuple[Support, ...]:
    return (Support(kind, id, Span.of(text, 0, len(text))),)


@pytest.fixture
def drafted(
    make_case: Callable[..., CaseSummary],
    make_criterion: Callable[..., Criterion],
    make_passage: Callable[..., Passage],
    acupuncture: DisputedService,
) -> Callable[..., Draft]:
    """A sound draft, with `extra` sentences and changed fields of the issue."""

    def make(
        *extra: Sentence, day: date = date(2016, 3, 1), findings: tuple[Finding, ...] = (), **fields: Any
    ) -> Draft:
        passage = make_passage(make_criterion())
        request = of(SupportKind.REQUEST, "request", acupuncture.text)
        sound = (
            Sentence("Under MTUS, it rests on gain.", Move.RULE, of(SupportKind.PASSAGE, passage.id, passage.text)),
            Sentence("This worker is a 40-year-old woman.", Move.FACTS, of(SupportKind.CASE, "case", CASE)),
            *extra,
            Sentence(f"The requested {acupuncture.text} are not medically necessary.", Move.CONCLUSION, request),
        )
        given = {"sentences": sound, "outcome": Outcome.UPHELD, "outcome_from": OutcomeFrom.REVIEWER, **fields}
        issue = IssueDraft(service=acupuncture, lean=NO_LEAN, guidelines=(), findings=findings, **given)
        return Draft("x", day, "given", make_case(CASE), (issue,), {passage.id: passage})

    return make


def own(text: str, move: Move = Move.GAP) -> Sentence:
    return Sentence(text, move, own=True)


def test_a_sound_draft_passes(drafted: Callable[..., Draft]) -> None:
    assert appeal_checks(drafted()) == ()


def test_an_undecided_issue_is_said_once(drafted: Callable[..., Draft]) -> None:
    (check,) = appeal_checks(drafted(outcome=None, outcome_from=None))
    assert (check.rule, check.level, check.issue) == ("Labor Code 4610.6(e)", "warning", 0)
    assert "undecided" in check.message


def test_an_empty_rationale_lacks_all_that_the_law_asks(drafted: Callable[..., Draft]) -> None:
    checks = appeal_checks(drafted(sentences=()))
    assert [check.rule for check in checks] == ["Labor Code 4610.6(e)"] * 3
    assert checks[0].level == "error"


def test_an_open_slot_is_said(drafted: Callable[..., Draft]) -> None:
    (check,) = appeal_checks(drafted(Sentence("State it.", Move.GAP, slot=True)))
    assert "left for you" in check.message


def test_an_edition_not_in_force_is_an_error(drafted: Callable[..., Draft]) -> None:
    (check,) = appeal_checks(drafted(day=date(2018, 1, 1)))
    assert (check.rule, check.level) == ("8 CCR 9792.21.1", "error")
    assert check.message.endswith("was in force from 2007-06-15 until 2017-12-01, not on 2018-01-01.")


@pytest.mark.parametrize(
    "text",
    [
        "Given the patient's age, more is not needed.",
        "Because of her sex this is denied.",
        "In view of his ethnic origin this was expected.",
        "Considering the worker’s advanced age, no.",
    ],
)
def test_a_protected_trait_as_a_reason_is_flagged(text: str, drafted: Callable[..., Draft]) -> None:
    checks = appeal_checks(drafted(own(text)))
    assert any(check.rule == "Labor Code 4610.6(h)(4)" for check in checks)


@pytest.mark.parametrize(
    "text",
    [
        "This worker is a woman of middle age.",
        "Given the findings, it is needed.",
        "The average length is two months.",
        "Due to the lack of gain it falls.",
    ],
)
def test_a_trait_that_is_no_reason_is_not_flagged(text: str, drafted: Callable[..., Draft]) -> None:
    assert not any("(h)(4)" in check.rule for check in appeal_checks(drafted(own(text))))


def test_age_may_be_a_reason_where_a_criterion_asks_it(
    drafted: Callable[..., Draft], make_criterion: Callable[..., Criterion]
) -> None:
    criterion = make_criterion(measure=Measure("age", "more_than", 65, None))
    finding = Finding(criterion, "p", Status.SUPPORTED, "The worker is 66 years old.")
    checks = appeal_checks(drafted(own("Given her age the risk is raised."), findings=(finding,)))
    assert checks == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The requested 8 sessions of acupuncture are not medically necessary.", "8"),
        ("The requested acupuncture for the left knee is not medically necessary.", "left"),
    ],
)
def test_another_quantity_or_side_exceeds_the_powers(text: str, named: str, drafted: Callable[..., Draft]) -> None:
    (check,) = appeal_checks(drafted(own(text, Move.CONCLUSION)))
    assert (check.rule, check.level) == ("Labor Code 4610.6(h)(1)", "error")
    assert named in check.message


def test_an_absence_of_what_the_summary_says_is_flagged(
    drafted: Callable[..., Draft], make_criterion: Callable[..., Criterion]
) -> None:
    evidence = (Span.of(CASE, 21, 34),)
    finding = Finding(
        make_criterion(),
        "p",
        Status.FOR_REVIEWER,
        "The summary may speak of it.",
        evidence,
        ("functional improvement",),
    )
    draft = drafted(own("No functional improvement is documented."), findings=(finding,))
    (check,) = appeal_checks(draft)
    assert check.rule == "Labor Code 4610.6(h)(5)"
    assert evidence[0].quote in check.message
    quiet = replace(finding, status=Status.NOT_FOUND, evidence=())
    assert appeal_checks(drafted(own("No functional improvement is documented."), findings=(quiet,))) == ()


def test_the_record_was_not_read(drafted: Callable[..., Draft]) -> None:
    (check,) = appeal_checks(drafted(own("The medical record does not show it.")))
    assert "only the summary" in check.message
