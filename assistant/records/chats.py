"""Kept chats: the turns of each case, as they grow, put aside, found by their words, and really deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Select, delete, func, select

from assistant.database import erase_freed, reading, writing
from assistant.errors import NotThere
from assistant.records.audit import audited
from assistant.records.owners import Access, add_act, case_row, seen_by
from assistant.records.tables import CaseRow, JobRow, TurnRow
from assistant.records.values import ChatFound, ChatHead, TurnRecord

REVIEWER, ASSISTANT = "reviewer", "assistant"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Chats:
    """The chats of each user's cases, one a case, in the tables of `engine`; another's is NotThere.

    `now` gives aware times.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine, self._now = engine, now

    def add_turn(
        self,
        user: str,
        case_id: str,
        role: str,
        text: str,
        data: Mapping[str, Any] | None = None,
        *,
        done: bool = True,
    ) -> TurnRecord:
        """Append a turn to a case's chat; one that is not done may still grow."""
        with writing(self._engine) as session:
            case = case_row(session, user, case_id, to=Access.CHANGE)
            row = TurnRow(case_id=case.id, role=role, text=text, data=_as_json(data), done=done, at=self._now())
            session.add(row)
            session.flush()
            if role == REVIEWER:
                audited(session, user, "chat_message", case.token, {})
            return _record(row)

    def grow_turn(
        self,
        user: str,
        turn_id: int,
        text: str,
        data: Mapping[str, Any] | None = None,
        *,
        done: bool = False,
        stopped: bool = False,
    ) -> TurnRecord:
        """Set the text and data that a growing turn has by now; a turn that is done is NotThere to grow."""
        with writing(self._engine) as session:
            query = select(TurnRow, CaseRow.token).join(CaseRow, CaseRow.id == TurnRow.case_id)
            query = query.where(
                TurnRow.id == turn_id, seen_by(user), CaseRow.deleted.is_(None), TurnRow.done.is_(False)
            )
            found = session.execute(query).first()
            row = found[0] if found else None
            if found is not None:
                case_row(session, user, found[1], to=Access.CHANGE)
            if row is None:
                raise NotThere("There is no such turn of a chat that is still growing.")
            row.text, row.data, row.done, row.stopped = text, _as_json(data), done, stopped
            return _record(row)

    def turns(self, user: str, case_id: str) -> tuple[TurnRecord, ...]:
        """The turns of a case's chat in their order, those put aside among them."""
        with reading(self._engine) as session:
            rows = session.scalars(_turns_of(case_row(session, user, case_id)))
            return tuple(_record(row) for row in rows)

    def put_aside(self, user: str, case_id: str, turn_id: int) -> tuple[TurnRecord, ...]:
        """Put aside a message of the reviewer's and all that came after it; they are kept, marked superseded.

        Returns them as they were. NotThere where the chat has no such message that still stands.
        """
        with writing(self._engine) as session:
            rows = list(
                session.scalars(
                    _turns_of(case_row(session, user, case_id, to=Access.CHANGE)).where(TurnRow.id >= turn_id)
                )
            )
            if not rows or rows[0].id != turn_id or rows[0].role != REVIEWER or rows[0].superseded:
                raise NotThere("There is no such message of yours in this chat; reload it.")
            aside = tuple(_record(row) for row in rows if not row.superseded)
            for row in rows:
                row.superseded, row.stopped, row.done = True, row.stopped or not row.done, True
            return aside

    def chats(self, user: str) -> tuple[ChatHead, ...]:
        """The user's chats that have a turn, the last one first."""
        query = (
            select(CaseRow.token, CaseRow.title, func.count(TurnRow.id), func.max(TurnRow.id))
            .join(TurnRow, TurnRow.case_id == CaseRow.id)
            .where(seen_by(user), CaseRow.deleted.is_(None))
            .group_by(CaseRow.id)
        )
        with reading(self._engine) as session:
            rows = sorted(session.execute(query).all(), key=lambda row: -row[3])
            times = {last: session.scalar(select(TurnRow.at).where(TurnRow.id == last)) for *_, last in rows}
            return tuple(ChatHead(token, title, count, times[last]) for token, title, count, last in rows)

    def find(self, user: str, words: str) -> tuple[ChatFound, ...]:
        """The turns, of any of the user's chats, that hold all the words; the newest first, none for no words."""
        wanted = words.casefold().split()
        query = (
            select(TurnRow, CaseRow)
            .join(CaseRow, CaseRow.id == TurnRow.case_id)
            .where(seen_by(user), CaseRow.deleted.is_(None))
            .order_by(TurnRow.id.desc())
        )
        if not wanted:
            return ()
        with reading(self._engine) as session:
            # In Python, for with a key the database sees only what CaseText has encrypted.
            return tuple(
                ChatFound(case.token, case.title, _record(turn))
                for turn, case in session.execute(query)
                if all(word in turn.text.casefold() for word in wanted)
            )

    def delete(self, user: str, case_id: str) -> int:
        """Delete the chat of a case for good and say how many turns it had; an act that says only that.

        What was freed is overwritten, so that the words are on the disk no more.
        """
        with writing(self._engine) as session:
            case = case_row(session, user, case_id, to=Access.OWN)
            count = session.scalar(select(func.count(TurnRow.id)).where(TurnRow.case_id == case.id)) or 0
            if count:
                session.execute(delete(TurnRow).where(TurnRow.case_id == case.id))
                session.execute(delete(JobRow).where(JobRow.case_id == case.id))  # the last job's may be of them
                add_act(session, self._now(), case.user_id, "chat_deleted", case.id, None, {})
        if count:
            erase_freed(self._engine)
        return count


def _turns_of(case: CaseRow) -> Select[tuple[TurnRow]]:
    return select(TurnRow).where(TurnRow.case_id == case.id).order_by(TurnRow.id)


def _as_json(data: Mapping[str, Any] | None) -> str | None:
    return None if data is None else json.dumps(dict(data), ensure_ascii=False)


def _record(row: TurnRow) -> TurnRecord:
    data = None if row.data is None else json.loads(row.data)
    return TurnRecord(row.id, row.role, row.text, data, row.done, row.at, row.stopped, row.superseded)
