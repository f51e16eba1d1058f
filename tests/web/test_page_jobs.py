"""Two processes' jobs over one database: what runs in one is followed, refused and stopped in the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.database import open_database
from assistant.errors import AssistantError
from assistant.records import Busy, JobLedger, Records, Worker
from assistant.records.jobs import CUT_OFF
from assistant.views import Turn
from assistant.web import jobs as jobs_module
from assistant.web.jobs import Job, Jobs
from assistant.web.pulse import Pulse


def _now() -> datetime:
    return datetime.now(UTC)


class Process:
    """The jobs of one process; its pulse beats when the test says so."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.worker = Worker(engine)
        self.ledger = JobLedger(engine, self.worker, now=_now)
        with monkeypatch.context() as patch:
            patch.setattr(jobs_module, "Pulse", lambda *given: Pulse(*given, every=3600))
            self.jobs = Jobs(2, self.ledger, lambda: "ann")

    def beat(self) -> None:
        """What happens twice a second."""
        assert self.jobs._pulse is not None
        self.jobs._pulse.tick()

    def close(self) -> None:
        """The end of the process."""
        self.jobs.close()
        self.worker.let_go()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(tmp_path)
    yield made
    made.dispose()


@pytest.fixture
def two(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Process, Process]]:
    """Two processes over one database."""
    made = Process(engine, monkeypatch), Process(engine, monkeypatch)
    yield made
    for each in made:
        each.close()


@pytest.fixture
def case_id(engine: Engine) -> str:
    return Records(engine, now=_now).create_case("ann", title="t", text="words", day=None, services=()).id


def ended(job: Job) -> Job:
    """The job, once its work has ended."""
    assert job.future is not None
    job.future.exception(timeout=30)
    while not job.done:
        pass
    return job


def test_a_draft_is_followed_refused_and_seen_whole_elsewhere(two: tuple[Process, Process], case_id: str) -> None:
    here, there = two
    said, go_on = threading.Event(), threading.Event()

    def draft(say, _stop) -> None:
        say("reading the case")
        said.set()
        assert go_on.wait(30)
        say("checking 4 sentences")

    job = here.jobs.draft(case_id, draft)
    assert said.wait(30)
    here.beat()
    shown = there.jobs.of(case_id)
    assert shown is not None
    assert (shown.kind, shown.lines, shown.done) == ("draft", ["reading the case"], False)
    for process in two:
        with pytest.raises(Busy):
            process.jobs.draft(case_id, lambda _say, _stop: None)
    assert there.jobs.of(case_id) is not None
    go_on.set()
    ended(job)
    last = there.jobs.of(case_id)
    assert last is not None
    assert (last.lines, last.done, last.error) == (["reading the case", "checking 4 sentences"], True, None)
    assert here.jobs.of(case_id) is job
    ended(there.jobs.draft(case_id, lambda say, _stop: say("anew")))
    after = here.jobs.of(case_id)
    assert after is not None
    assert after.lines == ["anew"]


def test_a_growing_answer_is_seen_and_stopped_elsewhere(two: tuple[Process, Process], case_id: str) -> None:
    here, there = two
    grown = threading.Event()

    def turns(stop: threading.Event) -> Iterator[Turn]:
        yield Turn("assistant", "The summary", ({"kind": "link", "text": "why"},), done=False, id=4, notices=("slow",))
        grown.set()
        assert stop.wait(30)
        yield Turn("assistant", "The summary", changed=True, id=4, stopped=True)

    job = here.jobs.chat(case_id, "Why?", turns)
    assert grown.wait(30)
    here.beat()
    shown = there.jobs.stop(case_id, "chat")
    assert shown is not None
    assert shown.question == "Why?"
    assert shown.turn is not None
    assert (shown.turn.text, shown.turn.id, list(shown.turn.notices), shown.turn.done) == (
        "The summary",
        4,
        ["slow"],
        False,
    )
    assert not job.stop.is_set()
    here.beat()
    ended(job)
    last = there.jobs.of(case_id)
    assert last is not None
    assert last.turn is not None
    assert (last.turn.changed, last.turn.text, last.question) == (True, "", "")  # the words are the chat's


def test_an_import_is_followed_and_stopped_elsewhere(two: tuple[Process, Process]) -> None:
    here, there = two
    stopped = threading.Event()
    job = here.jobs.work("import", "import", lambda: stopped.wait(30), stopped.set, lambda: {"done": 3, "total": 9})
    here.beat()
    shown = there.jobs.of("import")
    assert shown is not None
    assert shown.state() == {"done": 3, "total": 9}
    with pytest.raises(Busy, match="an import"):
        there.jobs.work("import", "import", lambda: None, stopped.set)
    there.jobs.stop("import", "import")
    here.beat()
    assert ended(job).error is None
    assert stopped.is_set()


def test_an_error_is_told_and_a_dead_process_frees_the_case(two: tuple[Process, Process], case_id: str) -> None:
    here, there = two

    def fail(_say, _stop) -> None:
        raise AssistantError("The case names no requested service.")

    ended(here.jobs.draft(case_id, fail))
    shown = there.jobs.of(case_id)
    assert shown is not None
    assert shown.error == "The case names no requested service."
    go_on = threading.Event()
    job = here.jobs.draft(case_id, lambda _say, _stop: go_on.wait(30))
    here.worker.let_go()  # as if it were killed
    cut = there.jobs.of(case_id)
    assert cut is not None
    assert (cut.done, cut.error) == (True, CUT_OFF)
    ended(there.jobs.draft(case_id, lambda say, _stop: say("anew")))
    go_on.set()
    ended(job)
    last = there.jobs.of(case_id)
    assert last is not None
    assert (last.lines, last.error) == (["anew"], None)  # the end of the first is nothing of the second


def test_what_cannot_begin_leaves_what_was_there(two: tuple[Process, Process], case_id: str) -> None:
    here, _ = two
    first = ended(here.jobs.draft(case_id, lambda say, _stop: say("one")))
    with pytest.raises(AssistantError, match="no such case"):
        here.jobs.draft("nowhere", lambda _say, _stop: None)
    assert here.jobs.of("nowhere") is None
    here.jobs._pool.shutdown()
    with pytest.raises(RuntimeError):
        here.jobs.draft(case_id, lambda _say, _stop: None)
    assert here.jobs._jobs[case_id] is first


def test_a_database_that_is_away_does_not_end_the_work(
    two: tuple[Process, Process], case_id: str, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    here, _ = two

    def away(*_: object) -> None:
        raise AssistantError("The PostgreSQL server does not answer.")

    go_on = threading.Event()
    job = here.jobs.draft(case_id, lambda _say, _stop: go_on.wait(30))
    monkeypatch.setattr(here.ledger, "end", away)
    go_on.set()
    assert ended(job).error is None
    assert "could not be told" in caplog.text
    monkeypatch.undo()
    again = ended(here.jobs.draft(case_id, lambda say, _stop: say("again")))  # nobody else may begin; this process may
    assert again.lines == ["again"]
