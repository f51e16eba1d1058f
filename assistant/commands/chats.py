"""`chats`: the kept chats listed, searched, exported and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.chat_export import ChatFormat
from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.errors import AssistantError, NotThere

if TYPE_CHECKING:
    from assistant.views import ChatHit, ChatRow

chats = typer.Typer(help="The chats that are kept with your cases.", no_args_is_help=True)
CaseId = Annotated[str, typer.Argument(help="The case whose chat it is; `chats list` names them.")]


@chats.command(name="list")
def list_chats(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the cases that have a chat, the last one first."""
    running = opened(data_dir)
    try:
        for row in running.chats.all(running.settings.user):
            _print(row, as_json=as_json)
    finally:
        running.close()


def _print(row: ChatRow, *, as_json: bool) -> None:
    if as_json:
        print_json({"case": row.case_id, "title": row.title, "turns": row.turns, "at": row.at.isoformat()})
    else:
        turns = "1 turn" if row.turns == 1 else f"{row.turns} turns"
        typer.echo(f"{row.case_id}  {row.at.astimezone():%Y-%m-%d %H:%M}  {row.title} ({turns})")


@chats.command(name="find")
def find_in_chats(
    words: Annotated[str, typer.Argument(help="Words that a turn must hold, all of them.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find what was said, in any of your chats."""
    running = opened(data_dir)
    try:
        hits = running.chats.find(running.settings.user, words)
    finally:
        running.close()
    for hit in hits:
        _print_hit(hit, as_json=as_json)
    if not hits:
        say("No chat has these words.")


def _print_hit(hit: ChatHit, *, as_json: bool) -> None:
    turn = hit.turn
    if as_json:
        at = turn.at.isoformat() if turn.at else None
        said = {"role": turn.role, "text": turn.text, "superseded": turn.superseded, "at": at}
        print_json({"case": hit.case_id, "title": hit.title, **said})
    else:
        who = "you" if turn.role == "reviewer" else "answer"
        aside = ", put aside" if turn.superseded else ""
        typer.echo(f"{hit.case_id}  {hit.title} ({who}{aside}): {' '.join(hit.snippet.split())}")


@chats.command(name="export")
def export_chat(
    case: CaseId,
    form: Annotated[ChatFormat, typer.Option("--format", help="md or json.")] = ChatFormat.MARKDOWN,
    out: Annotated[Path | None, typer.Option("--out", help="The file to write; without it, standard output.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a chat as Markdown or JSON, with what was put aside."""
    running = opened(data_dir)
    try:
        content = running.chats.export(running.settings.user, case, form).content
    finally:
        running.close()
    if out is None:
        typer.echo(content.decode("utf-8"), nl=False)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise AssistantError(f"{out.name} could not be written: {error.strerror}.") from None
    say(f"Wrote {out.name}.")


@chats.command(name="delete")
def delete_chat(
    case: CaseId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Delete a chat for good; the case and its draft stay."""
    running = opened(data_dir)
    try:
        user = running.settings.user
        count = len(running.chats.turns(user, case, aside=True))
        if not count:
            raise NotThere("This case has no chat.")
        if not yes:
            typer.confirm(f"Delete this chat of {count} turns for good?", abort=True, err=True)
        running.chats.delete(user, case)
    finally:
        running.close()
    say("Deleted the chat; the case and its draft are as they were.")
