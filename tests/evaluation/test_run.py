"""The evaluation asks a library that does not know the letter, as of the day of its decision."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from made_corpus import BACK, KNEE, NEEDLES, WordEmbedder, write_corpus
from sqlalchemy import Engine

from assistant.drafting.chain import Drafter
from assistant.errors import AssistantError
from assistant.evaluation.run import Plan, evaluate
from assistant.evaluation.split import Part, Split
from assistant.library.library import Library
from assistant.library.scratch import scratch_library
from assistant.reading.lexicon import load_lexicon
from assistant.settings import Settings

LEXICON = load_lexicon(Settings().corpus_dir)
SUMMARY = "A 50 year old baker had 8 visits of physical therapy. The pain is rated 6/10. Acupuncture is requested."


def row(case_number: str, service: str, cited: str, **more: Any) -> dict[str, Any]:
    issue = {
        "service": service,
        "outcome": "Upheld",
        "reviewer_guideline": f"Decision based on {cited}.",
        "claims_administrator_guideline": "Decision based on ODG.",
        "guidelines": [],
        "rationale": f"The baker of {case_number} asked for {service} and the file says little of what it did before.",
    }
    return {
        "case_number": case_number,
        "case_summary": SUMMARY,
        "decision_date": "12/21/2016",
        "issues": [issue],
        **more,
    }


ROWS = (
    row("A", "scanning", f"{BACK}, Section(s): Special Studies"),
    row("B", "scanning", f"{BACK}, Section(s): Special Studies"),
    row("C", "scanning", f"{BACK}, Section(s): Special Studies"),
    row("D", "quills", NEEDLES),
)


def test_each_reading_leaves_out_what_it_says(library: Library, gold_file: Callable[..., Path], tmp_path: Path) -> None:
    measured = evaluate(library, LEXICON, Plan(gold_file(*ROWS), out=tmp_path / "out"))
    readings = measured["readings"]
    assert {name: found["unknown"] for name, found in readings.items()} == {
        "strict": 1,  # quills is of D alone
        "all_aliases": 0,
        "starter_only": 1,
        "order_without_letter": 1,
    }
    assert readings["order_without_letter"]["sec@1"]["value"] == 1.0  # the others cite the section
    assert readings["starter_only"]["sec@1"]["value"] == 0.0  # the corpus puts another first
    assert (measured["reading"], measured["doc@3"]) == ("strict", readings["strict"]["doc@3"])
    assert "facts" not in measured
    assert "parts" not in measured
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text()) == measured
    missed = [json.loads(line) for line in (tmp_path / "out" / "misses.jsonl").read_text().splitlines()]
    assert "D" in {row["case_number"] for row in missed}
    assert {row["case_summary"] for row in missed} == {SUMMARY}


def test_what_is_in_force_depends_on_the_day_of_the_decision(library: Library, gold_file: Callable[..., Path]) -> None:
    late = evaluate(library, LEXICON, Plan(gold_file(row("A", "scanning", KNEE, decision_date="01/02/2018"))))
    assert late["doc@5"]["value"] == 0.0


def test_parts_stand_beside_the_whole(library: Library, gold_file: Callable[..., Path]) -> None:
    measured = evaluate(library, LEXICON, Plan(gold_file(*ROWS), split=Split(1, seed=3)))
    assert {name: part["letters"] for name, part in measured["parts"].items()} == {"rest": 3, "set_aside": 1}
    assert measured["letters"] == 4


def test_a_part_alone_never_touches_the_other(library: Library, gold_file: Callable[..., Path]) -> None:
    gold = gold_file(*ROWS)
    measured = evaluate(library, LEXICON, Plan(gold, split=Split(1, seed=3, only=Part.REST)))
    assert (measured["letters"], library.count_real()) == (3, 3)
    assert "parts" not in measured


def test_the_users_library_is_left_alone(tmp_path: Path, lender: Engine, gold_file: Callable[..., Path]) -> None:
    settings = Settings(data_dir=tmp_path / "data", corpus_dir=write_corpus(tmp_path / "corpus"))
    before = {path.name for path in settings.data_dir.iterdir()}
    with scratch_library(settings, lender, WordEmbedder()) as library:
        evaluate(library, LEXICON, Plan(gold_file(*ROWS)))
    assert {path.name for path in settings.data_dir.iterdir()} == before


def test_labelled_facts_are_measured_too(library: Library, gold_file: Callable[..., Path], tmp_path: Path) -> None:
    gold = gold_file(row("A", "needling", NEEDLES))
    labels = tmp_path / "facts.jsonl"
    told = {"prior_physical_therapy": "present", "pain_score": "present", "prior_surgery": "absent"}
    told["prior_acupuncture"] = "absent"  # it is only requested
    row_of_labels = {"case_number": "A", "labels": {name: {"value": value} for name, value in told.items()}}
    labels.write_text(json.dumps(row_of_labels))
    measured = evaluate(library, LEXICON, Plan(gold, facts=labels))["facts"]
    assert (measured["facts_present_found"]["value"], measured["facts_present_found"]["n"]) == (1.0, 2)
    assert (measured["facts_absent_kept"]["value"], measured["false_absences"]) == (1.0, 0)
    labels.write_text('{"case_number": "Z", "labels": {}}\n')
    with pytest.raises(AssistantError, match="labels Z, which is none of the letters"):
        evaluate(library, LEXICON, Plan(gold, facts=labels))


def test_cases_are_drafted_with_their_letter_left_out(
    library: Library, gold_file: Callable[..., Path], tmp_path: Path
) -> None:
    labels = tmp_path / "facts.jsonl"
    told = {"pain_score": {"value": "present", "quotes": ["6/10"]}, "prior_surgery": {"value": "present", "note": "x"}}
    labels.write_text("".join(json.dumps({"case_number": n, "labels": told}) + "\n" for n in ("A", "B")))
    drafter = Drafter(library, LEXICON, library.taxonomy, today=lambda: date(2026, 1, 2))
    plan = Plan(gold_file(*ROWS), facts=labels, out=tmp_path / "out", facts_split=Split(1, seed=3))
    measured = evaluate(library, LEXICON, plan, drafter.over)
    drafts, facts = measured["drafts"], measured["facts"]
    assert (drafts["letters"], drafts["lean_none"]["n"], drafts["grounding_faults"]) == (4, 4, 0)
    assert {name: part["letters"] for name, part in facts["parts"].items()} == {"rest": 1, "set_aside": 1}
    assert (facts["features"]["prior_surgery"]["facts_recall"]["value"], facts["false_absences"]) == (0.0, 2)
    page = (tmp_path / "out" / "misses.md").read_text()
    assert page.count("### prior\\_surgery") == 2
    assert "- note: x" in page


def test_gold_that_cannot_be_asked_is_refused(library: Library, gold_file: Callable[..., Path]) -> None:
    with pytest.raises(AssistantError, match="holds no letter"):
        evaluate(library, LEXICON, Plan(gold_file()))
    with pytest.raises(AssistantError, match="letter A has no decision date"):
        evaluate(library, LEXICON, Plan(gold_file(row("A", "x", "ODG", decision_date=""))))


@pytest.mark.parametrize(
    ("options", "named"), [(("--only", "rest"), "--set-aside"), (("--set-aside-facts", 2), "--facts")]
)
def test_a_part_without_its_split_is_wrong_usage(
    options: tuple[object, ...], named: str, run_cli: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    done = run_cli("evaluate", tmp_path / "gold.jsonl", *options, "--data-dir", tmp_path / "data")
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert not (tmp_path / "data").exists()
