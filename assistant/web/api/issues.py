"""The draft of a kept case: write it, decide and edit its issues, list its versions, take it as a file."""

from __future__ import annotations

from threading import Event
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from fastapi.responses import JSONResponse

from assistant.domain import Outcome
from assistant.drafting.export import MEDIA, Format
from assistant.views import CaseView
from assistant.web.api.answered import CaseAnswer, VersionsAnswer
from assistant.web.api.asked import At, CaseId, Issue, KeptDraftAsked, OutcomeAsked, TextAsked
from assistant.web.api.cases import case_as_json
from assistant.web.api.refusals import refusals

router = APIRouter(tags=["cases"])


@router.post("/cases/{case_id}/draft", response_model=CaseAnswer, responses=refusals(404, 409, 415))
async def draft_case(case_id: CaseId, desk: At, asked: Annotated[KeptDraftAsked | None, Body()] = None) -> Any:
    """Draft all issues anew as a new version; outcomes that were set stay set, and the reviewer's own sentences too."""
    model = asked.model if asked else True
    user, service = desk.user, desk.service
    # No job for a case that is not there, or may not be changed.
    await desk.jobs.result(lambda: service.check_access(user, case_id, change=True))

    def run(on_step: Any, stop: Event) -> CaseView:
        return service.draft_case(user, case_id, on_step, model=model, cancelled=stop)

    await desk.jobs.ended(desk.jobs.draft(case_id, run))
    return JSONResponse(await desk.jobs.result(lambda: case_as_json(service.case(user, case_id))))


@router.put("/cases/{case_id}/issues/{issue}/outcome", response_model=CaseAnswer, responses=refusals(404, 409, 415))
def set_outcome(case_id: CaseId, issue: Issue, asked: OutcomeAsked, desk: At) -> Any:
    """Set the reviewer's outcome of an issue, or take it back; the act is recorded and the issue worded for it."""
    outcome = None if asked.outcome is None else Outcome(asked.outcome)
    return JSONResponse(case_as_json(desk.service.set_outcome(desk.user, case_id, issue, outcome)))


@router.put("/cases/{case_id}/issues/{issue}/text", response_model=CaseAnswer, responses=refusals(404, 409, 415))
def write_text(case_id: CaseId, issue: Issue, asked: TextAsked, desk: At) -> Any:
    """Save a rationale as the reviewer wrote it, each sentence checked; 409 where `base` is not the newest version."""
    return JSONResponse(case_as_json(desk.service.edit(desk.user, case_id, issue, asked.text, asked.base)))


@router.get("/cases/{case_id}/versions", response_model=VersionsAnswer, responses=refusals(404))
def list_versions(case_id: CaseId, desk: At) -> Any:
    """List the versions of the draft, the newest first."""
    rows = desk.service.versions(desk.user, case_id)
    lines = [{"number": row.number, "at": row.at.isoformat(), "cause": row.cause} for row in rows]
    return JSONResponse({"versions": lines})


_FILES: dict[str, Any] = {
    media.partition(";")[0]: {"schema": {"type": "object" if form is Format.JSON else "string"}}
    for form, media in MEDIA.items()
}


@router.get(
    "/cases/{case_id}/export/{fmt}",
    response_class=Response,
    responses={200: {"description": "The determination as a file.", "content": _FILES}, **refusals(404, 409)},
)
def export_case(
    case_id: CaseId,
    fmt: Format,
    desk: At,
    evidence: Annotated[
        bool | None, Query(description="With the appendix of evidence; left out: while it is a draft.")
    ] = None,
) -> Response:
    """Take the determination as a file; 409 while a slot is open."""
    made = desk.service.export(desk.user, case_id, fmt, with_evidence=evidence)
    headers = {"content-disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media_type, headers=headers)
