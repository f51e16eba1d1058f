"""From a case to a draft: the steps, the sources of date and outcome, refusals, and that nothing unverified passes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assistant import traces
from assistant.corpus import load_taxonomy
from assistant.domain import Draft, Outcome, OutcomeFrom, Status, Verdict
from assistant.drafting.chain import Drafter, DraftRequest, Work
from assistant.drafting.contract import draft_as_json
from assistant.errors import UnreadableCase
from assistant.reading.lexicon import load_lexicon
from assistant.settings import Settings

CASE = (
    "The injured worker is a 47-year-old female who hurt her low back on 3/5/2014. She was diagnosed with lumbar "
    "strain. Treatment to date has included acupuncture, physical therapy and medications. Currently she complains of "
    "low back pain that radiates to the right leg. The treating physician requested authorization for 6 sessions of "
    "acupuncture for the low back."
)
OF_2016, TODAY = date(2016, 3, 1), date(2026, 11, 24)


@pytest.fixture(scope="module")
def readers() -> tuple[Any, Any]:
    corpus = Settings().corpus_dir
    return load_lexicon(corpus), load_taxonomy(corpus)


@pytest.fixture
def drafter(library: Any, readers: tuple[Any, Any]) -> Drafter:
    return Drafter(library, *readers, today=lambda: TODAY, clock=lambda: 1.0)


def request(**fields: Any) -> DraftRequest:
    return replace(DraftRequest("x", CASE, day=OF_2016), **fields)


def sound(draft: Draft) -> bool:
    """Whether every sentence is verified or a slot, and every support stands in its source."""
    for issue in draft.issues:
        sources = {"case": draft.case.text, "request": issue.service.text}
        sources |= {key: passage.text for key, passage in draft.passages.items()}
        sources |= {finding.id: finding.statement for finding in issue.findings}
        for sentence in issue.sentences:
            assert sentence.slot or sentence.verdict is Verdict.PASSED, sentence
            assert sentence.slot or sentence.supports
            assert all(s.span.stands_in(sources[s.id]) for s in sentence.supports)
        assert all(span.stands_in(draft.case.text) for finding in issue.findings for span in finding.evidence)
    return True


def test_a_case_of_2016_is_upheld_for_want_of_functional_improvement(drafter: Drafter) -> None:
    draft = drafter.draft(request())
    (issue,) = draft.issues
    assert sound(draft)
    assert draft.date_from == "given"
    assert {f.id: f.status for f in issue.findings}["acupuncture.extension"] is Status.NOT_FOUND
    assert (issue.outcome, issue.outcome_from) == (Outcome.UPHELD, OutcomeFrom.CRITERIA)
    assert issue.lean.by == ("acupuncture.extension",)
    assert issue.sentences[-1].text.endswith("are not medically necessary.")
    assert 60 <= len(issue.rationale.split()) <= 180


def test_its_spans_tell_the_steps_and_nothing_of_the_case(drafter: Drafter) -> None:
    kept = InMemorySpanExporter()
    traces.start_with(SimpleSpanProcessor(kept))
    try:
        draft = drafter.draft(request())
    finally:
        traces.stop()
    spans = kept.get_finished_spans()
    assert [span.name for span in spans] == [
        *("read", "retrieve", "judge", "point", "plan", "write", "verify", "reword", "check", "draft")
    ]
    told = "".join(span.to_json() for span in spans).lower()
    words = {word.lower() for word in re.findall(r"[A-Za-z]{7,}", draft.case.text)}
    assert len(words) > 10
    assert not {word for word in words if word in told} - {"services", "service"}


def test_the_same_case_gives_the_same_draft(drafter: Drafter, library: Any, readers: tuple[Any, Any]) -> None:
    again = Drafter(library, *readers, today=lambda: TODAY, clock=lambda: 1.0)
    assert drafter.draft(request()) == drafter.draft(request()) == again.draft(request())


def test_forced_to_overturned_the_fit_is_a_slot(drafter: Drafter) -> None:
    draft = drafter.draft(request(outcome=Outcome.OVERTURNED))
    (issue,) = draft.issues
    assert sound(draft)
    assert issue.outcome_from is OutcomeFrom.REVIEWER
    assert len(issue.open_slots) == 1
    assert issue.lean.outcome is Outcome.UPHELD
    assert issue.sentences[-1].text.endswith("are medically necessary.")


def test_a_case_of_long_ago_reviewed_as_of_today_is_said(drafter: Drafter) -> None:
    of_2016 = f"{CASE} Utilization review denied it on 11/17/2016."
    said = [n for n in drafter.draft(request(case_text=of_2016, day=None)).case.notices if "11/17/2016" in n]
    assert len(said) == 1
    assert "set the date of review" in said[0]
    for quiet in (request(case_text=of_2016), request(day=None)):  # a date was given; no date but that of the injury
        assert not drafter.draft(quiet).case.notices


def test_as_of_today_the_edition_is_said_to_be_replaced(drafter: Drafter) -> None:
    draft = drafter.draft(request(day=None))
    (issue,) = draft.issues
    assert sound(draft)
    assert (draft.date_of_review, draft.date_from) == (TODAY, "today")
    assert issue.findings == ()
    assert (issue.outcome, issue.lean.outcome) == (None, None)
    assert "replaced on 2017-12-01" in issue.rationale
    assert "MTUS Low Back Disorders (ACOEM February 13, 2020)" in issue.rationale
    assert any("Import" in notice for notice in issue.notices)


def test_several_services_share_the_case(drafter: Drafter) -> None:
    services = ("6 sessions of acupuncture for the low back", "Zorblax therapy", "Acupuncture x 12")
    draft = drafter.draft(request(services=services))
    assert sound(draft)
    assert tuple(issue.service.text for issue in draft.issues) == services
    assert draft.issues[1].service.kind is None
    assert draft.issues[1].lean.outcome is None
    assert draft.issues[1].notices


@pytest.mark.parametrize("text", ["", " \n", "A 40 year old man has low back pain since May."])
def test_what_cannot_be_drafted_is_refused_in_a_sentence(text: str, drafter: Drafter) -> None:
    with pytest.raises(UnreadableCase, match=r"\.$"):
        drafter.draft(request(case_text=text))


PIECES = [
    "The worker is a 30 year old man.",
    "He denies numbness, tingling or weakness of his legs.",
    "8 visits of acupuncture brought no relief.",
    "Function improved; he walks 2 miles (formerly 1).",
    "UR non-certified acupuncture for lack of functional improvement.",
    "MRI of 01/02/2015: L4-5 protrusion, “rule out” stenosis.",
    "İ\u00a0Tinel's positive on the rt wrist,",
    "\n\n- acupuncture 2x6 requested",
    '"unchanged"',
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(PIECES) | st.text(max_size=40), min_size=1, max_size=12).map(" ".join))
def test_whatever_the_text_no_support_is_misplaced(text: str, drafter: Drafter) -> None:
    if not text.strip():
        return
    for outcome in (None, Outcome.OVERTURNED):
        try:
            draft = drafter.draft(request(case_text=text, services=("Acupuncture x 6",), outcome=outcome))
        except UnreadableCase:
            continue
        assert sound(draft)
        assert draft.case.text == text


def test_the_steps_are_said_in_order(drafter: Drafter) -> None:
    said: list[str] = []
    drafter.draft(request(), said.append)
    assert said[:3] == ["reading the case", "finding the guideline", "holding 2 criteria against it"]
    assert said[3].startswith("checking ")


def test_the_runnable_can_be_streamed(drafter: Drafter) -> None:
    *_, last = drafter.runnable.stream(Work(request(), lambda step: None))
    assert last.draft is not None


def test_the_json_keeps_the_contract(drafter: Drafter) -> None:
    schema = json.loads((Path(__file__).parents[1] / "contracts" / "draft.schema.json").read_text("utf-8"))
    for fields in ({}, {"day": None}, {"outcome": Outcome.OVERTURNED}, {"services": ("Zorblax therapy",)}):
        printed = json.loads(json.dumps(draft_as_json(drafter.draft(request(**fields)))))
        jsonschema.validate(printed, schema)
        assert printed["issues"][0]["findings"] or fields.get("day", 1) is None or "services" in fields
