"""Search by meaning: Chroma and plain arithmetic agree, and Chroma's files are mended by themselves."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made_library import FakeEmbedder, many_letters
from sqlalchemy import text

from assistant.database import writing
from assistant.domain import Outcome
from assistant.library.chroma_embedded import EmbeddedChroma
from assistant.library.filters import DecisionFilter
from assistant.library.library import Library
from assistant.library.retrieval import Query
from assistant.library.stored_vectors import Shelf
from assistant.library.vectors import Vectors, nearest

QUERIES = ("acupuncture for the low back", "gym", "worker 14 weighs the guideline", "MRI of the lumbar spine")


def vectors_of(library: Library) -> Vectors:
    return library._in.vectors


def chroma(library: Library) -> Path:
    index = vectors_of(library).index
    assert isinstance(index, EmbeddedChroma)
    return index.folder


def searched(library: Library) -> list[list[tuple[str, float]]]:
    rows = FakeEmbedder().embed(QUERIES)
    return [
        vectors_of(library).search(shelf, row, limit)
        for row in rows
        for limit in (1, 5, 60)
        for shelf in (Shelf.PASSAGES, Shelf.DECISIONS)
    ]


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    many_letters(folder, 20)
    return folder


def test_a_second_opener_searches_exactly_with_the_same_results(opened: Callable[[], Library], letters: Path) -> None:
    owner = opened()
    owner.import_paths([letters])
    other = opened()
    assert vectors_of(owner).in_step() is True
    assert vectors_of(other).in_step() is None
    assert searched(owner) == searched(other)
    assert any(searched(owner))


def test_another_process_holds_chroma(opened: Callable[[], Library]) -> None:
    library = opened()
    code = (
        "import sys; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire()\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    lock = chroma(library).parent / "chroma.lock"
    with subprocess.Popen(
        [sys.executable, "-c", code, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert library.search(Query("acupuncture")).results
        assert vectors_of(library).in_step() is None
    library.close()
    assert library.search(Query("acupuncture")).results
    assert vectors_of(library).in_step() is True


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)


def _remove_stamp(folder: Path) -> None:
    (folder / "stamp.json").unlink()


def _other_version(folder: Path) -> None:
    stamp = json.loads((folder / "stamp.json").read_text())
    stamp["version"]["chromadb"] = "0.1"
    (folder / "stamp.json").write_text(json.dumps(stamp))


def _garbled_stamp(folder: Path) -> None:
    (folder / "stamp.json").write_text("{")


def _wrong_count(folder: Path) -> None:
    stamp = json.loads((folder / "stamp.json").read_text())
    stamp["sizes"]["decisions"] += 1
    (folder / "stamp.json").write_text(json.dumps(stamp))


def _garbled_database(folder: Path) -> None:
    next(folder.glob("*/chroma.sqlite3")).write_bytes(b"not a database " * 100)


def _truncated_database(folder: Path) -> None:
    file = next(folder.glob("*/chroma.sqlite3"))
    file.write_bytes(file.read_bytes()[:5000])


def _no_build(folder: Path) -> None:
    for build in folder.iterdir():
        if build.is_dir():
            shutil.rmtree(build)


@pytest.mark.parametrize(
    "harm",
    [
        _remove,
        _remove_stamp,
        _other_version,
        _garbled_stamp,
        _wrong_count,
        _garbled_database,
        _truncated_database,
        _no_build,
    ],
)
def test_harmed_files_are_rebuilt_by_themselves(
    opened: Callable[[], Library], letters: Path, harm: Callable[[Path], None]
) -> None:
    library = opened()
    library.import_paths([letters])
    before = searched(library)
    library.close()
    harm(chroma(library))
    again = opened()
    assert searched(again) == before
    assert vectors_of(again).in_step() is True
    again.close()
    assert vectors_of(opened()).in_step() is True


def test_what_was_added_while_another_held_chroma_is_added_later(opened: Callable[[], Library], letters: Path) -> None:
    owner = opened()
    assert vectors_of(owner).in_step() is True
    importer = opened()
    importer.import_paths([letters])
    # The owner notices what the other process imported, with its next question.
    assert owner.search(Query("worker 14")).results[0].case_number == "CM17-0000014"
    assert vectors_of(owner).in_step() is True


def test_new_entries_are_added_without_a_rebuild(opened: Callable[[], Library], letters: Path) -> None:
    library = opened()
    vectors_of(library).search(Shelf.PASSAGES, FakeEmbedder().embed(["acupuncture"])[0], 1)
    build = next(p for p in chroma(library).iterdir() if p.is_dir())
    library.import_paths([letters])
    assert vectors_of(library).in_step() is True
    assert [p for p in chroma(library).iterdir() if p.is_dir()] == [build]


def test_chroma_keeps_no_text_of_a_case(opened: Callable[[], Library], letters: Path) -> None:
    library = opened()
    library.import_paths([letters])
    library.close()
    files = [file for file in chroma(library).rglob("*") if file.is_file()]
    assert any("chroma.sqlite3" in file.name for file in files)
    assert not any(b"years old" in file.read_bytes() for file in files)


def test_nothing_is_wanted_nothing_is_found(library: Library) -> None:
    row = FakeEmbedder().embed(["acupuncture"])[0]
    assert vectors_of(library).search(Shelf.DECISIONS, row, 0) == []
    rows = vectors_of(library).shelved(Shelf.DECISIONS)
    assert nearest(rows, row, 5, rows.facts.mask(DecisionFilter(service="no such kind"))) == []


def test_vectors_come_out_as_they_went_in(library: Library) -> None:
    shelved = library._in.stored.shelf(Shelf.DECISIONS, "fake")
    texts = list(library._in.stored.texts_without("another model").values())
    fresh = {row.tobytes() for row in FakeEmbedder().embed(texts)}
    assert shelved.keys
    assert all(vector.tobytes() in fresh for vector in shelved.matrix)
    assert np.allclose(np.linalg.norm(shelved.matrix, axis=1), 1)


@pytest.mark.parametrize("where", [DecisionFilter(), DecisionFilter(Outcome.UPHELD), DecisionFilter(illustrative=True)])
def test_the_nearest_that_fit_are_those_of_a_whole_ranking(
    library: Library, letters: Path, where: DecisionFilter
) -> None:
    library.import_paths([letters])
    rows = vectors_of(library).shelved(Shelf.DECISIONS)
    fitting = rows.facts.mask(where)
    for vector in FakeEmbedder().embed(QUERIES):
        whole = nearest(rows, vector, len(rows.keys))
        fit = [pair for pair in whole if fitting[rows.places[pair[0]]]]
        assert fit
        assert nearest(rows, vector, 7, fitting) == fit[:7]


def test_what_was_added_is_read_alone_and_what_was_changed_is_read_anew(
    opened: Callable[[], Library], letters: Path
) -> None:
    library = opened()
    first = vectors_of(library).shelved(Shelf.DECISIONS)
    library.import_paths([letters])
    grown = vectors_of(library).shelved(Shelf.DECISIONS)
    whole = library._in.stored.shelf(Shelf.DECISIONS, "fake")
    assert grown.keys == whole.keys
    assert grown.keys[: len(first.keys)] == first.keys
    assert np.array_equal(grown.matrix, whole.matrix)
    for where in (
        DecisionFilter(service="acupuncture"),
        DecisionFilter(guideline="ODG"),
        DecisionFilter(region="low back"),
    ):
        assert np.array_equal(grown.facts.mask(where), whole.facts.mask(where))
        assert grown.facts.mask(where).any()
    with writing(library._in.store.engine) as session:
        session.execute(text("UPDATE decisions SET outcome = 'Overturned' WHERE outcome = 'Upheld'"))
    vectors_of(library).refresh()
    assert vectors_of(library).shelved(Shelf.DECISIONS).facts.overturned.all()
