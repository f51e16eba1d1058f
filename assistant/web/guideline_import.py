"""Bringing in the text of a guideline: the dialog of the library's view, shown what was read before it is imported.

The file comes with each request and lies in a folder of its own only while it is read: nothing is kept between them.
An import goes on behind the page, which follows it and can stop it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from assistant.domain import PassageKind
from assistant.errors import AssistantError
from assistant.hardening import private_folder
from assistant.library.guideline_importing import GuidelineImported, GuidelinePreview
from assistant.reading.guideline_metadata import Metadata
from assistant.reading.guideline_structure import requirements_read
from assistant.web.acts import Answer, Desk, day_of
from assistant.web.letter_imports import Watch, followed
from assistant.web.uploads import short_name

KEY = "import of a guideline"  # of the job; there is one at a time
MAX_FILE = 25 * 1024 * 1024  # bytes
_ENDINGS = {".pdf", ".docx", ".html", ".htm", ".txt", ".md"}
_LONGEST_FIELD = 300

Fields = Mapping[str, str]


class Stopped(AssistantError):
    """The user stopped the import."""

    def __init__(self) -> None:
        super().__init__("The import was stopped; nothing of this text was stored.")


class StoppableWatch(Watch):
    """A watch that ends the import at its next step once it was asked to; a text is stored whole or not at all."""

    imported: Answer | None = None  # what the import did

    def state(self) -> Answer:
        """See Watch; with what the import did."""
        return {**super().state(), "imported": self.imported}

    def start(self, what: str, total: int) -> None:
        """See Watch; raises Stopped."""
        super().start(what, total)
        self._heed()

    def advance(self, by: int = 1) -> None:
        """See Watch; raises Stopped."""
        super().advance(by)
        self._heed()

    def _heed(self) -> None:
        if self.stop():
            raise Stopped


@dataclass(frozen=True)
class Import:
    """The import under way on a desk, or the last one."""

    desk: Desk

    def begin(self, content: bytes, fields: Fields) -> Answer:
        """Import the file behind the page; AssistantError for one that cannot be read here, Busy during another."""
        _named(content, fields.get("name", ""))
        watch, given = StoppableWatch(), metadata_of(fields)

        def run() -> None:
            with _lying(content, fields.get("name", "")) as path:
                imported = self.desk.service.import_guideline(
                    path,
                    given,
                    content_hash=fields.get("content_hash") or None,
                    replacing=fields.get("replace") == "yes",
                    progress=watch,
                )
            watch.imported = imported_answer(imported)

        self.desk.jobs.work(KEY, "import", run, watch.cancel, watch.state)
        return self.follow()

    def follow(self) -> Answer:
        """How far it is, or how it ended; no job where there was none."""
        job = self.desk.jobs.of(KEY)
        return {"job": {"imported": None, **followed(job)} if job is not None else None}

    def stop(self) -> Answer:
        """Ask it to stop."""
        self.desk.jobs.stop(KEY, "import")
        return self.follow()


def add_routes(app: FastAPI, desk: Desk) -> None:
    """The requests of the dialog: look at a file, import it as it was shown, follow the import, stop it."""
    coming = Import(desk)

    def preview(content: bytes, fields: Fields) -> Answer:
        with _lying(content, fields.get("name", "")) as path:
            return preview_answer(desk.service.preview_guideline(path, metadata_of(fields)))

    async def answer(request: Request, work: Callable[[bytes, Fields], Answer]) -> Answer:
        fields = {
            key: value[-_LONGEST_FIELD:] for key, value in request.query_params.items()
        }  # a name ends in its kind
        return await run_in_threadpool(_answered, await request.body(), fields, work)

    @app.post("/guideline/preview")
    async def look(request: Request) -> Any:
        return await answer(request, preview)

    @app.post("/guideline/import")
    async def take_in(request: Request) -> Any:
        return await answer(request, coming.begin)

    @app.post("/guideline/follow")
    def follow() -> Any:
        return coming.follow()

    @app.post("/guideline/stop")
    def stop() -> Any:
        return coming.stop()


def _answered(content: bytes, fields: Fields, work: Callable[[bytes, Fields], Answer]) -> Answer:
    try:
        return work(content, fields)
    except AssistantError as error:
        return {"error": str(error)}


def _named(content: bytes, name: str) -> str:
    """The file's own name without what could lead elsewhere; AssistantError for one of another kind, or too large."""
    base = short_name(re.sub(r"[^\w .()&,+-]", "_", Path(name.replace("\\", "/")).name))
    if Path(base).suffix.lower() not in _ENDINGS or base == Path(base).suffix:
        raise AssistantError("This kind of file cannot be read here; use PDF, DOCX, HTML, TXT or MD.")
    if len(content) > MAX_FILE:
        raise AssistantError("The file is larger than 25 MB; import it on the command line (imr-assistant import).")
    return base


@contextmanager
def _lying(content: bytes, name: str) -> Iterator[Path]:
    """The file under its own name while it is read."""
    base = _named(content, name)
    with private_folder() as folder:
        path = Path(folder) / base
        path.write_bytes(content)
        yield path


def metadata_of(fields: Fields) -> Metadata:
    """What the dialog's fields say; empty ones are left to the guess. Raises AssistantError for a date that is none."""
    kind = fields.get("kind", "")
    if kind not in {"", *PassageKind}:
        raise AssistantError("A text is official or a digest.")
    return Metadata(
        label=fields.get("label", "").strip() or None,
        edition=fields.get("edition", "").strip() or None,
        in_force_from=_day(fields.get("in_force_from", "")),
        in_force_to=_day(fields.get("in_force_to", "")),
        not_dated=fields.get("not_dated") == "yes",
        kind=PassageKind(kind) if kind else None,
    )


def _day(text: str) -> Any:
    try:
        return day_of(text)
    except AssistantError:
        raise AssistantError("A day in force is not a date; write it as 2021-11-23.") from None


def preview_answer(preview: GuidelinePreview) -> Answer:
    """What the dialog shows of a file."""
    return {
        "name": preview.name,
        "content_hash": preview.content_hash,
        "fields": {name: {"value": value, "from": origin} for name, value, origin in preview.guess.told()},
        "facts": [*preview.report.facts, requirements_read(preview.criteria)],
        "doubts": list(preview.report.doubts),
        "held": preview.held,
        "lacking": _in_the_dialog(preview),
    }


def imported_answer(imported: GuidelineImported) -> Answer:
    """What the page says when it is done, with the report."""
    facts = [*imported.report.facts, requirements_read(imported.criteria)]
    said = f"Imported: {imported.report.facts[0]}"
    if imported.already_there:
        said, facts = "This text is in the library already.", []
    return {"label": imported.label, "said": said, "facts": facts, "doubts": list(imported.report.doubts)}


def _in_the_dialog(preview: GuidelinePreview) -> str:
    """What is missing, said of the dialog's fields and not of the command line's options."""
    metadata = preview.guess.metadata
    if not preview.lacking:
        return ""
    if not metadata.label:
        return "Say what this text is cited as."
    if metadata.in_force_from is None:
        return "Say since when this text is in force, or that it has no dates."
    return "The text would end before it begins to be in force."
