"""`search` and `searches`: past decisions, and searches kept by name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.domain import Outcome
from assistant.errors import AssistantError
from assistant.library.sort import Sort

if TYPE_CHECKING:
    from assistant.library.choices import Choices
    from assistant.service import Service

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
    csv: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write all that match as CSV, at most 10,000; - is standard output."),
    ] = None,
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
    if csv is not None:
        listed = running.list_decisions(words, choices=given, like=like, sort=sort, exact=exact)
        _write(csv, listed.pieces)
        more = f" of {listed.total:,} that match" if listed.total > listed.listed else ""
        say(f"{listed.listed:,} decisions{more} were written.")
        return
    found = running.search_decisions(
        words, choices=given, like=like, sort=sort, limit=limit, offset=offset, facets=facets, exact=exact
    )
    if as_json:
        print_json(found_as_json(found))
    else:
        typer.echo(found_as_text(found))
    if not found.total:
        _say_what_hides(running, words, given, like, exact=exact)


def _say_what_hides(running: Service, words: str, given: Choices, like: str | None, *, exact: bool) -> None:
    hidden = running.loosened(words, given, like=like, exact=exact)
    if hidden is not None:
        say(f"Without the option on {hidden.name}, {hidden.total:,} match.")


def _write(name: str, pieces: Iterable[str]) -> None:
    """Write a text as UTF-8 with its own line ends, to a file or, by the name "-", to standard output."""
    if name == "-":
        _write_all(sys.stdout.buffer.write, pieces)
        sys.stdout.buffer.flush()
        return
    try:
        with Path(name).open("wb") as file:
            _write_all(file.write, pieces)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise AssistantError(f"The list could not be written to {name} ({reason}); choose another file.") from None


def _write_all(write: Callable[[bytes], object], pieces: Iterable[str]) -> None:
    for piece in pieces:
        write(piece.encode("utf-8", "replace"))


def compare(
    first: Annotated[str, typer.Argument(help="A decision's id, as `search` prints it.")],
    second: Annotated[str, typer.Argument(help="The id of another decision.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show two past decisions side by side, with what each case summary states."""
    from assistant.printing_letters import comparison_as_json, comparison_as_text

    found = opened(data_dir).compare_decisions(first, second)
    if as_json:
        print_json(comparison_as_json(found))
    else:
        typer.echo("\n".join(comparison_as_text(found)))


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
