"""The page's server in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LINK = re.compile(r"http://[^\s]+(\?token=[\w-]+|/sign-in)")


@contextmanager
def running_server(command: list[str], folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a server, hand out the link that it prints and its process, stop it."""
    environment = {**os.environ, "IMR_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        said = []
        try:
            for line in process.stderr:
                said.append(line)
                link = LINK.search(line)
                if link:
                    break
            else:
                pytest.fail(f"the server ended without a link: {''.join(said)}")
            yield link.group(), process
        finally:
            process.terminate()
            process.communicate(timeout=30)


@contextmanager
def served(command: list[str], folder: Path) -> Iterator[str]:
    """Start a server, hand out the link that it prints, stop it."""
    with running_server(command, folder) as (link, _):
        yield link
