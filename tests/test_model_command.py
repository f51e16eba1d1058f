"""`model` and `prompts` as a user types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.models import babbling_server as server

Run = Callable[..., CompletedProcess[str]]


def test_a_model_is_set_shown_and_tested(run_cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_CHAT_KEY", "sk-secret")
    with server.babbling(server.says("Blue.")) as babbling:
        assert (
            run_cli(
                "model", "set", "chat_model=openai:m", f"IMR_CHAT_URL={babbling.url}", "--data-dir", tmp_path
            ).returncode
            == 0
        )
        shown = run_cli("model", "--data-dir", tmp_path)
        tested = run_cli("model", "test", "--json", "--data-dir", tmp_path)
        assert babbling.keys[0] == "Bearer sk-secret"
    assert "IMR_CHAT_MODEL=openai:m" in shown.stdout
    assert "which is on this machine" in shown.stdout
    assert "sk-secret" not in shown.stdout + tested.stdout + tested.stderr
    assert tested.returncode == 0
    assert json.loads(tested.stdout)["steps"][1]["result"] == "ok"
    down = run_cli("model", "test", "--data-dir", tmp_path)
    assert down.returncode == 1
    assert down.stdout.startswith("reachable: failed. The chat model's server cannot be reached")


def test_wrong_choices_are_wrong_usage(run_cli: Run, tmp_path: Path) -> None:
    for words in (("chat_model",), ("chat_key=k",), ("chat_tokens=many",)):
        done = run_cli("model", "set", *words, "--data-dir", tmp_path)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_prompts_are_listed_shown_and_checked(run_cli: Run, tmp_path: Path) -> None:
    own = tmp_path / "prompts"
    own.mkdir()
    (own / "trial_answer.md").write_text(
        "---\nname: trial_answer\nversion: 7\ninputs: [question]\noutput: text\n---\nBe brief.\n\n{question}", "utf-8"
    )
    (own / "trial_speed.md").write_text("nothing", "utf-8")
    listed = run_cli("prompts", "--data-dir", tmp_path)
    assert "trial_answer 7, own" in listed.stdout
    assert "trial_speed 1, shipped" in listed.stdout
    assert "The shipped one is used." in listed.stderr
    assert run_cli("prompts", "show", "trial_answer", "--data-dir", tmp_path).stdout.startswith("Be brief.")
    assert run_cli("prompts", "show", "nosuch", "--data-dir", tmp_path).returncode == 1
    assert run_cli("prompts", "check").returncode == 0
