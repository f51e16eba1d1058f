"""The audit log over a database: written with what it tells, refused to be changed, without gaps, without PHI."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from assistant.database import FILE_NAME, writing
from assistant.domain import Draft
from assistant.errors import DataFolderError
from assistant.records import Act, Anchor, AuditLog, AuditWanted, Chats, Records, SignOffs, acting_as, audit_key
from assistant.records.audit import KEY_FILE, SEEN_AGAIN
from assistant.records.audit_acts import detail_text
from assistant.records.audit_chain import START

KEY = b"k" * 32
MARK = "Zyxomarkus"  # stands in every text of the case


@pytest.fixture
def log(engine: Engine, clock) -> AuditLog:
    made = AuditLog(engine, KEY, now=clock)
    made.attach()
    return made


@pytest.fixture
def case(records: Records, log: AuditLog) -> str:
    return records.create_case("anna", title=MARK, text=f"{MARK} is a baker.", day=None, services=(MARK,)).id


def acts_of(log: AuditLog) -> list[str]:
    return [entry.act for entry in reversed(log.entries(limit=1000))]


def test_every_act_of_the_records_is_an_entry(
    engine: Engine, records: Records, log: AuditLog, case: str, clock, make_draft: Callable[..., Draft]
) -> None:
    records.save_version("anna", case, make_draft(MARK), cause="drafted", base=0, detail={})
    records.save_version("anna", case, make_draft(MARK), cause="edited", base=1, detail={})
    records.record_act("anna", "outcome_set", case, 0, {"outcome": "Upheld", "version": 2})
    records.record_act("anna", "outcome_set", case, 0, {"outcome": None})
    chats = Chats(engine, now=clock)
    chats.add_turn("anna", case, "reviewer", f"Tell me of {MARK}")
    chats.delete("anna", case)
    assert SignOffs(engine, now=clock).add("anna", case, 2)
    records.record_act("anna", "exported", case, None, {"format": "md", "version": 2}, content=MARK.encode())
    records.delete_case("anna", case)
    records.restore_case("anna", case)
    told = [
        "created",
        "drafted",
        "edited",
        "decided",
        "reopened",
        "chat turn",
        "chat deleted",
        "signed off",
        "exported",
    ]
    assert acts_of(log) == [*told, "deleted", "restored"]
    entries = log.entries(AuditWanted(case=log.keyed(case)))
    assert len(entries) == log.count() == 11
    drafted = json.loads(entries[-2].detail)
    assert list(drafted["passages"]) == ["hand/visits/therapy/0a1b2c3d"]
    assert drafted["version"] == 1
    assert log.verify().fault is None
    assert all(MARK not in str(entry) and case not in str(entry) for entry in entries)


def test_what_is_rolled_back_is_told_neither(engine: Engine, log: AuditLog, case: str) -> None:
    def fail() -> None:
        with writing(engine) as session:
            log.append(session, Act.OTHER, "anna", case, {})
            raise ValueError("the disk burns")

    with pytest.raises(ValueError, match="burns"):
        fail()
    assert acts_of(log) == ["created"]
    assert log.verify().fault is None


def test_the_account_that_acts_is_named_though_the_case_is_anothers(records: Records, log: AuditLog, case: str) -> None:
    with acting_as("zoë"):
        records.record_act("anna", "outcome_set", case, 0, {"outcome": "Upheld"})
    assert [entry.account for entry in log.entries()] == ["zoë", "anna"]
    assert log.accounts() == ("anna", "zoë")
    assert log.count(AuditWanted(account="zoë", act="decided")) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET account = 'eve'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit",
        'INSERT INTO audit SELECT number + 5, at, account, act, "case", content, detail, previous, hash FROM audit',
        "UPDATE audit_head SET hash = ''",
        "DELETE FROM audit_head",
        "INSERT OR REPLACE INTO audit_head VALUES (1, 0, '')",
    ],
)
def test_the_database_refuses_to_rewrite_the_log(engine: Engine, log: AuditLog, case: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), writing(engine) as session:
        session.connection().exec_driver_sql(statement)
    assert log.verify().fault is None


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "first"),
    [
        pytest.param("UPDATE audit SET account = 'eve' WHERE number = 2", 2, id="changed"),
        pytest.param("UPDATE audit SET detail = '{ }' WHERE number = 2", 2, id="detail"),
        pytest.param("DELETE FROM audit WHERE number = 2", 2, id="removed"),
        pytest.param("DELETE FROM audit WHERE number = 3", 3, id="cut off"),
        pytest.param("UPDATE audit SET number = 5 - number WHERE number > 1", 2, id="reordered"),
        pytest.param("DELETE FROM audit", 1, id="emptied"),
    ],
)
def test_who_goes_round_the_database_is_found(
    engine: Engine, log: AuditLog, tmp_path: Path, statement: str, first: int
) -> None:
    for account in ("anna", "bert", "carl"):
        log.record(Act.SIGNED_IN, account)
    by_hand = sqlite3.connect(tmp_path / FILE_NAME)
    for trigger in ("audit_no_update", "audit_no_delete", "audit_no_insert"):
        by_hand.execute(f"DROP TRIGGER {trigger}")
    if "5 - number" in statement:  # past the unique numbers
        by_hand.execute("UPDATE audit SET number = -number WHERE number > 1")
        statement = "UPDATE audit SET number = 5 + number WHERE number < 0"
    by_hand.execute(statement)
    by_hand.commit()
    by_hand.close()
    assert log.verify().fault.number == first


@pytest.mark.sqlite
def test_an_anchor_tells_a_log_that_was_written_anew(engine: Engine, log: AuditLog, tmp_path: Path, clock) -> None:
    for account in ("anna", "bert", "carl"):
        log.record(Act.SIGNED_IN, account)
    anchor = log.head()
    by_hand = sqlite3.connect(tmp_path / FILE_NAME)
    for trigger in ("audit_no_delete", "audit_head_no_update"):
        by_hand.execute(f"DROP TRIGGER {trigger}")
    by_hand.execute("DELETE FROM audit")
    by_hand.execute("UPDATE audit_head SET number = 0, hash = ?", [START])
    by_hand.commit()
    by_hand.close()
    for account in ("anna", "carl", "carl", "anna"):
        log.record(Act.SIGNED_IN, account)
    assert log.verify().fault is None
    assert log.verify([anchor]).fault.number == anchor.number


def test_a_file_that_goes_out_again_names_the_first_time(log: AuditLog) -> None:
    for content in (b"letter", b"other", b"letter", b"letter"):
        log.record(Act.EXPORTED, "anna", "a-case", content, format="pdf")
    again = [json.loads(entry.detail).get("again") for entry in reversed(log.entries())]
    assert again == [None, None, 1, 1]
    assert log.count(AuditWanted(content=log.keyed(b"letter"))) == 3


def test_a_second_look_within_ten_minutes_is_no_entry(engine: Engine, clock) -> None:
    log = AuditLog(engine, KEY, now=clock)
    assert log.note_seen(Act.SEEN, "anna", "a-case")
    assert log.note_seen(Act.SEEN, "anna", "a-case") is None
    assert log.note_seen(Act.SEEN, "anna", "another")
    assert log.note_seen(Act.SEEN, "bert", "a-case")
    assert log.note_seen(Act.SEEN, "anna", "a-case", "chat")
    assert AuditLog(engine, KEY, now=clock).note_seen(Act.SEEN, "anna", "a-case") is None  # another process
    clock.time += SEEN_AGAIN
    assert log.note_seen(Act.SEEN, "anna", "a-case")
    assert log.count() == 5


def test_entries_are_narrowed_by_time(log: AuditLog, clock) -> None:
    for account in ("anna", "bert", "carl"):
        log.record(Act.SIGNED_IN, account)
    second = clock.time - timedelta(seconds=1)
    assert [e.account for e in log.entries(AuditWanted(since=second))] == ["carl", "bert"]
    assert [e.account for e in log.entries(AuditWanted(until=second.astimezone(UTC)))] == ["anna"]


def test_threads_that_append_at_once_leave_no_gap(log: AuditLog) -> None:
    def write() -> None:
        for _ in range(20):
            log.record(Act.OTHER, "anna")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = log.verify()
    assert (found.fault, found.entries) == (None, 80)


_WRITER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.database import open_database, writing
from assistant.records import Act, AuditLog
engine = open_database(Path(sys.argv[1]))
log = AuditLog(engine, b"k" * 32, now=lambda: datetime.now(UTC))
for _ in range(25):
    log.record(Act.OTHER, "process")
with writing(engine) as session:
    log.append(session, Act.OTHER, "never", None, {})
    if sys.argv[2] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.sqlite
def test_processes_that_append_at_once_and_one_that_is_killed_leave_a_log_in_order(
    engine: Engine, log: AuditLog, tmp_path: Path
) -> None:
    ends = ("die", "live", "die")
    started = [subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), end], env=os.environ) for end in ends]
    codes = [process.wait(120) for process in started]
    assert codes == [-signal.SIGKILL, 0, -signal.SIGKILL]
    found = log.verify()
    assert (found.fault, found.entries) == (None, 76)
    assert log.record(Act.OTHER, "after").number == 77


def test_the_key_is_made_once_private_and_the_same_for_all(tmp_path: Path) -> None:
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(audit_key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert len(keys) == 8
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    assert audit_key(tmp_path, "given") == b"given"
    (tmp_path / KEY_FILE).write_text("short")
    with pytest.raises(DataFolderError, match="holds no key"):
        audit_key(tmp_path)


def test_a_detail_holds_known_fields_of_their_own_form_only() -> None:
    with pytest.raises(ValueError, match="no field 'text'"):
        detail_text({"text": "anything"})
    assert (
        detail_text({"outcome": "A worker's words", "version": True, "kind": "Not A Word", "count": 3}) == '{"count":3}'
    )


def test_an_empty_log_is_in_order(log: AuditLog) -> None:
    found = log.verify()
    assert (found.fault, found.last) == (None, Anchor(0, START))
