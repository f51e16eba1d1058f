"""Narrowing, counting, ordering and paging a list of cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.deadlines import Priority
from assistant.service.case_lists import due_by, due_sentences, narrowed
from assistant.views import CaseRow, CaseSort, CasesWanted

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STATES = ("new", "drafting", "decided", "exported")
LABELS = {"mri": "MRI", "acupuncture": "Acupuncture"}


def row(number: int, state: str = "drafting", kinds: tuple[str, ...] = (), due: date | None = None) -> CaseRow:
    return CaseRow(f"c{number}", f"Case {number}", "", state, NOON - timedelta(days=number), None, kinds, due=due)


ROWS = (
    row(0, "new", ("mri",)),
    row(1, "drafting", ("mri", "acupuncture"), date(2026, 3, 9)),
    row(2, "exported", ("acupuncture",), date(2026, 3, 1)),
    row(3, "drafting", (), date(2026, 3, 4)),
)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        pytest.param(CasesWanted(), ["c0", "c1", "c2", "c3"], id="all as they come"),
        pytest.param(CasesWanted(state="drafting"), ["c1", "c3"], id="a state"),
        pytest.param(CasesWanted(service="acupuncture"), ["c1", "c2"], id="a service kind"),
        pytest.param(CasesWanted(changed_from=date(2026, 3, 1)), ["c0", "c1"], id="since a day"),
        pytest.param(CasesWanted(changed_to=date(2026, 2, 28)), ["c2", "c3"], id="until a day"),
        pytest.param(CasesWanted(sort=CaseSort.DUE), ["c3", "c1", "c0", "c2"], id="due first, what is exported last"),
    ],
)
def test_fit_and_order(wanted: CasesWanted, ids: list[str]) -> None:
    assert [r.id for r in narrowed(ROWS, wanted, LABELS, len(ROWS)).rows] == ids


def test_titles_are_ordered_without_regard_to_capitals() -> None:
    titles = ["beta", "Alpha", "Gamma"]
    rows = [CaseRow(title, title, "", "new", NOON, None) for title in titles]
    found = narrowed(rows, CasesWanted(sort=CaseSort.TITLE), {}, 3)
    assert [r.title for r in found.rows] == ["Alpha", "beta", "Gamma"]


def test_a_count_leaves_out_its_own_filter_and_keeps_the_others() -> None:
    found = narrowed(ROWS, CasesWanted(state="drafting", service="mri"), LABELS, len(ROWS))
    assert dict(found.states) == {"new": 1, "drafting": 1}
    assert [(k.label, k.count) for k in found.kinds] == [("Acupuncture", 1), ("MRI", 1)]
    assert (found.total, found.all_cases) == (1, 4)


@given(st.lists(st.sampled_from(STATES), max_size=30), st.integers(0, 50), st.integers(1, 12))
def test_pages_hold_each_case_once(states: list[str], beyond: int, limit: int) -> None:
    rows = [row(number, state) for number, state in enumerate(states)]
    pages = [narrowed(rows, CasesWanted(), {}, len(rows), offset=at, limit=limit) for at in range(0, len(rows), limit)]
    assert [r for page in pages for r in page.rows] == rows
    assert sum(narrowed(rows, CasesWanted(), {}, len(rows)).states.values()) == len(rows)
    past = narrowed(rows, CasesWanted(), {}, len(rows), offset=len(rows) + beyond, limit=limit)
    assert past.rows == (pages[-1].rows if pages else ())


def test_no_day_of_receipt_no_due_date() -> None:
    assert due_by(None, Priority.EXPEDITED, date(2026, 3, 2)) == (None, None)
    assert due_by(date(2026, 2, 20), None, date(2026, 3, 2)) == (date(2026, 3, 22), 20)


def test_the_sentence_says_date_rule_and_who_may_change_it() -> None:
    said = due_sentences(date(2026, 2, 20), Priority.EXPEDITED, date(2026, 3, 2))
    assert said.startswith("Due 2026-02-23, overdue by 7 days: three days from receipt of the information")
    assert "three days more" in said
