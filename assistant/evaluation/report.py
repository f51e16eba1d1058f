"""The measures as a table for the terminal, as Markdown, and as files in a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.evaluation.citations import Miss

if TYPE_CHECKING:
    from rich.table import Table


def rows_of(measured: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Name, value, 95% interval and number of cases of each measure; the baselines under their names."""
    rows = []
    for name, value in measured.items():
        if isinstance(value, dict) and "value" in value:
            rows.append((name, f"{value['value']:.3f}", f"{value['low']:.3f} to {value['high']:.3f}", str(value["n"])))
        elif isinstance(value, dict) and set(value) == {"n"}:
            rows.append((name, "-", "", str(value["n"])))
        elif isinstance(value, dict):
            rows += [(f"{name}: {inner}", *rest) for inner, *rest in rows_of(value)]
        else:
            rows.append((name, str(value), "", ""))
    return rows


def table(measured: Mapping[str, Any]) -> Table:
    """The measures as a rich table."""
    from rich.table import Table

    drawn = Table("measure", "value", "95% interval", "n", title="Measured over letters read by hand")
    for row in rows_of(measured):
        drawn.add_row(*row)
    return drawn


def as_markdown(measured: Mapping[str, Any]) -> str:
    """The measures as a Markdown table."""
    lines = ["| measure | value | 95% interval | n |", "|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows_of(measured)]
    return "\n".join(lines) + "\n"


def write_files(out: Path, measured: Mapping[str, Any], misses: Sequence[Miss]) -> None:
    """Write evaluation.json, evaluation.md and, for reading, misses.jsonl into a folder.

    Raises AssistantError, one sentence, where the folder cannot be written.
    """
    lines = [
        json.dumps(
            {
                "case_number": miss.case_number,
                "service": miss.service,
                "cited": [{"guideline": entry.guideline, "sections": entry.sections} for entry in miss.cited],
                "offered": [{"guideline": label, "section": section} for label, section in miss.offered],
            },
            ensure_ascii=False,
        )
        for miss in misses
    ]
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "evaluation.json").write_text(json.dumps(measured, indent=2) + "\n", "utf-8")
        (out / "evaluation.md").write_text(as_markdown(measured), "utf-8")
        (out / "misses.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise AssistantError(f"The folder {out} cannot be written to: {reason}.") from None
