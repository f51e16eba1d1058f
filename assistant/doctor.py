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

if TYPE_CHECKING:
    from assistant.settings import Settings

_LEAST_FREE = 200 * 1024**2  # bytes that a starter library and a day's drafts fit into


def examine(settings: Settings) -> tuple[HealthCheck, ...]:
    """Look at the program, the data folder, the embedding model and the library; what is missing is built."""
    return (*_machine(settings), *_library(settings))


def _machine(settings: Settings) -> Iterator[HealthCheck]:
    yield HealthCheck("Python", ok=True, message=platform.python_version())
    folder = settings.data_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    enough = free >= _LEAST_FREE
    yield HealthCheck("disk", enough, f"{free / 1024**3:.1f} GB free", "Free some space, or name another --data-dir.")
    browser = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    seen = (
        f"{Path(browser).name} for the page's tests"
        if browser
        else "none for the page's tests; using the page needs any browser"
    )
    yield HealthCheck("Chromium", ok=True, message=seen)


def _library(settings: Settings) -> Iterator[HealthCheck]:
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
        for part in library.health():
            yield HealthCheck(part.name, part.ok, part.message, part.remedy)
    finally:
        library.close()
        engine.dispose()
