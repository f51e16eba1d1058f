"""Finds passages and like decisions by meaning and words; hands a search for past decisions on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.domain import CaseSummary, DisputedService, Outcome, Passage, Polarity, SimilarDecision
from assistant.library.filters import DecisionFilter
from assistant.library.found import Found, FoundDecision, Query
from assistant.library.fusion import RRF_K, fused
from assistant.library.indexes import Indexes
from assistant.library.rows import Held
from assistant.library.searching import Listing, Searcher
from assistant.library.snippets import snippet_of
from assistant.library.stored_vectors import Shelf
from assistant.library.vectors import nearest

__all__ = ["RRF_K", "DecisionFilter", "Finder", "Found", "FoundDecision", "Indexes", "Query", "fused", "request_text"]

_PASSAGE_DEPTH = 200  # passages looked at before those out of force are left out
_BEYOND_MTUS = 0.7  # the MTUS answers first (8 CCR 9792.21.1)
_DIAGNOSES = 5
_QUERY_LENGTH = 600  # characters; a request is rarely longer than a few lines
_REMEMBERED = 256  # query vectors kept


class Finder:
    """Searches by meaning and by words at once. Decisions of the case `left_out` are never found."""

    def __init__(self, indexes: Indexes, left_out: str | None = None) -> None:
        self._in, self.left_out = indexes, left_out
        self.renamed: Mapping[str, str] = {}  # passages that are offered in another version than was indexed
        self._remembered: dict[str, NDArray[np.float32]] = {}
        self._ready = False
        self._searcher = Searcher(indexes, self.vector, left_out)

    def ready(self) -> None:
        """Load the model and open the indexes now, not with the first question."""
        if not self._ready:
            self._in.vectors.search(Shelf.DECISIONS, self.vector("ready"), 1)
            self._in.vectors.shelved(Shelf.DECISIONS)
            self._ready = True

    def search(self, query: Query, clock: Callable[[], float] = time.perf_counter) -> Found:
        """Decisions by words and meaning; a case number among the words brings its decisions to the front."""
        self.ready()
        return self._searcher.search(query, clock)

    def listing(self, query: Query, most: int) -> Listing:
        """The ids of all decisions that match, at most so many, in their order."""
        self.ready()
        return self._searcher.listing(query, most)

    def similar(self, service: DisputedService, case: CaseSummary, per_outcome: int) -> tuple[SimilarDecision, ...]:
        """Decisions on a like service, as many of each outcome; same kind first, and real before illustrative."""
        words = request_text(service, case)
        shown: list[SimilarDecision] = []
        for outcome in Outcome:
            scores: dict[str, float] = {}
            for where in self._narrowing(service.kind, outcome):
                scores |= dict(self._near_decisions(words, 4 * per_outcome + 8, where))
            held = self._in.store.decisions(scores).values()
            best = sorted(held, key=lambda h: (h.service_kind != service.kind, h.illustrative, -scores[h.decision_id]))
            shown += [_similar(h, scores[h.decision_id], service.text) for h in best[:per_outcome]]
        return tuple(shown)

    def like(
        self, service: DisputedService, case: CaseSummary, kind: str | None, count: int
    ) -> list[tuple[Held, float]]:
        """Real decisions on the same kind of service, or on any where the kind is unknown, most alike first.

        Each comes with its cosine similarity, -1 to 1.
        """
        near = self._near_decisions(
            request_text(service, case), count, DecisionFilter(service=kind, illustrative=False)
        )
        held = self._in.store.decisions([key for key, _ in near])
        return [(held[key], score) for key, score in near if key in held]

    def passages_near(self, words: str, limit: int) -> list[tuple[str, float]]:
        """Offered passages by meaning."""
        found = self._in.vectors.search(Shelf.PASSAGES, self.vector(words), limit)
        return [(self.renamed.get(key, key), score) for key, score in found]

    def passages_worded(self, words: str, limit: int) -> list[str]:
        """Offered passages by words."""
        return [self.renamed.get(key, key) for key in self._in.words.passages(words, limit)]

    def ask(
        self, question: str, offered: Mapping[str, Passage], governing: Sequence[str], limit: int
    ) -> tuple[tuple[Passage, float], ...]:
        """Those of the offered passages that answer a question; `governing`, best first, are those of its service."""
        if not question.strip():
            return ()
        near = [key for key, _ in self.passages_near(question, _PASSAGE_DEPTH) if key in offered]
        worded = [key for key in self.passages_worded(question, _PASSAGE_DEPTH) if key in offered]
        scores = fused([(near, 0.35), (worded, 0.25), (governing, 0.4)])
        scores = {
            key: s if offered[key].guideline.startswith("MTUS") or offered[key].is_law else s * _BEYOND_MTUS
            for key, s in scores.items()
        }
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
        return tuple((offered[key], round(score, 4)) for key, score in best)

    def vector(self, text: str) -> NDArray[np.float32]:
        """The vector of a query (its first 600 characters), remembered for the next question about it."""
        text = text[:_QUERY_LENGTH]
        if text not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[text] = self._in.embedder.embed([text])[0]
        return self._remembered[text]

    def _near_decisions(self, words: str, limit: int, where: DecisionFilter) -> list[tuple[str, float]]:
        rows = self._in.vectors.shelved(Shelf.DECISIONS)
        return nearest(rows, self.vector(words), limit, self._searcher.allowed(rows) & rows.facts.mask(where))

    @staticmethod
    def _narrowing(kind: str | None, outcome: Outcome) -> list[DecisionFilter]:
        of_kind = [DecisionFilter(outcome=outcome, service=kind)] if kind else []
        return [DecisionFilter(outcome=outcome), *of_kind]


def request_text(service: DisputedService, case: CaseSummary) -> str:
    """What a request is looked up by: its own words and the case's first diagnoses."""
    said = (fact.span.quote for fact in case.facts if fact.kind == "diagnosis" and fact.polarity is Polarity.PRESENT)
    diagnoses = list(dict.fromkeys(said))[:_DIAGNOSES]
    return ". ".join([service.text, *diagnoses])[:_QUERY_LENGTH]


def _similar(held: Held, score: float, words: str) -> SimilarDecision:
    return SimilarDecision(
        decision_id=held.decision_id,
        case_number=held.case_number,
        illustrative=held.illustrative,
        service=held.service,
        outcome=held.outcome,
        score=round(score, 4),
        snippet=snippet_of(held.rationale or held.service, words),
    )
