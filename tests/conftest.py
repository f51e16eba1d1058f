"""Fixtures of all tests: real letters where they are at hand, and a CI in which nothing may be skipped for want."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

_REQUIRED = ("letters", "browser")


@pytest.fixture(scope="session")
def letters_dir() -> Path:
    """The folder of real letters (`letters/`, `gold.jsonl`, `facts.jsonl`), named by IMR_LETTERS."""
    named = os.environ.get("IMR_LETTERS")
    if not named or not (Path(named) / "gold.jsonl").is_file():
        pytest.skip("IMR_LETTERS names no folder of real letters; they are not part of this repository")
    return Path(named)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With IMR_REQUIRE_ALL set, a skipped test of real letters or of the browser has failed."""
    report = yield
    marked = [name for name in _REQUIRED if item.get_closest_marker(name)]
    if os.environ.get("IMR_REQUIRE_ALL") and marked and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, although a {' and '.join(marked)} test is required here: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def starter_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the starter library, built once by the real embedder; copy it, never write to it."""
    from assistant.service import Service
    from assistant.settings import Settings

    folder = tmp_path_factory.mktemp("starter") / "data"
    Service.open(Settings(data_dir=folder)).close()
    return folder


@pytest.fixture
def data_dir(starter_dir: Path, tmp_path: Path) -> Path:
    """A data folder of one test's own, with the starter library in it."""
    return Path(shutil.copytree(starter_dir, tmp_path / "data"))


@pytest.fixture
def run_cli() -> Callable[..., CompletedProcess[str]]:
    """Run `imr-assistant` as a process of its own: arguments in, the finished process out."""

    def run(*arguments: object, stdin: bytes | None = None, timeout: float = 120) -> CompletedProcess[str]:
        command = [sys.executable, "-m", "assistant", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, input=stdin, timeout=timeout, check=False)
        return CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
