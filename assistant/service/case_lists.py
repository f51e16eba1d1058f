"""Narrows, counts and orders the rows of a list of cases: pure functions, so that a thousand rows are nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.deadlines import NOTE, RULES, Priority, days_left, due_date, due_words
from assistant.views import CaseRow, CasesFound, CaseSort, CasesWanted, CountedKind

if TYPE_CHECKING:
    from assistant.records import ListedCase


def due_by(received: date | None, priority: Priority | None, today: date) -> tuple[date | None, int | None]:
    """The due date and the days left until it; a priority that nobody gave counts as regular."""
    if received is None:
        return None, None
    due = due_date(received, priority or Priority.REGULAR)
    return due, days_left(due, today)


def due_sentences(received: date, priority: Priority | None, today: date) -> str:
    """The due date with the days left, its rule, and who may change it."""
    kind = priority or Priority.REGULAR
    due = due_date(received, kind)
    left = due_words(days_left(due, today)).removeprefix("due ")
    return f"Due {due}, {left}: {RULES[kind]}. {NOTE}"


def row_of(case: ListedCase, today: date) -> CaseRow:
    """A case as a line of the list, on the day `today`."""
    due, left = due_by(case.received, case.priority, today)
    return CaseRow(
        id=case.id,
        title=case.title,
        services="; ".join(case.listed.services),
        state=case.state,
        updated=case.updated,
        day=case.day,
        kinds=case.listed.kinds,
        received=case.received,
        priority=case.priority,
        due=due,
        days_left=left,
        owner=case.owner,
    )


def narrowed(
    rows: Sequence[CaseRow],
    wanted: CasesWanted,
    labels: Mapping[str, str],
    kept: int,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> CasesFound:
    """The page of `rows` (those that hold the words, the last changed first) that fits, of `kept` cases in all.

    `labels` name the service kinds. An `offset` past the end gives the last page.
    """
    fitting = sorted((row for row in rows if _fits(row, wanted)), key=_ORDERS[wanted.sort])
    size = limit or max(1, len(fitting))
    start = min(offset, max(0, (len(fitting) - 1) // size * size))
    any_kind = [row for row in rows if _fits(row, replace(wanted, service=""))]
    kinds = Counter(kind for row in any_kind for kind in row.kinds)
    named = sorted((CountedKind(kind, labels.get(kind, kind), count) for kind, count in kinds.items()), key=_by_label)
    return CasesFound(
        rows=tuple(fitting[start : start + size]),
        total=len(fitting),
        all_cases=kept,
        offset=start,
        states=Counter(row.state for row in rows if _fits(row, replace(wanted, state=""))),
        kinds=tuple(named),
    )


def _by_label(counted: CountedKind) -> str:
    return counted.label.casefold()


def _fits(row: CaseRow, wanted: CasesWanted) -> bool:
    changed = row.updated.astimezone().date()
    return (
        wanted.state in ("", row.state)
        and (not wanted.service or wanted.service in row.kinds)
        and (wanted.changed_from is None or wanted.changed_from <= changed)
        and (wanted.changed_to is None or changed <= wanted.changed_to)
    )


_ORDERS: Mapping[CaseSort, Callable[[CaseRow], tuple[object, ...]]] = {
    CaseSort.UPDATED: lambda row: (),  # as they come
    # An exported case is done: its day presses nobody any more.
    CaseSort.DUE: lambda row: (row.state == "exported", row.due is None, row.due or date.max),
    CaseSort.TITLE: lambda row: (row.title.casefold(),),
}
