"""After a run over a case with marked words, no log, temporary folder, file name or data file holds one of them."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import traceback
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.keys import new_key
from assistant.service import Service
from assistant.settings import Settings

MARK = "Xyloqvist"
_SAMPLE = (Settings().corpus_dir / "cases" / "acupuncture-low-back.txt").read_text("utf-8")
CASE = f"The patient is {MARK} Primavera. {_SAMPLE}\nSeen by {MARK} Primavera on the day."
DAY = date(2016, 3, 1)


def holding(folder: Path) -> list[str]:
    """The files of a folder that hold a marked word, in their name or in their bytes."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if MARK.lower() in path.name.lower() or (path.is_file() and MARK.lower().encode() in path.read_bytes().lower())
    ]


def failing(act: object, *arguments: object, **named: object) -> str:
    """What is raised, as a log would show it with its traceback."""
    try:
        act(*arguments, **named)  # type: ignore[operator]
    except (AssistantError, ValueError) as error:
        return repr(error) + "".join(traceback.format_exception(error))
    raise AssertionError("it was to fail")


def test_a_service_leaves_no_word_of_a_case(
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    caplog.set_level(logging.DEBUG)
    server = {"chat_model": "openai:none", "chat_url": "http://127.0.0.1:9/v1", "chat_timeout": 1}
    service = Service.open(Settings(data_dir=data_dir, key=new_key(), **server))
    try:
        user = service.settings.user
        service.keep_unsent(user, {"text": CASE}, None)
        case = service.create_case(user, CASE, title=f"{MARK}, acupuncture", day=DAY).id
        service.forget_unsent(user)
        service.draft_case(user, case)
        assert MARK in service.case(user, case).text
        list(service.cases(user, MARK))
        bad = tmp_path / "bad.pdf"
        bad.write_bytes(b"%PDF-1.4 " + MARK.encode())
        faults = [
            failing(service.read_upload, bad),
            failing(service.case, user, "no-such-case"),
            failing(service.create_case, user, "\0" + MARK),
            failing(service.change_case, user, case, received=date(2999, 1, 1)),
        ]
        assert [fault for fault in faults if MARK in fault] == []
        assert holding(data_dir) == []  # with the log of the database in it
    finally:
        service.close()
    assert holding(data_dir) == []
    assert holding(temporary) == []
    assert MARK not in caplog.text
    printed = capfd.readouterr()
    assert MARK not in printed.out + printed.err


@pytest.mark.slow
def test_the_command_line_leaves_no_word_of_a_case(data_dir: Path, tmp_path: Path) -> None:
    temporary, given = tmp_path / "temporary", tmp_path / "given"
    temporary.mkdir()
    given.mkdir()
    (given / "case.txt").write_text(CASE)
    (given / "bad.pdf").write_bytes(b"%PDF-1.4 " + MARK.encode())
    environment = os.environ | {"TMPDIR": str(temporary), "IMR_KEY": new_key(), "IMR_DATA_DIR": str(data_dir)}

    def run(*arguments: object, code: int = 0, words: str | None = None) -> str:
        command = [sys.executable, "-m", "assistant", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, input=words, check=False)
        assert done.returncode == code, done.stderr
        assert MARK not in done.stderr
        return done.stdout

    case = run("cases", "new", given / "case.txt", "--date", DAY).split()[0]
    assert case in run("cases", "list")
    run("cases", "change", case, "--title", f"About {MARK}")
    run("draft", given / "bad.pdf", code=1)
    run("cases", "new", given / "bad.pdf", code=1)
    run("search", MARK)
    assert holding(data_dir) == []
    run("cases", "delete", case)
    printed = run("cases", "purge", case, "--yes")
    assert MARK not in printed
    assert "left in 0" in printed
    assert run("cases", "certificate", case) == printed
    assert holding(data_dir) == []
    assert holding(temporary) == []
