"""The blocks of a guideline in PDF: lines by where letters stand, columns, tables, headings by bookmark or by type."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from assistant.errors import UnreadableFile
from assistant.reading.files import opened_pdf
from assistant.reading.guideline_blocks import (
    PAGE_NUMBERS,
    Block,
    GuidelineText,
    PageNotes,
    heading_level,
    marks_of,
    row_of,
    squeezed,
    with_plain_headings,
)
from assistant.reading.pdf_layout import Line, PageLayout, layout_of

MAX_SECONDS = 300  # for a whole file; a page that takes no end in pdfium itself ends with it
_MOST_BOOKMARKS = 5_000
_DEEPEST = 6  # levels of bookmarks
_LARGER = 1.12  # times the body's size from which a line is a heading
_LONGEST = 130  # characters of a heading
_FEW_BOLD = 0.3  # share of bold letters up to which bold tells a heading
_REPEATED = 3  # pages on which a line at the edge must stand to be a running head
_EDGE = 2  # lines at the top and at the bottom that may be one
_LEAST_LINES = 7  # of a page whose edges can be told from its text
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s+(?:of|/)\s+\d{1,4})?$", re.IGNORECASE)
_HYPHEN_END = re.compile(r"\w-$")


def read_pdf(path: Path, data: bytes, clock: Callable[[], float] = time.monotonic) -> GuidelineText:
    """A PDF of at most 2,000 pages; raises UnreadableFile, one sentence, for one that cannot be read or takes too long.

    Running heads and page numbers are passed over and named in the notes.
    """
    began = clock()
    layouts: list[PageLayout] = []
    with opened_pdf(path, data) as document:
        marks = _bookmarks(document)
        title = squeezed(str(document.get_metadata_dict().get("Title") or ""))
        for number in range(len(document)):
            if clock() - began > MAX_SECONDS:
                raise UnreadableFile(path, f"reading its {len(document):,} pages takes longer than five minutes")
            layouts.append(layout_of(document[number], number + 1))
    lines, left_out = _without_running_heads(layouts) if any(page.lines for page in layouts) else ([], ())
    if not lines:
        raise UnreadableFile(
            path, "its pages are scanned pictures without a text layer; recognise the text first (OCR)"
        )
    with_text = {line.page for line in lines}
    blocks = tuple(_blocks(_merged(list(_with_levels(lines, marks)))))
    if not any(block.level for block in blocks):
        blocks = with_plain_headings(blocks)
    notes = PageNotes(
        empty=tuple(page.number for page in layouts if page.number not in with_text),
        two_columns=tuple(page.number for page in layouts if page.columns > 1),
        columns_unsure=tuple(page.number for page in layouts if page.unsure),
        garbled=tuple(page.number for page in layouts if page.unmapped),
        left_out=left_out,
    )
    return GuidelineText(blocks, "pdf", title or _first_large(lines), len(layouts), notes)


def _bookmarks(document: Any) -> dict[int, dict[str, int]]:
    """Page, from 1, to the folded titles of its bookmarks and their levels."""
    import pypdfium2

    found: dict[int, dict[str, int]] = {}
    try:
        for mark in islice(document.get_toc(max_depth=_DEEPEST), _MOST_BOOKMARKS):
            target = mark.get_dest()
            page = target.get_index() if target is not None else None
            if page is not None:
                found.setdefault(page + 1, {}).setdefault(_folded(mark.get_title()), mark.level + 1)
    except (pypdfium2.PdfiumError, ValueError):
        return found  # a damaged outline; the text is read without it
    return found


def _folded(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def _first_large(lines: Sequence[Line]) -> str | None:
    """The first line in the largest type of the first page."""
    first = [line for line in lines if line.page == lines[0].page]
    largest = max(line.size for line in first)
    return next((line.text for line in first if line.size == largest), None)


# --- running heads --------------------------------------------------------------------------------------------


def _without_running_heads(layouts: Sequence[PageLayout]) -> tuple[list[Line], tuple[str, ...]]:
    """The lines without those that most pages bear at an edge, and what was passed over."""
    sizes = sorted(line.size for page in layouts for line in page.lines)
    body = sizes[len(sizes) // 2]
    edges = [[_digitless(x.text) for x in _edge_lines(page.lines) if x.size < _LARGER * body] for page in layouts]
    counts = Counter(text for page in edges for text in set(page))
    least = max(_REPEATED, len([page for page in layouts if page.lines]) // 2)
    running = {text for text, count in counts.items() if count >= least}
    kept: list[Line] = []
    left_out: dict[str, str] = {}
    for page in layouts:
        at_edge = {id(line) for line in _edge_lines(page.lines)}
        outermost = {id(line) for line in _outermost(page.lines)}  # of a short page, too, a head known from others
        for line in page.lines:
            heads = _digitless(line.text) in running and line.size < _LARGER * body and id(line) in at_edge | outermost
            numbers = _PAGE_NUMBER.fullmatch(line.text.strip()) and id(line) in at_edge and len(page.lines) > 1
            if heads or numbers:
                left_out.setdefault(*(2 * (PAGE_NUMBERS,) if numbers else (_digitless(line.text), line.text)))
            else:
                kept.append(line)
    return kept, tuple(islice(left_out.values(), 10))


def _edge_lines(lines: Sequence[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: -line.top)
    deep = _EDGE if len(lines) >= _LEAST_LINES else 0
    numbers = [line for line in ([] if deep else _outermost(lines)) if _PAGE_NUMBER.fullmatch(line.text.strip())]
    return [*by_height[:deep], *by_height[len(by_height) - deep :], *numbers]


def _outermost(lines: Sequence[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: -line.top)
    return [*by_height[:1], *by_height[-1:]]


def _digitless(text: str) -> str:
    return re.sub(r"\d+", "#", squeezed(text))


# --- headings -------------------------------------------------------------------------------------------------


def _with_levels(lines: Sequence[Line], marks: Mapping[int, Mapping[str, int]]) -> Iterator[tuple[Line, int]]:
    """Each line with its level as a heading: that of its bookmark, else by its type, 0 for none."""
    letters: Counter[float] = Counter()
    bold = 0
    for line in lines:
        letters[line.size] += len(line.text)
        bold += len(line.text) if line.bold else 0
    body = letters.most_common(1)[0][0]
    bold_tells = bold < _FEW_BOLD * sum(letters.values())
    kinds = [_kind(line, body, bold_tells=bold_tells) for line in lines]
    ranks = {kind: place for place, kind in enumerate(sorted({k for k in kinds if k}, reverse=True), 1)}
    deepest = max((level for page in marks.values() for level in page.values()), default=0)
    for line, kind in zip(lines, kinds, strict=True):
        marked = marks.get(line.page, {}).get(_folded(line.text))
        if marked:
            yield line, marked
        else:
            yield line, deepest + ranks[kind] if kind else 0


def _kind(line: Line, body: float, *, bold_tells: bool) -> tuple[float, bool] | None:
    """The type of a heading's line, the larger the higher; None for body text."""
    text = line.text
    if len(line.cells) > 1 or len(text) > _LONGEST or text[-1:] in ".;," or not re.search(r"[^\W\d_]{2}", text):
        return None
    if line.size >= _LARGER * body:
        return (line.size, line.bold)
    return (body, True) if line.bold and bold_tells and line.size >= body * 0.95 else None


def _merged(lines: Sequence[tuple[Line, int]]) -> Iterator[tuple[Line, int]]:
    """Headings of one type on following lines of a column as one heading."""
    held: tuple[Line, int] | None = None
    for line, level in lines:
        if held and level == held[1] and level and _follows(held[0], line):
            text = f"{held[0].text} {line.text}"
            held = (replace(line, cells=(text,)), level)
            continue
        if held:
            yield held
        held = (line, level)
    if held:
        yield held


def _follows(first: Line, second: Line) -> bool:
    apart = first.bottom - second.top
    alike = first.size == second.size and first.bold == second.bold and first.page == second.page
    return alike and first.column == second.column and apart < 0.6 * first.size and not heading_level(second.text)


# --- paragraphs and tables ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """The paragraph or table under way."""

    lines: list[Line]
    table: bool


def _blocks(lines: Iterator[tuple[Line, int]]) -> Iterator[Block]:
    under_way: _Open | None = None
    for line, level in lines:
        if level:
            if under_way:
                yield _closed(under_way)
            under_way = None
            yield Block(squeezed(line.text), level, line.page)
            continue
        if under_way and _goes_on(under_way, line):
            under_way.lines.append(line)
            continue
        if under_way:
            yield _closed(under_way)
        under_way = _Open([line], line.table)
    if under_way:
        yield _closed(under_way)


def _closed(block: _Open) -> Block:
    page = block.lines[0].page
    if block.table:
        return Block("", page=page, rows=tuple(filter(None, (row_of(line.cells) for line in block.lines))))
    text = ""
    for line in block.lines:
        # a hyphen at a line's end is kept: nothing tells "non-certified" from "guide-line"
        text += line.text if not text or _HYPHEN_END.search(text) else f" {line.text}"
    return Block(squeezed(text), page=page)


def _goes_on(block: _Open, line: Line) -> bool:
    last = block.lines[-1]
    if block.table or line.table:
        return block.table and line.table and last.page == line.page
    if marks_of(line.text) or re.match(r"(?:[-•*▪]|\d{1,2}[.)])\s", line.text):
        return False
    if last.page != line.page or last.column != line.column:
        return last.text.rstrip()[-1:] not in ".!?:" and not line.text[:1].isupper()
    apart = last.bottom - line.top
    indented = line.left > last.left + 0.8 * line.size and last.text.rstrip()[-1:] in ".!?:"
    return apart < 0.75 * line.size and not indented
