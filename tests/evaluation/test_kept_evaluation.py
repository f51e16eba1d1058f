"""What is kept of an evaluation: its figures, no word of the letters, and what a page shows of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import DataFolderError
from assistant.evaluation.kept import NAME, keep, last_kept
from assistant.evaluation.run import Plan
from assistant.evaluation.split import Split

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
SHARE = {"value": 0.5, "low": 0.25, "high": 0.75, "n": 8}
MEASURED = {
    "reading": "strict",
    "letters": 4,
    "n": 9,
    "doc@1": SHARE,
    "doc@3": {"n": 0},
    "baselines": {"most cited": {"doc@1": {**SHARE, "value": 0.4}}, "full text only": {"doc@1": SHARE}, "none": {}},
    "facts": {"facts_recall": SHARE, "misses": [{"quote": "she walks"}]},
    "drafts": {"grounding_faults": 1, "sentences": 30, "lean_none": SHARE, "note": "The reviewer decides."},
}


def test_the_figures_come_back_without_a_word_of_the_letters(tmp_path: Path) -> None:
    keep(tmp_path, MEASURED, Plan(Path("of/gold.jsonl"), Path("facts.jsonl"), split=Split(16)), NOW)
    kept = last_kept(tmp_path)
    assert kept is not None
    assert (kept.at, kept.letters, kept.issues, kept.grounding) == (NOW, 4, 9, (1, 30))
    assert kept.command == "imr-assistant evaluate GOLD --facts FACTS --set-aside 16"
    assert [[figure.name for figure in panel.figures] for panel in kept.panels] == [
        ["doc@1"],
        ["facts_recall"],
        ["lean_none"],
    ]
    first = kept.panels[0].figures[0]
    assert (first.value, first.low, first.high, first.n, first.beside) == (0.5, 0.25, 0.75, 8, ("full text only", 0.5))
    written = (tmp_path / NAME).read_text("utf-8")
    assert not [word for word in ("walks", "gold.jsonl", "reviewer decides") if word in written]


def test_a_later_one_takes_the_place_of_an_earlier(tmp_path: Path) -> None:
    for letters in (4, 64):
        keep(tmp_path, {"letters": letters}, Plan(Path("gold.jsonl")), NOW)
    kept = last_kept(tmp_path)
    assert kept is not None
    assert (kept.letters, kept.panels, kept.grounding) == (64, (), None)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("held", [None, "", "[]", '{"at": "yesterday", "command": "", "measured": {}}'])
def test_what_is_not_there_or_torn_is_none(tmp_path: Path, held: str | None) -> None:
    if held is not None:
        (tmp_path / NAME).write_text(held, "utf-8")
    assert last_kept(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match="could not be kept in the data folder"):
        keep(tmp_path / "missing", MEASURED, Plan(Path("gold.jsonl")), NOW)
