"""The calls of one draft or one chat turn: prompts by name, text or checked data back, and what was used."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from assistant.domain import ModelUse
from assistant.errors import ModelFailed
from assistant.models.asking import Answered
from assistant.models.faults import Refusal

if TYPE_CHECKING:
    from assistant.models.leashed import LeashedChat
    from assistant.models.prompts import Prompts, Rendered

_NO_DATA = "The chat model gave no answer in the form that was asked for."
_TRIED = 50  # braces of an answer at which data is looked for
_FENCE = re.compile(r"^```\w*\n(?P<inner>.*?)\n?```\s*$", re.DOTALL)


class Session:
    """One draft's or one turn's use of a chat model; it keeps to `assistant.models.asking.Asks`."""

    def __init__(self, chat: LeashedChat, prompts: Prompts, *, name: str, deidentified: str = "off") -> None:
        self.chat = chat
        self.prompts = prompts
        self._name, self._deidentified = name, deidentified
        self._used: dict[str, None] = {}
        self._unusable: str | None = None  # the sentence about the last answer that could not be used
        self.takes_schemas = True  # whether the server takes a schema; found out by the first refusal

    def text(self, prompt: str, values: Mapping[str, str]) -> str:
        """The answer to a prompt as text. Raises ModelFailed."""
        answer = self._said(self.chat, self._rendered(prompt, values)).strip()
        found = _FENCE.match(answer)
        return found["inner"].strip() if found else answer

    def data(self, prompt: str, values: Mapping[str, str], shape: type[Answered]) -> Answered:
        """The answer as data of that shape; the model may mend a malformed one once. Raises ModelFailed."""
        rendered = self._rendered(prompt, values)
        try:
            return self._read(rendered, shape)
        except ValueError as error:
            words = f"The last answer did not fit ({error}). Answer with JSON by this schema, and nothing else:"
            try:
                return self._read(_with(rendered, f"{words} {_schema(shape)}"), shape)
            except ValueError:
                self._unusable = _NO_DATA
                raise ModelFailed(_NO_DATA) from None

    def _read(self, rendered: Rendered, shape: type[Answered]) -> Answered:
        """The data in an answer; what was hidden is turned back in the values, where it can break no JSON."""
        return read_data(self._shaped(rendered, shape), shape, self.chat.turned_back)

    def use(self) -> ModelUse:
        """What was used so far."""
        leash = self.chat.leash
        return ModelUse(
            model=self._name,
            prompts=tuple(self._used),
            calls=leash.calls,
            tokens_in=leash.tokens_in,
            tokens_out=leash.tokens_out,
            seconds=round(leash.seconds, 2),
            cost=leash.cost,
            deidentified=self._deidentified,
            notice=str(leash.gone) if leash.gone else self._unusable,
        )

    def _rendered(self, prompt: str, values: Mapping[str, str]) -> Rendered:
        rendered = self.prompts.render(prompt, values)
        self._used[rendered.label] = None
        return rendered

    def _shaped(self, rendered: Rendered, shape: type[BaseModel]) -> str:
        """The answer of a server that is told the schema, where it takes one, as it came."""
        plain = self.chat.model_copy(update={"restores": False})
        if self.takes_schemas:
            schema = {"name": shape.__name__, "schema": shape.model_json_schema(), "strict": True}
            chat = plain.asking_for(response_format={"type": "json_schema", "json_schema": schema})
            try:
                return self._said(chat, rendered)
            except Refusal:
                self.takes_schemas = False
        return self._said(plain, _with(rendered, f"Answer with JSON by this schema: {_schema(shape)}"))

    @staticmethod
    def _said(chat: LeashedChat, rendered: Rendered) -> str:
        if rendered.tokens:
            chat = chat.asking_for(max_tokens=min(rendered.tokens, chat.leash.caps.answer_tokens))
        messages = [("system", rendered.system)] if rendered.system else []
        return str(chat.about(rendered.label).invoke([*messages, ("human", rendered.user)]).text)


def _with(rendered: Rendered, words: str) -> Rendered:
    return replace(rendered, user=f"{rendered.user}\n\n{words}")


def _schema(shape: type[BaseModel]) -> str:
    return json.dumps(shape.model_json_schema(), separators=(",", ":"))


def read_data(text: str, shape: type[Answered], turned_back: Callable[[Any], Any] = lambda value: value) -> Answered:
    """The first JSON object in a text that fits, as data of that shape; `turned_back` is done to its values first.

    Raises ValueError, with what did not fit in words without the values, where there is none.
    """
    reason = "it holds no JSON"
    for found in islice(re.finditer(r"[{\[]", text), _TRIED):
        try:
            value: Any = json.JSONDecoder(strict=False).raw_decode(text, found.start())[0]
            return shape.model_validate(turned_back(value))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            reason = f"{'.'.join(map(str, first['loc']))[:60]}: {first['type']}"
        except (json.JSONDecodeError, RecursionError):
            continue
    raise ValueError(reason)
