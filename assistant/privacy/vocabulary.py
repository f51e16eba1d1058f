"""Which words are ordinary, clinical, or names: the corpus, the lists of this package, and what is handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from assistant.corpus import load_editions, read_text

_WORD = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
_TEXTS = ("*.yaml", "guidelines/*.md", "determinations/*.md")
# Who writes determinations, and on what: named in every letter, and nobody's employer.
_PHRASES = (
    "Almaraz/Guzman",
    "Almaraz-Guzman",
    "Almaraz and Guzman",
    "MAXIMUS Federal Services, Inc.",
    "MAXIMUS Federal Services",
    "Official Disability Guidelines",
    "Division of Workers' Compensation",
)
# How an English word loses its ending: the ending, and what may stand in its place.
_ENDINGS = (
    ("iness", "y"), ("ness", ""), ("ies", "y"), ("ied", "y"), ("ily", "y"), ("ing", ""), ("ing", "e"), ("es", ""),
    ("ed", ""), ("ed", "e"), ("ly", ""), ("s", ""),
)  # fmt: skip
_DOUBLED = re.compile(r"(.*([b-df-hj-np-tv-z]))\2(?:ed|ing)")
_SHORTEST_STEM = 3
_DATED_LABEL = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is never hidden for its looks: `words` (casefolded) and whole `phrases`, such as labels of guidelines."""

    words: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()


def listed_lines(name: str) -> tuple[str, ...]:
    """The lines of a list that ships with this package; lines that begin with # are its head."""
    text = (files("assistant.privacy") / "lists" / f"{name}.txt").read_text("utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list that ships with this package."""
    return frozenset(word for line in listed_lines(name) for word in line.split())


STATES = listed("states")


@cache
def person_names() -> frozenset[str]:
    """First names and surnames that the lists know, casefolded."""
    return listed("first_names") | listed("surnames")


def load_allowed(corpus_dir: Path, more: Iterable[str] = ()) -> Allowed:
    """The vocabulary of the corpus: every word of its lists, guidelines and letters, and of `more` (drugs).

    A common name that is no English word stays a name, wherever the corpus has it. Raises CorpusError.
    """
    words: set[str] = set()
    for part in _TEXTS:
        for path in sorted(corpus_dir.glob(part)):
            words.update(_words(read_text(path)))
    for phrase in more:
        words.update(_words(phrase))
    names = person_names() - listed("words")
    phrases = {edition.label for edition in load_editions(corpus_dir)}
    phrases |= {part for label in phrases for part in re.findall(r"\((ACOEM[^()]*)\)", label)}
    return Allowed(frozenset(words - names), frozenset([*_PHRASES, *(p for p in phrases if _DATED_LABEL.search(p))]))


def _words(text: str) -> Iterator[str]:
    return (word.casefold() for word in _WORD.findall(text))


class Vocabulary:
    """Says of a word whether it is ordinary, clinical, or a name in a list; every word is given casefolded."""

    def __init__(self, allowed: Allowed) -> None:
        self._clinical = allowed.words | listed("clinical")
        self._common = listed("words")
        self._eponyms = listed("clinical")
        self.names = person_names()
        self._known: dict[str, bool] = {}

    def known(self, word: str) -> bool:
        """Is it a word of the field or of English, with or without an ending, or made of two such words?"""
        if word not in self._known:
            self._known[word] = self._is_known(word)
        return self._known[word]

    def clinical(self, word: str) -> bool:
        """Is it an eponym, a drug, a test or an abbreviation of the own list?"""
        return word in self._eponyms

    def of_the_field(self, word: str) -> bool:
        """Does the corpus or the own list have it, as a word or with a plain plural?"""
        if word in self._clinical or _singular(word) in self._clinical or word.replace("-", "") in self._clinical:
            return True
        return "-" in word and all(len(part) < _SHORTEST_STEM or self.of_the_field(part) for part in word.split("-"))

    def first_name(self, word: str) -> bool:
        """Is it in the list of first names?"""
        return word in listed("first_names")

    def own(self, word: str) -> bool:
        """Can it make a place or a firm one of its own: no word of the field, or a name that is no word of English?"""
        is_eponym = word in self._eponyms
        return not self.of_the_field(word) or (word in self.names and (is_eponym or word not in self._common))

    def is_name(self, word: str) -> bool:
        """Is it in a list of names?"""
        return word in self.names

    def _is_known(self, word: str) -> bool:
        if word in self._clinical or word in self._common:
            return True
        if word in self.names:
            return _singular(word) in self._clinical  # weeks, hands; but James is no jam
        if any(stem in self._common for stem in _stems(word)):
            return True
        if _singular(word) in self._clinical:
            return True
        parts = re.split("['’-]", word)
        if len(parts) > 1:
            return all(len(part) < _SHORTEST_STEM or self.known(part) for part in parts) and max(map(len, parts)) > 1
        return False


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_STEM + 1 and word.endswith("s") and not word.endswith("ss") else word


def _stems(word: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            yield word.removesuffix(ending) + instead
    if doubled := _DOUBLED.fullmatch(word):
        yield doubled[1]
