"""Drug names misspelt by one letter ("Ketoprophen", "Naproxin"), found by sound and by leaving a letter out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# Shorter names have neighbours among ordinary words; they are looked for only where a dose follows.
_SHORTEST = 7
_SHORT = 5
_DOSED = re.compile(r"[^\W\d_]{4,7}(?=\s+\d{1,4}(?:\.\d+)?(?:\s?/\s?\d{2,3}|\s?m[cg]g?\b))")
_ORDINARY = frozenset({"desired", "morphing"})  # words that are one letter away from a name
_WORD = re.compile(r"[^\W\d_]{7,}")
_SOUNDS = (("ph", "f"), ("ae", "e"), ("oe", "e"), ("y", "i"), ("ck", "k"), ("c", "k"), ("z", "s"), ("x", "ks"))
_DOUBLE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A word at `start:end` that is one letter away from the drug `name`."""

    start: int
    end: int
    name: str


class Spellings:
    """Names filed by what they sound like with each letter left out in turn."""

    def __init__(self, names: Iterable[str]) -> None:
        self._near: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._exact = {name.casefold() for name in names}
        for name in sorted(self._exact):
            if len(name) >= _SHORT and name.isalpha():
                near = self._near if len(name) >= _SHORTEST else self._short
                for form in _forms(_sound(name)):
                    near.setdefault(form, name)

    def find(self, text: str) -> Iterator[Misspelt]:
        """The words of `text` that are one letter away from a name, and are no name themselves."""
        for pattern, near in ((_WORD, self._near), (_DOSED, self._short)):
            for found in pattern.finditer(text):
                word = found.group().casefold()
                name = None if word in self._exact or word in _ORDINARY else self._nearest(word, near)
                if name is not None:
                    yield Misspelt(found.start(), found.end(), name)

    def _nearest(self, word: str, near: Mapping[str, str]) -> str | None:
        for form in _forms(_sound(word)):
            name = near.get(form)
            # The first letter is seldom wrong; a plural is no misspelling.
            if name is not None and name[0] == word[0] and word != f"{name}s" and _one_off(_sound(name), _sound(word)):
                return name
        return None


def _one_off(first: str, second: str) -> bool:
    """Whether two forms are the same, or differ by one letter that is left out, put in, replaced or swapped."""
    if len(first) > len(second):
        first, second = second, first
    start = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    if len(first) == len(second):
        swapped = first[start : start + 2] == second[start : start + 2][::-1]
        return first[start + 1 :] == second[start + 1 :] or (swapped and first[start + 2 :] == second[start + 2 :])
    return len(second) - len(first) == 1 and first[start:] == second[start + 1 :]


def _sound(word: str) -> str:
    sound = word
    for written, heard in _SOUNDS:
        sound = sound.replace(written, heard)
    return _DOUBLE.sub(r"\1", sound)


def _forms(sound: str) -> Iterator[str]:
    yield sound
    for at in range(1, len(sound)):
        yield sound[:at] + sound[at + 1 :]
