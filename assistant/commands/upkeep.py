"""`serve`, `reindex`, `evaluate`, `doctor` and `corpus check`: running the program and looking after it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json, say, settings_of
from assistant.errors import AssistantError
from assistant.evaluation.split import FACTS_SEED, SEED, Part

corpus = typer.Typer(help="The corpus: what the assistant knows before anything is imported.", no_args_is_help=True)


def serve(
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    host: Annotated[str | None, typer.Option(help="Address of the page; others than loopback need accounts.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the page: on this machine, or with accounts (IMR_ACCOUNTS=on) to all who have one."""
    from assistant.web.app import serve as serve_page

    running = opened(data_dir)
    given = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    settings = running.settings.model_copy(update=given)
    serve_page(running, settings, open_browser=open_browser)


def reindex(data_dir: DataDir = None) -> None:
    """Rebuild what is derived from the library: vectors of another model, the vector index, the full-text index."""
    from assistant.printing import progress_bar
    from assistant.service import Service

    say(Service.reindex(settings_of(data_dir), progress=progress_bar()))


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Letters read by hand, one JSON object a line.")],
    facts: Annotated[Path | None, typer.Option(help="Facts labelled by hand, one JSON object a line.")] = None,
    out: Annotated[Path | None, typer.Option(help="A folder for the tables and figures.")] = None,
    set_aside: Annotated[int, typer.Option(min=0, help="How many letters to set aside; both parts are reported.")] = 0,
    seed: Annotated[int, typer.Option(help="The seed that draws the letters set aside.")] = SEED,
    only: Annotated[Part | None, typer.Option(help="Measure one part; the other is left out altogether.")] = None,
    set_aside_facts: Annotated[
        int, typer.Option(min=0, help="How many letters with labelled facts to set aside; both parts are reported.")
    ] = 0,
    facts_seed: Annotated[int, typer.Option(help="The seed that draws the letters with labels.")] = FACTS_SEED,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Measure citations, facts and drafts against letters read by hand, each letter left out while it is measured."""
    from assistant.evaluation.run import Plan
    from assistant.evaluation.split import Split
    from assistant.printing import evaluation_as_text, progress_bar

    if only is not None and not set_aside:
        raise typer.BadParameter("it needs --set-aside.", param_hint="--only")
    if set_aside_facts and facts is None:
        raise typer.BadParameter("it needs --facts.", param_hint="--set-aside-facts")
    plan = Plan(gold, facts, out, Split(set_aside, seed, only), Split(set_aside_facts, facts_seed))
    measured = opened(data_dir).evaluate(plan, progress=progress_bar())
    if as_json:
        print_json(measured)
    else:
        typer.echo(evaluation_as_text(measured))


def doctor(
    mend: Annotated[bool, typer.Option("--mend", help="First bring rows, vectors and indexes in step.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Say what works and what is missing on this machine, with the remedy."""
    from assistant.doctor import examine
    from assistant.printing import health_as_text

    checks = examine(settings_of(data_dir), mend=mend)
    if as_json:
        for check in checks:
            print_json({"name": check.name, "ok": check.ok, "message": check.message, "remedy": check.remedy})
    else:
        typer.echo(health_as_text(checks))
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@corpus.command(name="check")
def corpus_check(
    corpus_dir: Annotated[
        Path | None, typer.Option("--corpus-dir", help="The corpus folder; the one that ships with the program.")
    ] = None,
) -> None:
    """Prove that a corpus folder is whole; each problem is one line: file, place, what is wrong."""
    from assistant.corpus_check import check_corpus

    folder = corpus_dir or settings_of(None).corpus_dir
    if not folder.is_dir():
        raise AssistantError(f"There is no corpus folder {folder.name}.")
    checked = check_corpus(folder)
    for problem in checked.problems:
        typer.echo(str(problem))
    if checked.problems:
        raise typer.Exit(1)
    typer.echo(checked.summary())
