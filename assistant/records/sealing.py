"""Encrypts what lies plain, turns the keys, and checks that every ciphertext lies where it belongs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table, Text, delete, false, func, literal, select, true, type_coerce, update

from assistant.database import Base, compact, reading, writing
from assistant.errors import DamagedText, KeyProblem
from assistant.records.append_only import append_only_lifted
from assistant.vault import DATA_KEYS, MARK, Vault, key_name, scope_of, seal, vault_of

_BATCH = 200  # rows of one transaction


class Progress(Protocol):
    """Shows how far a run is."""

    def start(self, what: str, total: int) -> None:
        """A run over so many rows begins."""

    def advance(self, by: int = 1) -> None:
        """So many more are done."""

    def finish(self) -> None:
        """It has ended."""


@dataclass(frozen=True, slots=True)
class Protection:
    """How many texts are encrypted and plain, whose data keys are under another key, and what is damaged.

    `damaged` holds the ids of cases, and "" for what belongs to none.
    """

    encrypted: int
    plain: int
    data_keys: int
    older_keys: int
    retired: int
    damaged: tuple[str, ...]


def encrypt_all(engine: Engine, progress: Progress | None = None) -> int:
    """Encrypt every text that lies plain, in batches of one transaction each; how many rows were turned.

    An interrupted run is taken up where it ended. What lay plain is overwritten, and gone from log and free pages.
    """
    _needed(engine)
    return _reseal_all(engine, frozenset(), progress)


def rewrap(engine: Engine) -> int:
    """Wrap every data key that is not under the first key under it; how many were. No text is touched."""
    vault = _needed(engine)
    turned = 0
    while True:
        with writing(engine) as session:
            connection = session.connection()
            older = select(DATA_KEYS).where(DATA_KEYS.c.kek != vault.ring.name).limit(_BATCH)
            rows = connection.execute(older).all()
            for row in rows:
                wrapped = vault.rewrapped(row.id, row.scope, row.wrapped)
                changed = update(DATA_KEYS).where(DATA_KEYS.c.id == row.id)
                connection.execute(changed.values(wrapped=wrapped, kek=vault.ring.name))
        turned += len(rows)
        if not rows:
            compact(engine)
            return turned


def reencrypt(engine: Engine, progress: Progress | None = None) -> int:
    """Give every case a new data key and encrypt all anew; how many rows were turned.

    An interrupted run is taken up: while retired keys are left, their texts are turned before keys are retired again.
    """
    vault = _needed(engine)
    rewrap(engine)
    with writing(engine) as session:
        connection = session.connection()
        retired = set(connection.execute(select(DATA_KEYS.c.id).where(DATA_KEYS.c.retired == true())).scalars())
        if not retired:
            retired = set(connection.execute(select(DATA_KEYS.c.id)).scalars())
            connection.execute(update(DATA_KEYS).values(retired=True))
        vault.current(connection, "")
    turned = _reseal_all(engine, frozenset(retired), progress)
    with writing(engine) as session:
        connection = session.connection()
        used = {key_name(value) for _, row in _rows(connection) for value in _texts(row).values()}
        connection.execute(delete(DATA_KEYS).where(DATA_KEYS.c.retired == true(), DATA_KEYS.c.id.not_in(used)))
    compact(engine)
    return turned


def check(engine: Engine) -> Protection:
    """Read every text: what is plain, what is damaged, and what lies in another case's row than its own."""
    vault = vault_of(engine.dialect)
    encrypted = plain = 0
    damaged: set[str] = set()
    with reading(engine) as session:
        connection = session.connection()
        for table, row in _rows(connection):
            scope = scope_of(connection, table.name, row)
            for name, value in _texts(row).items():
                if not value.startswith(MARK):
                    plain += 1
                    continue
                encrypted += 1
                if vault is None or not _sound(vault, value, f"{table.name}.{name}", scope):
                    damaged.add(scope)
        ring = vault.ring if vault else None
        counted = select(func.count()).select_from(DATA_KEYS)
        keys = connection.execute(counted).scalar() or 0
        older = connection.execute(counted.where(DATA_KEYS.c.kek != ring.name)).scalar() if ring else 0
        retired = connection.execute(counted.where(DATA_KEYS.c.retired == true())).scalar()
    return Protection(encrypted, plain, keys, older or 0, retired or 0, tuple(sorted(damaged)))


def plain_texts(engine: Engine) -> int:
    """How many rows hold a text that lies plain."""
    with reading(engine) as session:
        connection = session.connection()
        return sum(
            connection.execute(select(func.count()).select_from(table).where(_lies_plain(table))).scalar() or 0
            for table in sealed_tables()
        )


def sealed_tables() -> list[Table]:
    """The tables that have a CaseText column."""
    return [table for table in Base.metadata.sorted_tables if _columns(table)]


def _needed(engine: Engine) -> Vault:
    vault = vault_of(engine.dialect)
    if vault is None or vault.ring is None:
        raise KeyProblem("No key is given; `imr-assistant keys new` prints one, to be set as IMR_KEY or IMR_KEY_FILE.")
    return vault


def _sound(vault: Vault, value: str, place: str, scope: str) -> bool:
    try:
        vault.from_column(value, place)
        return vault.key(key_name(value)).scope == scope
    except DamagedText:
        return False


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if getattr(column.type, "place", None)]


def _lies_plain(table: Table) -> Any:
    found: Any = false()
    for name in _columns(table):
        stored = type_coerce(table.c[name], Text)
        found = found | (stored.is_not(None) & (func.substr(stored, 1, len(MARK)) != MARK))
    return found


def _raw(table: Table) -> Any:
    """All columns, the encrypted ones as they are stored."""
    sealed = set(_columns(table))
    return select(*(type_coerce(c, Text).label(c.name) if c.name in sealed else c for c in table.columns))


def _rows(connection: Connection) -> Iterator[tuple[Table, dict[str, Any]]]:
    for table in sealed_tables():
        for row in connection.execute(_raw(table).order_by(*table.primary_key.columns)).mappings():
            yield table, {**row, "_table": table}


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in _columns(row["_table"]) if row[name] is not None}


def _reseal_all(engine: Engine, retired: frozenset[str], progress: Progress | None) -> int:
    vault = _needed(engine)
    with reading(engine) as session:
        ids = [
            (table, tuple(row[c.name] for c in table.primary_key.columns))
            for table, row in _rows(session.connection())
            if any(key_name(value) in retired or not value.startswith(MARK) for value in _texts(row).values())
        ]
    left, turned = iter(ids), 0
    if progress:
        progress.start("Encrypting", len(ids))
    while batch := list(islice(left, _BATCH)):
        with writing(engine) as session:
            turned += _reseal(session.connection(), vault, batch, retired)
        if progress:
            progress.advance(len(batch))
    if progress:
        progress.finish()
    if ids:
        compact(engine)
    return turned


def _reseal(
    connection: Connection, vault: Vault, batch: Sequence[tuple[Table, tuple[Any, ...]]], retired: frozenset[str]
) -> int:
    turned = 0
    with append_only_lifted(connection, tuple({table.name for table, _ in batch})):
        for table, key in batch:
            same = [column == value for column, value in zip(table.primary_key.columns, key, strict=True)]
            found = connection.execute(_raw(table).where(*same)).mappings().first()
            if found is None:  # deleted since it was counted
                continue
            row = {**found, "_table": table}
            data_key = vault.current(connection, scope_of(connection, table.name, row))
            new = {}
            for name, stored in _texts(row).items():
                if key_name(stored) not in retired and stored.startswith(MARK):
                    continue
                try:
                    plain = vault.from_column(stored, f"{table.name}.{name}")
                except DamagedText:  # it is kept as it is, and so is its key; `keys check` names it
                    continue
                new[name] = literal(seal(plain, f"{table.name}.{name}", data_key), Text)
            if new:
                connection.execute(update(table).where(*same).values(new))
                turned += 1
    return turned
