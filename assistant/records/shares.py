"""Cases that are shared: by their owner, with an account that reviews, to see or to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, select

from assistant.database import reading, writing
from assistant.errors import NotThere, WrongInput
from assistant.records.accounts import _found
from assistant.records.owners import Access, add_act, case_row, user_row
from assistant.records.tables import ShareRow, UserRow
from assistant.rights import RIGHTS, Right, Role


class May(StrEnum):
    """What a share lets the other do."""

    SEE = "see"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Share:
    """With whom a case is shared, and for what."""

    name: str
    may: May
    at: datetime


class Shares:
    """The shares in the table of `engine`; only the owner of a case sees, gives and takes them."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def of(self, user: str, case_id: str) -> tuple[Share, ...]:
        """With whom the user's case is shared, by name."""
        with reading(self._engine) as session:
            case = case_row(session, user, case_id, to=Access.OWN)
            query = select(UserRow.name, ShareRow.may, ShareRow.at).join(UserRow, UserRow.id == ShareRow.user_id)
            rows = session.execute(query.where(ShareRow.case_id == case.id).order_by(UserRow.name))
            return tuple(Share(name, May(may), at) for name, may, at in rows)

    def give(self, user: str, case_id: str, other: str, may: May) -> None:
        """Share a case with an account, in the place of what it was shared for before. An act on the case."""
        with writing(self._engine) as session:
            case = case_row(session, user, case_id, to=Access.OWN)
            account = _found(session, other.strip())
            wanted = Right.SEE_CASES if may is May.SEE else Right.WORK_ON_CASES
            # One sentence for an unknown, a disabled and an unfit account: it is no list of who there is.
            if account is None or account.disabled or wanted not in RIGHTS[Role(account.role)]:
                raise WrongInput("There is no account of this name that a case can be shared with so.")
            if account.user_id == case.user_id:
                raise WrongInput("The case is yours already.")
            row = session.get(ShareRow, (case.id, account.user_id))
            if row is None:
                session.add(ShareRow(case_id=case.id, user_id=account.user_id, may=may.value, at=self._now()))
            else:
                row.may, row.at = may.value, self._now()
            detail = {"with": account.user_id, "may": may}
            told = {"account": other.strip()}
            add_act(session, self._now(), case.user_id, "shared", case.id, None, detail, told)

    def take_back(self, user: str, case_id: str, other: str) -> None:
        """End a share; NotThere where there is none. An act on the case."""
        with writing(self._engine) as session:
            case = case_row(session, user, case_id, to=Access.OWN)
            named = session.scalar(select(UserRow).where(UserRow.name == other.strip()))
            row = session.get(ShareRow, (case.id, named.id)) if named else None
            if row is None or named is None:
                raise NotThere("The case is not shared with this account.")
            session.delete(row)
            actor = user_row(session, user, self._now())
            told = {"account": named.name}
            add_act(session, self._now(), actor.id, "unshared", case.id, None, {"with": named.id}, told)
