"""The one SQLite file of a data folder: opened safely, brought to the newest tables, every failure a sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Dialect, Engine, MetaData, Text, TypeDecorator, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from assistant.errors import DataFolderError

FILE_NAME = "assistant.db"
_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 10
_MIGRATION_WAIT_SECONDS = 120
_WRITES = "imr_writes"  # execution option: the transaction takes the write lock when it begins
_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table; constraint names are fixed so that a migration can name them."""

    metadata = MetaData(naming_convention=_NAMES)


class CaseText(TypeDecorator[str]):
    """The column type through which the text of a case passes; plain text today, the one place to encrypt it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Python to column."""
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Column to Python."""
        return value


def open_database(data_dir: Path) -> Engine:
    """Open the database of `data_dir`, creating folder (mode 0700), file (mode 0600) and tables where missing.

    Raises DataFolderError, one sentence, when the folder cannot be written, the disk is full, the file is not a
    database, or a newer version of the program wrote it.
    """
    path = _prepared(data_dir)
    with _sentences(data_dir):
        engine = _engine(path)
        if _revision(path) != head():
            _migrate(engine, data_dir)
        return engine


def head() -> str:
    """The newest revision that this program knows; migration files are named by their revision and sort by it."""
    return _revisions()[-1]


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for reads: one consistent snapshot, never in a writer's way."""
    with _sentences(_folder(engine)), Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that is one transaction: all of it is on the disk after the block, or none of it if the block raises.

    The write lock is taken at the start (BEGIN IMMEDIATE), so what is read inside cannot be outdated by another writer.
    """
    with (
        _sentences(_folder(engine)),
        Session(engine.execution_options(**{_WRITES: True}), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def erase_freed(engine: Engine) -> None:
    """Empty the write-ahead log, where what was deleted still stands; with a reader open, its close does that."""
    with _sentences(_folder(engine)), closing(sqlite3.connect(engine.url.database or "")) as connection:
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}").close()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _prepared(data_dir: Path) -> Path:
    path = data_dir / FILE_NAME
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
            raise DataFolderError(f"The data folder {data_dir} cannot be written to; choose another with --data-dir.")
        # An existing file is never opened past SQLite: closing it would drop this process's locks on it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if not data_dir.is_dir():
            raise DataFolderError(f"{data_dir} is a file; choose a folder with --data-dir.") from None
        if not os.access(path, os.R_OK | os.W_OK):
            raise DataFolderError(f"The file {path} cannot be written to; choose another folder.") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise DataFolderError(
            f"The data folder {data_dir} cannot be used ({reason}); choose another with --data-dir."
        ) from None
    return path


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,  # an error must not carry the text of a case into a log
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transaction control commits before DDL, which would tear a migration in two.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is deleted is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _folder(engine: Engine) -> Path:
    return Path(engine.url.database or FILE_NAME).parent


def _revisions() -> list[str]:
    return sorted(file.stem for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(path: Path) -> str | None:
    """The revision that the file is at, read without Alembic, whose import alone costs more than opening the file."""
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None


def _migrate(engine: Engine, data_dir: Path) -> None:
    try:
        with FileLock(data_dir / "assistant.lock", timeout=_MIGRATION_WAIT_SECONDS):
            found = _revision(data_dir / FILE_NAME)  # another process may have been faster
            if found == head():
                return
            if found is not None and found not in _revisions():
                raise DataFolderError(
                    f"The data folder {data_dir} was written by a newer version of the program; "
                    "update it, or choose another folder with --data-dir."
                )
            _upgrade(engine)
    except Timeout:
        raise DataFolderError(
            f"Another process has been updating the data folder {data_dir} for {_MIGRATION_WAIT_SECONDS} seconds; "
            "try again when it has ended."
        ) from None


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.execution_options(**{_WRITES: True}).connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _sentences(data_dir: Path) -> Iterator[None]:
    """Turn the failures that a user can mend into sentences; the others are bugs and pass."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        _raise_sentence(error, data_dir)
        raise
    except DatabaseError as error:
        _raise_sentence(error.orig, data_dir)
        raise


_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk that holds the data folder {} is full; make room and try again.",
    sqlite3.SQLITE_READONLY: "The data folder {} cannot be written to; choose another with --data-dir.",
    sqlite3.SQLITE_CANTOPEN: "The data folder {} cannot be written to; choose another with --data-dir.",
    sqlite3.SQLITE_PERM: "The data folder {} cannot be written to; choose another with --data-dir.",
    sqlite3.SQLITE_IOERR: "The disk that holds the data folder {} reports an error; check it and try again.",
    sqlite3.SQLITE_NOTADB: "The file assistant.db in {} is not a database of this program; move it away, "
    "or choose another folder with --data-dir.",
    sqlite3.SQLITE_CORRUPT: "The file assistant.db in {} is damaged; restore it from a backup, "
    "or choose another folder with --data-dir.",
    sqlite3.SQLITE_BUSY: "Another process keeps the database in {} busy; try again when it has ended.",
    sqlite3.SQLITE_LOCKED: "Another process keeps the database in {} busy; try again when it has ended.",
}


def _raise_sentence(error: BaseException | None, data_dir: Path) -> None:
    code = getattr(error, "sqlite_errorcode", None)
    sentence = _SENTENCES.get(code & 0xFF) if code is not None else None  # the low byte is the primary code
    if sentence is not None:
        raise DataFolderError(sentence.format(data_dir)) from None
