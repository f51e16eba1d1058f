"""`export`: a determination as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.shared import DataDir, opened, say
from assistant.drafting.export import Format, export
from assistant.errors import AssistantError, NotThere, WrongInput


def export_(
    draft: Annotated[
        str,
        typer.Argument(help="A file that draft --json wrote, or the id of a case kept on the page (in its address)."),
    ],
    form: Annotated[
        Format | None, typer.Option("--format", help="docx, pdf, md or json; without it, what the name of --out says.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; without it, determination.FORMAT here.")
    ] = None,
    evidence: Annotated[
        bool | None,
        typer.Option(
            "--evidence/--no-evidence", help="Put in, or leave out, what each sentence rests on; usual in a draft only."
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a draft or a decided case as a determination: DOCX, PDF, Markdown or JSON."""
    form = form or _form_of(out)
    target = out or _free(Path(f"determination.{form}"))
    content = _content(draft, form, evidence, data_dir)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise AssistantError(f"{target.name} could not be written: {error.strerror}.") from None
    say(f"Wrote {target.name}.")


def _form_of(out: Path | None) -> Format:
    if out is None:
        return Format.DOCX
    try:
        return Format(out.suffix.removeprefix(".").lower())
    except ValueError:
        raise WrongInput(f"{out.name} does not end in .docx, .pdf, .md or .json; name it with --format.") from None


def _free(target: Path) -> Path:
    """The usual name, which never takes the place of another file."""
    if target.exists():
        raise WrongInput(f"{target.name} is here already; name another file with --out.")
    return target


def _content(draft: str, form: Format, evidence: bool | None, data_dir: Path | None) -> bytes:
    file = Path(draft)
    if file.is_file():
        from assistant.drafting.contract_reading import draft_from_json

        return export(draft_from_json(_line_of(file), file.name), {}, form, with_evidence=evidence)
    service = opened(data_dir)
    try:
        return service.export(service.settings.user, draft, form, with_evidence=evidence).content
    except NotThere:
        raise NotThere("There is no file and no case of that name; draft FILE --json writes a draft.") from None
    finally:
        service.close()


def _line_of(file: Path) -> str:
    try:
        lines = [line for line in file.read_text("utf-8").split("\n") if line.strip()]
    except OSError as error:
        raise AssistantError(f"{file.name} could not be opened: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongInput(f"{file.name} is not text; export takes what draft --json writes.") from None
    if len(lines) > 1:
        if lines[0].startswith("{") and lines[1].startswith("{"):
            raise WrongInput(f"{file.name} holds {len(lines)} drafts; export takes one.")
        return "\n".join(lines)
    return lines[0] if lines else ""
