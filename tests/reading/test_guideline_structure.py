"""A guideline's text is read into the same sections from every format; what is doubtful is named by its page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laid_out import Put, column, pdf_of

from assistant.errors import UnreadableFile
from assistant.reading import files, guideline_pdf
from assistant.reading.guideline_blocks import Block, heading_level
from assistant.reading.guideline_passages import sections_of
from assistant.reading.guideline_structure import ReadingReport, is_garbled, read_guideline_file, report_on

Write = Callable[[str, bytes], Path]
INTRO = "Most backs get better by themselves."
MRI = "An MRI is for a deficit that grows."
ROWS = [("Condition", "Visits"), ("Strain of the back", "10"), ("Other", "as needed")]
NAMES = ["Backs", "Backs > Imaging > MRI", "Backs > Therapy"]


def _docx(styled: bool = True) -> bytes:
    document = docx.Document()
    for level, text in [(1, "Backs"), (0, INTRO), (2, "Imaging"), (3, "MRI"), (0, MRI), (2, "Therapy")]:
        if level and styled:
            document.add_heading(text, level)
        elif level:
            document.add_paragraph().add_run(text).bold = True
        else:
            document.add_paragraph(text)
    table = document.add_table(rows=3, cols=2)
    for r, row in enumerate(ROWS):
        for c, cell in enumerate(row):
            table.cell(r, c).text = cell
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


HTML = (
    "<html><head><title>Backs at Work</title></head><body><h1>Backs</h1><div>" + INTRO + "</div>"
    "<h2>Imaging</h2><h3>M<b>RI</b></h3><p>An MRI is for a\n deficit that grows.</p><h2>Therapy</h2><table><tr>"
    + "</tr><tr>".join("".join(f"<td>{cell}</td>" for cell in row) for row in ROWS)
    + "</tr></table><script>no()</script></body></html>"
)
MARKDOWN = (
    f"# Backs\n\n{INTRO}\n\n## Imaging\n### MRI\nAn MRI is for a\ndeficit that grows.\n\n## Therapy\n\n"
    "| Condition | Visits |\n|---|:--|\n| Strain of the back | 10 |\n| Other | as needed |\n"
)
NUMBERED = (
    f"1 Backs\n\n{INTRO}\n\n1.1 Imaging\n\n1.1.1 MRI\n\nAn MRI is for a\ndeficit that grows.\n\n1.2 Therapy\n\n"
    "Condition\tVisits\nStrain of the back\t10\nOther\tas needed\n"
)


NUMBERED_NAMES = ["1 Backs", "1 Backs > 1.1 Imaging > 1.1.1 MRI", "1 Backs > 1.2 Therapy"]


def _pdf() -> bytes:
    table = [Put(x, 600 - 16 * r, cell) for r, row in enumerate(ROWS) for x, cell in zip((60, 320), row, strict=True)]
    first = [
        Put(50, 780, "Backs", 20),
        Put(50, 750, INTRO),
        Put(50, 700, "Imaging", 15),
        Put(50, 680, "MRI", 12.5, bold=True),
        Put(50, 660, "An MRI is for a"),
        Put(50, 646, "deficit that grows."),
    ]
    return pdf_of([first, [Put(50, 780, "Therapy", 15), *table]])


@pytest.mark.parametrize(
    ("name", "data", "names"),
    [
        pytest.param("g.docx", _docx(), NAMES, id="docx by heading styles"),
        pytest.param("g.docx", _docx(styled=False), ["Backs", "MRI", "Therapy"], id="docx by bold lines"),
        pytest.param("g.html", HTML.encode(), NAMES, id="html"),
        pytest.param("g.md", MARKDOWN.encode(), NAMES, id="markdown"),
        pytest.param("g.txt", NUMBERED.encode(), NUMBERED_NAMES, id="numbered lines"),
        pytest.param("g.pdf", _pdf(), NAMES, id="pdf by type"),
    ],
)
def test_each_format_gives_the_same_sections(write_file: Write, name: str, data: bytes, names: list[str]) -> None:
    _, text = read_guideline_file(write_file(name, data))
    sections = sections_of(text)
    assert [s.name for s in sections] == names
    assert [b.text for s in sections for b in s.blocks if b.text and not b.level] == [INTRO, MRI]
    assert sections[-1].blocks[-1].rows == ("Condition | Visits", "Strain of the back | 10", "Other | as needed")


def test_a_pdf_keeps_its_pages_and_passes_over_running_heads(write_file: Write) -> None:
    pages = [
        [Put(50, 815, f"Invented Board, print {n}", 8), *column(_body(animal)), Put(290, 20, str(n))]
        for n, animal in enumerate(ANIMALS, 1)
    ]
    _, text = read_guideline_file(write_file("g.pdf", pdf_of(pages)))
    assert [(b.page, b.text) for b in text.blocks] == [
        (n, " ".join(_body(animal))) for n, animal in enumerate(ANIMALS, 1)
    ]
    assert set(text.notes.left_out) == {"Invented Board, print 1", "page numbers"}


def test_a_page_that_holds_its_running_head_alone_is_named_as_one_without_text(write_file: Write) -> None:
    full = [[Put(50, 815, "Invented Board", 8), *column(_body(animal)), Put(290, 20, "1")] for animal in ANIMALS]
    short = [Put(50, 815, "Invented Board", 8), *column(["A short last page."])]
    _, text = read_guideline_file(write_file("g.pdf", pdf_of([*full, [Put(50, 815, "Invented Board", 8)], short])))
    assert text.notes.empty == (5,)
    assert text.blocks[-1].text == "A short last page."
    assert not any("Invented Board" in block.text for block in text.blocks)


def test_two_columns_over_a_table_are_read_one_after_the_other(write_file: Write) -> None:
    left, right = ([f"{side} line {n} goes on about backs" for n in range(8)] for side in ("Left", "Right"))
    table = [Put(x, 580 - 14 * n, f"{word} {n}") for n in range(3) for x, word in ((50, "Drug"), (330, "Dose"))]
    page = [Put(50, 830, "Head", 8), *column(left), *column(right, x=320), *table, Put(290, 20, "7")]
    _, text = read_guideline_file(write_file("g.pdf", pdf_of([page])))
    assert text.notes.two_columns == (1,)
    words = " ".join(block.words for block in text.blocks)
    assert (
        words.index("Left line 7") < words.index("Right line 0") < words.index("Right line 7") < words.index("Drug 0")
    )
    assert [block.rows for block in text.blocks if block.rows] == [
        ("Drug 0 | Dose 0", "Drug 1 | Dose 1", "Drug 2 | Dose 2")
    ]


def test_a_loop_in_the_bookmarks_is_passed_over_in_silence(write_file: Write, caplog: pytest.LogCaptureFixture) -> None:
    loop = {11: "<< /Title (Therapy) /Parent 5 0 R /Next 10 0 R /First 10 0 R /Dest [12 0 R /Fit] >>"}
    data = pdf_of([column(["Imaging", "", INTRO])], bookmarks=[("Imaging", 0), ("Therapy", 0)], objects=loop)
    _, text = read_guideline_file(write_file("g.pdf", data))
    assert [b.text for b in text.blocks if b.level] == ["Imaging"]
    assert caplog.records == []


def test_more_text_than_can_be_read_is_refused(write_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.reading.guideline_structure._MOST_LETTERS", 1000)
    with pytest.raises(UnreadableFile, match="its text has 1,999 letters, and at most 1,000 are read; import it by"):
        read_guideline_file(write_file("g.txt", b"a " * 999 + b"a"))


def test_more_paragraphs_than_can_be_read_are_refused_unread(
    write_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.reading.guideline_markup.MOST_BLOCKS", 3)
    document = docx.Document()
    for _ in range(4):
        document.add_paragraph("Backs hurt.")
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(UnreadableFile, match="paragraphs, and at most 3 are read"):
        read_guideline_file(write_file("g.docx", out.getvalue()))


def test_what_a_browser_would_not_show_is_not_read(write_file: Write) -> None:
    unseen = "<p style='Display: none'>A <b hidden>very</b> bad word</p><p hidden>Worse</p><script>Worst</script>"
    _, text = read_guideline_file(write_file("g.html", f"<html><body><p>Seen.</p>{unseen}</body></html>".encode()))
    assert [block.words for block in text.blocks] == ["Seen."]


def test_bookmarks_name_the_headings_of_a_pdf_in_one_type(write_file: Write) -> None:
    lines = ["Imaging", "", "It shows bones and discs to those who look.", "", "Therapy", "", "It moves what is stiff."]
    data = pdf_of([column(lines)], bookmarks=[("Imaging", 0), ("Therapy", 0)])
    _, text = read_guideline_file(write_file("g.pdf", data))
    assert [b.text for b in text.blocks if b.level] == ["Imaging", "Therapy"]


ANIMALS = ("ox", "ass", "mule", "horse")


def _body(animal: str) -> list[str]:
    return [
        f"The {animal} stands on the page,",
        f"one {animal} after",
        "the other,",
        "and so",
        f"the {animal} ends it.",
    ]


LEFT = ["Those who lift all day often hurt", "in the back, and most get better", "when they go on with what they"]
LEFT += ["can do. Rest in bed is not of use", "beyond two days, and it may be of", "harm to those who rest for weeks."]
RIGHT = [
    "Needles may be tried by those who",
    "want them, at first six times, and",
    "more often when function has grown",
]
RIGHT += [
    "that the first needles brought and",
    "that was written down, so that all",
    "who read the record can see as much.",
]


def _interleaved(right: float) -> list[Put]:
    return [put for pair in zip(column(LEFT, 50), column(RIGHT, right), strict=True) for put in pair]


def test_two_columns_are_read_one_after_the_other(write_file: Write) -> None:
    page = [Put(50, 800, "Backs And Needles For All Who Work", 16), *_interleaved(310)]
    _, text = read_guideline_file(write_file("g.pdf", pdf_of([page])))
    assert text.notes.two_columns == (1,)
    words = " ".join(b.text for b in text.blocks if not b.level)
    assert words == " ".join((*LEFT, *RIGHT))


def test_columns_that_cannot_be_parted_plainly_are_named(write_file: Write) -> None:
    across = [
        Put(50, 640 - 14 * n, "A line that runs across the whole of the page from one margin to the other")
        for n in range(9)
    ]
    _, text = read_guideline_file(write_file("g.pdf", pdf_of([[*_interleaved(310), *across]])))
    assert text.notes.columns_unsure == (1,)
    assert "page 1" in " ".join(report_on(text, 1, 1).doubts)


def test_pages_without_text_and_garbled_pages_are_named(write_file: Write) -> None:
    odd = column(
        ["Thr wrds f ths pg hv n vwls t ll", "bcs thr fnt s brkn nd cnnt b rd", "nd n n cn sy wht thy mght mn hr"]
    )
    _, text = read_guideline_file(write_file("g.pdf", pdf_of([column([INTRO]), [], odd])))
    report = report_on(text, 0, 2)
    assert (report.empty, report.garbled, report.pages) == ((2,), (3,), 3)
    assert any("page 2" in line for line in report.doubts)
    assert any("page 3" in line for line in report.doubts)


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        (f"{INTRO} {MRI}", False),
        ("MRI CT EMG NCV TENS PRN QHS BID " * 3, False),
        ("The \ufffdrst \ufffdve visits of the work\ufffdr were paid for.", True),
        ("donâ€™t bend the back at workâ€”as far as possible", True),
        ("(cid:12)(cid:33)(cid:7) (cid:2)(cid:41)(cid:9)(cid:80)", True),
        ("short", False),
    ],
)
def test_garbled_letters(text: str, garbled: bool) -> None:
    assert is_garbled(text) is garbled


def test_a_report_names_pages_shortly() -> None:
    report = ReadingReport(3, 4, 60, empty=(3, 4, 5, 9), columns_unsure=tuple(range(1, 60, 2)))
    assert report.doubts[0] == "No text was found on pages 3 to 5 and 9; it may be scanned."
    assert "18 more" in report.doubts[1]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("1.2 Imaging of the Spine", 2),
        ("2. The worker must rest.", 0),
        ("Section 3", 1),
        ("CHAPTER IV TREATMENT", 1),
        ("GENERAL PRINCIPLES", 1),
        ("Physical Methods and Exercise", 2),
        ("Most backs get better", 0),
        ("Strain | 10", 0),
        ("4604.5.", 0),
        ("• Item One", 0),
        ("", 0),
    ],
)
def test_a_heading_is_told_by_its_wording(line: str, level: int) -> None:
    assert heading_level(line) == level


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    level = heading_level(text)
    assert 0 <= level <= 6
    assert Block(text, level).words == text.strip()


# --- bad input ------------------------------------------------------------------------------------------------


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:p/>" * 8_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("g.docx", _zip_bomb(), "it unpacks to", id="zip bomb"),
        pytest.param("g.pdf", pdf_of([[]] * 3), "scanned pictures", id="scanned"),
        pytest.param("g.pdf", pdf_of([[Put(50, 50, "x")]] * 2_001), "2,001 pages", id="too many pages"),
        pytest.param("g.html", b"<html><body><p> </p></body></html>", "no text", id="html without text"),
        pytest.param("g.md", b"---\nlabel: x\n---\n", "no text", id="front matter only"),
        pytest.param("g.txt", bytes(range(256)), "binary", id="binary"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(write_file: Write, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as refused:
        read_guideline_file(write_file(name, data))
    assert str(refused.value).count(".") == 2  # the file's ending, and the sentence's


def test_a_password_is_said(pdf_bytes: Callable[..., bytes], write_file: Write) -> None:
    with pytest.raises(UnreadableFile, match="password"):
        read_guideline_file(write_file("g.pdf", pdf_bytes([["Words."]], opened_by="secret")))


@pytest.mark.parametrize(
    "objects",
    [
        pytest.param(
            {5: "<< /Type /Outlines /First 10 0 R /Last 10 0 R >>", 10: "<< /Title (A) /Next 10 0 R >>"}, id="next"
        ),
        pytest.param({10: "<< /Title (A) /First 10 0 R /Last 10 0 R /Parent 10 0 R >>"}, id="own child"),
        pytest.param({2: "<< /Type /Pages /Kids [11 0 R 2 0 R] /Count 2 >>"}, id="page tree"),
    ],
)
def test_endless_loops_of_objects_end(write_file: Write, objects: dict[int, str]) -> None:
    path = write_file("g.pdf", pdf_of([column([INTRO, MRI])], bookmarks=[("A", 0)], objects=objects))
    try:
        _, text = read_guideline_file(path)
    except UnreadableFile:
        return  # refused, in bounded time
    assert [b.words for b in text.blocks] == [f"{INTRO} {MRI}"]


def test_a_pdf_that_takes_too_long_is_refused(write_file: Write) -> None:
    ticks = iter(range(0, 10_000, 200))
    path = write_file("g.pdf", b"")
    with pytest.raises(UnreadableFile, match="longer than five minutes"):
        guideline_pdf.read_pdf(path, pdf_of([column([INTRO])] * 5), clock=lambda: next(ticks))


def test_a_deeply_nested_page_is_read(write_file: Write) -> None:
    path = write_file("g.html", b"<html><body>" + b"<div>" * 3_000 + b"Words." + b"</div>" * 3_000 + b"</body></html>")
    assert [b.words for b in read_guideline_file(path)[1].blocks] == ["Words."]


def test_the_limits_of_files_hold(write_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED_TEXT", 100)
    with pytest.raises(UnreadableFile, match="at most 100 are read"):
        read_guideline_file(write_file("g.docx", _docx()))
