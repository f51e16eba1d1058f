"""Lifts, for one transaction, the triggers that refuse to change acts and versions: to encrypt and to purge them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text


@contextmanager
def append_only_lifted(connection: Connection, tables: tuple[str, ...]) -> Iterator[None]:
    """The tables without their triggers within the block; if it raises, the transaction's end brings them back.

    In both databases this is part of the transaction, so that no other writer ever meets the tables without them.
    """
    if connection.dialect.name == "postgresql":
        quoted = [connection.dialect.identifier_preparer.quote(name) for name in tables]
        for name in quoted:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        yield
        for name in quoted:
            connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        return
    found = [
        row
        for row in connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
        if row.tbl_name in tables
    ]
    for row in found:
        connection.exec_driver_sql(f'DROP TRIGGER "{row.name}"')
    yield
    for row in found:
        connection.exec_driver_sql(row.sql)
