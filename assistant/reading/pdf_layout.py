"""Where the lines of a PDF's page stand: letters joined to runs, runs to lines, lines read column by column."""

from __future__ import annotations

import ctypes
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
_UNSURE_LINES = 5  # lines parted at the same place from which two columns may have been read as one
_UNMAPPED = 0.05  # share of letters whose font does not say what they are
_BOLD_WEIGHT = 600
_LINE_END_HYPHENS = ("\ufffe", "\x02", "\u00ad")


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
        runs, unmapped = _runs(textpage.raw)
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


def _runs(textpage: Any) -> tuple[list[_Run], bool]:
    import pypdfium2.raw as pdfium

    runs: list[_Run] = []
    box = pdfium.FS_RECTF()
    count = min(pdfium.FPDFText_CountChars(textpage), _MOST_LETTERS)
    unmapped = seen = 0
    blank = False
    for at in range(count):
        letter = chr(pdfium.FPDFText_GetUnicode(textpage, at) or 32)
        if letter in _LINE_END_HYPHENS:
            letter = "-" if letter != "\u00ad" else ""
        if letter.isspace() or not letter:
            blank = blank or bool(letter)
            continue
        pdfium.FPDFText_GetLooseCharBox(textpage, at, ctypes.byref(box))
        seen += 1
        unmapped += pdfium.FPDFText_HasUnicodeMapError(textpage, at) == 1 or letter == "\ufffd"
        low, high = sorted((box.bottom, box.top))
        last = runs[-1] if runs else None
        if last is None or not _beside(last, box.left, low, high):
            runs.append(_Run(box.left, box.right, low, high, _bold(pdfium, textpage, at)))
        elif blank:
            last.letters.append(" ")
        runs[-1].letters.append(letter)
        runs[-1].right = max(runs[-1].right, box.right)
        blank = False
    return runs, bool(seen) and unmapped > _UNMAPPED * seen


def _beside(run: _Run, left: float, bottom: float, top: float) -> bool:
    """Whether a letter goes on where the run ends: on its line, neither far behind nor before it."""
    size = max(run.size, 1.0)
    middle = (bottom + top) / 2
    alike = abs((top - bottom) - size) < 0.35 * size
    return run.bottom <= middle <= run.top and alike and -0.6 * size < left - run.right < _GAP * size


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
            cells[-1] = f"{cells[-1]} {run.text}" if run.left - last.right > 0.12 * run.size else cells[-1] + run.text
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
            low, high = max(_foot(first), _foot(second)), min(_head(first), _head(second))
            whole = max(_head(first), _head(second)) - min(_foot(first), _foot(second))
            if high - low >= _OVERLAP * whole:
                return start
    return None


def _is_column(runs: Sequence[_Run], width: float) -> bool:
    return len(runs) >= _LEAST_LINES and median(run.right - run.left for run in runs) >= _LEAST_WIDTH * width


def _foot(runs: Sequence[_Run]) -> float:
    return min(run.bottom for run in runs)


def _head(runs: Sequence[_Run]) -> float:
    return max(run.top for run in runs)


def _by_column(runs: Sequence[_Run], gutter: float, page: int) -> Iterator[Line]:
    """The left column, then the right one; what runs across both ends what stands above it."""
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
