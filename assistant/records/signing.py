"""Sign-offs: what each signed-off version of a case's draft rested on, kept beside the version, once and unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from assistant.database import Base, CaseText, reading, writing
from assistant.domain import Draft
from assistant.errors import NotThere
from assistant.records.audit import acting
from assistant.records.drafts import draft_from_text
from assistant.records.owners import Access, add_act, case_row
from assistant.records.rested import record_of, used_by
from assistant.records.tables import UtcTime, VersionRow


class SignOffRow(Base):
    """What a version rested on when it was signed off: `record` is a JSON object of hashes and offsets.

    Triggers refuse to change one. It goes only with its case, and the audit log holds the keyed hash of it.
    """

    __tablename__ = "sign_offs"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    account: Mapped[str]
    record: Mapped[str] = mapped_column(CaseText("sign_offs.record"))


class SignOffs:
    """The sign-offs of each user's cases, in the table of `engine`; another's is NotThere. `now` gives aware times."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def add(self, user: str, case_id: str, version: int) -> bool:
        """Keep what a version rests on, an act, in one transaction; False where it was signed off before."""
        with writing(self._engine) as session:
            case = case_row(session, user, case_id, to=Access.CHANGE)
            query = select(SignOffRow).where(SignOffRow.case_id == case.id, SignOffRow.version == version)
            if session.scalar(query) is not None:
                return False
            kept = session.scalar(select(VersionRow).where(VersionRow.case_id == case.id, VersionRow.number == version))
            if kept is None:
                raise NotThere("There is no such version of this case's draft.")
            draft = draft_from_text(kept.draft)
            record = json.dumps(record_of(draft, case.text), sort_keys=True)
            session.add(
                SignOffRow(case_id=case.id, version=version, at=self._now(), account=acting() or user, record=record)
            )
            told = used_by(draft, version)
            content = record.encode("ascii")
            add_act(
                session, self._now(), case.user_id, "signed_off", case.id, None, {"version": version}, told, content
            )
            return True

    def versions(self, user: str, case_id: str) -> tuple[int, ...]:
        """The versions of a case's draft that were signed off, the newest first."""
        with reading(self._engine) as session:
            case = case_row(session, user, case_id)
            query = select(SignOffRow.version).where(SignOffRow.case_id == case.id)
            return tuple(session.scalars(query.order_by(SignOffRow.version.desc())))

    def of(self, user: str, case_id: str, version: int | None) -> tuple[int, datetime, str, Mapping[str, Any], Draft]:
        """A sign-off (None: the newest) with its version, time, account, record and the kept draft; NotThere."""
        with reading(self._engine) as session:
            case = case_row(session, user, case_id)
            query = select(SignOffRow).where(SignOffRow.case_id == case.id).order_by(SignOffRow.version.desc()).limit(1)
            if version is not None:
                query = query.where(SignOffRow.version == version)
            row = session.scalar(query)
            if row is None:
                which = "No version of this case" if version is None else f"Version {version} of this case"
                raise NotThere(f"{which} was signed off; exporting a version whose outcomes are all set signs it off.")
            draft = session.scalar(
                select(VersionRow.draft).where(VersionRow.case_id == case.id, VersionRow.number == row.version)
            )
            if draft is None:
                raise NotThere("The version that was signed off is not kept any more.")
            return row.version, row.at, row.account, json.loads(row.record), draft_from_text(draft)
