"""How near a question comes to what passages say, a sentence at a time; what was embedded once is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.library.embedding import Embedder

_KEPT = 8_000  # sayings whose vectors are kept; about 12 MB


class Nearness:
    """Cosines between a question and texts."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._rows: dict[str, NDArray[np.float32]] = {}

    def to(self, question: str, texts: Sequence[str]) -> Mapping[str, float]:
        """The cosine of the question with each text, from -1 to 1."""
        kept = self._rows  # other threads may put a new table in its place, never take from this one
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        first, *rows = self._embedder.embed([question, *new])
        fresh = dict(zip(new, rows, strict=True))
        if len(kept) + len(fresh) > _KEPT:
            self._rows = fresh
        else:
            kept.update(fresh)
        return {text: float((fresh[text] if text in fresh else kept[text]) @ first) for text in texts}
