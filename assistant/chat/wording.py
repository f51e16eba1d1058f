"""A message as words: folded, spelled right where a typing error is plain, with what quotes another set apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 2_000  # characters of a message that are read; what is longer is pasted text
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,]\d+)*|[^\w\s]|_")
_QUOTED = re.compile("[\"\u201c\u201d\u201e\u00ab\u00bb]|^\\s*>|(?<!\\w)'[^']+'(?!\\w)", re.MULTILINE)


def word_set(words: str) -> frozenset[str]:
    """The words of a list that is written as one line."""
    return frozenset(words.split())


# The words whose typing errors are mended. Words that are right in themselves are never taken for another.
_KNOWN = word_set(
    "overturn overturned overturning uphold upheld upholding outcome decision decisions determination "
    "determinations make change switch mark turn please undo revert redraft draft drafted again shorten shorter "
    "short issue service request first second third fourth fifth last other both everything similar cases "
    "letters guideline guidelines criterion criteria require requires required summary document documented "
    "explain define meaning means functional improvement acupuncture mention mentioned states finding findings "
    "missing reason reasons against support speaks rationale should would could about what where which does "
    "find show search help medically necessary lengthen longer simplify plainer rewrite reword rephrase include insert "
    "remove delete sentence sentences citation guideline section compare similar mention expand redraft protect "
    "preserve "
    "evidence decided recommend functional"
)
_OWN = word_set(
    "made makes making marks marked take takes turns turned changed changes sets these those there their then "
    "than that this thing with when were will well want went work worked word words cast case cause call care "
    "core criteria date fist lest list last lost least past part find fine fund kind mind shot shoe shore sort "
    "whit white while whose read does doer dose done down drift draft drafts graft fraft mean main mane said "
    "says such mach much must most them they over under after before since reversed mike male mate late rake "
    "bake cake wake boot bath bother other mother others slow shown shows shorts shorted service services short "
    "issued issues requests requested supports supported worth help held hold holds upland states state stated "
    "status statue whats conclude concluded concludes exclude excluded removed removes deleted deletes includes "
    "included "
    "inserts inserted inert compares compared expands expanded sections rewrote reworded rephrased simplified planner "
    "painter linger longest lengthy mentions sentenced redrafted shoulder shoulders world courts wherever theft "
    "started starting"
)
_SHORT = 4
_LONG = 8


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the reviewer. `tokens` are its words and signs; `plain` are its words as one line."""

    text: str
    tokens: tuple[str, ...]
    quotes: bool  # it quotes somebody
    lines: int
    pasted: bool  # longer than what is read

    @property
    def plain(self) -> str:
        """The words and numbers with single blanks, without signs."""
        return " ".join(token for token in self.tokens if token[0].isalnum())


def read_message(text: str) -> Message:
    """Fold case and width, mend plain typing errors, split into words and signs. Never raises."""
    whole = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).strip()
    head = whole[:LONGEST]
    tokens = tuple(mended(token) for token in _TOKEN.findall(head.casefold()))
    lines = sum(bool(line.strip()) for line in head.splitlines())
    return Message(whole, tokens, bool(_QUOTED.search(head)), lines, len(whole) > LONGEST)


@lru_cache(maxsize=4096)
def mended(word: str) -> str:
    """The word, or the known word that it mistypes by one slip (two in a long word), where only one comes near."""
    if word in _KNOWN or word in _OWN or len(word) < _SHORT or not word.isalpha():
        return word
    return nearest(word, _KNOWN) or word


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The only word that lies within a plain typing error of `word`, else None."""
    allowed = 2 if len(word) >= _LONG else 1
    near: dict[int, set[str]] = {}
    for known in words:
        if len(known) < _SHORT or abs(len(known) - len(word)) > allowed:
            continue
        if len(word) <= _SHORT and len(known) == len(word) and sorted(known) != sorted(word):
            continue  # with another letter a short word is another word
        slips = distance(word, known)
        if slips <= allowed:
            near.setdefault(slips, set()).add(known)
    best = near[min(near)] if near else set()
    longest = [known for known in best if len(known) == max(map(len, best))]
    return longest[0] if len(longest) == 1 else None  # a letter is sooner left out than put in


def distance(one: str, other: str) -> int:
    """How many letters must be added, left out, replaced or swapped with their neighbour (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = letter != wanted
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + cost))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


_STOP = word_set(
    "a about all am an and any are as at be been but by can could did do does for from had has have he her him "
    "his how i if in into is it its me mention mentioned mentions my no not of on one or our out please say "
    "said says she should show so some state stated states tell than that the their them then there these they "
    "this to us was we were what when where whether which who why will with would you your give need needs "
    "needed about regarding concerning ever anything there's what's it's document documented documents patient "
    "worker summary record records case note notes file chart guideline guidelines mtus acoem rule rules "
    "require requires required allow allows allowed recommend recommends recommended ask asks many much long "
    "often finding findings criterion criteria find similar decision decisions determination determinations "
    "letter letters cases past previous other others precedent precedents quote read also more again overturned "
    "upheld overturn uphold issue service section passage speak speaks come comes under according"
)


def content_words(text: str) -> tuple[str, ...]:
    """The words of a text that carry what it is about, folded, in their order, each once."""
    words = (token for token in read_message(text).tokens if token[0].isalnum())
    return tuple(dict.fromkeys(word for word in words if word not in _STOP and (len(word) > 1 or word.isdigit())))


def stem(word: str) -> str:
    """The word without an ending of number or tense, so that "visits" meets "visit"."""
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ed", "es", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def stems(text: str) -> frozenset[str]:
    """The stems of a text's content words."""
    return frozenset(stem(word) for word in content_words(text))
