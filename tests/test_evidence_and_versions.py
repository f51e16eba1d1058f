"""The reviewer's choices on the real service: a passage pinned, a sentence replaced, versions compared and restored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Move, Outcome, Verdict
from assistant.drafting.chain import PINNED
from assistant.drafting.differences import Change
from assistant.drafting.revising import NotRevised
from assistant.errors import Conflict, NotReadyForExport, NotThere
from assistant.service import Service
from assistant.settings import Settings

CASE = (
    "The injured worker is a 49-year-old man who was hurt on 3/7/05. He was diagnosed with lumbar spondylosis. "
    "Treatment to date has included acupuncture and medications. Currently he complains of low back pain. The "
    "treating physician requested authorization for 6 sessions of acupuncture for the low back."
)
USER = "reviewer"


@pytest.fixture
def service(data_dir: Path):
    running = Service.open(Settings(data_dir=data_dir))
    yield running
    running.close()


@pytest.fixture
def case(service: Service) -> str:
    made = service.create_case(USER, CASE, day=date(2016, 3, 1))
    service.draft_case(USER, made.id, model=False)
    return made.id


def other_passage(service: Service, case: str):
    cited = service.case(USER, case).draft.issues[0].guidelines[0].passage_id
    found = service.find_passages(USER, case, "low back complaints physical")
    return next(p for p in found if p.id != cited and p.criteria)


def test_a_pinned_passage_governs_this_draft_and_the_next(service: Service) -> None:
    made = service.create_case(USER, CASE, day=date(2016, 3, 1), services=("Needle treatment of the back, 6 visits",))
    first = service.draft_case(USER, made.id, model=False).draft.issues[0]
    chosen = next(p for p in service.find_passages(USER, made.id, "acupuncture") if p.criteria)
    assert chosen.id not in {finding.passage_id for finding in first.findings}
    for view in (service.pin_passage(USER, made.id, 0, chosen.id), service.draft_case(USER, made.id, model=False)):
        issue = view.draft.issues[0]
        assert (issue.guidelines[0].passage_id, issue.guidelines[0].reason) == (chosen.id, PINNED)
        assert chosen.id in {finding.passage_id for finding in issue.findings}
    freed = service.pin_passage(USER, made.id, 0, None)
    assert not freed.pins
    assert PINNED not in {candidate.reason for candidate in freed.draft.issues[0].guidelines}


def test_a_pinned_passage_that_asks_nothing_of_the_request_says_so(service: Service, case: str) -> None:
    issue = service.pin_passage(USER, case, 0, other_passage(service, case).id).draft.issues[0]
    assert any("which you pinned, holds no criterion for this request" in notice for notice in issue.notices)


def test_pinning_keeps_the_outcome_and_own_sentences(service: Service, case: str) -> None:
    service.set_outcome(USER, case, 0, Outcome.OVERTURNED)
    view = service.case(USER, case)
    issue = view.draft.issues[0]
    text = " ".join(s.text for s in issue.sentences if not s.slot) + " I spoke with the treating physician."
    view = service.edit(USER, case, 0, text, view.version)
    pinned = service.pin_passage(USER, case, 0, other_passage(service, case).id)
    assert pinned.draft.issues[0].outcome is Outcome.OVERTURNED
    assert pinned.decided[0].outcome is Outcome.OVERTURNED
    assert "I spoke with the treating physician." in [s.text for s in pinned.draft.issues[0].sentences if s.own]


def test_a_passage_that_was_not_in_force_is_not_pinned_and_a_pin_out_of_force_is_said(
    service: Service, case: str
) -> None:
    before = service.case(USER, case).version
    later = next(p for p in service.guidelines() if p.in_force.start and p.in_force.start > date(2017, 1, 1))
    with pytest.raises(NotRevised, match="not in force on 2016-03-01"):
        service.pin_passage(USER, case, 0, later.id)
    assert service.case(USER, case).version == before
    cited = service.case(USER, case).draft.issues[0].guidelines[0].passage_id
    service.pin_passage(USER, case, 0, cited)
    service.change_case(USER, case, day=date(2026, 3, 1))
    issue = service.draft_case(USER, case, model=False).draft.issues[0]
    assert any("which you pinned, was not in force" in notice for notice in issue.notices)


def test_a_pinned_passage_that_is_switched_off_is_cited_no_more_and_cannot_be_pinned(
    service: Service, case: str
) -> None:
    cited = service.passage(service.case(USER, case).draft.issues[0].guidelines[0].passage_id)
    service.pin_passage(USER, case, 0, cited.id)
    service.switch_off(USER, cited.guideline)
    issue = service.draft_case(USER, case, model=False).draft.issues[0]
    assert cited.id not in {candidate.passage_id for candidate in issue.guidelines}
    assert any("which you pinned, is switched off" in notice for notice in issue.notices)
    with pytest.raises(NotRevised, match="is switched off"):
        service.pin_passage(USER, case, 0, cited.id)


def test_offers_are_verified_and_one_takes_the_place_of_a_sentence(service: Service, case: str) -> None:
    view = service.case(USER, case)
    told = [s for s in view.draft.issues[0].sentences if s.move is Move.FACTS]
    text = view.draft.issues[0].rationale.replace(told[-1].text, "He had ten sessions of acupuncture.")
    view = service.edit(USER, case, 0, text, view.version)
    sentences = view.draft.issues[0].sentences
    at = next(n for n, s in enumerate(sentences) if s.verdict is Verdict.FAILED)
    offered = service.sentence_offers(USER, case, 0, at)
    assert offered[0].text == told[-1].text
    assert all(s.verified for s in offered)
    after = service.replace_sentence(USER, case, 0, at, offered[0].text, base=view.version)
    now = after.draft.issues[0].sentences
    assert [s.text for s in now] == [
        *(s.text for s in sentences[:at]),
        offered[0].text,
        *(s.text for s in sentences[at + 1 :]),
    ]
    with pytest.raises(Conflict):
        service.replace_sentence(USER, case, 0, at, offered[0].text, base=view.version)
    with pytest.raises(NotRevised, match="not offered any more"):
        service.replace_sentence(USER, case, 0, at, "Anything at all.")


def test_versions_are_compared_and_restored_and_an_outcome_since_is_taken_back(service: Service, case: str) -> None:
    first = service.case(USER, case)
    service.edit(USER, case, 0, first.draft.issues[0].rationale + " I spoke with the physician.", 1)
    service.set_outcome(USER, case, 0, Outcome.OVERTURNED)
    compared = service.compare_versions(USER, case, 1, 2)
    assert [d.change for d in compared.issues[0][1] if d.change is not Change.SAME] == [Change.ADDED]
    back = service.restore_version(USER, case, 1)
    assert (back.version, back.draft, dict(back.decided)) == (4, first.draft, {})
    assert service.version(USER, case, 2)[1].issues[0].sentences[-1].text == "I spoke with the physician."
    for number in (0, 4, 99):
        with pytest.raises(NotThere):
            service.restore_version(USER, case, number)


def test_a_preview_shows_open_slots_where_an_export_is_refused(service: Service, case: str) -> None:
    view = service.set_outcome(USER, case, 0, Outcome.OVERTURNED)
    slot = view.draft.issues[0].open_slots[0]
    told = service.preview(USER, case)
    assert f"[{slot.text}]" in [line.text for line in told.decisions[0].lines]
    with pytest.raises(NotReadyForExport):
        service.export(USER, case, "md")
