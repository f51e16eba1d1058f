"""Search by meaning: an index over the store's vectors, or the same answers by plain arithmetic without it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.library.filters import Mask
from assistant.library.stored_vectors import Extent, Shelf, Shelved, StoredVectors
from assistant.library.vector_index import COLLECTIONS, IndexFault, VectorIndex

_LOG = logging.getLogger(__name__)
_TIES = 16  # entries looked at past the limit, so that equal ones at its edge are ordered by id, not by chance
_FEW = 8  # one row in so many, and fewer, are gathered before they are multiplied
_DIGITS = 5  # of a similarity; beyond them the ways of searching differ by rounding

# Decisions up to this many, which are in memory anyway, are compared one by one: as fast as the index, which among
# 100,000 much alike misses half of the ten nearest.
_EXACT = 200_000


class Vectors:
    """Both collections, derived from the store and rebuilt from it whenever they are missing, old or broken.

    Where the index is another process's, or down, the store's own vectors are searched exactly, with the same results
    in the same order.
    """

    def __init__(self, stored: StoredVectors, index: VectorIndex, model: str) -> None:
        self._stored, self.index, self._model = stored, index, model
        self._turn = threading.RLock()
        self._shelved: dict[Shelf, Shelved] = {}
        self._held: Shelved | None = None  # the decisions that were read, and how far they reach
        self._extent: Extent | None = None
        self._tried = False

    @property
    def called(self) -> str:
        """What the index is called."""
        return self.index.called

    def search(self, shelf: Shelf, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The nearest of a shelf (id, cosine similarity), nearest first, ties by id.

        Passages, and decisions where there are very many, by the index where it is ours; all else exactly.
        """
        if limit <= 0:
            return []
        with self._turn:
            if shelf is Shelf.DECISIONS and len(self.shelved(shelf).keys) <= _EXACT:
                return nearest(self.shelved(shelf), vector, limit)
            if self._own():
                try:
                    return _ordered(self.index.search(shelf, vector, limit + _TIES))[:limit]
                except IndexFault as fault:
                    _LOG.warning("The vector index failed (%s) and is rebuilt.", fault)
                    self.rebuild()
            return nearest(self.shelved(shelf), vector, limit)

    def shelved(self, shelf: Shelf) -> Shelved:
        """What the shelf holds since the last refresh; the answer never changes under its reader."""
        with self._turn:
            if shelf not in self._shelved:
                self._shelved[shelf] = self._grown() if shelf is Shelf.DECISIONS else self._read(shelf)
            return self._shelved[shelf]

    def _read(self, shelf: Shelf) -> Shelved:
        return self._stored.shelf(shelf, self._model)

    def _grown(self) -> Shelved:
        """The decisions: those that were held and what was added, or all anew where any was changed or taken away."""
        held, known = self._held, self._extent
        now = self._stored.decisions_extent(self._model, known.last if known else 0)
        if held is not None and now == known:
            held = held.joined(self._stored.shelf(Shelf.DECISIONS, self._model, after=now.last))
        else:
            held = self._read(Shelf.DECISIONS)
        last = int(held.numbers[-1]) if held.keys else 0
        self._held, self._extent = held, replace(now, count=len(held.keys), last=last)
        return held

    def refresh(self) -> None:
        """Take in what the store has new, after an import or a change of the corpus."""
        with self._turn:
            self._shelved.clear()
            if self._tried and self._own():
                self._trying(lambda: self.index.mend(self.shelved))
            else:
                self._own()

    def rebuild(self) -> None:
        """Build the index anew from the store's vectors, unless another process holds it."""
        with self._turn:
            self._shelved.clear()
            self._tried = True
            self._trying(lambda: self.index.rebuild(self.shelved))

    def in_step(self) -> bool | None:
        """Whether the index holds exactly the store's entries; None if another process holds it, or it is down."""
        with self._turn:
            if not self._own():
                return None
            try:
                return all(self.index.keys(shelf) == set(self._read(shelf).keys) for shelf in COLLECTIONS)
            except IndexFault:
                return False

    def close(self) -> None:
        """Let go of the index, so that another process may have it."""
        with self._turn:
            self.index.close()
            self._tried = False

    def _own(self) -> bool:
        """Whether the index is ours; it is opened and brought in step at the first need."""
        self._tried = True
        try:
            return self.index.own(self.shelved)
        except IndexFault as fault:
            _LOG.warning("The vector index does not answer (%s); searching without it.", fault)
            return False

    def _trying(self, act: Callable[[], None]) -> None:
        try:
            act()
        except IndexFault as fault:
            # Search goes on without the index; `doctor` shows it, and the next need tries again.
            _LOG.warning("The vector index could not be built (%s); searching without it.", fault)


def nearest(
    shelved: Shelved, vector: NDArray[np.float32], limit: int, fitting: Mask | None = None
) -> list[tuple[str, float]]:
    """The nearest of a shelf, or of those of its rows that fit, by plain arithmetic: exact, ties by id.

    All products are made even where few rows fit: to gather half of 100,000 rows takes longer than to multiply all.
    """
    rows = np.arange(len(shelved.keys)) if fitting is None else np.flatnonzero(fitting)
    if limit <= 0 or not len(rows):
        return []
    few = len(rows) * _FEW < len(shelved.keys)
    scores = shelved.matrix[rows] @ vector if few else (shelved.matrix @ vector)[rows]
    if limit < len(rows):
        # Every row that may tie with the last one taken, once rounded, is looked at.
        least = np.partition(scores, -limit)[-limit] - 2 * 10.0**-_DIGITS
        near = scores >= least
        rows, scores = rows[near], scores[near]
    return _ordered([(shelved.keys[row], float(score)) for row, score in zip(rows, scores, strict=True)])[:limit]


def _ordered(found: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    rounded = ((key, round(score, _DIGITS)) for key, score in found)
    return sorted(rounded, key=lambda pair: (-pair[1], pair[0]))
