"""The seed letter's case, end to end: what the draft must say, and what it must not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from assistant.reading.letters import read_letter

pytestmark = pytest.mark.letters


@pytest.fixture(scope="module")
def seed_case(letters_dir: Path) -> str:
    letter = read_letter((letters_dir / "seed_acupuncture_letter.txt").read_text("utf-8"))
    assert letter.case_summary is not None
    return letter.case_summary


@pytest.fixture
def drafted(
    seed_case: str, run_cli: Callable[..., CompletedProcess[str]], data_dir: Path, tmp_path: Path
) -> Callable[..., dict[str, Any]]:
    file = tmp_path / "seed.txt"
    file.write_text(seed_case, "utf-8")

    def draft(*options: str) -> dict[str, Any]:
        done = run_cli("draft", file, "--json", "--data-dir", data_dir, *options)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    return draft


def test_as_of_2016(drafted: Callable[..., dict[str, Any]]) -> None:
    draft = drafted("--date", "2016-03-01")
    (issue,) = draft["issues"]
    assert issue["guidelines"][0]["guideline"] == "MTUS Acupuncture Treatment 2007"
    status = {f["criterion_id"]: f["status"] for f in issue["findings"]}
    assert status["acupuncture.extension"] == "not_found"
    assert issue["quantity"] == 6
    assert issue["outcome"] == "Upheld"
    assert all(s["verified"] for s in issue["sentences"])
    conclusion = issue["sentences"][-1]
    assert conclusion["move"] == "conclusion"
    assert "6 sessions of acupuncture" in conclusion["text"]
    assert "not medically necessary" in conclusion["text"]
    assert "how many" in issue["rationale"] or "number of" in issue["rationale"]
    assert "left L5" not in issue["rationale"]  # the summary says "rule out"
    absent = [f["criterion"] for f in issue["findings"] if f["status"] == "not_found"]
    assert not any("radiat" in text or "radicul" in text for text in absent)


def test_as_of_today_the_edition_was_replaced(drafted: Callable[..., dict[str, Any]]) -> None:
    draft = drafted("--date", "2026-11-24")
    (issue,) = draft["issues"]
    assert issue["outcome"] is None
    assert issue["lean"]["outcome"] is None
    assert "replaced" in issue["rationale"]
    assert "2017-12-01" in issue["rationale"]
    assert all("2007" not in f["criterion"] for f in issue["findings"])
    assert any("ACOEM" in g["guideline"] for g in issue["guidelines"])
    assert any("import" in text.casefold() for text in issue["notices"])


def test_forced_to_overturned_leaves_the_gap_to_the_reviewer(drafted: Callable[..., dict[str, Any]]) -> None:
    (issue,) = drafted("--date", "2016-03-01", "--outcome", "Overturned")["issues"]
    slots = [s for s in issue["sentences"] if s.get("slot")]
    assert issue["outcome_from"] == "reviewer"
    assert slots
    assert all(not s["verified"] and not s["supports"] for s in slots)
    assert all(slot["text"] not in issue["rationale"] for slot in slots)
    assert all(s["verified"] for s in issue["sentences"] if not s.get("slot"))
