"""`versions` and `evidence`: a kept draft's versions compared and brought back; its passages found and pinned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say
from assistant.drafting.differences import Change
from assistant.errors import WrongInput

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.drafting.differences import Difference
    from assistant.service import Service

versions = typer.Typer(help="The versions of a kept case's draft.", no_args_is_help=True)
evidence = typer.Typer(help="What a kept case's draft rests on.", no_args_is_help=True)
CaseId = Annotated[str, typer.Argument(help="The case; `cases list` names them.")]
Issue = Annotated[int, typer.Option("--issue", min=1, help="The disputed service, from 1.")]


@contextmanager
def _running(data_dir: Path | None) -> Iterator[Service]:
    service = opened(data_dir)
    try:
        yield service
    finally:
        service.close()


@versions.command(name="list")
def list_versions(case: CaseId, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the versions of a draft, the newest first."""
    with _running(data_dir) as service:
        for row in service.versions(service.settings.user, case):
            if as_json:
                print_json({"version": row.number, "at": row.at.isoformat(), "cause": row.cause})
            else:
                typer.echo(f"{row.number:>4}  {row.at.astimezone():%Y-%m-%d %H:%M}  {row.cause.replace('_', ' ')}")


@versions.command(name="compare")
def compare(
    case: CaseId,
    older: Annotated[int, typer.Argument(help="The version to start from.")],
    newer: Annotated[int | None, typer.Argument(help="The version to compare with; without it, the newest.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed from one version to another: + put in, - taken out, ~ reworded."""
    with _running(data_dir) as service:
        user = service.settings.user
        compared = service.compare_versions(user, case, older, newer or service.case(user, case).version)
    for text, changed in compared.issues:
        if as_json:
            rows = [{"change": d.change, "pieces": [[p.change, p.text] for p in d.pieces]} for d in changed]
            print_json({"service": text, "sentences": rows})
        else:
            typer.echo(text)
            for difference in changed:
                typer.echo(_line(difference))


def _line(difference: Difference) -> str:
    sign = {Change.SAME: " ", Change.ADDED: "+", Change.REMOVED: "-", Change.REWORDED: "~"}[difference.change]
    if difference.change is not Change.REWORDED:
        return f"{sign} {difference.pieces[0].text}"
    wrapped = {Change.SAME: "{}", Change.ADDED: "[+{}+]", Change.REMOVED: "[-{}-]"}
    return sign + " " + "".join(wrapped[piece.change].format(piece.text) for piece in difference.pieces)


@versions.command(name="restore")
def restore(
    case: CaseId,
    number: Annotated[int, typer.Argument(help="The version to bring back.")],
    data_dir: DataDir = None,
) -> None:
    """Bring an earlier version back as the newest; nothing between is lost."""
    with _running(data_dir) as service:
        view = service.restore_version(service.settings.user, case, number)
    say(f"Version {number} is back, as version {view.version}.")


@evidence.command(name="find")
def find(
    case: CaseId,
    words: Annotated[str, typer.Argument(help="The name of a guideline or section, or what it is about.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find passages that were in force on the case's day of review."""
    with _running(data_dir) as service:
        found = service.find_passages(service.settings.user, case, words)
    for passage in found:
        if as_json:
            print_json({"id": passage.id, "citation": passage.citation, "about": list(passage.service_kinds)})
        else:
            about = ", ".join(kind.replace("_", " ") for kind in passage.service_kinds)
            typer.echo(f"{passage.id}\n  {passage.citation}{f' ({about})' if about else ''}")
    if not found:
        say("No passage in force on that day comes near these words.")


@evidence.command(name="pin")
def pin(
    case: CaseId,
    passage: Annotated[str | None, typer.Argument(help="The passage's id; `evidence find` names it.")] = None,
    issue: Issue = 1,
    free: Annotated[bool, typer.Option("--free", help="Let go of what is pinned.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Rest a disputed service on a passage of your choice, also in later drafts."""
    if free == (passage is not None):
        raise WrongInput("Name either a passage or --free.")
    with _running(data_dir) as service:
        view = service.pin_passage(service.settings.user, case, issue - 1, passage)
    say(f"{'Nothing is pinned' if free else 'Pinned'}; the draft is version {view.version}.")


@evidence.command(name="offers")
def offers(
    case: CaseId,
    sentence: Annotated[int, typer.Argument(min=1, help="The sentence of the rationale, from 1.")],
    issue: Issue = 1,
    take: Annotated[int | None, typer.Option("--take", min=1, help="Put the offer of this number in.")] = None,
    data_dir: DataDir = None,
) -> None:
    """List checked sentences that may stand in the place of one, or put one in."""
    with _running(data_dir) as service:
        user = service.settings.user
        offered = service.sentence_offers(user, case, issue - 1, sentence - 1)
        if take is not None:
            if take > len(offered):
                raise WrongInput(f"There is no offer {take}.")
            view = service.replace_sentence(user, case, issue - 1, sentence - 1, offered[take - 1].text)
            say(f"Sentence {sentence} is replaced; the draft is version {view.version}.")
            return
    for number, one in enumerate(offered, 1):
        typer.echo(f"{number}) {one.text}")
    if not offered:
        say("The draft says all that the program can say here with support.")
