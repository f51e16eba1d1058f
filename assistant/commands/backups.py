"""`backup`, `restore` and `upgrade`: the data folder kept safe and brought to the newest tables."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.shared import DataDir, say, settings_of
from assistant.commands.telling import tell
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.dumping import Server
    from assistant.settings import Settings

backup = typer.Typer(help="Backups of the data folder, made while the program may run.", no_args_is_help=True)
NoCheck = Annotated[bool, typer.Option("--no-check", help="Do not prove the result by opening it.")]


@backup.command("make")
def make(
    to: Annotated[Path, typer.Argument(help="The folder that the backups lie in.")],
    keep: Annotated[int, typer.Option(min=0, help="Delete all but the newest so many; 0 keeps all.")] = 0,
    no_check: NoCheck = False,
    data_dir: DataDir = None,
) -> None:
    """Back the data folder up into one archive, and prove it by restoring it."""
    _made(settings_of(data_dir), to, keep=keep, check=not no_check)


@backup.command("list")
def list_(folder: Annotated[Path, typer.Argument(help="The folder that the backups lie in.")]) -> None:
    """List the backups of a folder, oldest first."""
    from assistant.backup import backups

    for path in backups(folder):
        typer.echo(f"{path.name}\t{path.stat().st_size} bytes")


@backup.command("check")
def check(file: Annotated[Path, typer.Argument(help="A backup.")], data_dir: DataDir = None) -> None:
    """Prove a backup by restoring it into a folder of its own and looking at all of it."""
    if _prove(settings_of(data_dir), file):
        say(f"{file.name} restores to a library that is whole.")


def restore(
    source: Annotated[Path, typer.Argument(help="A backup.")], no_check: NoCheck = False, data_dir: DataDir = None
) -> None:
    """Restore a backup into a new or empty data folder."""
    from assistant import backup as archives

    settings = settings_of(data_dir)
    found = archives.restore(source, settings.data_dir, _server(settings))
    _tell(settings, "backup_restored")
    if not no_check:
        _examine(settings)
    say(f"Restored {source.name} of {found.made} into {settings.data_dir}.")


def upgrade(
    to: Annotated[Path, typer.Argument(help="The folder that the backup before it goes to.")],
    data_dir: DataDir = None,
) -> None:
    """Back the data folder up, bring it to this program's tables, then check it."""
    from assistant.database import head

    settings = settings_of(data_dir)
    _made(settings, to, keep=0, check=False)
    _examine(settings)
    say(f"The data folder {settings.data_dir} is at {head()}.")


def _made(settings: Settings, to: Path, *, keep: int, check: bool) -> None:
    """The one place at which a backup is made; the newest older one goes only after the new one is proved."""
    from assistant import backup as archives

    found = archives.make(settings.data_dir, to, _server(settings))
    _tell(settings, "backup_made")
    if check:
        _prove(settings, found.path)
    archives.keep_newest(to, keep)
    typer.echo(found.path)


def _tell(settings: Settings, kind: str) -> None:
    """Put it into the data folder's audit log; a restored log says so from then on."""
    from assistant.records import Act

    try:
        tell(settings, Act.BACKUP_MADE if kind == "backup_made" else Act.BACKUP_RESTORED, kind=kind)
    except AssistantError as error:  # the backup itself is whole; it needs no key
        say(f"The audit log was not told: {error}")


def _server(settings: Settings) -> Server | None:
    """The PostgreSQL server that the settings name, if they name one."""
    from assistant.dumping import Server

    address = settings.database_url.get_secret_value()
    return Server(settings.data_dir, address, settings.postgres_bin) if address else None


def _prove(settings: Settings, file: Path) -> bool:
    """Restore a backup beside the data, look at all of it; False where it could only be read through."""
    from pydantic import SecretStr

    from assistant import backup as archives

    server = _server(settings) if archives.describe(file).server else None
    with tempfile.TemporaryDirectory(prefix="imr-check-") as held, ExitStack() as opened:
        folder = Path(held) / "data"
        if server is None:
            archives.restore(file, folder)
            _examine(settings.model_copy(update={"data_dir": folder, "database_url": SecretStr("")}))
            return True
        scratch = opened.enter_context(server.scratch())
        archives.restore(file, folder, scratch or server, load=scratch is not None)
        if scratch is None:
            say(
                f"{file.name} was read whole, but not restored: the user of database_url may make no database "
                "(ALTER ROLE ... CREATEDB lets it)."
            )
            return False
        # An index on a Chroma server is shared with the library that is in use, and would be built anew there.
        vectors = "pgvector" if settings.vectors == "pgvector" else "chroma"
        named = {"data_dir": folder, "database_url": SecretStr(scratch.address), "vectors": vectors}
        _examine(settings.model_copy(update=named))
    return True


def _examine(settings: Settings) -> None:
    from assistant.doctor import examine

    # How the server is set is not of the data.
    amiss = [check.name for check in examine(settings) if not check.ok and check.name != "database"]
    if amiss:
        raise AssistantError(f"The data folder was looked at and is not whole ({', '.join(amiss)}); run doctor on it.")
