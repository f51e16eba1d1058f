"""The points that a plan is made of; the template writer words them, a model may rephrase them."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain import Criterion, Fact, Finding, Move, Outcome, OutcomeFrom, Passage, Span


@dataclass(frozen=True, slots=True)
class RulePoint:
    """The criteria that the rationale turns on; of several alternatives (`of`) one is enough."""

    criteria: tuple[Criterion, ...]
    passage: Passage
    note: Passage | None  # says when the edition is in force, and so carries its name
    of: int = 1

    @property
    def alternatives(self) -> bool:
        """Whether one of several is enough."""
        return self.of > 1


@dataclass(frozen=True, slots=True)
class EditionPoint:
    """A sentence of an edition note: what was replaced, what governs now."""

    note: Passage
    span: Span


@dataclass(frozen=True, slots=True)
class BeyondPoint:
    """Why the draft goes past the MTUS; `note` is of an MTUS edition in force."""

    passage: Passage
    note: Passage | None


@dataclass(frozen=True, slots=True)
class PersonPoint:
    """Age, sex and diagnoses, as the summary states them."""

    age: Fact | None
    sex: Fact | None
    diagnoses: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class TreatmentPoint:
    """The treatments had so far that bear on the criteria."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class CertifiedPoint:
    """What the request itself says utilization review certified of it."""

    words: str


@dataclass(frozen=True, slots=True)
class QuotePoint:
    """Words of the summary that bear on the criteria."""

    span: Span
    about: str  # the kind of fact


@dataclass(frozen=True, slots=True)
class FindingPoint:
    """What the case says on one criterion, as fact, as gap or as fit."""

    finding: Finding
    move: Move


@dataclass(frozen=True, slots=True)
class SilencePoint:
    """What the summary does not state, in one sentence for all of it."""

    findings: tuple[Finding, ...]
    move: Move


@dataclass(frozen=True, slots=True)
class ConsequencePoint:
    """What follows from the findings told: that the requirements (`several`) are met, or are not shown to be."""

    findings: tuple[Finding, ...]
    move: Move
    several: bool = False


@dataclass(frozen=True, slots=True)
class SlotPoint:
    """What only the reviewer can write."""

    move: Move
    text: str


@dataclass(frozen=True, slots=True)
class ConclusionPoint:
    """The decision on exactly the service requested."""

    outcome: Outcome


Point = (
    RulePoint
    | EditionPoint
    | BeyondPoint
    | PersonPoint
    | TreatmentPoint
    | CertifiedPoint
    | QuotePoint
    | FindingPoint
    | SilencePoint
    | ConsequencePoint
    | SlotPoint
    | ConclusionPoint
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A point; one that is not `needed` is written only while there is room."""

    point: Point
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """The points in order, with the outcome and who says so."""

    points: tuple[Planned, ...]
    outcome: Outcome | None
    outcome_from: OutcomeFrom | None
    notices: tuple[str, ...] = ()
