"""Misspelt words of a query, mended against the words that the library holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.library.found import Correction
from assistant.library.words import Words

_WORD = re.compile(r"[^\W\d_]+")
_WHOLE_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"[^"]*"')
_SHORTEST = 4  # letters; shorter words are too near to too many others
_TWO_SLIPS = 8  # letters from which two slips are mended, else one
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that may stand in for a misspelt one, how many decisions hold each, and how often each letter is in it."""

    words: tuple[str, ...]
    counts: NDArray[np.int64]
    letters: NDArray[np.int16]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, counted: Sequence[tuple[str, int]]) -> Vocabulary:
        """From words and their counts; short ones and those with other letters than a to z are left out."""
        plain = [(word, count) for word, count in counted if _comparable(word)]
        words = tuple(word for word, _ in plain)
        return cls(
            words,
            np.array([count for _, count in plain], np.int64),
            _letters(words),
            np.array([len(word) for word in words], np.int64),
        )

    def nearest(self, word: str) -> str | None:
        """The word that a misspelt one most likely means: the fewest slips, then the same first letter, then usage."""
        if not _comparable(word):
            return None
        most = 2 if len(word) >= _TWO_SLIPS else 1
        # Each slip changes the count of at most two letters, so few words are left to be compared letter by letter.
        apart = np.abs(self.letters - _letters((word,))).sum(axis=1)
        close = np.flatnonzero((apart <= 2 * most) & (np.abs(self.lengths - len(word)) <= most))
        ranked = [
            (slips, self.words[i][0] != word[0], -int(self.counts[i]), self.words[i])
            for i in close
            if (slips := slips_between(word, self.words[i])) <= most
        ]
        return min(ranked)[3] if ranked else None


class Spelling:
    """Mends words that nothing in the library holds; never a number, a short word, or one in quotation marks."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._read: tuple[object, Vocabulary] | None = None

    def mended(self, words: str, edition: object, *, exact: bool) -> tuple[str, tuple[Correction, ...]]:
        """The words to search by, and what was put in the place of what.

        `edition` is another object whenever the library has changed, so that the vocabulary is read anew.
        """
        if exact:
            return words, ()
        quoted = [match.span() for match in _QUOTED.finditer(words)]
        typed = {
            match.group().lower()
            for match in _WHOLE_WORD.finditer(words)
            if _WORD.fullmatch(match.group())
            and len(match.group()) >= _SHORTEST
            and not any(start <= match.start() < end for start, end in quoted)
        }
        unknown = self._words.unknown(sorted(typed))
        if not unknown:
            return words, ()
        vocabulary = self._vocabulary(edition)
        used = {word: near for word in unknown if (near := vocabulary.nearest(word))}

        def put(match: re.Match[str]) -> str:
            inside = any(start <= match.start() < end for start, end in quoted)
            return match.group() if inside else used.get(match.group().lower(), match.group())

        return _WHOLE_WORD.sub(put, words), tuple(Correction(word, near) for word, near in used.items())

    def _vocabulary(self, edition: object) -> Vocabulary:
        if self._read is None or self._read[0] is not edition:
            self._read = (edition, Vocabulary.of(self._words.vocabulary()))
        return self._read[1]


def _comparable(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isascii() and word.isalpha() and word.islower()


def slips_between(one: str, other: str) -> int:
    """How many slips turn one word into the other: a letter too many, too few or wrong, or two letters swapped."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]


def _letters(words: Sequence[str]) -> NDArray[np.int16]:
    counts = np.zeros((len(words), _LETTERS), np.int16)
    for row, word in enumerate(words):
        for letter in word:
            counts[row, ord(letter) - ord("a")] += 1
    return counts
