"""Several rankings of the same things made into one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

RRF_K = 60  # the usual constant of reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009)
_Key = TypeVar("_Key", bound=Hashable)


def fused(ranks: Iterable[tuple[Sequence[_Key], float]]) -> dict[_Key, float]:
    """Reciprocal rank fusion: each ranking gives its weight to its first, and less to each that follows.

    With weights that add up to 1 the score is 1 for what leads every ranking.
    """
    scores: defaultdict[_Key, float] = defaultdict(float)
    for keys, weight in ranks:
        for rank, key in enumerate(keys):
            scores[key] += weight * (RRF_K + 1) / (RRF_K + 1 + rank)
    return dict(scores)
