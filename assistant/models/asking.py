"""What the rest of the program asks a chat model through: named prompts with values in, text or checked data out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from pydantic import BaseModel

from assistant.domain import ModelUse

Answered = TypeVar("Answered", bound=BaseModel)


class Asks(Protocol):
    """The calls of one draft or one chat turn to a chat model, under one budget of time, tokens and cost.

    What is sent is de-identified first where that is switched on, and what comes back is turned back. After a
    `ModelFailed` whoever asks goes on without the model; every later call fails at once with the same sentence.
    """

    def text(self, prompt: str, values: Mapping[str, str]) -> str:
        """The answer to a prompt, by its name, with a value for each of its inputs. Raises ModelFailed."""
        ...

    def data(self, prompt: str, values: Mapping[str, str], shape: type[Answered]) -> Answered:
        """The answer as data of that shape, which the prompt's `output` names. Raises ModelFailed, also where the model
        gives no such data."""
        ...

    def use(self) -> ModelUse:
        """What was used so far; `offered` and `kept` are the asker's to fill."""
        ...
