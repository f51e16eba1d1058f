"""A PostgreSQL database: connections, snapshots and the one write lock, and its failures as sentences."""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from assistant.databases.addresses import driver_arguments, postgres_url, where
from assistant.databases.options import FOLDER, READS, WRITES
from assistant.errors import DatabaseUnavailable

WHERE = "imr_where"  # execution option: the server, as a sentence may show it
WRITER = 7_310_001  # the advisory lock of whoever writes
_STATEMENT_MS = 60_000
_LOCK_MS = 30_000
_CONNECT_SECONDS = 10
_IDLE_MS = 300_000  # a transaction that does nothing for so long is ended: its client hangs
_NUL, _NO_NUL = "\0", "\N{REPLACEMENT CHARACTER}"
_OWN_RAISE = "P0001"  # raised by a trigger of ours, in words of ours
_TOLD = ("S", "V", "C", "s", "t", "c", "n", "F", "L", "R")  # fields of an error that hold no value of a row


def postgres_engine(data_dir: Path, address: str, connections: int) -> Engine:
    """The engine over the database that an address names, with so many connections at most."""
    if importlib.util.find_spec("pg8000") is None:
        raise DatabaseUnavailable(
            'PostgreSQL needs the driver pg8000; install it with `pip install "imr-assistant[postgresql]"`.'
        )
    url = postgres_url(address)
    sought, said = driver_arguments(url)

    def connect() -> Any:
        limits = {
            "statement_timeout": str(_STATEMENT_MS),
            "lock_timeout": str(_LOCK_MS),
            "idle_in_transaction_session_timeout": str(_IDLE_MS),
        }
        sock = _socket(sought)
        try:
            made = _losable()(**said, sock=sock, application_name="imr-assistant", startup_params=limits)
        except (ConnectionError, TimeoutError) as error:
            sock.close()
            raise _lost(error) from None
        except BaseException:
            sock.close()
            raise
        sock.settimeout(None)  # how long a statement may take is the server's to say
        return made

    engine = create_engine(
        url,
        creator=connect,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_LOCK_MS / 1000,
        pool_pre_ping=True,
        hide_parameters=True,  # an error must not carry the text of a case into a log
        execution_options={FOLDER: str(data_dir), WHERE: where(url)},
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _without_nul, retval=True)
    event.listen(engine, "handle_error", _without_values)
    return engine


@cache
def _losable() -> type[Any]:
    """The driver's connection, put right for a server that goes away.

    The driver leaves its socket open then, and lets the system's error through where the first byte of an answer is
    met by a reset: SQLAlchemy does not take that for a lost connection.
    """
    import pg8000

    class Losable(pg8000.Connection):  # type: ignore[misc] - the driver is untyped
        def handle_messages(self, context: Any) -> None:
            try:
                super().handle_messages(context)
            except OSError as error:
                raise _lost(error) from None

        def close(self) -> None:
            mine = self._usock  # which the driver forgets, also where it fails
            try:
                super().close()
            except (pg8000.InterfaceError, OSError):
                if mine is not None:
                    mine.close()

    return Losable


def _lost(error: OSError) -> Exception:
    """The driver's own error for a connection that is gone."""
    import pg8000

    return pg8000.InterfaceError(f"network error: {type(error).__name__}")


def _socket(sought: str | tuple[str, int]) -> socket.socket:
    """A connection to the server, made here so that it is closed where the server refuses what comes next."""
    try:
        if isinstance(sought, tuple):
            made = socket.create_connection(sought, _CONNECT_SECONDS)
            # The driver writes a request in pieces; without this the second waits for the first to be acknowledged.
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            made = socket.socket(socket.AF_UNIX)
            try:
                made.settimeout(_CONNECT_SECONDS)
                made.connect(sought)
            except OSError:
                made.close()
                raise
        made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except OSError as error:
        raise _lost(error) from None
    return made


def _begin(connection: Connection) -> None:
    """One writer at a time, as in SQLite: what it reads cannot be outdated. Readers see one snapshot and wait for none.

    The lock is taken in READ COMMITTED, in which the statements after it see all that earlier writers committed.
    """
    options = connection.get_execution_options()
    if options.get(WRITES):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")
    elif options.get(READS):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _without_nul(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: Any) -> tuple[str, Any]:
    """PostgreSQL's texts hold no NUL; the sign that takes its place is as long, so that spans still hold."""
    return statement, _replaced(parameters)


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(_NUL, _NO_NUL) if _NUL in value else value
    if isinstance(value, dict):
        return {key: _replaced(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_replaced(item) for item in value)
    return value


def _without_values(context: ExceptionContext) -> None:
    """The server's messages quote values of rows; what is kept names the error, the table and the constraint."""
    original = context.original_exception
    told = original.args[0] if original.args else None
    if not isinstance(told, dict):
        return
    kept = {key: told[key] for key in _TOLD if key in told}
    if told.get("C") == _OWN_RAISE:
        kept["M"] = told.get("M", "")
    original.args = (kept,)
    wrapped = context.sqlalchemy_exception
    if wrapped is not None:
        wrapped.args = (f"({type(original).__module__}.{type(original).__name__}) {kept}",)


def postgres_revision(connection: Connection) -> str | None:
    """The revision that the database is at; DatabaseUnavailable where its texts are not UTF-8."""
    if connection.exec_driver_sql("SHOW server_encoding").scalar() != "UTF8":
        raise DatabaseUnavailable("The PostgreSQL database is not in UTF-8; create it with ENCODING 'UTF8'.")
    if connection.exec_driver_sql("SELECT to_regclass('alembic_version')::text").scalar() is None:
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(found) if found is not None else None


def lift_limits(connection: Connection) -> None:
    """Let the transaction under way take as long as it needs: a migration, or a rebuilding."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")


def outside_transactions(engine: Engine) -> Connection:
    """A connection each of whose statements stands by itself."""
    connection = engine.connect()
    connection.connection.rollback()  # the look at whether it still lives has begun a transaction
    return connection.execution_options(isolation_level="AUTOCOMMIT")


def free_deleted(engine: Engine, tables: Iterable[str]) -> None:
    """Let the server take away the rows that were deleted; their bytes are overwritten as the pages are used again."""
    with outside_transactions(engine) as connection:
        connection.exec_driver_sql(f"VACUUM (SKIP_LOCKED) {', '.join(sorted(tables))}")


def rewrite(engine: Engine, tables: Iterable[str]) -> None:
    """Write tables anew, so that their files hold no row that was changed or deleted; each is locked while it lasts."""
    with outside_transactions(engine) as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        try:
            connection.exec_driver_sql(f"VACUUM (FULL) {', '.join(sorted(tables))}")
        finally:
            connection.exec_driver_sql("RESET statement_timeout")


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What `doctor` says of a server; `unsafe` are settings without which a crash loses work."""

    version: str
    where: str
    in_use: int
    most: int
    unsafe: tuple[str, ...]


def server_facts(engine: Engine) -> ServerFacts:
    """Ask the server for what `doctor` says of it."""
    with outside_transactions(engine) as connection:

        def asked(statement: str) -> str:
            return str(connection.exec_driver_sql(statement).scalar())

        safe = ("fsync", "synchronous_commit", "full_page_writes")
        return ServerFacts(
            asked("SHOW server_version").split()[0],
            engine.get_execution_options().get(WHERE, ""),
            int(asked("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")),
            int(asked("SHOW max_connections")),
            tuple(name for name in safe if asked(f"SHOW {name}") == "off"),
        )


_DOWN = "The PostgreSQL server at {} does not answer; nothing is lost, start it and try again."
_SENTENCES = {
    "28P01": "The PostgreSQL server at {} refuses the user or the password of database_url; mend the setting.",
    "28000": "The PostgreSQL server at {} refuses the user of database_url; mend the setting or its pg_hba.conf.",
    "3D000": "The PostgreSQL server has no such database as {}; create it with `createdb`, encoding UTF8.",
    "42501": "The user of database_url may not do this in the database {}; let it own the database.",
    "53100": "The disk of the PostgreSQL server at {} is full; nothing is lost, make room and try again.",
    "53200": "The PostgreSQL server at {} is out of memory; nothing is lost, try again.",
    "53300": "The PostgreSQL server at {} has no connection left; lower database_connections or raise max_connections.",
    "55P03": "Another process keeps the database {} busy; try again when it has ended.",
    "57014": "The PostgreSQL server at {} took longer than a minute for one statement and was stopped; try again.",
    "57P01": _DOWN,
    "57P02": _DOWN,
    "57P03": "The PostgreSQL server at {} is starting or stopping; nothing is lost, try again in a moment.",
    "25006": "The PostgreSQL server at {} takes no writes, as a standby does; name the primary in database_url.",
    "0A000": "The PostgreSQL server at {} is too old or lacks a feature; version 15 or newer is needed.",
}


def postgres_sentence(error: BaseException | None, engine: Engine) -> str | None:
    """What a failure of the server means to the user; None: it is a bug."""
    at = engine.get_execution_options().get(WHERE, "")
    if isinstance(error, NoConnectionFree):
        return f"All connections to the PostgreSQL server at {at} are in use; raise database_connections, or try again."
    told = error.args[0] if error is not None and error.args else None
    if isinstance(told, dict):
        sentence = _SENTENCES.get(str(told.get("C")))
        return sentence.format(at) if sentence else None
    said = str(told)
    if "SSL" in said or "certificate" in said.lower():
        return (
            f"The PostgreSQL server at {at} offers no TLS that can be trusted; give it a certificate, or add "
            "?sslmode=disable to database_url where nobody else is on the network between."
        )
    if type(error).__name__ in ("InterfaceError", "OperationalError"):
        return _DOWN.format(at)
    return None
