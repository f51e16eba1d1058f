"""Whose a record is: the row of a user, made with the first record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.tables import UserRow


def user_row(session: Session, name: str, now: datetime) -> UserRow:
    """The user of a name, created at the first record; ValueError for a blank name."""
    if not name.strip():
        raise ValueError("a record needs an owner")
    row = session.scalar(select(UserRow).where(UserRow.name == name))
    if row is None:
        row = UserRow(name=name, created=now)
        session.add(row)
        session.flush()
    return row
