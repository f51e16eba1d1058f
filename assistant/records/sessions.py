"""Who is signed in: random tokens of which only a hash is kept, with a limit of rest and one of length."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, or_, select

from assistant.database import reading, writing
from assistant.errors import NotThere
from assistant.records.accounts import Account, _account, _row, digest_of, tell
from assistant.records.tables import AccountRow, SessionRow, UserRow

_SEEN_EVERY = timedelta(minutes=1)  # a request within it is not written down, so that reading stays reading


class Sessions:
    """The sessions in the table of `engine`: each ends `idle` after its last request and `most` after its beginning."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime], idle: timedelta, most: timedelta) -> None:
        self._engine, self._now, self._idle, self._most = engine, now, idle, most

    def begin(self, name: str, instead_of: str = "") -> str:
        """Sign an account in: a new token of 256 bits. The session that the browser showed before ends."""
        token = secrets.token_urlsafe(32)
        now = self._now()
        over = or_(SessionRow.seen <= now - self._idle, SessionRow.begun <= now - self._most)
        with writing(self._engine) as session:
            row = _row(session, name)
            if row.disabled:
                raise NotThere("There is no account of this name.")
            session.execute(delete(SessionRow).where(or_(SessionRow.digest == digest_of(instead_of), over)))
            session.add(SessionRow(digest=digest_of(token), user_id=row.user_id, begun=now, seen=now))
            tell(session, "signed_in", name)
        return token

    def find(self, token: str) -> Account | None:
        """The account that a token signs in; None for one that is unknown or over, or a disabled account."""
        if not token:
            return None
        query = (
            select(SessionRow, AccountRow, UserRow.name)
            .join(UserRow, UserRow.id == SessionRow.user_id)
            .join(AccountRow, AccountRow.user_id == UserRow.id)
            .where(SessionRow.digest == digest_of(token), AccountRow.disabled.is_(False))
        )
        now = self._now()
        with reading(self._engine) as session:
            found = session.execute(query).first()
        if found is None:
            return None
        kept, row, name = found
        if now >= kept.seen + self._idle or now >= kept.begun + self._most:
            return None
        if now - kept.seen >= min(_SEEN_EVERY, self._idle / 4):
            with writing(self._engine) as session:
                again = session.get(SessionRow, kept.digest)
                if again is not None:
                    again.seen = now
        return _account(row, name)

    def end(self, token: str) -> None:
        """Sign out; a token that is not there is no fault."""
        with writing(self._engine) as session:
            row = session.get(SessionRow, digest_of(token))
            if row is not None:
                tell(session, "signed_out", session.scalar(select(UserRow.name).where(UserRow.id == row.user_id)))
                session.delete(row)
