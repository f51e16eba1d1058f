"""What a guideline's text is made of, whatever file it came from: headings, paragraphs, tables, with their pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

PAGE_NUMBERS = "page numbers"  # stands for them among what was passed over
MOST_BLOCKS = 200_000  # paragraphs and tables of a text
_BLANKS = re.compile(r"\s+")
_NUMBERED = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})[.)]?\s+(?=[A-Z“\"(])\S")
_NAMED = re.compile(r"(?:section|chapter|part|article|appendix|table of contents)\b[\s.:]*[\dIVXA-Z]?", re.IGNORECASE)
_SMALL = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "vs"}
)
_LONGEST_HEADING = 100  # characters
_MOST_TITLE_WORDS = 9  # of a heading that only its capitals tell
_MARKS = re.compile(r"\s*((?:\([A-Za-z0-9]{1,4}\)\s*)+)")
_MARK = re.compile(r"\(([A-Za-z0-9]{1,4})\)")
_FEW_HEADINGS = 3  # below which the lettered paragraphs of a statute are its sections
_MANY_MARKS = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` from 1), a paragraph (`level` 0) or a table (`rows`, each as `cell | cell`).

    `text` has single blanks; that of a table is empty. `page` counts from 1 and is None where the file has no pages.
    """

    text: str
    level: int = 0
    page: int | None = None
    rows: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All that the block says."""
        return " ".join((self.text, *self.rows)).strip()


@dataclass(frozen=True, slots=True)
class PageNotes:
    """What was noticed about pages, by their numbers; `left_out` are the running heads and page numbers passed over."""

    empty: tuple[int, ...] = ()
    two_columns: tuple[int, ...] = ()  # read column by column
    columns_unsure: tuple[int, ...] = ()  # two columns may have been read as one
    garbled: tuple[int, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuidelineText:
    """A guideline's text in blocks; `title` is the file's own, `pages` their number in paged media, else None."""

    blocks: tuple[Block, ...]
    media: str
    title: str | None = None
    pages: int | None = None
    notes: PageNotes = PageNotes()


def squeezed(text: str) -> str:
    """The text with single blanks and none around it."""
    return _BLANKS.sub(" ", text).strip()


def row_of(cells: Iterable[str]) -> str:
    """The cells of a table's row as a line that people can read; empty where no cell says anything."""
    said = [squeezed(cell).replace("|", "/") for cell in cells]
    return " | ".join(said) if any(said) else ""


def heading_level(line: str) -> int:
    """The level at which a plain line is a heading, 0 for none: by its number, a word like "Section 3", its capitals.

    A numbered line is one only where it is short and no sentence: "2.1 Imaging", not "2. The worker must rest."
    """
    line = squeezed(line)
    if not line or len(line) > _LONGEST_HEADING or line[-1] in ".;,:!?" or "|" in line:
        return 0
    numbered = _NUMBERED.match(line)
    if numbered:
        return 1 + numbered["number"].count(".")
    if _NAMED.match(line) and len(line.split()) <= _MOST_TITLE_WORDS + 3:
        return 1
    words = re.findall(r"[^\W\d_][\w’'-]*", line)
    if not words or len(words) > _MOST_TITLE_WORDS or re.match(r"[\d(•*-]", line) or words[0].islower():
        return 0
    if line.isupper():
        return 1 if len(line) > _MOST_CAPITALS else 0
    titled = all(word[0].isupper() or word.casefold() in _SMALL for word in words)
    return 2 if titled and len(line.split()) == len(words) else 0


_MOST_CAPITALS = 3  # "MRI" alone on a line is as likely a cell


def with_plain_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with headings told by their wording; for texts whose file names none.

    A line is a heading only before something that it can head, and a run of such lines (an address, a list) is none
    beyond its last two.
    """
    found = list(blocks)
    levels = [0 if b.rows or b.level else heading_level(b.text) for b in found]
    for at, level in enumerate(levels):
        if level and any(not levels[i] for i in range(at + 1, min(at + 3, len(found)))):
            found[at] = replace(found[at], level=level)
    return _ranked(found)


def _ranked(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The headings' levels without gaps, so that the highest is 1."""
    used = sorted({block.level for block in blocks if block.level})
    rank = {level: place for place, level in enumerate(used, 1)}
    return tuple(replace(b, level=rank[b.level]) if b.level else b for b in blocks)


def lettered(blocks: Sequence[Block]) -> bool:
    """Whether the paragraphs' marks, "(a)" and "(1)", are what the text is ordered by, as in a statute."""
    headings = sum(bool(block.level) for block in blocks)
    marked = sum(bool(marks_of(block.text)) for block in blocks if not block.level)
    return headings < _FEW_HEADINGS and marked >= _MANY_MARKS


def marks_of(text: str) -> tuple[str, ...]:
    """The marks with which a paragraph begins: ("c", "1") for "(c) (1) Notwithstanding ..."."""
    begun = _MARKS.match(text)
    return tuple(_MARK.findall(begun[1])) if begun else ()


def paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """The paragraphs of lines: ended by a blank line, before a heading or a numbered line, or by a short last line."""
    width = max((len(line) for line in lines), default=0)
    so_far: list[str] = []
    for line in lines:
        plain = squeezed(line)
        if so_far and (not plain or _begins(plain) or _ends(so_far[-1], width)):
            yield squeezed(" ".join(so_far))
            so_far = []
        if plain:
            so_far.append(plain)
    if so_far:
        yield squeezed(" ".join(so_far))


def _begins(line: str) -> bool:
    return bool(heading_level(line) or marks_of(line) or re.match(r"(?:[-•*▪]|\d{1,2}[.)])\s", line))


def _ends(line: str, width: int) -> bool:
    """Whether a line is the last of its paragraph: a heading, or a sentence's end well before the margin."""
    return bool(heading_level(line)) or (line[-1] in ".!?:;" and len(line) < 0.8 * width)
