"""Jobs as all processes see them: one a key, followed and stopped from another one, freed when its process is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from assistant.database import open_database, reading
from assistant.errors import NotThere
from assistant.keys import key_ring, new_key
from assistant.records import Busy, Chats, JobLedger, Records, TypedWords, Worker
from assistant.records.jobs import CUT_OFF, SILENT
from assistant.records.purging import Purges
from tests.records.conftest import Clock

WORDS = {"lines": ["reading the case"], "question": "Why Zzyzx?", "turn": {"id": 7, "text": "Zzyzx", "changed": True}}


@pytest.fixture
def case_id(engine: Engine, clock: Clock) -> str:
    """A case of ann's."""
    return Records(engine, now=clock).create_case("ann", title="t", text="words", day=None, services=()).id


@pytest.fixture
def first(engine: Engine, clock: Clock) -> Iterator[JobLedger]:
    """The jobs as one process sees them."""
    worker = Worker(engine)
    yield JobLedger(engine, worker, now=clock)
    worker.let_go()


@pytest.fixture
def second(engine: Engine, clock: Clock) -> Iterator[JobLedger]:
    """The same as another process sees them."""
    worker = Worker(engine)
    yield JobLedger(engine, worker, now=clock)
    worker.let_go()


def dies(ledger: JobLedger) -> None:
    """What is left when a process is killed: its lock goes, and nothing else happens."""
    ledger._worker.let_go()


def test_one_job_a_case_over_all_processes(first: JobLedger, second: JobLedger, case_id: str) -> None:
    begun = first.begin("ann", case_id, "draft", {"lines": []})
    with pytest.raises(Busy, match="still at work on this case"):
        second.begin("bob", case_id, "chat", {})
    second.begin("bob", "import of determinations", "import", {})
    with pytest.raises(Busy, match="still at work on an import"):
        first.begin("ann", "import of determinations", "import", {})
    first.tell(case_id, begun, {"lines": ["reading the case"]})
    shown = second.of(case_id)
    assert shown is not None
    assert (shown.kind, shown.progress, shown.done) == ("draft", {"lines": ["reading the case"]}, False)
    assert second.under_way_elsewhere(case_id, "draft")
    assert not first.under_way_elsewhere(case_id, "draft")
    first.end(case_id, begun, {"lines": ["reading the case", "done"]}, None)
    assert not second.under_way_elsewhere(case_id, "draft")
    again = second.begin("bob", case_id, "chat", {})
    first.tell(case_id, begun, {"lines": ["too late"]})
    found = first.of(case_id)
    assert found is not None
    assert (found.id, found.progress) == (again, {})


def test_a_draft_of_no_case_is_refused(first: JobLedger) -> None:
    with pytest.raises(NotThere):
        first.begin("ann", "no-such-case", "draft", {})
    assert first.of("no-such-case") is None


def test_the_wish_to_stop_reaches_the_process_at_work(first: JobLedger, second: JobLedger, case_id: str) -> None:
    begun = first.begin("ann", case_id, "chat", {})
    assert first.asked_to_stop([begun]) == frozenset()
    second.ask_stop(case_id)
    assert first.asked_to_stop([begun]) == {begun}
    first.end(case_id, begun, {}, None)
    assert first.asked_to_stop([first.begin("ann", case_id, "chat", {})]) == frozenset()


def test_a_process_that_is_gone_frees_its_case(first: JobLedger, second: JobLedger, case_id: str) -> None:
    begun = first.begin("ann", case_id, "chat", WORDS)
    dies(first)
    shown = second.of(case_id)
    assert shown is not None
    assert (shown.done, shown.error, shown.progress["lines"]) == (True, CUT_OFF, ["reading the case"])
    assert "Zzyzx" not in str(shown.progress)  # the chat itself holds the words
    assert shown.progress["turn"] == {"id": 7, "changed": True}
    assert second.begin("ann", case_id, "draft", {}) != begun
    assert second.clear() == 0


def test_a_job_of_which_nothing_is_heard_is_over(
    first: JobLedger, second: JobLedger, case_id: str, engine: Engine, clock: Clock
) -> None:
    begun = first.begin("ann", case_id, "draft", {})
    with engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET heartbeat = :then"), {"then": _long_ago(engine, clock)})
    first.give_sign([begun])
    assert second.under_way_elsewhere(case_id, "draft")
    with engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET heartbeat = :then"), {"then": _long_ago(engine, clock)})
    assert not second.under_way_elsewhere(case_id, "draft")


def _long_ago(engine: Engine, clock: Clock) -> str:
    """A time by the database's own clock, a little longer ago than is waited for."""
    with reading(engine) as session:
        server = engine.dialect.name == "postgresql"
        now = session.execute(text("SELECT clock_timestamp() AT TIME ZONE 'UTC'")).scalar_one() if server else clock()
    return (now - SILENT - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S.%f")


def test_a_start_clears_what_was_cut_off(first: JobLedger, second: JobLedger, case_id: str) -> None:
    first.begin("ann", case_id, "draft", {})
    first.begin("ann", "reading of facts", "reading", {})
    assert second.clear() == 0
    dies(first)
    assert second.clear() == 2
    assert second.clear() == 0


def test_a_lock_that_went_is_taken_anew(engine: Engine) -> None:
    worker = Worker(engine)
    assert not worker.lives(worker.name)
    worker.hold()
    assert worker.lives(worker.name)
    assert worker._lock is not None
    worker._lock.release()
    assert not worker.lives(worker.name)
    worker.renew()
    assert worker.lives(worker.name)
    worker.let_go()
    assert not worker.lives(worker.name)


@pytest.mark.sqlite
def test_no_lock_file_is_left(engine: Engine, tmp_path: Path) -> None:
    gone, looks = Worker(engine), Worker(engine)
    gone.hold()
    assert [path.name for path in tmp_path.glob("worker-*")] == [f"worker-{gone.name}.lock"]
    assert gone._lock is not None
    gone._lock.release()
    assert not looks.lives(gone.name)
    assert list(tmp_path.glob("worker-*")) == []


def test_words_typed_in_a_process_that_lives_are_not_taken_up(engine: Engine, clock: Clock, case_id: str) -> None:
    one, other = Worker(engine), Worker(engine)
    there = TypedWords(engine, now=clock, run=one.name, lives=one.lives)
    here = TypedWords(engine, now=clock, run=other.name, lives=other.lives)
    one.hold()
    there.keep("ann", case_id, 0, "He walks", 1)
    assert here.left_behind("ann", case_id) == ()
    one.let_go()
    assert [entry.text for entry in here.left_behind("ann", case_id)] == ["He walks"]


def test_a_job_goes_with_its_case_and_with_its_chat(
    engine: Engine, first: JobLedger, case_id: str, clock: Clock, tmp_path: Path
) -> None:
    chats = Chats(engine, now=clock)
    chats.add_turn("ann", case_id, "reviewer", "Why?")
    first.begin("ann", case_id, "chat", WORDS)
    chats.delete("ann", case_id)
    assert first.of(case_id) is None
    begun = first.begin("ann", case_id, "draft", WORDS)
    certificate = Purges(engine, tmp_path, now=clock).purge("ann", case_id)
    assert certificate.removed["jobs"] == 1
    assert first.of(case_id) is None
    first.tell(case_id, begun, WORDS)
    first.end(case_id, begun, WORDS, "It failed.")
    assert first.of(case_id) is None


def test_what_a_job_tells_is_sealed_under_its_cases_key(tmp_path: Path, clock: Clock, database_url: str) -> None:
    engine = open_database(tmp_path, database_url, keys=key_ring(new_key(), None))
    made = Records(engine, now=clock).create_case("ann", title="t", text="words", day=None, services=()).id
    worker = Worker(engine)
    ledger = JobLedger(engine, worker, now=clock)
    begun = ledger.begin("ann", made, "chat", {})
    ledger.tell(made, begun, WORDS)
    ledger.end(made, begun, WORDS, "The case names Zzyzx.")
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT progress, error FROM jobs")).one()
        scopes = (
            connection.execute(text("SELECT id FROM data_keys WHERE scope = :case"), {"case": made}).scalars().all()
        )
    assert all(value.startswith(f"\x1aimr1:{scopes[0]}:") for value in stored)
    shown = ledger.of(made)
    assert shown is not None
    assert (shown.progress, shown.error) == (WORDS, "The case names Zzyzx.")
    worker.let_go()
    engine.dispose()
