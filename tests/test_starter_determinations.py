"""The determinations and sample cases that ship with the program read as whole letters, from both sides."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from assistant.corpus import load_editions, load_taxonomy
from assistant.domain import Determination, Outcome
from assistant.reading.letters import looks_like_letter, read_letter
from assistant.reading.services import read_request

CORPUS = Path(__file__).parent.parent / "corpus"
LETTERS = sorted((CORPUS / "determinations").glob("*.md"))
TAXONOMY = load_taxonomy(CORPUS)
EDITIONS = {edition.label: edition for edition in load_editions(CORPUS)}
A_DATE = re.compile(r"\b\d\d/(?:\d\d/)?\d{4}\b")
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
        assert 50 <= len(decision.rationale.split()) <= 200


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


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_each_service_is_of_a_known_kind(path: Path) -> None:
    letter = read(path)
    for decision in letter.decisions:
        assert read_request(decision.service, TAXONOMY, letter.case_summary).kind, decision.service


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_cited_mtus_guideline_was_in_force_on_the_day_of_the_decision(path: Path) -> None:
    letter = read(path)
    for decision in letter.decisions:
        for label in (guideline.guideline for guideline in decision.guidelines):
            if label.startswith("MTUS"):
                assert EDITIONS[label].in_force.holds_on(letter.decision_date), label


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_the_dates_of_a_rationale_stand_in_the_case_summary(path: Path) -> None:
    letter = read(path)
    known = set(A_DATE.findall(letter.case_summary))
    for decision in letter.decisions:
        assert set(A_DATE.findall(decision.rationale)) <= known


def test_there_are_enough_of_them_and_both_outcomes_are_well_represented() -> None:
    outcomes = Counter(decision.outcome for path in LETTERS for decision in read(path).decisions)
    share = outcomes[Outcome.OVERTURNED] / outcomes.total()
    assert len(LETTERS) >= 60
    assert 0.4 <= share <= 0.6
    assert sum(len(read(path).decisions) > 1 for path in LETTERS) >= 20


def test_requests_that_utilization_review_modified_are_among_them() -> None:
    services = [decision.service for path in LETTERS for decision in read(path).decisions]
    assert sum(read_request(service, TAXONOMY).certified is not None for service in services) >= 10


def test_all_three_layouts_are_there() -> None:
    years = Counter(read(path).decision_date.year for path in LETTERS)
    assert years[2013] >= 4
    assert years[2014] + years[2015] >= 4
    assert years[2016] + years[2017] >= 4
