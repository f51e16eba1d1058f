"""A text read once: its words, things, contexts and claims; and the part of it that a support opens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol, TypeVar

from assistant.domain import Span, SupportKind
from assistant.drafting.claims import Claim, claims_in
from assistant.drafting.contexts import Context, clauses, contexts_of
from assistant.drafting.wording import Thing, Word, things_of, words_of
from assistant.reading.sentences import sentences as sentences_of


@dataclass(frozen=True, slots=True)
class Placed:
    """A claim and the words `first`..`last` that make it."""

    claim: Claim
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text with all that verification reads from it. Indices count its words."""

    text: str
    sentences: tuple[Span, ...]
    words: tuple[Word, ...]
    things: tuple[Thing, ...]
    contexts: tuple[Context, ...]
    claims: tuple[Placed, ...]
    clauses: tuple[range, ...]
    thing_at: Mapping[int, Thing] = field(hash=False)
    places: Mapping[str, tuple[int, ...]] = field(hash=False)  # of each word, by its key
    told: Mapping[int, tuple[Placed, ...]] = field(hash=False)  # the claims of each sentence
    named: Mapping[int, tuple[Thing, ...]] = field(hash=False)  # the things of each sentence

    def sentence_of(self, at: int) -> int:
        """The number of the sentence that holds a word."""
        return self.words[at].sentence

    def distance(self, a: tuple[int, int], b: tuple[int, int]) -> int:
        """How far two runs of words stand apart; 0 where they overlap."""
        if a[0] > b[1]:
            a, b = b, a
        return max(0, self.words[b[0]].place - self.words[a[1]].place)

    def clause_of(self, at: int) -> range:
        """The clause that holds a word."""
        return next(clause for clause in self.clauses if at in clause)


@lru_cache(maxsize=1024)
def analyse(text: str) -> Analysis:
    """Read a text; the same text is read once."""
    sentences = sentences_of(text)
    words = words_of(text, sentences)
    things = things_of(text, words)
    contexts = contexts_of(text, words, sentences)
    starts, ends = [word.start for word in words], [word.end for word in words]
    placed = []
    for claim in claims_in(text):
        first, last = bisect_right(ends, claim.start), bisect_left(starts, claim.end) - 1
        if first <= last:
            placed.append(Placed(claim, first, last))
    by_word = {at: thing for thing in things for at in range(thing.first, thing.last + 1)}
    found = _by_key(words, range(len(words)))
    parts = tuple(clauses(text, words, sentences))
    told = _by_sentence(words, placed)
    named = _by_sentence(words, things)
    return Analysis(text, sentences, words, things, contexts, tuple(placed), parts, by_word, found, told, named)


class _Standing(Protocol):
    @property
    def first(self) -> int:
        """The number of its first word."""


_S = TypeVar("_S", bound=_Standing)


def _by_sentence(words: tuple[Word, ...], some: Iterable[_S]) -> Mapping[int, tuple[_S, ...]]:
    found: dict[int, list[_S]] = {}
    for one in some:
        found.setdefault(words[one.first].sentence, []).append(one)
    return {sentence: tuple(standing) for sentence, standing in found.items()}


def _by_key(words: tuple[Word, ...], run: range) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for at in run:
        found.setdefault(words[at].key, []).append(at)
    return {key: tuple(places) for key, places in found.items()}


@dataclass(frozen=True)
class View:
    """What a support opens of a source: what stands between two offsets, read with all that stands around it."""

    kind: SupportKind
    id: str
    source: Analysis
    start: int
    end: int
    label: str = ""  # the citation of a passage; on the view of the citation itself it is empty

    @property
    def quote(self) -> str:
        """The words that the support shows."""
        return self.source.text[self.start : self.end]

    @cached_property
    def range(self) -> range:
        """The words that lie inside, whole."""
        words = self.source.words
        first = bisect_left(words, self.start, key=lambda word: word.start)
        last = bisect_right(words, self.end, key=lambda word: word.end)
        return range(first, max(first, last))

    @cached_property
    def claims(self) -> tuple[Placed, ...]:
        """The claims that lie inside."""
        return tuple(p for p in self.source.claims if self.start <= p.claim.start and p.claim.end <= self.end)

    @cached_property
    def by_key(self) -> Mapping[str, tuple[int, ...]]:
        """Where each word stands, by its key."""
        return _by_key(self.source.words, self.range)

    @cached_property
    def by_head(self) -> Mapping[str, tuple[int, ...]]:
        """Where the words stand that begin with the same five letters."""
        found: dict[str, list[int]] = {}
        for at in self.range:
            found.setdefault(self.source.words[at].lower[:5], []).append(at)
        return {head: tuple(places) for head, places in found.items()}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Thing, ...]]:
        """Where each thing is named, by its name."""
        found: dict[str, list[Thing]] = {}
        for thing in self.source.things:
            if thing.first in self.range and thing.last in self.range:
                found.setdefault(thing.name, []).append(thing)
        return {name: tuple(places) for name, places in found.items()}
