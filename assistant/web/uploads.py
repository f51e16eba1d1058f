"""Files that the page brings for an import: kept in a private folder until the import has ended, then removed."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fastapi.concurrency import run_in_threadpool

from assistant.errors import AssistantError
from assistant.reading.folders import IMPORTED

MAX_IMPORT_FILE = 1024**3  # bytes of one file; an archive may hold thousands of letters
MAX_IMPORT_FILES = 20_000  # of one import
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\:]")
_LONGEST_NAME = 120
_LONGEST_ON_DISK = 240  # bytes; file systems take 255
_TOKEN = re.compile(r"[\w-]{16,64}")
_LEFT = 3600  # seconds without a new file, after which nobody is bringing any more


@dataclass(slots=True)
class _Batch:
    """Files on their way: how many came so far, and whether their import has begun."""

    count: int = 0
    started: bool = False
    own: bool = False  # whoever began it also removes it, whatever the page begins meanwhile
    lock: threading.Lock = field(default_factory=threading.Lock)


class Uploads:
    """The folders of files that were brought; one that was brought and never imported goes with a later start."""

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / "incoming"
        self._batches: dict[str, _Batch] = {}

    def begin(self) -> str:
        """Make room for files; the token names them from now on. Files of earlier tries that were left are removed."""
        for token in [token for token, batch in self._batches.items() if not batch.started and not batch.own]:
            self.remove(token)
        return self._made(_Batch())

    def begin_own(self) -> str:
        """Make room for files that whoever asks will remove; the page's tries stay as they are."""
        return self._made(_Batch(own=True))

    def _made(self, batch: _Batch) -> str:
        token = secrets.token_urlsafe(16)
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._root / token).mkdir(mode=0o700)
        except OSError as error:
            raise AssistantError(f"There is no room for the files ({_reason(error)}).") from None
        self._batches[token] = batch
        return token

    async def take(self, token: str, name: str, stream: AsyncIterator[bytes]) -> None:
        """Write one file as it comes; it lies under a number, so that no two names meet. Raises AssistantError."""
        batch = self._batches.get(token)
        if batch is None or batch.started:
            raise AssistantError("These files belong to no import of this page; choose them again.")
        safe = short_name(_NOT_IN_NAMES.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]))
        if Path(safe).suffix.lower() not in IMPORTED:
            raise AssistantError("This kind of file is not read here; use PDF, DOCX, HTML, TXT, MD, ZIP or JSONL.")
        with batch.lock:
            batch.count += 1
            number = batch.count
        if number > MAX_IMPORT_FILES:
            raise AssistantError(f"At most {MAX_IMPORT_FILES:,} files are taken at once; put them into a ZIP archive.")
        folder = self._root / token / f"{number:06d}"
        try:
            folder.mkdir(mode=0o700)
            await _write(folder / safe, stream)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise AssistantError(f"The file could not be taken ({_reason(error)}).") from None
        except BaseException:  # half a file is worth nothing
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def files(self, token: str) -> list[Path]:
        """The files of a batch in the order in which they came; raises AssistantError where there are none."""
        folder = self._root / token
        found = sorted(folder.glob("*/*")) if _TOKEN.fullmatch(token) and folder.is_dir() else []
        if not found:
            raise AssistantError("The files of this import are not here any more; choose them again.")
        self._batches.setdefault(token, _Batch()).started = True
        return found

    def has(self, token: str | None) -> bool:
        """Whether the files of an import are still here, so that it can go on."""
        return bool(token and _TOKEN.fullmatch(token)) and (self._root / str(token)).is_dir()

    def remove(self, token: str) -> None:
        """Remove the files of a batch."""
        self._batches.pop(token, None)
        if _TOKEN.fullmatch(token):
            shutil.rmtree(self._root / token, ignore_errors=True)

    def keep_only(self, tokens: set[str]) -> None:
        """Remove what an earlier start left, but for the files of imports that were stopped and may go on.

        What came within the last hour stays: another process over the same folder may still be taking it.
        """
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            with suppress(OSError):  # another process that starts now may be removing it too
                if folder.name not in tokens and time.time() - folder.stat().st_mtime > _LEFT:
                    shutil.rmtree(folder, ignore_errors=True)


def short_name(name: str) -> str:
    """The end of a file's name, by which its kind is known, so short that every file system takes it."""
    whole = name.encode("utf-8", "replace").decode("utf-8")[-_LONGEST_NAME:]
    return whole.encode("utf-8")[-_LONGEST_ON_DISK:].decode("utf-8", "ignore").strip(". ")


async def _write(path: Path, stream: AsyncIterator[bytes]) -> None:
    size = 0
    with path.open("xb") as file:
        async for piece in stream:
            size += len(piece)
            if size > MAX_IMPORT_FILE:
                raise AssistantError(
                    f"The file is larger than {MAX_IMPORT_FILE // 1024**2:,} MB; import it by command."
                )
            await run_in_threadpool(file.write, piece)
    if not size:
        raise AssistantError("The file is empty.")


def _reason(error: OSError) -> str:
    return (error.strerror or "input/output error").lower()
