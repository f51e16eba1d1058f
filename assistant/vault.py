"""Encrypts and decrypts what passes through a CaseText column, under a data key for each case.

A case's data key is random and lies wrapped in the table `data_keys`; destroying it makes every copy of the case's
words unreadable. What belongs to no case shares one key. A ciphertext is text: a mark, the data key's name, and
AES-256-GCM bytes as base64, bound to table, column and data key.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, column, delete, false, insert, inspect, select, table

from assistant.errors import DamagedText, KeyProblem
from assistant.keys import KEY_BYTES, KeyRing, decrypt, encrypt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MARK = "\x1aimr1:"  # begins what is encrypted; no case begins with this control character
_PLAIN = "\x1aplain:"  # begins a plain text that itself begins with one
SHARED = ""  # the scope of what belongs to no case
DATA_KEYS = table(
    "data_keys",
    *(column(name) for name in ("id", "scope", "wrapped", "kek", "retired", "created")),
)
_CASES = table("cases", column("id"), column("token"))


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key: its random name, the case (by its public id) that it is of, and its bytes."""

    id: str
    scope: str
    key: bytes = field(repr=False)


class Tagged(str):
    """A text on its way into the database that knows the data key it is to be encrypted under."""

    __slots__ = ("data_key",)
    data_key: DataKey

    @classmethod
    def of(cls, text: str, key: DataKey) -> Tagged:
        """The text, tagged."""
        tagged = cls(text)
        tagged.data_key = key
        return tagged


class Vault:
    """The data keys of one database. Without a key ring it stores plain text."""

    def __init__(self, engine: Engine, ring: KeyRing | None) -> None:
        self._engine, self.ring = engine, ring
        self._wrapped: dict[str, tuple[str, str]] = {}
        self._known: dict[str, DataKey] = {}

    def prepare(self) -> None:
        """Check that the keys given fit the database, and make the shared data key where there is none.

        Raises KeyProblem when the database is encrypted and the key is missing or another one.
        """
        with self._engine.connect() as connection:
            first = connection.execute(select(DATA_KEYS.c.id).limit(1)).scalar()
            shared = self._find(connection, SHARED) if first is not None and self.ring else None
        if self.ring is None:
            if first is not None:
                raise KeyProblem(
                    "The data folder is encrypted and no key is given; set IMR_KEY or IMR_KEY_FILE, nothing was "
                    "changed."
                )
        elif shared is None:
            with self._engine.execution_options(imr_writes=True).begin() as connection:
                self.current(connection, SHARED)

    def to_column(self, text: str, place: str) -> str:
        """The text as it is stored in the column `place`."""
        if self.ring is None:
            return _PLAIN + text if text.startswith("\x1a") else text
        key = text.data_key if isinstance(text, Tagged) else self._shared()
        return seal(text, place, key)

    def from_column(self, stored: str, place: str) -> str:
        """The text that was stored in the column `place`; raises DamagedText."""
        if not stored.startswith("\x1a"):
            return stored
        if stored.startswith(_PLAIN):
            return stored.removeprefix(_PLAIN)
        key = self.key(key_name(stored))
        try:
            sealed = base64.b64decode(stored.rpartition(":")[2], altchars=b"-_", validate=True)
            return decrypt(key.key, sealed, _about(place, key)).decode()
        except (ValueError, binascii.Error):
            raise DamagedText(key.scope) from None

    def key(self, name: str) -> DataKey:
        """The data key of a name; DamagedText where there is none, or it was changed."""
        if name in self._known:
            return self._known[name]
        if name not in self._wrapped:
            with self._engine.connect() as connection:
                rows = connection.execute(select(DATA_KEYS.c.id, DATA_KEYS.c.scope, DATA_KEYS.c.wrapped))
                self._wrapped = {row.id: (row.scope, row.wrapped) for row in rows}
        if name not in self._wrapped:
            raise DamagedText("")
        scope, wrapped = self._wrapped[name]
        return self._unwrapped(name, scope, wrapped)

    def current(self, connection: Connection, scope: str) -> DataKey:
        """The data key of a scope, made within the connection's transaction where there is none."""
        found = self._find(connection, scope)
        if found is not None:
            return found
        if self.ring is None:
            raise KeyProblem("There is no key to encrypt under; set IMR_KEY or IMR_KEY_FILE.")
        key = DataKey(secrets.token_urlsafe(12), scope, secrets.token_bytes(KEY_BYTES))
        wrapped = base64.b64encode(self.ring.wrap(key.key, _about_key(key.id, scope))).decode()
        row = {"id": key.id, "scope": scope, "wrapped": wrapped, "kek": self.ring.name, "retired": False}
        connection.execute(insert(DATA_KEYS).values(**row, created=datetime.now(UTC).replace(tzinfo=None)))
        return key

    def forget(self, connection: Connection, scope: str) -> list[str]:
        """Destroy the data keys of a scope, and say how they lay wrapped, so that a search can prove them gone."""
        wrapped = connection.execute(select(DATA_KEYS.c.wrapped).where(DATA_KEYS.c.scope == scope)).scalars().all()
        connection.execute(delete(DATA_KEYS).where(DATA_KEYS.c.scope == scope))
        self._wrapped = {}
        self._known = {name: key for name, key in self._known.items() if key.scope != scope}
        return list(wrapped)

    def rewrapped(self, name: str, scope: str, wrapped: str) -> str:
        """The data key wrapped under the first key of the ring."""
        if self.ring is None:
            raise KeyProblem("There is no key to wrap under; set IMR_KEY or IMR_KEY_FILE.")
        key = self._unwrapped(name, scope, wrapped)
        return base64.b64encode(self.ring.wrap(key.key, _about_key(name, scope))).decode()

    def _find(self, connection: Connection, scope: str) -> DataKey | None:
        wanted = select(DATA_KEYS.c.id, DATA_KEYS.c.wrapped).where(DATA_KEYS.c.scope == scope)
        row = connection.execute(wanted.where(DATA_KEYS.c.retired == false())).first()
        return self._unwrapped(row.id, scope, row.wrapped) if row is not None else None

    def _shared(self) -> DataKey:
        with self._engine.connect() as connection:
            found = self._find(connection, SHARED)
        if found is None:
            raise KeyProblem("The shared data key is missing; restore the data folder from a backup.")
        return found

    def _unwrapped(self, name: str, scope: str, wrapped: str) -> DataKey:
        if name in self._known:
            return self._known[name]
        if self.ring is None:
            raise KeyProblem("The data folder is encrypted and no key is given; set IMR_KEY or IMR_KEY_FILE.")
        try:
            key = self.ring.unwrap(base64.b64decode(wrapped, validate=True), _about_key(name, scope))
        except (ValueError, binascii.Error):
            if scope != SHARED:
                raise DamagedText(scope) from None
            raise KeyProblem(
                "The key in IMR_KEY or IMR_KEY_FILE is not the one that this data folder was encrypted under; "
                "give that one, nothing was changed."
            ) from None
        return self._known.setdefault(name, DataKey(name, scope, key))


def vault_of(dialect: Any) -> Vault | None:
    """The vault of the engine that the dialect belongs to, if it has one."""
    return getattr(dialect, "imr_vault", None)


def attach(engine: Engine, ring: KeyRing | None) -> None:
    """Give an engine its vault; raises KeyProblem."""
    vault = Vault(engine, ring)
    vault.prepare()
    engine.dialect.imr_vault = vault  # type: ignore[attr-defined]


def seal(text: str, place: str, key: DataKey) -> str:
    """The text as a ciphertext of the column `place`."""
    sealed = base64.urlsafe_b64encode(encrypt(key.key, text.encode(), _about(place, key))).decode()
    return f"{MARK}{key.id}:{sealed}"


def key_name(stored: str) -> str:
    """The name of the data key that a ciphertext is under; empty for a plain text."""
    return stored.removeprefix(MARK).partition(":")[0] if stored.startswith(MARK) else ""


def scope_of(connection: Connection, table_name: str, values: dict[str, Any]) -> str:
    """The public id of the case that a row belongs to, given its columns; SHARED where it belongs to none."""
    if table_name == "cases":
        return str(values["token"])
    case_id = values.get("case_id")
    if case_id is None:
        return SHARED
    return connection.execute(select(_CASES.c.token).where(_CASES.c.id == case_id)).scalar() or SHARED


def tag_before_flush(session: Session, *_: object) -> None:
    """Tag each changed text with the data key of its case, read within the transaction that writes it."""
    connection: Connection | None = None
    keys: dict[str, DataKey] = {}
    for row, names in _changed(session):
        connection = connection or session.connection()
        vault = vault_of(connection.dialect)
        if vault is None or vault.ring is None:
            return
        state = inspect(row)
        scope = scope_of(connection, state.mapper.local_table.name, state.dict)
        if scope not in keys:
            keys[scope] = vault.current(connection, scope)
        for name in names:
            setattr(row, name, Tagged.of(str(getattr(row, name)), keys[scope]))


def _changed(session: Session) -> Iterator[tuple[Any, list[str]]]:
    for row in (*session.new, *session.dirty):
        state = inspect(row)
        names = [
            name
            for name in _sealed_names(type(row))
            if state.dict.get(name) is not None and state.attrs[name].history.has_changes()
        ]
        if names:
            yield row, names


@cache
def _sealed_names(mapped: type) -> tuple[str, ...]:
    columns = inspect(mapped).column_attrs
    return tuple(attr.key for attr in columns if getattr(attr.columns[0].type, "place", None))


def _about(place: str, key: DataKey) -> bytes:
    return f"{place}|{key.id}|{key.scope}".encode()


def _about_key(name: str, scope: str) -> str:
    return f"data key {name} of {scope}"
