"""What the API answers about drafts and sentences: the JSON of `imr-assistant draft --json`, described.

The values are made in drafting/contract.py; these classes say what they are, and the tests hold both together.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from assistant.domain import (
    Confidence,
    Move,
    Outcome,
    OutcomeFrom,
    PassageKind,
    Polarity,
    Side,
    Status,
    Strength,
    SupportKind,
    Verdict,
)

IsoDay = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
IsoMoment = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T", description="ISO 8601, with its zone.")]
Count = Annotated[int, Field(ge=0)]
Start = Annotated[int, Field(ge=0, description="Counted in characters, from 0.")]


class Quote(BaseModel):
    """Words that stand in the case text: `text[start:end] == quote`."""

    quote: Annotated[str, Field(min_length=1)]
    start: Start
    end: Start


class Support(Quote):
    """What a sentence rests on: words of the case, of a passage, of a finding's statement, or of the request."""

    kind: SupportKind
    id: str = Field(description="`case`, a passage's id, a criterion's id, or `request`.")


class Sentence(BaseModel):
    """A sentence of a rationale with its verdict. A slot is the reviewer's to fill."""

    text: str
    move: Move
    slot: bool
    verified: bool = Field(description="Every claim of it was found in its supports.")
    verdict: Verdict
    own: bool = Field(description="The reviewer's own words.")
    by_model: bool = Field(description="Worded by a chat model, and verified.")
    problems: list[str]
    supports: list[Support]


class Fact(BaseModel):
    """Something that the case says."""

    kind: str
    text: str
    start: Start
    end: Start
    polarity: Polarity
    concept: str | None
    value: float | str | None
    value_max: float | None
    unit: str | None
    body_region: str | None
    side: Side | None
    when: IsoDay | None
    of: str | None


class CaseRead(BaseModel):
    """The case text and what was read from it."""

    age: int | None
    sex: Literal["male", "female"] | None
    date_of_injury: IsoDay | None
    facts: list[Fact]
    text: str


class Lean(BaseModel):
    """The outcome to which the criteria point; null where none decides."""

    outcome: Outcome | None
    strength: Strength
    by: list[str]
    other_way: list[str]


class Candidate(BaseModel):
    """A guideline that may govern the service, and why."""

    guideline: str
    section: str | None
    passage_id: str | None
    score: float
    reason: str


class Finding(BaseModel):
    """A criterion held against the case."""

    criterion_id: str
    criterion: str
    check_the_text: bool
    confidence: Confidence
    source: str
    passage_id: str
    statement: str
    status: Status
    evidence: list[Quote]
    searched: list[str]


class SpeaksFor(BaseModel):
    """By outcome the criteria whose findings speak for it."""

    Upheld: list[str]
    Overturned: list[str]


class Similar(BaseModel):
    """A past decision on a like service; no precedent. Illustrative ones count nowhere."""

    decision_id: str
    case_number: str | None
    illustrative: bool
    service: str
    outcome: Outcome
    score: float
    snippet: str


class Discarded(BaseModel):
    """What a chat model offered in vain."""

    text: str
    why: str
    sort: str


class IssueAnswer(BaseModel):
    """The draft for one disputed service."""

    service: str
    service_kind: str | None
    guess: str | None
    body_regions: list[str]
    side: Side | None
    quantity: float | None
    quantity_max: float | None
    unit: str | None
    certified: str | None
    outcome: Outcome | None
    outcome_from: OutcomeFrom | None
    lean: Lean
    guidelines: list[Candidate]
    findings: list[Finding]
    speaks_for: SpeaksFor
    sentences: list[Sentence]
    rationale: str
    similar: list[Similar]
    notices: list[str]
    discarded: list[Discarded]


class PassageRead(BaseModel):
    """A guideline passage that a draft cites or uses."""

    text: str
    citation: str
    guideline: str
    section: str | None
    edition_note: bool
    kind: PassageKind
    in_force_from: IsoDay | None
    in_force_to: IsoDay | None = Field(description="The first day on which it is no longer in force.")


class CheckAnswer(BaseModel):
    """A finding of the appeal check; `issue` and `sentence` are positions from 0."""

    id: str
    rule: str
    level: Literal["error", "warning"]
    message: str
    action: str
    issue: Count | None
    sentence: Count | None
    quote: str | None


class ModelUsed(BaseModel):
    """What a chat model did for the draft, and what it cost."""

    model: str
    prompts: list[str]
    calls: Count
    tokens_in: Count
    tokens_out: Count
    seconds: float
    cost: float | None
    offered: Count
    kept: Count
    deidentified: str
    notice: str | None


class DraftAnswer(BaseModel):
    """A draft: an issue for each disputed service, the passages that they cite, the appeal check."""

    id: str
    date_of_review: IsoDay
    date_from: Literal["given", "letter", "today"]
    case: CaseRead
    issues: list[IssueAnswer]
    passages: dict[str, PassageRead]
    checks: list[CheckAnswer]
    notices: list[str]
    took_ms: Annotated[float, Field(ge=0)]
    model: ModelUsed | None


class VerifyAnswer(BaseModel):
    """The sentences of a rationale with their verdicts, and what their supports name."""

    sentences: list[Sentence]
    unsupported: Count = Field(description="How many sentences failed.")
    findings: list[Finding]
    passages: dict[str, PassageRead]


class DecidedAnswer(BaseModel):
    """The reviewer's own act on an issue."""

    issue: Count
    outcome: Outcome
    by: str
    at: IsoMoment


class CaseAnswer(BaseModel):
    """A kept case with the newest version of its draft; `version` is 0 before the first."""

    id: str
    title: str
    date: IsoDay | None
    services: list[str]
    case_summary: str
    version: Count
    saved_at: IsoMoment
    decided: list[DecidedAnswer]
    exported: bool
    draft: DraftAnswer | None


class CaseLine(BaseModel):
    """A line of the list of cases."""

    id: str
    title: str
    services: str
    state: Literal["new", "drafting", "decided", "exported"]
    date: IsoDay | None
    updated: IsoMoment


class CasesAnswer(BaseModel):
    """A part of the list of cases, the last changed first."""

    cases: list[CaseLine]
    total: Count


class VersionLine(BaseModel):
    """A version of a draft: when it was saved, by what act."""

    number: Count
    at: IsoMoment
    cause: str


class VersionsAnswer(BaseModel):
    """The versions of a draft, the newest first."""

    versions: list[VersionLine]
