"""How a summary speaks of what it names: stated, denied, planned, past, supposed, of another person, or left open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date

from assistant.domain import Polarity, Span
from assistant.reading.anatomy import regions
from assistant.reading.judgement import Judgement, Mention
from assistant.reading.lexicon import Lexicon
from assistant.reading.numbers import dates
from assistant.reading.sentences import clauses
from assistant.reading.wordbook import Hit

# For how many further sentences what was announced ("complains of", "on examination") holds.
_CONTEXT_REACH = {"complaint": 1, "examination": 99, "diagnosis": 0}


class Speech:
    """One text with its sentences and the cues that stand in it; asked for the polarity of each mention."""

    def __init__(self, text: str, sentences: tuple[Span, ...], lexicon: Lexicon) -> None:
        self.text = text
        self.sentences = sentences
        self._clauses: dict[int, tuple[Span, ...]] = {}
        self._days: dict[tuple[int, int], frozenset[date]] = {}
        self._regions: dict[tuple[int, int], frozenset[str]] = {}
        self._starts = [sentence.start for sentence in sentences]
        self._cues: list[dict[str, list[Hit[str]]]] = [{} for _ in sentences]
        self._contexts: list[tuple[int, str]] = []
        for hit in lexicon.cues.find(text):
            at = bisect_right(self._starts, hit.start) - 1
            if at >= 0 and hit.start < sentences[at].end:
                self._cues[at].setdefault(hit.payload, []).append(hit)
            if hit.payload in _CONTEXT_REACH:
                self._contexts.append((hit.start, hit.payload))
        self._contexts.sort()
        self._context_starts = [start for start, _ in self._contexts]

    def clauses_of(self, sentence: Span) -> tuple[Span, ...]:
        """The clauses of one of the text's sentences; each sentence is cut once."""
        if sentence.start not in self._clauses:
            self._clauses[sentence.start] = clauses(self.text, sentence)
        return self._clauses[sentence.start]

    def days_in(self, span: Span) -> frozenset[date]:
        """The calendar days named within `span`."""
        key = (span.start, span.end)
        if key not in self._days:
            self._days[key] = frozenset(found.day for found in dates(self.text, span.start, span.end))
        return self._days[key]

    def regions_in(self, span: Span) -> frozenset[str]:
        """The names of the body regions within `span`; each is looked through once, however many facts it states."""
        key = (span.start, span.end)
        if key not in self._regions:
            self._regions[key] = frozenset(region.name for region in regions(self.text, span.start, span.end))
        return self._regions[key]

    def sentence_of(self, offset: int) -> Span | None:
        """The sentence in which `offset` lies."""
        at = bisect_right(self._starts, offset) - 1
        return self.sentences[at] if at >= 0 and offset < self.sentences[at].end else None

    def context(self, offset: int) -> str | None:
        """Whether the words at `offset` tell a complaint, an examination or a diagnosis: what was last announced."""
        at = bisect_left(self._context_starts, offset) - 1
        if at < 0:
            return None
        announced, context = self._contexts[at]
        between = self._sentence_number(offset) - self._sentence_number(announced)
        return context if between <= _CONTEXT_REACH[context] else None

    def _sentence_number(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def polarity(self, mention: Mention) -> Polarity:
        """How the text speaks of `mention`."""
        at = self._sentence_number(mention.start)
        sentence = self.sentences[at] if at >= 0 else Span.of(self.text, 0, len(self.text))
        return Judgement(self.text, sentence, self._cues[at] if at >= 0 else {}, mention).polarity(
            self.context(mention.start)
        )
