"""The blocks of a guideline in DOCX, HTML, Markdown and plain text: headings by style, tag or sign, else by wording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.errors import UnreadableFile
from assistant.reading.files import decoded, opened_docx
from assistant.reading.guideline_blocks import (
    MOST_BLOCKS,
    Block,
    GuidelineText,
    heading_level,
    paragraphs,
    row_of,
    squeezed,
    with_plain_headings,
)

_HEADING_STYLE = re.compile(r"heading\s*(\d)", re.IGNORECASE)
_TITLE_STYLE = re.compile(r"title$", re.IGNORECASE)
_HEADING_TAG = re.compile(r"h([1-6])$")
_HASHES = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_MARKDOWN_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE_ROW = re.compile(r"^[\s|:-]+$")
_CELL_GAP = re.compile(r"\t+|\s{3,}")
_HTML_BLOCKS = [
    "p", "div", "li", "ul", "ol", "section", "article", "blockquote", "pre", "dl", "dt", "dd", "main", "header",
    "footer", "figure", "figcaption", "body", "html", "h1", "h2", "h3", "h4", "h5", "h6", "caption",
]  # fmt: skip
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN = ["script", "style", "template", "noscript"]


def read_docx(path: Path, data: bytes) -> GuidelineText:
    """A Word document: headings by style, else short lines all in bold, else by wording; raises UnreadableFile."""
    document = opened_docx(path, data)
    parts = len(document.element.body)
    if parts > MOST_BLOCKS:
        raise UnreadableFile(path, f"it has {parts:,} paragraphs, and at most {MOST_BLOCKS:,} are read")
    title = squeezed(document.core_properties.title or "")
    styles: dict[str | None, str] = {}  # python-docx looks through all styles for each paragraph
    blocks: list[Block] = []
    bold: set[int] = set()
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            rows = tuple(filter(None, (row_of(cells) for cells in _docx_rows(part))))
            blocks += [Block("", rows=rows)] if rows else []
            continue
        text = squeezed(part.text)
        if not text:
            continue
        style_id = part._p.style
        if style_id not in styles:
            styles[style_id] = str(getattr(part.style, "name", "") or "")
        style = styles[style_id]
        if _TITLE_STYLE.search(style) and not title:
            title = text
        if _all_bold(part) and len(text) <= _LONGEST_BOLD and text[-1] not in ".;,":
            bold.add(len(blocks))
        blocks.append(Block(text, _style_level(style)))
    if not any(block.level > 1 for block in blocks) and bold:
        blocks = [Block(b.text, b.level or 2, rows=b.rows) if n in bold else b for n, b in enumerate(blocks)]
    return _with_headings(blocks, "docx", title or None)


_LONGEST_BOLD = 100  # characters of a line in bold that can be a heading


def _style_level(style: str) -> int:
    found = _HEADING_STYLE.match(style)
    if found:
        return int(found[1]) + 1
    return 1 if _TITLE_STYLE.fullmatch(style) else 0


def _all_bold(paragraph: Any) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)


def _docx_rows(table: Any) -> Iterator[list[str]]:
    for row in table.rows:
        cells: dict[int, str] = {}
        for cell in row.cells:  # a merged cell is listed once for each column that it spans
            cells.setdefault(id(cell._tc), " ".join(_docx_words(cell)))
        yield list(cells.values())


def _docx_words(cell: Any) -> Iterator[str]:
    for part in cell.iter_inner_content():
        if hasattr(part, "rows"):
            yield from (row_of(cells) for cells in _docx_rows(part))
        else:
            yield part.text


def read_html(path: Path, data: bytes) -> GuidelineText:
    """A web page: headings by h1 to h6, else by wording; what a browser would not show is left out."""
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString, Tag

    soup = BeautifulSoup(re.sub(r"^\s*<\?xml[^>]*>", "", decoded(path, data)), "html.parser")
    title = squeezed(soup.title.get_text()) if soup.title else ""
    for unseen in [*soup([*_UNSEEN, "head"]), *soup(hidden=True), *soup(style=_NOT_SHOWN)]:
        unseen.decompose()
    blocks: list[Block] = []
    for table in soup.find_all("table"):
        if table.find_parent("table") is None:
            rows = tuple(filter(None, (row_of(_html_cells(row)) for row in table.find_all("tr"))))
            blocks.append(Block("", rows=rows))
            table.replace_with(_TABLE.format(len(blocks) - 1))
    found: list[Block] = []
    strings = (node for node in soup.descendants if type(node) is NavigableString or _is_break(node))
    for home, nodes in groupby(strings, key=lambda node: node.find_parent(_HTML_BLOCKS)):
        level = _HEADING_TAG.match(home.name) if isinstance(home, Tag) else None
        words = "".join("\n\n" if _is_break(node) else str(node) for node in nodes)
        found += _html_pieces(words, int(level[1]) if level else 0, blocks)
    return _with_headings(found, "html", title or None)


_TABLE = "\n\n\x1etable {}\x1e\n\n"
_TABLE_MARK = re.compile("\x1etable (\\d+)\x1e")


def _is_break(node: object) -> bool:
    return getattr(node, "name", None) == "br"


def _html_pieces(words: str, level: int, tables: Sequence[Block]) -> Iterator[Block]:
    for number, piece in enumerate(_TABLE_MARK.split(words)):
        if number % 2:
            if tables[int(piece)].rows:
                yield tables[int(piece)]
        elif level:
            if piece.strip():
                yield Block(squeezed(piece), level)
        else:
            yield from (Block(squeezed(text)) for text in re.split(r"\n\s*\n", piece) if text.strip())


def _html_cells(row: Any) -> list[str]:
    cells = [cell for cell in row.find_all(["td", "th"]) if cell.find_parent("tr") is row]
    return [cell.get_text(" ") for cell in cells]


def read_markdown(path: Path, data: bytes) -> GuidelineText:
    """A Markdown file: headings by #, else by wording; its front matter is no part of the text."""
    text = without_front_matter(decoded(path, data))
    if not re.search(r"^#{1,6}\s+\S", text, re.MULTILINE):
        return _plain(text, "md")
    blocks: list[Block] = []
    for line_kind, lines in groupby(text.split("\n"), key=_markdown_kind):
        if line_kind == "heading":
            found = (_HASHES.match(line) for line in lines)
            blocks += [Block(_unmarked(match[2]), len(match[1])) for match in found if match]
        elif line_kind == "row":
            blocks += _table([line.strip().strip("|").split("|") for line in lines if not _RULE_ROW.match(line)])
        elif line_kind == "words":
            blocks += [Block(_unmarked(paragraph)) for paragraph in paragraphs(list(lines))]
    title = next((block.text for block in blocks if block.level == 1), None)
    return GuidelineText(tuple(blocks), "md", title)


def _markdown_kind(line: str) -> str:
    if _HASHES.match(line):
        return "heading"
    if _MARKDOWN_ROW.match(line):
        return "row"
    return "words" if line.strip() else "blank"


def _unmarked(text: str) -> str:
    """The words without the signs of emphasis around them."""
    return squeezed(re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text))


def without_front_matter(text: str) -> str:
    """The text after the lines between two lines of --- with which it may begin."""
    found = re.match(r"\A\s*---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", text, re.DOTALL)
    return text[found.end() :] if found else text


def read_plain(path: Path, data: bytes) -> GuidelineText:
    """A text file: headings by number, by words such as "Section 3" or by capitals; form feeds end its pages."""
    return _plain(without_front_matter(decoded(path, data)), "txt")


def _plain(text: str, media: str) -> GuidelineText:
    pages = text.split("\f")
    paged = len(pages) > 1
    blocks = [block for number, page in enumerate(pages, 1) for block in _plain_page(page, number if paged else None)]
    return _with_headings(blocks, media, None, len(pages) if paged else None)


def _plain_page(text: str, page: int | None) -> Iterator[Block]:
    lines = text.split("\n")
    cells = [_CELL_GAP.split(line.strip()) if line.strip() else [] for line in lines]
    tabular = [
        len(cells[n]) > 1 and any(len(cells[m]) > 1 for m in (n - 1, n + 1) if 0 <= m < len(cells))
        for n in range(len(lines))
    ]
    for is_table, numbers in groupby(range(len(lines)), key=lambda n: tabular[n]):
        chosen = list(numbers)
        if is_table:
            yield from (Block("", page=page, rows=b.rows) for b in _table([cells[n] for n in chosen]))
        else:
            yield from (Block(paragraph, page=page) for paragraph in paragraphs([lines[n] for n in chosen]))


def _table(rows: Sequence[Sequence[str]]) -> list[Block]:
    said = tuple(filter(None, map(row_of, rows)))
    return [Block("", rows=said)] if said else []


def _with_headings(blocks: Sequence[Block], media: str, title: str | None, pages: int | None = None) -> GuidelineText:
    found = tuple(blocks)
    if not any(block.level > 1 or (block.level and media != "docx") for block in found):
        found = with_plain_headings(found)
    first = next((b.text for b in found[:3] if b.level or heading_level(b.text)), None)
    return GuidelineText(found, media, title or first, pages)
