"""Search by meaning: Chroma over the store's vectors, or the same answers by plain arithmetic where it is not ours."""

from __future__ import annotations

import json
import logging
import shutil
import threading
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.library.stored_vectors import Entry, Shelf, StoredVectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma

_LOG = logging.getLogger(__name__)
_STAMP = "stamp.json"
_BATCH = 1000
_TIES = 16  # entries looked at past the limit, so that equal ones at its edge are ordered by id, not by chance
_DIGITS = 5  # of a similarity; beyond them the two ways of searching differ by rounding
# Exhaustive up to this many neighbours, so that a library of usual size is searched without misses.
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}}

_COLLECTIONS = (Shelf.PASSAGES, Shelf.DECISIONS)

Where = Mapping[str, str | bool]
_Version = dict[str, str]  # what a build's entries depend on besides the store's rows


class Vectors:
    """Both collections, derived from the store and rebuilt from it whenever they are missing, old or broken.

    Chroma is embedded and may be opened by one process at a time; a second process searches the store's own vectors
    exactly, with the same results in the same order.
    """

    def __init__(self, stored: StoredVectors, folder: Path, model: str, edition: str) -> None:
        self._stored, self._folder, self._model, self._edition = stored, folder, model, edition
        self._turn = threading.RLock()
        self._entries: dict[Shelf, list[Entry]] = {}
        self._matrices: dict[Shelf, NDArray[np.float32]] = {}
        self._lock = FileLock(folder.parent / "chroma.lock", timeout=0, thread_local=False)
        self._index: _Index | None = None
        self._tried = False

    def search(
        self, shelf: Shelf, vector: NDArray[np.float32], limit: int, where: Where | None = None
    ) -> list[tuple[str, float]]:
        """The nearest entries (id, cosine similarity), nearest first, ties by id; `where` fixes facts of theirs."""
        if limit <= 0:
            return []
        with self._turn:
            index = self._own()
            if index is not None:
                try:
                    return _ordered(index.search(shelf, vector, limit + _TIES, where or {}))[:limit]
                except _chroma_faults() as fault:
                    _LOG.warning("The vector index failed (%s) and is rebuilt.", type(fault).__name__)
                    self.rebuild()
            return self._exact(shelf, vector, limit, where or {})

    def refresh(self) -> None:
        """Take in what the store has new, after an import or a change of the corpus."""
        with self._turn:
            self._entries.clear()
            self._matrices.clear()
            if self._tried:
                self._mend()
            else:
                self._own()

    def rebuild(self) -> None:
        """Build Chroma's files anew from the store's vectors, unless another process holds them."""
        with self._turn:
            self._entries.clear()
            self._matrices.clear()
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
                return all(index.keys(shelf) == {e.key for e in self._all(shelf)} for shelf in _COLLECTIONS)
            except _chroma_faults():
                return False

    def close(self) -> None:
        """Let go of Chroma, so that another process may have it."""
        with self._turn:
            if self._index is not None:
                self._index.close()
            self._index, self._tried = None, False
            self._lock.release()

    # --- the exact way -----------------------------------------------------------------------------------------

    def _all(self, shelf: Shelf) -> list[Entry]:
        if shelf not in self._entries:
            self._entries[shelf] = self._stored.entries(shelf, self._model)
        return self._entries[shelf]

    def _exact(self, shelf: Shelf, vector: NDArray[np.float32], limit: int, where: Where) -> list[tuple[str, float]]:
        entries = self._all(shelf)
        if not entries:
            return []
        if shelf not in self._matrices:
            self._matrices[shelf] = np.stack([entry.vector for entry in entries])
        scores = self._matrices[shelf] @ vector
        fitting = [
            (entry.key, float(score))
            for entry, score in zip(entries, scores, strict=True)
            if all(entry.facts.get(name) == value for name, value in where.items())
        ]
        return _ordered(fitting)[:limit]

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
                self._index.add(shelf, self._missing(shelf))
            self._index.stamp()
        except (*_chroma_faults(), _OutOfStep):
            self._start_anew()

    def _missing(self, shelf: Shelf) -> list[Entry]:
        index = self._index
        if index is None:
            return []
        there, wanted = index.keys(shelf), self._all(shelf)
        if there - {entry.key for entry in wanted}:
            raise _OutOfStep
        return [entry for entry in wanted if entry.key not in there]

    def _start_anew(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
        try:
            self._index = _Index.create(self._folder, self._version())
            for shelf in _COLLECTIONS:
                self._index.add(shelf, self._all(shelf))
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

        self._root, self._build, self._version = root, build, version
        settings = Settings(anonymized_telemetry=False, allow_reset=False, is_persistent=True)
        self._client: ClientAPI = chromadb.PersistentClient(path=str(build), settings=settings)
        self._vectors = _GivenVectors()
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
        return {shelf.value: len(self.keys(shelf)) for shelf in _COLLECTIONS}

    def keys(self, shelf: Shelf) -> set[str]:
        """The ids that a collection holds."""
        return set(self._collections[shelf].get(include=[])["ids"])

    def add(self, shelf: Shelf, entries: Sequence[Entry]) -> None:
        """Add entries; until `stamp` is called the files count as unfinished."""
        if not entries:
            return
        (self._root / _STAMP).unlink(missing_ok=True)
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            self._vectors.given = {entry.key: entry.vector for entry in batch}
            keys = [entry.key for entry in batch]
            self._collections[shelf].add_texts(keys, metadatas=[entry.facts for entry in batch], ids=keys)
        self._vectors.given = {}

    def search(self, shelf: Shelf, vector: NDArray[np.float32], limit: int, where: Where) -> list[tuple[str, float]]:
        """The nearest entries with their cosine similarity."""
        clauses: list[dict[str, Any]] = [{name: value} for name, value in where.items()]
        condition = {"$and": clauses} if len(clauses) > 1 else (clauses[0] if clauses else None)
        found = self._collections[shelf].similarity_search_by_vector_with_relevance_scores(
            vector.tolist(), k=limit, filter=condition
        )
        return [(document.page_content, 1 - distance) for document, distance in found]

    def close(self) -> None:
        """Close Chroma's files."""
        self._client.close()  # type: ignore[attr-defined]


def _ordered(found: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    rounded = ((key, round(score, _DIGITS)) for key, score in found)
    return sorted(rounded, key=lambda pair: (-pair[1], pair[0]))


def _chroma_faults() -> tuple[type[Exception], ...]:
    """What Chroma raises over broken, vanished or foreign files."""
    import sqlite3

    from chromadb.errors import ChromaError

    return (ChromaError, sqlite3.Error, OSError, ValueError, KeyError, RuntimeError)
