"""The database: made, migrated and opened safely; what a user can mend is one sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import assistant.backup
import assistant.database
import assistant.library.tables  # noqa: F401 - declares its tables
from assistant.database import FILE_NAME, Base, head, open_database, reading, writing
from assistant.errors import DataFolderError

pytestmark = pytest.mark.sqlite  # of PostgreSQL they are in records/test_postgres.py


def revision_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def set_revision(folder: Path, revision: str) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_a_new_folder_gets_private_files_and_the_newest_tables(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    open_database(folder).dispose()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert revision_of(folder) == head()


@pytest.mark.parametrize("name", ["with space", "100% #1?", "naïve"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    open_database(tmp_path / name).dispose()
    open_database(tmp_path / name).dispose()
    assert revision_of(tmp_path / name) == head()


def test_a_second_opening_does_not_import_alembic(tmp_path: Path) -> None:
    open_database(tmp_path).dispose()
    code = (
        "import sys; from pathlib import Path; from assistant.database import open_database\n"
        "open_database(Path(sys.argv[1])); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == 0


def test_the_pragmas_hold_on_every_connection(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            got = {p: connection.scalar(text(f"PRAGMA {p}")) for p in ("journal_mode", "foreign_keys", "synchronous")}
            assert got == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
            assert connection.scalar(text("PRAGMA busy_timeout")) == 10_000
    engine.dispose()


def test_the_newest_revision_is_alembics_only_head() -> None:
    folder = Path(assistant.database.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [head()]


def test_the_migrations_make_the_tables_that_the_code_declares(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    declared = set(Base.metadata.tables)
    with engine.connect() as connection:
        ours = {"include_object": lambda item, name, kind, *_: kind != "table" or name in declared}
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), Base.metadata) == []
    engine.dispose()


def test_every_step_can_be_taken_back(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    engine = open_database(tmp_path)
    config = Config()
    config.set_main_option("script_location", str(Path(assistant.database.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with engine.connect() as connection:
        left = connection.scalars(text("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")).all()
    engine.dispose()
    assert left == ["alembic_version"]


def test_a_step_that_fails_leaves_nothing_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_database(tmp_path / "data").dispose()
    steps = tmp_path / "migrations"
    shutil.copytree(Path(assistant.database.__file__).parent / "migrations", steps)
    (steps / "versions" / "9999_bad.py").write_text(
        f"from alembic import op\nrevision = '9999_bad'\ndown_revision = {head()!r}\n"
        "def upgrade():\n    op.execute('CREATE TABLE half_made (x)')\n    op.execute('no such statement')\n"
    )
    monkeypatch.setattr(assistant.database, "_MIGRATIONS", steps)
    with pytest.raises(Exception, match="syntax error"):
        open_database(tmp_path / "data")
    with closing(sqlite3.connect(tmp_path / "data" / FILE_NAME)) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half_made'").fetchall()


def test_a_transaction_that_raises_writes_nothing(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    insert = text("INSERT INTO meta VALUES ('a', '1')")

    def write_and_fail() -> None:
        with writing(engine) as session:
            session.execute(insert)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM meta")) == 0
    with writing(engine) as session:
        session.execute(insert)
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM meta")) == 1
    engine.dispose()


def test_many_processes_may_open_a_new_folder_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.database import open_database as o; o(Path(sys.argv[1]))"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, tmp_path / "data"]) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    assert revision_of(tmp_path / "data") == head()


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    open_database(tmp_path).dispose()
    set_revision(tmp_path, "9999_later")
    with pytest.raises(DataFolderError, match=r"newer version of the program; .*\.$"):
        open_database(tmp_path)
    assert revision_of(tmp_path) == "9999_later"


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database, but long enough to be looked at " * 99)
    with pytest.raises(DataFolderError, match="is not a database of this program"):
        open_database(tmp_path)


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFolderError, match="is a file; choose a folder"):
        open_database(tmp_path / "data")


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    engine = open_database(tmp_path)

    def write_past_the_limit() -> None:
        with writing(engine) as session:
            # The same engine error as that of a full disk, from a limit on the file's pages.
            pages = session.scalar(text("PRAGMA page_count"))
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
            session.execute(text("INSERT INTO meta VALUES ('big', hex(zeroblob(1000000)))"))

    with pytest.raises(DataFolderError, match="is full; make room"):
        write_past_the_limit()
    engine.dispose()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_folder_without_write_permission_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    code = (
        "import os, sys; from pathlib import Path\n"
        "import assistant.database as d; from assistant.errors import DataFolderError\n"
        "if os.geteuid() == 0: os.setegid(65534); os.seteuid(65534)  # root may write anywhere\n"
        "try: d.open_database(Path(sys.argv[1]))\n"
        "except DataFolderError as error: sys.exit('cannot be' in str(error) and 7)"
    )
    if os.geteuid() == 0:
        for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
            parent.chmod(0o755)
        os.chown(folder, 65534, 65534)
    assert subprocess.run([sys.executable, "-c", code, folder], check=False).returncode == 7


def test_opening_it_again_in_one_process_keeps_the_first_ones_locks(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1])\n"
        "c.execute(\"INSERT INTO meta VALUES ('a', '1')\"); c.commit(); c.close()"
    )
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM meta")) == 0
        open_database(tmp_path).dispose()
        subprocess.run([sys.executable, "-c", code, tmp_path / FILE_NAME], check=True)
        # Without its locks this connection would count as gone, and the log it reads be deleted by the last to close.
        assert (tmp_path / f"{FILE_NAME}-wal").exists()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM meta")) == 1
    engine.dispose()


def test_a_safe_copy_is_kept_from_a_migration_to_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, folder = head(), tmp_path / "data"
    open_database(folder).dispose()
    steps = tmp_path / "migrations"
    shutil.copytree(Path(assistant.database.__file__).parent / "migrations", steps)
    (steps / "versions" / "9999_more.py").write_text(
        f"from alembic import op\nrevision = '9999_more'\ndown_revision = {before!r}\n"
        "def upgrade():\n    op.execute('CREATE TABLE more (x)')\n"
    )
    monkeypatch.setattr(assistant.database, "_MIGRATIONS", steps)
    open_database(folder).dispose()
    copy = folder / f"{FILE_NAME}.before-{before}"
    assert assistant.database.revision_of(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o600
    open_database(folder).dispose()
    assert not copy.exists()


def _with_step(steps: Path, before: str, body: str) -> Path:
    """The migrations with one more step after `before`."""
    shutil.copytree(Path(assistant.database.__file__).parent / "migrations", steps, dirs_exist_ok=True)
    (steps / "versions" / "9999_more.py").write_text(
        f"import os\nfrom alembic import op\nrevision = '9999_more'\ndown_revision = {before!r}\n"
        f"def upgrade():\n    op.execute('CREATE TABLE more (x)')\n{body}"
    )
    return steps


def test_a_migration_killed_in_the_middle_leaves_the_old_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, folder = head(), tmp_path / "data"
    engine = open_database(folder)
    with writing(engine) as session:
        session.execute(text("INSERT INTO meta VALUES ('kept', 'yes')"))
    engine.dispose()
    steps = _with_step(tmp_path / "migrations", before, "    op.execute('DELETE FROM meta')\n    os._exit(9)\n")
    code = (
        "import sys; from pathlib import Path; import assistant.database as d\n"
        "d._MIGRATIONS = Path(sys.argv[2]); d.open_database(Path(sys.argv[1]))"
    )
    assert subprocess.run([sys.executable, "-c", code, folder, steps], check=False).returncode == 9
    copy = folder / f"{FILE_NAME}.before-{before}"
    for path in (folder / FILE_NAME, copy):
        assert assistant.database.revision_of(path) == before
    monkeypatch.setattr(assistant.database, "_MIGRATIONS", _with_step(steps, before, ""))
    engine = open_database(folder)
    with reading(engine) as session:
        assert session.scalar(text("SELECT value FROM meta WHERE key = 'kept'")) == "yes"
        assert session.scalar(text("SELECT count(*) FROM more")) == 0
    assert assistant.database.at_newest(engine)
    engine.dispose()
    assert copy.exists()
    assistant.backup.drop_safe_copies(folder)
    assert not copy.exists()


def test_tables_of_another_revision_are_not_the_newest(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    assert assistant.database.at_newest(engine)
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001_old'"))
    assert not assistant.database.at_newest(engine)
    engine.dispose()


def test_a_connection_whose_server_was_killed_is_let_go_without_a_fault() -> None:
    from assistant.databases.postgres import _losable

    class Broken:
        closed = False

        def write(self, _data: bytes) -> None:
            raise BrokenPipeError

        def close(self) -> None:
            self.closed = True

    socket = Broken()
    connection = _losable().__new__(_losable())
    connection._sock = connection._usock = socket
    connection.close()
    assert socket.closed
    connection.close()  # the pool may do so once more


def test_a_reset_instead_of_an_answer_is_a_lost_connection() -> None:
    import pg8000
    from sqlalchemy.dialects.postgresql.pg8000 import PGDialect_pg8000

    from assistant.databases.postgres import _losable

    class Reset:
        def read(self, _size: int) -> bytes:
            raise ConnectionResetError

    connection = _losable().__new__(_losable())
    connection._sock = Reset()
    with pytest.raises(pg8000.InterfaceError) as raised:
        connection.handle_messages(SimpleNamespace())
    assert PGDialect_pg8000(dbapi=pg8000).is_disconnect(raised.value, connection, None)
