"""Importing by Ray: what the small path stores, each document once, and a killed import goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import made_library
import numpy as np
import pytest
from made_library import FakeEmbedder, guideline_file, letter_text, many_letters, section
from numpy.typing import NDArray
from test_importing import ISSUES, contents

from assistant.errors import ScaleUnavailable
from assistant.library.library import Library
from assistant.library.ray_reading import RayReading, ray_session

pytestmark = [pytest.mark.sqlite, pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")]


class Broken(FakeEmbedder):
    """An embedder that fails over one letter, and says its words."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See FakeEmbedder."""
        if any("Line 69." in text for text in texts):
            raise RuntimeError(texts[0])
        return super().embed(texts)


@pytest.fixture(scope="module")
def ray() -> Iterator[None]:
    """Ray with two workers, which know this test's modules."""
    with ray_session(2):
        from ray import cloudpickle

        cloudpickle.register_pickle_by_value(made_library)
        cloudpickle.register_pickle_by_value(sys.modules[__name__])
        yield


def reading(make: Callable[[], object] = FakeEmbedder) -> RayReading:
    return RayReading(2, "minilm", None, make)


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """A folder of letters (one twice, some in an archive, some as lines), a guideline, and what cannot be read."""
    folder = tmp_path / "brought"
    folder.mkdir()
    many_letters(folder, 40)
    shutil.copy(folder / "letter-003.txt", folder / "letter-903.txt")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "picture.png").write_bytes(b"no letter")
    (folder / "gym.md").write_text(guideline_file("ODG", "odg", section("Gyms", "gym", "A gym is for those who go.")))
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        for at in range(35):
            archive.writestr(f"z{at:02}.txt", letter_text(f"CM18-{at:07d}", ISSUES, summary=f"Zip {at}."))
    lines = [json.dumps({"text": letter_text(f"CM19-{at:07d}", ISSUES, summary=f"Line {at}.")}) for at in range(70)]
    (folder / "lines.jsonl").write_text("\n".join([*lines[:40], "", "no JSON", *lines[40:]]))
    return folder


@pytest.mark.slow
def test_rows_report_and_vectors_are_those_of_the_small_path(
    ray: None, opened: Callable[..., Library], tmp_path: Path, brought: Path
) -> None:
    small, large = opened(data_dir=tmp_path / "small"), opened(data_dir=tmp_path / "large")
    plain, spread = small.import_paths([brought]), large.import_paths([brought], reading=reading())
    for name in ("read", "already_there", "failed", "warnings", "decisions", "new_versions", "neither", "causes"):
        assert getattr(spread, name) == getattr(plain, name), name
    assert (spread.read, spread.already_there, len(spread.failed)) == (40 + 35 + 70 + 1, 1, 2)
    first, second = contents(tmp_path / "small"), contents(tmp_path / "large")
    vectors = [{row[:2]: np.frombuffer(row[2], "<f4") for row in found.pop("vectors")} for found in (first, second)]
    assert first == second
    assert vectors[0].keys() == vectors[1].keys()
    assert min(float(vectors[0][key] @ vectors[1][key]) for key in vectors[0]) >= 0.9999


@pytest.mark.slow
def test_what_is_there_is_not_read_again_and_a_stopped_import_goes_on(
    ray: None, opened: Callable[..., Library], tmp_path: Path, brought: Path
) -> None:
    library = opened(data_dir=tmp_path / "stopped")
    asked = iter([False] * 49 + [True])
    begun = library.import_paths([brought], reading=reading(), stop=lambda: next(asked))
    assert begun.state.value == "cancelled"
    assert 0 < begun.read < 50
    rest = library.import_paths([brought], reading=reading())
    assert begun.read + rest.read == 146
    before = contents(tmp_path / "stopped")
    assert library.import_paths([brought], reading=reading()).read == 0
    assert contents(tmp_path / "stopped") == before
    assert all(check.ok for check in library.health())


@pytest.mark.slow
def test_a_workers_fault_is_a_sentence_without_the_letters_words(
    ray: None, library: Library, brought: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ScaleUnavailable) as told:
        library.import_paths([brought], reading=reading(Broken))
    assert "begun again goes on from there" in str(told.value)
    assert "Line 69" not in caplog.text + "".join(capfd.readouterr())


def test_without_ray_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ScaleUnavailable, match=r"imr-assistant\[scale\]"), ray_session(2):
        pytest.fail("there was no Ray")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_killed_import_leaves_no_process_and_goes_on(starter_dir: Path, tmp_path: Path) -> None:
    """By the command line, killed once a third of the letters is stored."""
    letters = tmp_path / "letters"
    letters.mkdir()
    many_letters(letters, 300)
    data = Path(shutil.copytree(starter_dir, tmp_path / "data"))
    before = _letters(data)
    command = [sys.executable, "-m", "assistant", "import", str(letters), "--workers", "2", "--json"]
    environment = {**os.environ, "IMR_DATA_DIR": str(data)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        _until(lambda: _letters(data) - before > 100)
        child.send_signal(signal.SIGKILL)
    stored = _letters(data) - before
    assert 100 < stored < 300
    _until(lambda: not _children(f"{letters}"))
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    report = json.loads(again.stdout)
    assert report["read"] + stored == 300
    assert _letters(data) - before == 300


def _until(reached: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.1)


def _letters(data: Path) -> int:
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"file:{data}/assistant.db?mode=ro", uri=True)) as db:
            return db.execute("SELECT count(*) FROM documents WHERE kind = 'letter'").fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # not made yet


def _children(word: str) -> list[str]:
    """The running processes whose command line holds a word."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes()
        except OSError:
            continue
        if word.encode() in line:
            found.append(line.decode(errors="replace"))
    return found
