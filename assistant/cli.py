"""The command line: parse, call the service, print. Errors become one sentence at the entry point."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.domain import Outcome, PassageKind
from assistant.errors import AssistantError, UnreadableCase, WrongInput
from assistant.evaluation.split import SEED, Part
from assistant.library.choices import Choices
from assistant.library.found import Sort

if TYPE_CHECKING:
    from assistant.service import Service
    from assistant.settings import Settings

app = typer.Typer(
    name="imr-assistant",
    help="Drafts Independent Medical Review rationales in which every sentence shows its support.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

corpus_app = typer.Typer(help="The corpus: what the assistant knows before anything is imported.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")
searches = typer.Typer(help="Searches kept by name.", no_args_is_help=True)
app.add_typer(searches, name="searches")

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Where the library and the records are kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Date of review; it decides which edition governs."),
]

InForceDay = Annotated[
    datetime | None,
    typer.Option("--in-force-from", formats=["%Y-%m-%d"], help="A guideline's plain text: its first day in force."),
]
InForceEnd = Annotated[
    datetime | None,
    typer.Option(
        "--in-force-to", formats=["%Y-%m-%d"], help="A guideline's plain text: the first day it is no longer in force."
    ),
]


def _settings(data_dir: Path | None) -> Settings:
    from pydantic import ValidationError

    from assistant.settings import Settings

    try:
        return Settings(data_dir=data_dir) if data_dir else Settings()
    except ValidationError as error:
        names = ", ".join("IMR_" + str(e["loc"][0]).upper() for e in error.errors() if e["loc"])
        raise AssistantError(f"A setting cannot be used: {names or 'unknown'}; see docs/settings.md.") from None


def _service(data_dir: Path | None) -> Service:
    from assistant.printing import progress_bar
    from assistant.service import Service

    return Service.open(_settings(data_dir), progress=progress_bar())


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _read_text(file: Path) -> str:
    if str(file) != "-":
        from assistant.reading.files import read_file

        return read_file(file).text
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableCase("What was piped in is not text; paste the case summary as text.") from None


@app.command()
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
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Draft a rationale for each disputed service of a case summary."""
    if (file is None) == (jsonl is None):
        raise typer.BadParameter("Name one case file, or --jsonl with a file of many.")
    if jsonl is not None:
        lines = jsonl_lines(jsonl)
        running = _service(data_dir)
        for line in lines:
            _print_json(_draft_line(running, line))
        return
    from assistant.drafting.contract import draft_as_json
    from assistant.printing import draft_as_text

    assert file is not None  # noqa: S101 - the parameter check above leaves no other case
    text = _read_text(file)
    made = _service(data_dir).draft_text(
        text, services=tuple(service or ()), day=day.date() if day else None, outcome=outcome, case_id=file.stem
    )
    if as_json:
        _print_json(draft_as_json(made))
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


def _draft_line(running: Service, line: str) -> dict[str, Any]:
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


ForOutcome = Annotated[Outcome | None, typer.Option(help="Only this outcome.")]
OfService = Annotated[str | None, typer.Option(help="Only this kind of service, or a service as a request words it.")]
OfRegion = Annotated[str | None, typer.Option(help="Only services that name this part of the body.")]
OfGuideline = Annotated[str | None, typer.Option(help="Only decisions that cite this guideline.")]
DecidedFrom = Annotated[str | None, typer.Option("--from", help="Decided on this day or later (YYYY-MM-DD).")]
DecidedTo = Annotated[str | None, typer.Option("--to", help="Decided on this day or earlier (YYYY-MM-DD).")]
OfSpecialty = Annotated[str | None, typer.Option(help="Only reviewers of this specialty.")]
Modified = Annotated[
    bool | None, typer.Option("--modified/--not-modified", help="Whether utilization review certified a part.")
]
Words = Annotated[str, typer.Argument(help="What to look for; empty lists what fits the options by date.")]


@app.command()
def search(
    words: Words = "",
    outcome: ForOutcome = None,
    service: OfService = None,
    region: OfRegion = None,
    guideline: OfGuideline = None,
    decided_from: DecidedFrom = None,
    decided_to: DecidedTo = None,
    specialty: OfSpecialty = None,
    modified: Modified = None,
    like: Annotated[str | None, typer.Option(help="Decisions like this one, by its decision_id.")] = None,
    saved: Annotated[str | None, typer.Option(help="Run a saved search; what else is given narrows it.")] = None,
    sort: Annotated[Sort, typer.Option(help="The nearest first, or the newest first.")] = Sort.RELEVANCE,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many decisions at most.")] = 10,
    offset: Annotated[int, typer.Option(min=0, help="How many decisions to pass over.")] = 0,
    facets: Annotated[bool, typer.Option("--facets", help="Also count the matches by service, region ...")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Mend no misspelt word.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find past decisions by their words and their meaning."""
    from assistant.printing import found_as_json, found_as_text

    given = Choices(outcome, service, region, guideline, decided_from, decided_to, specialty, modified)
    running = _service(data_dir)
    if saved is not None:
        kept = running.saved_search(running.settings.user, saved)
        words, given = words or kept.words, Choices.of({**kept.choices, **given.as_mapping()})
    found = running.search_decisions(
        words, choices=given, like=like, sort=sort, limit=limit, offset=offset, facets=facets, exact=exact
    )
    if as_json:
        _print_json(found_as_json(found))
    else:
        typer.echo(found_as_text(found))


@searches.command(name="list")
def list_searches(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the saved searches."""
    from assistant.printing import saved_as_json, saved_as_text

    running = _service(data_dir)
    for kept in running.saved_searches(running.settings.user):
        if as_json:
            _print_json(saved_as_json(kept))
        else:
            typer.echo(saved_as_text(kept))


@searches.command(name="save")
def save_search(
    name: Annotated[str, typer.Argument(help="What to call it; an earlier one of that name is replaced.")],
    words: Words = "",
    outcome: ForOutcome = None,
    service: OfService = None,
    region: OfRegion = None,
    guideline: OfGuideline = None,
    decided_from: DecidedFrom = None,
    decided_to: DecidedTo = None,
    specialty: OfSpecialty = None,
    modified: Modified = None,
    data_dir: DataDir = None,
) -> None:
    """Keep a search under a name; `search --saved NAME` runs it."""
    given = Choices(outcome, service, region, guideline, decided_from, decided_to, specialty, modified)
    running = _service(data_dir)
    kept = running.save_search(running.settings.user, name, words, given)
    _say(f"Saved the search “{kept.name}”.")


@searches.command(name="delete")
def delete_search(
    name: Annotated[str, typer.Argument(help="The saved search to forget.")], data_dir: DataDir = None
) -> None:
    """Forget a saved search."""
    running = _service(data_dir)
    running.delete_search(running.settings.user, name)
    _say(f"Deleted the saved search “{name}”.")


@app.command(name="import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Letters, guideline files, JSONL, or folders and ZIPs of them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show; store nothing.")] = False,
    label: Annotated[str | None, typer.Option(help="A guideline's plain text: what it is cited as.")] = None,
    kind: Annotated[
        PassageKind | None, typer.Option(help="A guideline's plain text: official, or a digest in other words.")
    ] = None,
    edition: Annotated[str | None, typer.Option(help="A guideline's plain text: its edition.")] = None,
    family: Annotated[str | None, typer.Option(help="A guideline's plain text: the family of its editions.")] = None,
    in_force_from: InForceDay = None,
    in_force_to: InForceEnd = None,
    not_dated: Annotated[
        bool, typer.Option("--not-dated", help="A guideline's plain text: it has no dates in force.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take earlier imported texts of this guideline out of use.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Import determination letters and guidelines; the same file twice changes nothing.

    An option on a guideline's plain text says that the files are such texts (PDF, DOCX, HTML, MD, TXT).
    """
    from assistant.guideline_command import IF_GUIDELINE, GuidelineCommand, is_guideline, metadata_of, unknown

    given = metadata_of(label, kind, edition, family, in_force_from, in_force_to, not_dated=not_dated)
    if is_guideline(given) or replace:
        command = GuidelineCommand(_service(data_dir), given, replace=replace, as_json=as_json)
        if not command.run(paths, dry_run=dry_run):
            raise typer.Exit(1)
        return
    if dry_run:
        _read_only(paths, as_json=as_json)
        return
    from assistant.printing import progress_bar
    from assistant.printing_letters import report_as_json, report_as_text

    report = _service(data_dir).import_paths(paths, progress=progress_bar())
    if as_json:
        _print_json(report_as_json(report))
    for line in report_as_text(report):
        _say(line)
    if unknown(report):
        _say(IF_GUIDELINE)
    if (report.failed or report.neither) and not (report.read or report.already_there):
        raise typer.Exit(1)


def _read_only(paths: list[Path], *, as_json: bool) -> None:
    from assistant.printing_letters import letter_as_json, letter_as_text
    from assistant.reading.many import read_letters

    read = failed = 0
    for name, letter, problem in read_letters(paths):
        if letter is None:
            failed += 1
            _say(problem)
            continue
        read += 1
        if as_json:
            _print_json(letter_as_json(name, letter))
        else:
            typer.echo(letter_as_text(name, letter))
    _say(f"{read} read, {failed} not read; nothing was stored.")
    if failed and not read:
        raise typer.Exit(1)


@app.command()
def imports(
    number: Annotated[int | None, typer.Argument(help="The number of an import, to open its report.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List the imports so far, or open the report of one."""
    from assistant.printing_letters import import_as_json, import_as_text

    service = _service(data_dir)
    for stored in service.imports() if number is None else [service.import_report(number)]:
        if as_json:
            _print_json(import_as_json(stored))
        else:
            typer.echo("\n".join(import_as_text(stored)))


@app.command()
def letters(
    which: Annotated[
        str | None, typer.Argument(help="A letter: its number in this list, its case number, or a decision's id.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List the letters that were not read whole, or open one letter with its versions, warnings and text."""
    from assistant.printing_letters import kept_as_json, kept_as_text, opened_as_json, opened_as_text

    service = _service(data_dir)
    if which is not None:
        opened = service.letter(which)
        if as_json:
            _print_json(opened_as_json(opened))
        else:
            typer.echo("\n".join(opened_as_text(opened)))
        return
    rows, count = service.letters_not_whole()
    for row in rows:
        if as_json:
            _print_json(kept_as_json(row))
        else:
            typer.echo(kept_as_text(row))
    _say(f"{count} letters were not read whole." + (f" The first {len(rows)} are listed." if count > len(rows) else ""))


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Serve the page on this machine, for this user only."""
    from assistant.web.app import serve as serve_page

    running = _service(data_dir)
    running.library.warm_up()  # the page is there before the model is; the first draft waits for it
    settings = running.settings if port is None else running.settings.model_copy(update={"port": port})
    serve_page(running, settings, open_browser=open_browser)


@app.command()
def reindex(data_dir: DataDir = None) -> None:
    """Rebuild what is derived from the library: vectors of another model, the vector index, the full-text index."""
    from assistant.printing import progress_bar
    from assistant.service import Service

    _say(Service.reindex(_settings(data_dir), progress=progress_bar()))


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Letters read by hand, one JSON object a line.")],
    facts: Annotated[Path | None, typer.Option(help="Facts labelled by hand, one JSON object a line.")] = None,
    out: Annotated[Path | None, typer.Option(help="A folder for the tables and figures.")] = None,
    set_aside: Annotated[int, typer.Option(min=0, help="How many letters to set aside; both parts are reported.")] = 0,
    seed: Annotated[int, typer.Option(help="The seed that draws the letters set aside.")] = SEED,
    only: Annotated[Part | None, typer.Option(help="Measure one part; the other is left out altogether.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Measure citations against letters read by hand; each letter is left out of the library while it is measured."""
    from assistant.evaluation.run import Plan
    from assistant.evaluation.split import Split
    from assistant.printing import evaluation_as_text, progress_bar

    if only is not None and not set_aside:
        raise typer.BadParameter("it needs --set-aside.", param_hint="--only")
    plan = Plan(gold, facts, out, Split(set_aside, seed, only))
    measured = _service(data_dir).evaluate(plan, progress=progress_bar())
    if as_json:
        _print_json(measured)
    else:
        typer.echo(evaluation_as_text(measured))


@app.command()
def doctor(
    mend: Annotated[bool, typer.Option("--mend", help="First bring rows, vectors and indexes in step.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Say what works and what is missing on this machine, with the remedy."""
    from assistant.doctor import examine
    from assistant.printing import health_as_text

    checks = examine(_settings(data_dir), mend=mend)
    if as_json:
        for check in checks:
            _print_json({"name": check.name, "ok": check.ok, "message": check.message, "remedy": check.remedy})
    else:
        typer.echo(health_as_text(checks))
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@corpus_app.command(name="check")
def corpus_check(
    corpus_dir: Annotated[
        Path | None, typer.Option("--corpus-dir", help="The corpus folder; the one that ships with the program.")
    ] = None,
) -> None:
    """Prove that a corpus folder is whole; each problem is one line: file, place, what is wrong."""
    from assistant.corpus_check import check_corpus

    folder = corpus_dir or _settings(None).corpus_dir
    if not folder.is_dir():
        raise AssistantError(f"There is no corpus folder {folder.name}.")
    checked = check_corpus(folder)
    for problem in checked.problems:
        typer.echo(str(problem))
    if checked.problems:
        raise typer.Exit(1)
    typer.echo(checked.summary())


def main() -> None:
    """The console script: an AssistantError is its sentence and exit 1, wrong usage is exit 2."""
    try:
        app()
    except AssistantError as error:
        _say(str(error))
        raise SystemExit(2 if isinstance(error, WrongInput) else 1) from None
    except BrokenPipeError:  # the reader of a pipe went away; nothing is left to say
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def commands() -> Iterator[str]:
    """The names of all commands, for the documentation's test."""
    for command in app.registered_commands:
        yield command.name or command.callback.__name__  # type: ignore[union-attr]
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands:  # type: ignore[union-attr]
            yield f"{group.name} {command.name or command.callback.__name__}"  # type: ignore[union-attr]
