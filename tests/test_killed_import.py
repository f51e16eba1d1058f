"""An import that is killed at any moment, then run again, gives the library of an undisturbed import."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

pytestmark = [pytest.mark.sqlite, pytest.mark.letters, pytest.mark.slow, pytest.mark.timeout(1200)]


def contents(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the library holds, without row numbers, times and vectors."""
    with sqlite3.connect(data / "assistant.db") as db:
        tables = {
            "determinations": "SELECT case_number, case_summary, reviewer_specialty FROM determinations",
            "decisions": "SELECT decision_id, service, outcome, rationale, reviewer_guideline FROM decisions",
            "vectors": "SELECT text_hash, model FROM vectors",
            "documents": "SELECT content_hash, kind FROM documents",
        }
        return {name: sorted(db.execute(query).fetchall(), key=repr) for name, query in tables.items()}


def vectors(data: Path) -> dict[tuple[str, str], np.ndarray]:
    """The vectors by text and model."""
    with sqlite3.connect(data / "assistant.db") as db:
        rows = db.execute("SELECT text_hash, model, vector FROM vectors").fetchall()
        return {(text, model): np.frombuffer(vector, "<f4") for text, model, vector in rows}


def test_five_kills(
    letters_dir: Path, starter_dir: Path, tmp_path: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    letters = letters_dir / "letters"
    calm = Path(shutil.copytree(starter_dir, tmp_path / "calm"))
    began = time.monotonic()
    assert run_cli("import", letters, "--data-dir", calm, timeout=600).returncode == 0
    whole = time.monotonic() - began
    stormy = Path(shutil.copytree(starter_dir, tmp_path / "stormy"))
    chance = random.Random(64)  # noqa: S311 - repeatable, nothing secret
    for moment in sorted(chance.uniform(0.05, 0.95) * whole for _ in range(5)):
        child = subprocess.Popen([sys.executable, "-m", "assistant", "import", str(letters), "--data-dir", str(stormy)])
        try:
            child.wait(moment)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
    assert run_cli("import", letters, "--data-dir", stormy, timeout=600).returncode == 0
    assert contents(stormy) == contents(calm)
    made, wanted = vectors(stormy), vectors(calm)
    assert max(float(np.abs(made[key] - wanted[key]).max()) for key in wanted) <= 1e-6
    sick = run_cli("doctor", "--data-dir", stormy)
    assert sick.returncode == 0, sick.stdout
