"""What a named examination test gave: "positive Tinel's, Phalen's negative", "SLR was negative bilaterally"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import Polarity, Span
from assistant.reading.wordbook import Hit

_POLARITY = {"positive": Polarity.PRESENT, "negative": Polarity.DENIED, "equivocal": Polarity.UNCLEAR}
_BREAK = re.compile(r"[;.](?:\s|$)|\b(?:but|however|although|while|whereas)\b", re.IGNORECASE)
_COPULA = re.compile(
    r"\b(?:is|was|were|are|be|remains?|remained|noted|found|reported|showed|revealed|elicited|tests?|testing|signs?)\b|:",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|was|were|are|has|had|remains?|revealed|showed)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\s,;:]+")
_NO = re.compile(r"\b(?:no|not|without|denies|never|nor|any)\s+(?:\w+\s+)?$", re.IGNORECASE)
# A sign beside the name: SLR (+) left, Tinel (-), +Phalen.
_SIGN = re.compile(
    r"(?<=\s)\([+\-–]\)|(?<=\s)[+\-–](?:ve)?(?=[\s.,;]|$)|(?<=\s)\+(?=\d)|(?<=\s)(?:grade\s)?[1-4]\s?\+(?=[\s.,;]|$)"
)
_SIGN_BEFORE = re.compile(r"(?:\([+\-–]\)|(?:^|\s)\+)\s?$")
_SIGN_REACH = 16  # characters behind a test's name in which its sign is looked for
_ADJACENT, _TAIL, _LIST = 2, 3, 30  # words


def result_of(text: str, sentence: Span, start: int, end: int, results: Sequence[Hit[str]]) -> Polarity:
    """The result of the test named at `start:end`: present, denied, or unclear where none or a half one is said.

    `results` are the result words of the same sentence. A result directly before the name wins, then one said of it
    after ("was negative"), then one that opens the list in which it stands ("positive Neer, Hawkins and Speed tests").
    """
    sign = _SIGN.search(text, end, min(len(text), end + _SIGN_REACH)) or _SIGN_BEFORE.search(
        text[max(0, start - 5) : start]
    )
    if sign:
        return Polarity.PRESENT if "+" in sign.group() else Polarity.DENIED
    inside = [hit for hit in results if start <= hit.start < end]
    if inside:
        return _POLARITY[inside[0].payload]
    before, after = _nearest(text, start, end, results)
    if before and _words(text[before.end : start]) <= _ADJACENT and "," not in text[before.end : start]:
        return _given(text, before)
    if after and _said_of(text[end : after.start]):
        return _POLARITY[after.payload]
    if before and _opens_list(text[before.end : start]):
        return _given(text, before)
    return Polarity.UNCLEAR


def _given(text: str, result: Hit[str]) -> Polarity:
    """ "No positive signs" is a negative result."""
    if result.payload == "positive" and _NO.search(text[max(0, result.start - 20) : result.start]):
        return Polarity.DENIED
    return _POLARITY[result.payload]


def _nearest(text: str, start: int, end: int, results: Sequence[Hit[str]]) -> tuple[Hit[str] | None, Hit[str] | None]:
    # "Caused radicular pain" is a positive result and more than "caused pain".
    hits = sorted(results, key=lambda hit: (hit.start, hit.payload != "positive"))
    before = [hit for hit in hits if hit.end <= start and not _BREAK.search(text, hit.end, start)]
    after = [hit for hit in hits if hit.start >= end and not _BREAK.search(text, end, hit.start)]
    return (before[-1] if before else None), (after[0] if after else None)


def _said_of(gap: str) -> bool:
    """Whether the words between name and result join them: "tests were", ":", or at most three words."""
    if _words(gap) <= _TAIL and "," not in gap and not re.search(r"\band\b", gap):
        return True
    return bool(_COPULA.search(gap)) and _words(gap) <= _LIST and not _restarts(gap)


def _restarts(gap: str) -> bool:
    """Whether another statement stands between: a verb, and after it a comma or "and" that opens the next one."""
    verb = _VERB.search(gap)
    return bool(verb and re.search(r",|\band\b", gap[verb.end() :]))


def _opens_list(gap: str) -> bool:
    return not _VERB.search(gap) and _words(gap) <= _LIST


def _words(text: str) -> int:
    return len(_WORD.findall(text))
