"""Bringing in the text of a guideline: the dialog of the library's view, shown what was read before it is imported.

The file comes with each request and lies in a folder of its own only while it is read: nothing is kept between them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from assistant.domain import PassageKind
from assistant.errors import AssistantError
from assistant.library.guideline_importing import GuidelineImported, GuidelinePreview
from assistant.reading.guideline_metadata import Metadata
from assistant.reading.guideline_structure import requirements_read
from assistant.web.acts import Answer, Desk, day_of

ROUTE = r"/guideline/(preview|import)"
MAX_FILE = 25 * 1024 * 1024  # bytes
_ENDINGS = {".pdf", ".docx", ".html", ".htm", ".txt", ".md"}
_LONGEST_FIELD = 300
_LONGEST_NAME = 120

Fields = Mapping[str, str]


def add_routes(app: FastAPI, desk: Desk) -> None:
    """The two requests of the dialog: look at a file, and import it as it was shown."""

    async def answer(request: Request, work: Callable[[Path, Fields], Answer]) -> Answer:
        fields = {
            key: value[-_LONGEST_FIELD:] for key, value in request.query_params.items()
        }  # a name ends in its kind
        return await run_in_threadpool(_answered, await request.body(), fields, work)

    def preview(path: Path, fields: Fields) -> Answer:
        return preview_answer(desk.service.preview_guideline(path, metadata_of(fields)))

    def import_(path: Path, fields: Fields) -> Answer:
        imported = desk.service.import_guideline(
            path,
            metadata_of(fields),
            content_hash=fields.get("content_hash") or None,
            replacing=fields.get("replace") == "yes",
        )
        return imported_answer(imported)

    @app.post("/guideline/preview")
    async def look(request: Request) -> Any:
        return await answer(request, preview)

    @app.post("/guideline/import")
    async def take_in(request: Request) -> Any:
        return await answer(request, import_)


def _answered(content: bytes, fields: Fields, work: Callable[[Path, Fields], Answer]) -> Answer:
    try:
        with _lying(content, fields.get("name", "")) as path:
            return work(path, fields)
    except AssistantError as error:
        return {"error": str(error)}


@contextmanager
def _lying(content: bytes, name: str) -> Iterator[Path]:
    """The file under its own name while it is read; raises AssistantError for one of another kind, or too large."""
    base = re.sub(r"[^\w .()&,+-]", "_", Path(name.replace("\\", "/")).name)[-_LONGEST_NAME:].strip(". ")
    if Path(base).suffix.lower() not in _ENDINGS or base == Path(base).suffix:
        raise AssistantError("This kind of file cannot be read here; use PDF, DOCX, HTML, TXT or MD.")
    if len(content) > MAX_FILE:
        raise AssistantError("The file is larger than 25 MB; import it on the command line (imr-assistant import).")
    with tempfile.TemporaryDirectory(prefix="imr-") as folder:
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
    """What the page says when it is done."""
    if imported.already_there:
        return {"label": imported.label, "said": "This text is in the library already."}
    return {"label": imported.label, "said": f"Imported: {imported.report.facts[0]}"}


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
