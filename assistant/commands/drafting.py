"""`draft`: one case, or a file of many."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.commands.shared import AsJson, DataDir, opened, print_json
from assistant.domain import Outcome
from assistant.errors import AssistantError, UnreadableCase

if TYPE_CHECKING:
    from assistant.service import Service

Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Date of review; it decides which edition governs."),
]


def read_case_text(file: Path) -> str:
    """The text of a file, or of what is piped in where `file` is `-`."""
    if str(file) != "-":
        from assistant.reading.files import read_file

        return read_file(file).text
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableCase("What was piped in is not text; paste the case summary as text.") from None


def draft(
    file: Annotated[
        Path | None, typer.Argument(help="The case summary (PDF, DOCX, HTML, TXT, MD; - reads a pipe).")
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option("--jsonl", help='Many cases: one {"id", "case_summary", "date", "services", "outcome"} a line.'),
    ] = None,
    day: Day = None,
    service: Annotated[list[str] | None, typer.Option(help="A disputed service; repeat for several.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="Draft for this outcome.")] = None,
    model: Annotated[
        bool, typer.Option("--model/--no-model", help="With the chat model's help, where one is set.")
    ] = True,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Draft a rationale for each disputed service of a case summary."""
    if (file is None) == (jsonl is None):
        raise typer.BadParameter("Name one case file, or --jsonl with a file of many.")
    if jsonl is not None:
        lines = jsonl_lines(jsonl)
        running = opened(data_dir)
        for line in lines:
            print_json(_draft_line(running, line, model=model))
        return
    from assistant.drafting.contract import draft_as_json
    from assistant.printing import draft_as_text

    assert file is not None  # noqa: S101 - the parameter check above leaves no other case
    text = read_case_text(file)
    made = opened(data_dir).draft_text(
        text,
        services=tuple(service or ()),
        day=day.date() if day else None,
        outcome=outcome,
        case_id=file.stem,
        model=model,
    )
    if as_json:
        print_json(draft_as_json(made))
    else:
        typer.echo(draft_as_text(made))


def jsonl_lines(path: Path) -> list[str]:
    """The non-empty lines of a file of cases; AssistantError when there is none."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        lines = [line for line in raw.decode("utf-8").split("\n") if line.strip()]
    except OSError as error:
        raise AssistantError(f"{path.name} could not be opened: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise AssistantError(f"{path.name} is not text in UTF-8.") from None
    if not lines:
        raise AssistantError(f"{path.name} holds no case.")
    return lines


def _draft_line(running: Service, line: str, *, model: bool) -> dict[str, Any]:
    """The draft of one line of a file of cases, or its `{"id", "error"}`."""
    from assistant.drafting.contract import draft_as_json

    case_id = ""
    try:
        given = json.loads(line)
        if not isinstance(given, dict):
            raise UnreadableCase("A line is not a JSON object.")  # noqa: TRY301 - one shape for every bad line
        case_id = str(given.get("id") or "")
        made = running.draft_text(
            _text_of(given),
            services=_services_of(given),
            day=_day_of(given),
            outcome=_outcome_of(given),
            case_id=case_id,
            model=model,
        )
        return draft_as_json(made)
    except json.JSONDecodeError:
        return {"id": case_id, "error": "The line is not JSON."}
    except AssistantError as error:
        return {"id": case_id, "error": str(error)}


def _text_of(given: dict[str, Any]) -> str:
    text = given.get("case_summary")
    if not given.get("id") or not isinstance(text, str):
        raise UnreadableCase("A line needs an id and a case_summary.")
    return text


def _services_of(given: dict[str, Any]) -> tuple[str, ...]:
    services = given.get("services") or []
    if not isinstance(services, list) or not all(isinstance(s, str) and s.strip() for s in services):
        raise UnreadableCase("services is not a list of texts.")
    return tuple(services)


def _day_of(given: dict[str, Any]) -> date | None:
    value = given.get("date")
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(value, form).date() if value else None  # noqa: DTZ007 - a date has no zone
        except (ValueError, TypeError):
            continue
    raise UnreadableCase("date is neither YYYY-MM-DD nor MM/DD/YYYY.")


def _outcome_of(given: dict[str, Any]) -> Outcome | None:
    value = given.get("outcome")
    if value and value not in list(Outcome):
        raise UnreadableCase("outcome is neither Upheld nor Overturned.")
    return Outcome(value) if value else None
