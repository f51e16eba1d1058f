"""`audit`: the record of who did what: shown, verified, exported, anchored; and what a decision rested on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.errors import AssistantError, WrongInput
from assistant.records import AuditBroken, AuditFormat, AuditWanted
from assistant.records.audit_chain import anchors_in

if TYPE_CHECKING:
    from assistant.records import Anchor, Entry, Verified
    from assistant.records.rested import Rested
    from assistant.service import Service

audit = typer.Typer(help="The record of who did what, which nobody may rewrite.", no_args_is_help=True)
_DAY = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
CaseId = Annotated[str, typer.Argument(help="The case; `cases list` names them.")]


@contextmanager
def _running(data_dir: Path | None) -> Iterator[Service]:
    service = opened(data_dir)
    try:
        yield service
    finally:
        service.close()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AssistantError(f"{path.name} could not be opened: {error.strerror}.") from None


@audit.command(name="show")
def show(
    account: Annotated[str, typer.Option(help="Only what this account did.")] = "",
    act: Annotated[str, typer.Option(help="Only this act, such as seen, decided or exported.")] = "",
    case: Annotated[str, typer.Option(help="Only what was done with the case of this id.")] = "",
    file: Annotated[
        Path | None, typer.Option(help="Only what is told of this very file: by whom it was exported.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="On or after this day or time.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="On or before this day; before this time.")
    ] = None,
    page: Annotated[int, typer.Option(min=1, help="Which page; the newest entries are on the first.")] = 1,
    size: Annotated[int, typer.Option(min=1, max=1000, help="Entries on a page.")] = 50,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show entries of the audit log, the newest first."""
    wanted = AuditWanted(account, act, since=_aware(since), until=_aware(until, whole_day=True))
    content = _content(file) if file else None
    with _running(data_dir) as service:
        found = service.audit_entries(
            service.settings.user, wanted, case_id=case, content=content, offset=(page - 1) * size, limit=size
        )
    for entry in found.entries:
        if as_json:
            print_json(entry_as_json(entry))
        else:
            typer.echo(_line(entry))
    say(f"{found.total} entries fit; page {page} of {max(1, -(-found.total // size))}.")


def entry_as_json(entry: Entry) -> dict[str, object]:
    """An entry with its detail as an object."""
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__} | {"detail": json.loads(entry.detail)}


def _line(entry: Entry) -> str:
    case = f"  case {entry.case[:12]}" if entry.case else ""
    detail = {name: value for name, value in json.loads(entry.detail).items() if name not in ("passages", "program")}
    said = ", ".join(f"{name} {value}" for name, value in detail.items())
    at = datetime.fromisoformat(entry.at).astimezone()
    return f"{entry.number:>6}  {at:%Y-%m-%d %H:%M:%S}  {entry.account:<14} {entry.act:<18}{case}  {said}".rstrip()


def _aware(moment: datetime | None, *, whole_day: bool = False) -> datetime | None:
    """A time of this machine's clock; with `whole_day` a day counts to its end."""
    if moment is None:
        return None
    midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return (moment + timedelta(days=1) if whole_day and midnight else moment).astimezone().astimezone(UTC)


@audit.command(name="verify")
def verify(
    file: Annotated[Path | None, typer.Argument(help="An export to verify alone; without it, the log itself.")] = None,
    anchor: Annotated[
        Path | None,
        typer.Option(help="A file with what `audit anchor` printed before: nothing until then was rewritten."),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find any changed, removed, reordered or inserted entry; exit 1 and the first number where there is one."""
    from assistant.service.audit_acts import AuditActs

    anchors = _anchors(anchor)
    if file is not None:
        found = AuditActs.check_audit_export(_content(file), anchors)
    else:
        with _running(data_dir) as service:
            found = service.verify_audit(service.settings.user, anchors)
    _tell(found, as_json=as_json)
    if found.fault:
        raise AuditBroken(found.fault)


def _anchors(path: Path | None) -> tuple[Anchor, ...]:
    if path is None:
        return ()
    try:
        return anchors_in(_content(path).decode("utf-8"))
    except UnicodeDecodeError:
        raise WrongInput(f"{path.name} is not text, so it holds no anchor.") from None


def _tell(found: Verified, *, as_json: bool) -> None:
    if as_json:
        fault = {"number": found.fault.number, "what": found.fault.sentence} if found.fault else None
        print_json({"entries": found.entries, "last": found.last.number, "hash": found.last.hash, "fault": fault})
    elif found.fault is None:
        typer.echo(f"{found.entries} entries are as they were written, up to entry {found.last.number}.")


@audit.command(name="anchor")
def anchor_(data_dir: DataDir = None) -> None:
    """Print where the log ends, to be kept elsewhere: a log that is cut off or rewritten later does not fit it."""
    with _running(data_dir) as service:
        anchor = service.audit_anchor()
    print_json({"number": anchor.number, "hash": anchor.hash})


@audit.command(name="export")
def export(
    form: Annotated[AuditFormat, typer.Option("--format", help="jsonl or csv.")] = AuditFormat.JSONL,
    first: Annotated[int, typer.Option(min=1, help="The entry to begin with.")] = 1,
    out: Annotated[Path | None, typer.Option(help="The file to write; without it, standard output.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Export the log with the hashes of its chain; the export is told in the log, as the file's last entry."""
    if out is not None and out.exists():
        raise WrongInput(f"{out.name} is here already; name another file with --out.")
    with _running(data_dir) as service:
        made = service.export_audit(service.settings.user, form, first=first)
    if out is None:
        typer.echo(made.content, nl=False)
        return
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise AssistantError(f"{out.name} could not be written: {error.strerror}.") from None
    say(f"Wrote {out.name}.")


@audit.command(name="sign-off")
def sign_off(case: CaseId, data_dir: DataDir = None) -> None:
    """Sign a decided case's newest version off; an export of it does so too."""
    with _running(data_dir) as service:
        number = service.sign_off(service.settings.user, case)
    say(f"Version {number} is signed off.")


@audit.command(name="reproduce")
def reproduce(
    case: CaseId,
    version: Annotated[int | None, typer.Option(min=1, help="The version; without it, the newest signed off.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show what each sentence of a signed-off version rested on; exit 1 where it does not stand as it then was."""
    with _running(data_dir) as service:
        rested = service.reproduce(service.settings.user, case, version)
    if as_json:
        from dataclasses import asdict

        print_json(asdict(rested))
    else:
        _print_rested(rested)
    if not rested.stands:
        raise AssistantError(
            f"{len(rested.changes)} thing(s) changed since the sign-off; the first: {rested.changes[0]}"
        )
    say("Everything stands byte for byte as it was signed off.")


def _print_rested(rested: Rested) -> None:
    by = f", worded with {rested.model} ({', '.join(rested.prompts) or 'no prompts'})" if rested.model else ""
    typer.echo(f"Version {rested.version}, signed off by {rested.account} at {rested.at}, program {rested.program}{by}")
    for number, issue in enumerate(rested.issues, 1):
        typer.echo(f"\n{number}. {issue.service}: {issue.outcome}")
        for sentence in issue.sentences:
            worded = "your own words" if sentence.own else "worded by the model" if sentence.by_model else ""
            typer.echo(f"  {sentence.text}{f' [{worded}]' if worded else ''}")
            for support in sentence.supports:
                odd = "; ".join(filter(None, (support.changed, support.note)))
                where = f"{support.called} {support.start}-{support.end}"
                typer.echo(f"    - {where}: “{support.quote}”{f' ({odd})' if odd else ''}")
