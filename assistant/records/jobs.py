"""The work under way, as all processes over a database see it: at most one job a key, how far it is, how it ended.

A process that ended in the midst of a job has let go of its lock (see workers.py), or has given no sign for long; its
job then counts as ended by a fault, and another may begin.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from assistant.database import noting, reading, writing
from assistant.errors import AssistantError, NotThere
from assistant.records.owners import user_row
from assistant.records.tables import CaseRow, JobRow
from assistant.records.workers import Worker

SILENT = timedelta(minutes=2)  # without a sign of its process, after which a job counts as ended
CUT_OFF = "The process that was at work on this ended in the midst of it. What was saved is safe; begin it anew."
_OF_CASES = frozenset({"draft", "chat"})


class Busy(AssistantError):
    """A second piece of work on a case, or a second import, while the first is not done."""

    def __init__(self, kind: str = "draft") -> None:
        on = "an import" if kind == "import" else "this case"
        super().__init__(f"The assistant is still at work on {on}; wait for it to end.")


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as the database knows it. `progress` is what its process last told; `error` the user's sentence."""

    id: str
    kind: str
    worker: str
    begun: datetime
    progress: Mapping[str, Any]
    error: str | None
    done: bool
    stop: bool


class JobLedger:
    """The jobs in the table of `engine`, as `worker` begins and sees them; `now` gives aware times.

    Who may see the job of a case is asked elsewhere, as of the case itself.
    """

    def __init__(self, engine: Engine, worker: Worker, *, now: Callable[[], datetime]) -> None:
        self._engine, self._worker, self._now = engine, worker, now

    def begin(self, user: str, key: str, kind: str, progress: Mapping[str, Any]) -> str:
        """A job of the user's begins, in the place of the last of its key; its id.

        Raises Busy, and NotThere for a draft or a chat on no case.
        """
        self._worker.hold()
        with writing(self._engine) as session:
            row, now = session.get(JobRow, key), self._time(session)
            if row is not None and not row.done and row.worker != self._worker.name and self._goes_on(row, now):
                raise Busy(kind)
            if row is not None:
                session.delete(row)
                session.flush()
            case = session.scalar(select(CaseRow.id).where(CaseRow.token == key)) if kind in _OF_CASES else None
            if case is None and kind in _OF_CASES:
                raise NotThere("There is no such case.")
            made = JobRow(
                key=key,
                id=secrets.token_urlsafe(12),
                case_id=case,
                user_id=user_row(session, user, self._now()).id,
                kind=kind,
                worker=self._worker.name,
                begun=now,
                heartbeat=now,
                progress=_as_json(progress),
                done=False,
                stop=False,
            )
            session.add(made)
            return made.id

    def tell(self, key: str, identity: str, progress: Mapping[str, Any]) -> None:
        """How far a job of this process is."""
        with noting(self._engine) as session:
            row = _own(session, key, identity)
            if row is not None and not row.done:
                row.progress, row.heartbeat = _as_json(progress), self._time(session)

    def end(self, key: str, identity: str, progress: Mapping[str, Any], error: str | None) -> None:
        """A job of this process has ended; with what it last tells, and the sentence where it failed."""
        with noting(self._engine) as session:
            row = _own(session, key, identity)
            if row is not None:
                row.progress, row.error, row.done = _as_json(progress), error, True

    def of(self, key: str) -> JobRecord | None:
        """The job of a key: under way, or the last that ended. One whose process is gone is told as ended so."""
        with reading(self._engine) as session:
            row = session.get(JobRow, key)
            gone = row is not None and not row.done and not self._goes_on(row, self._time(session))
        if row is not None and gone:
            return self._bury(key, row.id)
        return _record(row) if row is not None else None

    def under_way_elsewhere(self, key: str, kind: str) -> bool:
        """Whether another process has a job of that kind under way on a key."""
        found = self.of(key)
        return found is not None and found.kind == kind and not found.done and found.worker != self._worker.name

    def ask_stop(self, key: str) -> None:
        """Ask the job of a key to stop, wherever it is under way; its process looks between two steps."""
        with writing(self._engine) as session:
            session.execute(update(JobRow).where(JobRow.key == key, JobRow.done.is_(False)).values(stop=True))

    def asked_to_stop(self, ids: Collection[str]) -> frozenset[str]:
        """Which of these jobs were asked to stop."""
        with reading(self._engine) as session:
            return frozenset(session.scalars(select(JobRow.id).where(JobRow.id.in_(ids), JobRow.stop.is_(True))))

    def give_sign(self, ids: Collection[str]) -> None:
        """Say that the jobs of these ids, all of this process, go on."""
        self._worker.renew()
        with noting(self._engine) as session:
            session.execute(update(JobRow).where(JobRow.id.in_(ids)).values(heartbeat=self._time(session)))

    def clear(self) -> int:
        """Tell every job whose process is gone as ended so, whatever machine it was on; how many there were."""
        with reading(self._engine) as session:
            keys = list(session.scalars(select(JobRow.key).where(JobRow.done.is_(False))))
        before = [key for key in keys if (found := self.of(key)) is not None and found.error == CUT_OFF]
        return len(before)

    def _goes_on(self, row: JobRow, now: datetime) -> bool:
        own = row.worker == self._worker.name
        return now - row.heartbeat < SILENT and (own or self._worker.lives(row.worker))

    def _bury(self, key: str, identity: str) -> JobRecord | None:
        with writing(self._engine) as session:
            row = session.get(JobRow, key)
            if row is not None and row.id == identity and not row.done:
                row.done, row.error, row.progress = True, CUT_OFF, _as_json(ended(json.loads(row.progress)))
        return _record(row) if row is not None else None

    def _time(self, session: Session) -> datetime:
        """The database's own time, for the clocks of several machines differ; with SQLite there is but one."""
        if session.get_bind().dialect.name != "postgresql":
            return self._now()
        found: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return found


def ended(progress: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a job's progress when it has ended: of a chat turn none of its words, which the chat holds."""
    turn = progress.get("turn")
    kept = {name: turn[name] for name in ("id", "changed", "done") if name in turn} if turn else None
    return {**progress, "question": "", "turn": kept}


def _own(session: Session, key: str, identity: str) -> JobRow | None:
    """The row of a job of this process; None where its case, or the job itself, is not there any more."""
    return session.scalar(select(JobRow).where(JobRow.key == key, JobRow.id == identity))


def _as_json(progress: Mapping[str, Any]) -> str:
    return json.dumps(dict(progress), ensure_ascii=False)


def _record(row: JobRow) -> JobRecord:
    progress = json.loads(row.progress)
    return JobRecord(row.id, row.kind, row.worker, row.begun, progress, row.error, row.done, row.stop)
