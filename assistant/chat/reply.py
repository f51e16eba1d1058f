"""What a turn of the chat gives back as it grows: the answer so far, who worded it, and what was thrown away."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.chat.answers import Answer
from assistant.chat.grounded_answers import Answering
from assistant.domain import Discarded
from assistant.errors import ModelFailed

_WITHOUT = "This is the answer without it."


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


def given_up(by_rule: Answer, failure: ModelFailed, answering: Answering) -> Reply:
    """The rule's answer, for the model failed."""
    return Reply(by_rule, notice=f"{failure} {_WITHOUT}", discarded=tuple(answering.discarded))
