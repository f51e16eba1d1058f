"""The plain imperative that asks for an act, for each act; the router reads each one back to the same act."""

from __future__ import annotations

from assistant.chat.intents import (
    Act,
    AddPoint,
    ChangeCitation,
    DropPoint,
    KeepSentence,
    Lengthen,
    Plainer,
    Redraft,
    SetOutcome,
    Shorten,
    Undo,
)
from assistant.domain import Outcome
from assistant.errors import AssistantError


def set_outcome(issue: int, outcome: Outcome | None) -> str:
    """Set the outcome of an issue (from 0), or clear it."""
    number = _number(issue)
    return f"set issue {number} to {outcome.lower()}" if outcome else f"clear the outcome of issue {number}"


def shorten(issue: int) -> str:
    """Shorten the rationale of an issue (from 0)."""
    return f"shorten issue {_number(issue)}"


def lengthen(issue: int) -> str:
    """Lengthen the rationale of an issue (from 0)."""
    return f"lengthen issue {_number(issue)}"


def plainer(issue: int) -> str:
    """Put an issue (from 0) into plainer words."""
    return f"make issue {_number(issue)} plainer"


def add_criterion(issue: int, criterion_id: str) -> str:
    """Add a criterion by its id to an issue (from 0)."""
    return f"add the criterion {_one_line(criterion_id)} to issue {_number(issue)}"


def add_point(issue: int, words: str) -> str:
    """Add the point that words name to an issue (from 0)."""
    return f"add {_one_line(words)} to issue {_number(issue)}"


def drop_sentence(issue: int, sentence: int) -> str:
    """Drop a sentence of an issue, both from 0."""
    return f"drop sentence {_number(sentence)} of issue {_number(issue)}"


def keep_sentence(issue: int, sentence: int) -> str:
    """Keep a sentence of an issue as the reviewer's own, both from 0."""
    return f"keep sentence {_number(sentence)} of issue {_number(issue)}"


def cite(issue: int, guideline: str, section: str | None = None) -> str:
    """Cite a guideline, with a section, in an issue (from 0)."""
    named = f"{_one_line(guideline)} / {_one_line(section)}" if section else _one_line(guideline)
    return f"cite {named} in issue {_number(issue)}"


REDRAFT = "redraft"
UNDO = "undo"


def say(act: Act) -> str:
    """The imperative of an act that names its one issue; AssistantError where it names none or several."""
    match act:
        case Redraft():
            return REDRAFT
        case Undo():
            return UNDO
        case SetOutcome(outcome=outcome, issues=(issue,)):
            return set_outcome(issue, outcome)
        case AddPoint(issue=int() as issue, words=words) if words:
            return add_point(issue, words)
        case ChangeCitation(issue=int() as issue, words=words) if words:
            return cite(issue, words)
        case DropPoint(issue=int() as issue, sentence=int() as sentence):
            return drop_sentence(issue, sentence)
        case KeepSentence(issue=int() as issue, sentence=int() as sentence):
            return keep_sentence(issue, sentence)
    return _of_whole(act)


def _of_whole(act: Act) -> str:
    """The imperative of an act on a whole rationale."""
    for sort, worded in ((Shorten, shorten), (Lengthen, lengthen), (Plainer, plainer)):
        if isinstance(act, sort) and act.issue is not None:
            return worded(act.issue)
    raise AssistantError("That act names no single issue or sentence, so it cannot be offered.")


def _number(position: int) -> int:
    if position < 0:
        raise AssistantError("Issues and sentences are counted from the first.")
    return position + 1


def _one_line(words: str) -> str:
    return " ".join(words.split())
