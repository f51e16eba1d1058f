"""What an evaluation prints and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import AssistantError
from assistant.evaluation.baselines import copied_from_ur, most_cited
from assistant.evaluation.citations import measure
from assistant.evaluation.gold import GoldLetter
from assistant.evaluation.readings import Reading
from assistant.evaluation.report import WIDTH, as_markdown, as_text, grids, write_files

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def measured(letters: tuple[GoldLetter, ...]) -> dict[str, Any]:
    found = measure(most_cited(letters)).as_dict()
    nothing = measure([]).as_dict()
    return {
        "reading": "strict",
        **found,
        "readings": {reading.value: found for reading in Reading},
        "parts": {"rest": found, "set_aside": nothing},
        "baselines": {"UR's citation copied": measure(copied_from_ur(letters)).as_dict()},
        "search": {"known@1": {"value": 0.5, "low": 0.25, "high": 0.75, "n": 4}},
        "timings": {"search_ms": {"median": 12.34, "p95": 56.7, "n": 4}},
        "facts": {"false_absences": 2},
    }


def test_the_ways_stand_side_by_side(measured: dict[str, Any]) -> None:
    side, figures = grids(measured)
    assert [row[0] for row in side.rows] == [
        "this program",
        "- with all aliases",
        "- starter library only",
        "- order without the letter",
        "- rest: 3 letters",
        "- set aside: 0 letters",
        "UR's citation copied",
    ]
    assert side.rows[-1][1] == "0.333"
    assert side.rows[-2][1] == "-"  # nothing to measure
    named = {row[0]: row[1:] for row in figures.rows}
    assert {"doc@1", "doc@3", "doc@5", "sec@1", "sec@3", "sec@5", "odg@1", "unknown", "n"} <= set(named)
    assert named["known@1"] == ("0.500", "0.250 to 0.750", "4")
    assert named["search_ms, median (p95)"] == ("12 (57)", "", "4")
    assert named["false_absences"][0] == "2"


def test_the_terminal_shows_whole_cells_in_its_width(measured: dict[str, Any]) -> None:
    lines = as_text(measured).splitlines()
    assert max(map(len, lines)) <= WIDTH
    cells = [cell for grid in grids(measured) for row in (grid.head, *grid.rows) for cell in row]
    assert [cell for cell in cells if cell not in "\n".join(lines)] == []
    assert [cell for cell in cells if cell not in as_markdown(measured)] == []


def share_of(value: float) -> dict[str, float | int]:
    return {"value": value, "low": value / 2, "high": 1.0, "n": 4}


FEATURES = {"pain_score": {"facts_recall": share_of(0.75), "facts_precision": {"n": 0}}}
FACTS = {**FEATURES["pain_score"], "features": FEATURES}
DRAFTS = {
    "letters": 3,
    **{name: share_of(0.5) for name in ("lean_balanced_accuracy", "lean_upheld_met", "lean_none", "findings_agree")},
    "lean_overturned_met": {"n": 0},
    "findings_left": {"n": 0},
    "grounding_faults": 0,
    "words": {"median": 120.0, "p95": 150.0, "n": 3},
    "note": "The reviewer decides.",
}


def test_facts_stand_by_feature_and_part_and_drafts_beside_them(measured: dict[str, Any], tmp_path: Path) -> None:
    parts = {"rest": {"letters": 2, **FACTS}, "set_aside": {"letters": 1, **FACTS}}
    measured |= {"facts": {**FACTS, "parts": parts}, "drafts": DRAFTS}
    *_, whole, rest, aside, drafts = grids(measured)
    assert [grid.title for grid in (rest, aside)] == [
        "Facts by feature, rest: 2 letters",
        "Facts by feature, set aside: 1 letters",
    ]
    assert whole.rows == (("all", "0.750 (4)", "- (0)"), ("pain_score", "0.750 (4)", "- (0)"))
    assert "the reviewer decides; 89% of published letters uphold" in drafts.title
    assert ("lean_balanced_accuracy", "0.500", "0.250 to 1.000", "4") in drafts.rows
    assert ("words, median (p95)", "120 (150)", "", "3") in drafts.rows
    assert max(map(len, as_text(measured).splitlines())) <= WIDTH
    write_files(tmp_path / "out", measured, (), "# Misses\n")
    assert (tmp_path / "out" / "misses.md").read_text() == "# Misses\n"
    for name in ("facts.png", "leans.png"):
        assert (tmp_path / "out" / name).read_bytes().startswith(PNG)


def test_files_hold_the_figures_the_picture_and_the_misses(measured: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    write_files(out, measured, [{"case_number": "A"}, {"case_number": "B"}])
    assert json.loads((out / "evaluation.json").read_text()) == measured
    assert (out / "evaluation.md").read_text() == as_markdown(measured)
    assert [json.loads(line)["case_number"] for line in (out / "misses.jsonl").read_text().splitlines()] == ["A", "B"]
    assert (out / "evaluation.png").read_bytes().startswith(PNG)
    assert not (out / "facts.png").exists()  # there is nothing to draw


def test_a_folder_that_cannot_be_written_is_one_sentence(measured: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(AssistantError, match="cannot be written to"):
        write_files(tmp_path / "taken", measured, ())
