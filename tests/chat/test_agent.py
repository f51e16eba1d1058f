"""The agent: the model names a tool, the program runs what only shows, and what would change something is proposed."""

from __future__ import annotations

import threading

import pytest
from drafted_case import RememberingTools
from fake_model import Says, ScriptedChat, calling, helper, in_turn
from langchain_core.messages import AIMessage, BaseMessage

from assistant.chat import proposals
from assistant.chat.context import ChatContext
from assistant.chat.intents import Act, SetOutcome
from assistant.chat.proposals import proposal
from assistant.chat.reply import Reply
from assistant.chat.replying import replies
from assistant.chat.router import route
from assistant.chat.tools import TOOLS, intent_of
from assistant.chat.turn import answer, respond
from assistant.domain import Outcome
from assistant.errors import AssistantError

ASKED = "zorgle the flumph"  # the rules understand nothing of it


def told(
    says: Says,
    context: ChatContext,
    tools: RememberingTools,
    stop: threading.Event | None = None,
    history: tuple[tuple[str, str], ...] = (),
) -> tuple[Reply, ScriptedChat]:
    """The last reply to what the rules do not understand, with an agent's help."""
    stop = stop or threading.Event()
    helping, model = helper(says, stop, agent=True, history=history)
    *_, last = replies(ASKED, context, tools, helping, stop)
    assert last.done
    return last, model


def test_a_tool_that_shows_runs_and_its_words_are_the_rules(one: ChatContext, single_tools: RememberingTools) -> None:
    last, _ = told(in_turn(calling("ask_case", question="naproxen"), "I do not know."), one, single_tools)
    assert last.answer == answer(intent_of("ask_case", {"question": "naproxen"}, one), one, single_tools)
    assert (last.model, last.notice) == ("", "")


def test_the_model_may_word_what_a_tool_returned(one: ChatContext, single_tools: RememberingTools) -> None:
    says = in_turn(calling("ask_case", question="naproxen"), "She had acupuncture and naproxen [1]. She is well [1].")
    last, model = told(says, one, single_tools)
    assert last.answer.text == "She had acupuncture and naproxen. [1]"
    assert [thrown.text for thrown in last.discarded] == ["She is well."]
    assert "[1] Case summary: She had acupuncture" in str(model.asked[1][-1].text)


@pytest.mark.parametrize(
    ("call", "say"),
    [
        (calling("propose_outcome", issue=1, outcome="Overturned"), "set issue 1 to overturned"),
        (calling("propose_shorter", issue=1), "shorten issue 1"),
        (calling("propose_redraft"), "redraft"),
        (calling("propose_undo"), "undo"),
    ],
)
def test_what_would_change_something_is_proposed_and_not_done(
    call: AIMessage, say: str, one: ChatContext, single_tools: RememberingTools
) -> None:
    last, _ = told(in_turn(call, "It is done."), one, single_tools)
    assert single_tools.done == []
    assert not last.answer.changed
    assert [link.say for link in last.answer.links] == [say]
    assert isinstance(route(say, one), Act)


def test_what_a_click_would_do_is_what_was_proposed_and_no_more(
    two: ChatContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert proposal(SetOutcome(Outcome.UPHELD, (1,)), two).say == "set issue 2 to upheld"
    monkeypatch.setattr(proposals, "say", lambda _: "set issue 1 to overturned")
    with pytest.raises(AssistantError):
        proposal(SetOutcome(Outcome.UPHELD, (1,)), two)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(calling("delete_everything"), id="unknown tool"),
        pytest.param(calling("ask_case", question=""), id="bad argument"),
        pytest.param(calling("ask_case", question="x", path="/"), id="one argument too many"),
        pytest.param(calling("why", issue=9), id="no such issue"),
        pytest.param(calling("propose_outcome", issue=1, outcome="Granted"), id="no such outcome"),
    ],
)
def test_a_wrong_call_is_told_once_and_then_the_rules_answer(
    wrong: AIMessage, one: ChatContext, single_tools: RememberingTools
) -> None:
    mended, model = told(in_turn(wrong, calling("ask_case", question="naproxen"), ""), one, single_tools)
    assert mended.answer.blocks
    assert len(str(model.asked[1][-1].text)) > 20
    again, _ = told(in_turn(wrong, wrong, "never said"), one, single_tools)
    assert again.answer == respond(ASKED, one, single_tools)
    assert single_tools.done == []


def test_a_model_that_never_ends_calling_is_ended(one: ChatContext, single_tools: RememberingTools) -> None:
    def again(_: list[BaseMessage]) -> AIMessage:
        return calling("ask_case", question="naproxen")

    last, model = told(again, one, single_tools)
    assert len(model.asked) == 3
    assert last.answer.blocks


def test_four_calls_at_once_are_the_most(one: ChatContext, single_tools: RememberingTools) -> None:
    many = AIMessage("", tool_calls=[c for n in range(9) for c in calling("find_decisions", n, words="MRI").tool_calls])
    told(in_turn(many, ""), one, single_tools)
    assert len(single_tools.searched) <= 2 * 4  # both outcomes, four times


def test_words_without_a_tool_are_not_shown(one: ChatContext, single_tools: RememberingTools) -> None:
    last, _ = told(in_turn("Overturned. The worker is well [1]."), one, single_tools)
    assert last.answer == respond(ASKED, one, single_tools)


def test_a_model_that_fails_leaves_the_rules_answer(one: ChatContext, single_tools: RememberingTools) -> None:
    last, _ = told(in_turn(*[ConnectionError("secret")] * 6), one, single_tools)
    assert last.answer == respond(ASKED, one, single_tools)
    assert "without it" in last.notice
    assert "secret" not in last.notice


def test_a_stopped_agent_ends_with_what_it_has(one: ChatContext, single_tools: RememberingTools) -> None:
    stop = threading.Event()

    def says(messages: list[BaseMessage]) -> AIMessage:
        if len(messages) > 2:
            stop.set()
        return calling("ask_case", question="naproxen")

    last, _ = told(says, one, single_tools, stop)
    assert last.stopped
    assert last.answer.blocks


def test_the_last_six_turns_are_sent_shortened(one: ChatContext, single_tools: RememberingTools) -> None:
    history = tuple((role, f"{n} " + "x" * 900) for n in range(5) for role in ("reviewer", "assistant"))
    _, model = told(in_turn(""), one, single_tools, history=history)
    before = [str(message.text) for message in model.asked[0][1:-1]]
    assert len(before) == 6
    assert max(map(len, before)) == 300
    assert before[-1].startswith("4 ")


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_tool_has_an_intent_and_only_effects_are_acts(tool, two: ChatContext) -> None:
    needed = {
        "question": "acupuncture",
        "term": "MTUS",
        "outcome": "Upheld",
        "issue": 1,
        "sentence": 2,
        "point": "naproxen",
        "which": "2",
        "guideline": "MTUS Low Back Complaints 2004",
    }
    args = {name: needed[name] for name, field in tool.args.model_fields.items() if field.is_required()}
    assert isinstance(intent_of(tool.name, args, two), Act) is tool.effect


def test_an_unknown_tool_is_one_sentence(two: ChatContext) -> None:
    with pytest.raises(AssistantError, match="There is no such tool"):
        intent_of("launch", {}, two)
