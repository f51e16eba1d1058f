"""What the API answers about the library and about imports, described; the values are made where the commands' are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from assistant.domain import Confidence, CriterionKind, Outcome, PassageKind
from assistant.web.api.answered import Count, IsoDay, PassageRead


class FoundLine(BaseModel):
    """A past decision that was found; no precedent."""

    decision_id: str
    case_number: str | None
    illustrative: bool
    issue: Annotated[int, Field(ge=1, description="Which decision of its letter, from 1.")]
    service: str
    service_kind: str | None
    outcome: Outcome
    guidelines: list[str]
    score: float
    snippet: str
    marks: list[list[int]] = Field(description="Where the words stand in the snippet: start and end.")
    decided: IsoDay | None
    beyond: bool = Field(description="The nearest that fits the filter; it matches too little to be counted.")


class Outcomes(BaseModel):
    """Real decisions by outcome."""

    Upheld: Count
    Overturned: Count


class Matching(Outcomes):
    """All that match; illustrative ones apart."""

    illustrative: Count


class FacetLine(Matching):
    """How many of the matches have one value."""

    value: str


class Mended(BaseModel):
    """A misspelt word, and the one that was looked for instead."""

    typed: str
    used: str


class SearchAnswer(BaseModel):
    """What a search found, as `imr-assistant search --json` prints it; `facets` where they were asked for."""

    results: list[FoundLine]
    outcomes: Outcomes
    matching: Matching
    corrections: list[Mended]
    other_side: str | None = Field(description="The best decision of the outcome that no result has.")
    took_ms: Annotated[float, Field(ge=0)]
    facets: dict[str, list[FacetLine]] = Field(default_factory=dict)


class Dates(BaseModel):
    """The dates of a letter."""

    date_of_injury: IsoDay | None
    date_assigned: IsoDay | None
    decision_date: IsoDay | None
    ur_denial_date: IsoDay | None


class Cited(BaseModel):
    """A guideline as a letter cites it."""

    guideline: str
    sections: list[str]


class DecisionRead(BaseModel):
    """One disputed service of a letter."""

    service: str
    outcome: Outcome | None
    claims_administrator_guideline: str | None
    reviewer_guideline: str | None
    guidelines: list[Cited]
    rationale: str | None


class Letter(BaseModel):
    """A determination letter as it was read; what could not be read is null and named in `warnings`."""

    case_number: str | None
    dates: Dates
    priority: str | None
    reviewer_specialty: str | None
    reviewer_licensure: str | None
    case_summary: str | None
    decisions: list[DecisionRead]
    warnings: list[str]


class DecisionAnswer(BaseModel):
    """The whole letter of a decision, and which of its decisions it is."""

    decision_id: str
    position: Count = Field(description="The decision's place in `letter.decisions`, from 0.")
    illustrative: bool
    letter: Letter


class CriterionAnswer(BaseModel):
    """A requirement of a passage; its words stand in the passage's text."""

    id: str
    text: str
    kind: CriterionKind
    confidence: Confidence
    checked: bool
    source: str
    applies_when: str | None


class PassageAnswer(PassageRead):
    """A guideline passage with its criteria."""

    id: str
    source: str
    family: str | None
    service_kinds: list[str]
    body_regions: list[str]
    page: int | None
    criteria: list[CriterionAnswer]


class SectionLine(BaseModel):
    """A section of a guideline: the ids of its passages, in their order."""

    section: str | None
    passages: list[str]


class GuidelineLine(BaseModel):
    """A guideline of the library: an edition of its family, with when it was in force."""

    guideline: str
    family: str | None
    kinds: list[PassageKind]
    in_force_from: IsoDay | None
    in_force_to: IsoDay | None
    sections: list[SectionLine]


class GuidelinesAnswer(BaseModel):
    """The guidelines of the library, by name."""

    guidelines: list[GuidelineLine]


class NotRead(BaseModel):
    """A file that could not be read, and why."""

    file: str
    error: str


class LetterSeen(Letter):
    """A letter of a file that was only looked at."""

    file: str


class Preview(BaseModel):
    """What a file holds; nothing was stored. `guideline` is there where the request said that it is a guideline."""

    dry_run: Literal[True]
    letters: list[LetterSeen]
    not_read: list[NotRead]
    more: bool = Field(description="The file holds more letters than are shown.")
    guideline: dict[str, Any] | None = Field(description="As `imr-assistant import --dry-run --json` prints it.")


class Progress(BaseModel):
    """How far an import is: documents done, a second, and seconds left (null until they can be told)."""

    done: Count
    total: Count
    rate: float | None
    left: float | None
    stopping: bool


class ImportAnswer(BaseModel):
    """An import under way, or how it ended."""

    job: str
    state: Literal["running", "done", "cancelled", "failed", "stopped"]
    error: str | None
    progress: Progress | None = Field(description="Null once the program was started anew.")
    report: dict[str, Any] | None = Field(
        description="As `imr-assistant imports N --json`, or for a guideline's text `import --json`, prints it."
    )


class HealthAnswer(BaseModel):
    """That the program answers, and what it holds."""

    status: Literal["ok"]
    version: str
    letters: Count = Field(description="Real letters; illustrative ones do not count.")
    guidelines: Count
    passages: Count
    chat_model: str | None
