"""What a chat model may propose: an act as a link, whose words are the reviewer's plain imperative once they click."""

from __future__ import annotations

from assistant.chat.answers import Link
from assistant.chat.context import ChatContext
from assistant.chat.intents import Act, Redraft, SetOutcome, Shorten, Undo
from assistant.chat.router import route

PROPOSED = "The assistant proposes this; nothing is changed until you choose it."


def proposals(act: Act, context: ChatContext) -> tuple[Link, ...]:
    """The links that propose an act, one an issue where it leaves open which; only such as the router reads as acts."""
    said = tuple(dict.fromkeys(_sayings(act, context)))
    return tuple(Link(say, f"“{say}”") for say in said if isinstance(route(say, context), Act))


def _sayings(act: Act, context: ChatContext) -> tuple[str, ...]:
    every = range(len(context.services))
    match act:
        case SetOutcome(outcome=outcome, issues=issues):
            return tuple(_set(issue, outcome.lower() if outcome else None) for issue in issues or every)
        case Shorten(issue=issue):
            return tuple(f"shorten issue {one + 1}" for one in (every if issue is None else (issue,)))
        case Redraft():
            return ("redraft",)
        case Undo():
            return ("undo",)
    return ()


def _set(issue: int, outcome: str | None) -> str:
    return f"set issue {issue + 1} to {outcome}" if outcome else f"clear the outcome of issue {issue + 1}"
