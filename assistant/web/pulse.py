"""Tells the database how far the jobs of this process are, and hears which of them another process asks to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from assistant.records import JobLedger

EVERY = 0.5  # seconds: a job is told of twice a second at most, and one that ends sooner only at its end
_SIGN_EVERY = 15.0  # seconds between two signs of a job of which there is nothing new to tell
_LOG = logging.getLogger(__name__)


class Told(Protocol):
    """A job that runs, as far as the database is told of it."""

    key: str
    id: str
    told: Mapping[str, Any]

    def progress(self) -> dict[str, Any]:
        """How far it is."""

    def end_soon(self) -> None:
        """Ask it to stop."""


class Pulse:
    """A thread beside the jobs, so that none of them waits for the database; it rests while there is none."""

    def __init__(
        self,
        ledger: JobLedger,
        running: Callable[[], Sequence[Told]],
        *,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger, self._running, self._every, self._clock = ledger, running, every, clock
        self._awake, self._closed = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._signed = clock()

    def wake(self) -> None:
        """A job has begun."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._beat, name="pulse of the jobs", daemon=True)
            self._thread.start()
        self._awake.set()

    def close(self) -> None:
        """Tell nothing more."""
        self._closed.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join()

    def _beat(self) -> None:
        while self._awake.wait() and not self._closed.wait(self._every):
            try:
                self.tick()
            except Exception as error:  # noqa: BLE001 - the work goes on, whether or not it can be told of
                _LOG.warning("How far the jobs are could not be told: %s", type(error).__name__)

    def tick(self) -> None:
        """Once: hear, and tell what is new."""
        self._awake.clear()
        jobs = self._running()
        if not jobs:
            return
        self._awake.set()
        asked = self._ledger.asked_to_stop([job.id for job in jobs])
        for job in jobs:
            if job.id in asked:
                job.end_soon()
            progress = job.progress()
            if progress != job.told:
                job.told = progress
                self._ledger.tell(job.key, job.id, progress)
        if self._clock() - self._signed >= _SIGN_EVERY:
            self._signed = self._clock()
            self._ledger.give_sign([job.id for job in jobs])
