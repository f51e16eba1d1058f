"""Search by meaning: Chroma over the store's vectors, or the same answers by plain arithmetic where it is not ours."""

from __future__ import annotations

import json
import logging
import shutil
import threading
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.library.filters import Mask
from assistant.library.memory import overwrite_memory
from assistant.library.stored_vectors import Extent, Shelf, Shelved, StoredVectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma

_LOG = logging.getLogger(__name__)
_STAMP = "stamp.json"
_BATCH = 1000
_TIES = 16  # entries looked at past the limit, so that equal ones at its edge are ordered by id, not by chance
_FEW = 8  # one row in so many, and fewer, are gathered before they are multiplied
_DIGITS = 5  # of a similarity; beyond them the two ways of searching differ by rounding
# Exhaustive up to this many neighbours, so that a library of usual size is searched without misses.
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}}

# Decisions up to this many, which are in memory anyway, are compared one by one: as fast as the index, which among
# 100,000 much alike misses half of the ten nearest.
_EXACT = 200_000

_COLLECTIONS = (Shelf.PASSAGES, Shelf.DECISIONS)

_Version = dict[str, str]  # what a build's entries depend on besides the store's rows


class Vectors:
    """Both collections, derived from the store and rebuilt from it whenever they are missing, old or broken.

    Chroma is embedded and may be opened by one process at a time; a second process searches the store's own vectors
    exactly, with the same results in the same order.
    """

    def __init__(self, stored: StoredVectors, folder: Path, model: str, edition: str) -> None:
        self._stored, self._folder, self._model, self._edition = stored, folder, model, edition
        self._turn = threading.RLock()
        self._shelved: dict[Shelf, Shelved] = {}
        self._held: Shelved | None = None  # the decisions that were read, and how far they reach
        self._extent: Extent | None = None
        self._lock = FileLock(folder.parent / "chroma.lock", timeout=0, thread_local=False)
        self._index: _Index | None = None
        self._tried = False

    def search(self, shelf: Shelf, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The nearest of a shelf (id, cosine similarity), nearest first, ties by id.

        Passages, and decisions where there are very many, by Chroma where it is ours; all else exactly.
        """
        if limit <= 0:
            return []
        with self._turn:
            if shelf is Shelf.DECISIONS and len(self.shelved(shelf).keys) <= _EXACT:
                return nearest(self.shelved(shelf), vector, limit)
            index = self._own()
            if index is not None:
                try:
                    return _ordered(index.search(shelf, vector, limit + _TIES))[:limit]
                except _chroma_faults() as fault:
                    _LOG.warning("The vector index failed (%s) and is rebuilt.", type(fault).__name__)
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
            if self._tried:
                self._mend()
            else:
                self._own()

    def rebuild(self) -> None:
        """Build Chroma's files anew from the store's vectors, unless another process holds them."""
        with self._turn:
            self._shelved.clear()
            self._tried = True
            if self._locked():
                self._start_anew()

    def in_step(self) -> bool | None:
        """Whether Chroma holds exactly the store's entries; None if another process holds it."""
        with self._turn:
            index = self._own()
            if index is None:
                return None
            try:
                return all(index.keys(shelf) == set(self._read(shelf).keys) for shelf in _COLLECTIONS)
            except _chroma_faults():
                return False

    def close(self) -> None:
        """Let go of Chroma, so that another process may have it."""
        with self._turn:
            if self._index is not None:
                self._index.close()
            self._index, self._tried = None, False
            self._lock.release()

    # --- Chroma ------------------------------------------------------------------------------------------------

    def _own(self) -> _Index | None:
        """Chroma, if this process holds it or can get it; opened and mended at the first need."""
        if not self._tried:
            self._tried = True
            if self._locked():
                self._index = _Index.open(self._folder, self._version())
                self._mend()
        return self._index

    def _version(self) -> _Version:
        import chromadb

        return {"chromadb": chromadb.__version__, "model": self._model, "edition": self._edition}

    def _locked(self) -> bool:
        try:
            if not self._lock.is_locked:
                self._lock.acquire()
        except Timeout:
            return False
        return True

    def _mend(self) -> None:
        """Bring Chroma in step with the store: add what is missing, or start anew where that is not enough."""
        if not self._lock.is_locked:
            return
        if self._index is None:
            self._start_anew()
            return
        try:
            for shelf in _COLLECTIONS:
                self._index.add(shelf, self.shelved(shelf), self._missing(shelf))
            self._index.stamp()
        except (*_chroma_faults(), _OutOfStep):
            self._start_anew()

    def _missing(self, shelf: Shelf) -> list[int]:
        """The rows of the shelf that Chroma lacks."""
        index = self._index
        if index is None:
            return []
        there, wanted = index.known(shelf), self.shelved(shelf).keys
        missing = [row for row, key in enumerate(wanted) if key not in there]
        if len(there) + len(missing) != len(wanted):
            raise _OutOfStep
        return missing

    def _start_anew(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
        try:
            self._index = _Index.create(self._folder, self._version())
            for shelf in _COLLECTIONS:
                self._index.add(shelf, self.shelved(shelf), range(len(self.shelved(shelf).keys)))
            self._index.stamp()
        except _chroma_faults() as fault:
            # Search goes on without Chroma; `doctor` shows it, and the next start tries again.
            _LOG.warning("The vector index could not be built (%s); searching without it.", type(fault).__name__)
            self._index = None


class _OutOfStep(Exception):
    """Chroma holds what the store does not."""


class _GivenVectors(Embeddings):
    """An embedding function that hands out the vectors it was given; a text is the key of its vector.

    Chroma so stores an id where it would store a text: no second copy of a case, and its own embedder never runs.
    """

    def __init__(self) -> None:
        self.given: dict[str, NDArray[np.float32]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of these keys."""
        return [self.given[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The vector of this key."""
        return self.given[text].tolist()


class _Index:
    """Chroma's files: one folder a build, and a stamp that says which build is whole, of what version and model.

    The stamp is taken away before a write and put back after it, so files that a killed process left half written are
    never opened. A rebuild takes a new folder: Chroma keeps the connections to one that was deleted.
    """

    def __init__(self, root: Path, build: Path, version: _Version) -> None:
        import chromadb
        from chromadb.config import Settings
        from langchain_chroma import Chroma

        overwrite_memory()
        self._root, self._build, self._version = root, build, version
        settings = Settings(anonymized_telemetry=False, allow_reset=False, is_persistent=True)
        self._client: ClientAPI = chromadb.PersistentClient(path=str(build), settings=settings)
        self._vectors = _GivenVectors()
        self._known: dict[Shelf, set[str]] = {}
        self._collections: dict[Shelf, Chroma] = {
            shelf: Chroma(
                collection_name=shelf.value,
                embedding_function=self._vectors,
                client=self._client,
                collection_configuration=_CONFIGURATION,  # type: ignore[arg-type]
            )
            for shelf in _COLLECTIONS
        }

    @classmethod
    def open(cls, root: Path, version: _Version) -> _Index | None:
        """The whole build of this version and model, or None."""
        try:
            stamp = json.loads((root / _STAMP).read_text("utf-8"))
            build = root / Path(stamp["build"]).name
            if stamp["version"] != version or not build.is_dir():
                return None
            index = cls(root, build, version)
            if index.sizes() == stamp["sizes"]:
                return index
            index.close()
        except (OSError, KeyError, TypeError, *_chroma_faults()):
            return None
        return None

    @classmethod
    def create(cls, root: Path, version: _Version) -> _Index:
        """An empty build; earlier ones are removed."""
        root.mkdir(mode=0o700, exist_ok=True)
        (root / _STAMP).unlink(missing_ok=True)
        for old in root.iterdir():
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
        build = root / uuid.uuid4().hex[:12]
        build.mkdir(mode=0o700)
        return cls(root, build, version)

    def stamp(self) -> None:
        """Say that the files are whole."""
        stamp = {"build": self._build.name, "sizes": self.sizes(), "version": self._version}
        fresh = self._root / f"{_STAMP}.new"
        fresh.write_text(json.dumps(stamp), "utf-8")
        fresh.replace(self._root / _STAMP)

    def sizes(self) -> dict[str, int]:
        """How many entries each collection holds."""
        return {shelf.value: self._client.get_collection(shelf.value).count() for shelf in _COLLECTIONS}

    def keys(self, shelf: Shelf) -> set[str]:
        """The ids that a collection holds."""
        return set(self._collections[shelf].get(include=[])["ids"])

    def known(self, shelf: Shelf) -> set[str]:
        """The ids that a collection holds, remembered: only we add to it."""
        if shelf not in self._known:
            self._known[shelf] = self.keys(shelf)
        return self._known[shelf]

    def add(self, shelf: Shelf, shelved: Shelved, rows: Sequence[int]) -> None:
        """Add rows of a shelf; until `stamp` is called the files count as unfinished."""
        if not rows:
            return
        (self._root / _STAMP).unlink(missing_ok=True)
        known = self.known(shelf)
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            self._vectors.given = {shelved.keys[row]: shelved.matrix[row] for row in batch}
            keys = list(self._vectors.given)
            self._collections[shelf].add_texts(keys, ids=keys)
            known.update(keys)
        self._vectors.given = {}

    def search(self, shelf: Shelf, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The nearest entries with their cosine similarity."""
        found = self._collections[shelf].similarity_search_by_vector_with_relevance_scores(vector.tolist(), k=limit)
        return [(document.page_content, 1 - distance) for document, distance in found]

    def close(self) -> None:
        """Close Chroma's files."""
        self._client.close()  # type: ignore[attr-defined]


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


def _chroma_faults() -> tuple[type[Exception], ...]:
    """What Chroma raises over broken, vanished or foreign files."""
    import sqlite3

    from chromadb.errors import ChromaError

    return (ChromaError, sqlite3.Error, OSError, ValueError, KeyError, RuntimeError)
