"""The measures as tables for the terminal, as Markdown, and as files in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.evaluation.readings import Reading

WIDTH = 100  # characters
_SIDE_BY_SIDE = ("doc@1", "doc@3", "doc@5", "sec@1", "sec@3", "sec@5")
_CALLED = {
    Reading.STRICT: "this program",
    Reading.ALL_ALIASES: "- with all aliases",
    Reading.STARTER_ONLY: "- starter library only",
    Reading.ORDER_WITHOUT_LETTER: "- order without the letter",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its title, the names of its columns, its rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grids(measured: Mapping[str, Any]) -> list[Grid]:
    """The tables: every way side by side, then each figure of the main reading with its interval."""
    title = f"Citations, {measured['letters']} letters, {measured['n']} issues"
    rows = [
        (name, *(_value(figures.get(k)) for k in _SIDE_BY_SIDE), unknown) for name, figures, unknown in _ways(measured)
    ]
    found = [
        Grid(title, ("", *_SIDE_BY_SIDE, "unknown"), tuple(rows)),
        Grid("This program, each figure", ("measure", "value", "95% interval", "n"), tuple(_figures(measured))),
    ]
    facts, drafts = measured.get("facts", {}), measured.get("drafts")
    if "features" in facts:
        found += [
            Grid(f"Facts by feature{part}", _FEATURE_HEAD, tuple(_by_feature(f))) for part, f in _fact_parts(facts)
        ]
    if drafts:
        title = f"Drafts of {drafts['letters']} cases (the reviewer decides; 89% of published letters uphold)"
        found.append(Grid(title, ("measure", "value", "95% interval", "n"), tuple(_rows_of(drafts))))
    return found


def as_text(measured: Mapping[str, Any]) -> str:
    """The tables for a terminal of a hundred characters."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = StringIO()
    console = Console(file=drawn, width=WIDTH, force_terminal=False, color_system=None)
    for grid in grids(measured):
        table = Table(title=grid.title, box=box.SIMPLE_HEAD, title_justify="left")
        for n, name in enumerate(grid.head):
            table.add_column(name, justify="left" if n == 0 else "right", no_wrap=True)
        for row in grid.rows:
            table.add_row(*row)
        console.print(table)
    return drawn.getvalue()


def as_markdown(measured: Mapping[str, Any]) -> str:
    """The tables as Markdown."""
    parts = []
    for grid in grids(measured):
        lines = [f"## {grid.title}", "", _line(grid.head), _line(["---"] * len(grid.head)), *map(_line, grid.rows)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def write_files(out: Path, measured: Mapping[str, Any], misses: Sequence[Mapping[str, object]], page: str = "") -> None:
    """Write evaluation.json, evaluation.md, the pictures and, to work from, misses.jsonl and misses.md into a folder.

    misses.md is `page`; facts.png and leans.png are drawn where there is something to draw.

    Raises AssistantError, one sentence, where the folder cannot be written.
    """
    from assistant.evaluation.plot import draw
    from assistant.evaluation.plot_drafts import draw_facts, draw_leans

    lines = [json.dumps(miss, ensure_ascii=False) for miss in misses]
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "evaluation.json").write_text(json.dumps(measured, indent=2) + "\n", "utf-8")
        (out / "evaluation.md").write_text(as_markdown(measured), "utf-8")
        (out / "misses.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
        (out / "misses.md").write_text(page, "utf-8")
        draw(measured, out / "evaluation.png")
        if measured.get("facts", {}).get("features"):
            draw_facts(measured["facts"], out / "facts.png")
        if "drafts" in measured:
            draw_leans(measured["drafts"], out / "leans.png")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise AssistantError(f"The folder {out} cannot be written to: {reason}.") from None


def _ways(measured: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    for reading in Reading:
        figures = measured["readings"][reading.value]
        yield _CALLED[reading], figures, str(figures["unknown"])
    for name, figures in measured.get("parts", {}).items():
        yield f"- {name.replace('_', ' ')}: {figures['letters']} letters", figures, str(figures["unknown"])
    for name, figures in measured["baselines"].items():
        yield name, figures, ""


def _figures(measured: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Name, value, 95% interval and number of cases of each figure of the main reading."""
    yield from _rows_of({**measured, **measured["search"], **measured.get("facts", {}), **measured["timings"]})


def _rows_of(figures: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for name, figure in figures.items():
        if isinstance(figure, int):
            yield name, str(figure), "", ""
        elif isinstance(figure, Mapping) and "value" in figure:
            yield name, _value(figure), f"{figure['low']:.3f} to {figure['high']:.3f}", str(figure["n"])
        elif isinstance(figure, Mapping) and "median" in figure:
            yield f"{name}, median (p95)", f"{figure['median']:.0f} ({figure['p95']:.0f})", "", str(figure["n"])


_FEATURE_HEAD = ("feature", "recall (labelled present)", "precision (read so)")


def _fact_parts(facts: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "", facts
    for name, part in facts.get("parts", {}).items():
        yield f", {name.replace('_', ' ')}: {part['letters']} letters", part


def _by_feature(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, of in {"all": facts, **facts["features"]}.items():
        recall, precision = of["facts_recall"], of["facts_precision"]
        yield name, f"{_value(recall)} ({recall['n']})", f"{_value(precision)} ({precision['n']})"


def _value(figure: Mapping[str, Any] | None) -> str:
    return f"{figure['value']:.3f}" if figure and "value" in figure else "-"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
