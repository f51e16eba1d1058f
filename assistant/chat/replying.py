"""Who answers a message: the rules first, and a chat model where they only look things up or do not understand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.chat.answers import Answer
from assistant.chat.context import ChatContext, ChatTools
from assistant.chat.turn import respond
from assistant.domain import Discarded


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as far as it has come. `notice` is a sentence beside it; `model` names who worded it, if no rule did.

    `discarded` are sentences of the model's that were thrown away, with the reason; they are no part of the answer.
    """

    answer: Answer
    done: bool = True
    stopped: bool = False
    notice: str = ""
    model: str = ""
    discarded: tuple[Discarded, ...] = ()


class Helper:
    """A chat model's help."""


def replies(
    message: str, context: ChatContext, tools: ChatTools, helper: Helper | None, stop: threading.Event
) -> Iterator[Reply]:
    """The answer to a message as it grows; the last one is `done`. What a rule answers comes whole at once."""
    if stop.is_set():
        yield Reply(Answer(""), stopped=True)
        return
    yield Reply(respond(message, context, tools))
