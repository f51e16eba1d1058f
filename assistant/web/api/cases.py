"""The kept cases: make, list, change, put away, bring back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from assistant.drafting.contract import draft_as_json
from assistant.views import CaseView
from assistant.web.api.answered import CaseAnswer, CasesAnswer
from assistant.web.api.asked import At, CaseAsked, CaseChange, CaseId
from assistant.web.api.refusals import refusals
from assistant.web.rules import API

router = APIRouter(tags=["cases"])

State = Literal["new", "drafting", "decided", "exported"]


def case_as_json(view: CaseView) -> dict[str, Any]:
    """A case as the API tells it."""
    return {
        "id": view.id,
        "title": view.title,
        "date": view.day.isoformat() if view.day else None,
        "services": list(view.services),
        "case_summary": view.text,
        "version": view.version,
        "saved_at": view.saved_at.isoformat(),
        "decided": [
            {"issue": issue, "outcome": act.outcome, "by": act.by, "at": act.at.isoformat()}
            for issue, act in sorted(view.decided.items())
        ],
        "exported": view.exported,
        "draft": draft_as_json(view.draft) if view.draft else None,
    }


@router.get("/cases", response_model=CasesAnswer, responses=refusals())
def list_cases(
    desk: At,
    state: Annotated[State | None, Query(description="Only cases in this state.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Any:
    """List the cases, the last changed first."""
    rows = [row for row in desk.service.cases(desk.user) if state in (None, row.state)]
    lines = [
        {
            "id": row.id,
            "title": row.title,
            "services": row.services,
            "state": row.state,
            "date": row.day.isoformat() if row.day else None,
            "updated": row.updated.isoformat(),
        }
        for row in rows[offset : offset + limit]
    ]
    return JSONResponse({"cases": lines, "total": len(rows)})


@router.post("/cases", status_code=201, response_model=CaseAnswer, responses=refusals(415))
def create_case(asked: CaseAsked, desk: At) -> Any:
    """Keep a case; it is not drafted yet."""
    view = desk.service.create_case(
        desk.user, asked.case_summary, title=asked.title, day=asked.date, services=tuple(asked.services)
    )
    return JSONResponse(case_as_json(view), 201, {"location": f"{API}/cases/{view.id}"})


@router.get("/cases/{case_id}", response_model=CaseAnswer, responses=refusals(404))
def read_case(case_id: CaseId, desk: At) -> Any:
    """Read a case with the newest version of its draft."""
    return JSONResponse(case_as_json(desk.service.case(desk.user, case_id)))


@router.patch("/cases/{case_id}", response_model=CaseAnswer, responses=refusals(404, 415))
def change_case(case_id: CaseId, asked: CaseChange, desk: At) -> Any:
    """Change the title, the date of review or the services; changed services ask for every outcome anew."""
    services = None if asked.services is None else tuple(asked.services)
    view = desk.service.change_case(desk.user, case_id, title=asked.title, day=asked.date, services=services)
    return JSONResponse(case_as_json(view))


@router.delete("/cases/{case_id}", status_code=204, responses=refusals(404))
def delete_case(case_id: CaseId, desk: At) -> Response:
    """Put a case away; it can be restored."""
    desk.service.delete_case(desk.user, case_id)
    return Response(status_code=204)


@router.post("/cases/{case_id}/restore", response_model=CaseAnswer, responses=refusals(404))
def restore_case(case_id: CaseId, desk: At) -> Any:
    """Bring back a case that was put away."""
    return JSONResponse(case_as_json(desk.service.restore_case(desk.user, case_id)))
