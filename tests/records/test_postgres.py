"""PostgreSQL as the store: opened, migrated, written by many at once; what a user can mend is one sentence."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres_server import PostgresServer, binaries
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError

import assistant.database
import assistant.library.tables  # noqa: F401 - declares its tables
from assistant.database import Base, head, open_database, reading, writing
from assistant.databases.addresses import driver_arguments, postgres_url
from assistant.databases.locks import lock_named
from assistant.errors import Conflict, DatabaseUnavailable
from assistant.keys import KeyRing
from assistant.records import Records, SavedSearches
from assistant.records.sealing import encrypt_all

pytestmark = pytest.mark.servers


@pytest.fixture
def url(postgres: PostgresServer, migrated_database: str) -> Iterator[str]:
    """A database with all tables."""
    with postgres.database(migrated_database) as made:
        yield made


@pytest.fixture
def engine(url: str, tmp_path: Path) -> Iterator[Engine]:
    """A database with all tables, opened."""
    made = open_database(tmp_path, url)
    yield made
    made.dispose()


def scalar(engine: Engine, statement: str) -> object:
    with reading(engine) as session:
        return session.scalar(text(statement))


# --- tables -----------------------------------------------------------------------------------------------------


def test_the_migrations_make_the_tables_that_the_code_declares(engine: Engine) -> None:
    declared = set(Base.metadata.tables)
    ours = {"include_object": lambda item, name, kind, *_: kind != "table" or name in declared}
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), Base.metadata) == []


def test_every_step_can_be_taken_back(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(assistant.database.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    left = "SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    assert scalar(engine, left) == "alembic_version"
    assert scalar(engine, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == 0


def with_a_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """Give the program one migration more, which runs these statements."""
    steps = tmp_path / "migrations"
    shutil.copytree(Path(assistant.database.__file__).parent / "migrations", steps)
    lines = "".join(f"    op.execute({statement!r})\n" for statement in statements)
    (steps / "versions" / "9999_more.py").write_text(
        "from alembic import op\nrevision = '9999_more'\n"
        f"down_revision = {head()!r}\ndef upgrade():\n{lines}def downgrade():\n    pass\n"
    )
    monkeypatch.setattr(assistant.database, "_MIGRATIONS", steps)


def test_a_step_that_fails_leaves_the_old_data_usable(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_database(tmp_path, url)
    made = Records(engine).create_case("ann", title="kept", text="x", day=None, services=())
    before = head()
    with monkeypatch.context() as patch:
        with_a_step(tmp_path, patch, "CREATE TABLE half_made (x integer)", "UPDATE cases SET title = 'changed'", "no")
        with pytest.raises(DBAPIError):
            open_database(tmp_path, url)
    assert scalar(engine, "SELECT to_regclass('half_made')::text") is None
    assert scalar(engine, "SELECT version_num FROM alembic_version") == before
    engine.dispose()
    again = open_database(tmp_path, url)
    assert Records(again).case("ann", made.id).title == "kept"
    again.dispose()


def test_a_server_that_is_killed_in_a_migration_keeps_the_old_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = PostgresServer(binaries() or pytest.skip("there is no PostgreSQL"))
    try:
        url = server.url(server.create())
        engine = open_database(tmp_path, url)
        made = Records(engine).create_case("ann", title="kept", text="x", day=None, services=())
        engine.dispose()
        with monkeypatch.context() as patch:
            with_a_step(tmp_path, patch, "UPDATE cases SET title = 'changed'", "SELECT pg_sleep(100)")
            failed: list[BaseException] = []

            def migrate() -> None:
                try:
                    open_database(tmp_path, url)
                except DatabaseUnavailable as error:
                    failed.append(error)

            thread = threading.Thread(target=migrate)
            thread.start()
            while not server.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"):
                pass
            server.kill()
            thread.join()
        assert "does not answer" in str(failed[0])
        (server.folder / "d" / "postmaster.pid").unlink(missing_ok=True)
        server.start()
        again = open_database(tmp_path, url)
        assert Records(again).case("ann", made.id).title == "kept"
        again.dispose()
    finally:
        server.stop()


def test_many_processes_may_open_a_new_database_at_once(postgres: PostgresServer, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.database import open_database as o\n"
        "o(Path(sys.argv[1]), sys.argv[2]).dispose()"
    )
    with postgres.database() as url:
        children = [subprocess.Popen([sys.executable, "-c", code, tmp_path / "data", url]) for _ in range(3)]
        assert [child.wait(60) for child in children] == [0, 0, 0]
        engine = open_database(tmp_path, url)
        assert scalar(engine, "SELECT version_num FROM alembic_version") == head()
        engine.dispose()


# --- many writers -----------------------------------------------------------------------------------------------


def test_edits_of_many_are_numbered_without_a_gap_and_none_is_lost(engine: Engine, make_draft) -> None:
    case_id = Records(engine).create_case("ann", title="", text="x", day=None, services=()).id
    saved, conflicts = [], []

    def edit(number: int) -> None:
        records = Records(engine)
        while True:
            newest = records.latest("ann", case_id)
            try:
                version = records.save_version(
                    "ann", case_id, make_draft(f"edit {number}"), cause="edited", base=newest.number if newest else 0
                )
            except Conflict:
                conflicts.append(number)
            else:
                saved.append((version.number, number))
                return

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for number, _ in saved) == list(range(1, 13))
    for number, edited in saved:
        draft = Records(engine).version("ann", case_id, number).draft
        assert f"The edit {edited} sentence." in {s.text for issue in draft.issues for s in issue.sentences}


def test_the_first_record_of_a_user_is_made_once(engine: Engine) -> None:
    def begin(number: int) -> None:
        SavedSearches(engine, now=lambda: datetime.now(UTC)).save("ann", f"search {number}", "x", {})

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scalar(engine, "SELECT count(*) FROM users") == 1
    assert scalar(engine, "SELECT count(*) FROM saved_searches") == 8


def test_texts_that_were_plain_are_in_no_file_of_their_tables_once_they_are_encrypted(
    postgres: PostgresServer, url: str, tmp_path: Path
) -> None:
    def holding() -> list[str]:
        postgres.execute("CHECKPOINT")
        oid = dict(postgres.execute("SELECT datname, oid FROM pg_database"))[make_url(url).database]
        files = (postgres.folder / "d" / "base" / str(oid)).iterdir()
        return [file.name for file in files if file.is_file() and b"Zzyzxmarked" in file.read_bytes()]

    plain = open_database(tmp_path, url)
    Records(plain).create_case("ann", title="Zzyzxmarked", text="Zzyzxmarked", day=None, services=())
    plain.dispose()
    assert holding()
    sealed = open_database(tmp_path, url, keys=KeyRing((b"k" * 32,)))
    assert encrypt_all(sealed)
    sealed.dispose()
    assert holding() == []


def test_a_reader_sees_one_state_while_another_writes(engine: Engine) -> None:
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM meta")) == 0
        with writing(engine) as other:
            other.execute(text("INSERT INTO meta VALUES ('a', '1')"))
        assert session.scalar(text("SELECT count(*) FROM meta")) == 0
    assert scalar(engine, "SELECT count(*) FROM meta") == 1


def test_a_reader_changes_nothing(engine: Engine) -> None:
    with pytest.raises(DatabaseUnavailable, match="takes no writes"), reading(engine) as session:
        session.execute(text("DELETE FROM meta"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE acts SET kind = 'x'", "DELETE FROM acts", "TRUNCATE acts CASCADE", "TRUNCATE versions"],
)
def test_the_database_itself_refuses_to_rewrite_history(engine: Engine, statement: str) -> None:
    Records(engine).create_case("ann", title="", text="x", day=None, services=())
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_lock_is_one_process_s_and_goes_with_it(engine: Engine) -> None:
    mine, others = lock_named(engine, "library"), lock_named(engine, "library")
    assert mine.acquire(0)
    assert not others.acquire(0.2)
    mine.release()
    assert others.acquire(0)
    others.release()


def test_a_text_with_a_nul_is_kept_at_its_length(engine: Engine) -> None:
    made = Records(engine).create_case("ann", title="", text="a\0b", day=None, services=())
    assert Records(engine).case("ann", made.id).text == "a\N{REPLACEMENT CHARACTER}b"


# --- what a user can mend ---------------------------------------------------------------------------------------


def test_a_server_that_comes_back_is_used_again(tmp_path: Path) -> None:
    server = PostgresServer(binaries() or pytest.skip("there is no PostgreSQL"))
    try:
        engine = open_database(tmp_path, server.url(server.create()))
        made = Records(engine).create_case("ann", title="", text="acknowledged", day=None, services=())
        server.kill()
        with pytest.raises(DatabaseUnavailable, match="does not answer; nothing is lost"):
            Records(engine).case("ann", made.id)
        with pytest.raises(DatabaseUnavailable, match="does not answer; nothing is lost"):
            open_database(tmp_path, server.url("t1"))
        (server.folder / "d" / "postmaster.pid").unlink(missing_ok=True)
        server.start()
        assert Records(engine).case("ann", made.id).text == "acknowledged"
        engine.dispose()
    finally:
        server.stop()


def test_a_database_that_is_not_there_is_named(postgres: PostgresServer, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"no such database as .*/nowhere; create it"):
        open_database(tmp_path, postgres.url("nowhere"))


def test_a_wrong_password_is_said_without_it(postgres: PostgresServer, tmp_path: Path) -> None:
    rules = postgres.folder / "d" / "pg_hba.conf"
    before = rules.read_text()
    postgres.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
    try:
        rules.write_text(f"host all guarded 127.0.0.1/32 scram-sha-256\n{before}")
        postgres.execute("SELECT pg_reload_conf()")
        url = make_url(postgres.url("postgres")).set(username="guarded", password="wrong-zebra")
        with pytest.raises(DatabaseUnavailable, match="refuses the user or the password") as raised:
            open_database(tmp_path, url.render_as_string(hide_password=False))
        assert "zebra" not in str(raised.value)
    finally:
        rules.write_text(before)
        postgres.execute("SELECT pg_reload_conf()")
        postgres.execute("DROP ROLE guarded")


def test_a_newer_database_is_left_alone(engine: Engine, url: str, tmp_path: Path) -> None:
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    with pytest.raises(DatabaseUnavailable, match=r"newer version of the program; .*\.$"):
        open_database(tmp_path, url)
    assert scalar(engine, "SELECT version_num FROM alembic_version") == "9999_later"


def test_more_connections_than_the_server_gives_are_said(postgres: PostgresServer, url: str, tmp_path: Path) -> None:
    postgres.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 0")
    try:
        few = make_url(url).set(username="few").render_as_string()
        with pytest.raises(DatabaseUnavailable, match="has no connection left"):
            open_database(tmp_path, few)
    finally:
        postgres.execute("DROP ROLE few")


def test_no_connection_free_in_the_pool_is_said(url: str, tmp_path: Path) -> None:
    engine = open_database(tmp_path, url, connections=1)
    engine.pool._timeout = 0.1  # type: ignore[attr-defined]
    with engine.connect(), pytest.raises(DatabaseUnavailable, match="are in use; raise database_connections"):
        scalar(engine, "SELECT 1")
    engine.dispose()


def test_an_error_quotes_no_value_of_a_row(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(text("INSERT INTO meta VALUES ('Zzyzx', '1')"))
    with pytest.raises(DBAPIError) as raised, engine.begin() as connection:
        connection.execute(text("INSERT INTO meta VALUES (:key, '2')"), {"key": "Zzyzx"})
    assert "Zzyzx" not in f"{raised.value}{raised.value.orig!r}{raised.value.orig.args}"
    assert "23505" in str(raised.value)


# --- addresses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["mysql://a@b/c", "postgresql://a@b", "zebra", "postgresql://a@b/c?passfile=x"])
def test_an_address_that_cannot_be_is_refused_unquoted(address: str) -> None:
    with pytest.raises(DatabaseUnavailable) as raised:
        postgres_url(address)
    assert address not in str(raised.value)


def test_a_socket_s_folder_is_an_address() -> None:
    at, said = driver_arguments(postgres_url("postgresql://ann@/imr?host=/run/postgresql"), {"HOME": "/"})
    assert at == "/run/postgresql/.s.PGSQL.5432"
    assert (said["user"], said["database"], said["ssl_context"]) == ("ann", "imr", False)


def test_what_passes_a_network_is_encrypted_and_the_server_known() -> None:
    import ssl

    _, said = driver_arguments(postgres_url("postgresql://ann@db.example/imr"), {})
    assert (said["ssl_context"].verify_mode, said["ssl_context"].check_hostname) == (ssl.CERT_REQUIRED, True)
    _, said = driver_arguments(postgres_url("postgresql://ann@db.example/imr?sslmode=disable"), {})
    assert said["ssl_context"] is False
    _, said = driver_arguments(postgres_url("postgresql://ann@localhost/imr"), {})
    assert said["ssl_context"] is False


@pytest.mark.parametrize(("mode", "found"), [(0o600, "two:parts"), (0o644, None)])
def test_a_password_is_read_from_a_private_file_only(tmp_path: Path, mode: int, found: str | None) -> None:
    file = tmp_path / "pgpass"
    file.write_text("other:5432:*:*:no\nlocalhost:5432:imr:ann:two\\:parts\n")
    file.chmod(mode)
    _, said = driver_arguments(postgres_url("postgresql://ann@localhost/imr"), {"PGPASSFILE": str(file)})
    assert said.get("password") == found
    _, said = driver_arguments(postgres_url("postgresql://ann@localhost/imr"), {"PGPASSWORD": "env"})
    assert said["password"] == "env"
