"""Reading in a child: a file that hangs or kills the reader costs a bounded time, and the next one is read."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from assistant.errors import UnreadableFile
from assistant.reading import ocr
from assistant.reading.bounded import BoundedReader
from assistant.reading.child import MAX_LETTER, answer_to
from assistant.reading.files import OCR_WARNING, read_bytes, read_file
from assistant.reading.folders import Source, sources
from assistant.reading.many import Document, read_many, read_source

MakePdf = Callable[..., bytes]
_HANGS = "import sys\nwhile True: sys.stdin.buffer.read(1)"


def scanned_pdf() -> bytes:
    """A PDF with one page and no text layer."""
    from io import BytesIO

    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def test_a_file_that_hangs_is_stopped(pdf_bytes: MakePdf) -> None:
    with BoundedReader(0.3, (sys.executable, "-c", _HANGS)) as reader:
        with pytest.raises(UnreadableFile, match=r"letter.pdf could not be read: reading it took longer than 0.3 s"):
            read_bytes("letter.pdf", pdf_bytes([["words"]]), reader=reader)
        assert reader._child is None


def test_a_file_that_kills_the_reader_is_named(pdf_bytes: MakePdf) -> None:
    with (
        BoundedReader(command=(sys.executable, "-c", "raise SystemExit(3)")) as reader,
        pytest.raises(UnreadableFile, match="broke the program that reads it"),
    ):
        read_bytes("letter.pdf", pdf_bytes([["words"]]), reader=reader)


def test_one_child_reads_one_file_after_another(pdf_bytes: MakePdf) -> None:
    with BoundedReader() as reader:
        assert read_bytes("a.pdf", pdf_bytes([["first"]]), reader=reader).text.strip() == "first"
        child = reader._child
        with pytest.raises(UnreadableFile, match="cut short"):
            read_bytes("b.pdf", b"%PDF-1.4 broken", reader=reader)
        assert read_bytes("c.pdf", pdf_bytes([["second"]]), reader=reader).text.strip() == "second"
        assert reader._child is child


def test_a_pdf_of_5000_pages_is_refused_by_its_count(pdf_bytes: MakePdf, tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf_bytes([[]] * 5_000))
    with pytest.raises(UnreadableFile, match="5,000 pages, and at most 2,000 are read"):
        read_file(path)


def test_a_text_too_long_for_a_letter_is_kept_a_text() -> None:
    question = {"name": "long.txt", "max_pages": 10, "letter": "if"}
    long = "Decision rationale: x\nMAXIMUS guideline: y\n" + "x" * MAX_LETTER
    assert answer_to(question, long.encode())["record"] is None
    assert "too many for a letter" in answer_to({**question, "letter": "always"}, long.encode())["reason"]


def test_documents_come_in_order_and_skipped_ones_unread(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.txt").write_text(f"words {number}")
    found = list(read_many(sources([tmp_path]), "if", lambda source: source.name == "4.txt"))
    assert [d.text if isinstance(d, Document) else d.name for d in found] == [
        *(f"words {n}" for n in range(4)),
        "4.txt",
        *(f"words {n}" for n in range(5, 9)),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[1]", "it is not a JSON object"),
        (b'{"case_number": "CM16-0000001"}', "it has neither a list of decisions nor a text"),
        (b'{"decisions": [1]}', "it has neither a list of decisions nor a text"),
        (b'{"text": " "}', "it is empty"),
    ],
)
def test_a_line_that_holds_no_letter(line: bytes, reason: str) -> None:
    assert read_source(Source.of("x.jsonl: line 1", line, line=True), "if").reason == reason


# --- OCR --------------------------------------------------------------------------------------------------------


@pytest.fixture
def ocrmypdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a program of this name on the path that does what a Python script says; gives the temporary folder."""

    def install(script: str) -> Path:
        folder, temporary = tmp_path / "bin", tmp_path / "tmp"
        folder.mkdir()
        temporary.mkdir()
        program = folder / "ocrmypdf"
        program.write_text(f"#!{sys.executable}\nimport sys, shutil\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        return temporary

    return install


def test_without_ocr_a_scanned_pdf_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableFile, match="scanned pictures without a text layer; install ocrmypdf"):
        read_bytes("letter.pdf", scanned_pdf())


def test_a_scanned_pdf_is_read_by_ocr_and_leaves_no_copy(
    ocrmypdf: Callable[[str], Path], pdf_bytes: MakePdf, tmp_path: Path
) -> None:
    (tmp_path / "read.pdf").write_bytes(pdf_bytes([["recognised words"]]))
    temporary = ocrmypdf(f"shutil.copy({str(tmp_path / 'read.pdf')!r}, sys.argv[-1])")
    found = read_bytes("letter.pdf", scanned_pdf())
    assert found.text.strip() == "recognised words"
    assert found.warnings == (OCR_WARNING,)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("sys.exit(8)", r"ocrmypdf could not read them \(exit 8\)"),
        ("pass", "gave nothing back"),
        ("shutil.copy(sys.argv[-2], sys.argv[-1])", "OCR found no text on them"),
    ],
)
def test_ocr_that_fails_says_so(script: str, reason: str, ocrmypdf: Callable[[str], Path]) -> None:
    temporary = ocrmypdf(script)
    with pytest.raises(UnreadableFile, match=reason):
        read_bytes("letter.pdf", scanned_pdf())
    assert list(temporary.iterdir()) == []


def test_ocr_that_hangs_is_stopped(ocrmypdf: Callable[[str], Path]) -> None:
    temporary = ocrmypdf("import signal\nsignal.pause()")
    with pytest.raises(UnreadableFile, match="longer than 0.2 seconds"):
        ocr.recognise("letter.pdf", scanned_pdf(), seconds=0.2)
    assert list(temporary.iterdir()) == []
