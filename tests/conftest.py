"""Fixtures of all tests: real letters where they are at hand, and a CI in which nothing may be skipped for want."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

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
