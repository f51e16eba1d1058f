"""`verify`: a rationale that was written elsewhere, held against its case and the guideline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.drafting import Day, read_case_text
from assistant.commands.shared import AsJson, DataDir, opened, print_json
from assistant.domain import Outcome


def verify(
    rationale: Annotated[Path, typer.Argument(help="The rationale (PDF, DOCX, HTML, TXT, MD; - reads a pipe).")],
    case: Annotated[Path, typer.Argument(help="The case summary that it is about.")],
    service: Annotated[str | None, typer.Option(help="The disputed service; else the one that the case words.")] = None,
    day: Day = None,
    outcome: Annotated[Outcome | None, typer.Option(help="A conclusion for the other one fails.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Hold each sentence of a rationale against the case and the guideline for the service; nothing is kept."""
    from assistant.drafting.contract import verified_as_json
    from assistant.printing import sentences_as_text

    text, words = read_case_text(case), read_case_text(rationale)
    made = opened(data_dir).check_rationale(
        words, text, service=service, day=day.date() if day else None, outcome=outcome
    )
    sentences = made.issues[0].sentences
    if as_json:
        print_json(verified_as_json(sentences, made, 0))
    else:
        typer.echo(sentences_as_text(sentences))
