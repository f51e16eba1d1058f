"""Accounts: who may sign in, with what password, in what role; wrong passwords lock an account for a while."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from assistant.database import reading, writing
from assistant.errors import AssistantError, NotThere, WrongInput
from assistant.records.audit import audited
from assistant.records.owners import user_row
from assistant.records.tables import AccountRow, ApiTokenRow, SessionRow, UserRow
from assistant.rights import Person, Role, asking

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 256  # characters of a password; NIST SP 800-63B asks for 8 at least and no rules of composition
FREE_TRIES = 5  # wrong passwords before an account is locked
_FIRST_LOCK, _LONGEST_LOCK = timedelta(seconds=30), timedelta(hours=1)
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_MOST_TOKENS = 20  # of one account


@dataclass(frozen=True, slots=True)
class Account:
    """An account as others may know it; nothing of its password."""

    name: str
    display: str
    role: Role
    disabled: bool
    must_change: bool
    locked_until: datetime | None
    by_provider: bool
    created: datetime

    @property
    def person(self) -> Person:
        """Who acts under it."""
        return Person(self.name, self.role)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's token as its account sees it: never the token itself."""

    id: int
    label: str
    made: datetime


class WrongPassword(AssistantError):
    """The password that its owner must give to change it is not the right one."""


def digest_of(token: str) -> str:
    """What is kept of a random token of 256 bits: SHA-256 is enough, for nobody can guess one."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Accounts:
    """The accounts in the tables of `engine`; `now` gives aware times."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def add(
        self, name: str, role: Role, password: str | None, *, display: str = "", must_change: bool = False
    ) -> Account:
        """Make an account; WrongInput for a name that is taken or cannot be one, or a password that is too weak."""
        name = _name(name)
        hashed = None if password is None else _hashed(password, name)
        with writing(self._engine) as session:
            return _account(self._added(session, name, role, hashed, display, must_change=must_change), name)

    def _added(
        self, session: Session, name: str, role: Role, hashed: str | None, display: str, *, must_change: bool
    ) -> AccountRow:
        user = user_row(session, name, self._now())
        if session.get(AccountRow, user.id) is not None:
            raise WrongInput(f"There is an account named {name} already; choose another name.")
        row = AccountRow(
            user_id=user.id,
            display=display.strip()[:100] or name,
            role=role.value,
            password_hash=hashed,
            disabled=False,
            must_change=must_change,
            failed=0,
            created=self._now(),
        )
        session.add(row)
        session.flush()
        tell(session, "account_added", name, role)
        return row

    def all(self) -> tuple[Account, ...]:
        """All accounts, by name."""
        query = select(AccountRow, UserRow.name).join(UserRow, UserRow.id == AccountRow.user_id).order_by(UserRow.name)
        with reading(self._engine) as session:
            return tuple(_account(row, name) for row, name in session.execute(query))

    def named(self, name: str) -> Account:
        """The account of a name; NotThere."""
        with reading(self._engine) as session:
            return _account(_row(session, name), name)

    def check(self, name: str, password: str) -> Account | None:
        """The account, if it is its password and it is neither disabled nor locked; a wrong one is counted.

        An unknown name costs the same work as a known one, so that time tells nobody which names there are.
        """
        with reading(self._engine) as session:
            row = _found(session, name)
            kept = row.password_hash if row else None
        right = _verified(kept or _unknown(), password) and kept is not None
        with writing(self._engine) as session:
            row = _found(session, name)
            if row is None:
                tell(session, "sign_in_failed", None)  # what was typed for a name may be a password
                return None
            if row.locked_until is not None and row.locked_until > self._now():
                tell(session, "sign_in_failed", name)
                return None
            if not right or row.disabled or row.password_hash != kept:
                row.failed += 1
                tell(session, "sign_in_failed", name)
                if row.failed >= FREE_TRIES:
                    row.locked_until = self._now() + min(
                        _LONGEST_LOCK, _FIRST_LOCK * 2 ** min(row.failed - FREE_TRIES, 20)
                    )
                return None
            row.failed, row.locked_until = 0, None
            if _hasher().check_needs_rehash(kept or ""):
                row.password_hash = _hasher().hash(_normal(password))
            return _account(row, name)

    def change_password(self, name: str, old: str, new: str) -> None:
        """By its owner; ends every session of the account. WrongPassword is counted as at sign-in."""
        if self.check(name, old) is None:
            raise WrongPassword("The present password is not right; nothing was changed.")
        if old == new:
            raise WrongInput("The new password is the present one; choose another.")
        hashed = _hashed(new, name)
        with writing(self._engine) as session:
            row = _row(session, name)
            row.password_hash, row.must_change = hashed, False
            _end_sessions(session, row)
            tell(session, "password_changed", name)

    def reset(self, name: str) -> str:
        """A new one-time password, which must be changed at the next sign-in; ends every session of the account."""
        once = "-".join(secrets.token_hex(3) for _ in range(4))
        hashed = _hasher().hash(once)
        with writing(self._engine) as session:
            row = _row(session, name)
            row.password_hash, row.must_change, row.failed, row.locked_until = hashed, True, 0, None
            _end_sessions(session, row)
            tell(session, "password_reset", name)
        return once

    def set_role(self, name: str, role: Role) -> Account:
        """Change the role and end the account's sessions; the last admin stays one."""
        with writing(self._engine) as session:
            row = _row(session, name)
            if role is not Role.ADMIN:
                _keep_an_admin(session, row)
            row.role = role.value
            _end_sessions(session, row)
            tell(session, "role_changed", name, role)
            return _account(row, name)

    def set_disabled(self, name: str, *, disabled: bool) -> Account:
        """Let an account in no more, and end its sessions, or let it in again; the last admin stays."""
        with writing(self._engine) as session:
            row = _row(session, name)
            if disabled:
                _keep_an_admin(session, row)
                _end_sessions(session, row)
            row.disabled = disabled
            tell(session, "account_disabled" if disabled else "account_enabled", name)
            return _account(row, name)

    def unlock(self, name: str) -> Account:
        """Forget the wrong passwords."""
        with writing(self._engine) as session:
            row = _row(session, name)
            row.failed, row.locked_until = 0, None
            tell(session, "account_unlocked", name)
            return _account(row, name)

    def of_provider(self, issuer: str, subject: str, name: str, display: str, role: Role) -> Account | None:
        """The account that a provider's subject signs in to, made at the first time; None where it is disabled.

        It is matched by issuer and subject alone: a name that another account has is not taken over. The role is the
        provider's each time.
        """
        found = select(AccountRow, UserRow.name).join(UserRow, UserRow.id == AccountRow.user_id)
        found = found.where(AccountRow.issuer == issuer, AccountRow.subject == subject)
        with writing(self._engine) as session:
            kept = session.execute(found).first()
            if kept is None:
                called = self._free(session, name)
                row = self._added(session, called, role, None, display, must_change=False)
                row.issuer, row.subject = issuer, subject
                return _account(row, called)
            row, called = kept
            if row.disabled:
                return None
            if row.role != role.value:
                row.role = role.value
                _end_sessions(session, row)
                tell(session, "role_changed", called, role)
            return _account(row, called)

    def _free(self, session: Session, wished: str) -> str:
        """A name like the wished one that nobody has, records without an account included."""
        plain = re.sub(r"[^a-z0-9._@-]", "-", wished.casefold()).strip("-._@")[:50] or "user"
        names = (plain, *(f"{plain}-{secrets.token_hex(3)}" for _ in range(20)))
        taken = select(UserRow.id)
        return next(n for n in names if session.scalar(taken.where(UserRow.name == n)) is None)

    # --- the tokens of programs ---------------------------------------------------------------------------------

    def add_token(self, name: str, label: str) -> str:
        """A new token by which a program acts for the account: it is shown this once and never again."""
        token = f"imr_{secrets.token_urlsafe(32)}"
        with writing(self._engine) as session:
            row = _row(session, name)
            held = select(func.count()).select_from(ApiTokenRow).where(ApiTokenRow.user_id == row.user_id)
            if (session.scalar(held) or 0) >= _MOST_TOKENS:
                raise WrongInput(f"An account has at most {_MOST_TOKENS} tokens; take one back first.")
            label = label.strip()[:100] or "token"
            session.add(ApiTokenRow(user_id=row.user_id, label=label, digest=digest_of(token), made=self._now()))
            tell(session, "token_made", name)
        return token

    def tokens(self, name: str) -> tuple[ApiToken, ...]:
        """The account's tokens."""
        with reading(self._engine) as session:
            query = select(ApiTokenRow).where(ApiTokenRow.user_id == _row(session, name).user_id)
            return tuple(ApiToken(t.id, t.label, t.made) for t in session.scalars(query.order_by(ApiTokenRow.id)))

    def drop_token(self, name: str, token_id: int) -> None:
        """Take a token back; NotThere where it is not the account's."""
        with writing(self._engine) as session:
            row = session.get(ApiTokenRow, token_id)
            if row is None or row.user_id != _row(session, name).user_id:
                raise NotThere("There is no such token.")
            session.delete(row)
            tell(session, "token_dropped", name)

    def by_token(self, token: str) -> Account | None:
        """The account for which a token acts; None for an unknown token, a disabled account or a one-time password."""
        query = (
            select(AccountRow, UserRow.name)
            .join(UserRow, UserRow.id == AccountRow.user_id)
            .join(ApiTokenRow, ApiTokenRow.user_id == UserRow.id)
            .where(ApiTokenRow.digest == digest_of(token), AccountRow.disabled.is_(False))
        )
        with reading(self._engine) as session:
            found = session.execute(query.where(AccountRow.must_change.is_(False))).first()
            return _account(*found) if found else None


def tell(session: Session, kind: str, name: str | None, role: Role | None = None) -> None:
    """Tell the audit log what was done with an account, and by whom: whoever asks, or the one who comes in or out."""
    who = asking()
    itself = name if kind.startswith(("signed_", "sign_in_")) else None
    by = who.name if who else itself or ("unknown" if name is None else "command line")
    audited(session, by, kind, None, {"account": name, "role": role})


def _name(name: str) -> str:
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise WrongInput("A name has 1 to 64 small letters, digits and . _ @ -, and begins with a letter or a digit.")
    return name


def _normal(password: str) -> str:
    """One spelling of what looks alike, so that another keyboard types the same password."""
    return unicodedata.normalize("NFKC", password.encode("utf-8", "replace").decode("utf-8"))


def _hashed(password: str, name: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5 or name in password.casefold():  # noqa: PLR2004
        raise WrongInput(
            f"A password has {SHORTEST} to {LONGEST} characters, five different ones at least, and not the name in it."
        )
    return _hasher().hash(_normal(password))


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # argon2id with the parameters of RFC 9106 for little memory


@cache
def _unknown() -> str:
    """A hash that no password has, for names that are not there."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _verified(hashed: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(hashed, _normal(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False


def _found(session: Session, name: str) -> AccountRow | None:
    return session.scalar(
        select(AccountRow).join(UserRow, UserRow.id == AccountRow.user_id).where(UserRow.name == name)
    )


def _row(session: Session, name: str) -> AccountRow:
    row = _found(session, name)
    if row is None:
        raise NotThere("There is no account of this name.")
    return row


def _end_sessions(session: Session, row: AccountRow) -> None:
    session.execute(delete(SessionRow).where(SessionRow.user_id == row.user_id))


def _keep_an_admin(session: Session, row: AccountRow) -> None:
    """Without an admin nobody could let anyone in."""
    if row.role != Role.ADMIN or row.disabled:
        return
    others = (
        select(func.count())
        .select_from(AccountRow)
        .where(AccountRow.role == Role.ADMIN.value, AccountRow.disabled.is_(False), AccountRow.user_id != row.user_id)
    )
    if not session.scalar(others):
        raise WrongInput("This is the last admin; make another account an admin first.")


def _account(row: AccountRow, name: str) -> Account:
    return Account(
        name,
        row.display,
        Role(row.role),
        row.disabled,
        row.must_change,
        row.locked_until,
        row.issuer is not None,
        row.created,
    )
