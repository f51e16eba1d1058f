"""Ray of an import is for its own user only, and an import that is interrupted says so in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

from assistant.library.embedding import load_embedder
from assistant.library.importing import Importer
from assistant.service import Service
from assistant.settings import Settings

_SESSION = """
import json, os, subprocess, sys
from pathlib import Path
import psutil
from assistant.library.ray_reading import ray_session

with ray_session(1):
    import ray
    from ray._private.worker import _global_node
    address = ray.get_runtime_context().gcs_address
    folder = Path(_global_node.get_temp_dir_path()).parent
    mode = oct(folder.stat().st_mode & 0o777)
    mine = [psutil.Process(), *psutil.Process().children(recursive=True)]
    open_to = {c.laddr.ip for p in mine for c in p.net_connections("inet") if c.status == "LISTEN"}
    env = {k: v for k, v in os.environ.items() if not k.startswith("RAY_AUTH")}
    ask = f"import ray; ray.init(address={address!r}, log_to_driver=False)"
    stranger = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True)
    stats = os.environ["RAY_USAGE_STATS_ENABLED"]
print(json.dumps([sorted(open_to), folder.name[:12], mode, stranger.returncode != 0, folder.exists(), stats]))
"""


@pytest.mark.slow
def test_ray_listens_on_loopback_asks_for_a_token_and_leaves_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", _SESSION], capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    last = done.stdout.strip().splitlines()[-1]
    assert last in (
        '[["127.0.0.1"], "imr-private-", "0o700", true, false, "0"]',
        '[["127.0.0.1", "::ffff:127.0.0.1"], "imr-private-", "0o700", true, false, "0"]',
    )


def test_a_temporary_folder_of_a_long_name_is_said(tmp_path: Path) -> None:
    code = "from assistant.library.ray_reading import ray_session\nwith ray_session(1): pass"
    far = tmp_path / ("x" * 60)
    far.mkdir()
    env = {**os.environ, "TMPDIR": str(far)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert "ScaleUnavailable: Ray needs a temporary folder of a short name; set TMPDIR" in done.stderr
    assert list(far.iterdir()) == []


def test_a_cluster_goes_with_workers(run_cli: Callable[..., CompletedProcess[str]], data_dir: Path) -> None:
    done = run_cli("import", data_dir, "--ray", "auto", "--data-dir", data_dir)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--workers" in done.stderr


def test_an_interrupted_import_says_so_and_is_noted_as_stopped_by_its_user(
    run_cli: Callable[..., CompletedProcess[str]], data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    letter = tmp_path / "letter.txt"
    letter.write_text("Milk and bread.")
    monkeypatch.setattr(Importer, "_carry_out", interrupted)
    done = run_cli("import", letter, "--data-dir", data_dir)
    assert done.returncode == 130
    assert done.stderr.strip().endswith("the same command goes on where it was.")
    assert "Traceback" not in done.stderr
    service = Service.open(Settings(data_dir=data_dir))
    assert service.imports()[0].state == "cancelled"
    service.close()


def test_a_worker_embeds_in_the_way_of_the_data_folder(data_dir: Path) -> None:
    texts = ["Acupuncture for the low back, 6 sessions", "MRI of the lumbar spine. " * 20, "gym"]
    here, there = (load_embedder("minilm", data_dir, worker=worker) for worker in (False, True))
    assert np.abs(here.embed(texts) - there.embed(texts)).max() <= 1e-6
    assert here.name == there.name
    assert (data_dir / "embedding" / "choice.json").is_file()
