"""The lines of a determination letter: page furniture dropped, and which of them end a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# "Page 3 of 7", "- 3 -", "3 | Page"; "Final Determination Letter for IMR Case Number CM13-0000000 3"
_PAGE_NUMBER = re.compile(r"(?:page\s+\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?|-\s*\d{1,3}\s*-|\d{1,3}\s*\|\s*page)", re.I)
_FOOTER = re.compile(
    r"(?:IMR\s+)?Final\s+Determination\s+Letter\s+for\s+IMR\s+Case\s+Number\b.{0,40}"
    r"|(?:page\s+\d{1,3}\s+)?IMR\s+case\s+number\s*:?\s*CM\d\d-\d+(?:\s+page\s+\d{1,3})?(?:\s+of\s+\d{1,3})?",
    re.I,
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_CASE_NUMBER_LINE = re.compile(r"(?:IMR\s+|MAXIMUS\s+)?Case\s+(?:Number|No\.?)\s*:?\s*CM\d\d-\d+", re.I)
_MARKDOWN = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s+|[*-]\s+(?=\*\*))|\*\*|__(?=\S)|(?<=\S)__")
_FRONT_MATTER = re.compile(r"\A\s*---\n.*?\n---\n", re.S)
_WRAPPED_WIDTH = 130  # no letter is set wider; longer lines are whole paragraphs
_SENTENCE_END = re.compile(r"[.!?][\"”')\]]*$")
_JOINED_HYPHEN = re.compile(r"(?<=\w)-\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a letter without blanks around it, and whether a paragraph ends with it."""

    text: str
    ends_paragraph: bool


def joined(lines: Iterable[str]) -> str:
    """The lines as running text; a hyphen at a line's end stays and takes no blank ("re-" and "check": "re-check")."""
    pieces: list[str] = []
    for line in lines:
        if pieces and not _JOINED_HYPHEN.search(pieces[-1]):
            pieces.append(" ")
        pieces.append(line)
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def letter_lines(text: str) -> tuple[Line, ...]:
    """The non-empty lines of a letter, in order, without page numbers, running heads, markup or front matter.

    A paragraph ends where more blank lines follow than usual, where the first word of the next line would have fitted
    well, or, in texts that keep the blank at a wrapped line's end as PDFs do, where that blank is missing.
    """
    rows = _rows(_FRONT_MATTER.sub("", text, count=1))
    rows = _without_running_heads(rows)
    if not rows:
        return ()
    width = _width(rows)
    usual_gap = Counter(row.gap for row in rows[:-1]).most_common(1)[0][0] if len(rows) > 1 else 0
    keeps_blanks = _keeps_blanks(rows, width)
    lines = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        ends = (
            following is None
            or width > _WRAPPED_WIDTH
            or (row.gap > usual_gap and not row.page_end)
            or _would_have_fitted(row, following, width, 0.75 if keeps_blanks else 0.85)
            or (keeps_blanks and not row.blank_after and not _JOINED_HYPHEN.search(row.text))
        )
        lines.append(Line(row.text, ends))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class _Row:
    """A raw line: its text, whether a blank ended it, the blank lines after it, its page and the page's edges."""

    text: str
    blank_after: bool
    gap: int
    page: int
    page_start: bool
    page_end: bool


def _rows(text: str) -> list[_Row]:
    rows: list[_Row] = []
    for page_number, page in enumerate(
        re.split(r"\f", text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")), 1
    ):
        on_page: list[tuple[str, bool, int]] = []
        for raw in page.split("\n"):
            line = _MARKDOWN.sub("", raw)
            if line.strip():
                on_page.append((line.strip(), line[-1:].isspace(), 0))
            elif on_page:
                shown, blank_after, gap = on_page[-1]
                on_page[-1] = (shown, blank_after, gap + 1)
        for number, (shown, blank_after, gap) in enumerate(on_page):
            rows.append(_Row(shown, blank_after, gap, page_number, number == 0, number == len(on_page) - 1))
    return rows


def _without_running_heads(rows: Sequence[_Row]) -> list[_Row]:
    """Drop page numbers and footers, and a case number line that is repeated at a page's edge."""
    kept: list[_Row] = []
    for row in rows:
        furniture = _PAGE_NUMBER.fullmatch(row.text) or _FOOTER.fullmatch(row.text)
        repeated = _CASE_NUMBER_LINE.fullmatch(row.text) and any(before.text == row.text for before in kept)
        if not (furniture or repeated or _is_page_number(row)):
            kept.append(row)
    return kept


def _is_page_number(row: _Row) -> bool:
    """Whether a page's first or last line is its number and nothing else; a cover sheet may shift the count by one."""
    edge = row.page_start or row.page_end
    return bool(edge and _BARE_NUMBER.fullmatch(row.text)) and abs(int(row.text) - row.page) <= 1


def _width(rows: Sequence[_Row]) -> int:
    """The length of a full line: the tenth longest of a hundred lines, so that a stray long line counts for nothing."""
    lengths = sorted(len(row.text) for row in rows)
    return lengths[int(len(lengths) * 0.9)]


def _keeps_blanks(rows: Sequence[_Row], width: int) -> bool:
    """Whether wrapped lines end in a blank and others do not."""
    full = [row.blank_after for row in rows if len(row.text) >= 0.8 * width]
    return len(full) >= 5 and sum(full) >= 0.6 * len(full) and not all(row.blank_after for row in rows)


def _would_have_fitted(row: _Row, following: _Row, width: int, share: float) -> bool:
    """Whether the next line's first word would have stood well within this line: the break was meant."""
    word = following.text.split(maxsplit=1)[0]
    return len(row.text) + 1 + len(word) < share * width


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does."""
    return bool(_SENTENCE_END.search(text))
