"""A sentence laid beside a support that it retells: what stands where the support has another value, "no" or "before".

Words that both texts have are paired in their order; a value in another's place is a difference, and so is a "not" put
in or left out between two pairs. Where a sentence does not retell the support nearly word for word nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain import SupportKind
from assistant.drafting.analysis import Analysis, View
from assistant.drafting.claims import date_covers
from assistant.drafting.contexts import Context
from assistant.drafting.telling import AUXILIARIES, Token, tokens_of

_LISTING = frozenset(["and", "or", "the", "left", "right", "bilateral", "both", "his", "her"])
_QUOTED = re.compile(r"“([^”]+)”")
_CITES = re.compile(r"\b(?:MTUS|ODG|ACOEM|guidelines?|chapter|section|criteria for)\b", re.IGNORECASE)
# A word that both have tells more of how a sentence is built than a value that may have moved.
_WORD, _MATCH, _OTHER, _GAP = 2.4, 2.0, -0.5, -0.6
_NEVER = -1e9
_LONGEST = 160  # words that are laid side by side; a longer text is not compared so
_FEW = 3  # pairs from which on a sentence may retell a support
_MOSTLY = 0.6  # the share of its words between the first and the last pair that must be paired
_NEXT = 3  # how far from the next pair a "not" may stand
_BESIDE = 2  # how far before the first and after the last pair


@dataclass(frozen=True, slots=True)
class _Laid:
    """A sentence's and a view's tokens with the pairs that the alignment makes of them, equal or rival."""

    ours: Sequence[Token]
    theirs: Sequence[Token]
    pairs: Sequence[tuple[int, int]]

    @property
    def equal(self) -> list[tuple[int, int]]:
        return [(i, j) for i, j in self.pairs if _same(self.ours[i], self.theirs[j])]

    @property
    def told(self) -> list[tuple[int, int]]:
        """The equal pairs that are no denials."""
        return [(i, j) for i, j in self.equal if self.ours[i].sort != "denial"]

    @property
    def close(self) -> bool:
        """Whether the two run side by side, be it with other values."""
        return len(self.pairs) >= _FEW and len(self.pairs) >= _MOSTLY * (self.pairs[-1][0] - self.pairs[0][0] + 1)

    @property
    def retells(self) -> bool:
        equal = self.equal
        if len(equal) < min(_FEW, len(self.theirs)):
            return False
        return len(equal) >= _MOSTLY * (equal[-1][0] - equal[0][0] + 1)


def retold_problems(sentence: Analysis, views: Sequence[View]) -> Iterator[str]:
    """What a sentence puts in the place of its supports' words, each in one sentence."""
    ours = tokens_of(sentence.text)
    surplus = tuple(_put_for_another(sentence, ours, views))
    yield from surplus
    if surplus or len(ours) > _LONGEST:
        return
    laid = [(view, _lay(ours, theirs)) for view in views if 0 < len(theirs := _opened(view)) <= _LONGEST]
    retold = [(view, one) for view, one in laid if one.retells]
    paired = {i for _, one in retold for i, _ in one.equal}
    for view, one in laid:
        if one.retells or one.close:
            yield from _changed_places(sentence, view, one, paired)
    for view, one in retold:
        yield from _turned(sentence, view, one)
    yield from _denials(sentence, retold)


# --- what a view opens ----------------------------------------------------------------------------------------------


def _opened(view: View) -> tuple[Token, ...]:
    inside = view.range
    return tuple(t for t in tokens_of(view.source.text) if t.first in inside and t.last in inside)


def _same(a: Token, b: Token) -> bool:
    """Whether our token says nothing beyond theirs."""
    if a.sort == b.sort == "claim date":
        return date_covers(b.name, a.name)
    return a.name == b.name and (a.sort == b.sort or a.sort.startswith("claim"))


# --- a value more than the supports have, and another less -----------------------------------------------------


def _put_for_another(sentence: Analysis, ours: Sequence[Token], views: Sequence[View]) -> Iterator[str]:
    """A value told more often than the supports have it, while a rival of theirs is told less often."""
    told = Counter((t.sort, t.name) for t in ours if _typed(t))
    held: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[str, str, int]] = set()
    for view in views:
        for token in _own_tokens(view, views) if _speaks(sentence, view) else ():
            place = (view.kind.value, view.id, token.first)
            if place not in seen and _typed(token):
                seen.add(place)
                held[token.sort, token.name] += 1
    for (sort, name), count in told.items():
        more = count > held[sort, name] and (held[sort, name] > 0 or sort.startswith("turn"))
        less = [other for (of, other), n in held.items() if told[of, other] < n and _rival(sort, name, of, other)]
        if more and less and not any(_one(name, other) for other in less):
            yield f"The sentence says “{_words(sentence, ours, sort, name)}” where its supports say “{less[0]}”."


def _own_tokens(view: View, views: Sequence[View]) -> Iterator[Token]:
    """The tokens of a view; of a finding those left out that quote the case where another view opens it."""
    told = (
        [other.quote for other in views if other.kind is SupportKind.CASE] if view.kind is SupportKind.FINDING else []
    )
    text = view.source.text
    twice = [
        match.span()
        for match in _QUOTED.finditer(text)
        if any(match[1] in quote or quote in match[1] for quote in told)
    ]
    for token in _opened(view):
        if not any(a <= view.source.words[token.first].start < b for a, b in twice):
            yield token


def _speaks(sentence: Analysis, view: View) -> bool:
    """Whether a view's words may back a value: the citation of a passage does so only where the sentence cites."""
    return view.kind is not SupportKind.PASSAGE or bool(view.label) or bool(_CITES.search(sentence.text))


def _rival(sort: str, name: str, of: str, other: str) -> bool:
    """Whether a value could stand in another's place: of one sort, or one number with another unit."""
    if of == sort:
        return other != name
    return sort.startswith("claim") and of.startswith("claim") and other == name and not name.isalpha()


def _typed(token: Token) -> bool:
    return token.sort not in {"word", "denial"}


def _one(a: str, b: str) -> bool:
    return a.endswith(f" {b}") or b.endswith(f" {a}")


def _words(sentence: Analysis, ours: Sequence[Token], sort: str, name: str) -> str:
    token = next(t for t in ours if (t.sort, t.name) == (sort, name))
    return _text(sentence, token)


def _text(read: Analysis, token: Token) -> str:
    return read.text[read.words[token.first].start : read.words[token.last].end]


# --- side by side ---------------------------------------------------------------------------------------------


def _lay(ours: Sequence[Token], theirs: Sequence[Token]) -> _Laid:
    """The best pairing in order; what stands before the first and after the last pair costs nothing."""
    width = len(theirs) + 1
    above = [0.0] * width
    back: list[bytearray] = []
    best, end = 0.0, (0, 0)
    for i, own in enumerate(ours):
        row, steps = [0.0] * width, bytearray(width)
        for j, other in enumerate(theirs):
            pair = above[j] + _score(own, other)
            skip_own = above[j + 1] + _GAP
            skip_other = row[j] + _GAP
            value, step = max((0.0, 0), (pair, 1), (skip_own, 2), (skip_other, 3))
            row[j + 1], steps[j + 1] = value, step
            if value > best:
                best, end = value, (i, j + 1)
        back.append(steps)
        above = row
    return _Laid(ours, theirs, _with_ends(ours, theirs, _pairs(back, end)))


def _with_ends(
    ours: Sequence[Token], theirs: Sequence[Token], pairs: list[tuple[int, int]]
) -> Sequence[tuple[int, int]]:
    """The pairs, and the rivals that stand right before the first and right after the last of them."""
    if not pairs:
        return pairs
    (i, j), (k, m) = pairs[0], pairs[-1]
    before = [(i - 1, j - 1)] if i and j and _score(ours[i - 1], theirs[j - 1]) == _OTHER else []
    ends = k + 1 < len(ours) and m + 1 < len(theirs) and _score(ours[k + 1], theirs[m + 1]) == _OTHER
    return [*before, *pairs, *([(k + 1, m + 1)] if ends else [])]


def _score(a: Token, b: Token) -> float:
    if _same(a, b):
        return _MATCH if _typed(a) else _WORD
    return _OTHER if a.sort == b.sort and _typed(a) else _NEVER


def _pairs(back: Sequence[bytearray], end: tuple[int, int]) -> list[tuple[int, int]]:
    i, j = end
    pairs: list[tuple[int, int]] = []
    while i >= 0 and j > 0 and back and back[i][j]:
        step = back[i][j]
        if step == 1:
            pairs.append((i, j - 1))
        i -= step in {1, 2}
        j -= step in {1, 3}
    return pairs[::-1]


def _changed_places(sentence: Analysis, view: View, laid: _Laid, paired: set[int]) -> Iterator[str]:
    """Two values that stand each where the support has the other, something else between them."""
    rival = [(i, j) for i, j in laid.pairs if not _same(laid.ours[i], laid.theirs[j]) and i not in paired]
    for at, (i, j) in enumerate(rival):
        for k, m in rival[at + 1 :]:
            crossed = _same(laid.ours[i], laid.theirs[m]) and _same(laid.ours[k], laid.theirs[j])
            if crossed and not _in_list(sentence, laid.ours, i, k):
                first, second = _text(sentence, laid.ours[i]), _text(sentence, laid.ours[k])
                yield f"The sentence says “{first}” and “{second}” each where its support says the other."
    beside = {(a.name, b.name) for a, b in pairwise(laid.theirs) if a.sort == b.sort}
    for at, (a, b) in enumerate(pairwise(laid.ours)):
        turned = (b.name, a.name) in beside and (a.name, b.name) not in beside and a.sort == b.sort and _typed(a)
        if turned and not _in_list(sentence, laid.ours, at, at + 1):
            first, second = _text(sentence, a), _text(sentence, b)
            yield f"The sentence says “{first}” before “{second}”; its support turns them round."
    if len(rival) == 1 and len(laid.equal) == len(laid.theirs) - 1 > 1:
        (i, j) = rival[0]
        said, held = _text(sentence, laid.ours[i]), _text(view.source, laid.theirs[j])
        yield f"The sentence says “{said}” where its support says “{held}”."


def _in_list(sentence: Analysis, ours: Sequence[Token], i: int, k: int) -> bool:
    """Whether nothing but "and", commas and more of their sort stands between two values: their order says nothing."""
    named = {at for t in ours[i : k + 1] if t.sort == ours[i].sort for at in range(t.first, t.last + 1)}
    between = range(ours[i].last + 1, ours[k].first)
    return all(at in named or sentence.words[at].lower in _LISTING for at in between)


def _turned(sentence: Analysis, view: View, laid: _Laid) -> Iterator[str]:
    """A word that turns the statement round, in the place of its rival."""
    for i, j in laid.pairs:
        own, other = laid.ours[i], laid.theirs[j]
        if own.sort.startswith("turn") and own.name != other.name:
            theirs = _text(view.source, other)
            yield f"The sentence says “{_text(sentence, own)}” where its support says “{theirs}”."


def _denials(sentence: Analysis, retold: Sequence[tuple[View, _Laid]]) -> Iterator[str]:
    """A "no" or "not" that stands by a pair in one of the texts only, in every view that has the pair."""
    backed: set[int] = set()
    problems: dict[int, str] = {}
    for view, laid in retold:
        for at, ours, theirs in _cues(view, laid):
            pair = next((p for p in laid.told if p[0] == at), laid.told[-1])
            own, other = laid.ours[pair[0]], laid.theirs[pair[1]]
            if _quoted(sentence, own):
                continue
            joined = at == laid.told[0][0] and ours < theirs and _both_missing(sentence, own, view, other)
            if ours == theirs or joined or (max(ours, theirs) == 1 and _surely_alike(sentence, own, view, other)):
                backed.add(at)
                continue
            said, held = ("denies", "states") if ours > theirs else ("states", "denies")
            problems.setdefault(at, f"The sentence {said} “{_text(sentence, own)}” where its support {held} it.")
    yield from (problem for at, problem in problems.items() if at not in backed)


def _cues(view: View, laid: _Laid) -> Iterator[tuple[int, int, int]]:
    """The places by a pair where a denial may stand: our token after it, how many stand there in each text."""
    equal = laid.told
    if not equal:
        return
    for (i, j), (k, m) in zip(equal, equal[1:], strict=False):
        if k - i <= _NEXT and m - j <= _NEXT:
            yield k, _denied_in(laid.ours[i + 1 : k]), _denied_in(laid.theirs[j + 1 : m])
    first, last = equal[0], equal[-1]
    before = _before(view, laid.theirs[first[1]])
    ahead = _denied_in(laid.ours[max(0, first[0] - _BESIDE) : first[0]])
    if ahead and not before:
        yield first[0], ahead, before
    elif (left := _denied_in(laid.theirs[: first[1]][-_BESIDE:])) and not _denied_in(laid.ours[: first[0]][-_NEXT:]):
        yield first[0], 0, left
    after = laid.theirs[last[1] + 1 :]
    if len(after) <= _BESIDE and _denied_in(after) and not _denied_in(laid.ours[last[0] + 1 :][:_NEXT]):
        yield len(laid.ours), 0, _denied_in(after)


def _quoted(sentence: Analysis, token: Token) -> bool:
    """Whether a token stands in a quotation, which is compared word for word elsewhere."""
    before = sentence.text[: sentence.words[token.first].start]
    return before.count("“") > before.count("”")


def _denied_in(tokens: Sequence[Token]) -> int:
    return sum(token.sort == "denial" for token in tokens)


def _before(view: View, token: Token) -> int:
    """How many denials stand close before a token in its source, be it inside the view or before it."""
    whole = tokens_of(view.source.text)
    at = whole.index(token)
    return _denied_in(whole[max(0, at - _NEXT) : at])


def _surely_alike(sentence: Analysis, own: Token, view: View, other: Token) -> bool:
    """Whether both texts deny a word without doubt, be it by one "no" for a list or by one for each."""
    ours, theirs = sentence.contexts[own.first], view.source.contexts[other.first]
    denied = Context.DENIED | Context.PERHAPS_DENIED
    alike = bool(ours & denied) and bool(theirs & denied) and not (ours | theirs) & Context.MISSING
    return (
        alike
        and Context.DENIED in ours | theirs
        and not (_modal_before(sentence, own) or _modal_before(view.source, other))
    )


def _both_missing(sentence: Analysis, own: Token, view: View, other: Token) -> bool:
    """Whether both texts say of a word that it is not stated: one "does not state" may join several silences."""
    return bool(sentence.contexts[own.first] & view.source.contexts[other.first] & Context.MISSING)


def _modal_before(read: Analysis, token: Token) -> bool:
    """Whether "should not" or the like stands right before: a denial of its own, no member of a list."""
    before = [word.lower for word in read.words[max(0, token.first - 2) : token.first]]
    return any(word in AUXILIARIES for word in before)
