"""The case that a user has begun to enter and not sent: one a user, kept as it is typed, for a reload to bring back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assistant.database import erase_freed, reading, writing
from assistant.errors import EnteredElsewhere
from assistant.records.owners import user_row
from assistant.records.tables import UnsentRow, UserRow
from assistant.records.values import UnsentEntry


class UnsentEntries:
    """The unsent entry of each user, in the table of `engine`. `now` gives aware times."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def of(self, user: str) -> UnsentEntry | None:
        """The user's unsent entry, if there is one."""
        with reading(self._engine) as session:
            row = _row(session, user)
            return _entry(row) if row is not None else None

    def keep(self, user: str, fields: Mapping[str, str], base: int | None) -> UnsentEntry:
        """Keep what stands in the form, in the place of the version `base` (0: there was none; None: of any).

        Raises EnteredElsewhere when another tab has kept something else since `base`.
        """
        with writing(self._engine) as session:
            row = _row(session, user)
            fields = dict(fields)
            if row is None:
                row = UnsentRow(user_id=user_row(session, user, self._now()).id, number=base or 0)
                session.add(row)
            elif base is not None and base != row.number and fields != json.loads(row.entry):
                raise EnteredElsewhere
            row.number += 1
            row.entry, row.saved = json.dumps(fields, ensure_ascii=False), self._now()
            session.flush()
            return _entry(row)

    def forget(self, user: str) -> None:
        """Remove the user's unsent entry, if there is one, for good."""
        with writing(self._engine) as session:
            row = _row(session, user)
            if row is None:
                return
            session.delete(row)
        erase_freed(self._engine)


def _row(session: Session, user: str) -> UnsentRow | None:
    owned = select(UnsentRow).join(UserRow, UserRow.id == UnsentRow.user_id)
    return session.scalar(owned.where(UserRow.name == user))


def _entry(row: UnsentRow) -> UnsentEntry:
    return UnsentEntry(json.loads(row.entry), row.number, row.saved)
