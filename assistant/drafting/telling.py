"""The telling pieces of a text in order: things, claims, denials, words that turn it round, words that carry a fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.drafting.analysis import Analysis, Placed, analyse
from assistant.drafting.binding import family
from assistant.drafting.claims import Kind
from assistant.drafting.contexts import Context, denying_nothing
from assistant.drafting.vocabulary import PLAIN

_CUES = frozenset(
    ["no", "not", "never", "without", "none", "neither", "deny", "denies", "denied", "denying", "cannot", "can't"]
    + ["unable", "lack", "lacks", "lacking", "lacked", "absence", "absent"]
)
# The words before "not" or a participle.
AUXILIARIES = frozenset(
    ["should", "may", "must", "can", "could", "would", "did", "does", "do", "is", "are", "was", "were", "been"]
)
# Words that turn a statement round: each is the rival of the others of its group.
_GROUPS = {
    "time": ("before: before prior preceding preoperative preoperatively", "after: after following post postoperative"),
    "since": ("since: since", "until: until till"),
    "change": ("more: =increase raised", "less: =reduce fewer"),
    "course": ("better: =improve", "worse: =worsen", "same: =unchanged"),
    "bound": ("least: least minimum", "most: most maximum"),
}
_TURNS: Mapping[str, tuple[str, str]] = {
    word: (f"turn {group}", name)
    for group, rivals in _GROUPS.items()
    for name, words in (rival.split(": ") for rival in rivals)
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Token:
    """A telling piece of a text: its sort, its one name, and its first and last word."""

    sort: str
    name: str
    first: int
    last: int


@lru_cache(maxsize=512)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The telling pieces of a text in order: things, claims, denials, words that turn, and words that carry a fact."""
    read = analyse(text)
    claims = {placed.first: placed for placed in read.claims}
    spared = denying_nothing(text)
    tokens: list[Token] = []
    at = 0
    while at < len(read.words):
        token = _token(read, at, claims.get(at), spared)
        if token is not None:
            tokens.append(token)
        at = token.last + 1 if token is not None else at + 1
    return tuple(tokens)


def _token(read: Analysis, at: int, placed: Placed | None, spared: Sequence[tuple[int, int]]) -> Token | None:
    word = read.words[at]
    if placed is not None:
        claim = placed.claim
        if claim.kind is Kind.RESULT and claim.value == "negative" and _follows(read, at, "for"):
            return Token("denial", "no", at, at)
        return Token(f"claim {family(claim)}", claim.value, placed.first, max(at, placed.last))
    thing = read.thing_at.get(at)
    if thing is not None and thing.first == at:
        return Token(str(thing.sort.value), thing.name, thing.first, thing.last)
    if _denying(read, at) and not any(a <= word.start < b for a, b in spared):
        return Token("denial", "no", at, at)
    turn = _TURNS.get(word.lower) or _TURNS.get(word.key)
    if turn is not None and not (turn[0] == "turn bound" and not _preceded(read, at, "at")):
        return Token(turn[0], turn[1], at, at)
    if word.lower in PLAIN or len(word.lower) == 1:
        return None
    return Token("word", word.key, at, at)


def _denying(read: Analysis, at: int) -> bool:
    """Whether a word denies; "denied" said of a request or of utilization review does not."""
    word = read.words[at]
    if word.key == "=deny":
        refused = Context.REVIEW in read.contexts[at] or (at > 0 and read.words[at - 1].lower in AUXILIARIES)
        return word.lower in _CUES and not refused
    return word.lower in _CUES or word.lower.endswith("n't") or (word.lower == "nor" and not _denied_before(read, at))


def _follows(read: Analysis, at: int, lower: str) -> bool:
    return at + 1 < len(read.words) and read.words[at + 1].lower == lower


def _preceded(read: Analysis, at: int, lower: str) -> bool:
    return at > 0 and read.words[at - 1].lower == lower


def _denied_before(read: Analysis, at: int) -> bool:
    """Whether a "nor" only continues an earlier denial of its sentence."""
    return any(w.lower in _CUES for w in read.words[max(0, at - 20) : at] if w.sentence == read.words[at].sentence)
