"""A guideline's blocks as sections with their heading path, and a section as passages that fit a window of tokens.

Nothing is lost on the way: the passages of a text, one after the other, hold all of its words in their order. Only the
header of a table stands once more at the head of each further piece of the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading.guideline_blocks import Block, GuidelineText, lettered, marks_of
from assistant.reading.sentences import sentences

Fits = Callable[[str], bool]
_LONGEST_PATH = 160  # characters of a section's name
_LONGEST_HEADING = 80  # characters of one heading in it
_PARAGRAPH, _ROW = "\n\n", "\n"
_SUBDIVISION = (r"[a-z]{1,2}", r"\d{1,3}")  # marks that make a section: (c)(1); deeper ones stand in its text


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text under its headings: their path from the top, the blocks with those headings, the first page."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]
    page: int | None = None

    @property
    def name(self) -> str | None:
        """The heading path as a citation names it, "Low Back > Imaging > MRI"; None for what stands under none."""
        heads = [
            head if len(head) <= _LONGEST_HEADING else f"{head[: _LONGEST_HEADING - 2].rstrip()} …"
            for head in self.path
        ]
        while len(heads) > 1 and len(" > ".join(heads)) > _LONGEST_PATH:
            heads.pop(0)
        return " > ".join(heads) or None


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of a passage: paragraphs parted by a blank line, rows of a table by a line's end; its page, its tables.

    `spoken` are its paragraphs without headings and tables, each standing in `text` word for word.
    """

    text: str
    page: int | None
    spoken: tuple[str, ...]


def sections_of(text: GuidelineText, label: str | None = None) -> tuple[Section, ...]:
    """The sections in their order. A heading with nothing of its own under it stands with what follows it.

    A title over all the rest that says the `label` by which the text is cited is no part of the paths. Where paragraphs
    are lettered as in a statute and few headings stand over them, "(c)(1)" makes a section.
    """
    by_letters = lettered(text.blocks)
    whole = _covering_title(text.blocks, label)
    found: list[Section] = []
    path: list[tuple[int, str]] = []
    letters: tuple[str, ...] = ()
    blocks: list[Block] = []
    for block in text.blocks:
        marks = _section_marks(block, letters) if by_letters else None
        if block.level or marks:
            if any(not b.level for b in blocks):
                found.append(_section(path, letters, whole, blocks))
                blocks = []
            if block.level:
                path = [*((level, head) for level, head in path if level < block.level), (block.level, block.text)]
                letters = ()
            else:
                letters = marks or ()
        blocks.append(block)
    if blocks:
        found.append(_section(path, letters, whole, blocks))
    return tuple(found)


def _section(
    path: Sequence[tuple[int, str]], letters: tuple[str, ...], whole: str | None, blocks: Sequence[Block]
) -> Section:
    heads = [head for place, (_, head) in enumerate(path) if place or head != whole]
    if letters:
        heads.append("".join(f"({letter})" for letter in letters))
    return Section(tuple(heads), tuple(blocks), next((block.page for block in blocks), None))


def _covering_title(blocks: Sequence[Block], label: str | None) -> str | None:
    """The first heading, where no other stands as high and it says the label."""
    headings = [block for block in blocks if block.level]
    if not label or not headings or any(block.level <= headings[0].level for block in headings[1:]):
        return None
    return headings[0].text if _words(label) - {"mtus"} <= _words(headings[0].text) else None


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


def _section_marks(block: Block, under: tuple[str, ...]) -> tuple[str, ...] | None:
    """The marks of the section that a lettered paragraph begins; None where it goes on with the one under way."""
    marks = marks_of(block.text)
    if not marks:
        return None
    outer, inner = _SUBDIVISION
    if re.fullmatch(outer, marks[0]):
        return marks[:2] if len(marks) > 1 and re.fullmatch(inner, marks[1]) else marks[:1]
    return (under[0], marks[0]) if under and re.fullmatch(inner, marks[0]) else None


# --- passages -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Unit:
    """A paragraph, a heading or a row, with what parts it from what stands before it."""

    text: str
    page: int | None
    joint: str = _PARAGRAPH
    heading: bool = False  # or the first row of a table: it must not stand alone
    header: str = ""  # of the table that the row belongs to
    spoken: bool = False  # a paragraph, in sentences


class _Pieces:
    """The pieces so far, and the one under way; each unit goes where it fits."""

    def __init__(self, fits: Fits) -> None:
        self._fits = fits
        self.done: list[Piece] = []
        self._text = ""
        self._page: int | None = None
        self._spoken: list[str] = []
        self._bare = True  # nothing but headings so far

    def add(self, unit: _Unit) -> None:
        """Put a unit with what is under way, else alone, else cut at its sentences, words, letters."""
        if self._joined(unit, unit.text, unit.joint):
            return
        if not self._bare:
            self.close()
            under_header = f"{unit.header}{_ROW}{unit.text}" if unit.header else unit.text
            if self._joined(unit, under_header, "") or self._joined(unit, unit.text, ""):
                return
        for text, joint in _parts(unit):
            self._fill(unit, text, joint)

    def _fill(self, unit: _Unit, text: str, joint: str) -> None:
        while text and not self._joined(unit, text, joint):
            if not self._bare:
                self.close()
                continue
            before = f"{self._text}{joint}" if self._text else ""
            head, rest = _cut(text, before, self._fits)
            if not head and self._text:
                self.close()  # the headings leave no room: they stand alone
                continue
            self._take(unit, head or text[0], joint)
            self.close()
            text = rest if head else text[1:]

    def _joined(self, unit: _Unit, text: str, joint: str) -> bool:
        if not self._fits(f"{self._text}{joint}{text}" if self._text else text):
            return False
        self._take(unit, text, joint)
        return True

    def _take(self, unit: _Unit, text: str, joint: str) -> None:
        goes_on = bool(self._spoken) and joint == " "
        self._text = f"{self._text}{joint}{text}" if self._text else text
        self._page = self._page or unit.page
        self._bare = self._bare and unit.heading
        if unit.spoken:
            self._spoken[-1:] = [f"{self._spoken[-1]}{joint}{text}"] if goes_on else [*self._spoken[-1:], text]

    def close(self) -> None:
        """End the piece under way."""
        if self._text:
            self.done.append(Piece(self._text, self._page, tuple(self._spoken)))
        self._text, self._page, self._spoken, self._bare = "", None, [], True


def _parts(unit: _Unit) -> Iterator[tuple[str, str]]:
    """A paragraph's sentences, each with what joins it to the one before; a row whole."""
    text = unit.text
    starts = [span.start for span in sentences(text)[1:]] if unit.spoken else []
    for start, end in pairwise([0, *(start for start in starts if text[start - 1] == " "), len(text)]):
        yield text[start:end].rstrip(), " " if start else unit.joint


def pieces_of(section: Section, fits: Fits) -> tuple[Piece, ...]:
    """The section's text in pieces that fit, cut between paragraphs or rows, else sentences, words, at last letters.

    `fits` says whether a text is within the window; it must hold for every part of a text for which it holds. A piece
    of which not even one letter fits holds that letter.
    """
    pieces = _Pieces(fits)
    for unit in _units(section.blocks):
        pieces.add(unit)
    pieces.close()
    return tuple(pieces.done)


def _units(blocks: Sequence[Block]) -> Iterator[_Unit]:
    for block in blocks:
        if block.text:
            yield _Unit(block.text, block.page, heading=bool(block.level), spoken=not block.level)
        for place, row in enumerate(block.rows):
            if place == 0:
                yield _Unit(row, block.page, heading=len(block.rows) > 1)
            else:
                yield _Unit(row, block.page, _ROW, header=block.rows[0])


def _cut(text: str, before: str, fits: Fits) -> tuple[str, str]:
    """As many words as fit after `before`, and the rest; of one word too long as many letters; "" where none fits."""
    words = text.split(" ")
    count = _most(len(words), lambda n: fits(before + " ".join(words[:n])))
    if count:
        return " ".join(words[:count]), " ".join(words[count:])
    letters = 0 if before else _most(len(words[0]), lambda n: fits(words[0][:n]))
    return text[:letters], text[letters:]


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `count` for which `fits` holds."""
    low, high = 0, count
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low
