"""Locks between processes that go with their holder: files of the data folder, or the server's advisory locks."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from assistant.databases.options import FOLDER

_LOOK_AGAIN_SECONDS = 0.1


class Lock(Protocol):
    """A lock that a process holds until it lets go or ends."""

    def acquire(self, seconds: float) -> bool:
        """Take it, waiting so long at most; False: another has it."""

    def release(self) -> None:
        """Let go; nothing happens where it is not held."""


def lock_named(engine: Engine, name: str) -> Lock:
    """The lock of a name beside a database: all processes that work on it see the same one."""
    if engine.dialect.name == "postgresql":
        return ServerLock(engine, name)
    return FolderLock(Path(engine.get_execution_options()[FOLDER]) / f"{name}.lock")


def is_held(engine: Engine, name: str) -> bool:
    """Whether some process, this one included, holds the lock of a name now."""
    if engine.dialect.name == "postgresql":
        return _held_on_server(engine, _number(name))
    path = Path(engine.get_execution_options()[FOLDER]) / f"{name}.lock"
    return path.exists() and not _left_by_its_holder(path)


def _held_on_server(engine: Engine, number: int) -> bool:
    """Asked of the server's own list, so that asking takes no lock that another asker would meet."""
    of_ours = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    halves = f"classid = {number >> 32} AND objid = {number & 0xFFFFFFFF} AND objsubid = 1"
    asked = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND {of_ours} AND {halves}"  # noqa: S608
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql(asked).scalar())


def _left_by_its_holder(path: Path) -> bool:
    """Whether nobody holds a lock file; it is then removed, for its holder's name comes never again."""
    lock = FolderLock(path)
    try:
        if not lock.acquire(0):
            return False
    except OSError:
        return False
    path.unlink(missing_ok=True)
    lock.release()
    return True


@contextmanager
def held(engine: Engine, name: str, seconds: float) -> Iterator[bool]:
    """Hold the lock of a name; yields whether it could be had in time."""
    lock = lock_named(engine, name)
    got = lock.acquire(seconds)
    try:
        yield got
    finally:
        lock.release()


class FolderLock:
    """A lock file; OSError where the folder cannot be written."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, thread_local=False)

    def acquire(self, seconds: float) -> bool:
        """Take it, waiting so long at most."""
        try:
            self._lock.acquire(timeout=seconds)
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Let go."""
        self._lock.release()


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big")


class ServerLock:
    """An advisory lock of PostgreSQL, held by a connection of its own: it goes when the process or the server does."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._number = _number(name)
        self._connection: Connection | None = None

    def acquire(self, seconds: float) -> bool:
        """Take it, waiting so long at most."""
        if self._connection is not None:
            return True
        from assistant.databases.postgres import outside_transactions

        connection = outside_transactions(self._engine)
        until = time.monotonic() + seconds
        try:
            while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({self._number})").scalar():
                if time.monotonic() >= until:
                    connection.close()
                    return False
                time.sleep(_LOOK_AGAIN_SECONDS)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return True

    def release(self) -> None:
        """Let go."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(SQLAlchemyError):
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({self._number})")
        connection.close()
