"""Words of a rationale as they are typed: kept before they are checked and saved, so that a kill takes none of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assistant.database import reading, writing
from assistant.records.owners import Access, case_row
from assistant.records.tables import CaseRow, TypedRow
from assistant.records.values import TypedEntry


class TypedWords:
    """The words of each issue that no version holds yet, in the table of `engine`. `now` gives aware times.

    `run` names the process that keeps them: what another one left behind is nobody's any more, unless that one
    `lives` and its reviewer may be typing.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        now: Callable[[], datetime],
        run: str,
        lives: Callable[[str], bool] = lambda _run: False,
    ) -> None:
        self._engine, self._now, self._run, self._lives = engine, now, run, lives

    def keep(self, user: str, case_id: str, issue: int, text: str, base: int) -> None:
        """Keep an issue's text as it stands in the editor, made from version `base`, in the place of what was kept."""
        with writing(self._engine) as session:
            row = _row(session, case_row(session, user, case_id, to=Access.CHANGE), issue)
            row.text, row.base, row.run, row.saved = text, base, self._run, self._now()
            session.add(row)

    def settle(self, user: str, case_id: str, issue: int, text: str, version: int) -> None:
        """Say that `version` holds this text: it is forgotten, and words typed since were typed after that version."""
        with writing(self._engine) as session:
            row = _row(session, case_row(session, user, case_id, to=Access.CHANGE), issue)
            if row.text == text:
                session.delete(row)
            elif row.run == self._run:
                row.base = version

    def left_behind(self, user: str, case_id: str) -> tuple[TypedEntry, ...]:
        """What another process kept of a case and put into no version, in the order of the issues."""
        with reading(self._engine) as session:
            case = case_row(session, user, case_id)
            query = select(TypedRow).where(TypedRow.case_id == case.id, TypedRow.run != self._run)
            rows = list(session.scalars(query.order_by(TypedRow.issue)))
        at_work = {run for run in {row.run for row in rows} if self._lives(run)}
        return tuple(TypedEntry(row.issue, row.text, row.base) for row in rows if row.run not in at_work)

    def forget(self, user: str, case_id: str, issue: int) -> None:
        """Remove what is kept of an issue."""
        with writing(self._engine) as session:
            row = _row(session, case_row(session, user, case_id, to=Access.CHANGE), issue)
            if row in session and row not in session.new:
                session.delete(row)


def _row(session: Session, case: CaseRow, issue: int) -> TypedRow:
    """The row of an issue, a new one if there is none."""
    known = session.scalar(select(TypedRow).where(TypedRow.case_id == case.id, TypedRow.issue == issue))
    return known or TypedRow(case_id=case.id, issue=issue)
