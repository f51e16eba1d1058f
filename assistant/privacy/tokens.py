"""The words of a text with their offsets, and how they are written: what names of people and places are found by."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"(?<!\w){_LETTER}[^\W\d_̀-ͯ]*(?:(?:['’‘`´]|[-‐‑](?:[^\S\n]*\n)?){_LETTER}[^\W\d_̀-ͯ]*)*(?!\w)")
_POSSESSIVE = re.compile(r"['’‘`´][sS]$")
_POSSESSIVE_GAP = re.compile(r"^['’‘`´][sS]?(?=\s)")
_BROKEN = re.compile(r"[-‐‑]\s*\n\s*")
_MOSTLY = 0.7  # the share of capitals from which a line counts as written in capitals


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its offsets, its casefolded key without a break of the line, and how it is written."""

    start: int
    end: int
    key: str
    capital: bool  # its first letter is one
    shouted: bool  # all its letters are, and there are at least two
    loud_line: bool  # it stands in a line that is written in capitals
    initial: bool  # a single capital letter


class Words:
    """The words of a text, in order, with what stands between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        loud = _loud_lines(text)
        ends = [end for end, _ in loud]
        self.tokens = [
            _token(text, match, loud=loud[bisect_left(ends, match.start() + 1)][1]) for match in _WORD.finditer(text)
        ]
        self._starts = [token.start for token in self.tokens]

    def gap(self, index: int) -> str:
        """What stands between word `index` and the next one; a line's end stands for the end of the text."""
        if index + 1 >= len(self.tokens):
            return "\n\n"
        return self.text[self.tokens[index].end : self.tokens[index + 1].start]

    def following(self, index: int) -> str:
        """The key of the word that follows after blanks, also after a possessive; empty where something else stands."""
        gap = _POSSESSIVE_GAP.sub("", self.gap(index))
        return self.tokens[index + 1].key if gap.strip() == "" and index + 1 < len(self.tokens) else ""

    def at(self, offset: int) -> int:
        """The index of the first word that starts at or after `offset`."""
        return bisect_left(self._starts, offset)

    def opens_sentence(self, index: int) -> bool:
        """Does the word begin a sentence, a line or an item, where capitals say nothing?"""
        before = self.text[max(0, self.tokens[index].start - 4) : self.tokens[index].start].rstrip(" \t\"'“(")
        return not before or before[-1] in ".!?:;\n•*-–#\t"


def _token(text: str, match: re.Match[str], *, loud: bool) -> Token:
    start, end = match.span()
    word = match[0]
    if possessive := _POSSESSIVE.search(word):
        end -= len(possessive[0])
        word = word[: possessive.start()]
    bare = _BROKEN.sub("-" if loud else "", word)
    if "-" in word and "\n" in word and text[_after_break(text, start) : _after_break(text, start) + 1].isupper():
        bare = _BROKEN.sub("-", word)
    capital = word[:1].isupper()
    single = len(word) == 1
    return Token(start, end, bare.casefold(), capital, word.isupper() and not single, loud, single and capital)


def _after_break(text: str, start: int) -> int:
    at = text.index("\n", start) + 1
    while text[at : at + 1].isspace():
        at += 1
    return at


def _loud_lines(text: str) -> list[tuple[int, bool]]:
    """The end of each line, and whether it is written in capitals."""
    lines, at = [], 0
    for line in text.split("\n"):
        at += len(line) + 1
        letters = [char for char in line if char.isalpha()]
        lines.append((at, len(letters) > 3 and sum(map(str.isupper, letters)) >= _MOSTLY * len(letters)))
    return lines
