"""`cases purge|expire|deleted|certificate`: cases deleted for good, and the certificates of that."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.errors import WrongInput

Certificates = tuple  # of assistant.records.purging.Certificate, which is loaded with the service


def add_to(cases: typer.Typer) -> None:
    """Put these commands beside the others of `cases`."""
    for command in (deleted, purge, expire, certificate):
        cases.command(command.__name__)(command)


def deleted(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the cases that were deleted and can be brought back."""
    running = opened(data_dir)
    for case in running.deleted_cases(running.settings.user):
        if as_json:
            print_json({"id": case.id, "title": case.title})
        else:
            typer.echo(f"{case.id}  {case.title}")


def purge(
    case: Annotated[list[str] | None, typer.Argument(help="The ids of the cases.")] = None,
    deleted_before: Annotated[
        int | None, typer.Option(min=0, help="Instead: all that were deleted more than so many days ago.")
    ] = None,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Delete cases for good; nothing brings them back."""
    if bool(case) == (deleted_before is not None):
        raise WrongInput("Give the ids of cases, or --deleted-before.")
    running = opened(data_dir)
    ids = tuple(case or ()) or running.deleted_before(running.settings.user, deleted_before or 0)
    _purge(running, ids, sure=sure, as_json=as_json)


def expire(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Delete for good the cases whose retention, IMR_RETENTION_DAYS, has ended."""
    running = opened(data_dir)
    if not running.settings.retention_days:
        say("IMR_RETENTION_DAYS is 0: cases are kept for ever.")
        return
    ids = running.expired_cases(running.settings.user)
    if dry_run:
        for one in ids:
            typer.echo(one)
        say(f"{len(ids)} would be deleted for good.")
        return
    _purge(running, ids, sure=sure, as_json=as_json)


def certificate(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The certificate's id, or the case's.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Print the certificate of a deletion, or with no id all of them."""
    running = opened(data_dir)
    user = running.settings.user
    found = (running.certificate(user, identity),) if identity else running.certificates(user)
    _print(found, as_json=as_json)


def _purge(running: object, ids: tuple[str, ...], *, sure: bool, as_json: bool) -> None:
    if not ids:
        say("There is no such case to delete.")
        return
    if not sure:
        typer.confirm(f"Delete {len(ids)} for good, with drafts, versions and chats?", abort=True, err=True)
    _print(running.purge_cases(running.settings.user, ids), as_json=as_json)  # type: ignore[attr-defined]


def _print(found: Certificates, *, as_json: bool) -> None:
    for number, one in enumerate(found):
        if as_json:
            print_json(one.as_json())
        else:
            typer.echo(("\n" if number else "") + certificate_as_text(one.as_json()))


def certificate_as_text(kept: dict[str, object]) -> str:
    """A certificate on lines for people."""
    rows = ", ".join(f"{name} {count}" for name, count in dict(kept["rows_removed"]).items())  # type: ignore[call-overload]
    if kept["files_searched"] is None:
        checked = "not searched afterwards, for the program was interrupted"
    else:
        tables = f" and {kept['tables_searched']} tables" if kept.get("tables_searched") else ""
        checked = (
            f"{kept['files_searched']} files of the data folder{tables} searched for "
            f"{kept['strings_searched']} strings of the case; left in {kept['files_with_a_string_left']}"
        )
    key = "destroyed" if kept["data_key_destroyed"] else "none; the case was not encrypted"
    return (
        f"Certificate {kept['certificate']}\n"
        f"Case (SHA-256 of its id)  {kept['case_sha256']}\n"
        f"Deleted for good          {kept['deleted_at']} by {kept['deleted_by']}\n"
        f"Rows removed              {rows}\n"
        f"Data key                  {key}\n"
        f"Checked                   {checked}"
    )
