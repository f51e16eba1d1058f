"""Decisions as a list in CSV, for a spreadsheet: every decision that a search finds, up to a stated maximum."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.library.rows import Held
from assistant.library.snippets import snippet_of

MOST_LISTED = 10_000  # decisions of one list
CSV_NAME = "decisions.csv"
_AT_ONCE = 200  # decisions read from the store together
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # by which Excel knows that the file is UTF-8
# A cell that begins so is taken for a formula by a spreadsheet; the wide forms are, too, in some languages of Excel.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
COLUMNS = (
    "decision id",
    "case number",
    "date",
    "service",
    "kind",
    "outcome",
    "guideline cited by reviewer",
    "guideline cited by claims administrator",
    "specialty",
    "region",
    "snippet",
    "illustrative",
)


@dataclass(frozen=True, slots=True)
class CsvList:
    """A list to be written: how many decisions it holds, how many match, and its text piece by piece."""

    listed: int
    total: int
    pieces: Iterator[str]


def csv_pieces(
    ids: Sequence[str],
    words: str,
    held: Callable[[Sequence[str]], dict[str, Held]],
    called: Callable[[str], str],
) -> Iterator[str]:
    """The text of the list, some decisions a piece; `held` gives decisions by their ids, `called` a kind's name."""
    yield _BOM + _lines([COLUMNS])
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        found = held(some)
        yield _lines([_cells(found[key], words, called) for key in some if key in found])


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def _cells(decision: Held, words: str, called: Callable[[str], str]) -> tuple[str, ...]:
    return (
        decision.decision_id,
        decision.case_number or "",
        decision.decided.isoformat() if decision.decided else "",
        decision.service,
        called(decision.service_kind) if decision.service_kind else "",
        decision.outcome.value,
        decision.reviewer_guideline,
        decision.claims_administrator_guideline,
        decision.specialty,
        "; ".join(decision.regions),
        snippet_of(decision.rationale or decision.service, words),
        "yes" if decision.illustrative else "no",
    )


def _lines(rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([harmless(cell.replace("\0", "")) for cell in row] for row in rows)
    return written.getvalue()
