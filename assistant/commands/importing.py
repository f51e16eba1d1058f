"""`import`, `imports` and `letters`: what a user brings in, and what became of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.domain import PassageKind
from assistant.errors import AssistantError, WrongInput

if TYPE_CHECKING:
    from assistant.service import Service

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
    workers: Annotated[
        int, typer.Option(min=0, max=1024, help="Read and embed in so many processes by Ray (docs/scale.md).")
    ] = 0,
    cluster: Annotated[str, typer.Option("--ray", help="With --workers: the address of a Ray cluster.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Import determination letters and guidelines; the same file twice changes nothing.

    An option on a guideline's plain text says that the files are such texts (PDF, DOCX, HTML, MD, TXT).
    """
    from assistant.commands.guideline import IF_GUIDELINE, GuidelineCommand, is_guideline, metadata_of, unknown

    if cluster and not workers:
        raise WrongInput("--ray goes with --workers, the number of its processes.")
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

    try:
        report = opened(data_dir).import_paths(paths, progress=progress_bar(), workers=workers, cluster=cluster)
    except KeyboardInterrupt:
        say("The import was stopped; what was read is in the library, and the same command goes on where it was.")
        raise typer.Exit(130) from None
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
    page: Annotated[
        int | None, typer.Option(min=1, help="With a decision's id: write this page of the letter's PDF as PNG.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The PNG file to write.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List the letters that were not read whole, or open one letter with its versions, warnings and text."""
    from assistant.printing_letters import kept_as_json, kept_as_text, opened_as_json, opened_as_text

    if (page is None) != (out is None) or (page is not None and which is None):
        raise WrongInput("A page is written with a decision's id, --page and --out together.")
    service = opened(data_dir)
    if which is not None and page is not None and out is not None:
        _write_page(service, which, page, out)
        return
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


def _write_page(service: Service, decision: str, page: int, out: Path) -> None:
    there = service.original_pages(decision)
    image = service.page_image(decision, page)
    try:
        out.write_bytes(image)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise AssistantError(f"The page could not be written to {out} ({reason}); choose another file.") from None
    begins = f"; the decision's rationale begins on page {there.begins}" if there.begins else ""
    say(f"Wrote page {page} of {there.pages} to {out}{begins}.")
