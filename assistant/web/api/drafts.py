"""Drafting and verifying without keeping anything."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from assistant.drafting.contract import draft_as_json, verified_as_json
from assistant.errors import NotThere
from assistant.web.api.answered import DraftAnswer, VerifyAnswer
from assistant.web.api.asked import At, DraftAsked, VerifyGiven, VerifyKept
from assistant.web.api.refusals import refusals

router = APIRouter(tags=["drafts"])


@router.post("/drafts", response_model=DraftAnswer, responses=refusals(415))
async def draft(asked: DraftAsked, desk: At) -> Any:
    """Draft a rationale for each disputed service of a case; the JSON of `imr-assistant draft --json`."""

    def run() -> dict[str, object]:
        made = desk.service.draft_text(
            asked.case_summary,
            services=tuple(asked.services),
            day=asked.date,
            outcome=asked.outcome,
            case_id=asked.id,
            model=asked.model,
        )
        return draft_as_json(made)

    return JSONResponse(await desk.jobs.result(run))


@router.post("/verify", response_model=VerifyAnswer, responses=refusals(404, 415))
async def verify(asked: Annotated[VerifyGiven | VerifyKept, Body()], desk: At) -> Any:
    """Hold each sentence of a rationale against the case and the guideline, of a kept case or of one given here."""

    def run() -> dict[str, object]:
        if isinstance(asked, VerifyKept):
            kept = desk.service.case(desk.user, asked.case_id).draft
            sentences = desk.service.verify_text(desk.user, asked.case_id, asked.issue, asked.text)
            if kept is None:
                raise NotThere("This case has no draft yet.")
            return verified_as_json(sentences, kept, asked.issue)
        made = desk.service.check_rationale(
            asked.text, asked.case_summary, service=asked.service, day=asked.date, outcome=asked.outcome
        )
        return verified_as_json(made.issues[0].sentences, made, 0)

    return JSONResponse(await desk.jobs.result(run))
