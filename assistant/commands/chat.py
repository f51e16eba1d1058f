"""`chat`: talk about a case on the command line."""

from __future__ import annotations

import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.errors import NotThere

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from assistant.service import Service
    from assistant.views import Turn

_ENDS = frozenset({"quit", "exit", "bye", ":q"})


def chat(
    case: Annotated[
        str | None, typer.Argument(help="A case id (see `cases list`), or a file with a case summary.")
    ] = None,
    spoken: Annotated[list[str] | None, typer.Option("--say", help="Say this and end; repeat for several.")] = None,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Date of review, for a file.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Talk about a case: ask why, change the draft by a plain instruction, look things up."""
    if case is None:
        raise typer.BadParameter("Name a case id or a file.")
    running = opened(data_dir)
    case_id = _case_of(running, case, day)
    links: tuple[str, ...] = ()
    for message in spoken if spoken else _typed():
        chosen = int(message) if message.isdecimal() else 0
        turn = _said(running, case_id, links[chosen - 1] if 1 <= chosen <= len(links) else message)
        links = tuple(str(block["text"]) for block in turn.blocks if block["kind"] == "link")
        if as_json:
            print_json({"case": case_id, "text": turn.text, "blocks": list(turn.blocks), "changed": turn.changed})
        else:
            typer.echo("\n".join(_lines(turn)))


def _case_of(running: Service, named: str, day: datetime | None) -> str:
    """The id of a stored case, or of the one that a file makes and that is drafted at once."""
    path = Path(named)
    if not path.is_file():
        try:
            return running.case(running.settings.user, named).id
        except NotThere:
            raise NotThere("There is neither a case nor a file of that name; `cases list` shows the cases.") from None
    view = running.create_case(running.settings.user, running.text_of_upload(path), day=day.date() if day else None)
    say(f"Case {view.id} is kept; drafting it.")
    running.draft_case(running.settings.user, view.id)
    return view.id


def _typed() -> Iterator[str]:
    """The reviewer's messages until the end of the input or a word that ends the talk."""
    if sys.stdin.isatty():
        say("Ask, or tell me what to change; a number takes what is offered, quit ends.")
    while True:
        if sys.stdin.isatty():
            typer.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line or line.strip().casefold() in _ENDS:
            return
        if line.strip():
            yield line.strip()


def _said(running: Service, case_id: str, message: str) -> Turn:
    """The answer; Ctrl+C ends it with what it has, and a second Ctrl+C the program."""
    stop = threading.Event()

    def stopped(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, stopped)
    try:
        return list(running.chat(running.settings.user, case_id, message, stop=stop))[-1]
    finally:
        signal.signal(signal.SIGINT, before)


def _lines(turn: Turn) -> Iterator[str]:
    """The answer, its blocks with their sources, and what is offered, numbered."""
    yield turn.text
    for block in turn.blocks:
        if block["kind"] != "link":
            label = "" if block["label"] == block["text"] else f"[{block['label'] or block['kind']}] "
            yield f"  {label}{block['text']}"
    links = [block for block in turn.blocks if block["kind"] == "link"]
    yield from (f"  {number}) {block['label']}" for number, block in enumerate(links, 1))
