"""The list of a user's cases: what it shows is kept beside each case, so that a thousand are listed without a draft."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, Select, exists, func, select
from sqlalchemy.orm import Session

from assistant.database import reading, writing
from assistant.deadlines import Priority
from assistant.domain import Draft
from assistant.errors import DamagedText
from assistant.records.drafts import draft_from_text
from assistant.records.owners import seen_by
from assistant.records.tables import ActRow, CaseRow, UserRow, VersionRow
from assistant.records.values import CaseState, Listed, ListedCase

_DAMAGED = "This case cannot be read: it was cut or changed on the disk"
_TELLING = ("outcome_set", "services_changed", "exported")  # the acts that a case's state follows from


def listed_of(draft: Draft) -> Listed:
    """What a list shows of a draft."""
    services = [issue.service for issue in draft.issues]
    kinds = tuple(dict.fromkeys(service.kind for service in services if service.kind))
    return Listed(tuple(service.text for service in services), kinds, len(services))


def as_listed(listed: Listed) -> str:
    """As JSON, for the column."""
    return json.dumps({"services": listed.services, "kinds": listed.kinds, "issues": listed.issues}, ensure_ascii=False)


def from_json(text: str | None) -> Listed:
    """What `as_listed` kept."""
    if text is None:
        return Listed()
    kept = json.loads(text)
    return Listed(tuple(kept["services"]), tuple(kept["kinds"]), kept["issues"])


@dataclass(slots=True)
class _Standing:
    """What the acts on one case say of it so far: the issues whose outcome is set, and whether it was exported."""

    decided: set[int] = field(default_factory=set)
    exported: bool = False

    def hear(self, kind: str, issue: int | None, detail: str) -> None:
        """One act more."""
        if kind == "exported":
            self.exported = True
        elif kind == "services_changed":
            self.decided.clear()
        elif issue is not None:
            self.decided.discard(issue)
            if json.loads(detail).get("outcome"):
                self.decided.add(issue)

    def state(self, issues: int | None) -> CaseState:
        """The state of a case whose draft has so many issues; None: it has no draft."""
        if issues is None:
            return CaseState.NEW
        if self.exported:
            return CaseState.EXPORTED
        return CaseState.DECIDED if len(self.decided) == issues else CaseState.DRAFTING


class CaseLists:
    """The lists of cases of each user, in the tables of `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, user: str, words: str = "") -> tuple[ListedCase, ...]:
        """The cases that the user may read, the last changed first; `words` must stand in title or services."""
        self._fill(user)
        wanted = words.casefold().split()
        columns = [CaseRow.id, CaseRow.token, CaseRow.title, CaseRow.services, CaseRow.day, CaseRow.received]
        columns += [CaseRow.priority, CaseRow.updated, CaseRow.listed]
        query = select(*columns, UserRow.name.label("owner")).join(UserRow, UserRow.id == CaseRow.user_id)
        query = query.where(seen_by(user), CaseRow.deleted.is_(None))
        with reading(self._engine) as session:
            rows = _readable(session, query.order_by(CaseRow.updated.desc(), CaseRow.id.desc()))
            standing = _standing(session, user)
        # In Python, for the database may see only what CaseText has encrypted.
        return tuple(_listed(row, user, standing.get(row.id, _Standing())) for row in rows if _holds(row, wanted))

    def count(self, user: str) -> int:
        """How many cases the user may read."""
        query = select(func.count()).select_from(CaseRow)
        with reading(self._engine) as session:
            return session.scalar(query.where(seen_by(user), CaseRow.deleted.is_(None))) or 0

    def _fill(self, user: str) -> None:
        """Look once into the drafts of cases that were kept before lists were."""
        if not (missing := self._missing(user)):
            return
        with writing(self._engine) as session:
            for case_id in missing:
                newest = (
                    select(VersionRow.draft).where(VersionRow.case_id == case_id).order_by(VersionRow.number.desc())
                )
                row, draft = session.get(CaseRow, case_id), session.scalar(newest.limit(1))
                if row is not None and draft is not None:
                    row.listed = as_listed(listed_of(draft_from_text(draft)))

    def _missing(self, user: str) -> list[int]:
        drafted = exists().where(VersionRow.case_id == CaseRow.id)
        query = select(CaseRow.id)
        with reading(self._engine) as session:
            return list(session.scalars(query.where(seen_by(user), CaseRow.listed.is_(None), drafted)))


def _readable(session: Session, query: Select[Any]) -> Sequence[Any]:
    """The rows of a query; where a text is damaged, that row without its texts, so that the others are still listed."""
    try:
        return session.execute(query).all()
    except DamagedText:
        ids = session.scalars(query.with_only_columns(CaseRow.id)).all()
        return [_one(session, query, case_id) for case_id in ids]


def _one(session: Session, query: Select[Any], case_id: int) -> Any:
    try:
        return session.execute(query.where(CaseRow.id == case_id)).one()
    except DamagedText:
        plain = [CaseRow.id, CaseRow.token, CaseRow.day, CaseRow.received, CaseRow.priority, CaseRow.updated]
        owned = select(*plain, UserRow.name.label("owner")).join(UserRow, UserRow.id == CaseRow.user_id)
        row = session.execute(owned.where(CaseRow.id == case_id)).one()
        return SimpleNamespace(**row._mapping, title=_DAMAGED, services="[]", listed=None)


def _standing(session: Session, user: str) -> dict[int, _Standing]:
    query = select(ActRow.case_id, ActRow.kind, ActRow.issue, ActRow.detail)
    query = query.join(CaseRow, CaseRow.id == ActRow.case_id).where(seen_by(user), ActRow.kind.in_(_TELLING))
    found: dict[int, _Standing] = {}
    for case_id, kind, issue, detail in session.execute(query.order_by(ActRow.id)):
        if case_id is not None:
            found.setdefault(case_id, _Standing()).hear(kind, issue, detail)
    return found


def _holds(row: Any, wanted: Iterable[str]) -> bool:
    text = f"{row.title} {row.services} {' '.join(from_json(row.listed).services)}".casefold() if wanted else ""
    return all(word in text for word in wanted)


def _listed(row: Any, user: str, standing: _Standing) -> ListedCase:
    listed = from_json(row.listed)
    return ListedCase(
        id=row.token,
        title=row.title,
        listed=listed,
        state=standing.state(listed.issues),
        day=row.day,
        received=row.received,
        priority=Priority(row.priority) if row.priority else None,
        updated=row.updated,
        owner="" if row.owner == user else row.owner,
    )
