"""How often one may ask: a bucket of tokens for each account, in the memory of this process."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

_MOST_KEYS = 10_000


class Buckets:
    """For each key `burst` requests at once and `per_second` more as time goes by."""

    def __init__(self, burst: float, per_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, per_second, clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> int:
        """Take one: 0 if it may go on, else after how many seconds it may be tried again."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._rate)
            taken = left >= 1
            self._left[key] = (left - 1 if taken else left, now)
            while len(self._left) > _MOST_KEYS:  # the one that asked longest ago
                del self._left[next(iter(self._left))]
            return 0 if taken else math.ceil((1 - left) / self._rate)
