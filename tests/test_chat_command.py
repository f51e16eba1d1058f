"""The chat on the command line: a message and its answer, what is offered by number, and Ctrl+C in a turn."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.models import babbling_server as server

CASE = Path("corpus/cases/acupuncture-low-back.txt")


def test_a_case_is_talked_about_and_kept(run_cli: Callable[..., CompletedProcess[str]], data_dir: Path) -> None:
    told = run_cli(
        "chat", CASE, "--date", "2016-03-01", "--say", "why?", "--say", "uphold the acupuncture", "--say", "undo",
        "--data-dir", data_dir, "--json",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    why, upheld, undone = (json.loads(line) for line in told.stdout.splitlines())
    assert any(block["kind"] == "case" or block["kind"] == "finding" for block in why["blocks"])
    assert (why["changed"], upheld["changed"], undone["changed"]) == (False, True, True)
    listed = run_cli("cases", "list", "--data-dir", data_dir)
    assert why["case"] in listed.stdout
    again = run_cli("chat", why["case"], "--say", "what is MTUS?", "--data-dir", data_dir)
    assert "treatment guidelines for work injuries" in again.stdout
    missing = run_cli("chat", "nosuchcase", "--say", "why?", "--data-dir", data_dir)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.count("\n") == 1


@pytest.mark.slow
def test_an_interrupt_ends_a_turn_and_not_the_talk(data_dir: Path) -> None:
    began = threading.Event()

    def hangs(handler: server.Handler) -> None:
        began.set()
        server.hangs(handler)

    with server.babbling(hangs) as babbling:
        asked = {
            "IMR_CHAT_MODEL": "openai:m", "IMR_CHAT_URL": babbling.url, "IMR_CHAT_KEY": "k",
            "IMR_CHAT_HELPS": "answers", "IMR_CHAT_TIMEOUT": "60",
        }  # fmt: skip
        talk = subprocess.Popen(
            [sys.executable, "-m", "assistant", "chat", str(CASE), "--date", "2016-03-01", "--data-dir", str(data_dir),
             "--say", "what does the MTUS say about acupuncture visits?", "--say", "what is MTUS?", "--json"],
            env={**os.environ, **asked}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert began.wait(120)
        talk.send_signal(signal.SIGINT)
        out, err = talk.communicate(timeout=120)
    answers = [json.loads(line) for line in out.splitlines()]
    assert talk.returncode == 0, err
    assert len(answers) == 2
    assert "treatment guidelines for work injuries" in answers[1]["text"]
