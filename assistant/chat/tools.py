"""The chat's tools for a model: typed arguments in, an intent out; what has an effect is only ever proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.chat.context import ChatContext
from assistant.chat.intents import (
    AddPoint,
    AskCase,
    AskGuideline,
    ChangeCitation,
    CompareDecision,
    DropPoint,
    ExplainTerm,
    FindDecisions,
    Intent,
    KeepSentence,
    Lengthen,
    OtherWay,
    Plainer,
    Redraft,
    SetOutcome,
    Shorten,
    ShowDraft,
    Undo,
    Why,
)
from assistant.domain import Outcome
from assistant.errors import AssistantError

_MOST_WORDS = 300  # characters of what a model may name a point, a term or a question by


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


IssueNumber = Annotated[int, Field(ge=1, description="The number of the issue, from 1.")]
SentenceNumber = Annotated[int, Field(ge=1, description="The number of the sentence in its issue, from 1.")]
Words = Annotated[str, Field(min_length=1, max_length=_MOST_WORDS)]


class NoArguments(_Arguments):
    """A tool that needs nothing."""


class OneIssue(_Arguments):
    """A tool about one issue."""

    issue: IssueNumber


class AboutIssue(_Arguments):
    """A question about an issue; `about` names a criterion or fact, or is empty."""

    issue: IssueNumber
    about: Annotated[str, Field(max_length=_MOST_WORDS, description="Words that name a criterion; may be empty.")] = ""


class ForOutcome(_Arguments):
    """What speaks for an outcome of an issue; without one, for that which the draft does not have."""

    issue: IssueNumber
    outcome: Outcome | None = None


class Question(_Arguments):
    """A question in plain words."""

    question: Annotated[Words, Field(description="The question, as the reviewer would put it.")]


class Search(_Arguments):
    """What past decisions are looked for by."""

    words: Annotated[str, Field(max_length=_MOST_WORDS, description="The service, body part or reason.")] = ""
    outcome: Outcome | None = None
    issue: IssueNumber | None = None
    limit: Annotated[int, Field(ge=1, le=10)] = 3


class OneDecision(_Arguments):
    """A decision to hold the case against."""

    which: Annotated[Words, Field(description="Its case number, its id, or its place among those shown last.")]
    issue: IssueNumber


class OneTerm(_Arguments):
    """A word of the field, or a part of a letter or of the page."""

    term: Words


class OutcomeOf(_Arguments):
    """The outcome to propose for an issue; null proposes to clear it."""

    issue: IssueNumber
    outcome: Outcome | None


class Point(_Arguments):
    """A point to propose: a criterion's id, or words that name a criterion, a fact or words of a guideline."""

    issue: IssueNumber
    point: Words


class OneSentence(_Arguments):
    """A sentence of an issue."""

    issue: IssueNumber
    sentence: SentenceNumber


class Citation(_Arguments):
    """A guideline, with its section where it has one, as letters cite it."""

    issue: IssueNumber
    guideline: Words
    section: Annotated[str | None, Field(max_length=_MOST_WORDS)] = None


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: its name, what it does in a sentence for a model, its arguments, and the intent that they make.

    `effect` says that it would change the draft; it is then proposed to the reviewer and never done.
    """

    name: str
    description: str
    args: type[BaseModel]
    make: Callable[[Any], Intent]
    effect: bool = False


def _at(issue: int | None) -> int | None:
    return None if issue is None else issue - 1


def _citation(a: Citation) -> ChangeCitation:
    return ChangeCitation(a.issue - 1, f"{a.guideline} / {a.section}" if a.section else a.guideline)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "show_draft", "Show the draft of an issue, its sentences numbered.", OneIssue, lambda a: ShowDraft(_at(a.issue))
    ),
    Tool(
        "why",
        "Say which criteria and findings the draft of an issue rests on, with their evidence.",
        AboutIssue,
        lambda a: Why(a.about, _at(a.issue)),
    ),
    Tool(
        "what_speaks_for",
        "Say what speaks for and against an outcome of an issue.",
        ForOutcome,
        lambda a: OtherWay(a.outcome, _at(a.issue)),
    ),
    Tool(
        "ask_guidelines",
        "Quote the passages in force on the day of review that answer a question, or say that none does.",
        Question,
        lambda a: AskGuideline(a.question),
    ),
    Tool("ask_case", "Quote what the case summary says on a question.", Question, lambda a: AskCase(a.question)),
    Tool(
        "find_decisions",
        "Find past decisions; they bind nobody and are no vote.",
        Search,
        lambda a: FindDecisions(a.words, a.outcome, _at(a.issue), a.limit),
    ),
    Tool(
        "compare_with_decision",
        "Hold this case against one past decision.",
        OneDecision,
        lambda a: CompareDecision(a.which, _at(a.issue)),
    ),
    Tool(
        "explain", "Explain a term of the field or a part of a letter or page.", OneTerm, lambda a: ExplainTerm(a.term)
    ),
    Tool(
        "propose_outcome",
        "Propose an outcome to the reviewer, who alone decides.",
        OutcomeOf,
        lambda a: SetOutcome(a.outcome, (a.issue - 1,)),
        effect=True,
    ),
    Tool(
        "propose_shorter",
        "Propose to leave out facts on which nothing depends.",
        OneIssue,
        lambda a: Shorten(a.issue - 1),
        effect=True,
    ),
    Tool(
        "propose_longer",
        "Propose to add facts that were left out.",
        OneIssue,
        lambda a: Lengthen(a.issue - 1),
        effect=True,
    ),
    Tool("propose_plainer", "Propose plainer words.", OneIssue, lambda a: Plainer(a.issue - 1), effect=True),
    Tool("propose_point", "Propose to add a point.", Point, lambda a: AddPoint(a.issue - 1, a.point), effect=True),
    Tool(
        "propose_drop",
        "Propose to leave out a sentence.",
        OneSentence,
        lambda a: DropPoint(a.issue - 1, sentence=a.sentence - 1),
        effect=True,
    ),
    Tool(
        "propose_keep",
        "Propose to keep a sentence as the reviewer's own.",
        OneSentence,
        lambda a: KeepSentence(a.issue - 1, sentence=a.sentence - 1),
        effect=True,
    ),
    Tool("propose_citation", "Propose to cite another guideline or section.", Citation, _citation, effect=True),
    Tool("propose_redraft", "Propose to draft the case anew.", NoArguments, lambda _: Redraft(), effect=True),
    Tool("propose_undo", "Propose to go back one version.", NoArguments, lambda _: Undo(), effect=True),
)
_BY_NAME = {tool.name: tool for tool in TOOLS}


def tool_named(name: str) -> Tool:
    """The tool of a name; AssistantError where there is none."""
    if name not in _BY_NAME:
        raise AssistantError("There is no such tool.")
    return _BY_NAME[name]


def intent_of(name: str, args: Mapping[str, object], context: ChatContext) -> Intent:
    """The intent of a tool call; AssistantError, in one sentence, for an unknown tool or arguments it cannot take."""
    tool = tool_named(name)
    try:
        read = tool.args.model_validate(dict(args))
    except ValidationError as error:
        named = ", ".join(sorted({str(e["loc"][0]) for e in error.errors() if e["loc"]})) or "its arguments"
        raise AssistantError(f"The tool {name} cannot be used like this; wrong or missing: {named}.") from None
    _in_the_draft(read, context)
    return tool.make(read)


def _in_the_draft(read: BaseModel, context: ChatContext) -> None:
    issue = getattr(read, "issue", None)
    count = len(context.services)
    if issue is not None and issue > count:
        raise AssistantError(f"There is no issue {issue}; the draft has {count or 'none'}.")
    sentence = getattr(read, "sentence", None)
    if sentence is not None and context.draft is not None and issue is not None:
        held = len(context.draft.issues[issue - 1].sentences)
        if sentence > held:
            raise AssistantError(f"Issue {issue} has no sentence {sentence}; it has {held}.")
