"""Drafts held against decisions and labels: what counts as agreement, what as a fault, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.domain import (
    CaseSummary,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Draft,
    Finding,
    IssueDraft,
    Lean,
    Measure,
    Move,
    Outcome,
    Sentence,
    Span,
    Status,
    Strength,
    Support,
    SupportKind,
    Verdict,
)
from assistant.drafting.findings import BESIDE_REVIEW
from assistant.evaluation.bootstrap import balanced
from assistant.evaluation.drafts import (
    NOTE,
    Agreement,
    Drafted,
    agreement,
    compare_findings,
    grounding_faults,
    lean_shares,
    measure_drafts,
)
from assistant.evaluation.gold import GoldFacts, GoldIssue, GoldLetter
from assistant.evaluation.miss_pages import finding_misses, grounding_misses, lean_misses, page, plain

TEXT = "He walks further since the needles. Pain is 4/10."
UPHELD, OVERTURNED = Outcome.UPHELD, Outcome.OVERTURNED
FEATURES = {"function": ("functional_improvement", "gait"), "score": ("pain_score",)}


def criterion(id: str, **fields: Any) -> Criterion:
    given = {"asks": ("functional_improvement",), **fields}
    return Criterion(id, "It is written down.", CriterionKind.GOAL, Confidence.HIGH, True, "a rule", **given)


def finding(status: Status, id: str = "a", statement: str = "The summary does not state it.", **fields: Any) -> Finding:
    return Finding(criterion(id, **fields), "p", status, statement)


def issue(lean: Outcome | None, *findings: Finding, sentences: tuple[Sentence, ...] = ()) -> IssueDraft:
    strength = Strength.NONE if lean is None else Strength.WEAK
    by = tuple(found.id for found in findings)
    service = DisputedService("6 sessions of acupuncture", "acupuncture")
    return IssueDraft(service, lean, None, Lean(lean, strength, by if lean else ()), (), findings, sentences)


def drafted(number: str, *issues: tuple[Outcome | None, IssueDraft], labels: dict[str, str] | None = None) -> Drafted:
    letter = GoldLetter(
        number, TEXT, date(2016, 12, 20), tuple(GoldIssue("acupuncture", (), outcome=was) for was, _ in issues)
    )
    case = CaseSummary(TEXT, None, None, None, (), ())
    draft = Draft(number, date(2016, 12, 20), "given", case, tuple(made for _, made in issues), {}, took_ms=12.0)
    return Drafted(letter, draft, GoldFacts(number, labels) if labels else None)


@pytest.mark.parametrize(
    ("label", "status", "found"),
    [
        ("present", Status.SUPPORTED, Agreement.AGREES),
        ("present", Status.NOT_FOUND, Agreement.FALSE_ABSENCE),
        ("present", Status.CONTRADICTED, Agreement.DIFFERS),
        ("absent", Status.NOT_FOUND, Agreement.AGREES),
        ("absent", Status.SUPPORTED, Agreement.FALSE_PRESENCE),
        ("denied", Status.CONTRADICTED, Agreement.AGREES),
        ("denied", Status.SUPPORTED, Agreement.FALSE_PRESENCE),
        ("denied", Status.NOT_FOUND, Agreement.DIFFERS),
        ("unclear", Status.NOT_FOUND, Agreement.FLAT_ON_UNCLEAR),
        ("unclear", Status.SUPPORTED, Agreement.UNCOUNTED),
        ("present", Status.FOR_REVIEWER, Agreement.LEFT),
        ("unclear", Status.FOR_REVIEWER, Agreement.LEFT),
    ],
)
def test_how_a_finding_stands_to_a_label(label: str, status: Status, found: Agreement) -> None:
    assert agreement(label, finding(status)) is found


def test_an_absence_beside_reviews_view_is_not_flat() -> None:
    beside = finding(Status.NOT_FOUND, statement=f"{BESIDE_REVIEW}, the summary does not state it.")
    assert agreement("unclear", beside) is Agreement.UNCOUNTED
    assert agreement("present", beside) is Agreement.FALSE_ABSENCE


def test_only_findings_that_ask_one_feature_are_compared_once_a_letter() -> None:
    asked = finding(Status.NOT_FOUND)
    others = (
        finding(Status.NOT_FOUND, "two", asks=("functional_improvement", "pain_score")),
        finding(Status.NOT_FOUND, "none", asks=()),
        finding(Status.NOT_FOUND, "figure", measure=Measure("age", "at_most", None, 65)),
        replace(asked, criterion=replace(criterion("bar"), kind=CriterionKind.CONTRAINDICATION)),
    )
    one = drafted(
        "A", (UPHELD, issue(None, asked, *others)), (UPHELD, issue(None, asked)), labels={"function": "present"}
    )
    unlabelled = drafted("B", (UPHELD, issue(None, asked)))
    (compared,) = compare_findings([one, unlabelled], FEATURES)
    assert (compared.case_number, compared.feature, compared.agreement) == ("A", "function", Agreement.FALSE_ABSENCE)


def test_the_lean_is_counted_where_there_is_one() -> None:
    letters = [
        drafted("A", (UPHELD, issue(UPHELD)), (UPHELD, issue(None)), (OVERTURNED, issue(OVERTURNED))),
        drafted("B", (UPHELD, issue(OVERTURNED)), (OVERTURNED, issue(UPHELD)), (None, issue(UPHELD))),
        drafted("C", (UPHELD, issue(UPHELD)), (UPHELD, issue(UPHELD))),
    ]
    shares = {name: (found.value, found.n) for name, found in lean_shares(letters).items()}
    assert shares == {
        "lean_balanced_accuracy": (0.625, 6),
        "lean_upheld_met": (0.75, 4),
        "lean_overturned_met": (0.5, 2),
        "lean_none": (1 / 7, 7),
    }


def test_balanced_accuracy_needs_both_classes_and_holds_its_interval() -> None:
    assert balanced([[True, True]], [[]]).value is None
    rows = [[True], [True, False], [], [True]], [[False], [], [True], [True]]
    found = balanced(*rows)
    assert found.value == pytest.approx((3 / 4 + 2 / 3) / 2)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert balanced(*rows) == found


def sentence(text: str, verdict: Verdict, *supports: Support, slot: bool = False) -> Sentence:
    return Sentence(text, Move.FACTS, supports, verdict, slot=slot)


def test_grounding_faults_are_failed_sentences_and_quotations_that_stand_elsewhere() -> None:
    right, wrong = Span.of(TEXT, 0, 8), Span(1, 9, "He walks")
    sentences = (
        sentence("He walks.", Verdict.PASSED, Support(SupportKind.CASE, "case", right)),
        sentence("He runs.", Verdict.FAILED),
        sentence("State it.", Verdict.NOT_CHECKABLE, slot=True),
        sentence("He walks on.", Verdict.PASSED, Support(SupportKind.CASE, "case", wrong)),
    )
    evidence = replace(finding(Status.SUPPORTED), evidence=(right, wrong))
    one = drafted("A", (UPHELD, issue(None, evidence, sentences=sentences)))
    assert [words for _, words in grounding_faults(one)] == ["He runs.", "He walks", "He walks"]


def test_all_is_measured_and_the_note_goes_with_it() -> None:
    told = (sentence("He walks further.", Verdict.PASSED), sentence("State it.", Verdict.NOT_CHECKABLE, slot=True))
    one = drafted(
        "A", (UPHELD, issue(UPHELD, finding(Status.NOT_FOUND), sentences=told)), labels={"function": "absent"}
    )
    measured = measure_drafts([one], FEATURES)
    assert measured["note"] == NOTE
    assert {name: measured[name] for name in ("letters", "sentences", "slots", "grounding_faults")} == {
        "letters": 1,
        "sentences": 1,
        "slots": 1,
        "grounding_faults": 0,
    }
    assert measured["words"] == {"median": 3.0, "p95": 3.0, "n": 1}
    assert measured["draft_ms"] == {"median": 12.0, "p95": 12.0, "n": 1}
    assert measured["findings_agree"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}


def test_the_page_lists_each_miss_with_its_text() -> None:
    against = drafted("A", (OVERTURNED, issue(UPHELD, finding(Status.NOT_FOUND))), labels={"function": "present"})
    met = drafted("B", (UPHELD, issue(UPHELD, finding(Status.NOT_FOUND))), labels={"function": "absent"})
    both = [against, met]
    cases = {one.letter.case_number: one.draft.case for one in both}
    text = page(
        {
            "Leans": lean_misses(both),
            "Findings": finding_misses(compare_findings(both, FEATURES), cases),
            "Words": grounding_misses(both),
        }
    )
    assert text.count("### A") == 1
    assert "### a, A: false absence" in text
    assert "### B" not in text
    assert text.count(plain(TEXT)) == 2
    assert text.endswith("## Words\n\nNone.\n")


def test_nothing_in_a_text_is_markup() -> None:
    assert plain("# a <b>*c*</b>\n_d_ `e` [f](g) | h") == (r"\# a \<b\>\*c\*\</b\> \_d\_ \`e\` \[f\](g) \| h")
