"""A real `chroma run` for tests: on loopback, its files in a folder that it is given."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from typing import Self

_PATIENCE = 60  # seconds to start


class ChromaServer:
    """The Rust server of `chroma run`, for the time of a `with` block."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self._folder = program, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, or start it again after `kill`."""
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._program, "run", "--host", "127.0.0.1", "--port", str(self.port), "--path", "data"],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._process.wait()
