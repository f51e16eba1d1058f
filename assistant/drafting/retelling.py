"""Words of the case retold as a sentence of the rationale: the subject is named as this worker, all else stays.

A retold sentence says no more than its span does. What is no sentence of its own, hangs on words outside of it, or
holds marks that cannot stand alone is not retold; it is quoted instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain import CaseSummary, Span
from assistant.drafting.excerpts import sentence_at, trimmed
from assistant.drafting.glossary import SHORT_FORMS

MOST_WORDS = 34

_PERSON = (
    r"(?:the|this)\s+(?:now\s+)?(?:injured\s+(?:worker|employee|person)|worker|patient|claimant|applicant|employee"
    r"|individual|IW|pt)"
)
_NAMED_AT_START = re.compile(
    rf"(?P<lead>(?:\w+ly|at present|today|at that time|on that date|since then|overall|also),?\s+)?"
    rf"(?P<person>{_PERSON}|patient|injured worker|IW|claimant|applicant)(?=\s)(?![’'])",
    re.IGNORECASE,
)
_NAMED_WITHIN = re.compile(rf"\b{_PERSON}\b(?P<own>[’']s)?", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:and|but|however|although|though|additionally|furthermore|moreover|also|of note|it is noted that"
    r"|it was noted that|reportedly|per the report)[,:]?\s+)+",
    re.IGNORECASE,
)
# What points outside of the sentence, opens a condition, or is no beginning of a main clause.
_HANGING = re.compile(
    r"(?:this|these|those|such|it|they|which|who|whom|whose|that|if|unless|when|whether|while|because|as|with|without"
    r"|to|for|of|in addition to|due to|after|before|both|neither|nor|or|then|thus|therefore|so|with that)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|unless|whether|would|could|might|should|in case)\b", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|did|can|could|cannot|may|will|would|denies|denied|reports|reported|states|stated"
    r"|complains|complained|notes|noted|shows|showed|reveals|revealed|demonstrates|demonstrated|displayed|displays|feels|felt"
    r"|remains|remained|received|underwent|completed|attended|continues|continued|improved|helped|included|includes|indicated"
    r"|indicates|documented|documents|presented|presents|rates|rated|takes|took|uses|used|works|worked|returned|failed"
    r"|required|requires|experienced|experiences|developed|sustained|suffered|ambulates|walks|walked|lives|started|stopped"
    r"|tried|gave|provided|provides|describes|described|describing|got|came|went|fell|began|begins|radiates|radiated|confirmed"
    r"|exhibited|exhibits|appeared|appears|mentioned|mentions|worsened|decreased|increased|persisted|persists)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:which|that|who|whom|whose)\b|:", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our)\b")
_MARKS = re.compile(r"[“”\"\[\]{}<>*•|_]|\s-\s|\?|\. [A-Z]")
_WORD = re.compile(r"[\w/-]+")
_CAPITALS_FROM, _ACRONYM = 8, 3  # letters
_SMALL = "a an and as at by did for had has he her him his in is it no not of on or she the to was are two one six ten"
_SMALL_WORDS = frozenset(f"{_SMALL} may old hip leg arm toe rib eye low day new out off all any".upper().split())
_SHORT = {name.upper(): name for name in SHORT_FORMS}
_FINITE_WITHIN = 14  # words within which the main verb comes


@dataclass(frozen=True, slots=True)
class Retold:
    """A sentence with the span that it retells."""

    text: str
    span: Span


def calmed(text: str) -> str:
    """A text in capitals in small letters; short forms, levels and what holds a digit stay as they are."""
    letters = [sign for sign in text if sign.isalpha()]
    if len(letters) < _CAPITALS_FROM or any(sign.islower() for sign in letters):
        return text
    return _WORD.sub(lambda match: _calmed_word(match.group()), text)


def _calmed_word(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    kept = any(sign.isdigit() for sign in word) or (len(word) <= _ACRONYM and word not in _SMALL_WORDS)
    return word if kept else word.lower()


def retold(case: CaseSummary, span: Span, worker: str) -> Retold | None:
    """The sentence that retells `span`, or the whole short sentence around it; None where it can only be quoted.

    `worker` is what a sentence that begins with this worker begins with: "He", "She" or "The worker".
    """
    for piece in _pieces(case, span):
        text = _as_sentence(piece.quote, worker)
        if text is not None:
            return Retold(text, piece)
    return None


def _pieces(case: CaseSummary, span: Span) -> list[Span]:
    """The whole sentence where it is short, else the span where it opens its sentence or one of its main clauses."""
    around = sentence_at(case, span.start, span.end)
    if not any(sign.isalnum() for sign in span.quote):
        return []
    whole = trimmed(case.text, around.start, around.end)
    if len(whole.quote.split()) <= MOST_WORDS:
        return [whole]
    before = case.text[around.start : span.start]
    opens = not before.strip() or re.search(r"(?:;|,\s*(?:and|but))\s*$", before) is not None
    return [span] if opens and not _CONDITION.search(before) else []


def _as_sentence(quote: str, worker: str) -> str | None:
    text = calmed(" ".join(quote.split()))
    text = _OPENING.sub("", text, count=1) if _OPENING.match(text) else text
    text = text.rstrip(" .,;:")
    if not text or len(text.split()) > MOST_WORDS or not _stands_alone(text):
        return None
    named = _NAMED_AT_START.match(text)
    if named is not None:
        lead = (named["lead"] or "").strip(" ,")
        opening = f"{lead[0].upper()}{lead[1:]}, {_inside(worker)}" if lead else worker
        text = f"{opening}{_within(text[named.end() :])}"
    else:
        text = _within(text)
    return f"{text[0].upper()}{text[1:]}."


def _inside(worker: str) -> str:
    """The worker's name inside a sentence."""
    return worker[0].lower() + worker[1:]


def _within(text: str) -> str:
    return _NAMED_WITHIN.sub(lambda match: f"the worker{match['own'] or ''}", text)


def _stands_alone(text: str) -> bool:
    """Whether the text is one sentence that a reader understands by itself."""
    if _HANGING.match(text) or _FIRST_PERSON.search(text) or _MARKS.search(text):
        return False
    if text.count("(") != text.count(")") or not text[0].isalnum():
        return False
    verb = _FINITE.search(text)
    if verb is None or verb.start() == 0:
        return False
    before = text[: verb.start()]
    return len(before.split()) < _FINITE_WITHIN and not _RELATIVE.search(before)
