"""Vectors in PostgreSQL by the extension pgvector: two tables derived from the vectors that the store keeps."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from assistant.database import reading, writing
from assistant.errors import DatabaseUnavailable
from assistant.library.stored_vectors import Shelf, Shelved
from assistant.library.vector_index import COLLECTIONS, HNSW, IndexFault, Shelves, Vector

_STAMP = "pgvector"  # the row of meta that says what the tables were made from
_EXACT = 100_000  # rows from which an HNSW index is made; below, comparing every row takes tens of milliseconds
_MOST_CANDIDATES = 1000  # that pgvector's HNSW looks at
_BATCH = 5000
_BEGIN, _END = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0), struct.pack(">h", -1)


class PgvectorIndex:
    """Tables `near_passages` and `near_decisions` beside the library's own, for every process that shares it."""

    called = "pgvector"

    def __init__(self, engine: Engine, model: str, edition: str) -> None:
        self._engine = engine
        self._made_from = {"model": model, "edition": edition}
        self._opened = False

    def own(self, shelves: Shelves) -> bool:
        """Always ours: the server keeps readers and writers apart."""
        if not self._opened:
            self._opened = True
            self.mend(shelves)
        return True

    def mend(self, shelves: Shelves) -> None:
        """Add what is missing and drop what is too much, in one transaction; make the tables where there are none."""
        held = {shelf: shelves(shelf) for shelf in COLLECTIONS}
        with _faults(), writing(self._engine) as session:
            connection = session.connection()
            _lift(connection)
            if _stamp(connection) != self._version(held):
                self._make(connection, held)
                return
            for shelf, shelved in held.items():
                there = _keys(connection, shelf)
                missing = [row for row, key in enumerate(shelved.keys) if key not in there]
                _fill(connection, shelf, shelved, missing)
                self._drop_gone(connection, shelf, there - set(shelved.keys))
                _index_many(connection, shelf)

    def rebuild(self, shelves: Shelves) -> None:
        """Make the tables anew from the store's vectors, in one transaction."""
        held = {shelf: shelves(shelf) for shelf in COLLECTIONS}
        with _faults(), writing(self._engine) as session:
            connection = session.connection()
            _lift(connection)
            self._make(connection, held)
        self._opened = True

    def keys(self, shelf: Shelf) -> set[str]:
        """The ids that a table holds."""
        with _faults(), reading(self._engine) as session:
            return _keys(session.connection(), shelf)

    def search(self, shelf: Shelf, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """The nearest rows with their cosine similarity."""
        candidates = min(max(HNSW["ef_search"], limit), _MOST_CANDIDATES)
        nearest = text(
            f"SELECT key, vector <=> CAST(:sought AS vector) AS away FROM {_table(shelf)} ORDER BY away LIMIT :limit"  # noqa: S608 - names made here
        )
        with _faults(), reading(self._engine) as session:
            session.execute(text(f"SET LOCAL hnsw.ef_search = {candidates}"))
            rows = session.execute(nearest, {"sought": _literal(vector), "limit": limit})
            return [(row.key, 1 - float(row.away)) for row in rows]

    def close(self) -> None:
        """The connections are the engine's; nothing is held here."""
        self._opened = False

    def _version(self, held: dict[Shelf, Shelved]) -> dict[str, Any]:
        return self._made_from | {"dimension": max((s.matrix.shape[1] for s in held.values()), default=0)}

    def _make(self, connection: Connection, held: dict[Shelf, Shelved]) -> None:
        _make_extension(connection)
        version = self._version(held)
        for shelf, shelved in held.items():
            table = _table(shelf)
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
            kind = f"vector({version['dimension']})" if version["dimension"] else "vector"
            connection.execute(text(f"CREATE TABLE {table} (key text PRIMARY KEY, vector {kind} NOT NULL)"))
            _fill(connection, shelf, shelved, range(len(shelved.keys)))
            _index_many(connection, shelf)
        put = text("INSERT INTO meta(key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = :value")
        connection.execute(put, {"key": _STAMP, "value": json.dumps(version, sort_keys=True)})

    def _drop_gone(self, connection: Connection, shelf: Shelf, gone: set[str]) -> None:
        """Drop rows that the store no longer offers; what another process added since this one read is looked up."""
        if not gone:
            return
        held = {
            Shelf.PASSAGES: "SELECT passage_id FROM passages WHERE current",
            Shelf.DECISIONS: "SELECT d.decision_id FROM decisions d JOIN determinations t ON t.id = d.determination_id "
            "WHERE t.current AND d.outcome IS NOT NULL",
        }[shelf]
        drop = f"DELETE FROM {_table(shelf)} WHERE key = ANY(CAST(:gone AS text[])) AND key NOT IN ({held})"  # noqa: S608 - names made here
        connection.execute(text(drop), {"gone": sorted(gone)})


def extension_missing(engine: Engine) -> str | None:
    """What is to be done where the server has no pgvector; None: it has."""
    with reading(engine) as session:
        there = session.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"))
    return None if there else _NO_EXTENSION


_NO_EXTENSION = (
    "The PostgreSQL server has no extension pgvector; install it there (Debian: postgresql-15-pgvector), or set "
    "vectors to chroma or chroma-server."
)


def _make_extension(connection: Connection) -> None:
    """Make the extension, which its database's owner may where the server trusts it, as pgvector's files say."""
    available = connection.execute(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")).scalar()
    if not available:
        raise DatabaseUnavailable(_NO_EXTENSION)
    if not connection.execute(text("SELECT count(*) FROM pg_extension WHERE extname = 'vector'")).scalar():
        connection.execute(text("CREATE EXTENSION vector"))


def _lift(connection: Connection) -> None:
    from assistant.databases.postgres import lift_limits

    lift_limits(connection)


def _literal(vector: Vector) -> str:
    """A vector as pgvector reads it; nine digits say a float32 exactly."""
    return "[" + ",".join(f"{number:.9g}" for number in vector.tolist()) + "]"


def _table(shelf: Shelf) -> str:
    return f"near_{shelf.value}"


def _stamp(connection: Connection) -> dict[str, Any] | None:
    """What the tables were made from, None where a table is missing."""
    there = connection.execute(
        text("SELECT count(to_regclass('near_passages')) + count(to_regclass('near_decisions'))")
    ).scalar()
    value = connection.execute(text("SELECT value FROM meta WHERE key = :key"), {"key": _STAMP}).scalar()
    return json.loads(value) if value and there == len(COLLECTIONS) else None


def _keys(connection: Connection, shelf: Shelf) -> set[str]:
    return set(connection.execute(text(f"SELECT key FROM {_table(shelf)}")).scalars())  # noqa: S608 - names made here


def _fill(connection: Connection, shelf: Shelf, shelved: Shelved, rows: Sequence[int]) -> None:
    """Add rows by COPY in its binary form, which takes float32 as it is."""
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        stream = io.BytesIO()
        stream.write(_BEGIN)
        for row in some:
            key, numbers = shelved.keys[row].encode(), np.asarray(shelved.matrix[row], ">f4")
            stream.write(struct.pack(">hi", 2, len(key)) + key)
            stream.write(struct.pack(">ihh", 4 + numbers.nbytes, len(numbers), 0) + numbers.tobytes())
        stream.write(_END)
        stream.seek(0)
        cursor = connection.connection.cursor()
        cursor.execute(  # type: ignore[call-arg] - the driver's own way to give a stream
            f"COPY {_table(shelf)}(key, vector) FROM STDIN WITH (FORMAT binary)", stream=stream
        )
        cursor.close()


def _index_many(connection: Connection, shelf: Shelf) -> None:
    """An HNSW index where there are so many rows that comparing all of them is slow."""
    table = _table(shelf)
    if connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() < _EXACT:  # noqa: S608 - names made here
        return
    connection.execute(
        text(
            f"CREATE INDEX IF NOT EXISTS ix_{table}_vector ON {table} USING hnsw (vector vector_cosine_ops) "
            f"WITH (m = {HNSW['max_neighbors']}, ef_construction = {HNSW['ef_construction']})"
        )
    )


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise IndexFault(type(error.orig).__name__) from None
