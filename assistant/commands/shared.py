"""What the commands share: their common options, opening the service, printing."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.service import Service
    from assistant.settings import Settings

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Where the library and the records are kept.")]
_OPENED = ExitStack()
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


def settings_of(data_dir: Path | None) -> Settings:
    """The settings of this run; AssistantError names those that cannot be used."""
    from pydantic import ValidationError

    from assistant.settings import Settings

    try:
        return Settings(data_dir=data_dir) if data_dir else Settings()
    except ValidationError as error:
        names = ", ".join("IMR_" + str(e["loc"][0]).upper() for e in error.errors() if e["loc"])
        raise AssistantError(f"A setting cannot be used: {names or 'unknown'}; see docs/settings.md.") from None


def opened(data_dir: Path | None) -> Service:
    """The service over the data folder, made or migrated if needed, with a progress bar.

    It is closed when the command ends.
    """
    from assistant.printing import progress_bar
    from assistant.service import Service

    service = Service.open(settings_of(data_dir), progress=progress_bar())
    _OPENED.callback(service.close)
    return service


def close_opened() -> None:
    """Close every service that a command has opened."""
    _OPENED.close()


def say(line: str) -> None:
    """A line to the person, beside the output."""
    typer.echo(line, err=True)


def print_json(value: object) -> None:
    """One JSON value on a line."""
    typer.echo(json.dumps(value, ensure_ascii=False))
