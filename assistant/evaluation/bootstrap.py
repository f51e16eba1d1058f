"""Shares with an interval that takes the letters, not their issues, as the sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SEED = 20161201
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `n` cases, with the 95% interval of a bootstrap; all None where there is no case."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def as_dict(self) -> dict[str, float | int]:
        """The share as JSON; only `n` where there is no case."""
        if self.value is None or self.low is None or self.high is None:
            return {"n": self.n}
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4), "n": self.n}


def share(hits: Sequence[Sequence[bool]], *, seed: int = SEED, resamples: int = RESAMPLES) -> Share:
    """The share of hits over all letters; `hits` holds one row of answers a letter.

    Issues of one letter rise and fall together, so letters are drawn with replacement (a cluster bootstrap, percentile
    interval); the same seed gives the same interval.
    """
    rows = [row for row in hits if row]
    n = sum(len(row) for row in rows)
    if not n:
        return Share(None, None, None, 0)
    right = np.array([sum(row) for row in rows], dtype=float)
    count = np.array([len(row) for row in rows], dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(rows), size=(resamples, len(rows)))
    shares = right[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return Share(float(right.sum() / n), float(low), float(high), n)


def balanced(first: Sequence[Sequence[bool]], second: Sequence[Sequence[bool]], *, seed: int = SEED) -> Share:
    """The mean of two shares, one of each class (balanced accuracy), with an interval as in `share`.

    `first` and `second` hold one row a letter, in the same order, the row empty where the letter has none of the class;
    samples that miss a class are left out. All None where a class has no case.
    """
    n = sum(map(len, first)) + sum(map(len, second))
    if not any(first) or not any(second):
        return Share(None, None, None, n)
    counts = np.array([[sum(a), len(a), sum(b), len(b)] for a, b in zip(first, second, strict=True)], dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(counts), size=(RESAMPLES, len(counts)))
    right_a, of_a, right_b, of_b = counts[drawn].sum(axis=1).T
    both = (of_a > 0) & (of_b > 0)
    means = (right_a[both] / of_a[both] + right_b[both] / of_b[both]) / 2
    low, high = np.quantile(means, [0.025, 0.975])
    whole = counts.sum(axis=0)
    return Share(float((whole[0] / whole[1] + whole[2] / whole[3]) / 2), float(low), float(high), n)
