"""A library with its records, from one database into an empty one: every row as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, delete, func, insert, inspect, select, text

from assistant.database import reading, writing
from assistant.errors import DatabaseUnavailable
from assistant.library.words import Words
from assistant.records.append_only import append_only_lifted

_BATCH = 500
# Made from the other tables, or by the migrations of each database.
_AUDIT = ("audit", "audit_head")  # the log, which refuses entries out of turn, and its one row, made with the table
_DERIVED = ("alembic_version", "passages_fts", "decisions_fts", "decisions_spelling", "near_")


def copy_database(source: Engine, target: Engine) -> dict[str, int]:
    """Copy all tables in one transaction and build full text anew; how many rows each has.

    Both are at the newest tables already. Raises DatabaseUnavailable where the target holds anything, or where a table
    would have another number of rows than the source: then nothing was copied.
    """
    theirs, ours = _tables(target), _tables(source)
    counts: dict[str, int] = {}
    with reading(source) as giving, writing(target) as taking:
        given, taken = giving.connection(), taking.connection()
        _lift(taken)
        filled = sorted(name for name, table in theirs.items() if name not in _AUDIT[1:] and _count(taken, table))
        if filled:
            raise DatabaseUnavailable(
                f"The target database is not empty ({', '.join(filled[:3])}); name one that holds nothing."
            )
        with append_only_lifted(taken, _AUDIT):
            _copy(given, taken, ours, theirs, counts)
    Words(target).rebuild()
    return counts


def _copy(
    given: Connection, taken: Connection, ours: dict[str, Table], theirs: dict[str, Table], counts: dict[str, int]
) -> None:
    for name, table in theirs.items():
        if name == _AUDIT[1]:
            taken.execute(delete(table))
        for rows in _rows(given, ours[name]):
            taken.execute(insert(table), rows)
        counts[name] = _count(taken, table)
        if counts[name] != _count(given, ours[name]):
            raise DatabaseUnavailable(f"The table {name} was not copied whole; nothing was copied, try again.")
        _go_on_counting(taken, table)


def _tables(engine: Engine) -> dict[str, Table]:
    """The tables that hold what cannot be made anew, each after those that it refers to."""
    names = [name for name in inspect(engine).get_table_names() if not name.startswith(_DERIVED)]
    metadata = MetaData()
    metadata.reflect(engine, only=names)
    return {table.name: table for table in metadata.sorted_tables}


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    key: list[Column[Any]] = list(table.primary_key.columns)
    for some in connection.execute(select(table).order_by(*key)).mappings().partitions(_BATCH):
        yield [_values(row) for row in some]


def _values(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers rows by a sequence, which has to know of the rows that came with their numbers."""
    keys = [column for column in table.primary_key.columns if isinstance(column.type, Integer)]
    if connection.dialect.name != "postgresql" or len(keys) != 1:
        return
    last = connection.execute(select(func.max(keys[0]))).scalar()
    sequence = connection.execute(
        text("SELECT pg_get_serial_sequence(:of, :key)"), {"of": table.name, "key": keys[0].name}
    ).scalar()
    if last is not None and sequence is not None:
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _lift(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        from assistant.databases.postgres import lift_limits

        lift_limits(connection)
