"""What changed between two versions of a rationale: sentence by sentence, and word by word where one was reworded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from assistant.domain import IssueDraft

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_ALIKE = 0.5  # share of words from which two sentences count as one that was reworded


class Change(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, went or came; the pieces that are not ADDED join to the older sentence, those that are not
    REMOVED to the newer."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence of the older version, the newer, or both; `pieces` are more than one only where it was reworded."""

    change: Change
    pieces: tuple[Piece, ...]


def differences(older: IssueDraft, newer: IssueDraft) -> tuple[Difference, ...]:
    """The sentences of two versions of an issue side by side, in reading order."""
    before = [_shown(s.text, slot=s.slot) for s in older.sentences]
    after = [_shown(s.text, slot=s.slot) for s in newer.sentences]
    made: list[Difference] = []
    for tag, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            made += (_whole(Change.SAME, text) for text in before[i:j])
        else:
            made += _replaced(before[i:j], after[k:m])
    return tuple(made)


def worded_otherwise(older: str, newer: str) -> tuple[Piece, ...]:
    """The words of two sentences, those that stayed once."""
    a, b = _TOKEN.findall(older), _TOKEN.findall(newer)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.SAME, "".join(a[i:j])))
            continue
        if i < j:
            pieces.append(Piece(Change.REMOVED, "".join(a[i:j])))
        if k < m:
            pieces.append(Piece(Change.ADDED, "".join(b[k:m])))
    return tuple(pieces)


def _shown(text: str, *, slot: bool) -> str:
    return f"[{text}]" if slot else text


def _whole(change: Change, text: str) -> Difference:
    return Difference(change, (Piece(change, text),))


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Sentences that went and came: each that came is paired with the likest that went, in order."""
    went = 0
    for text in after:
        likeness = [_likeness(old, text) for old in before[went:]]
        best = max(range(len(likeness)), key=likeness.__getitem__, default=None)
        if best is None or likeness[best] < _ALIKE:
            yield _whole(Change.ADDED, text)
            continue
        yield from (_whole(Change.REMOVED, old) for old in before[went : went + best])
        yield Difference(Change.REWORDED, worded_otherwise(before[went + best], text))
        went += best + 1
    yield from (_whole(Change.REMOVED, old) for old in before[went:])


def _likeness(a: str, b: str) -> float:
    return SequenceMatcher(a=a.split(), b=b.split(), autojunk=False).ratio()
