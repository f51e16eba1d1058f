"""How hard a text is to read: the school grade of the Flesch-Kincaid formula, and its length in words.

Source: Kincaid, Fishburne, Rogers and Chissom, Naval Technical Training Command, Research Branch Report 8-75 (1975).
Labor Code 4610.6(d)(1) asks for layperson's terms as far as practicable.
"""

from __future__ import annotations

import re

from assistant.reading.sentences import sentences

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyáéíóúü]+", re.IGNORECASE)
_SILENT = re.compile(r"(?:(?:[^aeiouyl]|[aeiouy]l)e|[^aeioudty]ed|[^aeiouyscxgz]es)\Z", re.IGNORECASE)


def words_in(text: str) -> int:
    """The number of words, numbers among them."""
    return len(text.split())


def syllables(word: str) -> int:
    """The syllables of an English word, by its groups of vowels and a silent ending; at least one."""
    groups = len(_VOWELS.findall(word))
    return max(1, groups - bool(groups > 1 and _SILENT.search(word)))


def reading_grade(text: str) -> float | None:
    """The US school grade at which the text can be read; None for a text without words. Numbers are left out."""
    words = _WORD.findall(text)
    if not words:
        return None
    told = [sentence for sentence in sentences(text) if _WORD.search(sentence.quote)]
    in_all = sum(syllables(part) for word in words for part in re.split(r"[-’']", word) if part)
    return round(0.39 * len(words) / max(1, len(told)) + 11.8 * in_all / len(words) - 15.59, 1)
