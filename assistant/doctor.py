"""What works and what is missing on this machine, each with its remedy."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.library.health import HealthCheck
from assistant.library.opening import database_of
from assistant.reading.ocr import ocr_available

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.settings import Settings

_LEAST_FREE = 200 * 1024**2  # bytes that a starter library and a day's drafts fit into


def examine(settings: Settings, *, mend: bool = False) -> tuple[HealthCheck, ...]:
    """Look at the program, the data folder, the embedding model and the library; what is missing is built.

    `mend` first brings the library's parts in step, and says what it did.
    """
    return (*_machine(settings), _protection(settings), *_library(settings, mend=mend))


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


def _protection(settings: Settings) -> HealthCheck:
    """Whether case texts are encrypted; that they are not is said, and is no fault on a machine of one's own."""
    from assistant.records.sealing import plain_texts

    try:
        ring = settings.key_ring()
        if ring is None:
            plain = "no key is set; case texts are kept as plain text (docs/protection.md)"
            return HealthCheck("encryption", ok=True, message=plain)
        engine = database_of(settings)
        left = plain_texts(engine)
        engine.dispose()
    except AssistantError as error:
        return HealthCheck(
            "encryption", ok=False, message=str(error), remedy="Give the right key, then run doctor again."
        )
    message = f"{left} rows lie plain still" if left else "case texts are encrypted"
    return HealthCheck("encryption", not left, message, "Run `imr-assistant keys encrypt`.")


def _database(engine: Engine) -> HealthCheck:
    if engine.dialect.name != "postgresql":
        return HealthCheck("database", ok=True, message=f"SQLite {sqlite3.sqlite_version} in the data folder")
    from assistant.databases.postgres import server_facts

    facts = server_facts(engine)
    message = f"PostgreSQL {facts.version} at {facts.where}, {facts.in_use} of {facts.most} connections in use"
    if facts.unsafe:
        off = ", ".join(facts.unsafe)
        return HealthCheck(
            "database", ok=False, message=f"{message}; {off} off, so a crash may lose work", remedy=f"Turn {off} on."
        )
    return HealthCheck("database", ok=True, message=message)


def _vector_server(settings: Settings) -> Iterator[HealthCheck]:
    """The Chroma server, where one is set: its version, and who may reach it."""
    if settings.vectors != "chroma-server":
        return
    from assistant.library.chroma_server import server_version
    from assistant.library.indexing import chroma_address
    from assistant.library.vector_index import IndexFault

    try:
        version = server_version(chroma_address(settings))
    except AssistantError as error:
        yield HealthCheck("Chroma server", ok=False, message=str(error), remedy="See docs/databases.md.")
    except IndexFault:
        yield HealthCheck(
            "Chroma server", ok=False, message="it does not answer; search goes on without it", remedy="Start it."
        )
    else:
        yield HealthCheck(
            "Chroma server",
            ok=True,
            message=f"the Rust server answers (interface {version}); it asks nobody who they are, so keep it where only"
            " this program reaches it, and never run Chroma's Python server (CVE-2026-45829)",
        )


def _library(settings: Settings, *, mend: bool) -> Iterator[HealthCheck]:
    from assistant.library.library import open_library

    try:
        engine = database_of(settings)
        library = open_library(settings, engine)
    except AssistantError as error:
        yield HealthCheck(
            "library", ok=False, message=str(error), remedy="Mend what the sentence names, then run doctor again."
        )
        return
    try:
        yield _database(engine)
        yield from _vector_server(settings)
        if mend:
            yield HealthCheck("mended", ok=True, message=" ".join(library.mend()) or "nothing was amiss")
        for part in library.health():
            yield HealthCheck(part.name, part.ok, part.message, part.remedy)
    finally:
        library.close()
        engine.dispose()
