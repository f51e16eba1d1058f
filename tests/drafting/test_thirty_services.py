"""Thirty kinds of service: a criterion met, a silence, a contradiction, read by the real lexicon and both looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.corpus import load_taxonomy
from assistant.domain import Criterion, Passage, Status
from assistant.drafting.findings import judge, meanings_of
from assistant.drafting.second_look import SecondLook
from assistant.library.embedding import load_embedder
from assistant.reading.case import read_case
from assistant.reading.guidelines import starter_guidelines
from assistant.reading.lexicon import load_lexicon
from assistant.reading.services import read_request
from assistant.settings import Settings

CORPUS = Settings().corpus_dir
DAY = date(2016, 12, 20)
LEXICON, TAXONOMY = load_lexicon(CORPUS), load_taxonomy(CORPUS)
ROWS = yaml.safe_load((Path(__file__).parent / "thirty_services.yaml").read_text("utf-8"))
USUAL = {"meets": Status.SUPPORTED, "misses": Status.NOT_FOUND, "contradicts": Status.CONTRADICTED}
CASES = [
    pytest.param(row, how, Status(row.get("expects", {}).get(how, usual)), id=f"{row['service']}-{how}")
    for row in ROWS
    for how, usual in USUAL.items()
]


@pytest.fixture(scope="module")
def held() -> dict[str, tuple[Criterion, Passage]]:
    passages = (passage for guideline in starter_guidelines(CORPUS) for passage in guideline.passages)
    return {criterion.id: (criterion, passage) for passage in passages for criterion in passage.criteria}


@pytest.fixture(scope="module")
def second_look() -> SecondLook:
    return SecondLook(load_embedder("minilm"))


def test_there_are_thirty_kinds_or_more_each_once() -> None:
    kinds = [row["service"] for row in ROWS]
    assert len(set(kinds)) == len(kinds) >= 30


@pytest.mark.parametrize(("row", "how", "status"), CASES)
def test_a_case_that_meets_misses_or_contradicts(
    row: dict[str, Any],
    how: str,
    status: Status,
    held: dict[str, tuple[Criterion, Passage]],
    second_look: SecondLook,
) -> None:
    criterion, passage = held[row["criterion"]]
    case = read_case(row[how], LEXICON, TAXONOMY)
    service = read_request(row["request"], TAXONOMY, row[how])
    assert service.kind == row["service"]
    assert row["service"] in passage.service_kinds
    glance = second_look.over(case, meanings_of(criterion, LEXICON))
    (finding,) = judge((replace(passage, criteria=(criterion,)),), case, service, glance, lexicon=LEXICON, day=DAY)
    assert finding.status is status, finding.statement
    assert all(span.stands_in(row[how]) for span in finding.evidence)
    assert status is not Status.NOT_FOUND or not finding.evidence
