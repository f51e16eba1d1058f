"""Where the lines of a PDF's page stand: letters joined to runs, runs to lines, lines read column by column."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any

_MOST_LETTERS = 60_000  # of a page; more are no page that anybody reads
_GAP = 1.2  # times the type's size from which a blank parts two cells or columns
_LEAST_LINES = 6  # of a column
_LEAST_WIDTH = 0.22  # of the page's text, for the usual line of a column
_CROSSING = 0.25  # share of lines that may run across both columns (headings, tables)
_OVERLAP = 0.5  # share of the height that both columns must share
_CLOSE = 0.6  # times the type's size between a column's line and the next
_UNSURE_LINES = 5  # lines parted at the same place from which two columns may have been read as one
_UNMAPPED = 0.05  # share of letters whose font does not say what they are
_BOLD_WEIGHT = 600
_WORD_GAP = 0.12  # times the type's size from which two pieces are two words
# pdfium marks a hyphen at a line's end, with the break that followed, by one of these.
_HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-"})
_WORD = re.compile("[^\\s\ufffe\x02\x00]+[\ufffe\x02]?|[\ufffe\x02]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, in points from its lower left corner; more than one cell where wide blanks part it."""

    cells: tuple[str, ...]
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool
    page: int
    column: int = 0
    table: bool = False
    starts: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The line's words."""
        return " ".join(self.cells)


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The lines of a page in reading order; whether its columns, or its letters, are doubtful."""

    number: int
    lines: tuple[Line, ...]
    columns: int = 1
    unsure: bool = False
    unmapped: bool = False


@dataclass(slots=True)
class _Run:
    """Letters that stand side by side without a wide blank."""

    left: float
    right: float
    bottom: float
    top: float
    bold: bool
    letters: list[str] = field(default_factory=list)
    end: int = 0  # the index after the last letter

    def glued(self, word: _Word) -> bool:
        """Whether no blank stands between the run and the word in the file."""
        return word.at == self.end

    @property
    def size(self) -> float:
        return self.top - self.bottom

    @property
    def text(self) -> str:
        return "".join(self.letters).strip()


def layout_of(page: Any, number: int) -> PageLayout:
    """The lines of a pdfium page; the page is closed."""
    textpage = page.get_textpage()
    try:
        runs, unmapped = _runs(textpage)
    finally:
        textpage.close()
        page.close()
    runs = [run for run in runs if run.text]
    if not runs:
        return PageLayout(number, (), unmapped=unmapped)
    gutter = _gutter(runs)
    if gutter is None:
        lines = tuple(_lines(runs, number, 0))
        return PageLayout(number, _with_tables(lines), unsure=_parted(lines), unmapped=unmapped)
    return PageLayout(number, _with_tables(tuple(_by_column(runs, gutter, number))), columns=2, unmapped=unmapped)


# --- letters to runs ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Word:
    """Letters without a blank among them, and where they stand; `at` is the index of the first."""

    text: str
    at: int
    left: float
    right: float
    bottom: float
    top: float


def _runs(textpage: Any) -> tuple[list[_Run], bool]:
    import pypdfium2.raw as pdfium

    runs: list[_Run] = []
    seen = unmapped = 0
    for word in _words(textpage, pdfium):
        seen += 1
        unmapped += pdfium.FPDFText_HasUnicodeMapError(textpage.raw, word.at) == 1 or "\ufffd" in word.text
        last = runs[-1] if runs else None
        if last is None or not _beside(last, word):
            runs.append(_Run(word.left, word.right, word.bottom, word.top, _bold(pdfium, textpage.raw, word.at)))
        elif word.left - last.right > _WORD_GAP * last.size or not last.glued(word):
            last.letters.append(" ")
        runs[-1].letters.append(word.text)
        runs[-1].right = max(runs[-1].right, word.right)
        runs[-1].end = word.at + len(word.text)
    return runs, bool(seen) and unmapped > _UNMAPPED * seen


def _words(textpage: Any, pdfium: Any) -> Iterator[_Word]:
    """The words in the order of the file. Asking where letters stand is slow, so only a word's ends are asked for."""
    raw = textpage.raw
    count = min(textpage.count_chars(), _MOST_LETTERS)
    text = textpage.get_text_range(0, count)
    if len(text) != count:  # some letter is none or two in UTF-16, so that places in the text are not those in the file
        text = "".join(chr(pdfium.FPDFText_GetUnicode(raw, at) or 32) for at in range(count))
    box = pdfium.FS_RECTF()

    def stands(at: int) -> tuple[float, float, float, float]:
        pdfium.FPDFText_GetLooseCharBox(raw, at, ctypes.byref(box))
        low, high = sorted((box.bottom, box.top))
        return box.left, box.right, low, high

    for found in _WORD.finditer(text):
        left, right, bottom, top = stands(found.start())
        _, end, end_bottom, end_top = stands(found.end() - 1)
        if bottom <= (end_bottom + end_top) / 2 <= top and end >= left:
            yield _Word(_mended(found.group()), found.start(), left, end, bottom, top)
        else:  # no word of one line after all
            for at in range(*found.span()):
                yield _Word(_mended(text[at]), at, *stands(at))


def _mended(letters: str) -> str:
    return letters.replace("\u00ad", "").translate(_HYPHENS)


def _beside(run: _Run, word: _Word) -> bool:
    """Whether a word goes on where the run ends: on its line, neither far behind nor before it."""
    size = max(run.size, 1.0)
    middle = (word.bottom + word.top) / 2
    alike = abs((word.top - word.bottom) - size) < 0.35 * size
    return run.bottom <= middle <= run.top and alike and -0.6 * size < word.left - run.right < _GAP * size


def _bold(pdfium: Any, textpage: Any, at: int) -> bool:
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, at, name, len(name), ctypes.byref(flags))
    return b"bold" in name.value.lower() or pdfium.FPDFText_GetFontWeight(textpage, at) >= _BOLD_WEIGHT


# --- runs to lines --------------------------------------------------------------------------------------------


def _lines(runs: Sequence[_Run], page: int, column: int) -> Iterator[Line]:
    """The runs as lines from the top down, those of a line from left to right."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda r: -(r.top + r.bottom)):
        if rows and _on_line(rows[-1][0], run):
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        yield _line(sorted(row, key=lambda r: r.left), page, column)


def _on_line(first: _Run, other: _Run) -> bool:
    smaller = min(first.size, other.size)
    return abs((first.top + first.bottom) - (other.top + other.bottom)) < smaller


def _line(row: Sequence[_Run], page: int, column: int) -> Line:
    cells: list[str] = [row[0].text]
    starts = [row[0].left]
    for last, run in pairwise(row):
        if run.left - last.right >= _GAP * min(run.size, last.size):
            cells.append(run.text)
            starts.append(run.left)
        else:
            cells[-1] = (
                f"{cells[-1]} {run.text}" if run.left - last.right > _WORD_GAP * run.size else cells[-1] + run.text
            )
    main = max(row, key=lambda r: len(r.letters))
    return Line(
        tuple(cells),
        row[0].left,
        max(run.right for run in row),
        min(run.bottom for run in row),
        max(run.top for run in row),
        round(2 * main.size) / 2,
        all(run.bold for run in row),
        page,
        column,
        starts=tuple(starts),
    )


# --- columns --------------------------------------------------------------------------------------------------


def _gutter(runs: Sequence[_Run]) -> float | None:
    """Where the right one of two columns begins, or None where the page plainly has no two columns of prose."""
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    width = right - left
    for start in sorted({round(run.left) for run in runs if 0.35 * width < run.left - left < 0.65 * width}):
        first = [run for run in runs if run.right < start - 2]
        second = [run for run in runs if run.left >= start - 2]
        crossing = len(runs) - len(first) - len(second)
        if crossing <= _CROSSING * len(runs) and _is_column(first, width) and _is_column(second, width):
            prose = [_wide(first, width), _wide(second, width)]
            low, high = max(map(_foot, prose)), min(map(_head, prose))
            whole = max(map(_head, prose)) - min(map(_foot, prose))
            if high - low >= _OVERLAP * whole:
                return start
    return None


def _is_column(runs: Sequence[_Run], width: float) -> bool:
    return len(runs) >= _LEAST_LINES and median(run.right - run.left for run in runs) >= _LEAST_WIDTH * width


def _wide(runs: Sequence[_Run], width: float) -> list[_Run]:
    """The lines of a column's prose: running heads, page numbers and a table's cells say nothing of its height."""
    return [run for run in runs if run.right - run.left >= _LEAST_WIDTH * width]


def _foot(runs: Sequence[_Run]) -> float:
    return min(run.bottom for run in runs)


def _head(runs: Sequence[_Run]) -> float:
    return max(run.top for run in runs)


def _by_column(runs: Sequence[_Run], gutter: float, page: int) -> Iterator[Line]:
    """The left column, then the right one; what runs across both, or stands under both, ends what is above it."""
    width = max(run.right for run in runs) - min(run.left for run in runs)
    sides = [r for r in runs if r.right < gutter - 2], [r for r in runs if r.left >= gutter - 2]
    end = min(_end_of_prose(side, width) for side in sides)
    below = [run for run in runs if run.top <= end]
    runs = [run for run in runs if run.top > end]
    across = sorted((run for run in runs if run.left < gutter - 2 <= run.right), key=lambda r: -r.top)
    inside = [run for run in runs if not run.left < gutter - 2 <= run.right]
    column = 1
    for band in _bands(across):
        top, bottom, crossing = band
        here = [run for run in inside if bottom < (run.top + run.bottom) / 2 <= top]
        left = [run for run in here if run.right < gutter]
        yield from _lines(left, page, column)
        yield from _lines([run for run in here if run.right >= gutter], page, column + 1)
        yield from _lines(crossing, page, column + 2)
        column += 3
    yield from _lines(below, page, column)


def _end_of_prose(side: Sequence[_Run], width: float) -> float:
    """Where a column's prose ends: under its last long line and the short ones that follow it closely."""
    end = _foot(_wide(side, width))
    for run in sorted((run for run in side if run.top <= end + run.size / 2), key=lambda r: -r.top):
        if end - run.top > _CLOSE * run.size:
            break
        end = min(end, run.bottom)
    return end


def _bands(across: Sequence[_Run]) -> Iterator[tuple[float, float, list[_Run]]]:
    """The heights between the lines that cross, from the top, each with the crossing line below it."""
    top = float("inf")
    for run in across:
        middle = (run.top + run.bottom) / 2
        yield top, middle, [run]
        top = middle
    yield top, float("-inf"), []


def _parted(lines: Sequence[Line]) -> bool:
    """Whether many lines of prose are parted at about the same place, as two columns read as one would be."""
    starts = [round(start / 6) for line in lines for start in line.starts[1:2] if _prose(line)]
    return bool(starts) and max(starts.count(s) for s in set(starts)) >= _UNSURE_LINES


def _prose(line: Line) -> bool:
    """Two cells of several words each."""
    return len(line.cells) == 2 and all(len(cell.split()) >= 4 for cell in line.cells)


def _with_tables(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Lines of cells that stand under each other are rows of a table."""
    rows = [False] * len(lines)
    for at, (line, below) in enumerate(pairwise(lines)):
        if len(line.cells) > 1 and len(below.cells) > 1 and line.column == below.column and _aligned(line, below):
            rows[at] = rows[at + 1] = True
    return tuple(_as_row(line) if is_row else line for line, is_row in zip(lines, rows, strict=True))


def _as_row(line: Line) -> Line:
    return replace(line, table=True)


def _aligned(line: Line, below: Line) -> bool:
    near = sum(any(abs(start - other) <= line.size for other in below.starts) for start in line.starts)
    return near >= min(2, len(line.starts), len(below.starts))
