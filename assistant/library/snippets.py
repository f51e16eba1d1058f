"""The piece of a text that shows why it was found, and where in it the words stand."""

from __future__ import annotations

import re

from assistant.library.words import word_stems

_SNIPPET = 240  # characters


def snippet_of(text: str, words: str) -> str:
    """About 240 characters of a text, where most of the words stand; cut at words, cuts marked by an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= _SNIPPET:
        return text
    hits = [start for start, _ in marks_in(text, words)]
    best = max(hits, key=lambda at: (sum(at <= hit < at + _SNIPPET for hit in hits), -at), default=0)
    start = 0 if best < _SNIPPET // 4 else text.rfind(" ", 0, best - _SNIPPET // 8) + 1
    end = start + _SNIPPET
    piece = text[start:end] if end >= len(text) else text[start:end].rsplit(" ", 1)[0]
    return f"{'… ' if start else ''}{piece.strip()}{'' if end >= len(text) else ' …'}"


def marks_in(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """Where words of the query stand in a text, in any of their forms, as (start, end) in order."""
    stems = word_stems(words)
    if not stems:
        return ()
    begin = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, stems))})[^\W_]*", re.IGNORECASE)
    return tuple(match.span() for match in begin.finditer(text))
