"""Each public act of the service is declared; the log is told what is declared, and nothing of a case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from assistant.chat_export import ChatFormat
from assistant.database import writing
from assistant.domain import Outcome
from assistant.drafting.export import Format
from assistant.errors import NotReadyForExport, NotThere
from assistant.records import Act, AuditFormat, AuditWanted
from assistant.service import Service
from assistant.service.audited import CHATTING, SERVICE, public_methods
from assistant.service.chatting import Chatting
from assistant.settings import Settings
from assistant.views import CasesWanted

USER = "reviewer"
MARK = "Zyxomarkus"
CASE = (
    f"The injured worker, {MARK}, is a 49-year-old man who was hurt on 3/7/05. He was diagnosed with lumbar "
    "spondylosis. Treatment to date has included acupuncture and medications. The treating physician requested "
    "authorization for 6 sessions of acupuncture for the low back."
)


@pytest.fixture
def service(data_dir: Path) -> Iterator[Service]:
    running = Service.open(Settings(data_dir=data_dir))
    yield running
    running.close()


def acts_since(service: Service, before: int) -> list[str]:
    return [entry.act for entry in service.audit_log.since(before + 1)]


def decided_case(service: Service) -> str:
    case = service.create_case(USER, CASE, title=MARK, day=date(2016, 3, 1)).id
    service.draft_case(USER, case, model=False)
    view = service.set_outcome(USER, case, 0, Outcome.UPHELD)
    slots = [n for n, sentence in enumerate(view.draft.issues[0].sentences) if not sentence.slot]
    service.keep_sentences(USER, case, 0, slots)
    return case


def test_every_public_method_is_declared_and_every_declaration_has_its_method() -> None:
    assert public_methods(Service) == set(SERVICE)
    assert public_methods(Chatting) == set(CHATTING)
    assert all((told.act is None) == bool(told.why) for told in (*SERVICE.values(), *CHATTING.values()))


def test_a_working_day_is_told_act_by_act_and_nothing_of_the_case(service: Service, tmp_path: Path) -> None:
    before = service.audit_log.head().number
    case = decided_case(service)
    assert acts_since(service, before) == ["created", "drafted", "decided", "edited"]
    before = service.audit_log.head().number
    for _ in range(3):
        service.case(USER, case)
        service.turns(USER, case)
        service.preview(USER, case)
        service.list_cases(USER, CasesWanted())
        service.list_cases(USER, CasesWanted(MARK))
        service.search_decisions(f"acupuncture {MARK}")
    assert acts_since(service, before) == ["seen", "seen", "seen", "listed", "searched", "searched"]
    before = service.audit_log.head().number
    assert [turn.done for turn in service.chat(USER, case, f"Why, {MARK}?")][-1]
    service.chats.export(USER, case, ChatFormat.JSON)
    service.edit(USER, case, 0, f"{MARK} was seen by me. " + service.case(USER, case).draft.issues[0].rationale, 3)
    service.change_case(USER, case, title=f"Title of {MARK}")
    letter = tmp_path / f"{MARK}.txt"
    letter.write_text(f"A note on {MARK}.")
    service.import_paths([letter])
    service.choose_model({"tone": "formal"})
    service.switch_off(USER, service.editions()[0].label)
    assert acts_since(service, before) == [
        *("chat turn", "chat turn", "exported", "edited", "changed", "imported", "settings changed"),
        "passage switched off",
    ]
    kept = service.export_audit(USER, AuditFormat.JSONL).content + service.export_audit(USER, AuditFormat.CSV).content
    assert MARK.encode() not in kept
    assert case.encode() not in kept
    assert b"acupuncture" not in kept.replace(b"mtus-acupuncture", b"").replace(b"/acupuncture", b"")
    assert service.verify_audit(USER).fault is None


def test_an_act_that_fails_is_told_by_nobody(service: Service) -> None:
    before = service.audit_log.head().number
    with pytest.raises(NotThere):
        service.case(USER, "no-such-case")
    assert acts_since(service, before) == []


def test_a_replayed_export_is_told_and_found_by_its_file(service: Service) -> None:
    case = decided_case(service)
    first = service.export(USER, case, Format.MD)
    assert service.export(USER, case, Format.MD).content == first.content
    found = service.audit_entries(USER, AuditWanted(act=Act.EXPORTED), content=first.content)
    numbers = [entry.number for entry in found.entries]
    assert len(numbers) == 2
    assert [json.loads(entry.detail).get("again") for entry in found.entries] == [numbers[1], None]


def test_an_export_of_the_log_is_verified_alone_and_a_tampered_one_is_not(service: Service) -> None:
    decided_case(service)
    for form in AuditFormat:
        for first in (1, 3):
            made = service.export_audit(USER, form, first=first).content
            assert service.check_audit_export(made).fault is None
            lines = made.splitlines(keepends=True)
            assert service.check_audit_export(b"".join(lines[:-1])).fault is not None
            assert service.check_audit_export(b"".join(lines[:2] + lines[3:])).fault is not None
            assert service.check_audit_export(made.replace(b"decided", b"created")).fault is not None
    anchor = service.audit_anchor()
    assert service.check_audit_export(made, [replace(anchor, hash="0" * 64)]).fault.number == anchor.number


def test_a_signed_off_version_says_what_each_sentence_rested_on(service: Service) -> None:
    case = service.create_case(USER, CASE, day=date(2016, 3, 1)).id
    view = service.draft_case(USER, case, model=False)
    with pytest.raises(NotReadyForExport):
        service.sign_off(USER, case)
    with pytest.raises(NotThere):
        service.reproduce(USER, case)
    view = service.set_outcome(USER, case, 0, Outcome.UPHELD)
    kept = [n for n, sentence in enumerate(view.draft.issues[0].sentences) if not sentence.slot]
    view = service.keep_sentences(USER, case, 0, kept)
    service.export(USER, case, Format.MD)
    assert service.signed_off(USER, case) == (view.version,)
    signed = view.draft.issues[0]
    service.edit(USER, case, 0, "Quite another text.", view.version)

    rested = service.reproduce(USER, case)
    assert rested.stands
    assert (rested.version, rested.account) == (view.version, USER)
    [issue] = rested.issues
    assert [sentence.text for sentence in issue.sentences] == [sentence.text for sentence in signed.sentences]
    for now, then in zip(issue.sentences, signed.sentences, strict=True):
        assert [(s.id, s.start, s.quote) for s in now.supports] == [
            (s.id, s.span.start, s.span.quote) for s in then.supports
        ]
    assert {support.kind.value for sentence in issue.sentences for support in sentence.supports} >= {"case", "finding"}


def test_what_changed_since_the_sign_off_is_said_and_a_changed_library_is_not(service: Service) -> None:
    case = decided_case(service)
    service.sign_off(USER, case)
    cited = {s.id for i in service.case(USER, case).draft.issues for t in i.sentences for s in t.supports}
    used = [passage for passage in service.guidelines() if passage.id in cited]
    assert used
    service.switch_off(USER, used[0].guideline, passage=used[0].id)
    rested = service.reproduce(USER, case)
    assert rested.stands
    notes = [s.note for issue in rested.issues for t in issue.sentences for s in t.supports if s.id == used[0].id]
    assert set(notes) == {"switched off or worded anew for new drafts"}

    with writing(service._engine) as session:
        session.execute(sql("UPDATE cases SET text = replace(text, 'lumbar spondylosis', 'lumbar spondilosis')"))
    changed = service.reproduce(USER, case)
    assert not changed.stands
    assert "the case summary: its words are not those that were signed off" in changed.changes[0]


def test_a_sign_off_is_kept_once_and_never_changed(service: Service) -> None:
    case = decided_case(service)
    before = service.audit_log.head().number
    assert service.sign_off(USER, case) == service.sign_off(USER, case)
    assert acts_since(service, before) == ["signed off"]
    with pytest.raises(Exception, match="append-only"), writing(service._engine) as session:
        session.execute(sql("UPDATE sign_offs SET account = 'eve'"))
