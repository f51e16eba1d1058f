"""`deidentify`: what it prints, and wrong input in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

RunCli = Callable[..., CompletedProcess[str]]
NOTE = "Patient: Chidi Okonkwo, claim no. 12345-678, has L5-S1 pain since 03/14/2015."


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_text(NOTE, "utf-8")
    return file


def test_a_pipe_gets_every_replacement_marked(run_cli: RunCli, note: Path) -> None:
    done = run_cli("deidentify", note, "--dates", "year")
    assert done.stdout == (
        "Patient: [[PERSON: [PERSON-1]]], claim no. [[ID: [ID-1]]], has L5-S1 pain since [[DATE: [DATE-1, 2015]]].\n"
    )
    assert done.stderr.startswith("Hidden: 1 PERSON, 1 ID, 1 DATE. ")
    assert "Safe Harbor" in done.stderr


def test_plain_is_what_would_be_sent(run_cli: RunCli, note: Path) -> None:
    done = run_cli("deidentify", note, "--plain", "--dates", "year")
    assert done.stdout == "Patient: [PERSON-1], claim no. [ID-1], has L5-S1 pain since [DATE-1, 2015].\n"


def test_json_holds_originals_at_their_offsets(run_cli: RunCli, note: Path) -> None:
    printed = json.loads(run_cli("deidentify", note, "--json").stdout)
    assert [NOTE[one["start"] : one["end"]] for one in printed["replacements"]] == [
        "Chidi Okonkwo",
        "12345-678",
        "03/14/2015",
    ]
    assert all(one["stand_in"] in printed["text"] for one in printed["replacements"])


def test_wrong_input_is_one_sentence(run_cli: RunCli, tmp_path: Path) -> None:
    missing, empty = run_cli("deidentify", tmp_path / "none.txt"), run_cli("deidentify", "-", stdin=b" \n")
    assert (missing.returncode, missing.stderr) == (1, "none.txt could not be read: there is no such file.\n")
    assert (empty.returncode, empty.stderr) == (1, "What was piped in holds no text.\n")
    assert run_cli("deidentify", tmp_path, "--dates", "month").returncode == 2
