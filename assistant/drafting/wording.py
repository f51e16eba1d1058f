"""A text as words that can be compared: their stems, the things they name, and how far apart they stand.

Offsets are those of the text as given; nothing is cleaned or lowercased on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.domain import Span
from assistant.drafting.drug_names import CLASSES, DRUGS
from assistant.drafting.vocabulary import PARTS, SYNONYMS, TESTS, TREATMENTS

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FAR = {",": 3, ";": 12, ":": 1, "(": 1, ")": 1, "—": 6, "–": 1, "\n": 1}
_JOINING = {"and": 3, "or": 3, "plus": 3, "but": 6, "while": 6, "whereas": 6, "although": 6, "then": 4}
_SUFFIXES = (
    *("ically", "ations", "ation", "ments", "ment", "nesses", "ness", "ingly", "edly", "ously", "ally", "ings", "ions"),
    *("ities", "ing", "ies", "ied", "ion", "ity", "ous", "ive", "als", "al", "ed", "es", "ly", "s", "e", "y", "i"),
)


class Sort(StrEnum):
    """What a named thing is."""

    TREATMENT = "treatment"
    TEST = "test"
    DRUG = "drug"
    DRUG_CLASS = "drug class"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Word:
    """A word: as written, in small letters without a possessive, its key for comparison, where it stands.

    `place` grows by one a word and by more at a comma or an "and", so that a difference of places is a distance that
    respects the build of the sentence.
    """

    text: str
    lower: str
    key: str
    start: int
    end: int
    sentence: int
    place: int


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that a text names: its one name, its sort, and the words `first`..`last` that name it."""

    name: str
    sort: Sort
    first: int
    last: int


def words_of(text: str, sentences: tuple[Span, ...]) -> tuple[Word, ...]:
    """The words of a text with their sentence and place."""
    words: list[Word] = []
    place = end = sentence = 0
    for match in _WORD.finditer(text):
        while sentence + 1 < len(sentences) and match.start() >= sentences[sentence].end:
            sentence += 1
        lower = match.group().casefold().replace("’", "'").removesuffix("'s").rstrip("'")
        place += 1 + sum(_FAR.get(mark, 0) for mark in text[end : match.start()]) if words else 0
        place += _JOINING.get(lower, 0)
        words.append(Word(match.group(), lower, key_of(lower), match.start(), match.end(), sentence, place))
        end = match.end()
    return tuple(words)


@cache
def stem(word: str) -> str:
    """The word without its ending, so that "radiates" and "radiating" are one; at least four letters stay."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4 and not word.endswith("ss"):
            return word[: -len(suffix)]
    if len(word) == 4 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def key_of(lower: str) -> str:
    """The key under which a word is compared: that of its synonym, else its stem."""
    return _synonyms().get(lower) or _synonyms().get(stem(lower)) or stem(lower)


@cache
def _synonyms() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in SYNONYMS.strip().splitlines():
        name, _, others = line.partition(":")
        for word in (name, *others.split(",")):
            found[word.strip()] = f"={name.strip()}"
    return found


# --- things ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wording:
    words: tuple[str, ...]  # in small letters
    exact: str | None  # as written, for an abbreviation in capitals
    name: str
    sort: Sort


@cache
def _wordings() -> dict[str, tuple[_Wording, ...]]:
    """Every wording of every thing by its first word, the longest first."""
    by_first: dict[str, list[_Wording]] = {}
    for sort, table in (
        (Sort.TREATMENT, TREATMENTS),
        (Sort.TEST, TESTS),
        (Sort.DRUG, DRUGS),
        (Sort.PART, PARTS),
    ):
        for line in table.strip().splitlines():
            name, _, others = line.partition(":")
            for wording in (name, *others.split(", ")):
                _add(by_first, wording.strip(), name.strip(), sort)
    for name in CLASSES:
        _add(by_first, name, name, Sort.DRUG_CLASS)
        _add(by_first, name + "s", name, Sort.DRUG_CLASS)
    _add(by_first, "PPI", "proton pump inhibitor", Sort.DRUG_CLASS)
    _add(by_first, "narcotic", "opioid", Sort.DRUG_CLASS)
    return {first: tuple(sorted(some, key=lambda w: -len(w.words))) for first, some in by_first.items()}


def _add(by_first: dict[str, list[_Wording]], wording: str, name: str, sort: Sort) -> None:
    parts = tuple(m.group().casefold().removesuffix("'s") for m in _WORD.finditer(wording))
    if parts:
        exact = wording if wording.isupper() and len(parts) == 1 else None
        by_first.setdefault(parts[0], []).append(_Wording(parts, exact, name, sort))


def class_members(name: str) -> frozenset[str]:
    """The drugs of a class."""
    return frozenset(CLASSES.get(name, "").split())


def things_of(text: str, words: tuple[Word, ...]) -> tuple[Thing, ...]:
    """The things that a text names, each at its longest wording, in order."""
    things: list[Thing] = []
    at = 0
    while at < len(words):
        wording = _named_at(text, words, at)
        if wording is None:
            at += 1
            continue
        last = at + len(wording.words) - 1
        things.append(Thing(wording.name, wording.sort, at, last))
        at = last + 1
    return tuple(_with_shared_heads(words, things))


def _named_at(text: str, words: tuple[Word, ...], at: int) -> _Wording | None:
    for wording in _wordings().get(words[at].lower, ()):
        if wording.exact is not None and words[at].text != wording.exact:
            continue
        ahead = words[at : at + len(wording.words)]
        if tuple(word.lower for word in ahead) == wording.words and _unbroken(text, ahead):
            return wording
    return None


def _unbroken(text: str, ahead: tuple[Word, ...]) -> bool:
    gaps = (text[a.end : b.start] for a, b in zip(ahead, ahead[1:], strict=False))
    return all(not gap.strip("-/ \n\t.’'#‐‑") and len(gap) <= 4 for gap in gaps)


def _with_shared_heads(words: tuple[Word, ...], things: list[Thing]) -> Iterator[Thing]:
    """The things, and the arm in "upper and lower extremities", whose head stands once."""
    for thing in things:
        before = [word.lower for word in words[max(0, thing.first - 2) : thing.first]]
        if thing.name == "leg" and before in (["upper", "and"], ["upper", "or"]):
            yield Thing("arm", Sort.PART, thing.first - 2, thing.last)
        yield thing


@cache
def one_stem(a: str, b: str) -> bool:
    """Whether two words are forms of one: they share all but a common ending, of at least five letters."""
    if min(len(a), len(b)) < 5 or a[:5] != b[:5]:
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared >= 5 and a[shared:] in _ENDINGS and b[shared:] in _ENDINGS


_ENDINGS = frozenset(
    ["", "s", "es", "d", "ed", "ing", "e", "y", "ies", "ied", "al", "ly", "ally", "ic", "ical", "ion", "ions", "tion"]
    + ["ation", "ations", "ment", "ments", "ness", "ity", "ive", "ous", "ate", "ated", "ates", "ating", "er", "or"]
    + ["able", "ably", "i", "ies", "ial", "ia", "ya", "ant", "ance", "ent", "ence", "ant", "ency", "ancy"]
)
