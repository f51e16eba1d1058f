"""Misspelt words of a query, mended against the words that the library holds."""

from __future__ import annotations

from assistant.library.found import Correction
from assistant.library.words import Words


class Spelling:
    """Mends words that no decision holds."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def mended(self, words: str, *, exact: bool) -> tuple[str, tuple[Correction, ...]]:
        """The words to search by, and what was put in the place of what."""
        return words, ()
