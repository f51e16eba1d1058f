"""A LangChain agent over the chat's typed tools, for what the rules do not understand. This is all of LangChain here.

What only shows runs, by the same code as for the rules; what would change something becomes a proposal. The model
names a tool and its arguments and nothing else: no call of its own is ever carried out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelCallLimitMiddleware
from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
from langchain.tools.tool_node import ToolCallRequest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import StructuredTool
from langsmith.run_helpers import tracing_context

from assistant.chat.answers import Answer, Link
from assistant.chat.context import ChatContext, ChatTools
from assistant.chat.grounded_answers import Answering, Ledger
from assistant.chat.helping import Helper
from assistant.chat.intents import Act
from assistant.chat.proposals import PROPOSED, proposal
from assistant.chat.reply import Reply, given_up
from assistant.chat.tools import TOOLS, intent_of
from assistant.chat.turn import answer
from assistant.errors import AssistantError, ModelFailed

_MOST_TOOL_CALLS = 4
_MOST_MODEL_CALLS = 3
_TURNS = 6  # of the talk before
_SHORTENED = 300  # characters of an earlier turn
_OFFERED = "This was offered to the reviewer; nothing was changed."
_NOTHING = "Nothing was found."


class _GaveUpError(Exception):
    """The model calls tools that there are not, or too many."""


@dataclass
class _Desk(AgentMiddleware):
    """Carries out the model's calls: it is the only thing that does, and keeps what they showed."""

    context: ChatContext
    chat_tools: ChatTools
    ledger: Ledger
    stop: threading.Event
    shown: list[Answer] = field(default_factory=list)
    offered: dict[Link, None] = field(default_factory=dict)
    calls: int = 0
    mistakes: int = 0

    def wrap_tool_call(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Any]) -> ToolMessage:
        """One call of the model's. `handler`, LangChain's own way to run it, is never used."""
        self.calls += 1
        if self.stop.is_set() or self.calls > _MOST_TOOL_CALLS:
            raise _GaveUpError
        call = request.tool_call
        return ToolMessage(self._told(call["name"], call["args"]), tool_call_id=call["id"] or "", name=call["name"])

    def _told(self, name: str, args: dict[str, Any]) -> str:
        """What the model is told of its call."""
        try:
            intent = intent_of(name, args, self.context)
            if isinstance(intent, Act):
                self.offered[proposal(intent, self.context)] = None
                return _OFFERED
        except AssistantError as mistake:
            self.mistakes += 1
            if self.mistakes > 1:
                raise _GaveUpError from None
            return str(mistake)
        found = answer(intent, self.context, self.chat_tools)
        self.shown.append(found)
        return self.ledger.told(self.ledger.take(found.blocks)) or found.text or _NOTHING


def picked(
    message: str, by_rule: Answer, context: ChatContext, tools: ChatTools, helper: Helper, stop: threading.Event
) -> Iterator[Reply]:
    """The answer to a message by the tools that the model chose: its own sentences where they hold, else the tools'."""
    ledger = Ledger(context.draft)
    desk = _Desk(context, tools, ledger, stop)
    answering = Answering(ledger)
    try:
        said = _run(message, context, helper, desk)
    except ModelFailed as failure:
        if stop.is_set():
            yield Reply(_found(desk, by_rule), stopped=True)
        elif desk.shown or desk.offered:
            yield replace(given_up(by_rule, failure, answering), answer=_found(desk, by_rule))
        else:
            yield given_up(by_rule, failure, answering)
        return
    if helper.answers and answering.hear(said):
        yield Reply(answering.answer(), done=False, model=helper.name)
    answering.end()
    discarded = tuple(answering.discarded) if helper.answers and ledger.sources else ()
    if helper.answers and answering.kept:
        yield Reply(answering.answer(tuple(desk.offered)), model=helper.name, discarded=discarded)
    else:
        yield Reply(_found(desk, by_rule), discarded=discarded)


def _run(message: str, context: ChatContext, helper: Helper, desk: _Desk) -> str:
    """Let the model call tools, and return its last words; empty where it gave none. Raises ModelFailed."""
    requests = "\n".join(f"{at}. {service}" for at, service in enumerate(context.services, 1)) or "none yet"
    chat, system, user = helper.asked("choose_tool", {"requests": requests, "question": message})
    limit = ModelCallLimitMiddleware(run_limit=_MOST_MODEL_CALLS, exit_behavior="error")
    agent: Any = create_agent(chat, _schemas(), system_prompt=system, middleware=[desk, limit])
    try:
        with tracing_context(enabled=False):
            state = agent.invoke({"messages": [*_before(helper), HumanMessage(user)]})
    except (_GaveUpError, ModelCallLimitExceededError):
        return ""
    last = state["messages"][-1]
    return str(last.text) if isinstance(last, AIMessage) else ""


def _schemas() -> list[StructuredTool]:
    """The tools as the model is told of them; none of them does anything."""

    def never(**_: Any) -> str:
        raise _GaveUpError

    return [
        StructuredTool(name=tool.name, description=tool.description, args_schema=tool.args, func=never)
        for tool in TOOLS
    ]


def _before(helper: Helper) -> list[BaseMessage]:
    """The talk so far, the last turns, shortened."""
    return [
        (HumanMessage if role == "reviewer" else AIMessage)(text[:_SHORTENED])
        for role, text in helper.history[-_TURNS:]
        if text.strip()
    ]


def _found(desk: _Desk, by_rule: Answer) -> Answer:
    """What the tools showed, in their own words, with what was proposed."""
    links = tuple(desk.offered)
    useful = next((shown for shown in desk.shown if shown.blocks), desk.shown[0] if desk.shown else None)
    if useful is not None:
        return replace(useful, links=(*links, *useful.links))
    return Answer(PROPOSED, links=links) if links else by_rule
