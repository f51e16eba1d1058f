"""Plans in sentences: what they say for either outcome, what they never say, and that every support stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.domain import (
    CaseSummary,
    Criterion,
    CriterionKind,
    DisputedService,
    Measure,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    Sentence,
    SupportKind,
    Verdict,
)
from assistant.drafting.findings import judge
from assistant.drafting.lean import lean_of
from assistant.drafting.plan import Editions, Judged, plan_issue
from assistant.drafting.points import Plan
from assistant.drafting.second_look import Glance
from assistant.drafting.verification import Sources, verify_sentence
from assistant.drafting.writing import conclusion, plainer, plural, reads_well, write

TEXT = (
    "The injured worker is a 55-year-old male with lumbosacral radiculitis. "
    "Treatment to date has included a trigger point injection and acupuncture. "
    "He complains of low back pain that radiates to the left leg."
)
ROWS: tuple[tuple[Any, ...], ...] = (
    (None, "55-year-old", "present", {"kind": "age", "value": 55.0}),
    (None, "male", "present", {"kind": "sex", "value": "male"}),
    (None, "lumbosacral radiculitis", "present", {"kind": "diagnosis"}),
    ("acupuncture", "acupuncture", "historical"),
    ("radicular_symptoms", "radiates to the left leg", "present", {"kind": "complaint"}),
)
GAIN = ("functional_improvement", "walks further", "present", {"kind": "response"})


@pytest.fixture
def judged(
    make_case: Callable[..., CaseSummary],
    make_criterion: Callable[..., Criterion],
    make_passage: Callable[..., Passage],
    acupuncture: DisputedService,
    lexicon: Any,
) -> Callable[..., Judged]:
    def make(text: str = TEXT, rows: Any = ROWS, criteria: Any = None, **fields: Any) -> Judged:
        extension = make_criterion(asks=("functional_improvement",), given=("acupuncture",))
        trial = make_criterion(
            "acupuncture.trial",
            text="A first course is three to six treatments.",
            kind=CriterionKind.LIMIT,
            measure=Measure("requested_quantity", "at_most", None, 6),
        )
        case = make_case(text, *rows, age=55, sex="male")
        passages = (make_passage(*(criteria if criteria is not None else (extension, trial))),)
        findings = judge(passages, case, acupuncture, Glance(), lexicon=lexicon, day=date(2016, 3, 1))
        lean = lean_of(findings)
        made = Judged(case, acupuncture, passages, findings, lean, Editions(), lexicon, date(2016, 3, 1))
        return replace(made, **fields)

    return make


def sentences(judged: Judged, forced: Outcome | None = None) -> tuple[Plan, tuple[Sentence, ...]]:
    plan = plan_issue(judged, forced)
    return plan, write(plan, judged.service, judged.case)


def unverified(judged: Judged, written: tuple[Sentence, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The sentences that verification does not pass, with what it missed."""
    sources = Sources(
        case=judged.case.text,
        passages={p.id: p.text for p in judged.passages},
        findings={f.id: f.statement for f in judged.findings},
        request=judged.service.text,
        citations={p.id: p.citation for p in judged.passages},
        statuses={f.id: f.status.value for f in judged.findings},
    )
    checked = [(s.text, verify_sentence(s.text, s.supports, sources)) for s in written if not s.slot]
    return [(text, c.problems) for text, c in checked if c.verdict is not Verdict.PASSED]


def supports_stand(judged: Judged, written: tuple[Sentence, ...]) -> bool:
    sources = {
        SupportKind.CASE: {"case": judged.case.text},
        SupportKind.PASSAGE: {p.id: p.text for p in judged.passages},
        SupportKind.FINDING: {f.id: f.statement for f in judged.findings},
        SupportKind.REQUEST: {"request": judged.service.text},
    }
    return all(s.span.stands_in(sources[s.kind][s.id]) for sentence in written for s in sentence.supports)


def test_upheld_moves_from_the_rule_to_the_request(judged: Callable[..., Judged]) -> None:
    issue = judged()
    plan, written = sentences(issue)
    assert (plan.outcome, plan.outcome_from) == (Outcome.UPHELD, OutcomeFrom.CRITERIA)
    assert [s.move for s in written][0] is Move.RULE
    assert written[-1].text == "The requested 6 sessions of acupuncture for the low back are not medically necessary."
    text = " ".join(s.text for s in written)
    assert "55-year-old man" in text
    assert "lumbosacral radiculitis" in text
    assert "He has already had acupuncture." in text
    assert "The summary does not state functional improvement." in text
    assert re.search(r"(?:So|Therefore|It follows that) this requirement is not shown to be met\.", text)
    assert supports_stand(issue, written)
    assert all(s.supports for s in written)
    assert unverified(issue, written) == []


def test_overturned_quotes_what_meets_the_rule(judged: Callable[..., Judged]) -> None:
    text = TEXT + " Since the needles he walks further."
    issue = judged(text, (*ROWS, GAIN))
    plan, written = sentences(issue)
    assert plan.outcome is Outcome.OVERTURNED
    fit = [s.text for s in written if s.move is Move.FIT]
    assert fit[:2] == ["Since the needles he walks further.", "The request is for 6 sessions; the limit is 6."]
    assert re.fullmatch(r"(?:So|Therefore|It follows that) these requirements are met\.", fit[2])
    assert unverified(issue, written) == []
    assert written[-1].text.endswith("are medically necessary.")
    assert supports_stand(issue, written)


def test_forced_to_overturned_the_fit_is_the_reviewers(judged: Callable[..., Judged]) -> None:
    plan, written = sentences(judged(), Outcome.OVERTURNED)
    assert plan.outcome_from is OutcomeFrom.REVIEWER
    (slot,) = (s for s in written if s.slot)
    assert slot.text == "State the functional improvement that you found, and where."
    assert slot.supports == ()
    assert not any(s.move is Move.FIT and not s.slot for s in written)
    assert written[-1].text.endswith("are medically necessary.")


def test_forced_to_upheld_against_the_findings_the_gap_is_the_reviewers(judged: Callable[..., Judged]) -> None:
    issue = judged(TEXT + " Since the needles he walks further.", (*ROWS, GAIN))
    _, written = sentences(issue, Outcome.UPHELD)
    assert [s.move for s in written if s.slot] == [Move.GAP]
    assert written[-1].text.endswith("are not medically necessary.")


def test_without_a_lean_there_is_no_conclusion(judged: Callable[..., Judged]) -> None:
    plan, written = sentences(judged(criteria=()))
    assert (plan.outcome, plan.outcome_from) == (None, None)
    assert written[-1].slot
    assert not any("medically necessary" in s.text for s in written)
    assert written[0].text == "The place to look for it is here."
    assert any("holds no criteria of MTUS Acupuncture Treatment 2007" in notice for notice in plan.notices)


def test_a_replaced_edition_is_named_with_what_governs_now(
    judged: Callable[..., Judged], make_passage: Callable[..., Passage]
) -> None:
    old = replace(
        make_passage(id="old", edition_note=True),
        text="MTUS Acupuncture Treatment 2007 was in force from 2007-06-15 until it was replaced on 2017-12-01.",
    )
    new = replace(
        make_passage(id="new", guideline="MTUS Low Back Disorders (ACOEM February 13, 2020)"),
        text="MTUS Low Back Disorders (ACOEM February 13, 2020) has been in force since 2021-11-23. Import it.",
    )
    plan, written = sentences(judged(criteria=(), passages=(), editions=Editions({}, old, (new,))))
    assert [s.text for s in written if s.move is Move.RULE] == [
        old.text,
        "MTUS Low Back Disorders (ACOEM February 13, 2020) has been in force since 2021-11-23.",
    ]
    assert plan.outcome is None
    assert any("Import the text of MTUS Low Back Disorders" in notice for notice in plan.notices)


def test_past_the_mtus_the_first_move_says_why(judged: Callable[..., Judged], make_passage: Any) -> None:
    issue = judged()
    odg = replace(issue.passages[0], guideline="ODG")
    _, written = sentences(replace(issue, passages=(odg,)))
    assert "do not address “6 sessions of acupuncture for the low back”, so ODG is used." in written[0].text
    assert "ODG" in written[0].text


def test_an_unknown_service_is_said_to_be_a_guess(judged: Callable[..., Judged]) -> None:
    service = DisputedService("Large gloves", None, guess="brace")
    plan, _ = sentences(judged(criteria=(), passages=(), service=service))
    assert "brace, which is a guess" in plan.notices[0]


@pytest.mark.parametrize(
    "never",
    ["medical record", "failed", "rule out", "patient", "unfortunately", "should consider"],
)
def test_what_no_template_says(never: str, judged: Callable[..., Judged]) -> None:
    for forced in (None, *Outcome):
        _, written = sentences(judged(), forced)
        assert never not in " ".join(s.text for s in written).casefold()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param("MRI of the lumbar spine", "The requested MRI of the lumbar spine is", id="acronym"),
        pytest.param("Physical therapy", "The requested physical therapy is", id="ordinary word"),
        pytest.param("Six physical therapy visits", "The requested six physical therapy visits are", id="count"),
        pytest.param("X-rays of the head", "The requested X-rays of the head are", id="plural head"),
        pytest.param("One injection to the right knee", "The requested one injection to the right knee is", id="one"),
        pytest.param("Naproxen 550mg #60", "The requested Naproxen 550mg #60 is", id="drug order"),
        pytest.param("MRI: left knee", "The requested service, “MRI: left knee”, is", id="colon"),
        pytest.param(
            "Acupuncture for the Low Back, 6 sessions",
            "The requested service, “Acupuncture for the Low Back, 6 sessions”, is",
            id="comma",
        ),
        pytest.param(
            "Physical therapy 2 times a week",
            "The requested service, “Physical therapy 2 times a week”, is",
            id="a number inside",
        ),
        pytest.param(
            "Acupuncture times 12 was the original request. Acupuncture times 6 was authorized by the Claims "
            "Administrator. The remaining IMR eligible portion of the original request, Six sessions of acupuncture is",
            "The requested six sessions of acupuncture are",
            id="what is left of a partly certified request",
        ),
        pytest.param("Electrodiagnosis", "The requested electrodiagnosis is", id="no plural"),
    ],
)
def test_the_conclusion_is_about_exactly_what_was_asked(asked: str, said: str) -> None:
    sentence = conclusion(DisputedService(asked, None), Outcome.UPHELD)
    assert sentence.text == f"{said} not medically necessary."
    assert sentence.supports[0].span.quote == asked


def test_helpers_of_the_conclusion() -> None:
    assert plural("Bilateral hearing aids")
    assert not plural("Radiofrequency ablation of the facets")
    assert not reads_well("TENS unit, daily trial, #30")


def test_a_sentence_that_fails_has_plainer_ones_to_try(judged: Callable[..., Judged]) -> None:
    issue = judged()
    _, written = sentences(issue)
    findings = {f.id: f for f in issue.findings}
    for sentence in written:
        others = list(plainer(sentence, issue.case, issue.service, findings))
        assert others
        assert supports_stand(issue, tuple(others))
        for other in others:
            for quoted in re.findall("“([^”]+)”", other.text):
                assert any(quoted in support.span.quote or quoted in TEXT for support in other.supports)


def test_long_facts_give_way_to_keep_the_length(judged: Callable[..., Judged]) -> None:
    extra = " ".join(
        f"Since the needles he walks further on road {n} and also on the path to the mill." for n in range(9)
    )
    issue = judged(TEXT + " " + extra, (*ROWS, GAIN))
    _, written = sentences(issue)
    assert sum(len(s.text.split()) for s in written) <= 180
