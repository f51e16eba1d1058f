"""What a reviewer types is held against all there is; and the verdicts of a whole issue."""
# ruff: noqa: E501  a row is a sentence and what comes of it

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed_sentences import DIFFERS, TRUE, UNBACKED

from assistant.domain import (
    NO_LEAN,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Finding,
    InForce,
    IssueDraft,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    PassageKind,
    Sentence,
    Span,
    Status,
    Support,
    SupportKind,
    Verdict,
)
from assistant.drafting.verification import check_own_words, concluded, verify_issue

CASE = (
    "A 44-year-old woman hurt her low back on 07/19/2016. She has had 8 visits of physical therapy and 6 sessions of "
    "acupuncture. She denies numbness of the left foot. A home exercise program is done daily. Surgery was requested."
)
RULE = "A first course is three to six treatments."
CRITERION = Criterion("acu.more", RULE, CriterionKind.LIMIT, Confidence.HIGH, checked=True, source="8 CCR 9792.24.1")
PASSAGE = Passage(
    "acu", "MTUS Acupuncture Treatment 2007", None, RULE, PassageKind.DIGEST, InForce(), "8 CCR 9792.24.1"
)
FINDING = Finding(
    CRITERION, "acu", Status.NOT_FOUND, "The summary does not state functional improvement.", (), ("function",)
)
ISSUE = IssueDraft(
    DisputedService("6 more sessions of acupuncture for the low back", "acupuncture"),
    Outcome.UPHELD,
    OutcomeFrom.CRITERIA,
    NO_LEAN,
    (),
    (FINDING,),
    (),
)
PASSAGES = {"acu": PASSAGE}


def _own(text: str) -> Sentence:
    return check_own_words(text, CASE, ISSUE, PASSAGES)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        pytest.param("She has had eight visits of PT.", Verdict.PASSED, id="backed by the case"),
        pytest.param("She has had 8 visits of physical therapy and is 44 years old.", Verdict.PASSED, id="by two sentences"),
        pytest.param("Under MTUS Acupuncture Treatment 2007 a first course is three to six treatments.", Verdict.PASSED, id="by a passage"),
        pytest.param("The summary does not state functional improvement.", Verdict.PASSED, id="by a finding"),
        pytest.param("6 more sessions of acupuncture are requested for the low back.", Verdict.PASSED, id="by the request"),
        pytest.param("She has had 10 visits of physical therapy.", Verdict.FAILED, id="another number"),
        pytest.param("She has had 8 sessions of acupuncture.", Verdict.FAILED, id="a number of another therapy"),
        pytest.param("She was hurt on 07/20/2016.", Verdict.FAILED, id="another date"),
        pytest.param("She denies numbness of the right foot.", Verdict.FAILED, id="another side"),
        pytest.param("The case says “no change at all”.", Verdict.FAILED, id="a quotation of nothing"),
        pytest.param("The summary does not state a home exercise program.", Verdict.FAILED, id="a silence that is none"),
        pytest.param("ODG allows 12 visits over 8 weeks (Author, 2002).", Verdict.NOT_CHECKABLE, id="a guideline not held here"),
        pytest.param("There is no “red flag” here.", Verdict.NOT_CHECKABLE, id="a manner of speaking"),
        pytest.param("In my opinion the harm outweighs the gain.", Verdict.NOT_CHECKABLE, id="an opinion"),
        pytest.param("She has had 8 visits of physical therapy, which seems plenty.", Verdict.NOT_CHECKABLE, id="a fact and an opinion"),
        pytest.param("She had surgery.", Verdict.NOT_CHECKABLE, id="asked for, said as had"),
        pytest.param("The worker limps.", Verdict.NOT_CHECKABLE, id="what the case does not speak of"),
    ],
)  # fmt: skip
def test_own_words(text: str, verdict: Verdict) -> None:
    own = _own(text)
    assert (own.own, own.text, own.verdict) == (True, text, verdict), own.problems
    assert bool(own.problems) or verdict is not Verdict.FAILED


def test_the_supports_found_stand_in_the_case() -> None:
    (support,) = _own("She has had eight visits of PT.").supports
    assert support.kind is SupportKind.CASE
    assert support.span.stands_in(CASE)
    assert "8 visits of physical therapy" in support.span.quote


def test_a_difference_is_told_as_the_cases() -> None:
    assert _own("She has had 10 visits of physical therapy.").problems == (
        "The sentence says 10 visits for physical therapy; the case says 8 visits for physical therapy.",
    )


def test_a_silence_that_is_none_shows_where_the_case_speaks() -> None:
    own = _own("The summary does not state a home exercise program.")
    assert [support.span.quote for support in own.supports] == ["A home exercise program is done daily."]


@pytest.fixture(scope="module")
def sample() -> dict[str, str]:
    folder = Path(__file__).parents[2] / "corpus" / "cases"
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.txt")}


def _typed(text: str, case: str) -> Sentence:
    return check_own_words(text, case, replace(ISSUE, service=DisputedService("", None), findings=()), PASSAGES)


def test_nothing_true_is_said_to_be_wrong(sample: dict[str, str]) -> None:
    typed = [_typed(text, sample[case]) for case, text in TRUE]
    assert [(own.text, own.problems) for own in typed if own.verdict is Verdict.FAILED] == []
    assert sum(own.verdict is Verdict.PASSED for own in typed) >= len(TRUE) // 2


def test_what_a_source_answers_otherwise_is_wrong(sample: dict[str, str]) -> None:
    typed = [_typed(text, sample[case]) for case, text in DIFFERS]
    assert [own.text for own in typed if own.verdict is not Verdict.FAILED or not own.problems] == []


def test_nothing_false_passes(sample: dict[str, str]) -> None:
    typed = [_typed(text, sample[case]) for case, text in UNBACKED]
    assert [own.text for own in typed if own.verdict is Verdict.PASSED] == []


@given(st.text())
def test_any_typed_text_gets_a_verdict(text: str) -> None:
    own = _own(text)
    assert own.text == text
    assert own.verdict is not Verdict.PASSED or own.supports


# --- a whole issue --------------------------------------------------------------------------------------------


def _case(quote: str) -> Support:
    start = CASE.index(quote)
    return Support(SupportKind.CASE, "case", Span.of(CASE, start, start + len(quote)))


def _issue(*sentences: Sentence, outcome: Outcome | None = Outcome.UPHELD) -> list[Verdict]:
    return [
        s.verdict for s in verify_issue(replace(ISSUE, sentences=sentences, outcome=outcome), CASE, PASSAGES).sentences
    ]


def test_every_sentence_gets_its_verdict_and_slots_stay() -> None:
    right = Sentence("She has had 8 visits of physical therapy.", Move.FACTS, (_case("8 visits of physical therapy"),))
    wrong = replace(right, text="She has had 9 visits of physical therapy.", verdict=Verdict.PASSED)
    slot = Sentence("State what you found.", Move.GAP, slot=True, verdict=Verdict.PASSED)
    own = Sentence("She is 44 years old.", Move.FACTS, own=True)
    assert _issue(right, wrong, slot, own) == [Verdict.PASSED, Verdict.FAILED, Verdict.NOT_CHECKABLE, Verdict.PASSED]


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [(Outcome.UPHELD, Verdict.PASSED), (Outcome.OVERTURNED, Verdict.FAILED), (None, Verdict.PASSED)],
)
def test_a_conclusion_must_be_that_of_the_outcome(outcome: Outcome | None, verdict: Verdict) -> None:
    request = ISSUE.service.text
    support = Support(SupportKind.REQUEST, "request", Span.of(request, 0, len(request)))
    text = "The requested 6 more sessions of acupuncture for the low back are not medically necessary."
    assert _issue(Sentence(text, Move.CONCLUSION, (support,)), outcome=outcome) == [verdict]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("It is medically necessary.", Outcome.OVERTURNED),
        ("They are not medically necessary.", Outcome.UPHELD),
        ("Medical necessity has not been established.", Outcome.UPHELD),
        ("A is medically necessary and B is not medically necessary.", None),
        ("It is reasonable.", None),
    ],
)
def test_what_a_sentence_concludes(text: str, outcome: Outcome | None) -> None:
    assert concluded(text) is outcome


def test_another_age_than_the_case_states_is_a_difference() -> None:
    case = "The injured worker is a 49-year-old man. Acupuncture was requested."
    typed = check_own_words("This worker is a 64-year-old man.", case, ISSUE, {})
    assert typed.verdict is Verdict.FAILED
    assert check_own_words("This worker is a 49-year-old man.", case, ISSUE, {}).verdict is Verdict.PASSED
