"""What is asked of past decisions, and what a search answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.domain import Outcome
from assistant.library.choices import Choices
from assistant.library.filters import DecisionFilter, FacetCount, FacetName
from assistant.library.sort import Sort


@dataclass(frozen=True, slots=True)
class Query:
    """Words to find decisions by, and what they must be.

    `like` is the id of a decision: those like it are found, itself left out. `exact` leaves misspelt words as they
    are, as quotation marks do for the words between them. `offset` results are passed over. `facets` asks for counts.
    """

    words: str
    where: DecisionFilter = field(default_factory=DecisionFilter)
    limit: int = 10
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    like: str | None = None
    exact: bool = False
    facets: bool = False


@dataclass(frozen=True, slots=True)
class Loosened:
    """A filter that hides what would be found: its name, the choices without it, and how many decisions match then."""

    name: str
    choices: Choices
    total: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that the library does not know, and the one that was looked for instead."""

    typed: str
    used: str


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """A past decision that a search found; `score` is 1 where it led both rankings.

    `marks` are the places in the snippet where the words stand. `beyond` says that it matches too little to be counted
    and is shown because it is the nearest that fits the filter.
    """

    decision_id: str
    case_number: str | None
    illustrative: bool
    issue: int
    service: str
    service_kind: str | None
    outcome: Outcome
    guidelines: tuple[str, ...]
    score: float
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
    decided: date | None = None
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The results, best first; `outcomes` counts the real ones among them; milliseconds with the model loaded.

    `words` are those that were searched by, misspelt ones mended. `matching` counts all real decisions that match words
    and filter, `matching_illustrative` the illustrative ones, `facets` both by value. `other_side` is the best decision
    of the outcome that no result has, unless the filter asks
    for one outcome.
    """

    results: tuple[FoundDecision, ...]
    outcomes: dict[Outcome, int]
    took_ms: float = 0.0
    words: str = ""
    matching: Mapping[Outcome, int] = field(default_factory=dict)
    matching_illustrative: int = 0
    facets: Mapping[FacetName, tuple[FacetCount, ...]] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    other_side: FoundDecision | None = None

    @property
    def total(self) -> int:
        """How many decisions match, real and illustrative."""
        return sum(self.matching.values()) + self.matching_illustrative
