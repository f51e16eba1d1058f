"""Invented letters, and what a program could offer for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made_corpus import WordEmbedder, write_corpus
from sqlalchemy import Engine

from assistant.database import open_database
from assistant.domain import CitedGuideline
from assistant.evaluation.gold import GoldIssue, GoldLetter
from assistant.library.library import Library
from assistant.library.scratch import scratch_library
from assistant.settings import Settings

LOW_BACK = "MTUS Low Back Complaints 2004"
KNEE = "MTUS Knee Complaints 2004"
PAIN = "MTUS Chronic Pain Medical Treatment 2016"


@pytest.fixture
def letters() -> tuple[GoldLetter, ...]:
    """Three letters with five issues: three cite the MTUS (two of them sections), one the ODG, one a book."""

    def cites(service: str, *cited: CitedGuideline) -> GoldIssue:
        return GoldIssue(service, cited, (CitedGuideline(LOW_BACK),))

    mri = cites("MRI", CitedGuideline(LOW_BACK, ("Special Studies",)), CitedGuideline("ODG", ("Imaging",)))
    therapy = cites("therapy", CitedGuideline(PAIN, ("Physical medicine treatment",)), CitedGuideline(KNEE))
    return (
        GoldLetter("A", "", None, (mri, therapy)),
        GoldLetter("B", "", None, (cites("acupuncture", CitedGuideline("MTUS Acupuncture Treatment 2007")),)),
        GoldLetter(
            "C",
            "",
            None,
            (
                cites("gloves", CitedGuideline("outside MTUS"), CitedGuideline("ODG", ("DME",))),
                cites("a pill", CitedGuideline("outside MTUS", ("A book",))),
            ),
        ),
    )


@pytest.fixture
def gold_file(tmp_path: Path) -> Callable[..., Path]:
    """Write rows of letters read by hand."""

    def write(*rows: object) -> Path:
        path = tmp_path / "gold.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return path

    return write


@pytest.fixture
def lender(tmp_path: Path) -> Iterator[Engine]:
    """The database of a user."""
    engine = open_database(tmp_path / "data")
    yield engine
    engine.dispose()


@pytest.fixture
def library(tmp_path: Path, lender: Engine) -> Iterator[Library]:
    """A library of the made corpus in a temporary folder."""
    settings = Settings(data_dir=tmp_path / "data", corpus_dir=write_corpus(tmp_path / "corpus"))
    with scratch_library(settings, lender, WordEmbedder()) as library:
        yield library
