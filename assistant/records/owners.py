"""Whose a record is: the row of a user, made with the first record, and the case that is theirs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.errors import NotThere
from assistant.records.tables import ActRow, CaseRow, UserRow

_NO_CASE = "There is no such case."


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


def case_row(session: Session, user: str, case_id: str, *, also_deleted: bool = False) -> CaseRow:
    """The user's case of an id; NotThere where there is none, or it is another's or deleted."""
    owned = select(CaseRow).join(UserRow, UserRow.id == CaseRow.user_id)
    row = session.scalar(owned.where(CaseRow.token == case_id, UserRow.name == user))
    if row is None or (row.deleted is not None and not also_deleted):
        raise NotThere(_NO_CASE)
    return row


def add_act(
    session: Session,
    now: datetime,
    user_id: int,
    kind: str,
    case: int | None,
    issue: int | None,
    detail: Mapping[str, Any],
) -> ActRow:
    """Append an act; `detail` must hold nothing of a case's contents."""
    row = ActRow(user_id=user_id, at=now, kind=kind, case_id=case, issue=issue, detail=json.dumps(dict(detail)))
    session.add(row)
    return row
