"""A guideline's file as blocks, whatever its format, and the report of what was read and what is doubtful in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from assistant.errors import UnreadableFile
from assistant.reading.files import bytes_of, media_of
from assistant.reading.guideline_blocks import MOST_BLOCKS, PAGE_NUMBERS, Block, GuidelineText
from assistant.reading.guideline_markup import read_docx, read_html, read_markdown, read_plain
from assistant.reading.guideline_pdf import read_pdf

_READERS = {"pdf": read_pdf, "docx": read_docx, "html": read_html, "md": read_markdown, "txt": read_plain}
_MOST_LETTERS = 12_000_000  # about 2,000 close pages; each passage takes its time to embed
_LEAST_LETTERS = 40  # of a page, before its letters are judged
_ODD = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|\\(cid:\\d+\\)|â€|Ã[\x80-\xbf]|Ã\\S|Â[\xa0-\xbf]")
_MOST_ODD = 0.02  # odd signs a letter
_WORD = re.compile(r"[^\W\d_]{3,}")
_VOWELS = re.compile(r"[aeiouyàáâäãåèéêëìíîïòóôöõùúûü]", re.IGNORECASE)
_LEAST_WORDS = 8
_MOST_UNSPOKEN = 0.3  # share of words of small letters without a vowel


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """What was read from a guideline's file, and which of its pages are doubtful, by number.

    `pages` is None where the file has none; a whole text without pages that is garbled is `garbled_text`.
    """

    sections: int
    passages: int
    pages: int | None = None
    tables: int = 0
    empty: tuple[int, ...] = ()
    two_columns: tuple[int, ...] = ()
    columns_unsure: tuple[int, ...] = ()
    garbled: tuple[int, ...] = ()
    garbled_text: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person should look at, a sentence each."""
        said = []
        if self.empty:
            said.append(f"No text was found on {_named(self.empty)}; it may be scanned.")
        if self.columns_unsure:
            said.append(f"Two columns may have been read as one on {_named(self.columns_unsure)}; compare the text.")
        if self.garbled:
            said.append(f"The letters of {_named(self.garbled)} look garbled; compare the text.")
        if self.garbled_text:
            said.append("The letters look garbled; compare the text, or save the file anew as UTF-8.")
        if not self.sections:
            said.append("No headings were found, so that passages are cited by the guideline alone.")
        return tuple(said)

    @property
    def facts(self) -> tuple[str, ...]:
        """What was read, a sentence each."""
        pages = f" on {_count(self.pages, 'page')}" if self.pages else ""
        tables = f", {_count(self.tables, 'table')}" if self.tables else ""
        said = [f"{_count(self.sections, 'section')}, {_count(self.passages, 'passage')}{tables}{pages}."]
        if self.two_columns:
            said.append(f"Read column by column: {_named(self.two_columns)}.")
        if self.left_out:
            said.append("Passed over at the pages' edges: " + "; ".join(map(_quoted, self.left_out)) + ".")
        return tuple(said)


def _quoted(line: str) -> str:
    return line if line == PAGE_NUMBERS else f"“{line}”"


def read_guideline_file(path: Path) -> tuple[bytes, GuidelineText]:
    """The bytes of a PDF, DOCX, HTML, MD or TXT file, read once, and its text in blocks.

    Raises UnreadableFile, one sentence, for what is no such file, is too large, or holds no text.
    """
    data = bytes_of(path)
    try:
        text = _READERS[media_of(path.name, data)](path, data)
    except RecursionError:
        raise UnreadableFile(path, "its parts are nested too deeply") from None
    if not any(block.words for block in text.blocks):
        raise UnreadableFile(path, "it holds no text")
    if len(text.blocks) > MOST_BLOCKS:
        raise UnreadableFile(path, f"it has {len(text.blocks):,} paragraphs, and at most {MOST_BLOCKS:,} are read")
    letters = sum(len(block.words) for block in text.blocks)
    if letters > _MOST_LETTERS:
        raise UnreadableFile(
            path, f"its text has {letters:,} letters, and at most {_MOST_LETTERS:,} are read; import it by chapter"
        )
    return data, text


def report_on(text: GuidelineText, sections: int, passages: int) -> ReadingReport:
    """The report on a text that gave so many named sections and so many passages."""
    notes = text.notes
    pages = [(page, " ".join(b.words for b in blocks)) for page, blocks in groupby(text.blocks, key=lambda b: b.page)]
    odd = [page for page, words in pages if is_garbled(words)]
    return ReadingReport(
        sections=sections,
        passages=passages,
        pages=text.pages,
        tables=sum(bool(block.rows) for block in text.blocks),
        empty=notes.empty or _empty_pages(text.blocks, text.pages),
        two_columns=notes.two_columns,
        columns_unsure=notes.columns_unsure,
        garbled=tuple(sorted({*notes.garbled, *(page for page in odd if page is not None)})),
        garbled_text=None in odd,
        left_out=notes.left_out,
    )


def _empty_pages(blocks: Sequence[Block], pages: int | None) -> tuple[int, ...]:
    held = {block.page for block in blocks}
    return tuple(page for page in range(1, (pages or 0) + 1) if page not in held)


def is_garbled(text: str) -> bool:
    """Whether a page's letters look broken: odd signs, bytes of another encoding, words without a vowel."""
    if len(text) < _LEAST_LETTERS:
        return False
    if len(_ODD.findall(text)) > _MOST_ODD * len(text):
        return True
    words = [word for word in _WORD.findall(text) if not word.isupper()]
    return len(words) >= _LEAST_WORDS and sum(not _VOWELS.search(word) for word in words) > _MOST_UNSPOKEN * len(words)


def requirements_read(count: int) -> str:
    """How many sentences were read as requirements, in one sentence."""
    if not count:
        return "No sentence was read as a requirement."
    return f"{_count(count, 'sentence')} read as requirements; none of them decides by itself."


def _count(number: int | None, what: str) -> str:
    return f"{number or 0:,} {what}{'' if number == 1 else 's'}"


def _named(pages: Iterable[int]) -> str:
    """ "page 3", "pages 3 to 5 and 9"; a long list says how many more there are."""
    numbers = sorted(pages)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = [str(a) if a == b else f"{a} to {b}" if b > a + 1 else f"{a}, {b}" for a, b in runs[:_MOST_RUNS]]
    if len(runs) > _MOST_RUNS:
        said.append(f"{sum(b - a + 1 for a, b in runs[_MOST_RUNS:]):,} more")
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"page{'' if len(numbers) == 1 else 's'} {listed}"


_MOST_RUNS = 12  # stretches of pages that a sentence names
