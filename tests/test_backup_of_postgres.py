"""A backup of PostgreSQL: one moment of it, restored into an empty database or not at all."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from postgres_server import PostgresServer, binaries
from pydantic import SecretStr
from sqlalchemy import make_url

import assistant.library.tables  # noqa: F401 - declares its tables
from assistant import backup, dumping
from assistant.database import head, open_database
from assistant.doctor import examine
from assistant.dumping import DumpError, Server, environment, program
from assistant.records import AuditLog, Records, audit_key
from assistant.records.purging import Purges
from assistant.service import Service
from assistant.settings import Settings

pytestmark = pytest.mark.servers
MARK = "Qvyxmarked"


@pytest.fixture
def url(postgres: PostgresServer, migrated_database: str) -> Iterator[str]:
    """A database with all tables and a case in it."""
    with postgres.database(migrated_database) as made:
        yield made


@pytest.fixture
def folder(url: str, tmp_path: Path) -> Path:
    """The data folder that belongs to `url`: a case in the database, a file of an import that is not done."""
    engine = open_database(tmp_path / "data", url)
    Records(engine).create_case("ann", title=MARK, text=f"{MARK} has a knee.", day=None, services=(MARK,))
    AuditLog(engine, audit_key(tmp_path / "data"), now=lambda: datetime.now(UTC))
    engine.dispose()
    (tmp_path / "data" / "incoming" / "one").mkdir(parents=True)
    (tmp_path / "data" / "incoming" / "one" / "letter.txt").write_text("A letter.")
    return tmp_path / "data"


@pytest.fixture
def server(url: str, folder: Path) -> Server:
    """What dumps the database of `url`."""
    return Server(folder, url, binaries())


@contextmanager
def emptied(postgres: PostgresServer, folder: Path) -> Iterator[Server]:
    with postgres.database() as made:
        yield Server(folder, made, binaries())


def dumped_text(archive: Path, folder: Path) -> str:
    """A backup's dump as the statements that would bring it back, and every other file of it."""
    backup._unpack(archive, folder)
    script = subprocess.run(
        [program("pg_restore", binaries()), "--file=-", folder / backup.DUMP], capture_output=True, check=True
    )
    rest = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != backup.DUMP)
    return (script.stdout + rest).decode("utf-8", "replace")


def test_it_comes_back_as_it_was(postgres: PostgresServer, server: Server, folder: Path, tmp_path: Path) -> None:
    made = backup.make(folder, tmp_path / "backups", server)
    assert (made.revision, made.server) == (head(), server.version())
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert not list(folder.glob("backup-*"))
    back = tmp_path / "back"
    with emptied(postgres, back) as empty:
        assert backup.restore(made.path, back, empty) == made
        assert sorted(p.name for p in back.iterdir()) == ["audit.key", "incoming"]
        engine = open_database(back, empty.address)
        (case,) = Records(engine).cases("ann")
        assert case.title == MARK
        Records(engine).create_case("ann", title="the next", text="x", day=None, services=())  # numbers go on
        engine.dispose()
        with pytest.raises(DumpError, match="not empty"):
            backup.restore(made.path, tmp_path / "again", empty)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["back", "backups", "data"]


def test_a_case_that_is_purged_is_not_in_the_next_one(server: Server, url: str, folder: Path, tmp_path: Path) -> None:
    before = backup.make(folder, tmp_path / "b", server)
    assert MARK in dumped_text(before.path, tmp_path / "before")
    engine = open_database(folder, url)
    (case,) = Records(engine).cases("ann")
    Purges(engine, folder, now=lambda: datetime.now(UTC)).purge("ann", case.id)
    engine.dispose()
    after = dumped_text(backup.make(folder, tmp_path / "b", server).path, tmp_path / "after")
    assert MARK not in after
    assert case.id not in after
    assert "CREATE TABLE public.cases" in after


def test_what_does_not_fit_is_refused_and_nothing_is_left(
    postgres: PostgresServer, server: Server, folder: Path, tmp_path: Path
) -> None:
    of_server = backup.make(folder, tmp_path / "b", server).path
    open_database(tmp_path / "small", url="").dispose()
    of_sqlite = backup.make(tmp_path / "small", tmp_path / "b").path
    back = tmp_path / "back"
    with pytest.raises(backup.BackupError, match="new and empty one in IMR_DATABASE_URL"):
        backup.restore(of_server, back)
    with emptied(postgres, back) as empty:
        with pytest.raises(backup.BackupError, match="is of SQLite"):
            backup.restore(of_sqlite, back, empty)
        with pytest.raises(backup.BackupError, match="holds no data"):
            backup.make(folder, tmp_path / "b", empty)
        assert empty.is_empty()
    with pytest.raises(DumpError, match="not empty"):
        backup.restore(of_server, back, server)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b", "data", "small"]
    assert len(backup.backups(tmp_path / "b")) == 2


def test_a_dump_that_breaks_off_restores_nothing(postgres: PostgresServer, server: Server, tmp_path: Path) -> None:
    server.dump(tmp_path / "dump")
    assert (tmp_path / "dump").stat().st_mode & 0o777 == 0o600
    content = (tmp_path / "dump").read_bytes()
    (tmp_path / "dump").write_bytes(content[: len(content) // 2])
    with emptied(postgres, tmp_path) as empty:
        for act in (empty.read_through, lambda dump: empty.load(dump, empty.version())):
            with pytest.raises(DumpError, match="nothing was changed") as raised:
                act(tmp_path / "dump")
            assert MARK not in str(raised.value)
        assert empty.is_empty()


def test_versions_that_do_not_fit_are_said(
    server: Server, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer
) -> None:
    monkeypatch.setattr(dumping, "program_version", lambda _: 9)
    with pytest.raises(DumpError, match=r"The server is PostgreSQL \d+ and .*pg_dump is older"):
        backup.make(folder, tmp_path / "b", server)
    assert list((tmp_path / "b").iterdir()) == []
    monkeypatch.undo()
    server.dump(tmp_path / "dump")
    with emptied(postgres, folder) as empty:
        with pytest.raises(DumpError, match="is of PostgreSQL 99 and this server is"):
            empty.load(tmp_path / "dump", 99)
        assert empty.is_empty()
    with pytest.raises(DumpError, match="There is no pg_dump"):
        Server(folder, server.address, tmp_path).dump(tmp_path / "other")


def test_who_may_make_no_database_is_told_and_the_dump_is_read_whole(
    postgres: PostgresServer, server: Server, folder: Path, tmp_path: Path
) -> None:
    postgres.execute("CREATE ROLE modest LOGIN")
    try:
        made = backup.make(folder, tmp_path / "b", server)
        modest = Server(folder, make_url(server.address).set(username="modest").render_as_string(), binaries())
        with modest.scratch() as none:
            assert none is None
        backup.restore(made.path, tmp_path / "back", modest, load=False)
        with server.scratch() as scratch:
            assert scratch.is_empty()
            backup.restore(made.path, tmp_path / "scratch", scratch)
            name = make_url(scratch.address).database
        assert (name,) not in postgres.execute("SELECT datname FROM pg_database")
    finally:
        postgres.execute("DROP ROLE modest")


def test_the_programs_are_told_by_their_environment_and_get_no_key(tmp_path: Path) -> None:
    file = tmp_path / "pgpass"
    file.write_text("db.example:5433:imr:ann:filed\n")
    file.chmod(0o600)
    ours = {"PATH": "/bin", "HOME": "/", "IMR_KEY": "secret", "PGSERVICE": "other", "PGPASSFILE": str(file)}
    far = environment(dumping.postgres_url("postgresql://ann@db.example:5433/imr"), ours)
    assert (far["PGHOST"], far["PGPORT"], far["PGPASSWORD"]) == ("db.example", "5433", "filed")
    assert (far["PGSSLMODE"], bool(far["PGSSLROOTCERT"])) == ("verify-full", True)
    near = environment(dumping.postgres_url("postgresql://ann@/imr?host=/run/pg"), ours)
    assert (near["PGHOST"], near["PGSSLMODE"]) == ("/run/pg", "disable")
    for told in (far, near):
        assert not {"IMR_KEY", "PGSERVICE"} & set(told)


@pytest.mark.slow
def test_one_made_by_the_command_while_versions_are_saved_is_whole(
    postgres: PostgresServer,
    tmp_path: Path,
    run_cli: Callable[..., CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with postgres.database() as url, postgres.database() as other:
        monkeypatch.setenv("IMR_POSTGRES_BIN", os.fspath(binaries() or ""))
        monkeypatch.setenv("IMR_DATABASE_URL", url)
        settings = Settings(data_dir=tmp_path / "data")
        service = Service.open(settings)
        enough, stop, saved = threading.Event(), threading.Event(), []

        def write(case_id: str, version: int) -> None:
            while not stop.is_set():
                version = service.edit("reviewer", case_id, 0, f"The request is number {version}.", version).version
                saved.append(version)
                if version > 8:
                    enough.set()

        try:
            text = (settings.corpus_dir / "cases" / "acupuncture-low-back.txt").read_text("utf-8")
            case = service.draft_case("reviewer", service.create_case("reviewer", text).id)
            writer = threading.Thread(target=write, args=(case.id, case.version))
            writer.start()
            try:
                assert enough.wait(60)
                made = run_cli("backup", "make", tmp_path / "b", "--data-dir", tmp_path / "data")
            finally:
                stop.set()
                writer.join()
        finally:
            service.close()
        assert made.returncode == 0, made.stderr
        checked = run_cli("backup", "check", made.stdout.strip())
        assert "restores to a library that is whole" in checked.stderr
        monkeypatch.setenv("IMR_DATABASE_URL", other)
        back = run_cli("restore", made.stdout.strip(), "--data-dir", tmp_path / "back")
        assert back.returncode == 0, back.stderr
        restored_to = Settings(data_dir=tmp_path / "back", database_url=SecretStr(other))
        assert [c.name for c in examine(restored_to) if not c.ok and c.name != "database"] == []
        restored = Service.open(restored_to)
        try:
            view = restored.case("reviewer", case.id)
            assert 8 < view.version <= saved[-1]
            assert str(view.version - 1) in " ".join(s.text for s in view.draft.issues[0].sentences)
            assert restored.audit_log.verify().fault is None
        finally:
            restored.close()
