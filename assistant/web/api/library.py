"""What the library holds: past decisions, guideline passages; and whether the program answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from assistant import __version__
from assistant.domain import Passage
from assistant.drafting.contract import passage_as_json
from assistant.printing import found_as_json
from assistant.reading.letter_records import as_record
from assistant.web.acts import Desk
from assistant.web.api.asked import At, Day, DecisionId, SearchAsked, SearchQuery
from assistant.web.api.refusals import refusals
from assistant.web.api.told import DecisionAnswer, GuidelinesAnswer, HealthAnswer, PassageAnswer, SearchAnswer

router = APIRouter(tags=["library"])


@router.get("/health", response_model=HealthAnswer, responses=refusals())
def health(desk: At) -> Any:
    """Say that the program answers, and what it holds."""
    passages = desk.service.guidelines()
    return JSONResponse(
        {
            "status": "ok",
            "version": __version__,
            "letters": desk.service.real_letters(),
            "guidelines": len({passage.guideline for passage in passages}),
            "passages": len(passages),
            "chat_model": desk.service.models.name or None,
        }
    )


def _found(desk: Desk, asked: SearchQuery) -> JSONResponse:
    found = desk.service.search_decisions(
        asked.words,
        choices=asked.choices,
        like=asked.like,
        sort=asked.sort,
        limit=asked.limit,
        offset=asked.offset,
        exact=asked.exact,
        facets=asked.facets,
    )
    return JSONResponse(found_as_json(found))


@router.get("/decisions/search", response_model=SearchAnswer, responses=refusals(404))
def search_decisions(asked: Annotated[SearchQuery, Query()], desk: At) -> Any:
    """Find past decisions by words and meaning; addresses are remembered, so words of a case belong into a POST."""
    return _found(desk, asked)


@router.post("/decisions/search", response_model=SearchAnswer, responses=refusals(404, 415))
def search_decisions_by_body(asked: SearchAsked, desk: At) -> Any:
    """Find past decisions by words and meaning."""
    return _found(desk, asked)


@router.get("/decisions/{decision_id}", response_model=DecisionAnswer, responses=refusals(404))
def decision(decision_id: Annotated[DecisionId, Path()], desk: At) -> Any:
    """Read the whole letter of a decision."""
    letter, position = desk.service.decision(decision_id)
    return JSONResponse(
        {
            "decision_id": decision_id,
            "position": position,
            "illustrative": letter.illustrative,
            "letter": as_record(letter),
        }
    )


@router.get("/passages/{passage_id:path}", response_model=PassageAnswer, responses=refusals(404))
def passage(passage_id: Annotated[str, Path(min_length=1, max_length=300)], desk: At) -> Any:
    """Read a guideline passage, also an earlier version that an old draft cites; its id holds slashes."""
    held = desk.service.passage(passage_id)
    criteria = [
        {
            "id": criterion.id,
            "text": criterion.text,
            "kind": criterion.kind,
            "confidence": criterion.confidence,
            "checked": criterion.checked,
            "source": criterion.source,
            "applies_when": criterion.applies_when,
        }
        for criterion in held.criteria
    ]
    more = {
        "id": held.id,
        "source": held.source,
        "family": held.family,
        "service_kinds": list(held.service_kinds),
        "body_regions": list(held.body_regions),
        "page": held.page,
        "criteria": criteria,
    }
    return JSONResponse({**passage_as_json(held), **more})


@router.get("/guidelines", response_model=GuidelinesAnswer, responses=refusals())
def guidelines(
    desk: At, in_force_on: Annotated[Day | None, Query(description="Only those in force on this day.")] = None
) -> Any:
    """List the guidelines with their sections and the ids of their passages."""
    by_name: dict[str, list[Passage]] = {}
    for held in desk.service.guidelines():
        if in_force_on is None or held.in_force.holds_on(in_force_on):
            by_name.setdefault(held.guideline, []).append(held)
    return JSONResponse({"guidelines": [_guideline(name, by_name[name]) for name in sorted(by_name)]})


def _guideline(name: str, passages: Sequence[Passage]) -> dict[str, Any]:
    sections: dict[str | None, list[str]] = {}
    for held in passages:
        sections.setdefault(held.section, []).append(held.id)
    starts = [held.in_force.start for held in passages if held.in_force.start]
    ends = [held.in_force.end for held in passages]
    last = max(end for end in ends if end) if ends and all(ends) else None
    return {
        "guideline": name,
        "family": next((held.family for held in passages if held.family), None),
        "kinds": sorted({held.kind.value for held in passages}),
        "in_force_from": min(starts).isoformat() if starts else None,
        "in_force_to": last.isoformat() if last else None,
        "sections": [{"section": section, "passages": ids} for section, ids in sections.items()],
    }
