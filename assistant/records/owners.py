"""Whose a record is: the row of a user, made with the first record, and the case that is theirs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, exists, or_, select
from sqlalchemy.orm import Session

from assistant.errors import NotThere
from assistant.records.audit import audited
from assistant.records.tables import AccountRow, ActRow, CaseRow, ShareRow, UserRow
from assistant.rights import NotAllowed, Role

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


class Access(StrEnum):
    """What a case is asked for."""

    SEE = "see"
    CHANGE = "change"
    OWN = "own"  # delete it, restore it, delete its chat, share it


def seen_by(user: str) -> ColumnElement[bool]:
    """Which cases a user may read: their own, those shared with them, and all for an auditor."""
    me = select(UserRow.id).where(UserRow.name == user).scalar_subquery()
    shared = exists().where(ShareRow.case_id == CaseRow.id, ShareRow.user_id == me)
    audits = exists().where(
        AccountRow.user_id == me, AccountRow.role == Role.AUDITOR.value, AccountRow.disabled.is_(False)
    )
    return or_(CaseRow.user_id == me, shared, audits)


def case_row(
    session: Session, user: str, case_id: str, *, to: Access = Access.SEE, also_deleted: bool = False
) -> CaseRow:
    """The case of an id, if the user may read it; NotThere where not, or it is deleted, or there is none.

    NotAllowed for one that they may read and not change, or change and not own.
    """
    return case_with_standing(session, user, case_id, to=to, also_deleted=also_deleted)[0]


def case_with_standing(
    session: Session, user: str, case_id: str, *, to: Access = Access.SEE, also_deleted: bool = False
) -> tuple[CaseRow, str, Access]:
    """`case_row` with whose it is and what the user may do with it, by one question to the database."""
    owner_name = select(UserRow.name).where(UserRow.id == CaseRow.user_id).scalar_subquery()
    query = select(CaseRow, owner_name, _shared_as(user)).where(CaseRow.token == case_id, seen_by(user))
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotThere(_NO_CASE)
    row, owner, shared = found
    if row.deleted is not None and not (also_deleted and owner == user):
        raise NotThere(_NO_CASE)
    may = Access.OWN if owner == user else Access(shared or Access.SEE)
    if may is Access.OWN or to in (Access.SEE, may):
        return row, owner, may
    if to is Access.OWN:
        raise NotAllowed("Only the reviewer whose case it is can do this.")
    raise NotAllowed("You may read this case and not change it; its reviewer can share it for changing.")


def _shared_as(user: str) -> ScalarSelect[str]:
    """What a case is shared for with a user; none where it is not."""
    me = select(UserRow.id).where(UserRow.name == user).scalar_subquery()
    return select(ShareRow.may).where(ShareRow.case_id == CaseRow.id, ShareRow.user_id == me).scalar_subquery()


def add_act(
    session: Session,
    now: datetime,
    user_id: int,
    kind: str,
    case: int | None,
    issue: int | None,
    detail: Mapping[str, Any],
    told: Mapping[str, Any] | None = None,
    content: bytes | None = None,
) -> ActRow:
    """Append an act; `detail` must hold nothing of a case's contents.

    The audit log is told of it in the same transaction, with `told` beside the detail and the keyed hash of `content`.
    """
    row = ActRow(user_id=user_id, at=now, kind=kind, case_id=case, issue=issue, detail=json.dumps(dict(detail)))
    session.add(row)
    account = session.scalar(select(UserRow.name).where(UserRow.id == user_id)) or ""
    case_id = None if case is None else session.scalar(select(CaseRow.token).where(CaseRow.id == case))
    audited(session, account, kind, case_id, {**detail, "issue": issue, **(told or {})}, content)
    return row
