"""SECURITY.md: each claim names what shows it, and that is there."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PAGE = (_ROOT / "SECURITY.md").read_text("utf-8")
_FILE = re.compile(r"`([\w./-]+\.(?:py|md|yaml|sh|lock|toml)|Containerfile)`")


def test_every_file_that_is_named_is_there() -> None:
    named = _FILE.findall(_PAGE)
    assert len(named) > 20
    assert [name for name in named if not (_ROOT / name).is_file()] == []


def test_every_attack_that_is_said_to_be_stopped_names_what_shows_it() -> None:
    table = _PAGE.partition("| attack | what stops it | shown by |\n|---|---|---|\n")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    assert len(rows) > 15
    assert [row[0] for row in rows if len(row) != 3 or not _FILE.search(row[2])] == []
