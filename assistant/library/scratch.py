"""A second library in a folder that is removed afterwards, so that nothing measured touches the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr
from sqlalchemy import Engine, select

from assistant.database import open_database, reading
from assistant.hardening import private_folder
from assistant.library.library import Library, open_library
from assistant.library.rows import sha256
from assistant.library.tables import VectorRow

if TYPE_CHECKING:
    from assistant.library.embedding import Embedder
    from assistant.library.importing import Progress
    from assistant.settings import Settings

_AT_ONCE = 500  # values of one IN list; SQLite takes some thousands


class BorrowingEmbedder:
    """An embedder that takes a text's vector from another library where that has it, and remembers all it gave."""

    def __init__(self, embedder: Embedder, lender: Engine) -> None:
        self._embedder, self._lender = embedder, lender
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """The name of the embedder behind it: the vectors are that one's."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        """The window of the model behind it."""
        return self._embedder.max_tokens

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row a text, in their order."""
        keys = [sha256(text) for text in texts]
        self._borrow([key for key in dict.fromkeys(keys) if key not in self._known])
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            self._known.update(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
        return np.stack([self._known[key] for key in keys]) if keys else np.zeros((0, self.dimension), np.float32)

    def _borrow(self, keys: Sequence[str]) -> None:
        with reading(self._lender) as session:
            for start in range(0, len(keys), _AT_ONCE):
                rows = session.execute(
                    select(VectorRow.text_hash, VectorRow.vector).where(
                        VectorRow.model == self.name, VectorRow.text_hash.in_(keys[start : start + _AT_ONCE])
                    )
                )
                self._known.update((key, np.frombuffer(vector, "<f4")) for key, vector in rows)


@contextmanager
def scratch_library(
    settings: Settings, lender: Engine, embedder: Embedder, progress: Progress | None = None
) -> Iterator[Library]:
    """The starter library of `settings.corpus_dir` in a temporary folder; `lender` spares embedding what it has."""
    with private_folder() as folder:
        elsewhere = {"data_dir": Path(folder), "database_url": SecretStr(""), "vectors": "chroma"}
        own = settings.model_copy(update=elsewhere)
        engine = open_database(own.data_dir, url="")
        library = open_library(own, engine, progress=progress, embedder=BorrowingEmbedder(embedder, lender))
        try:
            yield library
        finally:
            library.close()
            engine.dispose()
