"""The audit log in the database: who did what when, written in the transaction of what it tells, never changed.

Triggers refuse to change or delete an entry; the chain of hashes shows where somebody went round them.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import BigInteger, Engine, Select, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.database import Base, reading, writing
from assistant.errors import DataFolderError
from assistant.records.audit_acts import Act, act_of, detail_text
from assistant.records.audit_chain import START, Anchor, Entry, Verified, hash_of, verified
from assistant.rights import asking

KEY_FILE = "audit.key"
SEEN_AGAIN = timedelta(minutes=10)  # within which a second look at the same is no entry of its own
_OPTION = "imr_audit"  # execution option by which a transaction finds the log of its engine
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_LONGEST_ACCOUNT = 200
_HEAD = 1
_account: ContextVar[str | None] = ContextVar("account", default=None)


class AuditRow(Base):
    """An entry of the audit log; see `Entry`."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str]
    account: Mapped[str] = mapped_column(index=True)
    act: Mapped[str]
    case: Mapped[str | None] = mapped_column(index=True)
    content: Mapped[str | None] = mapped_column(index=True)
    detail: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class AuditHeadRow(Base):
    """The one row that says where the log ends; appending locks it, so that numbers have no gap."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which entries are wanted; empty is any. `case` and `content` are keyed hashes; `since` <= at < `until`."""

    account: str = ""
    act: str = ""
    case: str = ""
    content: str = ""
    since: datetime | None = None
    until: datetime | None = None


@contextlib.contextmanager
def acting_as(account: str) -> Iterator[None]:
    """Within this block what is done is told of this account, whoever owns the records."""
    token = _account.set(account)
    try:
        yield
    finally:
        _account.reset(token)


def acting() -> str | None:
    """The account that acts: the one that was named, else whoever asks; None where there are no accounts."""
    person = asking()
    return _account.get() or (person.name if person else None)


def audit_key(data_dir: Path, given: str = "") -> bytes:
    """The key of the log's hashes: `given`, else that of the file `audit.key` (0600), made at the first use.

    Losing it loses only the ability to look up a case or a file in the log.
    """
    if given:
        return given.encode("utf-8")
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text("ascii").strip()
    except (OSError, ValueError):
        raise DataFolderError(f"The file {path} cannot be used; mend it, or give the key as IMR_AUDIT_KEY.") from None
    if len(key) < 32:
        raise DataFolderError(f"The file {path} holds no key; bring it back from a backup, or move it away.")
    return key.encode("ascii")


def _make_key(path: Path) -> None:
    """Written whole under another name first: a second process sees no half of it, and the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink()


class AuditLog:
    """The audit log in the tables of `engine`; `key` is that of its hashes, `now` gives aware times."""

    def __init__(self, engine: Engine, key: bytes, *, now: Callable[[], datetime]) -> None:
        self._engine, self._key, self._now = engine, key, now
        self._seen: dict[tuple[str, str, str | None, str], datetime] = {}
        self._lock = threading.Lock()

    def attach(self) -> None:
        """From now on every act that is recorded over this engine is an entry too, in the same transaction."""
        self._engine.update_execution_options(**{_OPTION: self})

    # --- writing ------------------------------------------------------------------------------------------------

    def keyed(self, value: str | bytes) -> str:
        """The keyed hash (HMAC-SHA256) of a case's id or of a file's content."""
        content = value.encode("utf-8") if isinstance(value, str) else value
        return hmac.digest(self._key, content, "sha256").hex()

    def record(
        self, act: Act, account: str, case_id: str | None = None, content: bytes | None = None, **detail: object
    ) -> Entry:
        """Append an entry in a transaction of its own. For what is in no other transaction: signing in, a backup."""
        with writing(self._engine) as session:
            return self.append(session, act, account, case_id, detail, content)

    def append(
        self,
        session: Session,
        act: Act,
        account: str,
        case_id: str | None,
        detail: Mapping[str, object],
        content: bytes | None = None,
    ) -> Entry:
        """Append an entry within a transaction; the same `content` as in an earlier entry is told as `again`."""
        head = self._locked_head(session)
        hashed = None if content is None else self.keyed(content)
        if hashed is not None:
            detail = {
                **detail,
                "again": session.scalar(select(func.min(AuditRow.number)).where(AuditRow.content == hashed)),
            }
        entry = Entry(
            head.number + 1,
            self._now().astimezone(UTC).strftime(_TIME),
            account[:_LONGEST_ACCOUNT],
            act.value,
            None if case_id is None else self.keyed(case_id),
            hashed,
            detail_text(detail),
            head.hash,
            "",
        )
        entry = replace(entry, hash=hash_of(entry))
        session.add(AuditRow(**{name: getattr(entry, name) for name in Entry.__dataclass_fields__}))
        session.flush()
        head.number, head.hash = entry.number, entry.hash
        session.flush()
        return entry

    def note_seen(self, act: Act, account: str, case_id: str | None = None, kind: str | None = None) -> Entry | None:
        """Append that something was looked at, unless the same account did so within SEEN_AGAIN; then None."""
        now = self._now()
        this = (act.value, account, case_id, kind or "")
        with self._lock:
            if self._is_recent(self._seen.get(this), now):
                return None
        detail = {"kind": kind}
        query = select(func.max(AuditRow.at)).where(
            AuditRow.account == account[:_LONGEST_ACCOUNT],
            AuditRow.act == act.value,
            AuditRow.detail == detail_text(detail),
            AuditRow.case.is_(None) if case_id is None else AuditRow.case == self.keyed(case_id),
        )
        with reading(self._engine) as session:
            last = session.scalar(query)
        before = datetime.strptime(last, _TIME).replace(tzinfo=UTC) if last else None
        entry = None
        if not self._is_recent(before, now):
            entry, before = self.record(act, account, case_id, **detail), now
        with self._lock:
            self._seen = {each: at for each, at in self._seen.items() if self._is_recent(at, now)}
            self._seen[this] = before or now
        return entry

    @staticmethod
    def _is_recent(before: datetime | None, now: datetime) -> bool:
        return before is not None and timedelta(0) <= now - before < SEEN_AGAIN

    def _locked_head(self, session: Session) -> AuditHeadRow:
        # With SQLite the transaction has the write lock already; elsewhere the row's lock orders those who append.
        head = session.scalar(select(AuditHeadRow).where(AuditHeadRow.id == _HEAD).with_for_update())
        if head is None:
            raise DataFolderError("The head of the audit log is gone; restore the data folder from a backup.")
        return head

    # --- reading ------------------------------------------------------------------------------------------------

    def head(self) -> Anchor:
        """Where the log ends."""
        with reading(self._engine) as session:
            return _anchor(session)

    def entries(self, wanted: AuditWanted = AuditWanted(), *, offset: int = 0, limit: int = 50) -> tuple[Entry, ...]:
        """The entries that are wanted, the newest first."""
        query = _narrowed(select(AuditRow), wanted).order_by(AuditRow.number.desc()).offset(offset).limit(limit)
        with reading(self._engine) as session:
            return tuple(map(_entry, session.scalars(query)))

    def count(self, wanted: AuditWanted = AuditWanted()) -> int:
        """How many entries are wanted."""
        with reading(self._engine) as session:
            return session.scalar(_narrowed(select(func.count()).select_from(AuditRow), wanted)) or 0

    def accounts(self) -> tuple[str, ...]:
        """The accounts that the log names, by name."""
        with reading(self._engine) as session:
            return tuple(session.scalars(select(AuditRow.account).distinct().order_by(AuditRow.account)))

    def verify(self, anchors: Sequence[Anchor] = ()) -> Verified:
        """Check the whole log against its hashes, its head and `anchors`, up to the first fault."""
        with reading(self._engine) as session:
            head = _anchor(session)
            return verified(_all(session, 1), head=head, anchors=anchors)

    def since(self, first: int) -> tuple[Entry, ...]:
        """All entries from a number on, in order."""
        with reading(self._engine) as session:
            return tuple(_all(session, first))


def audited(
    session: Session,
    account: str,
    kind: str,
    case_id: str | None,
    detail: Mapping[str, object],
    content: bytes | None = None,
) -> None:
    """Tell an act of the records to the log of the session's engine, if one is attached, in the same transaction."""
    log = session.get_bind().get_execution_options().get(_OPTION)
    if isinstance(log, AuditLog):
        act, told = act_of(kind, detail)
        log.append(session, act, acting() or account, case_id, told, content)


def _anchor(session: Session) -> Anchor:
    head = session.get(AuditHeadRow, _HEAD)
    return Anchor(head.number, head.hash) if head else Anchor(0, START)


def _all(session: Session, first: int) -> Iterable[Entry]:
    query = select(AuditRow).where(AuditRow.number >= first).order_by(AuditRow.number)
    return map(_entry, session.scalars(query.execution_options(yield_per=1000)))


def _narrowed(query: Select, wanted: AuditWanted) -> Select:
    for column in ("account", "act", "case", "content"):
        if value := getattr(wanted, column):
            query = query.where(getattr(AuditRow, column) == value)
    if wanted.since:
        query = query.where(AuditRow.at >= wanted.since.astimezone(UTC).strftime(_TIME))
    if wanted.until:
        query = query.where(AuditRow.at < wanted.until.astimezone(UTC).strftime(_TIME))
    return query


def _entry(row: AuditRow) -> Entry:
    return Entry(**{name: getattr(row, name) for name in Entry.__dataclass_fields__})
