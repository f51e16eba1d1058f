"""`cases expire`: what is decided or deleted goes when its retention has ended, nothing else does, each certified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from assistant.domain import Outcome
from assistant.library.library import open_library
from assistant.library.opening import database_of
from assistant.service import Service
from assistant.settings import Settings

Run = Callable[..., CompletedProcess[str]]
CASE = "A 49-year-old man has low back pain. The physician requested authorization for 6 sessions of acupuncture."
USER = "reviewer"


@contextmanager
def at(folder: Path, days_ago: int) -> Iterator[Service]:
    """The service as it stood so many days ago."""
    settings = Settings(data_dir=folder)
    then, engine = datetime.now(UTC) - timedelta(days=days_ago), database_of(settings)
    service = Service(settings, engine, open_library(settings, engine), now=lambda: then)
    try:
        yield service
    finally:
        service.close()


@pytest.fixture
def cases(data_dir: Path) -> dict[str, str]:
    """Cases of 40 days ago, by what became of them; two were touched again today."""
    with at(data_dir, 40) as then:
        made = {
            name: then.create_case(USER, CASE, title=name, day=date(2016, 3, 1)).id
            for name in ("decided", "decided anew", "in draft", "new", "deleted", "brought back")
        }
        for name in ("decided", "decided anew", "in draft"):
            then.draft_case(USER, made[name])
        for name in ("decided", "decided anew"):
            then.set_outcome(USER, made[name], 0, Outcome.UPHELD)
        for name in ("deleted", "brought back"):
            then.delete_case(USER, made[name])
    with at(data_dir, 0) as today:
        made["deleted today"] = today.create_case(USER, CASE, title="deleted today").id
        today.delete_case(USER, made["deleted today"])
        today.set_outcome(USER, made["decided anew"], 0, Outcome.OVERTURNED)
        today.restore_cases(USER, [made["brought back"]])
    return made


def test_what_has_ended_goes_and_the_rest_stays(
    cases: dict[str, str], data_dir: Path, run_cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ("--data-dir", data_dir)
    kept_for_ever = run_cli("cases", "expire", "--yes", *where)
    assert (kept_for_ever.stdout, "for ever" in kept_for_ever.stderr) == ("", True)
    monkeypatch.setenv("IMR_RETENTION_DAYS", "30")
    gone = {cases["decided"], cases["deleted"]}
    listed = run_cli("cases", "expire", "--dry-run", *where)
    assert set(listed.stdout.split()) == gone
    assert "2 would be deleted" in listed.stderr
    refused = run_cli("cases", "expire", *where, stdin=b"n\n")
    assert refused.returncode == 1
    done = run_cli("cases", "expire", "--yes", *where)
    assert (done.returncode, done.stdout.count("Certificate ")) == (0, 2)
    assert done.stdout.count("left in 0") == 2
    assert not any(case in done.stdout for case in cases.values())
    with at(data_dir, 0) as service:
        left = {case.id for case in service.cases(USER)} | {case.id for case in service.deleted_cases(USER)}
        assert left == set(cases.values()) - gone
        assert all(service.certificate(USER, case).found == 0 for case in gone)
        assert service.audit_log.verify().fault is None
    assert "no such case" in run_cli("cases", "expire", "--yes", *where).stderr
