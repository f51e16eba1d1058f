"""The PDFs of letters: shown while they lie where they were imported from, unchanged; else only the text, and why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, STUDIES, letter_pdf, letter_text

from assistant.errors import NotThere
from assistant.library.filters import DecisionFilter
from assistant.library.found import Query
from assistant.library.letter_files import OriginalPages
from assistant.library.library import Library

TEXT = letter_text(
    "CM17-0000001",
    [
        ("Acupuncture, 6 sessions", "Upheld", ACUPUNCTURE, "No gain was shown after the needles. " * 20),
        ("MRI of the lumbar spine", "Overturned", STUDIES, "Weakness of the foot was found on examination. " * 20),
    ],
)
FIRST, SECOND = "CM17-0000001-1", "CM17-0000001-2"


@pytest.fixture
def letter(library: Library, tmp_path: Path) -> Path:
    """A letter of two decisions, imported from its PDF."""
    path = tmp_path / "letter.pdf"
    letter_pdf(path, TEXT, lines_a_page=16)
    assert library.import_paths([path]).read == 1
    return path


def test_the_page_is_that_on_which_the_rationale_begins(library: Library, letter: Path) -> None:
    assert library.files.pages(FIRST) == OriginalPages(3, 2)
    assert library.files.pages(SECOND) == OriginalPages(3, 3)
    assert library.files.image(SECOND, 2).startswith(b"\x89PNG")
    with pytest.raises(NotThere, match="no page 4"):
        library.files.image(SECOND, 4)


def test_a_file_that_is_gone_or_changed_is_not_shown(library: Library, letter: Path) -> None:
    kept = letter.read_bytes()
    letter.write_bytes(kept + b"\n")
    with pytest.raises(NotThere, match="was changed"):
        library.files.image(FIRST, 1)
    letter.unlink()
    with pytest.raises(NotThere, match="not any more where it lay"):
        library.files.pages(FIRST)
    letter.write_bytes(kept)
    assert library.files.pages(FIRST).pages == 3


def test_a_letter_met_again_elsewhere_is_shown_from_there(library: Library, letter: Path, tmp_path: Path) -> None:
    (tmp_path / "moved").mkdir()
    shutil.move(letter, tmp_path / "moved" / "letter.pdf")
    report = library.import_paths([tmp_path / "moved"])
    assert (report.read, report.already_there) == (0, 1)
    assert library.files.pages(FIRST).pages == 3


def test_of_what_the_page_brought_or_is_no_pdf_only_the_text_is_kept(library: Library, tmp_path: Path) -> None:
    letter_pdf(tmp_path / "brought.pdf", TEXT)
    library.import_paths([tmp_path / "brought.pdf"], upload="a-token-of-the-page")
    (tmp_path / "letter.txt").write_text(TEXT.replace("CM17-0000001", "CM17-0000002"))
    library.import_paths([tmp_path / "letter.txt"])
    for decision in (FIRST, "CM17-0000002-1"):
        with pytest.raises(NotThere, match="Only the text of this letter is kept"):
            library.files.pages(decision)


def test_an_illustrative_decision_has_no_letter_behind_it(library: Library) -> None:
    found = library.search(Query("acupuncture", DecisionFilter(illustrative=True))).results
    with pytest.raises(NotThere, match="no letter behind it"):
        library.files.pages(found[0].decision_id)
    with pytest.raises(NotThere, match="holds no decision"):
        library.files.pages("none")
