"""Reads files in a child process, so that one made to hang or to fill the memory costs a bounded time and no more."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Literal, Self

from assistant.errors import UnreadableFile

Letter = Literal["no", "if", "always"]  # whether the letter in a text is asked for

READ_SECONDS = 120.0  # for one file; a letter takes a fiftieth of a second, a PDF of 2,000 pages some seconds
_ROOT = str(Path(__file__).parents[2])
_CHILD = (
    sys.executable,
    "-P",
    "-c",
    f"import sys; sys.path.insert(0, {_ROOT!r}); import assistant.reading.child as c; c.main()",
)
_LENGTH = struct.Struct(">Q")


class BoundedReader:
    """One child process that reads one file after another; killed and started anew where a file takes too long.

    For one thread at a time. `command` is what is run as the child.
    """

    def __init__(self, seconds: float = READ_SECONDS, command: Sequence[str] = _CHILD) -> None:
        self._seconds, self._command = seconds, command
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, name: str, data: bytes, max_pages: int, letter: Letter) -> dict[str, Any]:
        """The child's answer: the text and what belongs to it, or the reason why there is none; see child.py.

        Raises UnreadableFile when the child does not answer in time, or dies of the file.
        """
        return self.ask(name, data, {"name": name, "max_pages": max_pages, "letter": letter})

    def image(self, name: str, data: bytes, page: int) -> dict[str, Any]:
        """The child's answer: how many `pages` a PDF has and, for a page from 1 on, its `png` in base64; or the reason.

        Raises UnreadableFile as `read` does.
        """
        return self.ask(name, data, {"name": name, "page": page})

    def ask(self, name: str, data: bytes, question: dict[str, Any]) -> dict[str, Any]:
        """What the child answers to a question on a file; UnreadableFile when it does not in time, or dies of it."""
        child = self._running()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _kill_late, (child, late))
        timer.start()
        try:
            answer = _asked(child, question, data)
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            if late.is_set():
                raise UnreadableFile(name, f"reading it took longer than {self._seconds:g} seconds and was stopped")
            raise UnreadableFile(name, "its structure broke the program that reads it; it may be damaged")
        return answer

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                _close(pipe)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._child


def _kill_late(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _asked(child: subprocess.Popen[bytes], question: dict[str, Any], data: bytes) -> dict[str, Any] | None:
    """What the child answers, or None if it died over the question."""
    if child.stdin is None or child.stdout is None:
        return None
    try:
        write_frame(child.stdin, json.dumps(question).encode())
        write_frame(child.stdin, data)
        answer = read_frame(child.stdout)
    except OSError:
        return None
    return json.loads(answer) if answer is not None else None


def write_frame(pipe: IO[bytes], content: bytes) -> None:
    """One message: its length, then its bytes."""
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> bytes | None:
    """The next message, or None where the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length)
    return content if len(content) == length else None


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:  # what was not flushed went to a child that is dead
        return
