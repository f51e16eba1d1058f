"""The determinations that ship with the program read as whole letters, from both sides."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.domain import Determination, Outcome
from assistant.reading.letters import looks_like_letter, read_letter

CORPUS = Path(__file__).parent.parent / "corpus"
LETTERS = sorted((CORPUS / "determinations").glob("*.md"))
NO_NUMBER = "The case number was not found."  # an invented letter has none


def read(path: Path) -> Determination:
    return read_letter(path.read_text("utf-8"), illustrative=True)


def front_matter(path: Path) -> dict[str, object]:
    return yaml.safe_load(path.read_text("utf-8").split("---\n")[1])


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_determination_reads_without_anything_missing(path: Path) -> None:
    letter = read(path)
    assert letter.warnings == (NO_NUMBER,)
    assert letter.illustrative
    assert letter.case_number is None
    assert letter.priority == "Standard"
    assert letter.case_summary
    assert letter.date_of_injury < letter.ur_denial_date < letter.date_assigned < letter.decision_date
    for decision in letter.decisions:
        assert decision.guidelines
        assert 50 <= len(decision.rationale.split()) <= 160


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_its_front_matter_says_what_it_is(path: Path) -> None:
    head = front_matter(path)
    assert head["illustrative"] is True
    assert head["title"]
    assert head["date"] == read(path).decision_date
    assert looks_like_letter(path.read_text("utf-8"))


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_rationale_ends_in_the_conclusion_on_what_was_requested(path: Path) -> None:
    for decision in read(path).decisions:
        negated = "not medically necessary" in decision.rationale
        assert negated is (decision.outcome is Outcome.UPHELD)


def test_there_are_enough_of_them_and_half_of_the_decisions_are_overturned() -> None:
    outcomes = Counter(decision.outcome for path in LETTERS for decision in read(path).decisions)
    assert len(LETTERS) >= 24
    assert outcomes[Outcome.UPHELD] == outcomes[Outcome.OVERTURNED] >= 12
    assert sum(len(read(path).decisions) > 1 for path in LETTERS) >= 4


def test_all_three_layouts_are_there() -> None:
    years = Counter(read(path).decision_date.year for path in LETTERS)
    assert years[2013] >= 4
    assert years[2014] + years[2015] >= 4
    assert years[2016] + years[2017] >= 4


def test_the_chronic_pain_guideline_is_cited_in_the_edition_of_its_day() -> None:
    for path in LETTERS:
        letter = read(path)
        cited = {guideline.guideline for decision in letter.decisions for guideline in decision.guidelines}
        if letter.decision_date < date(2016, 7, 28):
            assert not cited & {"MTUS Chronic Pain Medical Treatment 2016", "MTUS Opioid Treatment 2016"}
        else:
            assert "MTUS Chronic Pain Medical Treatment 2009" not in cited
