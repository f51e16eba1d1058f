"""The tables of the records; every text that tells of a case passes through CaseText."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, Text, TypeDecorator, UniqueConstraint
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


class AccountRow(Base):
    """What a user signs in with. Without `password_hash` only the provider `issuer` (OpenID Connect) lets them in.

    `failed` counts wrong passwords since the last right one; until `locked_until` no password is right.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    display: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    disabled: Mapped[bool] = mapped_column(default=False)
    must_change: Mapped[bool] = mapped_column(default=False)
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)
    created: Mapped[datetime] = mapped_column(UtcTime)
    issuer: Mapped[str | None]
    subject: Mapped[str | None]


class SessionRow(Base):
    """Someone who is signed in; `digest` is the SHA-256 of what their browser shows."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    begun: Mapped[datetime] = mapped_column(UtcTime)
    seen: Mapped[datetime] = mapped_column(UtcTime)


class ApiTokenRow(Base):
    """A token by which a program acts for an account; `digest` is its SHA-256."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    label: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    made: Mapped[datetime] = mapped_column(UtcTime)


class ShareRow(Base):
    """A case that is shared with another account, to see or to change it."""

    __tablename__ = "shares"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False, index=True)
    may: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class CaseRow(Base):
    """A case; `token` is the id that the world sees, `services` a JSON list. Deleting sets `deleted` and no more.

    `received` and `priority` are of the request for review. `listed` is a JSON object of what a list of cases shows of
    the newest version, so that it reads no draft; null in a case of before it was kept.
    """

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str] = mapped_column(CaseText("cases.title"))
    text: Mapped[str] = mapped_column(CaseText("cases.text"))
    day: Mapped[date | None]
    services: Mapped[str] = mapped_column(CaseText("cases.services"))
    created: Mapped[datetime] = mapped_column(UtcTime)
    updated: Mapped[datetime] = mapped_column(UtcTime)
    deleted: Mapped[datetime | None] = mapped_column(UtcTime)
    received: Mapped[date | None]
    priority: Mapped[str | None]
    listed: Mapped[str | None] = mapped_column(CaseText("cases.listed"))


class UnsentRow(Base):
    """The case that a user has begun to enter and not sent: one a user, a JSON object; `number` counts its changes."""

    __tablename__ = "unsent_entries"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    number: Mapped[int]
    entry: Mapped[str] = mapped_column(CaseText("unsent_entries.entry"))
    saved: Mapped[datetime] = mapped_column(UtcTime)


class TypedRow(Base):
    """The text of an issue as it is typed, until a version holds it; `run` names the process that kept it."""

    __tablename__ = "typed_words"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    issue: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[int]
    text: Mapped[str] = mapped_column(CaseText("typed_words.text"))
    run: Mapped[str]
    saved: Mapped[datetime] = mapped_column(UtcTime)


class JobRow(Base):
    """The work under way on a case or an import, or the last that ended: one row a key, over all processes.

    `key` is a case's public id, or the name of work on no case; `id` is random and tells one job of a key from the
    next. `worker` names the process at work, `heartbeat` when it last said so. `progress` is a JSON object. `stop` is
    the wish that it end.
    """

    __tablename__ = "jobs"

    key: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]
    worker: Mapped[str]
    begun: Mapped[datetime] = mapped_column(UtcTime)
    heartbeat: Mapped[datetime] = mapped_column(UtcTime)
    progress: Mapped[str] = mapped_column(CaseText("jobs.progress"))
    error: Mapped[str | None] = mapped_column(CaseText("jobs.error"))
    done: Mapped[bool] = mapped_column(default=False)
    stop: Mapped[bool] = mapped_column(default=False)


class SignInFlowRow(Base):
    """Someone who left for the provider to sign in; `digest` is the SHA-256 of what their browser brings back."""

    __tablename__ = "sign_in_flows"

    digest: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    nonce: Mapped[str]
    verifier: Mapped[str]
    onward: Mapped[str]
    begun: Mapped[datetime] = mapped_column(UtcTime, index=True)


class SignInTriesRow(Base):
    """How many tries to sign in a source has `left` as of `at`; `digest` is the SHA-256 of its address."""

    __tablename__ = "sign_in_tries"

    digest: Mapped[str] = mapped_column(primary_key=True)
    left: Mapped[float]
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class VersionRow(Base):
    """A version of a case's draft; triggers refuse to change or delete it."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    cause: Mapped[str]
    draft: Mapped[str] = mapped_column(CaseText("versions.draft"))


class TurnRow(Base):
    """A turn of a case's chat, stored as it grows; `data` is a JSON object.

    `stopped`: it ended before it was whole. `superseded`: an earlier message was sent anew, so it is put aside.
    """

    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    role: Mapped[str]
    text: Mapped[str] = mapped_column(CaseText("turns.text"))
    data: Mapped[str | None] = mapped_column(CaseText("turns.data"))
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
    name: Mapped[str] = mapped_column(CaseText("saved_searches.name"))
    search: Mapped[str] = mapped_column(CaseText("saved_searches.search"))
    saved: Mapped[datetime] = mapped_column(UtcTime)


class DataKeyRow(Base):
    """A data key, wrapped under the key named `kek`; `scope` is a case's token, or empty for what belongs to none.

    A retired key encrypts nothing new, and goes when nothing is under it any more.
    """

    __tablename__ = "data_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(index=True)
    wrapped: Mapped[str] = mapped_column(Text)
    kek: Mapped[str]
    retired: Mapped[bool]
    created: Mapped[datetime] = mapped_column(UtcTime)


class PurgeRow(Base):
    """The certificate, as JSON, of a case that was deleted for good; it holds nothing of the case."""

    __tablename__ = "purges"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    certificate: Mapped[str] = mapped_column(Text)


class ActRow(Base):
    """One act: who, when, what, of what. Triggers refuse to change or delete it; `detail` is a JSON object."""

    __tablename__ = "acts"
    __table_args__ = (Index("ix_acts_user_id_kind", "user_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    kind: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    issue: Mapped[int | None]
    detail: Mapped[str] = mapped_column(CaseText("acts.detail"))
