"""Who answers a message: the rules first, and a chat model where they only look things up or do not understand."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

from assistant.chat.answers import Answer
from assistant.chat.context import ChatContext, ChatTools
from assistant.chat.grounded_answers import Answering, Ledger
from assistant.chat.helping import Helper
from assistant.chat.intents import AskCase, AskGuideline, Unknown
from assistant.chat.reply import Reply, given_up
from assistant.chat.router import route
from assistant.chat.turn import answer
from assistant.errors import ModelFailed

_NONE_HELD = "No sentence of the chat model's held against its sources, so this is the answer without it."
_CHECK = re.compile(r"Check the text:[^.]*\.")


def replies(
    message: str, context: ChatContext, tools: ChatTools, helper: Helper | None, stop: threading.Event
) -> Iterator[Reply]:
    """The answer to a message as it grows; the last one is `done`. What a rule answers comes whole at once.

    An act is done by the reviewer's plain imperative, which only the rules read; a model proposes at most.
    """
    if stop.is_set():
        yield Reply(Answer(""), stopped=True)
        return
    intent = route(message, context)
    by_rule = answer(intent, context, tools)
    if helper is None or by_rule.changed:
        yield Reply(by_rule)
    elif isinstance(intent, Unknown) and helper.agent:
        from assistant.chat.agent import picked

        yield from picked(message, by_rule, context, tools, helper, stop)
    elif isinstance(intent, AskGuideline | AskCase) and helper.answers:
        yield from worded(message, by_rule, context, helper, stop)
    else:
        yield Reply(by_rule)


def worded(
    message: str, by_rule: Answer, context: ChatContext, helper: Helper, stop: threading.Event
) -> Iterator[Reply]:
    """The model's answer from what the rule's answer quotes, sentence by sentence as each is verified."""
    ledger = Ledger(context.draft)
    numbers = ledger.take(by_rule.blocks)
    if not numbers:
        yield Reply(by_rule)
        return
    answering = Answering(ledger)
    try:
        for piece in helper.stream("answer_question", {"sources": ledger.told(numbers), "question": message}):
            if answering.hear(piece):
                yield Reply(answering.answer(), done=False, model=helper.name)
            if stop.is_set():
                break
    except ModelFailed as failure:
        if not stop.is_set():
            yield given_up(by_rule, failure, answering)
            return
    yield ended(by_rule, answering, helper, stop)


def ended(by_rule: Answer, answering: Answering, helper: Helper, stop: threading.Event) -> Reply:
    """The last reply: what was kept of the model's answer; where that is nothing, the rule's."""
    stopped = stop.is_set()
    if not stopped:
        answering.end()
    discarded = tuple(answering.discarded)
    if not answering.kept:
        notice = _NONE_HELD if discarded and not stopped else ""
        return Reply(by_rule, stopped=stopped, notice=notice, discarded=discarded)
    caution = _CHECK.search(by_rule.text)
    return Reply(
        replace(answering.answer(), links=by_rule.links),
        stopped=stopped,
        notice=caution.group() if caution else "",
        model=helper.name,
        discarded=discarded,
    )
