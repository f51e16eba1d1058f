"""How hard a text is to read: the Flesch-Kincaid grade, by syllables counted from spelling.

Source: Kincaid et al. 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59. A rule of thumb, not a measure of
understanding; syllables of English words are counted by their vowels, about one word in twenty is off by one.
"""

from __future__ import annotations

import re

from assistant.reading.sentences import sentences

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeiouytd]ed|[^laeiouy]e)$|(?<=[^aeiouy])e(?=(?:ments?|ful|ly|less|ness)$)")
_TWO = re.compile(
    r"(?<![cts])i[ao](?!n)|iu|ua|creat|[aeo]ing$|cien|[^aeiouyl]led$"
)  # two syllables where vowels stand together


def syllables(word: str) -> int:
    """The syllables of an English word, one at least; 0 for a text without letters."""
    letters = re.sub(r"[^a-z]", "", word.casefold())
    if not letters:
        return 0
    bare = _SILENT.sub("", letters) if len(letters) > 3 else letters
    return max(1, len(_VOWELS.findall(bare)) + len(_TWO.findall(letters)) * (len(letters) > 4))


def grade(text: str) -> float | None:
    """The Flesch-Kincaid grade of a text (school years); None for a text without words."""
    words = _WORD.findall(text)
    count = sum(1 for sentence in sentences(text) if _WORD.search(sentence.quote))
    if not words or not count:
        return None
    return 0.39 * len(words) / count + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
