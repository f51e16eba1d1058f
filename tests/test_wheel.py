"""The wheel carries the corpus: installed into an empty environment elsewhere, it drafts."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

_ROOT = Path(__file__).parents[1]


def test_the_installed_wheel_drafts_elsewhere(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(_ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "elsewhere"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)],
        check=True,
        capture_output=True,
    )
    # The dependencies come from this environment by path: no network is needed, and its editable install is not seen.
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    sample = next((_ROOT / "corpus" / "cases").glob("*acupuncture*"))
    done = subprocess.run(
        [home / "bin" / "imr-assistant", "draft", sample, "--date", "2016-03-01", "--data-dir", tmp_path / "data"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": packages},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "MTUS Acupuncture Treatment 2007" in done.stdout
    where = subprocess.run(
        [python, "-c", "import assistant; print(assistant.__file__)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": packages},
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(home) in where.stdout
