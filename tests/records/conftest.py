"""A fresh database with records, a clock that a test moves, and drafts in our own words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.database import FILE_NAME, open_database
from assistant.domain import (
    Candidate,
    CaseSummary,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Draft,
    Fact,
    Finding,
    InForce,
    IssueDraft,
    Lean,
    Measure,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    PassageKind,
    Polarity,
    Sentence,
    Side,
    Span,
    Status,
    Strength,
    Support,
    SupportKind,
    Verdict,
)
from assistant.records import Records

TEXT = "A 50 year old baker had 8 visits of therapy for the left wrist. “Six more” are requested."


class Clock:
    """A time that moves by a second at each look."""

    def __init__(self) -> None:
        self.time = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and nothing in them, made once."""
    folder = tmp_path_factory.mktemp("migrated")
    open_database(folder, url="").dispose()
    return folder / FILE_NAME


@pytest.fixture
def engine(migrated: Path, tmp_path: Path) -> Iterator[Engine]:
    """A database of the test's own."""
    shutil.copy(migrated, tmp_path)
    engine = open_database(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    """The clock of `records`."""
    return Clock()


@pytest.fixture
def records(engine: Engine, clock: Clock) -> Records:
    """Records over `engine` at the time of `clock`."""
    return Records(engine, now=clock)


@pytest.fixture
def make_draft() -> Callable[..., Draft]:
    """Make a draft that uses the fields that a round trip could lose; `word` tells one from another."""

    def make(word: str = "first") -> Draft:
        start = TEXT.index("8 visits")
        visits = Span.of(TEXT, start, start + 8)
        criterion = Criterion(
            "hand/limit",
            "At most 12 visits.",
            CriterionKind.LIMIT,
            Confidence.HIGH,
            checked=True,
            source="general knowledge of the guideline",
            asks=("physical_therapy",),
            measure=Measure("prior_plus_requested", "at_most", None, 12.0, "visits"),
        )
        passage = Passage(
            "hand/visits/therapy/0a1b2c3d",
            "MTUS Forearm, Wrist, and Hand Complaints 2004",
            "Initial Care",
            "At most 12 visits.",
            PassageKind.DIGEST,
            InForce(date(2007, 6, 15), date(2017, 12, 1)),
            "our own words",
            criteria=(criterion,),
        )
        fact = Fact(
            "treatment",
            visits,
            Polarity.PRESENT,
            concept="physical_therapy",
            value=8.0,
            unit="visits",
            side=Side.LEFT,
            when=date(2016, 3, 1),
        )
        finding = Finding(
            criterion, passage.id, Status.CONTRADICTED, "8 and 6 are 14, over 12.", (visits,), ("visits",)
        )
        issue = IssueDraft(
            service=DisputedService("six visits", "physical_therapy", quantity=6.0, unit="visits"),
            outcome=Outcome.UPHELD,
            outcome_from=OutcomeFrom.CRITERIA,
            lean=Lean(Outcome.UPHELD, Strength.STRONG, ("hand/limit",)),
            guidelines=(Candidate(passage.guideline, passage.section, passage.id, 0.1 + 0.2, "governs therapy"),),
            findings=(finding,),
            sentences=(
                Sentence(
                    f"The {word} sentence.",
                    Move.FACTS,
                    (Support(SupportKind.CASE, "case", visits),),
                    verdict=Verdict.PASSED,
                ),
                Sentence("State what you found.", Move.FIT, slot=True),
            ),
        )
        case = CaseSummary(TEXT, 50, "male", None, (fact,), (issue.service,), (Span.of(TEXT, 0, 63),))
        return Draft("case", date(2016, 12, 20), "given", case, (issue,), {passage.id: passage}, took_ms=12.5)

    return make
