"""`insights`: how the imported real decisions came out, what they document, and how the assistant itself does."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.library.documented import Where
from assistant.library.insights import By

if TYPE_CHECKING:
    from assistant.printing_insights import Listing
    from assistant.service import Service

FACTS = "facts"
Grouping = StrEnum("Grouping", {**{by.name: by.value for by in By}, "FACTS": FACTS})


def insights(
    service: Annotated[
        str | None, typer.Option(help="Only this kind of service, or a service as a request words it.")
    ] = None,
    by: Annotated[
        Grouping | None,
        typer.Option(
            help="Count outcomes by this; `facts` lays side by side what overturned and upheld decisions state. Usually"
            " `service`, and `facts` where a service is named."
        ),
    ] = None,
    where: Annotated[Where, typer.Option("--in", help="For `facts`: which part of a letter is read.")] = Where.SUMMARY,
    assistant: Annotated[
        bool, typer.Option("--assistant", help="Show instead how the assistant did in the last evaluation.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Count outcomes of the imported real letters, with 95% intervals; past decisions are not precedent."""
    from assistant.printing_insights import as_text, csv_of

    if as_csv and as_json:
        raise typer.BadParameter("give --json or --csv, not both.", param_hint="--csv")
    listing = _listing(opened(data_dir), service, by, where, assistant=assistant)
    if as_json:
        for row in listing.rows:
            print_json(row)
    elif as_csv:
        typer.echo(csv_of(listing), nl=False)
    else:
        typer.echo(as_text(listing))
    for note in listing.notes if as_json or as_csv else ():
        say(note)


def _listing(running: Service, service: str | None, by: Grouping | None, where: Where, *, assistant: bool) -> Listing:
    from assistant.printing import progress_bar
    from assistant.printing_insights import evaluation_listing, facts_listing, outcomes_listing

    if assistant:
        return evaluation_listing(running.last_evaluation())
    if by == FACTS or (by is None and service is not None):
        return facts_listing(running.documented(service, where, progress=progress_bar()))
    return outcomes_listing(running.insights(service), By(by.value if by else By.SERVICE))
