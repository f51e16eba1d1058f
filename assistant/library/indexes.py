"""Everything that a search looks into, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.library.changes import ChangeLog
from assistant.library.embedding import Embedder
from assistant.library.store import Store
from assistant.library.stored_vectors import StoredVectors
from assistant.library.vectors import Vectors
from assistant.library.words import Words


@dataclass(frozen=True, slots=True)
class Indexes:
    """Everything that a search looks into."""

    store: Store
    stored: StoredVectors
    vectors: Vectors
    words: Words
    embedder: Embedder
    changes: ChangeLog
