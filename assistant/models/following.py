"""Follows an answer that another thread reads, so that no server can hold whoever waits for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Piece = TypeVar("Piece")
_TICK = 0.05  # seconds between two looks at the watch
_WAITING = 1000  # pieces that may wait to be taken


class Following(Generic[Piece]):
    """The pieces of an answer as they come. `watch` is called again and again while none is there, and ends the wait by
    raising. An error of the reading thread is raised here."""

    def __init__(self, read: Callable[[], Iterator[Piece]], watch: Callable[[], None]) -> None:
        self._read, self._watch = read, watch
        self._arriving: queue.Queue[Piece | Exception | None] = queue.Queue(maxsize=_WAITING)
        self._abandoned = threading.Event()

    def __iter__(self) -> Iterator[Piece]:
        """The pieces; whoever stops taking them abandons the thread, which then ends with its next piece."""
        threading.Thread(target=self._run, name="chat-model", daemon=True).start()
        try:
            while (piece := self._next()) is not None:
                yield piece
        finally:
            self._abandoned.set()

    def _next(self) -> Piece | None:
        while True:
            self._watch()
            try:
                item = self._arriving.get(timeout=_TICK)
            except queue.Empty:
                continue
            if isinstance(item, Exception):
                raise item
            return item

    def _run(self) -> None:
        try:
            for piece in self._read():
                if not self._put(piece):
                    return
            self._put(None)
        except Exception as error:  # noqa: BLE001 - it is raised again where the answer is waited for
            self._put(error)

    def _put(self, item: Piece | Exception | None) -> bool:
        while not self._abandoned.is_set():
            try:
                self._arriving.put(item, timeout=_TICK)
            except queue.Full:
                continue
            return True
        return False
