"""`import`, `imports` and `letters`: what a user brings in, and what became of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.domain import PassageKind

InForceDay = Annotated[
    datetime | None,
    typer.Option("--in-force-from", formats=["%Y-%m-%d"], help="A guideline's plain text: its first day in force."),
]
InForceEnd = Annotated[
    datetime | None,
    typer.Option(
        "--in-force-to", formats=["%Y-%m-%d"], help="A guideline's plain text: the first day it is no longer in force."
    ),
]


def import_(
    paths: Annotated[list[Path], typer.Argument(help="Letters, guideline files, JSONL, or folders and ZIPs of them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show; store nothing.")] = False,
    label: Annotated[str | None, typer.Option(help="A guideline's plain text: what it is cited as.")] = None,
    kind: Annotated[
        PassageKind | None, typer.Option(help="A guideline's plain text: official, or a digest in other words.")
    ] = None,
    edition: Annotated[str | None, typer.Option(help="A guideline's plain text: its edition.")] = None,
    family: Annotated[str | None, typer.Option(help="A guideline's plain text: the family of its editions.")] = None,
    in_force_from: InForceDay = None,
    in_force_to: InForceEnd = None,
    not_dated: Annotated[
        bool, typer.Option("--not-dated", help="A guideline's plain text: it has no dates in force.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take earlier imported texts of this guideline out of use.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Import determination letters and guidelines; the same file twice changes nothing.

    An option on a guideline's plain text says that the files are such texts (PDF, DOCX, HTML, MD, TXT).
    """
    from assistant.commands.guideline import IF_GUIDELINE, GuidelineCommand, is_guideline, metadata_of, unknown

    given = metadata_of(label, kind, edition, family, in_force_from, in_force_to, not_dated=not_dated)
    if is_guideline(given) or replace:
        command = GuidelineCommand(opened(data_dir), given, replace=replace, as_json=as_json)
        if not command.run(paths, dry_run=dry_run):
            raise typer.Exit(1)
        return
    if dry_run:
        _read_only(paths, as_json=as_json)
        return
    from assistant.printing import progress_bar
    from assistant.printing_letters import report_as_json, report_as_text

    report = opened(data_dir).import_paths(paths, progress=progress_bar())
    if as_json:
        print_json(report_as_json(report))
    for line in report_as_text(report):
        say(line)
    if unknown(report):
        say(IF_GUIDELINE)
    if (report.failed or report.neither) and not (report.read or report.already_there):
        raise typer.Exit(1)


def _read_only(paths: list[Path], *, as_json: bool) -> None:
    from assistant.printing_letters import letter_as_json, letter_as_text
    from assistant.reading.many import read_letters

    read = failed = 0
    for name, letter, problem in read_letters(paths):
        if letter is None:
            failed += 1
            say(problem)
            continue
        read += 1
        if as_json:
            print_json(letter_as_json(name, letter))
        else:
            typer.echo(letter_as_text(name, letter))
    say(f"{read} read, {failed} not read; nothing was stored.")
    if failed and not read:
        raise typer.Exit(1)


def imports(
    number: Annotated[int | None, typer.Argument(help="The number of an import, to open its report.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List the imports so far, or open the report of one."""
    from assistant.printing_letters import import_as_json, import_as_text

    service = opened(data_dir)
    for stored in service.imports() if number is None else [service.import_report(number)]:
        if as_json:
            print_json(import_as_json(stored))
        else:
            typer.echo("\n".join(import_as_text(stored)))


def letters(
    which: Annotated[
        str | None, typer.Argument(help="A letter: its number in this list, its case number, or a decision's id.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List the letters that were not read whole, or open one letter with its versions, warnings and text."""
    from assistant.printing_letters import kept_as_json, kept_as_text, opened_as_json, opened_as_text

    service = opened(data_dir)
    if which is not None:
        letter = service.letter(which)
        if as_json:
            print_json(opened_as_json(letter))
        else:
            typer.echo("\n".join(opened_as_text(letter)))
        return
    rows, count = service.letters_not_whole()
    for row in rows:
        if as_json:
            print_json(kept_as_json(row))
        else:
            typer.echo(kept_as_text(row))
    say(f"{count} letters were not read whole." + (f" The first {len(rows)} are listed." if count > len(rows) else ""))
