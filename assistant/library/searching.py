"""A search for past decisions: which match, in which order, how many of each value, and both outcomes in sight.

A decision matches where its text holds all words of the query that say something, or where it stands among the 200
nearest in meaning with a similarity of at least 0.4. What matches depends on the words alone, never on the filter, so
the count beside a value is the number of decisions that choosing it leaves. The filter then narrows; after what matches
come the others that fit and hold some of the words or are near, marked as beyond the matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Outcome
from assistant.errors import NotThere
from assistant.library.filters import Mask
from assistant.library.found import Correction, Found, FoundDecision, Query
from assistant.library.fusion import fused
from assistant.library.indexes import Indexes
from assistant.library.rows import Held
from assistant.library.snippets import marks_in, snippet_of
from assistant.library.sort import Sort
from assistant.library.spelling import Spelling
from assistant.library.stored_vectors import Shelf, Shelved
from assistant.library.vectors import nearest
from assistant.library.words import NO_HITS

DEPTH = 200  # ranks that are fused
# Cosine similarity from which a near decision counts as a match. Searched by the names of the kinds of service, of the
# decisions on a kind 89% match, and 15% of what matches is on the kind; with 0.3 these were 98% and 6%.
NEAR = 0.4
MOST = 200  # results of one page
_ENOUGH = 60  # of the nearest that fit; with fewer, those that fit are ranked by themselves
_CASE_NUMBER = re.compile(r"\bCM\d{2}-\d{7}\b", re.IGNORECASE)

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Listing:
    """The ids of the decisions that match, in their order, of all `total`; and the words that were searched by."""

    ids: tuple[str, ...]
    total: int
    words: str


@dataclass(frozen=True, slots=True)
class _Matches:
    """The rows that match the words, and the scores of those that fit the filter, whether they match or are beyond."""

    mask: Mask
    scores: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a query chooses: the rows that may be found, those that fit its filter, and those that also match."""

    rows: Shelved
    words: str
    corrections: tuple[Correction, ...]
    allowed: Mask
    fitting: Mask
    matches: _Matches
    chosen: Mask


class Searcher:
    """Searches decisions. Those of the case `left_out` are never found and never counted."""

    def __init__(self, indexes: Indexes, vector: Callable[[str], Vector], left_out: str | None = None) -> None:
        self._in, self._vector, self._left_out = indexes, vector, left_out
        self._spelling = Spelling(indexes.words)

    def allowed(self, rows: Shelved) -> Mask:
        """The rows that may be found."""
        allowed = np.ones(len(rows.keys), np.bool_)
        if self._left_out is not None:
            allowed[_places(self._in.store.decisions_of_case(self._left_out), rows)] = False
        return allowed

    def search(self, query: Query, clock: Callable[[], float]) -> Found:
        """What a query finds; raises NotThere where it asks for what is like a decision that is not held."""
        began = clock()
        asked = self._chosen(query)
        rows, words, matches, chosen, fitting = asked.rows, asked.words, asked.matches, asked.chosen, asked.fitting
        order = _ordered(chosen, matches.scores, rows, query.sort)
        order += _best(matches.scores, fitting & ~chosen, rows)
        page = order[max(0, query.offset) :][: max(0, min(query.limit, MOST))]
        other = self._other_side(query, page, order, rows)
        shown = self._in.store.decisions([rows.keys[row] for row in (*page, *other)])

        def found(row: int) -> FoundDecision:
            held = shown[rows.keys[row]]
            return _found(held, matches.scores.get(row, 0.0), words, beyond=not chosen[row])

        results = tuple(found(row) for row in page if rows.keys[row] in shown)
        return Found(
            results=results,
            outcomes={o: sum(r.outcome is o and not r.illustrative for r in results) for o in Outcome},
            matching=rows.facts.sides(chosen),
            matching_illustrative=int(np.count_nonzero(chosen & rows.facts.illustrative)),
            facets=rows.facts.counts(matches.mask & asked.allowed, query.where) if query.facets else {},
            corrections=asked.corrections,
            words=words,
            other_side=next((found(row) for row in other if rows.keys[row] in shown), None),
            took_ms=round((clock() - began) * 1000, 2),
        )

    def listing(self, query: Query, most: int) -> Listing:
        """All that match, at most so many, without what is merely near; nothing where nothing is asked."""
        asked = self._chosen(query)
        order = _ordered(asked.chosen, asked.matches.scores, asked.rows, query.sort)
        return Listing(tuple(asked.rows.keys[row] for row in order[:most]), len(order), asked.words)

    def _chosen(self, query: Query) -> _Chosen:
        rows = self._in.vectors.shelved(Shelf.DECISIONS)
        words, corrections = self._spelling.mended(query.words, rows, exact=query.exact)
        allowed = self.allowed(rows)
        if query.like is not None:
            allowed[self._row_of(query.like, rows)] = False
        fitting = allowed & rows.facts.mask(query.where)
        matches = self._matches(query, words, rows, allowed, fitting)
        asked = bool(words.strip() or query.like or query.where.narrows)
        chosen = matches.mask & fitting if asked else np.zeros_like(fitting)
        return _Chosen(rows, words, corrections, allowed, fitting, matches, chosen)

    def _matches(self, query: Query, words: str, rows: Shelved, allowed: Mask, fitting: Mask) -> _Matches:
        if query.like is not None:
            vector, hits, named = rows.matrix[self._row_of(query.like, rows)], NO_HITS, []
        elif words.strip():
            vector, hits = self._vector(words), self._in.words.hits(words)
            named = _places(self._named(words), rows)
        else:
            return _Matches(allowed, {})
        near = self._nearest(rows, vector, allowed)
        by_words = rows.rows_of(hits.ranked)
        mask = np.zeros(len(rows.keys), np.bool_)
        for part in ([row for row, score in near if score >= NEAR], rows.rows_of(hits.all_of), named):
            mask[part] = True
        by_meaning = [row for row, _ in near if fitting[row]]
        if len(by_meaning) < min(_ENOUGH, np.count_nonzero(fitting)):
            by_meaning = [row for row, _ in _rows(nearest(rows, vector, DEPTH, fitting), rows)]
        worded = by_words[fitting[by_words]][:DEPTH].tolist()
        scores = fused([(by_meaning, 0.5), (worded, 0.5)]) | dict.fromkeys(named, 1.0)
        return _Matches(mask, scores)

    def _nearest(self, rows: Shelved, vector: Vector, allowed: Mask) -> list[tuple[int, float]]:
        """The nearest decisions, by Chroma; exactly where some are left out."""
        if self._left_out is not None:
            return _rows(nearest(rows, vector, DEPTH, allowed), rows)
        near = _rows(self._in.vectors.search(Shelf.DECISIONS, vector, DEPTH + 1), rows)
        return [(row, score) for row, score in near if allowed[row]][:DEPTH]

    def _row_of(self, decision_id: str, rows: Shelved) -> int:
        if decision_id not in rows.places:
            raise NotThere(f"The library holds no decision {decision_id} with an outcome.")
        return rows.places[decision_id]

    def _named(self, words: str) -> list[str]:
        return [
            key for number in _CASE_NUMBER.findall(words) for key in self._in.store.decisions_of_case(number.upper())
        ]

    def _other_side(self, query: Query, page: Sequence[int], order: Sequence[int], rows: Shelved) -> list[int]:
        """The best decision of the outcome that the page lacks, if it lacks one that was not excluded."""
        over = rows.facts.overturned
        if query.where.outcome is not None or not page or len({bool(over[row]) for row in page}) > 1:
            return []
        return [row for row in order if over[row] != over[page[0]]][:1]


def _places(keys: Iterable[str], rows: Shelved) -> list[int]:
    return [rows.places[key] for key in keys if key in rows.places]


def _rows(near: Iterable[tuple[str, float]], rows: Shelved) -> list[tuple[int, float]]:
    return [(rows.places[key], score) for key, score in near if key in rows.places]


def _ordered(chosen: Mask, scores: Mapping[int, float], rows: Shelved, sort: Sort) -> list[int]:
    """The chosen rows: by score, then the newest letter first; or by date alone."""
    newest = np.flatnonzero(chosen)
    newest = newest[np.lexsort((newest, -rows.facts.decided[newest]))].tolist()
    if sort is Sort.DATE:
        return newest
    return _best(scores, chosen, rows) + [row for row in newest if row not in scores]


def _best(scores: Mapping[int, float], among: Mask, rows: Shelved) -> list[int]:
    """The scored rows among these, best first."""
    return sorted((row for row in scores if among[row]), key=lambda row: (-scores[row], rows.keys[row]))


def _found(held: Held, score: float, words: str, *, beyond: bool) -> FoundDecision:
    snippet = snippet_of(held.rationale or held.service, words)
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
        snippet=snippet,
        marks=marks_in(snippet, words),
        decided=held.decided,
        beyond=beyond,
    )
