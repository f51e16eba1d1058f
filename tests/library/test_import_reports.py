"""What an import keeps and says: incomplete letters, reports, archives, lines of JSON, a full disk."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, STUDIES, FakeEmbedder, letter_text, many_letters
from sqlalchemy import select

from assistant.database import open_database
from assistant.errors import DataFolderError, NotThere
from assistant.library.import_log import ImportState, NoteKind
from assistant.library.library import Library, open_library
from assistant.library.tables import DocumentRow
from assistant.printing_letters import (
    import_as_json,
    import_as_text,
    kept_as_text,
    letter_as_json,
    opened_as_json,
    opened_as_text,
    report_as_json,
    report_as_text,
)
from assistant.reading.letters import read_letter
from assistant.rights import Person, Role, asked_by
from assistant.settings import Settings

ISSUES = [
    ("Acupuncture for the low back, 6 sessions", "Upheld", ACUPUNCTURE, "No gain was shown after a course of needles."),
    ("MRI of the lumbar spine", "Overturned", STUDIES, "Weakness of the foot is a finding of nerve compromise."),
]
WHOLE = letter_text("CM16-0000001", ISSUES)
NEITHER = "neither Upheld nor Overturned"
NO_SUMMARY = "The case summary was not found."
NO_RATIONALE = "the rationale was not found"


def without(text: str, start: str, end: str) -> str:
    """The text without what stands from `start` up to `end`."""
    before, _, rest = text.partition(start)
    return before + end + rest.partition(end)[2]


@pytest.mark.parametrize(
    ("text", "missing", "incomplete"),
    [
        pytest.param(WHOLE.partition("IMR ISSUES")[0], "No decision was found.", True, id="no decisions"),
        pytest.param(WHOLE.replace("Upheld", "Remanded"), NEITHER, True, id="no outcome"),
        pytest.param(without(WHOLE, "CLINICAL", "IMR ISSUES"), NO_SUMMARY, True, id="no summary"),
        pytest.param(WHOLE.replace("Decision rationale: No", "No"), NO_RATIONALE, True, id="no rationale"),
        pytest.param(WHOLE.replace("Priority: Standard", ""), "The priority was not found.", False, id="no priority"),
    ],
)
def test_a_letter_that_is_not_read_whole_is_kept_with_its_text(
    text: str, missing: str, incomplete: bool, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text(text)
    report = library.import_paths([tmp_path / "letter.txt"])
    assert (report.read, report.incomplete, report.failed) == (1, int(incomplete), ())
    assert any(missing in warning for warning in report.warnings)
    (row,), count = library.letters.not_whole()
    assert (count, row.case_number, row.incomplete) == (1, "CM16-0000001", incomplete)
    opened = library.letters.open(row.id)
    assert opened.text == text
    assert any(missing in warning for warning in opened.warnings)
    assert text in opened_as_text(opened)
    assert opened_as_json(opened)["text"] == text
    assert missing in kept_as_text(row)
    assert library.import_paths([tmp_path / "letter.txt"]).already_there == 1


def test_a_whole_letter_is_in_no_list_and_opens_by_its_numbers(library: Library, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(WHOLE)
    library.import_paths([tmp_path])
    assert library.letters.not_whole() == ((), 0)
    for which in ("CM16-0000001", "cm16-0000001", "CM16-0000001-2"):
        opened = library.letters.open(which)
        assert opened.letter is not None
        assert opened.letter.case_number == "CM16-0000001"
        assert opened.text is None
    for nowhere in ("CM16-0000009", "9999999", "-1", "9" * 40, ""):
        with pytest.raises(NotThere):
            library.letters.open(nowhere)


@pytest.mark.sqlite
def test_an_unreadable_file_is_kept_in_the_list_until_it_can_be_read(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.4 broken")
    for _ in range(2):
        assert len(library.import_paths([path]).failed) == 1
    (row,), count = library.letters.not_whole()
    assert (count, row.name) == (1, "letter.pdf")
    opened = library.letters.open(row.id)
    assert (opened.letter, opened.text) == (None, None)
    assert opened.warnings == ("letter.pdf could not be read: the PDF is cut short: its end is missing.",)
    assert list(opened_as_text(opened))[0] == "letter.pdf"
    with closing(sqlite3.connect(library._in.store.engine.url.database or "")) as db:  # as if it were readable since
        (unread,) = db.execute("SELECT content_hash FROM documents WHERE kind = 'unread'").fetchone()
        good = tmp_path / "good.txt"
        good.write_text(WHOLE)
        import hashlib

        db.execute(
            "UPDATE documents SET content_hash = ?, text_hash = ? WHERE content_hash = ?",
            (hashlib.sha256(good.read_bytes()).hexdigest(), "x", unread),
        )
        db.commit()
    assert library.import_paths([good]).read == 1
    assert library.letters.not_whole() == ((), 0)


def test_reports_are_kept_and_opened(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text(WHOLE)
    (folder / "b.txt").write_text(WHOLE.replace("6 sessions", "8 sessions"))
    (folder / "c.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "d.pdf").write_bytes(b"%PDF-1.4 broken too")
    (folder / "e.txt").write_text("Milk and bread.")
    (folder / "f.png").write_bytes(b"x")
    (folder / "g.txt").write_text(WHOLE)
    report = library.import_paths([folder])
    assert (report.read, report.new_versions, report.already_there) == (2, 1, 1)
    assert report.causes == (("the PDF is cut short: its end is missing", 2),)
    assert report.neither == ("e.txt", "f.png")
    library.import_paths([folder])
    second, first = library.imports.imports()
    assert (first.id, first.state, first.names) == (report.id, ImportState.DONE, ("folder",))
    assert (second.counts.already_there, second.counts.read) == (3, 0)
    opened = library.imports.report(first.id)
    assert opened.causes == report.causes
    assert [note.name for note in opened.notes if note.kind is NoteKind.NEITHER] == ["e.txt", "f.png"]
    version = next(note for note in opened.notes if note.kind is NoteKind.VERSION)
    assert library.letters.open(version.document_id or 0).version == 2
    assert import_as_json(opened)["causes"] == [{"cause": "the PDF is cut short: its end is missing", "count": 2}]
    assert json.dumps(report_as_json(report))
    shown = "\n".join([*import_as_text(opened), *report_as_text(report)])
    assert "e.txt was left out: it is neither a determination letter nor a guideline file." in shown
    assert f"[letters {version.document_id}]" in shown
    with pytest.raises(NotThere):
        library.imports.report(99)


def test_an_import_that_is_stopped_keeps_what_it_read_and_goes_on(library: Library, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    many_letters(letters, 10)
    asked = iter([False, False, True])
    report = library.import_paths([letters], stop=lambda: next(asked))
    assert (report.read, report.state) == (3, ImportState.CANCELLED)
    again = library.import_paths([letters])
    assert (again.read, again.already_there) == (7, 3)


def test_an_import_that_was_killed_is_said_to_be_broken_off(library: Library) -> None:
    run = library.imports.begin("reviewer", ["letters"], 5)
    assert library.imports.report(run.id).state is ImportState.RUNNING
    run.lock.release()  # as the system does when the process dies
    assert library.imports.report(run.id).state is ImportState.STOPPED


def test_letters_come_out_of_archives(library: Library, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letters.zip", "w") as archive:
        archive.writestr("2016/deep/one.txt", WHOLE)
        archive.writestr("../../escape.txt", WHOLE)
        archive.writestr("scan.png", b"x")
    report = library.import_paths([tmp_path / "letters.zip"])
    assert report.read == 1
    assert report.failed == (
        (
            "letters.zip: escape.txt",
            "letters.zip: escape.txt could not be read: its path leads out of the archive.",
        ),
    )
    assert report.neither == ("letters.zip: scan.png",)


def test_letters_come_as_lines_of_three_forms(library: Library, tmp_path: Path) -> None:
    (tmp_path / "first.txt").write_text(WHOLE)
    library.import_paths([tmp_path / "first.txt"])
    read = read_letter(WHOLE)
    contract = letter_as_json("first.txt", read)
    gold = {
        "case_number": "CM16-0000002",
        "date_of_injury": "10/16/2014",
        "decision_date": "12/21/2016",
        "case_summary": "A worker of 50 with neck pain.",
        "issues": [
            {
                "service": "Acupuncture, 6 sessions",
                "outcome": "Upheld",
                "reviewer_guideline": f"Decision based on {ACUPUNCTURE}.",
                "guidelines": ["Acupuncture"],
                "sections": None,
                "rationale": "No gain was shown.",
            }
        ],
    }
    bare = WHOLE.replace("Case Number: CM16-0000001\n", "").replace("6 sessions", "9 sessions")
    lines = [contract, gold, {"case_number": "CM16-0000003", "text": bare}, {"nothing": 1}]
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n\n \n")
    report = library.import_paths([path])
    assert (report.read, report.already_there, report.new_versions) == (2, 1, 0)
    counts = library.imports.report(report.id).counts
    assert (counts.seen, counts.total) == (4, 4)
    assert [sentence for _, sentence in report.failed] == [
        "many.jsonl: line 4 could not be read: it has neither a list of decisions nor a text."
    ]
    second = library.letters.open("CM16-0000002").letter
    assert second is not None
    assert second.decisions[0].guidelines[0].guideline == ACUPUNCTURE
    assert str(second.date_of_injury) == "2014-10-16"
    third = library.letters.open("CM16-0000003").letter
    assert third is not None
    assert third.decisions == replace(read_letter(bare)).decisions
    changed = json.loads(json.dumps(contract))
    changed["decisions"][0]["rationale"] = "Another reason."
    path.write_text(json.dumps(changed))
    assert library.import_paths([path]).new_versions == 1
    assert library.import_paths([path]).already_there == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB of its own; skipped where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount") or "mount"
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run([shutil.which("umount") or "umount", "-l", folder], check=False)


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_full_disk_is_said_and_the_import_goes_on_when_there_is_room(
    small_disk: Path, settings: Settings, tmp_path: Path
) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    many_letters(letters, 60)
    of_test = settings.model_copy(update={"data_dir": small_disk / "data"})
    engine = open_database(of_test.data_dir)
    library = open_library(of_test, engine, embedder=FakeEmbedder())
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 200_000))
    with pytest.raises(DataFolderError, match="is full; make room and try again"):
        library.import_paths([letters])
    held = library.counts().letters
    assert 0 <= held < 60
    ballast.unlink()
    assert library.import_paths([letters]).read == 60 - held
    assert library.counts().letters == 60
    done = library.mend()
    assert all(check.ok for check in library.health()), done
    library.close()
    engine.dispose()


def test_a_document_belongs_to_the_account_that_brought_it(library: Library, tmp_path: Path) -> None:
    (tmp_path / "of-lisa").mkdir()
    many_letters(tmp_path / "of-lisa", 2)
    with asked_by(Person("lisa", Role.LIBRARIAN)):
        library.import_paths([tmp_path / "of-lisa"])
    with library._in.store.engine.connect() as db:
        of_letters = select(DocumentRow.owner).where(DocumentRow.name.startswith("letter-0"))
        assert db.scalars(of_letters).all() == ["lisa", "lisa"]
