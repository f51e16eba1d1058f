"""A list of cases: states from the acts, services from what is kept beside each case, old cases looked into once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text

from assistant.deadlines import Priority
from assistant.domain import Draft, Outcome
from assistant.errors import NotThere
from assistant.records import CaseLists, CaseState, Listed, Records

MakeDraft = Callable[..., Draft]


@pytest.fixture
def lists(engine: Engine) -> CaseLists:
    """The lists over `engine`."""
    return CaseLists(engine)


def keep(records: Records, user: str = "ann", **given: object) -> str:
    about = {"title": "Hand therapy", "text": "A baker's wrist hurts.", "day": None, "services": ("six visits",)}
    return records.create_case(user, **{**about, **given}).id


def state(lists: CaseLists) -> CaseState:
    (case,) = lists.all("ann")
    return case.state


def test_a_case_is_listed_with_what_it_was_given(records: Records, lists: CaseLists) -> None:
    read = Listed(("six visits",), ("physical_therapy",))
    made = keep(records, received=date(2026, 2, 1), priority=Priority.EXPEDITED, listed=read)
    (case,) = lists.all("ann")
    assert (case.id, case.title, case.listed, case.state) == (made, "Hand therapy", read, CaseState.NEW)
    assert (case.received, case.priority) == (date(2026, 2, 1), Priority.EXPEDITED)
    assert (lists.count("ann"), lists.count("bob"), lists.all("bob")) == (1, 0, ())


def test_the_state_follows_the_acts(records: Records, lists: CaseLists, make_draft: MakeDraft) -> None:
    case = keep(records)
    draft = make_draft()
    two = replace(draft, issues=(*draft.issues, *draft.issues))
    records.save_version("ann", case, two, cause="drafted", base=0)
    assert state(lists) is CaseState.DRAFTING
    for issue in (0, 1):
        records.record_act("ann", "outcome_set", case, issue, {"outcome": Outcome.UPHELD.value})
    assert state(lists) is CaseState.DECIDED
    records.record_act("ann", "outcome_set", case, 1, {"outcome": None})
    assert state(lists) is CaseState.DRAFTING
    records.record_act("ann", "outcome_set", case, 1, {"outcome": Outcome.OVERTURNED.value})
    records.record_act("ann", "services_changed", case, None, {"count": 2})
    assert state(lists) is CaseState.DRAFTING
    records.record_act("ann", "exported", case, None, {})
    assert state(lists) is CaseState.EXPORTED


def test_a_new_version_changes_what_is_listed(records: Records, lists: CaseLists, make_draft: MakeDraft) -> None:
    case = keep(records)
    records.save_version("ann", case, make_draft(), cause="drafted", base=0)
    (listed,) = lists.all("ann")
    assert listed.listed == Listed(("six visits",), ("physical_therapy",), 1)


def test_a_case_of_before_lists_were_kept_is_looked_into_once(
    records: Records, lists: CaseLists, make_draft: MakeDraft, engine: Engine
) -> None:
    case, undrafted = keep(records), keep(records)
    records.save_version("ann", case, make_draft(), cause="drafted", base=0)
    with engine.begin() as connection:
        connection.execute(text("UPDATE cases SET listed = NULL"))
    found = {row.id: row for row in lists.all("ann")}
    assert found[case].listed == Listed(("six visits",), ("physical_therapy",), 1)
    assert (found[undrafted].listed, found[undrafted].state) == (Listed(), CaseState.NEW)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM cases WHERE listed IS NOT NULL")).scalar()
    assert kept == 1


def test_words_are_sought_in_the_title_and_the_services_and_not_in_the_text(records: Records, lists: CaseLists) -> None:
    wrist, knee = keep(records), keep(records, title="Knee MRI", text="A roofer's knee.")
    assert [case.id for case in lists.all("ann", "KNEE mri")] == [knee]
    assert lists.all("ann", "roofer") == ()
    assert [case.id for case in lists.all("ann", "six visits")] == [knee, wrist]
    assert lists.all("ann", "knee wrist") == ()


def test_receipt_is_changed_and_taken_away(records: Records) -> None:
    case = keep(records)
    changed = records.change_receipt("ann", case, date(2026, 2, 1), Priority.FORMULARY)
    assert (changed.received, changed.priority) == (date(2026, 2, 1), Priority.FORMULARY)
    assert records.case("ann", case) == changed
    assert records.change_receipt("ann", case, None, None).received is None
    assert [act.detail for act in records.acts("ann", case) if act.kind == "receipt_changed"] == [{}, {}]


def test_several_are_deleted_and_brought_back_all_or_none(records: Records, lists: CaseLists) -> None:
    one, two = keep(records), keep(records)
    with pytest.raises(NotThere):
        records.delete_cases("ann", [one, "none"])
    assert lists.count("ann") == 2
    records.delete_cases("ann", [one, two, one])
    assert lists.all("ann") == ()
    with pytest.raises(NotThere):
        records.restore_cases("ann", [one, "none"])
    assert lists.count("ann") == 0
    records.restore_cases("ann", [one, two])
    assert {case.id for case in lists.all("ann")} == {one, two}
