"""The chat's tools as a chat model sees them: a name, what it is for, and typed arguments; each call is an intent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.chat.context import ChatContext
from assistant.chat.intents import (
    AskCase,
    AskGuideline,
    ExplainTerm,
    FindDecisions,
    Intent,
    OtherWay,
    Redraft,
    SetOutcome,
    Shorten,
    ShowDraft,
    Undo,
    Why,
)
from assistant.domain import Outcome
from assistant.errors import AssistantError

_LONGEST = 300  # characters of a text argument


class _Args(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NoArgs(_Args):
    """Nothing to say."""


class OfIssue(_Args):
    """An issue."""

    issue: int | None = Field(
        default=None, ge=1, description="the issue's number, from 1; leave out where there is one"
    )


class AboutIssue(OfIssue):
    """An issue, and what of it."""

    about: str = Field(default="", max_length=_LONGEST, description="words of the criterion asked about, or empty")


class OutcomeOfIssue(OfIssue):
    """An issue and an outcome."""

    outcome: Outcome = Field(description="Upheld or Overturned")


class Words(_Args):
    """What is asked, in words."""

    words: str = Field(min_length=1, max_length=_LONGEST, description="what is asked about")


class Decisions(OfIssue):
    """Which past decisions."""

    words: str = Field(default="", max_length=_LONGEST, description="words to search by; empty: like the issue")
    outcome: Outcome | None = Field(default=None, description="Upheld or Overturned; leave out for both")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool; one with an `effect` is only ever proposed to the reviewer."""

    name: str
    description: str
    args: type[BaseModel]
    effect: bool = False


TOOLS = (
    Tool("why", "Which criteria and findings the draft of an issue rests on.", AboutIssue),
    Tool("other_way", "What speaks for an outcome of an issue, and what against it.", OutcomeOfIssue),
    Tool("ask_guideline", "What the guidelines or the law say about something.", Words),
    Tool("ask_case", "What the case summary says about something.", Words),
    Tool("find_decisions", "Past decisions of independent medical review.", Decisions),
    Tool("explain", "What a term of the field means.", Words),
    Tool("show_draft", "The draft of an issue as it stands.", OfIssue),
    Tool("set_outcome", "Propose an outcome to the reviewer.", OutcomeOfIssue, effect=True),
    Tool("shorten", "Propose to leave out what the conclusion does not need.", OfIssue, effect=True),
    Tool("redraft", "Propose to draft the case anew.", NoArgs, effect=True),
    Tool("undo", "Propose to go back to the version before.", NoArgs, effect=True),
)
_BY_NAME = {tool.name: tool for tool in TOOLS}


def intent_of(name: str, args: Mapping[str, object], context: ChatContext) -> Intent:
    """The intent that a call asks for; AssistantError, one sentence, for an unknown tool or arguments that it cannot
    take."""
    tool = _BY_NAME.get(name)
    if tool is None:
        raise AssistantError(f"There is no such tool; there are {', '.join(_BY_NAME)}.")
    try:
        given = tool.args.model_validate(dict(args))
    except ValidationError as error:
        wrong = ", ".join(dict.fromkeys(str(e["loc"][0]) if e["loc"] else "arguments" for e in error.errors()))
        raise AssistantError(f"The tool {name} cannot take this for {wrong}.") from None
    return _INTENTS[name](given, _issue(given, context))


def _issue(given: BaseModel, context: ChatContext) -> int | None:
    """The position of the issue that is named, else of the one at hand; AssistantError where there is no such."""
    number = getattr(given, "issue", None)
    if number is None:
        return context.issue if len(context.services) != 1 else 0
    if number > len(context.services):
        raise AssistantError(f"There is no issue {number}; the draft has {len(context.services)}.")
    return int(number) - 1


_INTENTS: dict[str, Callable[..., Intent]] = {
    "why": lambda given, issue: Why(given.about, issue),
    "other_way": lambda given, issue: OtherWay(given.outcome, issue),
    "ask_guideline": lambda given, _: AskGuideline(given.words),
    "ask_case": lambda given, _: AskCase(given.words),
    "find_decisions": lambda given, issue: FindDecisions(given.words, given.outcome, issue),
    "explain": lambda given, _: ExplainTerm(given.words),
    "show_draft": lambda _, issue: ShowDraft(issue),
    "set_outcome": lambda given, issue: SetOutcome(given.outcome, () if issue is None else (issue,)),
    "shorten": lambda _, issue: Shorten(issue),
    "redraft": lambda _, __: Redraft(),
    "undo": lambda _, __: Undo(),
}
