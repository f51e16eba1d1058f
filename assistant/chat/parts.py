"""Two or three things in one message: parted where plain words join them, each part understood by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.chat import imperatives
from assistant.chat.intents import Act, Help, Intent, NotDone, SetOutcome, Several, ShowDraft, Unclear, Unknown
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


def several(read: Message, route_one: Callable[[Message, Intent | None], Intent]) -> Intent | None:
    """The parts of a message that asks for two or three things, each of them understood by itself; else None.

    Acts count only where every part is one, and no outcome is set twice; beside a question an act is only offered.
    """
    if read.quotes or read.lines > 1 or read.pasted:
        return None
    pieces = [piece.strip() for piece in _JOINTS.split(read.text) if piece and piece.strip()]
    if not 2 <= len(pieces) <= _MOST_PARTS or not all(_opens_a_part(piece) for piece in pieces):
        return None
    parts: list[Intent] = []
    for piece in pieces:
        parts.append(route_one(read_message(piece), parts[-1] if parts else None))
    if any(isinstance(part, Unknown | Help | NotDone) and not _only_asks(part) for part in parts):
        return None
    if all(isinstance(part, Act | ShowDraft) for part in parts):
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


# An instruction beside its reason: "I looked twice. Uphold the acupuncture please." The reason must be a plain
# statement of the reviewer's: no condition, contrast or question, nobody else's wish, and no word of an act or outcome.
_REASON_JOINT = re.compile(r"(?<=[a-z0-9]{2})[.!]\s+|,\s+|\s+(?:because|since|as)\s+", re.IGNORECASE)
_NO_REASON = re.compile(
    r"\b(?:if|unless|until|when|once|whether|provided|in case|but|however|although|though|or|should|would|could|"
    r"might|may|"
    r"maybe|perhaps|suppose|pretend|wants?|wanted|wish(?:es)?|asked|asks|told|tells|said|says|insists?|demands?|"
    r"orders?|"
    r"attorney|lawyer|boss|supervisor|adjuster|ignore|disregard|override|system|instructions?|joking|kidding|sarcas\w+|"
    r"per|according|reads|reviewer|page|letter|email|memo|note|notes|message|line|chart|file says|recommend\w*|"
    r"thinks?|feels?|wrote|writes|claims?|argues?|begs?|pleads?|patient|claimant|applicant|wife|"
    r"he|she|they|him|her|dr|doctor|physician|surgeon|ur|insurer|carrier|lol|yeah|right|sure|never ?mind|wait|"
    r"don't|overturn\w*|uph[eo]ld\w*|outcome|necessary|undo|redraft)\b"
)


def with_reason(read: Message, route_one: Callable[[Message], Intent]) -> Act | None:
    """The act of a message that is one plain imperative and a plain reason for it, before it or behind it; else "
    "None."""
    if read.quotes or read.lines > 1 or read.pasted or "?" in read.text:
        return None
    for joint in _REASON_JOINT.finditer(read.text):
        before, after = read.text[: joint.start()].strip(), read.text[joint.end() :].strip()
        for order, reason in ((before, after), (after, before)):
            act = route_one(read_message(order)) if order and reason else None
            if isinstance(act, Act) and _is_reason(read_message(reason)):
                return act
    return None


def _is_reason(reason: Message) -> bool:
    words = reason.plain.split()
    plain = not _NO_REASON.search(reason.plain) and ":" not in reason.tokens
    return len(words) > 2 and words[0] not in EFFECT_VERBS and plain
