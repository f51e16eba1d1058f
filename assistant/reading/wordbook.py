"""A search for thousands of wordings in one pass over a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from assistant.reading.wordings import DIGITS, NUMBER, Wording

Payload = TypeVar("Payload")

_CONTRACTION = "n't"
# A word of a text; a contraction is one word, found under its verb.
_TEXT_WORD = re.compile(r"\w+?n['’]t\b|\w+")


@dataclass(frozen=True, slots=True)
class Hit(Generic[Payload]):
    """A wording found at `start:end`, with what it was filed under."""

    start: int
    end: int
    payload: Payload


@cache
def _matcher(regex: str) -> re.Pattern[str]:
    """Compiled when first needed: of the lexicon's thousands of wordings one text needs a few hundred."""
    return re.compile(rf"(?<![\w.]){regex}" if regex.startswith(NUMBER) else rf"(?<!\w){regex}")


class Wordbook(Generic[Payload]):
    """Wordings filed by the word that they begin with, so that one pass over a text finds them all."""

    def __init__(self, entries: Iterable[tuple[Wording, Payload]]) -> None:
        self._exact: dict[str, list[tuple[Wording, Payload]]] = {}
        self._stems: dict[str, list[tuple[Wording, Payload]]] = {}
        for wording, payload in entries:
            for key in wording.keys:
                self._exact.setdefault(key, []).append((wording, payload))
            for stem in wording.stems:
                self._stems.setdefault(stem, []).append((wording, payload))
        self._lengths = sorted({len(stem) for stem in self._stems})

    def find(self, text: str) -> list[Hit[Payload]]:
        """Every wording at every place where it stands, in the order of the text; hits may overlap."""
        tokens = [(token.start(), token.group().casefold().replace("’", "'")) for token in _TEXT_WORD.finditer(text)]
        held = _held(tokens)
        hits: list[Hit[Payload]] = []
        seen: dict[str, list[tuple[Callable[..., re.Match[str] | None], Payload]]] = {}
        for start, word in tokens:
            found = seen.get(word)
            if found is None:
                found = seen[word] = [
                    (_matcher(wording.regex).match, payload)
                    for wording, payload in self._filed(word)
                    if not wording.needs or not wording.needs.isdisjoint(held)
                ]
            for match_at, payload in found:
                match = match_at(text, start)
                if match and match.end() > start:
                    hits.append(Hit(start, match.end(), payload))
        return hits

    def _filed(self, word: str) -> Iterator[tuple[Wording, Payload]]:
        if word.endswith(_CONTRACTION):
            yield from self._exact.get(word.removesuffix(_CONTRACTION), ())
            yield from self._exact.get("not", ())
            word = word.removesuffix("'t")
        yield from self._exact.get(word, ())
        if word[:1].isdigit():
            yield from self._exact.get(DIGITS, ())
        for length in self._lengths:
            if length > len(word):
                break
            yield from self._stems.get(word[:length], ())


def _held(tokens: Iterable[tuple[int, str]]) -> frozenset[str]:
    """The words of a text as wordings are filed: a number as a number, a contraction as its verb and "not"."""
    words = {word for _, word in tokens}
    verbs = {word.removesuffix(_CONTRACTION) for word in words if word.endswith(_CONTRACTION)}
    also = {"not"} if verbs else set()
    if any(word[0].isdigit() for word in words):
        also.add(DIGITS)
    return frozenset(words | verbs | {word.removesuffix("'t") for word in words if word.endswith(_CONTRACTION)} | also)
