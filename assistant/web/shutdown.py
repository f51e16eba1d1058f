"""An end within bounds: what runs gets its time, and a draft that hangs does not hold the process past it."""

from __future__ import annotations

import os
import threading
from types import FrameType

import uvicorn


def server(config: uvicorn.Config, seconds: float) -> uvicorn.Server:
    """A server that ends at most `seconds` after it was told to by a signal.

    Ending the process then loses no acknowledged write: each is one transaction, on the disk before it is answered.
    """
    return _Bounded(config, seconds)


class _Bounded(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, seconds: float) -> None:
        super().__init__(config)
        self._seconds, self._told = seconds, False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the end; a thread that is not waited for keeps the time."""
        if not self._told:
            self._told = True
            last = threading.Timer(self._seconds, os._exit, (1,))
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)
