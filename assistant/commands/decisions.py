"""`search` and `searches`: past decisions, and searches kept by name."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.domain import Outcome
from assistant.library.sort import Sort

searches = typer.Typer(help="Searches kept by name.", no_args_is_help=True)

ForOutcome = Annotated[Outcome | None, typer.Option(help="Only this outcome.")]
OfService = Annotated[str | None, typer.Option(help="Only this kind of service, or a service as a request words it.")]
OfRegion = Annotated[str | None, typer.Option(help="Only services that name this part of the body.")]
OfGuideline = Annotated[str | None, typer.Option(help="Only decisions that cite this guideline.")]
DecidedFrom = Annotated[str | None, typer.Option("--from", help="Decided on this day or later (YYYY-MM-DD).")]
DecidedTo = Annotated[str | None, typer.Option("--to", help="Decided on this day or earlier (YYYY-MM-DD).")]
OfSpecialty = Annotated[str | None, typer.Option(help="Only reviewers of this specialty.")]
Modified = Annotated[
    bool | None, typer.Option("--modified/--not-modified", help="Whether utilization review certified a part.")
]
Words = Annotated[str, typer.Argument(help="What to look for; empty lists what fits the options by date.")]


def search(
    words: Words = "",
    outcome: ForOutcome = None,
    service: OfService = None,
    region: OfRegion = None,
    guideline: OfGuideline = None,
    decided_from: DecidedFrom = None,
    decided_to: DecidedTo = None,
    specialty: OfSpecialty = None,
    modified: Modified = None,
    like: Annotated[str | None, typer.Option(help="Decisions like this one, by its decision_id.")] = None,
    saved: Annotated[str | None, typer.Option(help="Run a saved search; what else is given narrows it.")] = None,
    sort: Annotated[Sort, typer.Option(help="The nearest first, or the newest first.")] = Sort.RELEVANCE,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many decisions at most.")] = 10,
    offset: Annotated[int, typer.Option(min=0, help="How many decisions to pass over.")] = 0,
    facets: Annotated[bool, typer.Option("--facets", help="Also count the matches by service, region ...")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Mend no misspelt word.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find past decisions by their words and their meaning."""
    from assistant.library.choices import Choices
    from assistant.printing import found_as_json, found_as_text

    given = Choices(outcome, service, region, guideline, decided_from, decided_to, specialty, modified)
    running = opened(data_dir)
    if saved is not None:
        kept = running.saved_search(running.settings.user, saved)
        words, given = words or kept.words, Choices.of({**kept.choices, **given.as_mapping()})
    found = running.search_decisions(
        words, choices=given, like=like, sort=sort, limit=limit, offset=offset, facets=facets, exact=exact
    )
    if as_json:
        print_json(found_as_json(found))
    else:
        typer.echo(found_as_text(found))


@searches.command(name="list")
def list_searches(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the saved searches."""
    from assistant.printing import saved_as_json, saved_as_text

    running = opened(data_dir)
    for kept in running.saved_searches(running.settings.user):
        if as_json:
            print_json(saved_as_json(kept))
        else:
            typer.echo(saved_as_text(kept))


@searches.command(name="save")
def save_search(
    name: Annotated[str, typer.Argument(help="What to call it; an earlier one of that name is replaced.")],
    words: Words = "",
    outcome: ForOutcome = None,
    service: OfService = None,
    region: OfRegion = None,
    guideline: OfGuideline = None,
    decided_from: DecidedFrom = None,
    decided_to: DecidedTo = None,
    specialty: OfSpecialty = None,
    modified: Modified = None,
    data_dir: DataDir = None,
) -> None:
    """Keep a search under a name; `search --saved NAME` runs it."""
    from assistant.library.choices import Choices

    given = Choices(outcome, service, region, guideline, decided_from, decided_to, specialty, modified)
    running = opened(data_dir)
    kept = running.save_search(running.settings.user, name, words, given)
    say(f"Saved the search “{kept.name}”.")


@searches.command(name="delete")
def delete_search(
    name: Annotated[str, typer.Argument(help="The saved search to forget.")], data_dir: DataDir = None
) -> None:
    """Forget a saved search."""
    running = opened(data_dir)
    running.delete_search(running.settings.user, name)
    say(f"Deleted the saved search “{name}”.")
