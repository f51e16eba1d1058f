"""The second look: does a sentence of the case mean what a concept means, whatever its words?

"The summary does not state X" may be written only after a search by words and by meaning. This is the search by
meaning: the cosine of each piece of the case with the concept's `meanings` (sentences in our own words).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.domain import CaseSummary, Span
from assistant.drafting.excerpts import pieces

# Chosen on hand-labelled summaries: above it lie most paraphrases, below it sentences on other matters.
FLOOR = 0.5
_SHOWN = 2


class Embeds(Protocol):
    """What turns texts into unit rows."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text, in the same order."""
        ...


@dataclass(frozen=True)
class Glance:
    """What the second look saw in one case: for each concept the pieces that may speak of it, nearest first."""

    seen: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, concept: str) -> tuple[Span, ...]:
        """The pieces of the case that may speak of `concept`; empty when none does or it was not looked for."""
        return self.seen.get(concept, ())


class SecondLook:
    """Looks for concepts by meaning. The vectors of meanings are kept, so that a second draft embeds its case only."""

    def __init__(self, embedder: Embeds, floor: float = FLOOR) -> None:
        self._embedder = embedder
        self._floor = floor
        self._kept: dict[str, NDArray[np.float32]] = {}

    def over(self, case: CaseSummary, meanings: Mapping[str, Sequence[str]]) -> Glance:
        """What the case may say of each key of `meanings`, in one batch of embedding.

        Pieces that word the request, a plan or utilization review's view are no evidence and are left out.
        """
        units = tuple(pieces(case))
        asked = {key: tuple(texts) for key, texts in meanings.items() if texts}
        if not units or not asked:
            return Glance()
        rows = self._rows([unit.quote for unit in units], asked.values())
        seen = {}
        for key, texts in asked.items():
            nearest = np.max(rows @ np.stack([self._kept[text] for text in texts]).T, axis=1)
            order = [i for i in np.argsort(-nearest, kind="stable") if nearest[i] >= self._floor]
            if order:
                seen[key] = tuple(units[i] for i in order[:_SHOWN])
        return Glance(seen)

    def _rows(self, units: Sequence[str], asked: Iterable[Sequence[str]]) -> NDArray[np.float32]:
        new = list(dict.fromkeys(text for texts in asked for text in texts if text not in self._kept))
        rows = self._embedder.embed([*units, *new])
        self._kept.update(zip(new, rows[len(units) :], strict=True))
        return rows[: len(units)]
