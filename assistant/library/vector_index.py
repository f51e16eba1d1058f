"""What finds the nearest vectors beyond plain arithmetic: one interface, whichever engine is behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.library.stored_vectors import Shelf, Shelved

# Exhaustive up to this many neighbours, so that a library of usual size is searched without misses.
HNSW = {"ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
COLLECTIONS = (Shelf.PASSAGES, Shelf.DECISIONS)

Vector = NDArray[np.float32]
Shelves = Callable[[Shelf], Shelved]


class IndexFault(Exception):
    """An index that is broken, gone or down; search goes on by plain arithmetic. Its text holds no text of a user."""


class VectorIndex(Protocol):
    """An index derived from the store's vectors. Every method may raise IndexFault; one thread calls at a time."""

    called: str  # as a sentence names it

    def own(self, shelves: Shelves) -> bool:
        """Whether this process may search it; at the first call it is opened and brought in step."""

    def mend(self, shelves: Shelves) -> None:
        """Bring it in step with the store, or build it anew where that is not enough."""

    def rebuild(self, shelves: Shelves) -> None:
        """Build it anew."""

    def keys(self, shelf: Shelf) -> set[str]:
        """The ids that it holds of a shelf."""

    def search(self, shelf: Shelf, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """The nearest entries with their cosine similarity, not in a lasting order."""

    def close(self) -> None:
        """Let go of it."""
