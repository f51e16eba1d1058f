"""Two or three things in one message: parted where plain words join them, each part understood by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.chat import imperatives
from assistant.chat.intents import Act, Help, Intent, NotDone, SetOutcome, Several, Unclear, Unknown
from assistant.chat.revisions import EFFECT_VERBS, bare
from assistant.chat.wording import Message, read_message
from assistant.errors import AssistantError

_MOST_PARTS = 3
_JOINTS = re.compile(
    r"(?<=[?!])\s+|(?<=[a-z]{2})\.\s+|\s*;\s+|,?\s+(?:and then|then|and also|and)\s+|,\s+(?=also\b|then\b)",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(
    r"(?:what|why|how|which|when|where|does|did|is|was|are|has|who|explain|find|show|compare|define)\b"
)


def several(read: Message, route_one: Callable[[Message], Intent]) -> Intent | None:
    """The parts of a message that asks for two or three things, each of them understood by itself; else None.

    Acts count only where every part is one, and no outcome is set twice; beside a question an act is only offered.
    """
    if read.quotes or read.lines > 1 or read.pasted:
        return None
    pieces = [piece.strip() for piece in _JOINTS.split(read.text) if piece and piece.strip()]
    if not 2 <= len(pieces) <= _MOST_PARTS or not all(_opens_a_part(piece) for piece in pieces):
        return None
    parts = [route_one(read_message(piece)) for piece in pieces]
    if any(isinstance(part, Unknown | Help | NotDone) and not _only_asks(part) for part in parts):
        return None
    if all(isinstance(part, Act) for part in parts):
        set_twice = [issue for part in parts if isinstance(part, SetOutcome) for issue in part.issues]
        open_ones = [part for part in parts if isinstance(part, SetOutcome)]
        if len(set_twice) != len(set(set_twice)) or (len(open_ones) > 1 and any(not p.issues for p in open_ones)):
            return NotDone(Unclear.TWO_OUTCOMES, "make it overturned")
        return Several(tuple(parts))
    return Several(tuple(_offered(part) if isinstance(part, Act) else part for part in parts))


def _only_asks(part: Intent) -> bool:
    return isinstance(part, NotDone) and part.why is Unclear.QUESTION


def _opens_a_part(piece: str) -> bool:
    words = bare(read_message(piece).plain)
    first = words.split(" ", 1)[0] if words else ""
    return first in EFFECT_VERBS or bool(_QUESTION_WORD.match(words))


def _offered(act: Act) -> NotDone:
    """An act as something only offered."""
    try:
        return NotDone(Unclear.NOT_PLAIN, imperatives.say(act))
    except AssistantError:
        outcome = act.outcome if isinstance(act, SetOutcome) else None
        return NotDone(Unclear.NOT_PLAIN, f"make it {outcome.lower()}" if outcome else "shorten it")
