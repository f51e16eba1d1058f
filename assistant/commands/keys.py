"""`keys`: make a key, encrypt what lies plain, turn keys, check that all can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, print_json, say, settings_of
from assistant.commands.telling import tell
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.records.sealing import Progress

keys = typer.Typer(help="The keys that case texts are encrypted under.", no_args_is_help=True)


@keys.command("new")
def new() -> None:
    """Print a new key; it is kept nowhere."""
    from assistant.keys import new_key

    typer.echo(new_key())


@keys.command("encrypt")
def encrypt(data_dir: DataDir = None) -> None:
    """Encrypt every text that lies plain; an interrupted run is taken up."""
    from assistant.records.sealing import encrypt_all

    with _engine(data_dir) as engine:
        say(f"{encrypt_all(engine, _bar())} rows were encrypted.")
        _tell(engine, data_dir, "encrypted")


@keys.command("rotate")
def rotate(
    data: Annotated[bool, typer.Option("--data", help="Give every case a new data key, and encrypt all anew.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Wrap the data keys under the first key that is given; the older ones are then needed no more."""
    from assistant.records.sealing import reencrypt, rewrap

    with _engine(data_dir) as engine:
        if data:
            say(f"{reencrypt(engine, _bar())} rows were encrypted anew.")
            _tell(engine, data_dir, "data_keys")
        else:
            say(f"{rewrap(engine)} data keys were wrapped anew.")
            _tell(engine, data_dir, "wrapped")


@keys.command("check")
def check(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Read every text, and say what is plain, damaged, or under an older key."""
    from assistant.records.sealing import check as read_all

    with _engine(data_dir) as engine:
        found = read_all(engine)
    if as_json:
        names = ("encrypted", "plain", "data_keys", "older_keys", "retired")
        print_json({**{name: getattr(found, name) for name in names}, "damaged": list(found.damaged)})
    else:
        typer.echo(f"{found.encrypted} texts are encrypted under {found.data_keys} data keys, {found.plain} lie plain.")
        if found.older_keys:
            typer.echo(f"{found.older_keys} data keys are under an older key; `keys rotate` wraps them anew.")
        if found.retired:
            typer.echo("A rotation of the data keys was interrupted; `keys rotate --data` takes it up.")
    if found.damaged:
        named = ", ".join(case or "what belongs to no case" for case in found.damaged)
        raise AssistantError(f"Texts were cut, changed or moved, of: {named}; restore them from a backup.")


@contextmanager
def _engine(data_dir: Path | None) -> Iterator[Engine]:
    import assistant.library.tables  # noqa: F401 - declares its tables, as the records do theirs
    import assistant.records  # noqa: F401
    from assistant.library.opening import database_of

    engine = database_of(settings_of(data_dir))
    try:
        yield engine
    finally:
        engine.dispose()


def _tell(engine: Engine, data_dir: Path | None, kind: str) -> None:
    """Put into the audit log that keys were turned, and how."""
    from assistant.records import Act

    tell(settings_of(data_dir), Act.KEYS_ROTATED, engine=engine, kind=kind)


def _bar() -> Progress:
    from assistant.printing import progress_bar

    return progress_bar()
