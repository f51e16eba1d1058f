"""The records keep what they were given, show it to its owner only, and rewrite no history."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from assistant.database import open_database
from assistant.domain import Draft, Span
from assistant.errors import Conflict, NotThere
from assistant.records import Chats, Records
from assistant.records.drafts import draft_as_text, draft_from_text

MakeDraft = Callable[..., Draft]


def keep(records: Records, user: str = "ann", title: str = "Hand therapy", text: str = "A baker's wrist hurts.") -> str:
    return records.create_case(user, title=title, text=text, day=date(2016, 12, 20), services=("six visits",)).id


# --- cases ----------------------------------------------------------------------------------------------------


def test_no_id_looks_like_an_option(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    drawn = iter(["-Z6HZdmEiI-8AOV_", "--6HZdmEiI-8AOV_", "Z6HZdmEiI-8AOV_-"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: next(drawn))
    assert keep(Records(engine)) == "Z6HZdmEiI-8AOV_-"


def test_a_case_comes_back_as_it_was_given(records: Records) -> None:
    made = records.create_case("ann", title="T", text="A “wrist”\n hurts 5°.", day=None, services=("a; b", "c"))
    assert records.case("ann", made.id) == made
    assert (made.text, made.day, made.services) == ("A “wrist”\n hurts 5°.", None, ("a; b", "c"))
    assert made.created == made.updated
    assert made.created.tzinfo is UTC


def test_ids_are_random_and_fit_into_an_address(records: Records) -> None:
    ids = {keep(records) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(case_id) == 16 and case_id.replace("-", "").replace("_", "").isalnum() for case_id in ids)


def test_cases_are_listed_last_changed_first_and_found_by_words(records: Records) -> None:
    wrist, knee = keep(records, text="A baker's wrist."), keep(records, title="Knee MRI", text="A roofer's knee.")
    assert [case.id for case in records.cases("ann")] == [knee, wrist]
    records.change_case("ann", wrist, title="Wrist")
    assert [case.id for case in records.cases("ann")] == [wrist, knee]
    assert [case.id for case in records.cases("ann", "KNEE mri")] == [knee]
    assert records.cases("ann", "roofer") == ()
    assert [case.id for case in records.cases("ann", "six visits")] == [wrist, knee]
    assert records.cases("ann", "knee baker") == ()


def test_a_change_leaves_the_rest(records: Records) -> None:
    case_id = keep(records)
    assert records.change_case("ann", case_id, services=("twelve visits",)).services == ("twelve visits",)
    changed = records.change_case("ann", case_id, day=date(2017, 1, 2))
    assert (changed.title, changed.day, changed.services) == ("Hand therapy", date(2017, 1, 2), ("twelve visits",))
    assert changed.updated > changed.created


def test_a_deleted_case_is_gone_until_it_is_restored(records: Records, make_draft: MakeDraft) -> None:
    case_id = keep(records)
    records.save_version("ann", case_id, make_draft(), cause="drafted", base=0)
    records.delete_case("ann", case_id)
    assert records.cases("ann") == ()
    assert [case.id for case in records.deleted_cases("ann")] == [case_id]
    with pytest.raises(NotThere):
        records.case("ann", case_id)
    records.restore_case("ann", case_id)
    records.restore_case("ann", case_id)
    newest = records.latest("ann", case_id)
    assert newest is not None
    assert newest.draft == make_draft()
    assert [act.kind for act in records.acts("ann", case_id)] == ["created", "deleted", "restored"]


# --- ownership ------------------------------------------------------------------------------------------------

CALLS: dict[str, Callable[[Records, str, str, Draft], object]] = {
    "case": lambda r, user, case, _: r.case(user, case),
    "change_case": lambda r, user, case, _: r.change_case(user, case, title="x"),
    "delete_case": lambda r, user, case, _: r.delete_case(user, case),
    "restore_case": lambda r, user, case, _: r.restore_case(user, case),
    "delete_cases": lambda r, user, case, _: r.delete_cases(user, [case]),
    "restore_cases": lambda r, user, case, _: r.restore_cases(user, [case]),
    "change_receipt": lambda r, user, case, _: r.change_receipt(user, case, None, None),
    "save_version": lambda r, user, case, draft: r.save_version(user, case, draft, cause="edited", base=None),
    "latest": lambda r, user, case, _: r.latest(user, case),
    "version": lambda r, user, case, _: r.version(user, case, 1),
    "versions": lambda r, user, case, _: r.versions(user, case),
    "record_act": lambda r, user, case, _: r.record_act(user, "edited", case, None, {}),
    "acts": lambda r, user, case, _: r.acts(user, case),
    "check_access": lambda r, user, case, _: r.check_access(user, case),
    "standing": lambda r, user, case, _: r.standing(user, case),
    "opened": lambda r, user, case, _: r.opened(user, case),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("owner_exists", [True, False])
def test_what_belongs_to_another_is_not_there(
    records: Records, make_draft: MakeDraft, name: str, owner_exists: bool
) -> None:
    case_id = keep(records, "ann")
    records.save_version("ann", case_id, make_draft(), cause="drafted", base=0)
    if owner_exists:
        keep(records, "bob")
    before = (records.case("ann", case_id), records.versions("ann", case_id))
    with pytest.raises(NotThere):
        CALLS[name](records, "bob", case_id, make_draft("other"))
    assert (records.case("ann", case_id), records.versions("ann", case_id)) == before
    assert "bob" not in str(records.acts("ann"))


def test_every_public_method_that_names_a_case_is_among_those_calls() -> None:
    takes_no_case = {"create_case", "cases", "deleted_cases"}
    assert {name for name in vars(Records) if not name.startswith("_")} - takes_no_case == set(CALLS)


def test_an_opened_case_is_what_its_parts_say(records: Records, make_draft: MakeDraft) -> None:
    case_id = keep(records)
    assert records.opened("ann", case_id).newest is None
    for base in range(2):
        records.save_version("ann", case_id, make_draft(), cause="edited", base=base, detail={})
    opened = records.opened("ann", case_id)
    assert opened.case == records.case("ann", case_id)
    assert opened.newest == records.latest("ann", case_id)
    assert opened.newest is not None
    assert opened.newest.number == 2
    assert [act.kind for act in opened.acts] == ["created", "edited", "edited"]
    assert opened.acts == records.acts("ann", case_id)
    assert (opened.owner, opened.may) == records.standing("ann", case_id)


def test_lists_are_of_one_user(records: Records) -> None:
    keep(records, "ann")
    assert (records.cases("bob"), records.deleted_cases("bob"), records.acts("bob")) == ((), (), ())


def test_a_record_needs_an_owner(records: Records) -> None:
    with pytest.raises(ValueError, match="owner"):
        keep(records, " ")


# --- versions -------------------------------------------------------------------------------------------------


def test_versions_are_numbered_and_kept(records: Records, make_draft: MakeDraft) -> None:
    case_id = keep(records)
    assert records.latest("ann", case_id) is None
    for base, word in enumerate(["first", "second", "third"]):
        saved = records.save_version("ann", case_id, make_draft(word), cause=f"cause {word}", base=base)
        assert saved.number == base + 1
    newest = records.latest("ann", case_id)
    assert newest is not None
    assert (newest.number, newest.draft) == (3, make_draft("third"))
    assert records.version("ann", case_id, 1).draft == make_draft("first")
    heads = records.versions("ann", case_id)
    assert [(head.number, head.cause) for head in heads] == [
        (3, "cause third"),
        (2, "cause second"),
        (1, "cause first"),
    ]
    assert records.case("ann", case_id).updated == heads[0].at
    with pytest.raises(NotThere):
        records.version("ann", case_id, 4)


@pytest.mark.parametrize("base", [0, 1, 3])
def test_a_save_from_another_version_than_the_newest_is_a_conflict(
    records: Records, make_draft: MakeDraft, base: int
) -> None:
    case_id = keep(records)
    for number in range(2):
        records.save_version("ann", case_id, make_draft(), cause="drafted", base=number)
    with pytest.raises(Conflict, match=rf"version {base}, the newest is 2"):
        records.save_version("ann", case_id, make_draft("lost"), cause="edited", base=base, detail={})
    assert [head.number for head in records.versions("ann", case_id)] == [2, 1]
    assert [act.kind for act in records.acts("ann", case_id)] == ["created"]


def test_a_version_and_its_act_are_saved_together(records: Records, make_draft: MakeDraft) -> None:
    case_id = keep(records)
    records.save_version(
        "ann", case_id, make_draft(), cause="outcome_set", base=None, issue=0, detail={"outcome": "Upheld"}
    )
    act = records.acts("ann", case_id)[-1]
    assert (act.kind, act.issue, act.detail) == ("outcome_set", 0, {"outcome": "Upheld"})


def test_a_draft_survives_its_text(make_draft: MakeDraft) -> None:
    draft = make_draft()
    assert draft_from_text(draft_as_text(draft)) == draft
    assert draft_from_text(draft_as_text(draft)).issues[0].sentences[0].verified


def test_a_draft_kept_before_the_checks_said_what_to_do_is_still_read(make_draft: MakeDraft) -> None:
    kept = json.loads(draft_as_text(make_draft()))
    kept["checks"] = [{"rule": "a rule", "level": "warning", "message": "It differs.", "issue": 0}]
    (check,) = draft_from_text(json.dumps(kept)).checks
    assert (check.message, check.action, check.id, check.quote) == ("It differs.", "", "", None)


spans = st.text(min_size=1, max_size=6).flatmap(
    lambda quote: st.integers(0, 99).map(lambda start: Span(start, start + len(quote), quote))
)
st.register_type_strategy(Span, spans)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.from_type(Draft))
def test_any_draft_survives_its_text(draft: Draft) -> None:
    assert draft_from_text(draft_as_text(draft)) == draft


# --- acts -----------------------------------------------------------------------------------------------------


def test_acts_keep_their_order_and_their_detail(records: Records) -> None:
    case_id = keep(records)
    records.record_act("ann", "imported", None, None, {"letters": 3})
    records.record_act("ann", "outcome_set", case_id, 1, {"outcome": None})
    of_case = records.acts("ann", case_id)
    assert [(act.kind, act.issue, act.detail) for act in of_case] == [
        ("created", None, {}),
        ("outcome_set", 1, {"outcome": None}),
    ]
    assert [act.kind for act in records.acts("ann")] == ["created", "imported", "outcome_set"]
    assert of_case[0].at < of_case[1].at


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE acts SET kind = 'x'",
        "DELETE FROM acts",
        pytest.param(
            "INSERT OR REPLACE INTO acts SELECT id, user_id, at, 'x', case_id, issue, detail FROM acts",
            marks=pytest.mark.sqlite,
        ),
        "UPDATE versions SET draft = '{}'",
        "UPDATE versions SET number = 7",
        "DELETE FROM versions",
        pytest.param(
            "INSERT OR REPLACE INTO versions SELECT id + 9, case_id, number, at, 'x', '{}' FROM versions",
            marks=pytest.mark.sqlite,
        ),
    ],
)
def test_the_database_itself_refuses_to_rewrite_history(
    engine: Engine, records: Records, make_draft: MakeDraft, statement: str
) -> None:
    case_id = keep(records)
    records.save_version("ann", case_id, make_draft(), cause="drafted", base=0)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    assert [act.kind for act in records.acts("ann", case_id)] == ["created"]
    assert records.version("ann", case_id, 1).draft == make_draft()


# --- time, and what survives ----------------------------------------------------------------------------------


def test_times_come_back_as_utc(engine: Engine) -> None:
    there = datetime(2024, 5, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    made = Records(engine, now=lambda: there).create_case("ann", title="", text="x", day=None, services=())
    assert Records(engine).case("ann", made.id).created == there
    assert Records(engine).case("ann", made.id).created.utcoffset() == timedelta(0)


def test_a_clock_without_a_zone_writes_nothing(engine: Engine) -> None:
    naive = Records(engine, now=lambda: datetime(2024, 5, 1))  # noqa: DTZ001 - that it has no zone is the case
    with pytest.raises(Exception, match="without a zone"):
        keep(naive)
    assert Records(engine).cases("ann") == ()


def test_what_was_saved_survives_a_kill(tmp_path: Path, database_url: str) -> None:
    """A process that saves turns until it is killed: every turn that it reported is there, and none is torn."""
    code = (
        "import sys; from pathlib import Path\n"
        "from assistant.database import open_database; from assistant.records import Chats, Records\n"
        "engine = open_database(Path(sys.argv[1]), sys.argv[2])\n"
        "c = Records(engine).create_case('ann', title='', text='x', day=None, services=())\n"
        "print(c.id, flush=True)\n"
        "chats = Chats(engine)\n"
        "for n in range(10**6): chats.add_turn('ann', c.id, 'reviewer', f'turn {n} ' * 50); print(n, flush=True)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), database_url], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    case_id = child.stdout.readline().strip()
    for _ in range(20):
        last = int(child.stdout.readline())
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    engine = open_database(tmp_path)
    turns = Chats(engine).turns("ann", case_id)
    engine.dispose()
    assert len(turns) > last
    assert all(turn.text == f"turn {number} " * 50 for number, turn in enumerate(turns))
