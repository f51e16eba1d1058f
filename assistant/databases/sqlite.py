"""The one SQLite file of a data folder: made private, opened safely, its failures as sentences."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from assistant.databases.options import FOLDER, WRITES
from assistant.errors import DataFolderError

FILE_NAME = "assistant.db"
BUSY_SECONDS = 10


def prepared(data_dir: Path) -> Path:
    """The database file of a folder, made with mode 0600 where it is missing; DataFolderError where it cannot be."""
    path = data_dir / FILE_NAME
    try:
        prepare_folder(data_dir)
        # An existing file is never opened past SQLite: closing it would drop this process's locks on it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if not data_dir.is_dir():
            raise DataFolderError(f"{data_dir} is a file; choose a folder with --data-dir.") from None
        if not os.access(path, os.R_OK | os.W_OK):
            raise DataFolderError(f"The file {path} cannot be written to; choose another folder.") from None
    except OSError as error:
        raise _unusable(data_dir, error) from None
    return path


def prepare_folder(data_dir: Path) -> None:
    """Make the data folder (mode 0700) where it is missing."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise DataFolderError(f"The data folder {data_dir} cannot be written to; choose another with --data-dir.")


def folder_for_server(data_dir: Path) -> None:
    """`prepare_folder` for a data folder whose database is elsewhere; DataFolderError where it cannot be."""
    try:
        prepare_folder(data_dir)
    except FileExistsError:
        raise DataFolderError(f"{data_dir} is a file; choose a folder with --data-dir.") from None
    except OSError as error:
        raise _unusable(data_dir, error) from None


def _unusable(data_dir: Path, error: OSError) -> DataFolderError:
    reason = (error.strerror or "unknown reason").lower()
    return DataFolderError(f"The data folder {data_dir} cannot be used ({reason}); choose another with --data-dir.")


def sqlite_engine(path: Path) -> Engine:
    """The engine over a prepared file."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,  # an error must not carry the text of a case into a log
        execution_options={FOLDER: str(path.parent)},
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transaction control commits before DDL, which would tear a migration in two.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is deleted is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_revision(path: Path) -> str | None:
    """The revision that the file is at, read without Alembic, whose import alone costs more than opening the file."""
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None


def empty_log(path: str) -> None:
    """Empty the write-ahead log, where what was deleted still stands; with a reader open, its close does that."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}").close()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def copy_file(path: Path, to: Path) -> None:
    """Copy a database as it stands into the new file `to` (mode 0600), while others read and write it."""
    os.close(os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE").close()
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def vacuum(path: str) -> None:
    """Write the file anew, without what was deleted."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in (f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}", "PRAGMA secure_delete = ON", "VACUUM"):
            connection.execute(statement).close()


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


def sqlite_sentence(error: BaseException | None, data_dir: Path) -> str | None:
    """What a failure of SQLite means to the user; None: it is a bug."""
    code = getattr(error, "sqlite_errorcode", None)
    sentence = _SENTENCES.get(code & 0xFF) if code is not None else None  # the low byte is the primary code
    return sentence.format(data_dir) if sentence else None
