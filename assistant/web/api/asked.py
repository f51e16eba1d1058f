"""What a request to the API may hold, with the bounds of each part."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, model_validator

from assistant.domain import Outcome
from assistant.library.choices import Choices
from assistant.library.sort import Sort
from assistant.web.acts import Desk, whole

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_TEXT = 2_100_000  # characters; the service takes 2 MB of case text
_LONGEST_RATIONALE = 200_000


def desk_of(request: Request) -> Desk:
    """What the API works with."""
    desk: Desk = request.app.state.desk
    return desk


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a date is written as 2016-03-01")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("there is no such day") from None


At = Annotated[Desk, Depends(desk_of)]
Day = Annotated[date, BeforeValidator(_day)]
CaseText = Annotated[str, Field(max_length=_LONGEST_TEXT, description="The clinical case summary, as plain text.")]
Service = Annotated[
    str, Field(min_length=1, max_length=2000, description="A disputed service as the request words it.")
]
Services = Annotated[
    list[Service], Field(max_length=50, description="The disputed services; empty: those of the text.")
]
ReviewDay = Annotated[Day | None, Field(description="Date of review; it decides which edition governs.")]
Title = Annotated[str, Field(max_length=200, description="A title that names nobody.")]
Rationale = Annotated[str, Field(max_length=_LONGEST_RATIONALE, description="The rationale, as plain text.")]
DecisionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9:._-]{1,120}$")]
CaseId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The case's id.")]
JobId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The import's id.")]
Issue = Annotated[int, Path(ge=0, le=999, description="The issue's position in the draft, from 0.")]


class Asked(BaseModel):
    """A body: unknown parts are refused, and half characters (lone surrogates) become replacement characters."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _of_whole_characters(cls, data: Any) -> Any:
        return whole(data)


class DraftAsked(Asked):
    """A case to draft; nothing of it is kept."""

    case_summary: CaseText
    id: Annotated[str, Field(max_length=100, description="Comes back as the draft's id.")] = "case"
    date: ReviewDay = None
    services: Services = []
    outcome: Annotated[Outcome | None, Field(description="Write for this outcome; null: the criteria's.")] = None
    model: Annotated[StrictBool, Field(description="With the chat model's help, where one is set.")] = True


class VerifyGiven(Asked):
    """A rationale to hold against a case that comes with it."""

    text: Rationale
    case_summary: CaseText
    service: Annotated[Service | None, Field(description="Null: the one that the text words.")] = None
    date: ReviewDay = None
    outcome: Annotated[Outcome | None, Field(description="A conclusion for the other one fails.")] = None


class VerifyKept(Asked):
    """A rationale to hold against an issue of a kept case."""

    text: Rationale
    case_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    issue: Annotated[StrictInt, Field(ge=0, le=999, description="The issue's position in the draft, from 0.")]


_Name = Annotated[str, Field(max_length=300)]


class SearchQuery(Asked):
    """What to look for, and what the decisions must be."""

    words: Annotated[str, Field(max_length=2000, description="Empty lists what fits the rest by date.")] = ""
    outcome: Outcome | None = None
    service: Annotated[_Name | None, Field(description="A kind, or a service as a request words it.")] = None
    region: Annotated[_Name | None, Field(description="A part of the body.")] = None
    guideline: Annotated[_Name | None, Field(description="A guideline that is cited; a part of its name.")] = None
    decided_from: Day | None = None
    decided_to: Day | None = None
    specialty: Annotated[_Name | None, Field(description="Of the reviewer; a part of its name.")] = None
    modified: Annotated[bool | None, Field(description="Whether utilization review certified a part.")] = None
    like: Annotated[DecisionId | None, Field(description="Decisions like this one.")] = None
    sort: Sort = Sort.RELEVANCE
    limit: Annotated[int, Field(ge=1, le=200)] = 10
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    exact: Annotated[bool, Field(description="Mend no misspelt word.")] = False
    facets: Annotated[bool, Field(description="Also count the matches by service, region and so on.")] = False

    @property
    def choices(self) -> Choices:
        """What narrows the search."""
        first, last = self.decided_from, self.decided_to
        return Choices(
            self.outcome,
            self.service,
            self.region,
            self.guideline,
            first.isoformat() if first else None,
            last.isoformat() if last else None,
            self.specialty,
            self.modified,
        )


class SearchAsked(SearchQuery):
    """The same as a body."""

    modified: Annotated[StrictBool | None, Field(description="Whether utilization review certified a part.")] = None
    limit: Annotated[StrictInt, Field(ge=1, le=200)] = 10
    offset: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = 0
    exact: Annotated[StrictBool, Field(description="Mend no misspelt word.")] = False
    facets: Annotated[StrictBool, Field(description="Also count the matches by service, region and so on.")] = False


class CaseAsked(Asked):
    """A case to keep."""

    case_summary: CaseText
    title: Title = ""
    date: ReviewDay = None
    services: Services = []


class CaseChange(Asked):
    """What to change of a case; what is left out or null stays as it is."""

    title: Title | None = None
    date: ReviewDay = None
    services: Services | None = None


class KeptDraftAsked(Asked):
    """How to draft a kept case."""

    model: Annotated[StrictBool, Field(description="With the chat model's help, where one is set.")] = True


class OutcomeAsked(Asked):
    """The reviewer's outcome of an issue."""

    outcome: Annotated[Outcome | None, Field(description="Null takes it back.")]


class TextAsked(Asked):
    """A rationale as the reviewer wrote it, and the version of the draft that it was made from."""

    text: Rationale
    base: Annotated[StrictInt, Field(ge=0, description="The draft's version that was edited.")]
