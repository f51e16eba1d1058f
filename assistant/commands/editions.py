"""`guideline`: the editions of the library: list them, read one, find words, switch one off, correct its dates."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.domain import InForce
from assistant.errors import WrongInput

guideline = typer.Typer(help="The guidelines of the library, edition by edition.", no_args_is_help=True)

_DAY = ["%Y-%m-%d"]
Label = Annotated[str, typer.Argument(help="The edition: its label, or words of it that name one.")]
Section = Annotated[str | None, typer.Option(help="Only this section of it.")]
PassageId = Annotated[str | None, typer.Option("--passage", help="Only the passage of this id (`guideline show`).")]


@guideline.command(name="list")
def list_(
    on: Annotated[datetime | None, typer.Option(formats=_DAY, help="Only what governed on this day.")] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only what was switched off or corrected.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List the editions by part of the body, each with its dates in force and what was changed of it."""
    from assistant.printing_guidelines import edition_as_json, edition_as_text

    topic = None
    for edition in opened(data_dir).editions():
        if on is not None and not edition.governs_on(on.date()):
            continue
        if changed and not (edition.dates or any(held.off for held in edition.passages)):
            continue
        if as_json:
            print_json(edition_as_json(edition))
            continue
        if edition.topic != topic:
            typer.echo(edition.topic if topic is None else f"\n{edition.topic}")
            topic = edition.topic
        typer.echo(edition_as_text(edition))


@guideline.command()
def show(label: Label, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Print an edition as a document: each criterion with its sort, source and confidence; then what was changed."""
    from assistant.printing_guidelines import change_as_text, document_as_text, passage_as_json

    service = opened(data_dir)
    edition = service.edition(label)
    if as_json:
        for held in edition.passages:
            print_json(passage_as_json(held))
        return
    for line in document_as_text(edition):
        typer.echo(line)
    for change in service.changes_of(edition.label):
        say(change_as_text(change))


@guideline.command()
def find(
    words: Annotated[str, typer.Argument(help="Words, or beginnings of words, that all stand in one criterion.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find words in the names of editions and sections, in criteria and in texts."""
    from assistant.printing_guidelines import edition_as_json, edition_as_text, place_as_json, place_as_text

    found = opened(data_dir).find_in_guidelines(words)
    for edition in found.editions:
        if as_json:
            print_json({"edition": edition_as_json(edition)})
        else:
            typer.echo(edition_as_text(edition))
    for place in found.places:
        if as_json:
            print_json(place_as_json(place))
        else:
            typer.echo(place_as_text(place))
    if not (found.editions or found.places):
        say("Nothing in the library holds all of these words.")
    if found.more:
        say(f"{found.more} more places hold them; add a word.")


@guideline.command()
def off(label: Label, section: Section = None, passage: PassageId = None, data_dir: DataDir = None) -> None:
    """Switch an edition, a section or a passage off: new drafts, answers and search pass it over."""
    service = opened(data_dir)
    edition = service.switch_off(service.settings.user, label, section=section, passage=passage)
    say(
        f"Switched off: {_named(edition.label, section, passage)}. "
        "Drafts that cite it keep it; `guideline on` undoes it."
    )


@guideline.command()
def on(label: Label, section: Section = None, passage: PassageId = None, data_dir: DataDir = None) -> None:
    """Switch an edition, a section or a passage on again."""
    service = opened(data_dir)
    edition = service.switch_on(service.settings.user, label, section=section, passage=passage)
    say(f"Switched on: {_named(edition.label, section, passage)}.")


@guideline.command()
def dates(
    label: Label,
    start: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="The first day in force.")] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="The first day on which it was no longer in force.")
    ] = None,
    open_end: Annotated[bool, typer.Option("--open", help="It is not known to have been replaced.")] = False,
    note: Annotated[str, typer.Option(help="Why, and by what source.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Put the library's own dates back.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Correct when an edition was in force; a date that is not given stays as it is."""
    from assistant.printing_guidelines import interval_words

    if undo and (start or end or open_end):
        raise WrongInput("--undo puts the library's own dates back; give no other dates with it.")
    if end and open_end:
        raise WrongInput("Give --to or --open, not both.")
    if not (undo or start or end or open_end):
        raise WrongInput("Give --from, --to or --open, or --undo.")
    service = opened(data_dir)
    if undo:
        edition = service.undo_dates(service.settings.user, label)
        say(f"{edition.label} is {interval_words(edition.in_force)} again.")
        return
    now = service.edition(label).in_force
    given = InForce(start.date() if start else now.start, None if open_end else end.date() if end else now.end)
    corrected = service.correct_dates(service.settings.user, label, given.start, given.end, note)
    say(f"{corrected.edition.label} is {interval_words(given)} now; drafts that cite it keep the dates they have.")
    for doubt in corrected.doubts:
        say(doubt)


def _named(label: str, section: str | None, passage: str | None) -> str:
    return f"{label}, {section or f'passage {passage}'}" if section or passage else label
