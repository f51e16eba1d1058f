"""Searches that a user keeps by name: the words and what they were narrowed by."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from assistant.database import reading, writing
from assistant.errors import NotThere
from assistant.records.owners import user_row
from assistant.records.tables import SavedSearchRow, UserRow
from assistant.records.values import SavedSearch


class SavedSearches:
    """The saved searches of each user, in the table of `engine`. `now` gives aware times."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def all(self, user: str) -> tuple[SavedSearch, ...]:
        """The user's saved searches, by name."""
        with reading(self._engine) as session:
            rows = session.scalars(_of(user)).all()
            return tuple(sorted((_record(row) for row in rows), key=lambda saved: saved.name.casefold()))

    def named(self, user: str, name: str) -> SavedSearch:
        """The saved search of a name; raises NotThere."""
        with reading(self._engine) as session:
            return _record(_row(session, user, name))

    def save(self, user: str, name: str, words: str, choices: Mapping[str, object]) -> SavedSearch:
        """Keep a search under a name, in the place of an earlier one of that name."""
        with writing(self._engine) as session:
            row = _find(session, user, name)
            if row is None:
                row = SavedSearchRow(user_id=user_row(session, user, self._now()).id, name=name.strip())
                session.add(row)
            row.search = json.dumps({"words": words, "choices": dict(choices)}, ensure_ascii=False)
            row.saved = self._now()
            session.flush()
            return _record(row)

    def delete(self, user: str, name: str) -> None:
        """Forget a saved search; raises NotThere."""
        with writing(self._engine) as session:
            session.delete(_row(session, user, name))


def _of(user: str) -> Select[tuple[SavedSearchRow]]:
    return select(SavedSearchRow).join(UserRow, UserRow.id == SavedSearchRow.user_id).where(UserRow.name == user)


def _find(session: Session, user: str, name: str) -> SavedSearchRow | None:
    sought = name.strip().casefold()
    # In Python, for with a key the database sees only what CaseText has encrypted.
    return next((row for row in session.scalars(_of(user)) if row.name.casefold() == sought), None)


def _row(session: Session, user: str, name: str) -> SavedSearchRow:
    row = _find(session, user, name)
    if row is None:
        raise NotThere(f"There is no saved search named “{name.strip()}”.")
    return row


def _record(row: SavedSearchRow) -> SavedSearch:
    search = json.loads(row.search)
    return SavedSearch(row.name, search["words"], search["choices"], row.saved)
