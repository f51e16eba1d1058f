"""A chat model on a leash: bounded in time, tokens and cost, stopped at will, and told nothing that is to stay here."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langsmith.run_helpers import tracing_context
from pydantic import ConfigDict, Field, PrivateAttr

from assistant import metrics
from assistant.errors import ModelFailed
from assistant.models.faults import Fault, Refusal, fault_of
from assistant.models.following import Following
from assistant.models.leash import Leash, estimated_tokens

_TRIES = 3
_FIRST_PAUSE = 0.5  # seconds before the second try; doubled before the third
_BABBLE = 12  # characters a token at most, beyond which an answer that should have ended is cut off
_SAY_THE_END = frozenset(["openai-chat", "azure-openai-chat"])  # clients that take a broken stream for its end
_SENT = 50  # messages of which the text is remembered


class Hides(Protocol):
    """What de-identifies a text, and turns an answer back."""

    def hide(self, text: str) -> Any:
        """The text without identifiers, as the result's `text`."""
        ...

    def restore(self, text: str) -> str:
        """The text with the identifiers back in their places."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it left this machine, for which prompt ("" for the chat's own)."""

    role: str
    text: str
    prompt: str = ""


class LeashedChat(BaseChatModel):
    """`inner` on a leash. Every problem is a ModelFailed with one sentence that holds nothing of the case.

    A call runs in a thread that is waited for no longer than the leash allows, so that no server can hold the program:
    neither one that hangs nor one that never ends. `hides` turns every text before it leaves and after it comes back.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    inner: BaseChatModel
    leash: Leash
    hides: Any = None
    sent: Any = Field(default_factory=lambda: deque(maxlen=_SENT))  # Any: a typed deque would be copied, not shared
    heard: Callable[[Sent], None] | None = None  # told of each message that leaves
    restores: bool = True  # whether answers come turned back; data is turned back after it is read
    prompt: str = ""  # the label of the prompt that is asked, for the record of what was sent
    first_pause: float = _FIRST_PAUSE
    _bound: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def _llm_type(self) -> str:
        return "leashed"

    def invoke(self, *args: Any, **kwargs: Any) -> AIMessage:
        """The answer; never traced to a server, whatever the environment asks for: a trace holds the case."""
        with tracing_context(enabled=False):
            return super().invoke(*args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[AIMessageChunk]:
        """The answer as it comes; not traced either, step by step, as a generator lends its context to its caller."""
        begun: Any = super().stream(*args, **kwargs)  # a generator, though it is not typed as one
        with closing(begun) as steps:  # whoever stops taking them ends the call
            while True:
                with tracing_context(enabled=False):
                    step = next(steps, None)
                if step is None:
                    return
                yield step

    def about(self, prompt: str) -> LeashedChat:
        """The same, on the same leash, for a prompt of that label."""
        return self.model_copy(update={"prompt": prompt})

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """The same leash around the model with the tools bound."""
        return self._around(self.inner.bind_tools(tools, **kwargs))

    def asking_for(self, **kwargs: Any) -> LeashedChat:
        """The same leash around the model with settings for its calls, such as `response_format`."""
        return self._around(self.inner.bind(**kwargs))

    def _around(self, bound: Any) -> LeashedChat:
        # A binding is no chat model; its settings are kept and given with every call.
        other = self.model_copy()
        other._bound = {**self._bound, **getattr(bound, "kwargs", {})}
        if not hasattr(bound, "kwargs"):
            other.inner = bound
        return other

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        whole = self._whole(self._pulled(messages, stop, kwargs))
        message = AIMessage(content=self._restored(whole.text), tool_calls=self._calls(whole), id=whole.id)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """The answer sentence by sentence, so that no stand-in is cut in two; tool calls come last."""
        held: list[AIMessageChunk] = []
        waiting = ""
        for chunk in self._pulled(messages, stop, kwargs):
            held.append(chunk)
            waiting += chunk.text
            done, waiting = _split(waiting)
            if done:
                yield ChatGenerationChunk(message=AIMessageChunk(content=self._restored(done)))
        whole = self._whole(iter(held))
        calls = [{"name": c["name"], "args": c["args"], "id": c["id"]} for c in self._calls(whole)]
        last = AIMessageChunk(
            content=self._restored(waiting),
            tool_call_chunks=[
                {
                    "name": c["name"],
                    "args": json.dumps(c["args"]),
                    "id": c["id"],
                    "index": at,
                    "type": "tool_call_chunk",
                }
                for at, c in enumerate(calls)
            ],
        )
        yield ChatGenerationChunk(message=last)

    # --- one call ---------------------------------------------------------------------------------------------

    def _pulled(
        self, messages: list[BaseMessage], stop: list[str] | None, kwargs: dict[str, Any]
    ) -> Iterator[AIMessageChunk]:
        """The chunks of the answer; another try where a server fails before its first."""
        outgoing = self._all_hidden(messages)
        seconds = self.leash.begin(estimated_tokens(sum(len(str(message.text)) for message in outgoing)))
        self._note(outgoing)
        deadline = time.monotonic() + seconds
        for attempt in range(_TRIES):
            got = 0
            try:
                for chunk in self._once(outgoing, stop, {**self._bound, **kwargs}, deadline, seconds):
                    got += 1
                    yield chunk
            except Fault as fault:
                pause = self.first_pause * 2**attempt
                last = attempt == _TRIES - 1 or got or not fault.again or time.monotonic() + pause >= deadline
                if last:
                    raise self._failed(fault) from None
                self.leash.cancelled.wait(pause)
                self.leash.check()
            else:
                return

    def _note(self, outgoing: list[BaseMessage]) -> None:
        """Remember what leaves, tool calls and their arguments too."""
        for message in outgoing:
            calls = message.tool_calls if isinstance(message, AIMessage) else []
            words = [str(message.text), *(f"{c['name']} {json.dumps(c['args'], ensure_ascii=False)}" for c in calls)]
            sent = Sent(message.type, "\n".join(filter(None, words)), self.prompt)
            self.sent.append(sent)
            if self.heard is not None:
                self.heard(sent)

    def _failed(self, fault: Fault) -> ModelFailed:
        metrics.count(metrics.Metrics.failure)
        if fault.refused:
            return Refusal(fault.sentence)
        return self.leash.give_up(fault.sentence) if fault.final else ModelFailed(fault.sentence)

    def _once(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None,
        kwargs: dict[str, Any],
        deadline: float,
        seconds: float,
    ) -> Iterator[AIMessageChunk]:
        """One try: the chunks as they come; Fault for whatever goes wrong. What it used is counted in any case."""

        def read() -> Iterator[AIMessageChunk]:
            # Tracing to a server would send the case elsewhere, whatever the environment asks for.
            with tracing_context(enabled=False):
                yield from self.inner.stream(messages, stop=stop, **kwargs)

        meter = _Meter(sum(len(str(message.text)) for message in messages), self.leash.caps.answer_tokens * _BABBLE)

        def watch() -> None:
            self.leash.check()
            if time.monotonic() >= deadline:
                # A server that says nothing will say nothing to the next call; a slow one may have a shorter answer.
                raise Fault(f"The chat model did not answer within {seconds:.0f} seconds.", final=not meter.begun)

        started = time.monotonic()
        try:
            for chunk in Following(read, watch):
                if meter.take(chunk):
                    self.leash.first_seconds = time.monotonic() - started
                yield chunk
            meter.end(said=self.inner._llm_type in _SAY_THE_END)
        except (ModelFailed, Fault):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a client raises is told in one sentence
            raise fault_of(error) from None
        finally:
            self.leash.spend(meter.tokens_in, meter.tokens_out, time.monotonic() - started)

    # --- texts, there and back ----------------------------------------------------------------------------------

    def _all_hidden(self, messages: list[BaseMessage]) -> list[BaseMessage]:
        """What may leave; where it cannot be hidden, nothing does."""
        try:
            return [self._outgoing(message) for message in messages]
        except Exception:  # noqa: BLE001 - the error may quote the case
            raise self.leash.give_up("The text could not be de-identified, so that nothing was sent.") from None

    def _outgoing(self, message: BaseMessage) -> BaseMessage:
        if self.hides is None:
            return message
        changed: dict[str, Any] = {"content": self._hidden(message.content)}
        if isinstance(message, AIMessage) and message.tool_calls:
            changed["tool_calls"] = [{**call, "args": self._hidden(call["args"])} for call in message.tool_calls]
        return message.model_copy(update=changed)

    def _hidden(self, value: Any) -> Any:
        return _mapped(value, lambda text: self.hides.hide(text).text)

    def _restored(self, value: Any) -> Any:
        return self.turned_back(value) if self.restores else value

    def turned_back(self, value: Any) -> Any:
        """The value with the identifiers back in each text in it."""
        return value if self.hides is None else _mapped(value, self.hides.restore)

    @staticmethod
    def _whole(chunks: Iterator[AIMessageChunk]) -> AIMessageChunk:
        whole = AIMessageChunk(content="")
        for chunk in chunks:
            whole = whole + chunk
        return whole

    def _calls(self, whole: AIMessageChunk) -> list[Any]:
        return [{**call, "args": self._restored(call["args"])} for call in whole.tool_calls]


class _Meter:
    """Counts the tokens of one try: as the server says, else by the length of the texts."""

    def __init__(self, asked: int, most: int) -> None:
        self.tokens_in, self.tokens_out = estimated_tokens(asked), 0
        self._ended = False  # whether the server said that the answer is whole
        self._most, self._size = most, 0

    def take(self, chunk: AIMessageChunk) -> bool:
        """Count a chunk; whether it is the first with words. Fault where the answer has grown far beyond its bounds."""
        before = self._size
        self._size += len(chunk.text) + sum(len(call.get("args") or "") for call in chunk.tool_call_chunks)
        self._ended = self._ended or "finish_reason" in chunk.response_metadata
        if chunk.usage_metadata:
            self.tokens_in, self.tokens_out = (
                chunk.usage_metadata["input_tokens"],
                chunk.usage_metadata["output_tokens"],
            )
        else:
            self.tokens_out = max(self.tokens_out, estimated_tokens(self._size))
        if self._size > self._most:
            raise Fault("The chat model did not come to an end and was cut off.")
        return before == 0 < self._size

    @property
    def begun(self) -> bool:
        """Whether anything of an answer came."""
        return self._size > 0

    def end(self, *, said: bool) -> None:
        """Fault where the stream ended but its end, which such a client says, was never said."""
        if said and not self._ended:
            raise Fault("The chat model's server broke off in the middle of its answer.")


def _mapped(value: Any, change: Any) -> Any:
    """A value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(part, change) for name, part in value.items()}
    return [_mapped(part, change) for part in value] if isinstance(value, list) else value


def _split(text: str) -> tuple[str, str]:
    """What ends with a sentence or a line, and the rest."""
    ends = [text.rfind(mark) + len(mark) for mark in (". ", "? ", "! ", "\n") if mark in text]
    at = max(ends, default=0)
    return text[:at], text[at:]
