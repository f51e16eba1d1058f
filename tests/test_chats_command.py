"""`imr-assistant chats`: what was said comes back, and what was deleted does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from assistant.database import open_database
from assistant.records import Chats, Records

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def talked(data_dir: Path) -> tuple[Path, str]:
    """A data folder with a case and its chat of two turns."""
    engine = open_database(data_dir)
    case = Records(engine).create_case("reviewer", title="A sore wrist", text="A wrist.", day=None, services=()).id
    chats = Chats(engine)
    chats.add_turn("reviewer", case, "reviewer", "Why the zebrafish?")
    chats.add_turn("reviewer", case, "assistant", "It is not named.", {"blocks": []})
    engine.dispose()
    return data_dir, case


def test_a_chat_is_listed_found_exported_and_deleted(run_cli: Run, talked: tuple[Path, str], tmp_path: Path) -> None:
    folder, case = talked
    listed = run_cli("chats", "list", "--json", "--data-dir", folder)
    assert [(row["case"], row["turns"]) for row in map(json.loads, listed.stdout.splitlines())] == [(case, 2)]
    found = run_cli("chats", "find", "ZEBRAFISH", "--data-dir", folder)
    assert "Why the zebrafish?" in found.stdout
    out = tmp_path / "chat.md"
    assert run_cli("chats", "export", case, "--out", out, "--data-dir", folder).returncode == 0
    assert "It is not named." in out.read_text("utf-8")
    asked = run_cli("chats", "delete", case, "--data-dir", folder, stdin=b"n\n")
    assert asked.returncode == 1
    assert "Traceback" not in asked.stderr
    assert run_cli("chats", "delete", case, "--yes", "--data-dir", folder).returncode == 0
    again = run_cli("chats", "export", case, "--format", "json", "--data-dir", folder)
    assert json.loads(again.stdout)["turns"] == []


def test_another_id_is_one_sentence(run_cli: Run, talked: tuple[Path, str]) -> None:
    done = run_cli("chats", "export", "none", "--data-dir", talked[0])
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", "There is no such case.")
