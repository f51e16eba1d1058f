"""The evaluation asks a library that does not know the letter, as of the day of its decision."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.corpus import load_taxonomy
from assistant.domain import Candidate, CaseSummary, DisputedService
from assistant.errors import AssistantError
from assistant.evaluation.run import evaluate
from assistant.reading.lexicon import load_lexicon
from assistant.settings import Settings

CORPUS = Settings().corpus_dir
LEXICON = load_lexicon(CORPUS)
SUMMARY = "A 50 year old baker had 8 visits of physical therapy. The pain is rated 6/10. Acupuncture is requested."


class ScriptedLibrary:
    """Offers one guideline for whatever is asked, and remembers what was asked of whom."""

    def __init__(self) -> None:
        self.taxonomy = load_taxonomy(CORPUS)
        self.left_out: list[str] = []
        self.asked: list[tuple[str, str | None, date]] = []

    def leaving_out(self, case_number: str) -> ScriptedLibrary:
        self.left_out.append(case_number)
        return self

    def governing(self, service: DisputedService, case: CaseSummary, day: date, limit: int) -> tuple[Candidate, ...]:
        assert self.left_out, "asked before a letter was left out"
        assert case.text == SUMMARY
        self.asked.append((service.text, service.kind, day))
        return (Candidate("MTUS Acupuncture Treatment 2007", None, None, 1.0, "scripted"),)[:limit]


def row(case_number: str, service: str, cited: str, **more: Any) -> dict[str, Any]:
    issue = {"service": service, "reviewer_guideline": f"Decision based on {cited}.", "guidelines": []}
    return {
        "case_number": case_number,
        "case_summary": SUMMARY,
        "decision_date": "12/21/2016",
        "issues": [issue],
        **more,
    }


def test_each_letter_is_left_out_and_asked_as_of_its_day(gold_file: Callable[..., Path], tmp_path: Path) -> None:
    library = ScriptedLibrary()
    gold = gold_file(
        row("A", "Acupuncture 6 visits for the neck", "MTUS Acupuncture Treatment 2007"),
        row("B", "xqzt wvvk", "MTUS Knee Complaints 2004", decision_date="01/02/2017"),
    )
    measured = evaluate(library, LEXICON, gold, out=tmp_path / "out")  # type: ignore[arg-type]
    assert library.left_out == ["A", "B"]
    assert [(text, day) for text, _, day in library.asked] == [
        ("Acupuncture 6 visits for the neck", date(2016, 12, 21)),
        ("xqzt wvvk", date(2017, 1, 2)),
    ]
    assert (measured["n"], measured["unknown"]) == (2, 1)
    assert measured["doc@1"]["value"] == 0.5
    assert "facts" not in measured
    assert set(measured["baselines"]) == {"what other letters cite most", "what utilization review cited"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"evaluation.json", "evaluation.md", "misses.jsonl"}


def test_labelled_facts_are_measured_too(gold_file: Callable[..., Path], tmp_path: Path) -> None:
    gold = gold_file(row("A", "Acupuncture", "MTUS Acupuncture Treatment 2007"))
    labels = tmp_path / "facts.jsonl"
    told = {"prior_physical_therapy": "present", "pain_score": "present", "prior_surgery": "absent"}
    told["prior_acupuncture"] = "absent"  # it is only requested
    row_of_labels = {"case_number": "A", "labels": {name: {"value": value} for name, value in told.items()}}
    labels.write_text(json.dumps(row_of_labels))
    measured = evaluate(ScriptedLibrary(), LEXICON, gold, facts=labels)["facts"]  # type: ignore[arg-type]
    assert (measured["facts_present_found"]["value"], measured["facts_present_found"]["n"]) == (1.0, 2)
    assert (measured["facts_absent_kept"]["value"], measured["false_absences"]) == (1.0, 0)
    labels.write_text('{"case_number": "Z", "labels": {}}\n')
    with pytest.raises(AssistantError, match="labels Z, which is none of the letters"):
        evaluate(ScriptedLibrary(), LEXICON, gold, facts=labels)  # type: ignore[arg-type]


def test_gold_that_cannot_be_asked_is_refused(gold_file: Callable[..., Path]) -> None:
    with pytest.raises(AssistantError, match="holds no letter"):
        evaluate(ScriptedLibrary(), LEXICON, gold_file())  # type: ignore[arg-type]
    with pytest.raises(AssistantError, match="letter A has no decision date"):
        evaluate(ScriptedLibrary(), LEXICON, gold_file(row("A", "x", "ODG", decision_date="")))  # type: ignore[arg-type]
