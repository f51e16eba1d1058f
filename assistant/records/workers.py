"""The processes that work on one database: each has a random name, and a lock of that name which ends with it."""

from __future__ import annotations

import secrets
import threading

from sqlalchemy import Engine

from assistant.databases.locks import Lock, is_held, lock_named

_PATIENCE = 2.0  # seconds; who looks whether the lock is held may hold it for a moment


class Worker:
    """This process. `hold` makes it seen to live by the others; before that nothing of it is under way."""

    def __init__(self, engine: Engine, name: str = "") -> None:
        self.name = name or secrets.token_hex(8)
        self._engine = engine
        self._lock: Lock | None = None
        self._guard = threading.Lock()

    def hold(self) -> None:
        """Take the lock, where it is not held yet."""
        with self._guard:
            if self._lock is None:
                lock = lock_named(self._engine, _lock_name(self.name))
                if lock.acquire(_PATIENCE):
                    self._lock = lock

    def renew(self) -> None:
        """Take the lock anew, should it have gone with a server that was started again."""
        with self._guard:
            lost = self._lock is not None and not is_held(self._engine, _lock_name(self.name))
            if lost and self._lock is not None:
                self._lock.release()
                self._lock = None
        if lost:
            self.hold()

    def lives(self, name: str) -> bool:
        """Whether the process of a name holds its lock."""
        return is_held(self._engine, _lock_name(name))

    def let_go(self) -> None:
        """Give the lock back: this process works no more."""
        with self._guard:
            lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()
            self.lives(self.name)  # removes the file that is left of it


def _lock_name(name: str) -> str:
    return f"worker-{name}"
