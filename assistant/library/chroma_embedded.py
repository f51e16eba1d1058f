"""Chroma embedded in the program: its files beside the database, held by one process at a time."""

from __future__ import annotations

import json
import logging
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.library.memory import overwrite_memory
from assistant.library.stored_vectors import Shelf, Shelved
from assistant.library.vector_index import COLLECTIONS, HNSW, IndexFault, Shelves, Vector

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma

_LOG = logging.getLogger(__name__)
_STAMP = "stamp.json"
_BATCH = 1000
_CONFIGURATION = {"hnsw": {"space": "cosine", **HNSW}}

_Version = dict[str, str]  # what a build's entries depend on besides the store's rows


class EmbeddedChroma:
    """Both collections in files of the data folder. A second process searches without them."""

    called = "Chroma"

    def __init__(self, folder: Path, model: str, edition: str) -> None:
        self.folder, self._model, self._edition = folder, model, edition
        self._lock = FileLock(folder.parent / "chroma.lock", timeout=0, thread_local=False)
        self._index: _Index | None = None
        self._tried = False

    def own(self, shelves: Shelves) -> bool:
        """Chroma, if this process holds it or can get it; opened and mended at the first need."""
        if not self._tried:
            self._tried = True
            if self._locked():
                self._index = _Index.open(self.folder, self._version())
                self.mend(shelves)
        return self._index is not None

    def mend(self, shelves: Shelves) -> None:
        """Bring Chroma in step with the store: add what is missing, or start anew where that is not enough."""
        if not self._lock.is_locked:
            return
        if self._index is None:
            self._start_anew(shelves)
            return
        try:
            for shelf in COLLECTIONS:
                self._index.add(shelf, shelves(shelf), self._missing(self._index, shelf, shelves(shelf)))
            self._index.stamp()
        except (*_chroma_faults(), _OutOfStep):
            self._start_anew(shelves)

    def rebuild(self, shelves: Shelves) -> None:
        """Build Chroma's files anew from the store's vectors, unless another process holds them."""
        self._tried = True
        if self._locked():
            self._start_anew(shelves)

    def keys(self, shelf: Shelf) -> set[str]:
        """The ids that a collection holds, as its files say."""
        with _faults():
            return self._index.keys(shelf) if self._index is not None else set()

    def search(self, shelf: Shelf, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """The nearest entries with their cosine similarity."""
        with _faults():
            return self._index.search(shelf, vector, limit) if self._index is not None else []

    def close(self) -> None:
        """Let go of Chroma, so that another process may have it."""
        if self._index is not None:
            self._index.close()
        self._index, self._tried = None, False
        self._lock.release()

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

    @staticmethod
    def _missing(index: _Index, shelf: Shelf, shelved: Shelved) -> list[int]:
        """The rows of the shelf that Chroma lacks."""
        there = index.known(shelf)
        missing = [row for row, key in enumerate(shelved.keys) if key not in there]
        if len(there) + len(missing) != len(shelved.keys):
            raise _OutOfStep
        return missing

    def _start_anew(self, shelves: Shelves) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
        try:
            self._index = _Index.create(self.folder, self._version())
            for shelf in COLLECTIONS:
                self._index.add(shelf, shelves(shelf), range(len(shelves(shelf).keys)))
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
            for shelf in COLLECTIONS
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
        return {shelf.value: self._client.get_collection(shelf.value).count() for shelf in COLLECTIONS}

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


def _chroma_faults() -> tuple[type[Exception], ...]:
    """What Chroma raises over broken, vanished or foreign files."""
    import sqlite3

    from chromadb.errors import ChromaError

    return (ChromaError, sqlite3.Error, OSError, ValueError, KeyError, RuntimeError)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except _chroma_faults() as fault:
        raise IndexFault(type(fault).__name__) from None
