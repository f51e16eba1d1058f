"""Turns a PDF, DOCX, HTML, TXT or MD file into text that keeps its pages; else says why."""

from __future__ import annotations

import io
import logging
import re
import threading
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.domain import Determination
from assistant.errors import UnreadableFile
from assistant.reading.bounded import BoundedReader, Letter
from assistant.reading.letter_records import letter_of
from assistant.reading.ocr import OCR_WARNING, recognise

MAX_BYTES = 50 * 1024 * 1024
MAX_PAGES = 2_000
MAX_TEXT = 20_000_000  # characters of one document
CHANGED = "it changed while it was read; import it again when it is whole"
MAX_UNPACKED_BYTES = 200 * 1024 * 1024  # a DOCX is a zip archive and may unpack to far more than its size
MAX_UNPACKED_TEXT = 40 * 1024 * 1024  # the part of it that is parsed as XML, which takes many times its size

# pdfium marks a hyphen that it took from a line's end, with the break that followed, by one of these.
_LINE_END_HYPHEN = re.compile("[\ufffe\x02]")
_SOFT_HYPHEN = re.compile("\u00ad\n?")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MEDIA_BY_ENDING = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
}
_KNOWN_BINARIES = (
    (b"\xd0\xcf\x11\xe0", "it is an old Word document; save it as DOCX"),
    (b"{\\rtf", "it is an RTF document; save it as DOCX or TXT"),
    (b"\x89PNG", "it is a picture; its text must first be recognised (OCR)"),
    (b"\xff\xd8\xff", "it is a picture; its text must first be recognised (OCR)"),
    (b"II*\x00", "it is a picture; its text must first be recognised (OCR)"),
    (b"MM\x00*", "it is a picture; its text must first be recognised (OCR)"),
)
_BLOCKS = (
    "p",
    "div",
    "br",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "section",
    "blockquote",
    "pre",
    "hr",
)
_PDFIUM = threading.Lock()  # pdfium may be entered by one thread at a time


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file, where each of its pages starts, and what it was read from (pdf, docx, html, txt, md).

    Offsets count characters of `text`. Pages other than the first follow a form feed. `warnings` name what the file
    holds and the text does not, each in one sentence; `letter` is the determination in it, where one was asked for.
    """

    text: str
    page_starts: tuple[int, ...]
    media: str
    warnings: tuple[str, ...] = ()
    letter: Determination | None = None

    def page_at(self, offset: int) -> int:
        """The number, from 1, of the page on which the character at `offset` stands."""
        return max(1, bisect_right(self.page_starts, offset))


class ScannedFile(UnreadableFile):
    """A PDF whose pages hold pictures and no text."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(
            path, "its pages are scanned pictures without a text layer; their text must be recognised (OCR)"
        )


def read_file(
    path: Path, *, max_bytes: int = MAX_BYTES, max_pages: int = MAX_PAGES, reader: BoundedReader | None = None
) -> FileText:
    """Read the text of a file of at most `max_bytes` bytes and `max_pages` pages, in bounded time.

    PDFs are opened with the empty password, and their permission bits are not asked: the published letters forbid
    copying. An unknown ending is judged by content. Raises UnreadableFile, one sentence, for anything else.
    """
    return read_bytes(path.name, bytes_of(path, max_bytes=max_bytes), max_pages=max_pages, reader=reader)


def read_bytes(
    name: str, data: bytes, *, max_pages: int = MAX_PAGES, reader: BoundedReader | None = None, letter: Letter = "no"
) -> FileText:
    """Read the text of a file's bytes; `name` is its name, which tells the kind and stands in errors.

    Everything but plain text is read in a child process (`reader`, or one of its own), since the libraries that read
    it can be held for ever by a hostile file. Scanned pages are recognised where `ocrmypdf` is installed. `letter`
    asks for the letter in it: "no", "if" the text looks like one, or "always".
    """
    if letter == "no" and media_of(name, data) in ("txt", "md"):
        return text_of(name, data, max_pages)
    if reader is not None:
        return _read_apart(reader, name, data, max_pages, letter)
    with BoundedReader() as own:
        return _read_apart(own, name, data, max_pages, letter)


def _read_apart(reader: BoundedReader, name: str, data: bytes, max_pages: int, letter: Letter) -> FileText:
    answer = reader.read(name, data, max_pages, letter)
    if answer.get("scanned"):
        recognised = reader.read(name, recognise(name, data), max_pages, letter)
        if recognised.get("scanned"):
            raise UnreadableFile(name, "its pages are scanned pictures, and OCR found no text on them")
        found = _file_text(name, recognised)
        return replace(found, warnings=(OCR_WARNING, *found.warnings))
    return _file_text(name, answer)


def _file_text(name: str, answer: dict[str, Any]) -> FileText:
    if "reason" in answer:
        raise UnreadableFile(name, answer["reason"])
    record = answer.get("record")
    return FileText(
        answer["text"],
        tuple(answer["starts"]),
        answer["media"],
        tuple(answer["warnings"]),
        letter_of(record) if record is not None else None,
    )


def text_of(name: str, data: bytes, max_pages: int = MAX_PAGES) -> FileText:
    """The text of a file's bytes, read in this process and without a bound on time; raises UnreadableFile."""
    path = Path(name)
    media = media_of(name, data)
    if media == "pdf":
        return _read_pdf(path, data, max_pages)
    if media == "docx":
        text = _read_docx(path, data)
    elif media == "html":
        text = _text_of_html(decoded(path, data))
    else:
        text = decoded(path, data)
    if not text.strip():
        raise UnreadableFile(path, "it holds no text")
    starts = (0, *(match.end() for match in re.finditer("\f", text)))
    if len(starts) > max_pages:
        raise UnreadableFile(path, f"it has {len(starts):,} pages, and at most {max_pages:,} are read")
    return FileText(text, starts, media)


def bytes_of(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a file that is not empty and did not change while it was read; raises UnreadableFile."""
    try:
        before = path.stat()
        if path.is_dir():
            raise UnreadableFile(path, "it is a folder")
        if not path.is_file():
            raise UnreadableFile(path, "it is no file of its own (a pipe or a device)")
        if before.st_size > max_bytes:
            raise UnreadableFile(path, f"it has {before.st_size:,} bytes, and at most {max_bytes:,} are read")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
        after = path.stat()
    except FileNotFoundError:
        raise UnreadableFile(path, "there is no such file") from None
    except OSError as error:
        raise UnreadableFile(path, f"the system refused it ({error.strerror or 'input/output error'})") from None
    if len(data) > max_bytes:
        raise UnreadableFile(path, f"it has more than {max_bytes:,} bytes")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise UnreadableFile(path, CHANGED)
    return data


def media_of(name: str, data: bytes) -> str:
    """What a file is: by its ending, held against its first bytes; by its first bytes alone for an unknown ending."""
    path = Path(name)
    if not data.strip(b"\x00\t\n\r\f "):
        raise UnreadableFile(path, "it is empty")
    named = _MEDIA_BY_ENDING.get(path.suffix.lower())
    found = _sniffed(path, data)
    if named in ("pdf", "docx") and found != named:
        raise UnreadableFile(path, f"it is named {path.suffix} but is no {named.upper()} file")
    if named in ("html", "txt", "md"):
        if found in ("pdf", "docx"):
            raise UnreadableFile(path, f"it is named {path.suffix} but is a {found.upper()} file; rename it")
        return named
    return found


def _sniffed(path: Path, data: bytes) -> str:
    for signature, reason in _KNOWN_BINARIES:
        if data.startswith(signature):
            raise UnreadableFile(path, reason)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if b"word/" in data:
            return "docx"
        raise UnreadableFile(path, "it is an archive, not a document; unpack it first")
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if head.startswith((b"<!doctype html", b"<html", b"<?xml")) and b"<html" in head else "txt"


def decoded(path: Path, data: bytes) -> str:
    """Text out of bytes: by the byte order mark, else UTF-8, else Windows-1252; lines end in one newline.

    Raises UnreadableFile for bytes that are no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or len(_CONTROL.findall(text)) > len(text) // 100:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableFile(path, "it holds binary data, not text")


# --- PDF ------------------------------------------------------------------------------------------------------


def _read_pdf(path: Path, data: bytes, max_pages: int) -> FileText:
    with opened_pdf(path, data, max_pages=max_pages) as document:
        pages = _pdf_texts(path, document)
    blank = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(blank) == len(pages):
        raise ScannedFile(path)
    starts, parts, offset = [], [], 0
    for page in pages:
        starts.append(offset)
        parts.append(page)
        offset += len(page) + 2
    listed = ", ".join(map(str, blank[:20]))
    warnings = (f"No text was found on page {listed}, which may be scanned.",) if blank else ()
    return FileText("\f\n".join(parts), tuple(starts), "pdf", warnings)


@contextmanager
def opened_pdf(path: Path, data: bytes, *, max_pages: int = MAX_PAGES) -> Iterator[Any]:
    """A PDF as pdfium's document, opened with the empty password; no other thread is in pdfium meanwhile.

    Raises UnreadableFile where it cannot be opened, has more than `max_pages` pages, or a page of it is damaged.
    """
    import pypdfium2

    logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)  # what it says of a damaged outline is no user's sentence
    if b"%%EOF" not in data.rstrip(b"\x00\r\n\t ")[-4096:]:
        # pdfium would rebuild what is left of the file and hand out its first pages as if they were all
        raise UnreadableFile(path, "the PDF is cut short: its end is missing")
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data, password="")
        except pypdfium2.PdfiumError as error:
            if "assword" in str(error):
                raise UnreadableFile(path, "it is protected by a password; save it without one") from None
            raise UnreadableFile(path, "its PDF structure is damaged or cut short") from None
        try:
            count = len(document)
            if count > max_pages:
                raise UnreadableFile(path, f"it has {count:,} pages, and at most {max_pages:,} are read")
            if not count:
                raise UnreadableFile(path, "it has no pages")
            yield document
        except pypdfium2.PdfiumError:
            raise UnreadableFile(path, "one of its pages is damaged") from None
        finally:
            document.close()


def _pdf_texts(path: Path, document: Any) -> list[str]:
    texts: list[str] = []
    total = 0
    for number in range(len(document)):
        texts.append(_pdf_page(document[number]))
        total += len(texts[-1])
        if total > MAX_TEXT:
            raise UnreadableFile(path, f"it holds more than {MAX_TEXT:,} characters")
    return texts


def _pdf_page(page: object) -> str:
    """The text of one page; a hyphen at a line's end is kept, since nothing tells "non-certified" from "guide-line"."""
    textpage = page.get_textpage()  # type: ignore[attr-defined]  # pypdfium2 ships no types
    text = str(textpage.get_text_range())
    textpage.close()
    page.close()  # type: ignore[attr-defined]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x00", "")
    return _SOFT_HYPHEN.sub("", _LINE_END_HYPHEN.sub("-", text))


# --- DOCX and HTML --------------------------------------------------------------------------------------------


def _read_docx(path: Path, data: bytes) -> str:
    """The paragraphs and tables of a Word document in their order: a paragraph a line, the cells of a row by tabs."""
    return "\n".join(_docx_lines(opened_docx(path, data)))


def opened_docx(path: Path, data: bytes) -> Any:
    """A DOCX as python-docx's document; raises UnreadableFile where it is damaged or unpacks to too much."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        text = sum(entry.file_size for entry in entries if entry.filename.endswith(".xml"))
        for size, most in ((unpacked, MAX_UNPACKED_BYTES), (text, MAX_UNPACKED_TEXT)):
            if size > most:
                raise UnreadableFile(path, f"it unpacks to {size:,} bytes, and at most {most:,} are read")
        return docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError, OSError):
        raise UnreadableFile(path, "its DOCX structure is damaged or cut short") from None


def _docx_lines(container: object) -> Iterator[str]:
    from docx.table import Table

    for block in container.iter_inner_content():  # type: ignore[attr-defined]  # a document or a cell
        if not isinstance(block, Table):
            yield block.text
            continue
        for row in block.rows:
            cells: list[str] = []
            seen: set[int] = set()
            for cell in row.cells:
                if id(cell._tc) not in seen:  # a merged cell is listed once for each column that it spans
                    seen.add(id(cell._tc))
                    cells.append("\n".join(_docx_lines(cell)))
            yield "\t".join(cells)


def _text_of_html(markup: str) -> str:
    """The visible text of a page; block elements start lines."""
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString

    soup = BeautifulSoup(re.sub(r"^\s*<\?xml[^>]*>", "", markup), "html.parser")
    for hidden in soup(["script", "style", "head", "template", "noscript"]):
        hidden.decompose()
    for text in soup.find_all(string=True):
        if type(text) is NavigableString and text.find_parent("pre") is None:  # a comment is a subclass, and stays one
            text.replace_with(re.sub(r"\s+", " ", text))
    for cell in soup.find_all(["td", "th"]):
        cell.insert_after("\t")
    for block in soup.find_all(_BLOCKS):
        block.insert_before("\n")
        if block.name != "br":
            block.insert_after("\n")
    lines = (line.strip() for line in soup.get_text().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
