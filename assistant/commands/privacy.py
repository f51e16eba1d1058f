"""`deidentify`: a text with what identifies people hidden, each replacement marked."""

from __future__ import annotations

import secrets
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.drafting import read_case_text
from assistant.commands.shared import AsJson, DataDir, print_json, say, settings_of
from assistant.errors import UnreadableCase
from assistant.privacy import Dates

if TYPE_CHECKING:
    from assistant.privacy import Deidentified

SAFE_HARBOR = {
    Dates.SHIFT: "Moved dates are no HIPAA Safe Harbor: only years may stay (45 CFR 164.514(b)(2)); see --dates year.",
    Dates.YEAR: "No recogniser is perfect: read the text before you call it Safe Harbor (45 CFR 164.514(b)(2)).",
}


def deidentify(
    file: Annotated[Path, typer.Argument(help="The text (PDF, DOCX, HTML, TXT, MD; - reads a pipe).")],
    dates: Annotated[
        Dates, typer.Option(help="Move all dates by as many days, or keep only their year.")
    ] = Dates.SHIFT,
    plain: Annotated[bool, typer.Option("--plain", help="The text alone, as it would leave the machine.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Print a text with what identifies people replaced, and each replacement marked."""
    from assistant.deidentifying import deidentifier

    text = read_case_text(file)
    if not text.strip():
        named = "What was piped in" if str(file) == "-" else file.name
        raise UnreadableCase(f"{named} holds no text.")
    hidden = deidentifier(settings_of(data_dir), secrets.token_bytes(32), dates).hide(text)
    if as_json:
        print_json({"text": hidden.text, "replacements": [asdict(one) for one in hidden.replacements]})
    elif plain:
        typer.echo(hidden.text)
    elif sys.stdout.isatty():
        _print_coloured(text, hidden)
    else:
        typer.echo("".join(f"[[{kind}: {piece}]]" if kind else piece for piece, kind in pieces(text, hidden)))
    counts = ", ".join(f"{count} {kind}" for kind, count in hidden.counts().items())
    say(f"Hidden: {counts or 'nothing'}. {SAFE_HARBOR[dates]}")


def pieces(text: str, hidden: Deidentified) -> list[tuple[str, str]]:
    """The hidden text in pieces, each with the kind of its replacement; of what was left that is empty."""
    out, at = [], 0
    for one in hidden.replacements:
        out += [(text[at : one.start], ""), (one.stand_in, one.kind)]
        at = one.end
    return [*out, (text[at:], "")]


def _print_coloured(text: str, hidden: Deidentified) -> None:
    from rich.console import Console
    from rich.text import Text

    shown = Text()
    for piece, kind in pieces(text, hidden):
        shown.append(piece, style="black on yellow" if kind else "")
    Console(highlight=False, soft_wrap=True).print(shown)
