"""One turn: a message is routed, its act done if it is one, and the answer told."""

from __future__ import annotations

from dataclasses import replace

from assistant.chat import replies
from assistant.chat.answers import Answer, Link, issue_name, listed
from assistant.chat.compared import compare
from assistant.chat.context import ChatContext, ChatTools
from assistant.chat.intents import (
    Act,
    AskCase,
    AskGuideline,
    ChooseIssue,
    CompareDecision,
    ExplainTerm,
    FindDecisions,
    Help,
    Intent,
    NoSuchIssue,
    NotDone,
    OtherWay,
    Redraft,
    Reword,
    SetOutcome,
    Several,
    Shorten,
    ShowDraft,
    Undo,
    Why,
)
from assistant.chat.revised import revise
from assistant.chat.router import route
from assistant.domain import Draft
from assistant.drafting.shortening import sentences_to_keep
from assistant.errors import AssistantError


def respond(message: str, context: ChatContext, tools: ChatTools) -> Answer:
    """Answer a message of the reviewer; an error that is a sentence is the answer."""
    return answer(route(message, context), context, tools)


def answer(intent: Intent, context: ChatContext, tools: ChatTools) -> Answer:
    """Do what an intent asks for and say what was done or found."""
    if isinstance(intent, Several):
        return _several(intent, context, tools)
    try:
        return _done(intent, context, tools) if isinstance(intent, Act) else _shown(intent, context, tools)
    except AssistantError as error:
        return Answer(str(error))


# --- acts -----------------------------------------------------------------------------------------------------


def _done(intent: Act, context: ChatContext, tools: ChatTools) -> Answer:
    match intent:
        case Redraft():
            draft = tools.redraft()
            return Answer(f"Drafted anew: {_services(draft)}.", changed=True)
        case Undo():
            tools.undo()
            return Answer("That is taken back; the draft is as it was before.", changed=True)
    if context.draft is None:
        return replies.NO_DRAFT
    match intent:
        case SetOutcome():
            return _set_outcome(intent, context.draft, tools)
        case Shorten():
            return _shorten(intent, context.draft, tools)
    return revise(intent, context.draft, tools)


def _several(intent: Several, context: ChatContext, tools: ChatTools) -> Answer:
    """Each part in its order, the later ones over the draft that the earlier ones left."""
    answers = []
    for part in intent.parts:
        done = answer(part, context, tools)
        answers.append(done)
        if done.changed:
            context = replace(context, draft=tools.draft())
    return Answer(
        " ".join(part.text for part in answers),
        tuple(dict.fromkeys(block for part in answers for block in part.blocks)),
        tuple(dict.fromkeys(link for part in answers for link in part.links)),
        any(part.changed for part in answers),
    )


def _set_outcome(intent: SetOutcome, draft: Draft, tools: ChatTools) -> Answer:
    if not intent.issues:
        word = intent.outcome.lower() if intent.outcome else None
        return replies.which_issue(draft, f"set issue {{}} to {word}" if word else "clear the outcome of issue {}")
    names = listed([issue_name(draft, issue) for issue in intent.issues])
    for issue in intent.issues:
        draft = tools.set_outcome(issue, intent.outcome)
    slots = [slot.text for issue in intent.issues for slot in draft.issues[issue].open_slots]
    text = (
        f"Set to {intent.outcome} by you: {names}."
        if intent.outcome
        else f"Taken back, the outcome of {names} is open again."
    )
    if slots:
        text += f" Left for you to write: {' '.join(slots)}"
    return Answer(text, links=(Link("undo", "Undo"),), changed=True)


def _shorten(intent: Shorten, draft: Draft, tools: ChatTools) -> Answer:
    if intent.issue is None:
        return replies.which_issue(draft, "shorten issue {}")
    sentences = draft.issues[intent.issue].sentences
    keep = sentences_to_keep(draft.issues[intent.issue])
    dropped = len(sentences) - len(keep)
    if not dropped:
        return Answer("Every sentence bears on a criterion or is your own, so nothing was left out.")
    tools.keep_sentences(intent.issue, keep)
    what = "1 sentence of facts" if dropped == 1 else f"{dropped} sentences of facts"
    return Answer(
        f"Left out of {issue_name(draft, intent.issue)}: {what} on which no finding rests.",
        links=(Link("undo", "Undo"),),
        changed=True,
    )


def _services(draft: Draft) -> str:
    return listed([issue_name(draft, number) for number in range(len(draft.issues))])


# --- what is shown --------------------------------------------------------------------------------------------


def _shown(intent: Intent, context: ChatContext, tools: ChatTools) -> Answer:
    match intent:
        case NoSuchIssue(number=number):
            return replies.no_such_issue(context, number)
        case NotDone():
            return replies.not_done(intent)
        case AskGuideline():
            return replies.ask_guideline(intent, tools)
        case ExplainTerm():
            return replies.explain_term(intent, context)
        case FindDecisions():
            return replies.find_decisions(intent, context, intent.issue, tools)
        case Help():
            return replies.HELP
        case Reword():
            return replies.REWORD
        case Why() | OtherWay() | CompareDecision() | ShowDraft() | AskCase() | ChooseIssue():
            return _of_draft(intent, context, tools)
    return replies.UNKNOWN


def _of_draft(intent: Intent, context: ChatContext, tools: ChatTools) -> Answer:
    draft = context.draft
    if draft is None or not draft.issues:
        return replies.NO_DRAFT
    match intent:
        case ShowDraft():
            return replies.show_draft(intent, draft)
        case AskCase() | CompareDecision():
            return _looked_up(intent, draft, context, tools)
        case ChooseIssue(issue=issue, again=again):
            if again is not None:
                return answer(again, context, tools)
            return replies.show_draft(ShowDraft(issue), draft)
        case Why(issue=None):
            return replies.why_all(draft)
        case OtherWay(issue=None):
            side = f"for {intent.outcome.lower()}" if intent.outcome else "for the other outcome"
            return replies.which_issue(draft, f"what speaks {side} in issue {{}}?")
        case Why(issue=int() as issue):
            return replies.why(intent, draft, issue)
        case OtherWay(issue=int() as issue):
            return replies.other_way(intent, draft, issue)
    return replies.UNKNOWN


def _looked_up(intent: AskCase | CompareDecision, draft: Draft, context: ChatContext, tools: ChatTools) -> Answer:
    if isinstance(intent, CompareDecision):
        return compare(intent, context, draft, tools)
    return replies.ask_case(intent, draft)
