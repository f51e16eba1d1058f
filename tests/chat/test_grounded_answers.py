"""A chat model's words: what names its sources and says what they say is shown, all else is thrown away."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from drafted_case import COURSE, FUNCTION, RememberingTools
from fake_model import Says, helper, in_turn
from langchain_core.messages import AIMessage, BaseMessage

from assistant.chat.answers import BlockKind
from assistant.chat.context import ChatContext
from assistant.chat.grounded_answers import Answering, Ledger
from assistant.chat.reply import Reply
from assistant.chat.replying import replies
from assistant.chat.turn import respond
from assistant.errors import ModelFailed

ASKED = "what does the summary say about naproxen?"
GUIDELINE = "what does the guideline say about functional gain and functional improvement?"


def told(
    says: Says, context: ChatContext, tools: RememberingTools, message: str = ASKED, stop: threading.Event | None = None
) -> list[Reply]:
    """All replies to a message with a model's help."""
    stop = stop or threading.Event()
    helping, _ = helper(says, stop)
    return list(replies(message, context, tools, helping, stop))


def test_a_sentence_that_its_source_says_is_shown_with_it(one: ChatContext, single_tools: RememberingTools) -> None:
    *_, last = told(in_turn("She had acupuncture and naproxen [1]."), one, single_tools)
    assert (last.done, last.model, last.discarded) == (True, "scripted", ())
    assert last.answer.text == "She had acupuncture and naproxen. [1]"
    (block,) = last.answer.blocks
    assert (block.kind, block.text) == (BlockKind.CASE, "She had acupuncture and naproxen.")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param("She had acupuncture and naproxen.", "names no source", id="no source"),
        pytest.param("She had acupuncture and naproxen [7].", "a source that there is not", id="no such source"),
        pytest.param("She had 12 sessions of acupuncture [1].", "12", id="a number of its own"),
        pytest.param("She improved with acupuncture [1].", "improve", id="a finding of its own"),
        pytest.param("She had <b>acupuncture</b> and naproxen [1].", "markup", id="html"),
        pytest.param("She had [acupuncture](http://x.example) [1].", "markup", id="a markdown link"),
        pytest.param("See https://x.example for naproxen [1].", "markup", id="an address"),
        pytest.param("![naproxen](x.png) She had naproxen [1].", "markup", id="an image"),
        pytest.param("The requested sessions are medically necessary [1].", "reviewer's", id="a conclusion"),
        pytest.param("Naproxen means it is Overturned [1].", "reviewer's", id="an outcome"),
    ],
)
def test_what_no_source_says_is_thrown_away_and_the_rule_answers(
    said: str, why: str, one: ChatContext, single_tools: RememberingTools
) -> None:
    *_, last = told(in_turn(said), one, single_tools)
    assert last.answer == respond(ASKED, one, single_tools)
    assert (last.model, [d.sort for d in last.discarded]) == ("", ["sentence"] * len(last.discarded))
    assert any(why in thrown.why for thrown in last.discarded)
    assert "without it" in last.notice


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param("Functional improvement is documented [1].", "limits this by “only”", id="a rule told as a fact"),
        pytest.param("Functional improvement is documented [2].", "“improvement”", id="a word near in meaning"),
        pytest.param(f"{FUNCTION} [2]", "“improvement”", id="a true sentence under the wrong source"),
    ],
)
def test_a_rule_is_told_with_its_limits_and_in_its_own_words(
    said: str, why: str, one: ChatContext, single_tools: RememberingTools
) -> None:
    *_, last = told(in_turn(said), one, single_tools, GUIDELINE)
    assert last.model == ""
    assert why in last.discarded[0].why


def test_the_answer_grows_sentence_by_sentence_and_keeps_only_what_holds(
    one: ChatContext, single_tools: RememberingTools
) -> None:
    text = f"{COURSE} [2]\nShe had 40 visits [1].\n{FUNCTION} [1]\nDone"
    shown = told(in_turn(text), one, single_tools, GUIDELINE)
    assert [reply.done for reply in shown] == [False, False, True]
    assert COURSE in shown[0].answer.text
    assert FUNCTION not in shown[0].answer.text
    last = shown[-1]
    assert last.answer.text.count("[") == 2
    assert [thrown.text for thrown in last.discarded] == ["She had 40 visits.", "Done"]
    assert "Check the text" in last.notice


def test_sources_are_numbered_anew_in_the_order_of_their_first_use(
    one: ChatContext, single_tools: RememberingTools
) -> None:
    *_, last = told(in_turn(f"{COURSE} [2] {FUNCTION} [1]"), one, single_tools, GUIDELINE)
    assert last.answer.text == f"{COURSE} [1] {FUNCTION} [2]"
    assert [block.text for block in last.answer.blocks] == [COURSE, FUNCTION]


def test_a_model_that_does_not_know_leaves_the_rules_answer(one: ChatContext, single_tools: RememberingTools) -> None:
    *_, last = told(in_turn("The sources do not say."), one, single_tools)
    assert (last.answer, last.notice, last.discarded) == (respond(ASKED, one, single_tools), "", ())


def test_a_model_that_fails_costs_one_sentence(one: ChatContext, single_tools: RememberingTools) -> None:
    *_, last = told(in_turn(ConnectionError("http://key@host"), *[ConnectionError()] * 5), one, single_tools)
    assert last.answer == respond(ASKED, one, single_tools)
    assert "without it" in last.notice
    assert "key" not in last.notice


def test_a_plain_imperative_never_meets_the_model(one: ChatContext, single_tools: RememberingTools) -> None:
    helping, model = helper(in_turn())
    (reply,) = replies("make it overturned", one, single_tools, helping, threading.Event())
    assert reply.answer.changed
    assert model.asked == []


def test_what_is_stopped_ends_with_what_it_has(one: ChatContext, single_tools: RememberingTools) -> None:
    stop = threading.Event()

    def says(_: list[BaseMessage]) -> AIMessage:
        return AIMessage(f"{COURSE} [2]\n{FUNCTION} [1]\nMore [1].\n")

    helping, _ = helper(says, stop)
    shown: list[Reply] = []
    for reply in replies(GUIDELINE, one, single_tools, helping, stop):
        shown.append(reply)
        stop.set()
    assert shown[-1].stopped
    assert shown[-1].done
    assert COURSE in shown[-1].answer.text
    assert "More" not in shown[-1].answer.text


def test_a_model_given_up_because_the_turn_was_stopped_is_no_failure(
    one: ChatContext, single_tools: RememberingTools
) -> None:
    stop = threading.Event()

    def says(_: list[BaseMessage]) -> AIMessage:
        stop.set()
        raise ModelFailed("The chat model was stopped.")

    *_, last = told(says, one, single_tools, stop=stop)
    assert (last.stopped, last.notice) == (True, "")


def test_the_question_and_the_sources_stand_between_fences(one: ChatContext, single_tools: RememberingTools) -> None:
    helping, model = helper(in_turn("The sources do not say."))
    list(replies(ASKED, one, single_tools, helping, threading.Event()))
    (asked,) = model.asked
    system, user = (str(message.text) for message in asked)
    assert ASKED not in system
    assert "naproxen" not in system
    assert user.count("<<<") == user.count(">>>") == 2


@pytest.mark.parametrize("cut", [1, 3, 7, 50])
def test_the_pieces_in_which_a_text_comes_make_no_difference(
    cut: int, one: ChatContext, single_tools: RememberingTools
) -> None:
    text = f"{COURSE} [2] She had 40 visits [1]. {FUNCTION} [1]"

    def heard(size: int) -> Iterator[Answering]:
        ledger = Ledger(one.draft)
        ledger.take(respond(GUIDELINE, one, single_tools).blocks)
        answering = Answering(ledger)
        for start in range(0, len(text), size):
            answering.hear(text[start : start + size])
        answering.end()
        yield answering

    (pieces,), (whole,) = heard(cut), heard(len(text))
    assert (pieces.kept, pieces.discarded) == (whole.kept, whole.discarded)
    assert len(whole.kept) == 2
