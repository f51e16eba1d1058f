"""Real case summaries against labels made by hand: what is stated must be found, what is not must not be claimed."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.corpus import load_taxonomy
from assistant.domain import CaseSummary, Polarity
from assistant.reading.case import read_case
from assistant.reading.lexicon import Lexicon, load_lexicon
from assistant.reading.numbers import dates
from assistant.reading.services import read_request

CORPUS = Path(__file__).parents[2] / "corpus"
DOCUMENTED = {Polarity.PRESENT, Polarity.HISTORICAL}
SET_ASIDE = 12  # letters that no wording was written from, chosen by a seed before any reading

Labelled = dict[str, Any]


def _lines(path: Path) -> list[Labelled]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _parts(rows: list[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """The letters that were worked on, and those set aside."""
    aside = set(random.Random(20161201).sample(sorted(row["case_number"] for row in rows), SET_ASIDE))  # noqa: S311
    return [r for r in rows if r["case_number"] not in aside], [r for r in rows if r["case_number"] in aside]


def _outcomes(rows: list[Labelled], cases: dict[str, CaseSummary], lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """What became of each label: (outcome, "letter feature")."""
    for row in rows:
        for feature, label in row["labels"].items():
            facts = [f for c in lexicon.features[feature] for f in cases[row["case_number"]].about(c)]
            documented = any(fact.polarity in DOCUMENTED for fact in facts)
            where = f"{row['case_number']} {feature}"
            if label["value"] == "present":
                open_ = any(f.polarity in {Polarity.UNCLEAR, Polarity.HYPOTHETICAL} for f in facts)
                yield ("hit" if documented else "left open" if open_ else "false absence"), where
            elif label["value"] == "unclear":
                yield ("shown" if facts else "flat on unclear"), where
            else:
                yield ("false presence" if documented else "rightly absent"), where


@pytest.mark.letters
@pytest.mark.parametrize("part", ["worked on", "set aside"])
def test_labelled_summaries(part: str, letters_dir: Path) -> None:
    lexicon, taxonomy = load_lexicon(CORPUS), load_taxonomy(CORPUS)
    summaries = {row["case_number"]: row["case_summary"] for row in _lines(letters_dir / "gold.jsonl")}
    rows = _parts(_lines(letters_dir / "facts.jsonl"))[part == "set aside"]
    cases = {r["case_number"]: read_case(summaries[r["case_number"]], lexicon, taxonomy) for r in rows}
    outcomes = list(_outcomes(rows, cases, lexicon))
    counts = Counter(outcome for outcome, _ in outcomes)
    assert [where for outcome, where in outcomes if outcome == "false absence"] == []
    assert counts["false presence"] <= 0.02 * (counts["false presence"] + counts["rightly absent"])
    assert counts["hit"] >= 0.95 * (counts["hit"] + counts["left open"] + counts["false absence"])
    assert counts["hit"] >= 0.95 * (counts["hit"] + counts["false presence"])
    for row in rows:
        case = cases[row["case_number"]]
        said = dates(row["date_of_injury"])[0].day if row["date_of_injury"] else None
        assert (case.age, case.sex, case.date_of_injury) == (row["age"], row["sex"], said), row["case_number"]


@pytest.mark.letters
def test_requests_of_letters_have_a_kind(letters_dir: Path) -> None:
    taxonomy = load_taxonomy(CORPUS)
    issues = [(row, issue) for row in _lines(letters_dir / "gold.jsonl") for issue in row["issues"]]
    for field in ("service", "service_short"):
        unknown = [i[field] for row, i in issues if read_request(i[field], taxonomy, row["case_summary"]).kind is None]
        assert len(unknown) <= 0.03 * len(issues), unknown
