"""Work that outlives the page that asked for it: a draft or a chat turn runs here, and the page only follows it."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from assistant.errors import AssistantError
from assistant.views import Turn

_LOG = logging.getLogger(__name__)
_FAULT = (
    "This stopped by a fault of the program. What was saved is safe; try again, and see the terminal for its place."
)


class Busy(AssistantError):
    """A second piece of work on a case, or a second import, while the first is not done."""

    def __init__(self, kind: str = "draft") -> None:
        on = "an import" if kind == "import" else "this case"
        super().__init__(f"The assistant is still at work on {on}; wait for it to end.")


@dataclass(slots=True)
class Job:
    """What runs on one case: `lines` are the steps so far, `turn` the growing answer, `error` the user's sentence."""

    kind: str  # "draft", "chat" or "import"
    lines: list[str] = field(default_factory=list)
    question: str = ""
    turn: Turn | None = None
    error: str | None = None
    done: bool = False
    stop: threading.Event = field(default_factory=threading.Event)  # ends a turn, or a model's help with a draft


class Jobs:
    """At most one job a case; a finished one stays until the next begins, so a page that reloads learns its end."""

    def __init__(self, workers: int = 4) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._jobs: dict[str, Job] = {}
        self._stops: dict[str, Callable[[], None]] = {}
        self._lock = threading.Lock()

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
        job = self._jobs.get(case_id)
        if job is not None and job.kind == kind:
            job.stop.set()
        return job

    def work(self, key: str, kind: str, run: Callable[[], object], stop: Callable[[], None]) -> Job:
        """Start work on no case; `key` names it, and `stop` asks it to end soon. Raises Busy."""
        job = self._start(key, Job(kind), run)
        self._stops[key] = stop
        return job

    def of(self, case_id: str) -> Job | None:
        """The job of a case: running, or the last that ended."""
        return self._jobs.get(case_id)

    def close(self) -> None:
        """Start nothing more, ask what can stop to stop, and wait for what runs."""
        for stop in (*self._stops.values(), *(job.stop.set for job in self._jobs.values())):
            stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self, case_id: str, job: Job, run: Callable[[], object]) -> Job:
        with self._lock:
            running = self._jobs.get(case_id)
            if running is not None and not running.done:
                raise Busy(job.kind)
            self._jobs[case_id] = job
        self._pool.submit(run).add_done_callback(lambda future: _end(job, future))
        return job


def _end(job: Job, future: Future[object]) -> None:
    """Mark the job's end; a fault is logged by its place only, for its text may quote the case."""
    fault = None if future.cancelled() else future.exception()
    if isinstance(fault, AssistantError):
        job.error = str(fault)
    elif fault is not None or future.cancelled():
        job.error = _FAULT
        frames = traceback.extract_tb(fault.__traceback__)[-6:] if fault else []
        places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
        _LOG.error("%s failed: %s at %s", job.kind, type(fault).__name__, places)
    job.done = True
