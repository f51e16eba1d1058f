"""Shares with their 95% intervals, and the interval of the difference of two shares."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # the standard normal's 97.5% point: 95% intervals
SMALL = 20  # cases below which a share is said to rest on few: its interval is then up to 40 points wide and more


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `n` cases."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            raise ValueError(f"{self.hits} of {self.n} is no share")

    @property
    def share(self) -> float | None:
        """The share, 0 to 1; None of no case."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval, 95%, without correction for continuity; 0 to 1 where there is no case.

        Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927),
        209-212.
        """
        if not self.n:
            return 0.0, 1.0
        p, zz = self.hits / self.n, Z * Z
        middle = p + zz / (2 * self.n)
        reach = Z * sqrt(p * (1 - p) / self.n + zz / (4 * self.n * self.n))
        low, high = (middle - reach) / (1 + zz / self.n), (middle + reach) / (1 + zz / self.n)
        # At none and at all of the cases the bound is exact; rounding would leave a trace beyond it.
        return (0.0 if self.hits == 0 else low), (1.0 if self.hits == self.n else high)

    @property
    def small(self) -> bool:
        """Whether it rests on fewer than 20 cases."""
        return self.n < SMALL


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger one share is than another, -1 to 1, with its 95% interval."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out no difference."""
        return self.low > 0 or self.high < 0


def difference(one: Proportion, other: Proportion) -> Difference | None:
    """How much larger the share of `one` is than that of `other`; None where either has no case.

    The interval is Newcombe's from both Wilson intervals, without correction for continuity. Source: R. G. Newcombe,
    Interval estimation for the difference between independent proportions: comparison of eleven methods, Statistics
    in Medicine 17 (1998), 873-890, method 10.
    """
    p, q = one.share, other.share
    if p is None or q is None:
        return None
    (low_p, high_p), (low_q, high_q) = one.interval, other.interval
    below = sqrt((p - low_p) ** 2 + (high_q - q) ** 2)
    above = sqrt((high_p - p) ** 2 + (q - low_q) ** 2)
    return Difference(p - q, p - q - below, p - q + above)
