"""The database of a data folder, SQLite or PostgreSQL: opened, brought to the newest tables, failures as sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Dialect, Engine, MetaData, Text, TypeDecorator, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, Session

from assistant.databases.options import FOLDER, READS, WRITES
from assistant.databases.sqlite import (
    FILE_NAME,
    copy_file,
    empty_log,
    folder_for_server,
    prepared,
    sqlite_engine,
    sqlite_revision,
    sqlite_sentence,
    vacuum,
)
from assistant.errors import DatabaseUnavailable, DataFolderError, KeyProblem
from assistant.vault import DATA_KEYS, attach, tag_before_flush, vault_of

if TYPE_CHECKING:
    from assistant.keys import KeyRing

__all__ = [
    "FILE_NAME",
    "Base",
    "CaseText",
    "at_newest",
    "compact",
    "drop_copies",
    "erase_freed",
    "folder_of",
    "head",
    "known",
    "noting",
    "open_database",
    "reading",
    "revision_of",
    "snapshot",
    "writing",
]
_SAFE_COPY = "assistant.db.before-"  # followed by the revision that the copy is of
_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_WAIT_SECONDS = 120
CONNECTIONS = 20  # to a PostgreSQL server at most, unless the settings say otherwise
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
    """The column type through which the text of a case passes: encrypted where a key is set, else plain.

    `place` is the table and the column, `cases.title`, which the ciphertext is bound to.
    """

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Python to column."""
        vault = vault_of(dialect)
        return value if value is None or vault is None else vault.to_column(value, self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Column to Python."""
        vault = vault_of(dialect)
        return value if value is None or vault is None else vault.from_column(value, self.place)


def open_database(
    data_dir: Path, url: str = "", *, connections: int = CONNECTIONS, keys: KeyRing | None = None
) -> Engine:
    """Open the database of `data_dir`: the SQLite file in it, or with `url` a PostgreSQL database, tables included.

    The folder is made with mode 0700, the file with 0600. Raises DataFolderError or DatabaseUnavailable, one sentence:
    the folder cannot be written, the disk is full, the file is not a database, the server is down or refuses the user,
    or a newer version of the program wrote the tables. KeyProblem: it is encrypted and `keys` do not fit.
    """
    if url:
        return _open_server(data_dir, url, connections, keys)
    path = prepared(data_dir)
    with _file_sentences(data_dir):
        engine = sqlite_engine(path)
        if sqlite_revision(path) != head():
            _migrate(engine, data_dir)
        else:
            drop_copies(data_dir)
        try:
            attach(engine, keys)
        except KeyProblem:
            engine.dispose()
            raise
        return engine


def _open_server(data_dir: Path, url: str, connections: int, keys: KeyRing | None) -> Engine:
    from assistant.databases.postgres import postgres_engine, postgres_revision

    folder_for_server(data_dir)
    engine = postgres_engine(data_dir, url, connections)
    try:
        with sentences(engine):
            with engine.connect() as connection:
                found = postgres_revision(connection)
            if found != head():
                _migrate_server(engine)
            attach(engine, keys)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _migrate_server(engine: Engine) -> None:
    from assistant.databases.postgres import lift_limits, postgres_revision

    # The writer's lock is taken with the first step, so one process migrates and the others look again.
    with engine.execution_options(**{WRITES: True}).connect() as connection, connection.begin():
        lift_limits(connection)
        found = postgres_revision(connection)
        if found is not None and found not in _revisions():
            raise DatabaseUnavailable(
                "The PostgreSQL database was written by a newer version of the program; update it, or name another "
                "database in database_url."
            )
        if found != head():
            _upgrade(connection)


def folder_of(engine: Engine) -> Path:
    """The data folder that belongs to a database."""
    return Path(engine.get_execution_options()[FOLDER])


def head() -> str:
    """The newest revision that this program knows; migration files are named by their revision and sort by it."""
    return _revisions()[-1]


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for reads: one consistent snapshot, never in a writer's way."""
    with (
        sentences(engine),
        Session(engine.execution_options(**{READS: True}), expire_on_commit=False) as session,
    ):
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that is one transaction: all of it is on the disk after the block, or none of it if the block raises.

    The write lock is taken at the start (BEGIN IMMEDIATE, or an advisory lock), so what is read inside cannot be
    outdated by another writer.
    """
    with (
        sentences(engine),
        Session(engine.execution_options(**{WRITES: True}), expire_on_commit=False) as session,
        session.begin(),
    ):
        event.listen(session, "before_flush", tag_before_flush)
        yield session


@contextmanager
def noting(engine: Engine) -> Iterator[Session]:
    """A session that is one small transaction over rows which nobody else numbers or counts by: how far a job is.

    On PostgreSQL it does not wait for the one writer at a time; SQLite has but one anyway.
    """
    if engine.dialect.name != "postgresql":
        with writing(engine) as session:
            yield session
        return
    with sentences(engine), Session(engine, expire_on_commit=False) as session, session.begin():
        event.listen(session, "before_flush", tag_before_flush)
        yield session


def erase_freed(engine: Engine, tables: Iterable[str] = ("turns", "unsent_entries", "jobs")) -> None:
    """Overwrite what was deleted from `tables` as far as the engine can.

    PostgreSQL frees it and overwrites it with later rows.
    """
    with sentences(engine):
        if engine.dialect.name == "postgresql":
            from assistant.databases.postgres import free_deleted

            free_deleted(engine, tables)
        else:
            empty_log(engine.url.database or "")


def compact(engine: Engine) -> None:
    """Write the database anew, so that its files hold nothing of what was deleted.

    Of PostgreSQL these are the tables with texts of cases; its write-ahead log is the server's.
    """
    with sentences(engine):
        if engine.dialect.name == "postgresql":
            from assistant.databases.postgres import rewrite

            tables = Base.metadata.sorted_tables
            sealed = (table.name for table in tables if any(isinstance(c.type, CaseText) for c in table.columns))
            rewrite(engine, (*sealed, DATA_KEYS.name))
            return
        vacuum(engine.url.database or "")
    erase_freed(engine)


def snapshot(data_dir: Path, to: Path) -> None:
    """Copy the SQLite database as it stands into the new file `to` (mode 0600) while others read and write it."""
    with _file_sentences(data_dir):
        copy_file(data_dir / FILE_NAME, to)


def revision_of(path: Path) -> str | None:
    """The schema revision of the SQLite file `path`; None where it has no tables of ours."""
    return sqlite_revision(path)


def at_newest(engine: Engine) -> bool:
    """Whether the database answers and has the tables of this program's newest revision."""
    with reading(engine) as session:
        return session.scalar(text("SELECT version_num FROM alembic_version")) == head()


def known(revision: str) -> bool:
    """Whether this program can read data of `revision`; one that it does not know is newer."""
    return revision in _revisions()


def _safe_copy(data_dir: Path, revision: str) -> None:
    """Keep the database as it is before a migration, until the next start has succeeded."""
    final = data_dir / f"{_SAFE_COPY}{revision}"
    fresh = final.with_name(final.name + ".part")
    fresh.unlink(missing_ok=True)
    snapshot(data_dir, fresh)
    fresh.replace(final)


def drop_copies(data_dir: Path) -> None:
    """Delete the copies of the database that were made before migrations, half-made ones too."""
    for copy in data_dir.glob(f"{_SAFE_COPY}*"):
        copy.unlink(missing_ok=True)


def _revisions() -> list[str]:
    return sorted(file.stem for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _migrate(engine: Engine, data_dir: Path) -> None:
    try:
        with FileLock(data_dir / "assistant.lock", timeout=_MIGRATION_WAIT_SECONDS):
            found = sqlite_revision(data_dir / FILE_NAME)  # another process may have been faster
            if found == head():
                return
            if found is not None and found not in _revisions():
                raise DataFolderError(
                    f"The data folder {data_dir} was written by a newer version of the program; "
                    "update it, or choose another folder with --data-dir."
                )
            if found is not None:
                _safe_copy(data_dir, found)
            with engine.execution_options(**{WRITES: True}).connect() as connection:
                _upgrade(connection)
    except Timeout:
        raise DataFolderError(
            f"Another process has been updating the data folder {data_dir} for {_MIGRATION_WAIT_SECONDS} seconds; "
            "try again when it has ended."
        ) from None


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _file_sentences(data_dir: Path) -> Iterator[None]:
    """Turn SQLite's failures that a user can mend into sentences; the others are bugs and pass."""
    try:
        yield
    except (sqlite3.DatabaseError, DBAPIError) as error:
        sentence = sqlite_sentence(error.orig if isinstance(error, DBAPIError) else error, data_dir)
        if sentence is None:
            raise
        raise DataFolderError(sentence) from None


@contextmanager
def sentences(engine: Engine) -> Iterator[None]:
    """Turn the failures of a database that a user can mend into sentences; the others are bugs and pass."""
    if engine.dialect.name != "postgresql":
        with _file_sentences(folder_of(engine)):
            yield
        return
    from assistant.databases.postgres import postgres_sentence

    try:
        yield
    except (DBAPIError, NoConnectionFree) as error:
        sentence = postgres_sentence(error.orig if isinstance(error, DBAPIError) else error, engine)
        if sentence is None:
            raise
        raise DatabaseUnavailable(sentence) from None
