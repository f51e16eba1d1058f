"""The documentation names every command and every setting as the program has them."""

from __future__ import annotations

from pathlib import Path

from assistant.cli import commands
from assistant.settings import Settings

_DOCS = Path(__file__).parents[1] / "docs"


def test_every_command_stands_in_the_documentation() -> None:
    page = (_DOCS / "commands.md").read_text("utf-8")
    assert [name for name in commands() if f"## {name}\n" not in page] == []


def test_every_setting_stands_in_the_documentation_with_its_words() -> None:
    page = (_DOCS / "settings.md").read_text("utf-8")
    missing = [
        name
        for name, field in Settings.model_fields.items()
        if f"`IMR_{name.upper()}`" not in page or str(field.description) not in page
    ]
    assert missing == []
