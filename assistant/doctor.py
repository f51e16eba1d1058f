"""What works and what is missing on this machine, each with its remedy."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.database import open_database
from assistant.errors import AssistantError
from assistant.library.health import HealthCheck
from assistant.reading.ocr import ocr_available

if TYPE_CHECKING:
    from assistant.settings import Settings

_LEAST_FREE = 200 * 1024**2  # bytes that a starter library and a day's drafts fit into


def examine(settings: Settings, *, mend: bool = False) -> tuple[HealthCheck, ...]:
    """Look at the program, the data folder, the embedding model and the library; what is missing is built.

    `mend` first brings the library's parts in step, and says what it did.
    """
    return (*_machine(settings), *_library(settings, mend=mend))


def _machine(settings: Settings) -> Iterator[HealthCheck]:
    yield HealthCheck("Python", ok=True, message=platform.python_version())
    folder = settings.data_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    enough = free >= _LEAST_FREE
    yield HealthCheck("disk", enough, f"{free / 1024**3:.1f} GB free", "Free some space, or name another --data-dir.")
    ocr = "ocrmypdf reads scanned letters" if ocr_available() else "no ocrmypdf; scanned letters are named, not read"
    yield HealthCheck("OCR", ok=True, message=ocr)
    browser = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    seen = (
        f"{Path(browser).name} for the page's tests"
        if browser
        else "none for the page's tests; using the page needs any browser"
    )
    yield HealthCheck("Chromium", ok=True, message=seen)


def _library(settings: Settings, *, mend: bool) -> Iterator[HealthCheck]:
    from assistant.library.library import open_library

    try:
        engine = open_database(settings.data_dir)
        library = open_library(settings, engine)
    except AssistantError as error:
        yield HealthCheck(
            "library", ok=False, message=str(error), remedy="Mend what the sentence names, then run doctor again."
        )
        return
    try:
        if mend:
            yield HealthCheck("mended", ok=True, message=" ".join(library.mend()) or "nothing was amiss")
        for part in library.health():
            yield HealthCheck(part.name, part.ok, part.message, part.remedy)
    finally:
        library.close()
        engine.dispose()
