"""Tries the chat model that is set: what of it works, and how fast. A trial always ends with results."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from assistant.errors import AssistantError, ModelFailed
from assistant.models.context import Listing, read_listing

if TYPE_CHECKING:
    from assistant.models.choice import Models
    from assistant.models.session import Session

_TEXT = "The worker had six visits of physical therapy, and walks farther than before."
_QUESTION = "On a clear day, which colour is the sky?"
_TOOL = {
    "name": "find_guideline",
    "description": "Find the guideline for a treatment.",
    "parameters": {
        "type": "object",
        "properties": {"treatment": {"type": "string", "description": "the treatment, in a word or two"}},
        "required": ["treatment"],
    },
}
_SHOWN = 60  # characters of an answer that are shown
_LINES = 24  # lines of the text by which the speed of reading is measured
_LONG = (2_000, 4_000, 8_000, 16_000)  # tokens of the texts by which a context is sounded


class Result(StrEnum):
    """How a step of the trial ended."""

    OK = "ok"
    FAILED = "failed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried, with a sentence about it."""

    name: str
    result: Result
    sentence: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found out about a model: its steps; `context` in tokens, speeds in tokens a second, None if unknown."""

    model: str
    where: str
    steps: tuple[Step, ...]
    context: int | None = None
    reads: float | None = None
    writes: float | None = None

    def works(self, name: str) -> bool:
        """Whether the step of that name went well."""
        return any(step.name == name and step.result is Result.OK for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        """The trial for a program."""
        return asdict(self)


class TrialFact(BaseModel):
    """The answer in the form that is asked for."""

    model_config = ConfigDict(extra="forbid")

    quote: str
    visits: int


NAMES = ("reachable", "plain answer", "structured output", "tool calls", "context length", "speed")


def try_out(models: Models, seconds: float = 180.0) -> Trial:
    """Try the model that is set, for at most about `seconds`. Nothing of any case is sent. Raises nothing."""
    if not models.name:
        steps = tuple(Step(name, Result.NOT_TRIED, "No chat model is set.") for name in NAMES)
        return Trial("", models.where, steps)
    return _Trying(models, seconds).trial()


class _Trying:
    """A trial under way."""

    def __init__(self, models: Models, seconds: float) -> None:
        self._models = models
        self._end = time.monotonic() + seconds
        self._steps: list[Step] = []
        self._context: int | None = None
        self._reads: float | None = None
        self._writes: float | None = None

    def trial(self) -> Trial:
        tries = (self._reach, self._answer, self._data, self._tools, self._sound, self._speed)
        for name, one in zip(NAMES, tries, strict=True):
            if not self._reachable():
                self._steps.append(Step(name, Result.NOT_TRIED, "The model cannot be reached."))
            elif time.monotonic() >= self._end and not (one == self._sound and self._context):
                self._steps.append(Step(name, Result.NOT_TRIED, "The time for the trial was over."))
            else:
                self._steps.append(self._tried(name, one))
        return Trial(
            self._models.name, self._models.where, tuple(self._steps), self._context, self._reads, self._writes
        )

    def _reachable(self) -> bool:
        return not self._steps or self._steps[0].result is Result.OK

    def _tried(self, name: str, one: Callable[[Session], str]) -> Step:
        try:
            session = self._models.session(seconds=max(0.1, self._end - time.monotonic()))
            if session is None:  # another hand took the model away meanwhile
                return Step(name, Result.NOT_TRIED, "No chat model is set.")
            return Step(name, Result.OK, one(session))
        except AssistantError as error:
            return Step(name, Result.FAILED, str(error))

    def _reach(self, session: Session) -> str:
        listing = read_listing(session.chat)
        if listing is None:
            session.text("trial_answer", {"question": _QUESTION})
            return f"The model at {self._models.where} answers."
        self._context = listing.context(self._models.name.partition(":")[2])
        return self._said_of(listing)

    def _said_of(self, listing: Listing) -> str:
        name = self._models.name.partition(":")[2]
        if listing.names and name not in listing.names:
            return f"The server at {self._models.where} answers; it does not list a model named {name[:60]}."
        return f"The server at {self._models.where} answers."

    def _answer(self, session: Session) -> str:
        answer = session.text("trial_answer", {"question": _QUESTION})
        if not answer:
            raise ModelFailed("The model answered nothing.")
        return f"It said {_short(answer)!r} after {session.chat.leash.seconds:.1f} s."

    def _data(self, session: Session) -> str:
        fact = session.data("trial_data", {"text": _TEXT}, TrialFact)
        how = "by a schema" if session.takes_schemas else "in words, as the server takes no schema"
        exact = "its quotation is exact" if fact.quote and fact.quote in _TEXT else "its quotation is not exact"
        return f"It gave data in the form asked for ({how}); {exact}."

    def _tools(self, session: Session) -> str:
        rendered = session.prompts.render("trial_tools", {"treatment": "acupuncture"})
        answer = (
            session.chat.about(rendered.label)
            .bind_tools([_TOOL])
            .invoke([("system", rendered.system), ("human", rendered.user)])
        )
        for call in answer.tool_calls:
            if call["name"] == _TOOL["name"] and isinstance(call["args"].get("treatment"), str):
                return "It called the tool that it was offered, with an argument that fits."
        raise ModelFailed("It did not call the tool that it was offered; the chat picks its tools by rule.")

    def _sound(self, session: Session) -> str:
        """What the settings or the server say; else the longest text that it still took whole."""
        if given := self._models.settings.chat_context:
            self._context = given
            return f"{given} tokens, as it is set."
        if self._context:
            return f"{self._context} tokens, as the server says."
        for size in _LONG:
            before = session.chat.leash.tokens_in
            try:
                session.text("trial_speed", {"text": "one two three four " * (size // 4)})
            except ModelFailed:
                break
            if session.chat.leash.tokens_in - before < size // 2:  # cut by the server, and not said
                break
            self._context = size
        if self._context is None:
            raise ModelFailed("The server does not say it, and took no long text.")
        return f"At least {self._context} tokens, by trying; the server does not say it."

    def _speed(self, session: Session) -> str:
        lines = "\n".join(
            f"{time.monotonic_ns() % 9973 + n} visits were counted, and none was missed." for n in range(_LINES)
        )
        session.text("trial_speed", {"text": lines})
        leash = session.chat.leash
        writing = leash.seconds - leash.first_seconds
        if leash.first_seconds <= 0 or writing <= 0 or not leash.tokens_out:
            raise ModelFailed("The answer came at once or not at all, so that no speed could be told.")
        self._reads = round(leash.tokens_in / leash.first_seconds, 1)
        self._writes = round(leash.tokens_out / writing, 1)
        return f"Reads about {self._reads:g} tokens a second and writes about {self._writes:g}."


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
