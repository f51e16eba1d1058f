"""Files become text with pages; what cannot be read is refused in one sentence that quotes none of its contents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UnreadableFile
from assistant.reading import files
from assistant.reading.files import FileText, read_file

Write = Callable[[str, bytes], Path]
MakePdf = Callable[..., bytes]
PAGES = [["The worker lifts crates.", "His back hurts."], ["Therapy was tried", "for six weeks."]]


def test_a_pdf_keeps_its_pages(pdf_bytes: MakePdf, write_file: Write) -> None:
    read = read_file(write_file("case.pdf", pdf_bytes(PAGES)))
    assert read.media == "pdf"
    assert read.text.split() == " ".join(line for page in PAGES for line in page).split()
    assert [read.page_at(read.text.index(word)) for word in ("crates", "hurts", "Therapy", "six")] == [1, 1, 2, 2]
    assert read.warnings == ()


def test_an_empty_password_opens_a_pdf_that_forbids_copying(pdf_bytes: MakePdf, write_file: Write) -> None:
    read = read_file(write_file("locked.pdf", pdf_bytes(PAGES, opened_by="")))
    assert "lifts crates" in read.text


def test_a_page_without_text_among_others_is_named(pdf_bytes: MakePdf, write_file: Write) -> None:
    read = read_file(write_file("mixed.pdf", pdf_bytes([PAGES[0], [], PAGES[1]])))
    assert read.warnings == ("No text was found on page 2, which may be scanned.",)
    assert read.page_at(read.text.index("Therapy")) == 3


def _docx(paragraphs: list[str]) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Date of Injury:", "03/04/2015"
    document.add_paragraph("After the table.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_docx_keeps_the_order_of_paragraphs_and_tables(write_file: Write) -> None:
    read = read_file(write_file("letter.docx", _docx(["First.", "Second."])))
    assert read.media == "docx"
    assert read.text == "First.\nSecond.\nDate of Injury:\t03/04/2015\nAfter the table."


def test_html_gives_its_visible_text_by_blocks(write_file: Write) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>t</title><style>p {}</style></head><body><!-- hidden -->"
        "<h1>Case</h1><p>Pain in the\n left <b>knee</b>&nbsp;joint.</p><script>x()</script>one<br>two"
        "<table><tr><td>a</td><td>b</td></tr></table></body></html>"
    )
    read = read_file(write_file("case.html", page.encode()))
    assert read.media == "html"
    assert [line for line in read.text.splitlines() if line] == [
        "Case",
        "Pain in the left knee joint.",
        "one",
        "two",
        "a\tb",
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param("café 5°".encode(), "café 5°", id="utf-8"),
        pytest.param(b"\xef\xbb\xbfplain", "plain", id="byte order mark"),
        pytest.param("“5°” – left".encode("cp1252"), "“5°” – left", id="windows-1252"),
        pytest.param("knee".encode("utf-16"), "knee", id="utf-16 with its mark"),
        pytest.param(b"a\r\nb\rc", "a\nb\nc", id="line ends"),
    ],
)
def test_text_is_decoded(write_file: Write, data: bytes, text: str) -> None:
    assert read_file(write_file("case.txt", data)).text == text


def test_form_feeds_of_a_text_file_start_pages(write_file: Write) -> None:
    read = read_file(write_file("case.txt", b"one\ftwo\fthree"))
    assert [read.page_at(read.text.index(word)) for word in ("one", "two", "three")] == [1, 2, 3]


@pytest.mark.parametrize("name", ["letter.bin", "letter"])
def test_an_unknown_ending_is_judged_by_content(pdf_bytes: MakePdf, write_file: Write, name: str) -> None:
    assert read_file(write_file(name, pdf_bytes(PAGES))).media == "pdf"
    assert read_file(write_file(name, _docx(["x"]))).media == "docx"
    assert read_file(write_file(name, b"<html><body>x</body></html>")).media == "html"
    assert read_file(write_file(name, b"just words")).media == "txt"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("a.pdf", b"just words", "is no PDF file", id="no pdf"),
        pytest.param("a.docx", b"just words", "is no DOCX file", id="no docx"),
        pytest.param("a.docx", b"PK\x03\x04word/ and no more", "damaged", id="cut docx"),
        pytest.param("a.txt", b"", "empty", id="no bytes"),
        pytest.param("a.txt", b" \n\n ", "empty", id="blanks only"),
        pytest.param("a.html", b"<html><body></body></html>", "no text", id="html without text"),
        pytest.param("a.txt", b"words \x00\x01\x02 more", "binary", id="binary in text"),
        pytest.param("a.txt", bytes(range(256)) * 4, "binary", id="every byte"),
        pytest.param("a.bin", b"\xd0\xcf\x11\xe0 old", "old Word", id="doc"),
        pytest.param("a.rtf", b"{\\rtf1 x}", "RTF", id="rtf"),
        pytest.param("a.png", b"\x89PNG\r\n\x1a\n", "picture", id="picture"),
        pytest.param("a.zip", b"PK\x03\x04 some archive", "archive", id="archive"),
        pytest.param("a.txt", b"%PDF-1.4 named wrong", "PDF file; rename", id="pdf named txt"),
    ],
)
def test_what_is_unreadable_is_refused_in_one_sentence(write_file: Write, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_file(write_file(name, data))
    _is_one_sentence(refused.value, name, reason)


def _is_one_sentence(error: UnreadableFile, name: str, reason: str) -> None:
    sentence = str(error)
    assert sentence.startswith(f"{name} could not be read: ")
    assert reason in sentence
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_pdf_is_refused(pdf_bytes: MakePdf, write_file: Write, share: float) -> None:
    whole = pdf_bytes([["line"] * 40] * 5)
    with pytest.raises(UnreadableFile) as refused:
        read_file(write_file("cut.pdf", whole[: int(len(whole) * share)]))
    _is_one_sentence(refused.value, "cut.pdf", "cut short")


def test_a_damaged_pdf_is_refused(write_file: Write) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        read_file(write_file("odd.pdf", b"%PDF-1.4\nnothing that a PDF needs\n%%EOF\n"))


def test_a_scanned_pdf_asks_for_recognition(pdf_bytes: MakePdf, write_file: Write) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_file(write_file("scan.pdf", pdf_bytes([[], []])))
    _is_one_sentence(refused.value, "scan.pdf", "OCR")


def test_a_real_password_is_named(pdf_bytes: MakePdf, write_file: Write) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_file(write_file("secret.pdf", pdf_bytes(PAGES, opened_by="open sesame")))
    _is_one_sentence(refused.value, "secret.pdf", "password")


def test_limits_are_said_with_their_figures(
    pdf_bytes: MakePdf, write_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnreadableFile, match="11 bytes, and at most 10 are read"):
        read_file(write_file("big.txt", b"x" * 11), max_bytes=10)
    with pytest.raises(UnreadableFile, match="3 pages, and at most 2 are read"):
        read_file(write_file("long.pdf", pdf_bytes([["x"]] * 3)), max_pages=2)
    with pytest.raises(UnreadableFile, match="3 pages, and at most 2 are read"):
        read_file(write_file("long.txt", b"a\fb\fc"), max_pages=2)
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 1_000)
    with pytest.raises(UnreadableFile, match="unpacks to"):
        files.text_of("bomb.docx", _docx(["x"]))


def test_a_docx_that_is_a_zip_of_something_else_is_refused(write_file: Write) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<not word")
    with pytest.raises(UnreadableFile, match="damaged"):
        read_file(write_file("odd.docx", out.getvalue()))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_file(tmp_path / "gone.txt")
    with pytest.raises(UnreadableFile, match="folder"):
        read_file(tmp_path)


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(0, 500))
def test_each_offset_has_the_page_that_holds_it(lengths: list[int], offset: int) -> None:
    starts = tuple(sum(lengths[:number]) + number for number in range(len(lengths)))
    page = FileText("x" * (sum(lengths) + len(lengths)), starts, "txt").page_at(offset)
    assert starts[page - 1] <= offset
    assert page == len(starts) or offset < starts[page]


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.xyz"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    try:
        outcome = read_file(path).text
    except UnreadableFile as error:
        outcome = str(error)
        refused = outcome.startswith(f"{name} could not be read: ")
    else:
        refused = False
    assert refused or outcome.strip()
