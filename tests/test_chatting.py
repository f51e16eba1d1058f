"""Kept chats over a real case: edited and sent anew, stopped, cut off, found, exported, deleted."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.chat.answers import Answer
from assistant.chat.reply import Reply
from assistant.chat_export import ChatFormat
from assistant.domain import Outcome
from assistant.errors import AssistantError, NotThere
from assistant.models.choice import Models
from assistant.service import Service, chatting
from assistant.settings import Settings
from assistant.views import Turn

sys.path.append(str(Path(__file__).parent / "chat"))
from fake_model import Says, ScriptedChat, in_turn  # noqa: E402 - the path comes first

USER = "ann"
TEXT = (
    "The worker is a 50-year-old woman. She had acupuncture and naproxen. "
    "The treating physician requested authorization for 6 sessions of acupuncture for the low back."
)


@pytest.fixture(scope="module")
def service(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over a starter library of this module's own."""
    folder = shutil.copytree(starter_dir, tmp_path_factory.mktemp("chats") / "data")
    made = Service.open(Settings(data_dir=folder))
    yield made
    made.close()


@pytest.fixture
def case(service: Service) -> str:
    """A drafted case."""
    made = service.create_case(USER, TEXT)
    service.draft_case(USER, made.id)
    return made.id


def said(service: Service, case: str, message: str, **how: object) -> Turn:
    """The last turn of the answer to a message."""
    *_, last = service.chat(USER, case, message, **how)
    return last


def texts(turns: tuple[Turn, ...]) -> list[str]:
    """What the reviewer said, in order."""
    return [turn.text for turn in turns if turn.role == "reviewer"]


def test_a_message_edited_and_sent_again_puts_the_rest_aside_and_loses_nothing(service: Service, case: str) -> None:
    for message in ("what is MTUS?", "why?", "help"):
        said(service, case, message)
    second = service.turns(USER, case)[2]
    answer = said(service, case, "show me the draft", instead_of=second.id)
    assert answer.notices == ()
    assert texts(service.turns(USER, case)) == ["what is MTUS?", "show me the draft"]
    everything = service.chats.turns(USER, case, aside=True)
    assert [t.text for t in everything if t.superseded and t.role == "reviewer"] == ["why?", "help"]


def test_an_act_done_stays_when_its_message_is_edited_and_the_answer_says_so(service: Service, case: str) -> None:
    said(service, case, "make it overturned")
    act = service.turns(USER, case)[0]
    version = service.case(USER, case).version
    answer = said(service, case, "why?", instead_of=act.id)
    assert "stays" in answer.notices[0]
    assert service.turns(USER, case)[-1].notices == answer.notices
    assert service.case(USER, case).version == version
    assert service.case(USER, case).decided[0].outcome is Outcome.OVERTURNED


def test_what_does_not_stand_cannot_be_sent_anew(service: Service, case: str) -> None:
    said(service, case, "why?")
    answer = service.turns(USER, case)[1]
    with pytest.raises(NotThere):
        said(service, case, "help", instead_of=answer.id)
    assert texts(service.turns(USER, case)) == ["why?"]


def test_a_turn_stopped_before_it_began_changes_nothing(service: Service, case: str) -> None:
    stop = threading.Event()
    stop.set()
    turn = said(service, case, "make it overturned", stop=stop)
    assert (turn.done, turn.stopped, turn.changed) == (True, True, False)
    assert service.case(USER, case).decided == {}
    assert service.turns(USER, case)[-1].stopped


def growing(*parts: str) -> Iterator[Reply]:
    """A reply that grows part by part and is never done."""
    for part in parts:
        yield Reply(Answer(part), done=False)


@dataclass
class Clock:
    """A time that stands still until it is moved."""

    time: float = 0.0

    def __call__(self) -> float:
        return self.time


def test_a_turn_whose_reader_goes_away_keeps_what_it_had(
    service: Service, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatting, "replies", lambda *_: growing("Half", "Half of it"))
    turns = service.chat(USER, case, "why?")
    assert next(turns).text == "Half"
    assert not service.turns(USER, case)[-1].done
    turns.close()
    kept = service.turns(USER, case)[-1]
    assert (kept.text, kept.done, kept.stopped) == ("Half", True, True)


def test_a_fault_in_mid_turn_ends_the_turn_with_what_it_had(
    service: Service, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object) -> Iterator[Reply]:
        yield Reply(Answer("Half"), done=False)
        raise ZeroDivisionError

    monkeypatch.setattr(chatting, "replies", faulty)
    with pytest.raises(ZeroDivisionError):
        said(service, case, "why?")
    assert (service.turns(USER, case)[-1].text, service.turns(USER, case)[-1].stopped) == ("Half", True)


def test_a_turn_of_a_killed_program_shows_what_it_had_and_that_it_stopped(
    service: Service, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatting, "replies", lambda *_: growing("Half", "never read"))
    under_way = service.chat(USER, case, "why?")
    next(under_way)
    again = Service(service.settings, service._engine, service.library)  # the program, started once more
    kept = again.turns(USER, case)[-1]
    assert (kept.text, kept.done, kept.stopped) == ("Half", True, True)
    under_way.close()


def test_a_growing_turn_is_shown_ten_times_a_second_at_most(
    service: Service, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()

    def quick(*_: object) -> Iterator[Reply]:
        for step in range(40):
            clock.time = step * 0.025
            yield Reply(Answer(f"{step}"), done=False)
        yield Reply(Answer("whole"))

    monkeypatch.setattr(chatting, "replies", quick)
    monkeypatch.setattr(service.chats, "_clock", clock)
    shown = [turn.text for turn in service.chat(USER, case, "why?")]
    assert shown[-1] == "whole"
    assert 9 <= len(shown) <= 11


def test_chats_are_listed_and_found_with_their_case(service: Service, case: str) -> None:
    said(service, case, "what does the summary say about naproxen?")
    rows = [row for row in service.chats.all(USER) if row.case_id == case]
    assert [(row.turns, row.title) for row in rows] == [(2, service.case(USER, case).title)]
    hits = [hit for hit in service.chats.find(USER, "naproxen say") if hit.case_id == case]
    assert "naproxen" in hits[0].snippet
    assert service.chats.find("bob", "naproxen") == ()


def test_a_long_turn_is_found_by_its_words_place(service: Service, case: str) -> None:
    said(service, case, "I wonder. " * 60 + "Where is the zebrafish?")
    (hit,) = [hit for hit in service.chats.find(USER, "zebrafish") if hit.turn.role == "reviewer"]
    assert "zebrafish" in hit.snippet
    assert len(hit.snippet) < 170


def test_an_exported_chat_holds_everything_and_no_markup_of_what_was_said(service: Service, case: str) -> None:
    said(service, case, "<b>why</b> [here](http://evil.example)?")
    first = service.turns(USER, case)[0]
    said(service, case, "what is MTUS?", instead_of=first.id)
    told = json.loads(service.chats.export(USER, case, ChatFormat.JSON).content)
    assert [(turn["role"], turn["superseded"]) for turn in told["turns"]] == [
        ("reviewer", True),
        ("assistant", True),
        ("reviewer", False),
        ("assistant", False),
    ]
    exported = service.chats.export(USER, case, ChatFormat.MARKDOWN)
    written = exported.content.decode()
    assert exported.name == f"chat-{case}.md"
    assert "put aside" in written
    assert "<b>" not in written
    assert "[here](" not in written
    assert written.count("**You**") == 2


def test_a_deleted_chat_is_gone_and_the_draft_stays(service: Service, case: str) -> None:
    said(service, case, "why?")
    assert service.chats.delete(USER, case) == 2
    assert service.turns(USER, case) == ()
    assert service.case(USER, case).draft is not None
    acts = [act for act in service.records.acts(USER, case) if act.kind == "chat_deleted"]
    assert [act.detail for act in acts] == [{}]


def test_an_empty_message_is_refused_and_nothing_is_kept(service: Service, case: str) -> None:
    with pytest.raises(AssistantError, match="empty"):
        said(service, case, "  \n")
    assert service.turns(USER, case) == ()


@pytest.fixture
def modelled(service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ScriptedChat]:
    """Sets a chat model of the test's own, with settings."""

    def set_(says: Says, **settings: object) -> ScriptedChat:
        model = ScriptedChat(says=says, asked=[])
        given = service.settings.model_copy(update={"chat_model": "fake:one", **settings})
        monkeypatch.setitem(service.__dict__, "models", Models(given, make=lambda _: model))
        return model

    return set_


def test_a_model_words_an_answer_and_that_is_kept(service: Service, case: str, modelled) -> None:
    modelled(in_turn("She had acupuncture and naproxen [1]. She is well [1]."))
    said(service, case, "what does the summary say about naproxen?")
    kept = service.turns(USER, case)[-1]
    assert (kept.text, kept.model) == ("She had acupuncture and naproxen. [1]", "fake:one")
    assert [thrown["text"] for thrown in kept.discarded] == ["She is well."]
    told = json.loads(service.chats.export(USER, case, ChatFormat.JSON).content)["turns"][-1]
    assert told["model"] == "fake:one"


def test_a_model_that_is_not_to_help_with_answers_is_not_asked(service: Service, case: str, modelled) -> None:
    model = modelled(in_turn(), chat_helps="wording", chat_agent="off")
    assert said(service, case, "what does the summary say about naproxen?").model == ""
    assert model.asked == []


@pytest.mark.parametrize(("setting", "asked"), [("on", True), ("off", False), ("auto", False)])
def test_tools_are_chosen_by_a_model_where_that_is_set_or_a_trial_saw_it(
    service: Service, case: str, modelled, setting: str, *, asked: bool
) -> None:
    model = modelled(in_turn("I do not know."), chat_agent=setting)
    said(service, case, "zorgle the flumph")
    assert bool(model.asked) is asked


def test_a_model_that_cannot_be_set_up_costs_a_notice(
    service: Service, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = service.settings.model_copy(update={"chat_model": "nobody:one"})
    monkeypatch.setitem(service.__dict__, "models", Models(given))
    turn = said(service, case, "why?")
    assert len(turn.notices) == 1
    assert turn.text
    assert turn.done
