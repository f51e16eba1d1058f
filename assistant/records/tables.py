"""The tables of the records; every text that tells of a case passes through CaseText."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.database import Base, CaseText


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC; SQLite itself keeps no zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Python to column; a time without a zone is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Column to Python."""
        return value.replace(tzinfo=UTC) if value is not None else None


class UserRow(Base):
    """Someone whom records belong to."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    created: Mapped[datetime] = mapped_column(UtcTime)


class CaseRow(Base):
    """A case; `token` is the id that the world sees, `services` a JSON list. Deleting sets `deleted` and no more."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str] = mapped_column(CaseText)
    text: Mapped[str] = mapped_column(CaseText)
    day: Mapped[date | None]
    services: Mapped[str] = mapped_column(CaseText)
    created: Mapped[datetime] = mapped_column(UtcTime)
    updated: Mapped[datetime] = mapped_column(UtcTime)
    deleted: Mapped[datetime | None] = mapped_column(UtcTime)


class VersionRow(Base):
    """A version of a case's draft; triggers refuse to change or delete it."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    cause: Mapped[str]
    draft: Mapped[str] = mapped_column(CaseText)


class TurnRow(Base):
    """A turn of a case's chat, stored as it grows; `data` is a JSON object.

    `stopped`: it ended before it was whole. `superseded`: an earlier message was sent anew, so it is put aside.
    """

    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    role: Mapped[str]
    text: Mapped[str] = mapped_column(CaseText)
    data: Mapped[str | None] = mapped_column(CaseText)
    done: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcTime)
    stopped: Mapped[bool] = mapped_column(default=False)
    superseded: Mapped[bool] = mapped_column(default=False)


class SavedSearchRow(Base):
    """A search kept by name; `search` is a JSON object of its words and what they were narrowed by."""

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(CaseText)
    search: Mapped[str] = mapped_column(CaseText)
    saved: Mapped[datetime] = mapped_column(UtcTime)


class ActRow(Base):
    """One act: who, when, what, of what. Triggers refuse to change or delete it; `detail` is a JSON object."""

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    kind: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    issue: Mapped[int | None]
    detail: Mapped[str] = mapped_column(CaseText)
