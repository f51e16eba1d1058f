"""What the system is asked for: no core dump, private files, and no temporary folder left by a killed process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import hardening

_KILLED = (
    "import os\nfrom assistant.hardening import private_folder\n"
    "with private_folder() as folder:\n    (folder / 'case').write_text('words')\n    os.kill(os.getpid(), 9)\n"
)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_private_folder_is_private_and_removed(temporary: Path) -> None:
    with hardening.private_folder() as folder:
        assert folder.parent == temporary
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_nothing_else(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = os.environ | {"TMPDIR": str(temporary)}
    assert subprocess.run([sys.executable, "-c", _KILLED], env=environment, check=False).returncode == -9
    (left,) = temporary.iterdir()
    assert hardening.remove_left_over() == 0  # it may belong to a process that has just begun
    monkeypatch.setattr(hardening, "_NEWBORN", 0)
    other = temporary / "another-program"
    other.mkdir()
    linked = temporary / "imr-private-link"
    linked.symlink_to(other)
    with hardening.private_folder() as held:
        assert hardening.remove_left_over() == 1
        assert held.is_dir()
    assert not left.exists()
    assert other.is_dir()


def test_the_program_dumps_no_core_and_writes_private_files(tmp_path: Path) -> None:
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom assistant.hardening import harden\nharden()\n"
        "Path(sys.argv[1]).write_text('x')\nsys.exit(resource.getrlimit(resource.RLIMIT_CORE) != (0, 0))\n"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path / "file"], check=False).returncode == 0
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
