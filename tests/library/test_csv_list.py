"""Decisions as a list in CSV: all that match, in their order, for a spreadsheet, and nothing in it is a formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_library import ACUPUNCTURE, letter_text, many_letters

from assistant.domain import Outcome
from assistant.library.csv_list import COLUMNS, CsvList, harmless
from assistant.library.filters import DecisionFilter
from assistant.library.found import Query
from assistant.library.library import Library


def rows_of(listed: CsvList) -> list[list[str]]:
    text = "".join(listed.pieces)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.slow
def test_all_that_match_are_listed_in_the_order_of_the_search(library: Library, tmp_path: Path) -> None:
    many_letters(tmp_path, 240)
    library.import_paths(sorted(tmp_path.glob("letter-*.txt")))
    query = Query("worker weighs", DecisionFilter(Outcome.UPHELD, service="acupuncture"), limit=200)
    found = library.search(query)
    listed = library.listed(query)
    head, *rows = rows_of(listed)
    assert tuple(head) == COLUMNS
    assert len(rows) == listed.listed == listed.total == found.total
    matching = [r.decision_id for r in found.results if not r.beyond]
    assert [row[0] for row in rows[: len(matching)]] == matching
    assert {row[4] for row in rows} == {"Acupuncture"}
    first = next(row for row in rows if row[-1] == "no")
    assert first[5:9] == ["Upheld", f"Decision based on {ACUPUNCTURE}.", "Decision based on ODG.", "Family Practice"]
    assert first[9] == "low back"
    short = library.listed(query, 3)
    assert (short.listed, short.total, len(rows_of(short))) == (3, found.total, 4)


def test_nothing_is_listed_where_nothing_is_asked(library: Library) -> None:
    assert library.listed(Query("")).total == 0


def test_a_hostile_letter_is_no_formula_and_stays_one_row(library: Library, tmp_path: Path) -> None:
    issue = ('=HYPERLINK("http://evil.example","Acupuncture")', "Upheld", ACUPUNCTURE, '@SUM(1), a "quote" of needles')
    (tmp_path / "letter.txt").write_text(letter_text("CM17-0000001", [issue]))
    library.import_paths([tmp_path / "letter.txt"])
    row = next(row for row in rows_of(library.listed(Query("CM17-0000001"))) if row[1] == "CM17-0000001")
    assert len(row) == len(COLUMNS)
    assert row[3].startswith("'=HYPERLINK")
    assert row[10].startswith("'@SUM(1)")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1", "\uff1d1"])
def test_what_begins_like_a_formula_is_neutralised(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@given(st.text())
def test_no_cell_begins_like_a_formula_and_none_is_lost(cell: str) -> None:
    made = harmless(cell)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert made in (cell, f"'{cell}")
