"""`database copy`: a data folder's tables from SQLite into PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, print_json, say, settings_of

database = typer.Typer(help="The database: SQLite in the data folder, or PostgreSQL.", no_args_is_help=True)


@database.command(name="copy")
def copy(
    to: Annotated[str, typer.Option("--to", help="An empty database, as postgresql://USER@HOST/DATABASE.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy every table into an empty PostgreSQL database, check the counts, and build its full text."""
    from assistant.service import Service

    counts = Service.copy_database(settings_of(data_dir), to)
    if as_json:
        print_json(counts)
    else:
        for name, count in counts.items():
            typer.echo(f"{count:>9}  {name}")
    say("Copied and counted; set IMR_DATABASE_URL to use it, and keep the data folder, whose files it does not hold.")
