"""Bringing letters and guidelines in: the file is streamed into a private folder, imported, and removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from assistant.domain import PassageKind
from assistant.errors import AssistantError, NotThere
from assistant.library.import_log import StoredImport
from assistant.printing import guideline_as_json, preview_as_json
from assistant.printing_letters import import_as_json, letter_as_json
from assistant.reading.folders import IMPORTED
from assistant.reading.guideline_metadata import Metadata
from assistant.web.acts import Desk
from assistant.web.api.asked import At, Day, JobId
from assistant.web.api.refusals import WrongMediaType, refusals
from assistant.web.api.told import ImportAnswer, Preview
from assistant.web.jobs import Job
from assistant.web.letter_imports import KEY, Watch
from assistant.web.rules import API

router = APIRouter(tags=["imports"])

_SHOWN = 200  # letters of a file that is only looked at
_REMEMBERED = 50  # imports of this start
_Words = Annotated[str | None, Query(max_length=300)]
_BODY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


@dataclass(slots=True)
class _Import:
    """An import that was begun here: how far it is, its job, and what a guideline's import answered."""

    watch: Watch
    job: Job | None = None
    result: dict[str, Any] | None = None


Begun = dict[str, _Import]


def begun_of(request: Request) -> Begun:
    """The imports of this start by their ids, the oldest first."""
    begun: Begun = request.app.state.imports
    return begun


Kept = Annotated[Begun, Depends(begun_of)]


def _metadata(
    label: _Words = None,
    kind: PassageKind | None = None,
    edition: _Words = None,
    family: _Words = None,
    in_force_from: Day | None = None,
    in_force_to: Day | None = None,
    not_dated: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> Metadata:
    """What the request says of a guideline's text; saying anything says that the file is one."""
    return Metadata(label, family, edition, in_force_from, in_force_to, not_dated, kind)


@router.post(
    "/imports",
    status_code=202,
    response_model=ImportAnswer,
    responses={200: {"model": Preview, "description": "What the file holds (dry_run)."}, **refusals(409, 415)},
    openapi_extra={"requestBody": _BODY},
)
async def import_file(
    request: Request,
    desk: At,
    kept: Kept,
    metadata: Annotated[Metadata, Depends(_metadata)],
    x_file_name: Annotated[str, Header(min_length=1, max_length=400, description="The file's name, percent-encoded.")],
    dry_run: Annotated[bool, Query(description="Read and show; store nothing.")] = False,  # noqa: FBT002
    replace: Annotated[bool, Query(description="Take earlier texts of this guideline out of use.")] = False,  # noqa: FBT002
) -> Any:
    """Import a letter, a guideline file, or an archive or JSONL file of letters; the same file twice changes nothing.

    A guideline's plain text is imported as such where `label`, `kind` or another of its particulars is given. The name
    comes as a header, for an address is remembered.
    """
    name = unquote(x_file_name)
    if Path(name).suffix.lower() not in IMPORTED:
        raise WrongMediaType("This kind of file is not read here; use PDF, DOCX, HTML, TXT, MD, ZIP or JSONL.")
    token = await run_in_threadpool(desk.uploads.begin_own)
    begun = False
    try:
        await desk.uploads.take(token, name, request.stream())
        (path,) = desk.uploads.files(token)
        guideline = metadata != Metadata() or replace
        if dry_run:
            return JSONResponse(await desk.jobs.result(lambda: _looked_at(desk, path, metadata if guideline else None)))
        run = _guideline_import(desk, path, metadata, replace) if guideline else _letter_import(desk, path, token)
        kept[token] = _start(desk, token, run)
        begun = True
        for old in list(kept)[:-_REMEMBERED]:
            del kept[old]
        answer = await run_in_threadpool(_told, desk, kept, token)
        return JSONResponse(answer, 202, {"location": f"{API}/imports/{token}"})
    finally:
        if not begun:
            await run_in_threadpool(desk.uploads.remove, token)


def _looked_at(desk: Desk, path: Path, metadata: Metadata | None) -> dict[str, Any]:
    """What a file holds."""
    if metadata is not None:
        preview = preview_as_json(desk.service.preview_guideline(path, metadata))
        return {"dry_run": True, "letters": [], "not_read": [], "more": False, "guideline": preview}
    letters: list[dict[str, Any]] = []
    not_read: list[dict[str, str]] = []
    more = False
    for name, letter, problem in desk.service.read_letters([path]):
        if len(letters) + len(not_read) == _SHOWN:
            more = True
            break
        if letter is None:
            not_read.append({"file": name, "error": problem})
        else:
            letters.append(letter_as_json(name, letter))
    return {"dry_run": True, "letters": letters, "not_read": not_read, "more": more, "guideline": None}


_Run = Callable[[Watch], dict[str, Any] | None]


def _letter_import(desk: Desk, path: Path, token: str) -> _Run:
    def run(watch: Watch) -> None:
        desk.service.import_paths([path], progress=watch, stop=watch.stop, upload=token)

    return run


def _guideline_import(desk: Desk, path: Path, metadata: Metadata, replace: bool) -> _Run:  # noqa: FBT001
    def run(watch: Watch) -> dict[str, Any]:
        return guideline_as_json(desk.service.import_guideline(path, metadata, replacing=replace, progress=watch))

    return run


def _start(desk: Desk, token: str, run: _Run) -> _Import:
    """Begin the import, one at a time with the page's; its files go when it has ended. Raises Busy."""
    begun = _Import(Watch())

    def work() -> None:
        try:
            begun.result = run(begun.watch)
        finally:
            desk.uploads.remove(token)

    def state() -> dict[str, Any]:
        return {**begun.watch.state(), "token": token, "result": begun.result}

    begun.job = desk.jobs.work(KEY, "import", work, begun.watch.cancel, state)
    return begun


@router.get("/imports/{job}", response_model=ImportAnswer, responses=refusals(404))
def follow_import(job: JobId, desk: At, kept: Kept) -> Any:
    """Say how far an import is, or how it ended."""
    return JSONResponse(_told(desk, kept, job))


@router.delete("/imports/{job}", response_model=ImportAnswer, responses=refusals(404))
def cancel_import(job: JobId, desk: At, kept: Kept) -> Any:
    """Stop an import after the document that is being read; what was read stays. One that has ended stays as it is."""
    begun = kept.get(job)
    if begun is not None and begun.job is not None and not begun.job.done:
        begun.watch.cancel()
    elif begun is None and _elsewhere(desk, job) is not None:
        desk.jobs.stop(KEY, "import")
    return JSONResponse(_told(desk, kept, job))


def _told(desk: Desk, kept: Begun, job: str) -> dict[str, Any]:
    """An import of this start, or what the library's own log says of one; raises NotThere."""
    begun, stored = kept.get(job), _stored(desk, job)
    report = import_as_json(stored) if stored else None
    if begun is None and (other := _elsewhere(desk, job)) is not None:
        return _told_of(other, job, stored, report)
    if begun is None and stored is None:
        raise NotThere("There is no such import.")
    if begun is None:
        assert stored is not None  # noqa: S101 - the check above leaves no other case
        return {"job": job, "state": stored.state, "error": stored.error, "progress": None, "report": report}
    return {
        "job": job,
        "state": _state(begun.job, stored),
        "error": begun.job.error if begun.job else None,
        "progress": begun.watch.state(),
        "report": begun.result or report,
    }


_OURS = ("token", "result")  # of a job's state; the rest is its progress


def _elsewhere(desk: Desk, job: str) -> Job | None:
    """The import of an id, where another process has begun it and no other import has begun since."""
    found = desk.jobs.of(KEY)
    return found if found is not None and found.state().get("token") == job else None


def _told_of(other: Job, job: str, stored: StoredImport | None, report: dict[str, Any] | None) -> dict[str, Any]:
    state = dict(other.state())
    return {
        "job": job,
        "state": _state(other, stored),
        "error": other.error,
        "progress": {name: value for name, value in state.items() if name not in _OURS},
        "report": state["result"] or report,
    }


def _state(job: Job | None, stored: StoredImport | None) -> str:
    if job is None or not job.done:
        return "running"
    if job.error is not None:
        return "failed"
    return stored.state if stored else "done"


def _stored(desk: Desk, job: str) -> StoredImport | None:
    """The log's report of an import that was begun here, by the token of its upload."""
    number = next((stored.id for stored in desk.service.imports() if stored.upload == job), None)
    try:
        return None if number is None else desk.service.import_report(number)
    except AssistantError:
        return None
