"""A chat model of a test's own: it says what it was told to say, and obeys whatever the data says where asked to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant.chat.helping import Helper
from assistant.models.leash import Caps, Leash
from assistant.models.leashed import LeashedChat
from assistant.models.prompts import load_prompts
from assistant.models.session import Session

PROMPTS = Path(__file__).parents[2] / "prompts"
Says = Callable[[list[BaseMessage]], AIMessage]


class ScriptedChat(BaseChatModel):
    """Answers by `says`, piece by piece where it is streamed; `asked` holds what it was sent."""

    says: Any
    asked: list[list[BaseMessage]] = []

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """Tools change nothing in what it says."""
        return self

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        self.asked.append(messages)
        return ChatResult(generations=[ChatGeneration(message=self.says(messages))])

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        self.asked.append(messages)
        said = self.says(messages)
        for piece in str(said.text).splitlines(keepends=True):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        chunks = [
            {"name": c["name"], "args": _json(c["args"]), "id": c["id"], "index": at, "type": "tool_call_chunk"}
            for at, c in enumerate(said.tool_calls)
        ]
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=chunks))


def _json(args: object) -> str:
    import json

    return json.dumps(args)


def in_turn(*answers: AIMessage | str | Exception) -> Says:
    """Says these, one a call; an exception is raised."""
    left = list(answers)

    def says(_: list[BaseMessage]) -> AIMessage:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, AIMessage) else AIMessage(answer)

    return says


def calling(name: str, number: int = 1, **args: object) -> AIMessage:
    """A call of a tool."""
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": f"call{number}", "type": "tool_call"}])


def helper(
    says: Says, stop: threading.Event | None = None, *, agent: bool = False, history: tuple[tuple[str, str], ...] = ()
) -> tuple[Helper, ScriptedChat]:
    """A model's help for one turn, and the model behind the leash."""
    inner = ScriptedChat(says=says, asked=[])
    chat = LeashedChat(inner=inner, leash=Leash(Caps(), stop or threading.Event()), first_pause=0.0)
    return Helper(
        Session(chat, load_prompts(PROMPTS), name="scripted"), "scripted", agent=agent, history=history
    ), inner
