"""What the program asks of the operating system: private files, no core dumps, no temporary folder left behind."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OURS = "imr-private-"
_NEWBORN = 60  # seconds in which a folder may not have its lock yet
_PR_SET_DUMPABLE = 4  # linux/prctl.h


def harden() -> None:
    """Make new files private to their owner, switch core dumps off, remove what killed runs left.

    On Linux the process is also marked as not dumpable, since a crash handler behind a pipe asks for no limit, and
    other processes of the user may then not read its memory.
    """
    os.umask(0o077)
    _no_core_dumps()
    remove_left_over()


def _no_core_dumps() -> None:
    if os.name != "posix":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A temporary folder of mode 0700, removed afterwards, and at the next start where this process is killed."""
    with tempfile.TemporaryDirectory(prefix=_OURS, ignore_cleanup_errors=True) as folder:
        lock = _locked(Path(folder))
        try:
            yield Path(folder)
        finally:
            if lock is not None:
                os.close(lock)


def remove_left_over() -> int:
    """Remove the private folders of this user that no running process holds; how many there were."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_OURS}*"):
        with suppress(OSError):
            removed += _removed(folder)
    return removed


def _removed(folder: Path) -> bool:
    """A folder is held by a lock on it, which the system lets go when its process ends, however that ends."""
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and os.name == "posix" and found.st_uid == os.getuid()
    if not ours or time.time() - found.st_ctime < _NEWBORN:
        return False
    lock = _locked(folder)
    if lock is None:
        return False
    try:
        shutil.rmtree(folder)
    finally:
        os.close(lock)
    return True


def _locked(folder: Path) -> int | None:
    """The lock on a folder; None where another process holds it, or the system has no such locks."""
    if os.name != "posix":
        return None
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
