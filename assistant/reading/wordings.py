"""The pattern language of corpus/concepts.yaml: a wording as people write it, compiled to a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER_WORDS = (
    {"zero": 0, **_TENS}
    | {word: n for n, word in enumerate(_UNITS, 1)}
    | {word: n for n, word in enumerate(_TEENS, 10)}
    | {f"{ten}-{unit}": value + n for ten, value in _TENS.items() for n, unit in enumerate(_UNITS, 1)}
)  # fmt: skip
# "twenty-four" before "twenty", and with a blank as well as with a hyphen.
NUMBER_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)).replace("-", "[- ]")

_ONE_NUMBER = rf"(?:\d+(?:\.\d+)?|(?i:{NUMBER_WORD})\b)"
NUMBER = rf"(?:{_ONE_NUMBER}(?:\s*(?:-|–|to|or)\s*{_ONE_NUMBER})?)"

_ELEMENT = re.compile(
    r"(?P<gap>\.{2,4})|(?P<open>\()|(?P<close>\)\??)|(?P<bar>\|)|(?P<list><\w+>)|(?P<case>=[^\s()|]+)"
    r"|(?P<word>\w[\w.'’]*\*?)|(?P<punct>[^\w\s()|<>.\-]|-(?=[\s)|]|$))|(?P<blank>[\s\-]+)"
)
_GAP_WORDS = {"..": 4, "...": 9, "....": 16}
_BLANKS = r"[\s\-‐-―]+"
# Between the words of a gap a comma, a bracket or a quotation mark may stand, but nothing that ends a statement.
_GAP_BLANK = r"[\s,()\"“”\-‐-―]+"
_GAP_WORD = r"(?:(?![.!?](?:\s|$))[^\s,;:()\"“”\-‐-―])+"
_SHORTEST_PLURAL = 4
_MANY = 12
_FIRST_LETTER = re.compile(r"(?:\(\?i:)?([a-zA-Z])")
# "Has not" is written "hasn't", "can not" "can't".
_NOT = r"(?i:not|\w+n['’]t)"
_CONTRACTED = r"(?i:n?['’]t)"
_COUNTED = "visits|sessions|treatments|appointments|txs?"
DIGITS = "#"  # the key of wordings that begin with a number
_TOKEN = re.compile(r"\w+")


class BadWording(ValueError):
    """A wording that the pattern language cannot read."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One element: its regular expression, and the keys under which a wording that begins with it is found."""

    regex: str
    keys: frozenset[str]
    stems: frozenset[str]
    optional: bool = False
    gap: bool = False
    opens: bool = False  # it can begin with a sign ("/10"), which needs no blank before it
    closes: bool = False  # it can end with one
    loose: bool = False  # not every way to match it begins with one of `keys` or `stems`
    glued: str = ""  # what may stand for it, written to the word before: "n't" for "not"


@dataclass(frozen=True, slots=True)
class Wording:
    """A compiled wording: `regex`, and the words or stems (lower case) with which a match can begin.

    `needs` are words of which a text must hold one for the wording to stand in it; empty where that is not known.
    """

    text: str
    regex: str
    keys: frozenset[str]
    stems: frozenset[str]
    needs: frozenset[str] = frozenset()


class WordLists:
    """What `<name>` stands for, each list compiled once however many wordings name it."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._lists = lists
        self._compiled: dict[str, _Piece] = {}

    def piece(self, name: str) -> _Piece:
        """The list as one element. Raises BadWording where there is none of this name."""
        if name not in self._compiled:
            if name not in self._lists:
                raise BadWording(f"there is no list {name!r}")
            entries = [_sequence(_lex(entry), self)[0] for entry in self._lists[name]]
            self._compiled[name] = _either(entries, optional=False)
        return self._compiled[name]


def compile_wording(text: str, lists: WordLists) -> Wording:
    """Read one wording; `lists` holds what `<name>` stands for.

    The syntax is described at the head of corpus/concepts.yaml. Raises BadWording for what it does not allow.
    """
    pieces, rest = _sequence(_lex(text), lists)
    if rest or not pieces:
        raise BadWording(f"the wording {text!r} is empty or has a bracket too many")
    while pieces and (pieces[-1].gap or (pieces[-1].optional and pieces[-2:-1] and pieces[-2].gap)):
        pieces = pieces[:-1]  # what need not stand behind a gap says nothing
    if not pieces or pieces[0].gap or all(piece.optional for piece in pieces):
        raise BadWording(f"the wording {text!r} must begin with a word")
    keys, stems = _firsts(pieces)
    end = r"(?!\w)(?![./]\d)" if pieces[-1].regex[-1:].isdigit() or pieces[-1].regex == NUMBER else r"(?!\w)"
    if pieces[-1].closes:
        end = ""
    return Wording(text, rf"{_joined(pieces)}{end}", keys, stems, _needed(pieces))


def _needed(pieces: list[_Piece]) -> frozenset[str]:
    """The words of the later element that fewest texts hold."""
    sure = [
        piece.keys
        for piece in pieces[1:]
        if piece.keys and not (piece.stems or piece.optional or piece.gap or piece.loose)
    ]
    return min(sure, key=len, default=frozenset())


def _lex(text: str) -> list[tuple[str, str]]:
    lexed: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _ELEMENT.match(text, at)
        if not found or found.lastgroup is None:
            raise BadWording(f"the wording {text!r} cannot be read at {text[at:]!r}")
        if found.lastgroup != "blank":
            lexed.append((found.lastgroup, found.group()))
        at = found.end()
    return lexed


def _sequence(lexed: list[tuple[str, str]], lists: WordLists) -> tuple[list[_Piece], list[tuple[str, str]]]:
    pieces: list[_Piece] = []
    while lexed and lexed[0][0] not in {"bar", "close"}:
        (kind, text), lexed = lexed[0], lexed[1:]
        if kind == "open":
            piece, lexed = _alternatives(lexed, lists)
        else:
            piece = _piece(kind, text, lists)
        pieces.append(piece)
    return pieces, lexed


def _alternatives(lexed: list[tuple[str, str]], lists: WordLists) -> tuple[_Piece, list[tuple[str, str]]]:
    """What stands in brackets, up to and with the closing one."""
    branches: list[list[_Piece]] = []
    while True:
        branch, lexed = _sequence(lexed, lists)
        branches.append(branch)
        if not lexed:
            raise BadWording("a bracket is not closed")
        (kind, text), lexed = lexed[0], lexed[1:]
        if kind == "close":
            return _either(branches, optional=text.endswith("?")), lexed


def _either(branches: list[list[_Piece]], *, optional: bool) -> _Piece:
    if not all(branches):
        raise BadWording("an alternative is empty")
    keys: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    loose = False
    for branch in branches:
        more = _firsts(branch)
        keys, stems = keys | more[0], stems | more[1]
        loose = loose or not (more[0] or more[1]) or any(piece.loose for piece in branch)
    # Longer branches first, so that "neck pain" is not cut to "neck".
    ordered = sorted((_joined(branch) for branch in branches), key=len, reverse=True)
    opens = any(branch[0].opens for branch in branches)
    closes = any(branch[-1].closes for branch in branches)
    return _Piece(
        rf"(?:{'|'.join(_by_letter(ordered))})", keys, stems, optional, opens=opens, closes=closes, loose=loose
    )


def _by_letter(branches: list[str]) -> list[str]:
    """The alternatives with those of one first letter behind a look at that letter: hundreds of names, few tried."""
    if len(branches) < _MANY:
        return branches
    kept: list[str] = []
    groups: dict[str, list[str]] = {}
    for branch in branches:
        first = None if branch.startswith(_NOT) else _FIRST_LETTER.match(branch)
        (groups.setdefault(first[1].casefold(), []) if first else kept).append(branch)
    return [*kept, *(rf"(?=[{letter}{letter.upper()}])(?:{'|'.join(group)})" for letter, group in groups.items())]


def _piece(kind: str, text: str, lists: WordLists) -> _Piece:
    if kind == "gap":
        return _Piece(
            rf"(?:{_GAP_BLANK}{_GAP_WORD}){{0,{_GAP_WORDS[text]}}}?{_GAP_BLANK}", frozenset(), frozenset(), gap=True
        )
    if kind == "list":
        return _list(text, lists)
    if kind == "case":
        literal = text[1:].removesuffix("*")
        first = _TOKEN.search(literal)
        tail = r"\w*" if text.endswith("*") else ""
        key = frozenset({first.group().casefold()}) if first else frozenset()
        return _Piece(re.escape(literal) + tail, key, key if tail else frozenset())
    if kind == "punct":
        if text == "*":
            raise BadWording("a star ends a word, it cannot follow a bracket or stand alone")
        return _Piece(re.escape(text), frozenset(), frozenset(), opens=True, closes=True)
    return _word(text)


def _list(text: str, lists: WordLists) -> _Piece:
    name = text[1:-1]
    if name == "n":
        return _Piece(NUMBER, frozenset({DIGITS, *(word.split("-")[0] for word in NUMBER_WORDS)}), frozenset())
    if name == "xn":
        return _Piece(r"[xX×]\s?\d{1,3}", frozenset(), frozenset())
    if name == "bn":
        return _Piece(rf"\(\s?[xX×]?\s?\d{{1,3}}\s?(?:{_COUNTED})?\s?\)", frozenset(), frozenset(), closes=True)
    return lists.piece(name)


def _word(text: str) -> _Piece:
    lowered = text.casefold()
    if lowered == "not":
        return _Piece(_NOT, frozenset({"not"}), frozenset(), glued=_CONTRACTED)
    if text.endswith("*"):
        stem = _apostrophes(lowered[:-1])
        parts = _TOKEN.findall(lowered[:-1])
        # "o'brien*" begins with the token "o": only the last token is open at its end.
        keys = frozenset() if len(parts) == 1 else frozenset(parts[:1])
        stems = frozenset(parts[:1]) if len(parts) == 1 else frozenset()
        return _Piece(rf"(?i:{stem}\w*(?:['’]\w*)?)", keys, stems)
    forms = [lowered]
    regex = _apostrophes(lowered)
    if len(lowered) >= _SHORTEST_PLURAL and lowered.isalpha() and not lowered.endswith("s"):
        if lowered.endswith("y"):
            forms += [lowered + "s", lowered[:-1] + "ies"]
            regex = rf"{lowered[:-1]}(?:y(?:['’]?s)?|ies)"
        else:
            forms.append(lowered + "s")
            regex = rf"{lowered}(?:['’]?s)?['’]?"
    keys = frozenset(_TOKEN.findall(form)[0] for form in forms)
    return _Piece(rf"(?i:{regex})" if not lowered.isdigit() else regex, keys, frozenset())


def _apostrophes(text: str) -> str:
    return re.sub("['’]", "['’]", re.escape(text))


def _firsts(pieces: list[_Piece]) -> tuple[frozenset[str], frozenset[str]]:
    keys: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    for piece in pieces:
        keys, stems = keys | piece.keys, stems | piece.stems
        if not (piece.optional or piece.gap):
            break
    return keys, stems


def _joined(pieces: list[_Piece]) -> str:
    """The pieces as one expression, with blanks where words meet."""
    regex = ""
    blank = ""  # what must stand before the next piece
    follows = [*pieces[1:], None]
    skipped = False
    for piece, follower in zip(pieces, follows, strict=True):
        if skipped:
            skipped = False
            continue
        if piece.gap:
            regex, blank = regex + piece.regex, ""
            continue
        if piece.optional and not blank and follower is not None and follower.gap:
            # What may be left out, at the start or behind a gap, takes the gap that follows it with it.
            regex, skipped = regex + rf"(?:{piece.regex}{follower.regex})?", True
            continue
        between = r"\s*" if piece.opens and blank else blank
        after = r"\s*" if piece.closes else _BLANKS
        if piece.optional:
            regex += rf"(?:{between}{piece.regex})?" if blank else rf"(?:{piece.regex}{after})?"
        else:
            regex += rf"(?:{between}{piece.regex}|{piece.glued})" if piece.glued and between else between + piece.regex
            blank = after
    return regex
