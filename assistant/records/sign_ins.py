"""Sign-ins under way, seen by every process: who left for the provider, and how often a source has tried."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select

from assistant.database import reading, writing
from assistant.records.accounts import digest_of
from assistant.records.tables import SignInFlowRow, SignInTriesRow

FLOW_LASTS = timedelta(minutes=10)  # between leaving for the provider and coming back
_MOST_FLOWS = 1000
_BURST, _A_SECOND = 10.0, 0.1  # tries of a source: at once, and more as time goes by


@dataclass(frozen=True, slots=True)
class Flow:
    """What must come back from the provider, and where one goes on to then."""

    state: str
    nonce: str
    verifier: str
    onward: str


class SignInFlows:
    """The flows in the table of `engine`: each serves once, in whichever process, and within ten minutes."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def begin(self, flow: Flow) -> str:
        """Keep a flow; the random name by which the browser that began it ends it."""
        handle, now = secrets.token_urlsafe(32), self._now()
        with writing(self._engine) as session:
            session.execute(delete(SignInFlowRow).where(SignInFlowRow.begun <= now - FLOW_LASTS))
            too_many = (session.scalar(select(func.count()).select_from(SignInFlowRow)) or 0) - _MOST_FLOWS + 1
            if too_many > 0:
                oldest = select(SignInFlowRow.digest).order_by(SignInFlowRow.begun).limit(too_many)
                session.execute(delete(SignInFlowRow).where(SignInFlowRow.digest.in_(oldest)))
            kept = {"state": flow.state, "nonce": flow.nonce, "verifier": flow.verifier, "onward": flow.onward}
            session.add(SignInFlowRow(digest=digest_of(handle), begun=now, **kept))
        return handle

    def take(self, handle: str) -> Flow | None:
        """The flow of a name, which ends with this; None where there is none, or it was begun too long ago."""
        with writing(self._engine) as session:
            row = session.get(SignInFlowRow, digest_of(handle)) if handle else None
            if row is None:
                return None
            session.delete(row)
            if self._now() - row.begun >= FLOW_LASTS:
                return None
            return Flow(row.state, row.nonce, row.verifier, row.onward)


class SignInTries:
    """The tries in the table of `engine`: a source may fail ten times at once, then once in ten seconds, whichever
    process answers. A source that is refused changes nothing, so that a flood of tries is no flood of writes.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def wait(self, source: str) -> int:
        """What `take` would answer; nothing is taken."""
        with reading(self._engine) as session:
            left = _left(session.get(SignInTriesRow, digest_of(source)), self._now())
        return 0 if left >= 1 else math.ceil((1 - left) / _A_SECOND)

    def take(self, source: str) -> int:
        """Take a try: 0 if it may go on, else after how many seconds it may be tried again."""
        if wait := self.wait(source):
            return wait
        now = self._now()
        with writing(self._engine) as session:
            session.execute(
                delete(SignInTriesRow).where(SignInTriesRow.at <= now - timedelta(seconds=_BURST / _A_SECOND))
            )
            row = session.get(SignInTriesRow, digest_of(source))
            left = _left(row, now)
            if left < 1:
                return math.ceil((1 - left) / _A_SECOND)
            session.merge(SignInTriesRow(digest=digest_of(source), left=left - 1, at=now))
        return 0

    def give_back(self, source: str) -> None:
        """The try that was taken last does not count, for it was no failure."""
        with writing(self._engine) as session:
            row = session.get(SignInTriesRow, digest_of(source))
            if row is not None:
                row.left = min(_BURST, row.left + 1)


def _left(row: SignInTriesRow | None, now: datetime) -> float:
    if row is None:
        return _BURST
    return min(_BURST, row.left + max(0.0, (now - row.at).total_seconds()) * _A_SECOND)
