"""Finds decisions and passages: ranks by meaning and by words, fused; what a list shows of what was found."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain import CaseSummary, DisputedService, Outcome, Passage, Polarity, SimilarDecision
from assistant.library.embedding import Embedder
from assistant.library.rows import Held
from assistant.library.store import Store
from assistant.library.stored_vectors import Shelf, StoredVectors
from assistant.library.vectors import Vectors
from assistant.library.words import Words, word_stems

RRF_K = 60  # the usual constant of reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009)
_DEPTH = 60  # ranks that are fused
_PASSAGE_DEPTH = 200  # passages looked at before those out of force are left out
_BEYOND_MTUS = 0.7  # the MTUS answers first (8 CCR 9792.21.1)
_MOST = 100  # results of a search
_SNIPPET = 240  # characters
_CASE_NUMBER = re.compile(r"\bCM\d{2}-\d{7}\b", re.IGNORECASE)
_DIAGNOSES = 5
_QUERY_LENGTH = 600  # characters; a request is rarely longer than a few lines
_REMEMBERED = 256  # query vectors kept


@dataclass(frozen=True, slots=True)
class Query:
    """Words to find decisions by; `outcome` and `service` (a kind of the taxonomy) narrow them."""

    words: str
    outcome: Outcome | None = None
    service: str | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """A past decision that a search found; `score` is 1 where it led both rankings."""

    decision_id: str
    case_number: str | None
    illustrative: bool
    issue: int
    service: str
    service_kind: str | None
    outcome: Outcome
    guidelines: tuple[str, ...]
    score: float
    snippet: str


@dataclass(frozen=True, slots=True)
class Found:
    """The results, best first; `outcomes` counts the real ones among them; milliseconds with the model loaded."""

    results: tuple[FoundDecision, ...]
    outcomes: dict[Outcome, int]
    took_ms: float


@dataclass(frozen=True, slots=True)
class Indexes:
    """Everything that a search looks into."""

    store: Store
    stored: StoredVectors
    vectors: Vectors
    words: Words
    embedder: Embedder


class Finder:
    """Searches by meaning and by words at once. Decisions of the case `left_out` are never found."""

    def __init__(self, indexes: Indexes, left_out: str | None = None) -> None:
        self._in, self.left_out = indexes, left_out
        self._remembered: dict[str, NDArray[np.float32]] = {}

    def ready(self) -> None:
        """Load the model and open the indexes now, not with the first question."""
        self._near(Shelf.DECISIONS, "ready", 1, {})

    def search(self, query: Query, clock: Callable[[], float] = time.perf_counter) -> Found:
        """Decisions by words and meaning; a case number among the words brings its decisions to the front."""
        self.ready()
        began = clock()
        limit = max(0, min(query.limit, _MOST))
        where: dict[str, str | bool] = {}
        if query.outcome:
            where["outcome"] = query.outcome.value
        if query.service:
            where["service_kind"] = query.service
        depth = max(_DEPTH, 2 * limit)
        scores: dict[str, float] = {}
        if query.words.strip():
            dense = [key for key, _ in self._near(Shelf.DECISIONS, query.words, depth, where)]
            full_text = self._in.words.decisions(query.words, depth, {n: str(v) for n, v in where.items()})
            scores = fused([(dense, 0.5), (full_text, 0.5)])
        scores |= dict.fromkeys(self._named(query.words), 1.0)
        held = self._held(scores)
        fitting = [h for h in held.values() if _fits(h, query)]
        best = sorted(fitting, key=lambda h: (-scores[h.decision_id], h.decision_id))[:limit]
        results = tuple(_found(h, scores[h.decision_id], query.words) for h in best)
        outcomes = {o: sum(r.outcome is o and not r.illustrative for r in results) for o in Outcome}
        return Found(results, outcomes, round((clock() - began) * 1000, 2))

    def similar(self, service: DisputedService, case: CaseSummary, per_outcome: int) -> tuple[SimilarDecision, ...]:
        """Decisions on a like service, as many of each outcome; same kind first, and real before illustrative."""
        words = request_text(service, case)
        shown: list[SimilarDecision] = []
        for outcome in Outcome:
            scores: dict[str, float] = {}
            for where in self._narrowing(service.kind, outcome):
                scores |= dict(self._near(Shelf.DECISIONS, words, 4 * per_outcome + 8, where))
            held = self._held(scores).values()
            best = sorted(held, key=lambda h: (h.service_kind != service.kind, h.illustrative, -scores[h.decision_id]))
            shown += [_similar(h, scores[h.decision_id], service.text) for h in best[:per_outcome]]
        return tuple(shown)

    def like(self, service: DisputedService, case: CaseSummary, kind: str | None, count: int) -> list[Held]:
        """Real decisions on the same kind of service, or on any where the kind is unknown, most alike first."""
        where: dict[str, str | bool] = {"illustrative": False}
        if kind:
            where["service_kind"] = kind
        near = self._near(Shelf.DECISIONS, request_text(service, case), count + 8, where)
        held = self._held([key for key, _ in near])
        return [held[key] for key, _ in near if key in held][:count]

    def passages_near(self, words: str, limit: int) -> list[tuple[str, float]]:
        """Offered passages by meaning."""
        return self._near(Shelf.PASSAGES, words, limit, {})

    def passages_worded(self, words: str, limit: int) -> list[str]:
        """Offered passages by words."""
        return self._in.words.passages(words, limit)

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
        """The vector of a query, remembered for the next question about it."""
        if text not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[text] = self._in.embedder.embed([text])[0]
        return self._remembered[text]

    def _near(self, shelf: Shelf, words: str, limit: int, where: Mapping[str, str | bool]) -> list[tuple[str, float]]:
        return self._in.vectors.search(shelf, self.vector(words[:_QUERY_LENGTH]), limit, where)

    def _held(self, keys: Iterable[str]) -> dict[str, Held]:
        held = self._in.store.decisions(list(keys))
        return {key: h for key, h in held.items() if self.left_out is None or h.case_number != self.left_out}

    def _named(self, words: str) -> list[str]:
        return [
            key for number in _CASE_NUMBER.findall(words) for key in self._in.store.decisions_of_case(number.upper())
        ]

    @staticmethod
    def _narrowing(kind: str | None, outcome: Outcome) -> list[dict[str, str | bool]]:
        of_kind: list[dict[str, str | bool]] = [{"outcome": outcome.value, "service_kind": kind}] if kind else []
        return [{"outcome": outcome.value}, *of_kind]


def fused(ranks: Iterable[tuple[Sequence[str], float]]) -> dict[str, float]:
    """Reciprocal rank fusion: each ranking gives its weight to its first, and less to each that follows.

    With weights that add up to 1 the score is 1 for what leads every ranking.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for keys, weight in ranks:
        for rank, key in enumerate(keys):
            scores[key] += weight * (RRF_K + 1) / (RRF_K + 1 + rank)
    return dict(scores)


def request_text(service: DisputedService, case: CaseSummary) -> str:
    """What a request is looked up by: its own words and the case's first diagnoses."""
    said = (fact.span.quote for fact in case.facts if fact.kind == "diagnosis" and fact.polarity is Polarity.PRESENT)
    diagnoses = list(dict.fromkeys(said))[:_DIAGNOSES]
    return ". ".join([service.text, *diagnoses])[:_QUERY_LENGTH]


def snippet_of(text: str, words: str) -> str:
    """About 240 characters of a text, where most of the words stand; cut at words, cuts marked by an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= _SNIPPET:
        return text
    stems = word_stems(words)
    hits = [m.start() for m in re.finditer(r"[^\W_]+", text) if m.group().lower().startswith(stems)] if stems else []
    best = max(hits, key=lambda at: (sum(at <= hit < at + _SNIPPET for hit in hits), -at), default=0)
    start = 0 if best < _SNIPPET // 4 else text.rfind(" ", 0, best - _SNIPPET // 8) + 1
    end = start + _SNIPPET
    piece = text[start:end] if end >= len(text) else text[start:end].rsplit(" ", 1)[0]
    return f"{'… ' if start else ''}{piece.strip()}{'' if end >= len(text) else ' …'}"


def _fits(held: Held, query: Query) -> bool:
    return query.outcome in (None, held.outcome) and query.service in (None, held.service_kind)


def _found(held: Held, score: float, words: str) -> FoundDecision:
    return FoundDecision(
        decision_id=held.decision_id,
        case_number=held.case_number,
        illustrative=held.illustrative,
        issue=held.issue,
        service=held.service,
        service_kind=held.service_kind,
        outcome=held.outcome,
        guidelines=tuple(dict.fromkeys(cited.guideline for cited in held.citations)),
        score=round(score, 4),
        snippet=snippet_of(held.rationale or held.service, words),
    )


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
