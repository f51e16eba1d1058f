"""The reviewer's records over the database: each call is one transaction, and each asks whose record it is."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import Session

from assistant.database import reading, writing
from assistant.deadlines import Priority
from assistant.domain import Draft
from assistant.errors import Conflict, NotThere
from assistant.records.drafts import draft_as_text, draft_from_text
from assistant.records.listing import as_listed, from_json, listed_of
from assistant.records.owners import Access, add_act, case_row, case_with_standing, user_row
from assistant.records.rested import used_by
from assistant.records.tables import ActRow, CaseRow, UserRow, VersionRow
from assistant.records.values import ActRecord, CaseRecord, Listed, OpenedCase, VersionHead, VersionRecord


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    """96 random bits as 16 characters; the first is no hyphen, which a command line would take for an option."""
    while (made := secrets.token_urlsafe(12)).startswith("-"):
        continue
    return made


class Records:
    """What reviewers keep, in the tables of `engine`.

    Every method takes the user first; a record of anybody else's is NotThere, as is one that does not exist. `now`
    gives aware times, `new_id` the random ids of cases.
    """

    def __init__(
        self, engine: Engine, *, now: Callable[[], datetime] = _utc_now, new_id: Callable[[], str] = _new_id
    ) -> None:
        self._engine = engine
        self._now = now
        self._new_id = new_id

    # --- cases ------------------------------------------------------------------------------------------------

    def create_case(
        self,
        user: str,
        *,
        title: str,
        text: str,
        day: date | None,
        services: tuple[str, ...],
        received: date | None = None,
        priority: Priority | None = None,
        listed: Listed | None = None,
    ) -> CaseRecord:
        """Keep a new case; its creation is an act. `listed` is what lists show of it until it is drafted."""
        with writing(self._engine) as session:
            now = self._now()
            row = CaseRow(
                token=self._new_id(),
                user_id=self._user(session, user).id,
                title=title,
                text=text,
                day=day,
                services=_as_json(services),
                created=now,
                updated=now,
                received=received,
                priority=priority,
                listed=as_listed(listed or Listed(services)),
            )
            session.add(row)
            session.flush()
            self._add_act(session, row.user_id, "created", row.id, None, {})
            return _case_record(row)

    def cases(self, user: str, words: str = "") -> tuple[CaseRecord, ...]:
        """The user's cases, the last changed first; with `words`, those whose title and services hold all."""
        return self._listed(user, words, deleted=False)

    def deleted_cases(self, user: str) -> tuple[CaseRecord, ...]:
        """The user's deleted cases, which `restore_case` brings back."""
        return self._listed(user, "", deleted=True)

    def _listed(self, user: str, words: str, *, deleted: bool) -> tuple[CaseRecord, ...]:
        wanted = words.casefold().split()
        query = select(CaseRow).join(UserRow, UserRow.id == CaseRow.user_id).where(UserRow.name == user)
        query = query.where(CaseRow.deleted.is_not(None) if deleted else CaseRow.deleted.is_(None))
        with reading(self._engine) as session:
            rows = session.scalars(query.order_by(CaseRow.updated.desc(), CaseRow.id.desc()))
            # In Python, for with a key the database sees only what CaseText has encrypted.
            return tuple(_case_record(row) for row in rows if _holds(row, wanted))

    def case(self, user: str, case_id: str) -> CaseRecord:
        """A case that is not deleted."""
        with reading(self._engine) as session:
            return _case_record(self._case(session, user, case_id))

    def change_case(
        self,
        user: str,
        case_id: str,
        *,
        title: str | None = None,
        day: date | None = None,
        services: tuple[str, ...] | None = None,
    ) -> CaseRecord:
        """Change what is given and leave what is None."""
        with writing(self._engine) as session:
            row = self._case(session, user, case_id, to=Access.CHANGE)
            row.title = row.title if title is None else title
            row.day = row.day if day is None else day
            row.services = row.services if services is None else _as_json(services)
            row.updated = self._now()
            return _case_record(row)

    def change_receipt(self, user: str, case_id: str, received: date | None, priority: Priority | None) -> CaseRecord:
        """Set when the request was received and how urgent it is, each as given; None forgets it. An act."""
        with writing(self._engine) as session:
            row = self._case(session, user, case_id, to=Access.CHANGE)
            row.received, row.priority, row.updated = received, priority, self._now()
            self._add_act(session, self._user(session, user).id, "receipt_changed", row.id, None, {})
            return _case_record(row)

    def delete_case(self, user: str, case_id: str) -> None:
        """`delete_cases` of one."""
        self.delete_cases(user, [case_id])

    def restore_case(self, user: str, case_id: str) -> CaseRecord:
        """`restore_cases` of one."""
        self.restore_cases(user, [case_id])
        return self.case(user, case_id)

    def delete_cases(self, user: str, case_ids: Iterable[str]) -> None:
        """Put cases out of sight, all or none; nothing of them is lost. An act on each."""
        with writing(self._engine) as session:
            for row in [self._case(session, user, case_id, to=Access.OWN) for case_id in dict.fromkeys(case_ids)]:
                row.deleted = self._now()
                self._add_act(session, row.user_id, "deleted", row.id, None, {})

    def restore_cases(self, user: str, case_ids: Iterable[str]) -> None:
        """Bring deleted cases back, all or none; one that is not deleted stays as it is. An act on each."""
        with writing(self._engine) as session:
            for case_id in dict.fromkeys(case_ids):
                row = self._case(session, user, case_id, to=Access.OWN, also_deleted=True)
                if row.deleted is not None:
                    row.deleted = None
                    self._add_act(session, row.user_id, "restored", row.id, None, {})

    def opened(self, user: str, case_id: str) -> OpenedCase:
        """A case with its newest version, its acts and whose it is, all of one moment."""
        with reading(self._engine) as session:
            row, owner, may = case_with_standing(session, user, case_id)
            return OpenedCase(_case_record(row), _latest(session, row), _acts_on(session, row), owner, may)

    # --- versions of the draft ----------------------------------------------------------------------------------

    def save_version(
        self,
        user: str,
        case_id: str,
        draft: Draft,
        *,
        cause: str,
        base: int | None,
        issue: int | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> VersionRecord:
        """Append a version. `base` is the version that it was made from (0: none yet); None asks for no check.

        Raises Conflict when another version was saved since `base`, so that nothing is overwritten unseen. With
        `detail`, the act `cause` on `issue` is recorded in the same transaction.
        """
        text = draft_as_text(draft)
        with writing(self._engine) as session:
            case = self._case(session, user, case_id, to=Access.CHANGE)
            newest = self._newest_number(session, case)
            if base is not None and base != newest:
                raise Conflict(base, newest)
            now = self._now()
            row = VersionRow(case_id=case.id, number=newest + 1, at=now, cause=cause, draft=text)
            session.add(row)
            case.updated, case.listed = now, as_listed(listed_of(draft))
            if detail is not None:
                actor = self._user(session, user).id
                self._add_act(session, actor, cause, case.id, issue, detail, used_by(draft, row.number))
            return VersionRecord(row.number, row.at, row.cause, draft)

    def latest(self, user: str, case_id: str) -> VersionRecord | None:
        """The newest version, None before the first."""
        with reading(self._engine) as session:
            return _latest(session, self._case(session, user, case_id))

    def version(self, user: str, case_id: str, number: int) -> VersionRecord:
        """The version of a number."""
        with reading(self._engine) as session:
            case = self._case(session, user, case_id)
            row = session.scalar(select(VersionRow).where(VersionRow.case_id == case.id, VersionRow.number == number))
            if row is None:
                raise NotThere("There is no such version of this case's draft.")
            return _version_record(row)

    def versions(self, user: str, case_id: str) -> tuple[VersionHead, ...]:
        """All versions without their drafts, the newest first."""
        with reading(self._engine) as session:
            case = self._case(session, user, case_id)
            query = select(VersionRow.number, VersionRow.at, VersionRow.cause).where(VersionRow.case_id == case.id)
            return tuple(VersionHead(*row) for row in session.execute(query.order_by(VersionRow.number.desc())))

    # --- acts -------------------------------------------------------------------------------------------------

    def record_act(
        self,
        user: str,
        kind: str,
        case_id: str | None,
        issue: int | None,
        detail: Mapping[str, Any],
        *,
        told: Mapping[str, Any] | None = None,
        content: bytes | None = None,
    ) -> ActRecord:
        """Append an act of the user's, of a case or (None) of none; `detail` must hold nothing of a case's contents.

        The audit log is told of it, with `told` beside the detail and the keyed hash of the file `content`.
        """
        with writing(self._engine) as session:
            if case_id is None:
                user_id, case = self._user(session, user).id, None
            else:
                row = self._case(session, user, case_id, to=Access.CHANGE)
                user_id, case = self._user(session, user).id, row.id
            return _act_record(self._add_act(session, user_id, kind, case, issue, detail, told, content), user)

    def acts(self, user: str, case_id: str | None = None) -> tuple[ActRecord, ...]:
        """The acts on a case, whoever's they are, or with None all acts of the user, the oldest first."""
        with reading(self._engine) as session:
            if case_id is not None:
                return _acts_on(session, self._case(session, user, case_id))
            return _acts(session, UserRow.name == user)

    def check_access(self, user: str, case_id: str, to: Access = Access.SEE) -> None:
        """Raise NotThere or NotAllowed unless the user may do this with a case."""
        with reading(self._engine) as session:
            self._case(session, user, case_id, to=to)

    def standing(self, user: str, case_id: str) -> tuple[str, Access]:
        """Whose a case is that the user may read, and what they may do with it."""
        with reading(self._engine) as session:
            return case_with_standing(session, user, case_id)[1:]

    # --- within a transaction -----------------------------------------------------------------------------------

    def _user(self, session: Session, name: str) -> UserRow:
        """The user of a name, created at the first record."""
        return user_row(session, name, self._now())

    def _case(
        self, session: Session, user: str, case_id: str, *, to: Access = Access.SEE, also_deleted: bool = False
    ) -> CaseRow:
        return case_row(session, user, case_id, to=to, also_deleted=also_deleted)

    def _newest_number(self, session: Session, case: CaseRow) -> int:
        query = (
            select(VersionRow.number).where(VersionRow.case_id == case.id).order_by(VersionRow.number.desc()).limit(1)
        )
        return session.scalar(query) or 0

    def _add_act(
        self,
        session: Session,
        user_id: int,
        kind: str,
        case: int | None,
        issue: int | None,
        detail: Mapping[str, Any],
        told: Mapping[str, Any] | None = None,
        content: bytes | None = None,
    ) -> ActRow:
        return add_act(session, self._now(), user_id, kind, case, issue, detail, told, content)


def _as_json(services: tuple[str, ...]) -> str:
    return json.dumps(list(services), ensure_ascii=False)


def _holds(row: CaseRow, words: list[str]) -> bool:
    text = f"{row.title} {row.services} {' '.join(from_json(row.listed).services)}".casefold() if words else ""
    return all(word in text for word in words)


def _case_record(row: CaseRow) -> CaseRecord:
    services = tuple(json.loads(row.services))
    priority = Priority(row.priority) if row.priority else None
    dates = (row.created, row.updated, row.received)
    return CaseRecord(row.token, row.title, row.text, row.day, services, *dates, priority)


def _latest(session: Session, case: CaseRow) -> VersionRecord | None:
    query = select(VersionRow).where(VersionRow.case_id == case.id).order_by(VersionRow.number.desc()).limit(1)
    row = session.scalar(query)
    return _version_record(row) if row else None


def _acts_on(session: Session, case: CaseRow) -> tuple[ActRecord, ...]:
    return _acts(session, ActRow.case_id == case.id)


def _acts(session: Session, which: ColumnElement[bool]) -> tuple[ActRecord, ...]:
    query = select(ActRow, UserRow.name).join(UserRow, UserRow.id == ActRow.user_id).where(which)
    return tuple(_act_record(row, by) for row, by in session.execute(query.order_by(ActRow.id)))


def _version_record(row: VersionRow) -> VersionRecord:
    return VersionRecord(row.number, row.at, row.cause, draft_from_text(row.draft))


def _act_record(row: ActRow, by: str) -> ActRecord:
    return ActRecord(row.kind, row.at, row.issue, json.loads(row.detail), by)
