"""What `insights` prints: one listing of rows with its notes, as a table, as CSV or as JSON."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from assistant.evaluation.kept import COMMAND

if TYPE_CHECKING:
    from assistant.evaluation.kept import KeptEvaluation
    from assistant.library.documented import Documented
    from assistant.library.insights import By, Overview
    from assistant.library.intervals import Proportion

_WIDTH = 110  # characters
NOT_PRECEDENT = "Past decisions are not precedent, and nothing of these counts reaches a draft or a lean."
MANY_LOOKED_AT = (
    "With so many facts some differ by chance alone: of a hundred that do not matter about five would show an interval "
    "without zero. A letter states what its reviewer chose to tell; what it does not state may stand in the file."
)
NO_LETTERS = "No real letter was imported yet; `imr-assistant import PATH` brings them in."
NOT_MEASURED = f"The assistant was not measured in this data folder yet; `{COMMAND}` does it."
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of plain values by the names of their columns, those that a table shows, and what must be said."""

    title: str
    rows: tuple[dict[str, Any], ...]
    shown: Mapping[str, str]  # a column of the table: a name of the rows
    notes: tuple[str, ...]


def outcomes_listing(overview: Overview, by: By) -> Listing:
    """The outcomes of real decisions by one way of grouping."""
    outcomes = overview.by[by]
    rows = tuple(
        {
            "by": by.value,
            "value": group.value,
            "label": group.label,
            "upheld": group.upheld,
            "overturned": group.overturned,
            **_share("overturned_share", group.overturned_share),
            "small": group.overturned_share.small,
            "choices": group.choices.as_mapping(),
        }
        for group in outcomes.groups
    )
    whole = overview.all
    title = f"{whole.label}, {overview.letters} real letters: {whole.upheld} upheld, {whole.overturned} overturned"
    notes = [NOT_PRECEDENT] if overview.letters else [NO_LETTERS]
    if outcomes.without:
        notes.append(f"{outcomes.without} decisions have no {by.value} and stand in no group.")
    shown = {"": "label", "upheld": "upheld", "overturned": "overturned", "share overturned (95%)": "overturned_share"}
    return Listing(title, rows, shown, tuple(notes))


def facts_listing(found: Documented) -> Listing:
    """What overturned and upheld decisions state, side by side."""
    rows = tuple(
        {
            "service": found.service,
            "read": found.where.value,
            "concept": fact.concept,
            "label": fact.label,
            "overturned": fact.overturned.hits,
            "overturned_n": fact.overturned.n,
            **_share("overturned_share", fact.overturned),
            "upheld": fact.upheld.hits,
            "upheld_n": fact.upheld.n,
            **_share("upheld_share", fact.upheld),
            "difference": round(fact.difference.value, 4) if fact.difference else None,
            "difference_low": round(fact.difference.low, 4) if fact.difference else None,
            "difference_high": round(fact.difference.high, 4) if fact.difference else None,
            "small": fact.overturned.small or fact.upheld.small,
        }
        for fact in found.facts
    )
    title = f"{found.label}: what {found.overturned} overturned and {found.upheld} upheld decisions state"
    notes = [NOT_PRECEDENT, f"{found.sought} facts were looked for. {MANY_LOOKED_AT}"]
    if not found.comparable:
        notes.append("There are fewer than five decisions of one outcome: too few to compare.")
    if not found.service:
        notes.append("Different services are mixed here; a fact may stand for what was asked.")
    shown = {
        "stated": "label",
        "overturned": "overturned_share",
        "upheld": "upheld_share",
        "difference (95%)": "difference",
    }
    return Listing(title, rows, shown, tuple(notes))


def evaluation_listing(kept: KeptEvaluation | None) -> Listing:
    """The figures of the last evaluation."""
    shown = {"measure": "name", "": "words", "value (95%)": "value", "n": "n"}
    if kept is None:
        return Listing("How the assistant itself does", (), shown, (NOT_MEASURED,))
    rows = [
        {
            "question": panel.question,
            "name": figure.name,
            "words": figure.words,
            "value": figure.value,
            "value_low": figure.low,
            "value_high": figure.high,
            "n": figure.n,
        }
        for panel in kept.panels
        for figure in panel.figures
    ]
    notes = [f"Measured {kept.at:%Y-%m-%d} by `{kept.command}`."]
    if kept.grounding:
        notes.append("Grounding: {:,} faults in {:,} sentences of drafts.".format(*kept.grounding))
    title = f"How the assistant itself does: {kept.letters} letters, {kept.issues} issues"
    return Listing(title, tuple(rows), shown, tuple(notes))


def as_text(listing: Listing) -> str:
    """The table for a terminal, its notes below."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = StringIO()
    console = Console(file=drawn, width=_WIDTH, force_terminal=False, color_system=None)
    table = Table(title=Text(listing.title), box=box.SIMPLE_HEAD, title_justify="left")
    for column, name in listing.shown.items():
        table.add_column(column, justify="left" if name in ("label", "name", "words") else "right")
    for row in listing.rows:
        table.add_row(*(Text(_cell(row, name)) for name in listing.shown.values()))
    console.print(table)
    for note in listing.notes:
        console.print(Text(note))
    return drawn.getvalue().rstrip("\n")


def csv_of(listing: Listing) -> str:
    """The rows as CSV; a text that a spreadsheet would run as a formula begins with an apostrophe."""
    written = StringIO()
    names = [name for name in (listing.rows[0] if listing.rows else {}) if name != "choices"]
    made = csv.writer(written, lineterminator="\n")
    made.writerow(names)
    made.writerows([_plain(row[name]) for name in names] for row in listing.rows)
    return written.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _share(name: str, share: Proportion) -> dict[str, float | None]:
    low, high = share.interval
    value = None if share.share is None else round(share.share, 4)
    return {name: value, f"{name}_low": round(low, 4), f"{name}_high": round(high, 4)}


def _cell(row: Mapping[str, Any], name: str) -> str:
    """A value as the table shows it: a share and a difference with their interval, in percent and points."""
    value, low, high = row[name], row.get(f"{name}_low"), row.get(f"{name}_high")
    if low is None or high is None:
        return "" if value is None else str(value)
    if value is None:
        return "-"
    sign = "+" if name == "difference" else ""
    counts = _counts(row, name)
    few = " few" if row.get("small") and (name == "difference" or "difference" not in row) else ""
    return f"{counts}{100 * value:{sign}.0f}% ({100 * low:{sign}.0f} to {100 * high:{sign}.0f}){few}"


def _counts(row: Mapping[str, Any], name: str) -> str:
    """ "3 of 8, " before a share whose counts stand in no column of their own."""
    side: Sequence[str] = name.split("_")[:1]
    n = row.get(f"{side[0]}_n")
    return f"{row[side[0]]} of {n}, " if n is not None and name.endswith("_share") else ""
