"""`cases`: the cases that are kept: listed with what is due, entered from a file, changed, deleted and brought back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands import purging
from assistant.commands.drafting import Day, read_case_text
from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.deadlines import Priority, due_words
from assistant.errors import WrongInput
from assistant.records import May
from assistant.views import CaseSort, CasesWanted

if TYPE_CHECKING:
    from assistant.service import Service
    from assistant.views import CaseRow, CaseView

cases = typer.Typer(help="The cases that are kept: list, enter, change, delete them, bring them back.")
_STATES = ("new", "drafting", "decided", "exported")
_DAY = ["%Y-%m-%d"]
Words = Annotated[str, typer.Argument(help="Only cases whose title and services hold all these words.")]
CaseIds = Annotated[list[str], typer.Argument(help="The ids of the cases; `cases list` names them.")]
Received = Annotated[
    datetime | None, typer.Option(formats=_DAY, help="The day on which the request for review was received.")
]
OfPriority = Annotated[Priority | None, typer.Option(help="How urgent the request is; regular where none is given.")]


@cases.callback(invoke_without_command=True)
def cases_(context: typer.Context, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the cases that are kept."""
    if context.invoked_subcommand is None:
        _print(opened(data_dir), CasesWanted(), as_json=as_json)


@cases.command("list")
def list_(
    words: Words = "",
    state: Annotated[str, typer.Option(help=f"Only cases in this state: {', '.join(_STATES)}.")] = "",
    service: Annotated[str, typer.Option(help="Only cases with a service of this kind, by its id or name.")] = "",
    changed_from: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="Updated since.")] = None,
    changed_to: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="Updated until.")] = None,
    sort: Annotated[CaseSort, typer.Option(help="Last updated first, due first, or by title.")] = CaseSort.UPDATED,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List the cases that are kept, with their state and when they are due."""
    if state and state not in _STATES:
        raise WrongInput(f"“{state}” is no state of a case; use {', '.join(_STATES)}.")
    running = opened(data_dir)
    kind = _kind_of(running, service) if service else ""
    days = changed_from and changed_from.date(), changed_to and changed_to.date()
    _print(running, CasesWanted(words, state, kind, *days, sort), as_json=as_json)


def _kind_of(running: Service, named: str) -> str:
    counted = running.list_cases(running.settings.user, CasesWanted()).kinds
    for kind in counted:
        if named.casefold() in (kind.kind.casefold(), kind.label.casefold()):
            return kind.kind
    known = "; ".join(kind.label for kind in counted)
    raise WrongInput(f"No case has a service of the kind “{named}”." + (f" There are: {known}." if known else ""))


def _print(running: Service, wanted: CasesWanted, *, as_json: bool) -> None:
    found = running.list_cases(running.settings.user, wanted)
    for row in found.rows:
        if as_json:
            print_json(_row_as_json(row))
        else:
            due = f"{row.due}, {due_words(row.days_left or 0)}" if row.due else "no due date"
            typer.echo(f"{row.id}  {row.state:<9} {due:<31} {row.updated.astimezone():%Y-%m-%d %H:%M}  {row.title}")
    if not found.total:
        say("No case fits." if found.all_cases else "There is no case yet; `cases new FILE` enters one.")


def _row_as_json(row: CaseRow) -> dict[str, object]:
    return {
        "id": row.id,
        "title": row.title,
        "services": row.services,
        "kinds": list(row.kinds),
        "state": row.state,
        "date": _iso(row.day),
        "received": _iso(row.received),
        "priority": row.priority,
        "due": _iso(row.due),
        "days_left": row.days_left,
        "updated": row.updated.isoformat(),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@cases.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="The case summary (PDF, DOCX, HTML, TXT, MD; - reads a pipe).")],
    received: Received = None,
    priority: OfPriority = None,
    day: Day = None,
    service: Annotated[list[str] | None, typer.Option(help="A disputed service; repeat for several.")] = None,
    drafted: Annotated[bool, typer.Option("--draft/--no-draft", help="Draft it at once.")] = True,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Keep a case from a file and draft it."""
    text = read_case_text(file)
    running = opened(data_dir)
    user = running.settings.user
    view = running.create_case(
        user,
        text,
        day=day.date() if day else None,
        services=tuple(service or ()),
        received=received.date() if received else None,
        priority=priority,
    )
    if drafted:
        say(f"Case {view.id} is kept; drafting it.")
        view = running.draft_case(user, view.id)
    _say_case(running, view, as_json=as_json)


@cases.command("change")
def change(
    case: Annotated[str, typer.Argument(help="The case's id.")],
    received: Received = None,
    priority: OfPriority = None,
    not_received: Annotated[bool, typer.Option("--not-received", help="Forget the day of receipt.")] = False,
    day: Day = None,
    title: Annotated[str | None, typer.Option(help="Its name in the list.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Change when a case was received, its priority, its date of review or its title."""
    if received and not_received:
        raise WrongInput("--received and --not-received exclude each other.")
    running = opened(data_dir)
    user = running.settings.user
    view = running.case(user, case)
    if received or priority or not_received:
        on = None if not_received else received.date() if received else view.received
        view = running.change_receipt(user, case, on, priority or view.priority)
    if title is not None or day:
        view = running.change_case(user, case, title=title, day=day.date() if day else None)
    _say_case(running, view, as_json=as_json)


def _say_case(running: Service, view: CaseView, *, as_json: bool) -> None:
    if as_json:
        row = next(row for row in running.cases(running.settings.user) if row.id == view.id)
        print_json(_row_as_json(row))
        return
    typer.echo(f"{view.id}  {view.title}")
    if view.received:
        typer.echo(running.when_due(view.received, view.priority))


@cases.command("delete")
def delete(case: CaseIds, data_dir: DataDir = None) -> None:
    """Put cases away with their drafts and chats; `cases restore` brings them back."""
    running = opened(data_dir)
    running.delete_cases(running.settings.user, case)
    say("The case is deleted." if len(case) == 1 else f"{len(case)} cases are deleted.")


@cases.command("restore")
def restore(case: CaseIds, data_dir: DataDir = None) -> None:
    """Bring back cases that were deleted."""
    running = opened(data_dir)
    running.restore_cases(running.settings.user, case)
    say("The case is back." if len(case) == 1 else f"{len(case)} cases are back.")


@cases.command("share")
def share(
    case: Annotated[str, typer.Argument(help="The case's id.")],
    account: Annotated[str, typer.Argument(help="The account to share it with.")],
    may: Annotated[May, typer.Option(help="To see it, or also to change it.")] = May.SEE,
    data_dir: DataDir = None,
) -> None:
    """Share a case of one's own with an account."""
    running = opened(data_dir)
    running.shares.give(running.settings.user, case, account, may)
    say(f"The case is shared with {account}, to {may.value} it.")


@cases.command("unshare")
def unshare(
    case: Annotated[str, typer.Argument(help="The case's id.")],
    account: Annotated[str, typer.Argument(help="The account to take it back from.")],
    data_dir: DataDir = None,
) -> None:
    """Take a share back."""
    running = opened(data_dir)
    running.shares.take_back(running.settings.user, case, account)
    say(f"The case is not shared with {account} any more.")


purging.add_to(cases)
