"""Work that outlives the page that asked for it: a draft or a chat turn runs here, and the page only follows it.

What runs in this process is followed in its memory. The database is told of it too, so that another process over the
same database begins no second job on a case, shows how far this one is, and can ask it to stop.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from assistant import metrics
from assistant.errors import AssistantError
from assistant.records import Busy, JobLedger, JobRecord
from assistant.records.jobs import ended
from assistant.views import Turn
from assistant.web.pulse import Pulse

__all__ = ["Busy", "Job", "Jobs"]

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)
_FAULT = (
    "This stopped by a fault of the program. What was saved is safe; try again, and see the terminal for its place."
)
_OF_TURNS = frozenset(each.name for each in fields(Turn)) - {"at"}


@dataclass(slots=True)
class Job:
    """What runs on one case: `lines` are the steps so far, `turn` the growing answer, `error` the user's sentence.

    `state` gives how far an import is. A job of another process is as its process last told.
    """

    kind: str  # "draft", "chat", "import" or "reading"
    lines: list[str] = field(default_factory=list)
    question: str = ""
    turn: Turn | None = None
    error: str | None = None
    done: bool = False
    stop: threading.Event = field(default_factory=threading.Event)  # ends a turn, or a model's help with a draft
    future: Future[object] | None = None  # for one who waits for the end
    state: Callable[[], Mapping[str, Any]] = dict
    halt: Callable[[], None] | None = None  # asks an import to end soon
    key: str = ""
    id: str = ""  # by which the database knows it
    told: Mapping[str, Any] = field(default_factory=dict)  # what the database was told last

    def end_soon(self) -> None:
        """Ask it to stop."""
        self.stop.set()
        if self.halt is not None:
            self.halt()

    def progress(self) -> dict[str, Any]:
        """How far it is, as the database keeps it and `seen` reads it."""
        turn = self.turn
        said = {name: getattr(turn, name) for name in _OF_TURNS} if turn is not None else None
        return {"lines": list(self.lines), "question": self.question, "turn": said, "state": dict(self.state())}


def seen(key: str, record: JobRecord) -> Job:
    """A job as its process told the database of it."""
    told = record.progress
    turn = told.get("turn")
    state = told.get("state") or {}
    return Job(
        record.kind,
        list(told.get("lines", ())),
        told.get("question", ""),
        Turn(**{"role": "assistant", "text": ""} | turn) if turn else None,
        record.error,
        record.done,
        state=lambda: state,
        key=key,
        id=record.id,
    )


class Jobs:
    """At most one job a case; a finished one stays until the next begins, so a page that reloads learns its end.

    With a `ledger` this holds over all processes that work on its database.
    """

    def __init__(self, workers: int = 4, ledger: JobLedger | None = None, user: Callable[[], str] = str) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._ledger, self._user = ledger, user
        self._pulse = Pulse(ledger, self._running) if ledger is not None else None

    def draft(self, case_id: str, run: Callable[[Callable[[str], None], threading.Event], object]) -> Job:
        """Start a draft; `run` gets the function that takes its steps, and what stops the chat model. Raises Busy."""
        job = Job("draft")
        return self._start(case_id, job, lambda: run(job.lines.append, job.stop))

    def chat(self, case_id: str, question: str, turns: Callable[[threading.Event], Iterator[Turn]]) -> Job:
        """Start a chat turn, of which `turns` yields ever longer versions until the event is set. Raises Busy."""
        job = Job("chat", question=question)

        def follow() -> None:
            for turn in turns(job.stop):
                job.turn = turn

        return self._start(case_id, job, follow)

    def stop(self, case_id: str, kind: str) -> Job | None:
        """Ask the job of that kind on a case to stop: a chat turn ends with what it has, a draft goes on without the
        chat model. Returns the case's job, if there is one."""
        job = self.of(case_id)
        if job is None or job.kind != kind or job.done:
            return job
        if self._jobs.get(case_id) is job:
            job.end_soon()
        elif self._ledger is not None:
            self._ledger.ask_stop(case_id)
        return job

    def work(
        self,
        key: str,
        kind: str,
        run: Callable[[], object],
        stop: Callable[[], None],
        state: Callable[[], Mapping[str, Any]] = dict,
    ) -> Job:
        """Start work on no case; `key` names it, `stop` asks it to end, `state` says how far it is. Raises Busy."""
        return self._start(key, Job(kind, halt=stop, state=state), run)

    async def result(self, run: Callable[[], _T]) -> _T:
        """The result of work on no kept case, done in its turn beside the jobs; raises what it raises."""
        return await asyncio.wrap_future(self._pool.submit(copy_context().run, run))

    async def ended(self, job: Job) -> object:
        """What the work of a job returned, once it has ended; raises what it raised."""
        if job.future is None:
            raise ValueError("the job was not started here")
        return await asyncio.wrap_future(job.future)

    def of(self, case_id: str) -> Job | None:
        """The job of a case: running, or the last that ended; in this process, or in another over the database."""
        own = self._jobs.get(case_id)
        if self._ledger is None or (own is not None and not own.done):
            return own
        record = self._ledger.of(case_id)
        return own if record is None or (own is not None and own.id == record.id) else seen(case_id, record)

    def close(self) -> None:
        """Start nothing more, ask what can stop to stop, and wait for what runs."""
        for job in list(self._jobs.values()):
            job.end_soon()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._pulse is not None:
            self._pulse.close()

    def _running(self) -> list[Job]:
        return [job for job in list(self._jobs.values()) if job.id and not job.done]

    def _start(self, case_id: str, job: Job, run: Callable[[], object]) -> Job:
        job.key = case_id
        with self._lock:
            before = self._jobs.get(case_id)
            if before is not None and not before.done:
                raise Busy(job.kind)
            self._jobs[case_id] = job
        try:
            if self._ledger is not None and self._pulse is not None:
                job.told = job.progress()
                job.id = self._ledger.begin(self._user(), case_id, job.kind, job.told)
                self._pulse.wake()
            # under the account that began it
            job.future = self._pool.submit(copy_context().run, run)
        except BaseException:
            self._take_back(job, before)
            raise
        metrics.count(lambda m: m.job(job.kind, 1))
        job.future.add_done_callback(lambda future: self._end(job, future))
        return job

    def _take_back(self, job: Job, before: Job | None) -> None:
        """A job that could not be begun leaves what was there before."""
        job.done = True
        with self._lock:
            if before is None:
                del self._jobs[job.key]
            else:
                self._jobs[job.key] = before

    def _end(self, job: Job, future: Future[object]) -> None:
        """Mark the job's end; a fault is logged by its place only, for its text may quote the case."""
        fault = None if future.cancelled() else future.exception()
        if isinstance(fault, AssistantError):
            job.error = str(fault)
        elif fault is not None or future.cancelled():
            job.error = _FAULT
            frames = traceback.extract_tb(fault.__traceback__)[-6:] if fault else []
            places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
            _LOG.error("%s failed: %s at %s", job.kind, type(fault).__name__, places)
        metrics.count(lambda m: m.job(job.kind, -1))
        if self._ledger is not None and job.id:
            try:
                self._ledger.end(job.key, job.id, ended(job.progress()), job.error)
            except AssistantError as error:  # others learn of the end when nothing is heard of the job any more
                _LOG.warning("The end of a job could not be told: %s", error)
        job.done = True
