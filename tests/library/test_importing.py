"""Importing: each document once and whole, what fails is named, and a killed import can be run again."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, STUDIES, FakeEmbedder, guideline_file, letter_text, many_letters, section

from assistant.database import open_database
from assistant.domain import Outcome
from assistant.errors import DataFolderError
from assistant.library.library import Library, open_library
from assistant.library.retrieval import Query
from assistant.settings import Settings

ISSUES = [
    ("Acupuncture for the low back, 6 sessions", "Upheld", ACUPUNCTURE, "No gain was shown after a course of needles."),
    ("MRI of the lumbar spine", "Overturned", STUDIES, "Weakness of the foot is a finding of nerve compromise."),
]


class Watched:
    """Progress that is written down."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def start(self, what: str, total: int) -> None:
        self.steps.append(f"{what} {total}")

    def advance(self, by: int = 1) -> None:
        self.steps += ["+"] * by

    def finish(self) -> None:
        self.steps.append("end")


def contents(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the tables of the library hold, times and the count of changes apart."""
    tables = {
        "documents": "id, content_hash, text_hash, kind, name, owner",
        "passages": "*",
        "determinations": "*",
        "decisions": "*",
        "citations": "*",
        "vectors": "*",
        "kind_names": "*",
        "kept_texts": "*",
        "decisions_fts_docsize": "*",
    }
    with closing(sqlite3.connect(data / "assistant.db")) as db:
        found = {t: db.execute(f"SELECT {columns} FROM {t}").fetchall() for t, columns in tables.items()}  # noqa: S608
    return {table: sorted(rows, key=repr) for table, rows in found.items()}


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "jane-doe.txt"
    path.write_text(letter_text("CM16-0000001", ISSUES))
    return path


def test_a_letter_is_kept_whole(library: Library, letter: Path) -> None:
    report = library.import_paths([letter])
    assert (report.read, report.already_there, report.decisions, report.failed) == (1, 0, 2, ())
    determination, place = library.determination_of("CM16-0000001-2")
    assert place == 1
    assert determination.decision_date == date(2016, 12, 21)
    assert [d.outcome for d in determination.decisions] == [Outcome.UPHELD, Outcome.OVERTURNED]
    assert determination.decisions[1].service == "MRI of the lumbar spine"
    assert determination.decisions[1].guidelines[0].guideline == "MTUS Low Back Complaints 2004"
    assert determination.decisions[1].guidelines[0].sections == ("Special Studies",)
    assert not determination.illustrative
    assert library.count_real() == 1


@pytest.mark.sqlite
def test_the_same_file_twice_changes_nothing(library: Library, settings: Settings, letter: Path) -> None:
    library.import_paths([letter])
    before = contents(settings.data_dir)
    report = library.import_paths([letter, letter])
    assert (report.read, report.already_there) == (0, 1)
    assert contents(settings.data_dir) == before


def test_the_same_words_in_another_file_are_the_same_letter(library: Library, letter: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy.txt"
    other.write_text(letter.read_text().replace("\n", "\r\n\r\n"))
    assert library.import_paths([letter, other]).already_there == 1
    assert library.count_real() == 1


def test_a_second_letter_of_a_case_is_a_version_and_the_newest_is_offered(library: Library, tmp_path: Path) -> None:
    first, second, old = tmp_path / "first.txt", tmp_path / "second.txt", tmp_path / "third-but-older.txt"
    first.write_text(letter_text("CM16-0000001", ISSUES))
    second.write_text(letter_text("CM16-0000001", ISSUES[:1], summary="Another summary."))
    old.write_text(letter_text("CM16-0000001", ISSUES[1:]).replace("12/21/2016", "12/01/2016"))
    report = library.import_paths([first, second, old])
    assert (report.read, report.new_versions, report.already_there) == (3, 2, 0)
    assert report.warnings[0] == "second.txt is version 2 of the letter of case CM16-0000001; all are kept."
    assert (library.counts().letters, library.counts().decisions) == (1, 1)
    found = [r.decision_id for r in library.search(Query("acupuncture MRI back")).results if not r.illustrative]
    assert found == ["CM16-0000001-v2-1"]
    opened = library.letters.open("CM16-0000001")
    assert opened.letter is not None
    assert opened.letter.case_summary == "Another summary."
    assert [(v.version, v.current, v.name) for v in opened.versions] == [
        (1, False, "first.txt"),
        (2, True, "second.txt"),
        (3, False, "third-but-older.txt"),
    ]
    earlier = library.letters.open(opened.versions[0].id).letter
    assert earlier is not None
    assert len(earlier.decisions) == 2
    assert library.determination_of("CM16-0000001-2")[1] == 1
    assert all(check.ok for check in library.health())
    assert library.import_paths([first, second, old]).already_there == 3


def test_a_letter_without_a_number_gets_a_stable_id(opened: Callable[..., Library], tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_text(letter_text(None, ISSUES[:1]))
    library = opened()
    library.import_paths([path])
    found = [r for r in library.search(Query("acupuncture")).results if not r.illustrative]
    assert len(found) == 1
    assert found[0].decision_id.startswith("d")
    assert found[0].decision_id.endswith("-1")
    assert found[0].case_number is None


def test_folders_are_walked_in_order_and_hidden_files_left_out(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    for i, name in enumerate(("b/two.txt", "a/one.txt", ".hidden/three.txt", "picture.png")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(letter_text(f"CM16-000000{i}", ISSUES[:1], summary=name))
    watched = Watched()
    report = library.import_paths([folder, folder / "a" / "one.txt"], watched)
    assert (report.read, report.already_there, report.neither) == (2, 0, ("picture.png",))
    assert watched.steps == ["Importing 3", "+", "+", "+", "end"]


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(library: Library, letter: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("A shopping list, and no determination.")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "guideline.md").write_text("---\nlabel: X\n---\n")
    (tmp_path / "illustration.md").write_text(f"---\nillustrative: true\n---\n{letter.read_text()} more words")
    names = ["note.txt", "broken.pdf", "missing.pdf", "guideline.md", "illustration.md"]
    report = library.import_paths([*(tmp_path / name for name in names), letter])
    assert report.read == 1
    assert report.neither == ("note.txt",)
    assert [name for name, _ in report.failed] == names[1:]
    assert all(name in sentence and sentence.endswith(".") for name, sentence in report.failed)
    assert dict(report.failed)["missing.pdf"] == "missing.pdf could not be read: there is no such file."


def test_a_full_disk_ends_the_import(library: Library, letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise DataFolderError("The disk is full.")

    monkeypatch.setattr(library._in.store, "add_letter", full)
    with pytest.raises(DataFolderError):
        library.import_paths([letter])


def test_each_distinct_text_is_embedded_once(opened: Callable[..., Library], tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    library = opened(embedder)
    for number in (1, 2):
        text = letter_text(f"CM16-000000{number}", [ISSUES[0], ISSUES[0]])
        (tmp_path / f"{number}.txt").write_text(text)
    embedder.given.clear()
    assert library.import_paths([tmp_path / "1.txt", tmp_path / "2.txt"]).decisions == 4
    assert len(embedder.given) == 1


def test_an_imported_chapter_takes_the_place_of_the_note_that_it_is_missing(library: Library, tmp_path: Path) -> None:
    label = "MTUS Low Back Disorders (ACOEM February 13, 2020)"
    path = tmp_path / "chapter.md"
    path.write_text(
        guideline_file(
            label,
            "low_back",
            "## Imaging\n\nStudies follow a finding on examination.\n",
            since="2021-11-23",
            until="null",
        ).replace("kind: digest", "kind: official")
    )
    today = date(2024, 1, 1)
    assert any(p.current_without_criteria for p in library.successors("MTUS Low Back Complaints 2004", today))
    assert library.import_paths([path]).read == 1
    texts = [p.text for p in library.passages() if p.guideline == label and not p.edition_note]
    assert texts == ["Studies follow a finding on examination."]
    assert not any(p.current_without_criteria for p in library.successors("MTUS Low Back Complaints 2004", today))
    assert library.ask("studies on examination", today)[0][0].text == texts[0]


def test_a_corrected_guideline_replaces_the_earlier_import_and_keeps_it_for_old_drafts(
    library: Library, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    for path, words in ((old, "Six visits."), (new, "Eight visits.")):
        path.write_text(
            guideline_file("ODG", "odg", section("Low Back, MRIs", "mri_lumbar", words), since="null", until="null")
        )
    library.import_paths([old])
    cited = next(p for p in library.passages() if p.text == "Six visits.")
    library.import_paths([new])
    offered = [p.text for p in library.passages_of("mri_lumbar", date(2016, 12, 1)) if p.guideline == "ODG"]
    assert offered == ["Eight visits."]
    assert library.passage(cited.id) == cited


_CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from made_library import FakeEmbedder
from sqlalchemy import event
from assistant.database import open_database
from assistant.library import vectors
from assistant.library.library import open_library
from assistant.settings import Settings

_, _, data, corpus, letters, moment = sys.argv
engine = open_database(Path(data))
library = open_library(Settings(data_dir=data, corpus_dir=corpus), engine, embedder=FakeEmbedder())
library.search_ready = library._in.vectors.in_step()
count = 0

def reached(*_):
    global count
    count += 1
    if moment.isdigit() and count == int(moment):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "before_cursor_execute", reached)
event.listen(engine, "commit", reached)
if moment == "chroma":
    add = vectors._Index.add
    def add_and_die(self, shelf, entries):
        add(self, shelf, entries)
        if shelf.value == "decisions" and entries:
            os.kill(os.getpid(), signal.SIGKILL)
    vectors._Index.add = add_and_die
library.import_paths([Path(letters)])
print(count)
"""


@pytest.mark.slow
def test_a_killed_import_that_runs_again_equals_an_undisturbed_one(
    opened: Callable[..., Library], settings: Settings, tmp_path: Path
) -> None:
    letters, stormy = tmp_path / "letters", tmp_path / "stormy"
    letters.mkdir()
    many_letters(letters, 20)
    engine = open_database(settings.data_dir)
    open_library(settings, engine, embedder=FakeEmbedder()).close()
    engine.dispose()  # a file that is copied while it is open here would lose its locks
    shutil.copytree(settings.data_dir, stormy)

    def child(data: Path, moment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", _CHILD, Path(__file__).parent, data, settings.corpus_dir, letters, moment]
        return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)

    calm = child(settings.data_dir, "never")
    assert calm.returncode == 0, calm.stderr
    moments = random.Random(64).sample(range(1, int(calm.stdout)), 5)  # noqa: S311 - repeatable, nothing secret
    killed = [child(stormy, str(moment)).returncode for moment in sorted(moments, reverse=True)]
    killed.append(child(stormy, "chroma").returncode)
    assert -9 in killed
    assert child(stormy, "never").returncode == 0
    assert contents(stormy) == contents(settings.data_dir)
    assert len(contents(stormy)["determinations"]) == 22
    again = opened(data_dir=stormy)
    assert all(check.ok for check in again.health())


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_ten_kills_in_an_import_of_2000_letters(
    opened: Callable[..., Library], settings: Settings, tmp_path: Path
) -> None:
    """As above, with 2,000 letters. The embedder is the tests' own, handed to `open_library`, which takes any."""
    letters, stormy = tmp_path / "letters", tmp_path / "stormy"
    letters.mkdir()
    many_letters(letters, 2000)
    engine = open_database(settings.data_dir)
    open_library(settings, engine, embedder=FakeEmbedder()).close()
    engine.dispose()
    shutil.copytree(settings.data_dir, stormy)

    def child(data: Path, moment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", _CHILD, Path(__file__).parent, data, settings.corpus_dir, letters, moment]
        return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)

    calm = child(settings.data_dir, "never")
    assert calm.returncode == 0, calm.stderr
    steps, chance = int(calm.stdout), random.Random(2000)  # noqa: S311 - repeatable, nothing secret
    killed = [child(stormy, str(chance.randrange(1, steps // 8))).returncode for _ in range(10)]
    assert killed.count(-9) == 10
    last = child(stormy, "never")
    assert last.returncode == 0, last.stderr
    assert contents(stormy) == contents(settings.data_dir)
    assert len(contents(stormy)["determinations"]) == 2002
    again = opened(data_dir=stormy)
    assert all(check.ok for check in again.health())
    assert again.mend() == ()
    assert [i.state.value for i in again.imports.imports()] == ["done", *["stopped"] * 10]
