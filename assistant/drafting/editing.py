"""The reviewer's edit of a rationale as plain text: what stays keeps its supports, what is new is the reviewer's own.

In the editor a slot is a line in square brackets. Every word that is typed is kept, in the order in which it is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.domain import IssueDraft, Move, Passage, Sentence
from assistant.drafting.verification import concluded, verify_one
from assistant.reading.sentences import sentences as sentences_of

_ENDED = re.compile(r"[.!?:][\"”’')\]]*\s*$")


def editor_text(issue: IssueDraft) -> str:
    """The rationale as the reviewer edits it: its sentences as a paragraph, each slot as a line in square brackets."""
    text = ""
    for sentence in issue.sentences:
        shown = _shown(sentence)
        if text:
            text += "\n" if sentence.slot or text.endswith("]") or not _ENDED.search(text) else " "
        text += shown
    return text


def apply_edit(issue: IssueDraft, text: str, case_text: str, passages: Mapping[str, Passage]) -> IssueDraft:
    """The issue with its rationale as typed.

    An unchanged sentence or slot is the one that it was, wherever it now stands; any other words are the reviewer's own
    sentences and are checked as such. `apply_edit(issue, editor_text(issue), ...) == issue`.
    """
    parts = tuple(_parts(text, issue.sentences))
    sentences: list[Sentence] = []
    for at, part in enumerate(parts):
        if isinstance(part, _Kept):
            sentences.append(issue.sentences[part.index])
            continue
        moves = _moves(parts, at, issue.sentences)
        for number, typed in enumerate(_typed(part.text)):
            move = _move(typed, moves[min(number, len(moves) - 1)])
            sentences.append(verify_one(Sentence(typed, move, own=True), issue, case_text, passages))
    return replace(issue, sentences=tuple(sentences))


def _move(typed: str, place: Move) -> Move:
    """The move of a typed sentence: it concludes when it says so, wherever it stands."""
    if concluded(typed):
        return Move.CONCLUSION
    return Move.FACTS if place is Move.CONCLUSION else place


def _shown(sentence: Sentence) -> str:
    return f"[{sentence.text}]" if sentence.slot else sentence.text


def _typed(text: str) -> Iterator[str]:
    """The sentences of typed words; marks that stand between two sentences go with the one before them."""
    starts = [span.start for span in sentences_of(text)]
    edges = [0, *starts[1:], len(text)]
    pieces = (text[a:b].strip() for a, b in zip(edges, edges[1:], strict=False))
    return (piece for piece in pieces if piece)


# --- which of the typed words are an old sentence -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kept:
    """A stretch that is the old sentence of this index, unchanged."""

    index: int


@dataclass(frozen=True, slots=True)
class _New:
    """A stretch that no old sentence covers."""

    text: str


def _parts(text: str, sentences: Sequence[Sentence]) -> Iterator[_Kept | _New]:
    """The text as kept sentences and new stretches, in order; each old sentence is used once.

    A sentence is kept only where it stands as one: at the start of the text or a line, or after a sentence that has
    ended, so that words put before it make it a new one.
    """
    patterns = [_pattern(_shown(sentence)) for sentence in sentences]
    unused = {index for index, pattern in enumerate(patterns) if pattern is not None}
    start = at = 0
    last = -1
    for token in re.finditer(r"\S+", text):
        if token.start() < at or not _opens(text, start, token.start()):
            continue
        found = _kept_at(text, token.start(), patterns, unused, after=last)
        if found is None:
            continue
        index, end = found
        if text[start : token.start()].strip():
            yield _New(text[start : token.start()])
        yield _Kept(index)
        unused.discard(index)
        start, at, last = end, end, index
    if text[start:].strip():
        yield _New(text[start:])


def _pattern(shown: str) -> re.Pattern[str] | None:
    """The sentence's words with any blanks between them, where a sentence ends after them; None without words."""
    words = r"\s+".join(re.escape(word) for word in shown.split())
    closes = r"(?=\s|\Z)" if _ENDED.search(shown) else r"(?=[^\S\n]*(?:\n|\Z))"
    return re.compile(words + closes) if words else None


def _opens(text: str, start: int, at: int) -> bool:
    """Whether a sentence may open at `at`: what stands since `start` is blank, has ended, or ends a line."""
    before = text[start:at]
    return not before.strip() or "\n" in before[len(before.rstrip()) :] or bool(_ENDED.search(before))


def _kept_at(
    text: str, at: int, patterns: Sequence[re.Pattern[str] | None], unused: set[int], *, after: int
) -> tuple[int, int] | None:
    """The old sentence that stands at `at` and where it ends: the next in order if it does, else the longest."""
    ends: dict[int, int] = {}
    for index in unused:
        pattern = patterns[index]
        match = pattern.match(text, at) if pattern else None
        if match:
            ends[index] = match.end()
    if not ends:
        return None
    index = after + 1 if after + 1 in ends else max(ends, key=lambda i: (ends[i], i > after, -i))
    return index, ends[index]


def _moves(parts: Sequence[_Kept | _New], at: int, sentences: Sequence[Sentence]) -> list[Move]:
    """The moves for new sentences: of the old ones that they replace, else that of the sentence before them."""
    kept = {part.index for part in parts if isinstance(part, _Kept)}
    before = next((part.index for part in reversed(parts[:at]) if isinstance(part, _Kept)), -1)
    replaced: list[Move] = []
    for index in range(before + 1, len(sentences)):
        if index in kept:
            break
        replaced.append(sentences[index].move)
    return replaced or [sentences[before].move if before >= 0 else Move.FACTS]
