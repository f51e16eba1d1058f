"""What a name looks like: which words can be part of one, and how far it goes from its first word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.privacy.tokens import Token, Words
from assistant.privacy.vocabulary import Vocabulary, listed

PARTICLES = listed("particles")
NEVER = listed("never_names")
ROLES = listed("roles")
LONGEST = 5
BETWEEN = re.compile(r"[^\S\n]{1,3}|[^\S\n]{0,2}\n[^\S\n]{0,2}|\.[^\S\n]{0,2}(?:\n[^\S\n]{0,2})?")


class Names:
    """Reads names in the words of one text."""

    def __init__(self, words: Words, vocabulary: Vocabulary) -> None:
        self._words, self._vocabulary = words, vocabulary
        self._tokens = words.tokens

    def strong(self, token: Token) -> bool:
        """A capitalised word that is in no vocabulary, or in the lists of names only."""
        if not token.capital or token.initial or len(token.key) < 2 or token.key in NEVER:
            return False
        return not self._vocabulary.known(token.key) and not (
            token.shouted and not token.loud_line and len(token.key) < 5
        )

    def weak(self, token: Token) -> bool:
        """A capitalised word of the language that is a name too: Young, Rose, Grant."""
        return token.capital and self._vocabulary.is_name(token.key) and token.key not in NEVER

    def joins(self, index: int) -> bool:
        """May the next word belong to the same name: blanks, a line's break, the dot of an initial or of "St."?"""
        gap = self._words.gap(index)
        if not BETWEEN.fullmatch(gap):
            return False
        return "." not in gap or self._tokens[index].initial or self._tokens[index].key in {"st", "jr"}

    def run(self, first: int, *, any_first: bool = False, comma: bool = False) -> int | None:
        """The last word of the name that begins at word `first`; None where none does."""
        last: int | None = None
        index = first
        while index < len(self._tokens) and index - first < LONGEST:
            if index > first and not self.joins(index - 1) and not (comma and self.comma(index, first)):
                break
            token = self._tokens[index]
            if self.names(token) or (any_first and self._opens(first, index) and self.plausible(token)):
                last = index
            elif not (token.initial or (token.key in PARTICLES and index + 1 < len(self._tokens))):
                break
            index += 1
        return None if last is None else self._with_number(self._widened(first, last, sure=any_first))

    def _opens(self, first: int, index: int) -> bool:
        """Is it the first word of a name, but for a particle: "De Wit"?"""
        return index == first or (index == first + 1 and self._tokens[first].key in PARTICLES)

    def _with_number(self, last: int) -> int:
        """ "Okafor Jr.", "Koch II" """
        after = last + 1
        follows = after < len(self._tokens) and re.fullmatch(r",?[^\S\n]{1,2}", self._words.gap(last))
        return after if follows and self._tokens[after].key in {"jr", "sr", "ii", "iii", "iv"} else last

    def _widened(self, first: int, last: int, *, sure: bool) -> int:
        """A first name alone takes the initial and the capitalised word after it: "Aishani M. Green"."""
        after = last + 1
        if after >= len(self._tokens) or not self.joins(last):
            return last
        if self._tokens[after].initial and self.part_of_name(after):
            last = after
        parts = sum(not token.initial and token.key not in PARTICLES for token in self._tokens[first:after])
        if self._tokens[after].initial and after + 1 < len(self._tokens) and self.joins(after):
            after += 1
        return after if parts == 1 and self.rest_of_name(after, sure=sure or self._tokens[after - 1].initial) else last

    def rest_of_name(self, index: int, *, sure: bool = False) -> bool:
        """A capitalised word inside a line of small letters that the field does not know.

        Where it is `sure` that a name stands, eponyms and words in a line of capitals count too.
        """
        token = self._tokens[index]
        loud = token.shouted or token.loud_line
        if not token.capital or (loud and not sure) or token.initial or token.key in NEVER:
            return False
        if index and self._tokens[index - 1].initial:
            return True  # "K. Cousin": behind an initial stands a surname, whatever else the word may mean
        if token.key in ROLES:
            return False
        if "\n" in self._words.gap(index - 1) or self._words.gap(index).startswith(":"):
            return False
        return not self._vocabulary.of_the_field(token.key) or (sure and self._vocabulary.clinical(token.key))

    def comma(self, index: int, first: int) -> bool:
        """ "Last, First" of headers."""
        return index - first <= 2 and re.fullmatch(r",[^\S\n]{0,2}", self._words.gap(index - 1)) is not None

    def part_of_name(self, index: int) -> bool:
        """ "Okafor J." ends in an initial; "Okafor A plan" does not."""
        return self._words.gap(index)[:1] in {".", ",", "\n", ""}

    def names(self, token: Token) -> bool:
        return self.strong(token) or self.weak(token)

    def plausible(self, token: Token) -> bool:
        return (token.capital or not self._vocabulary.known(token.key)) and token.key not in NEVER

    def telling(self, first: int, last: int) -> Iterator[str]:
        for token in self._tokens[first : last + 1]:
            if not token.initial and token.key not in PARTICLES and len(token.key) > 1:
                yield token.key

    def end(self, last: int) -> int:
        token = self._tokens[last]
        dotted = token.initial and self._words.text[token.end : token.end + 1] == "."
        return token.end + dotted
