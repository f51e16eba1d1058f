"""How much relief an earlier treatment brought and for how long, read from sentences that name that treatment."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain import CaseSummary, DisputedService, Fact, Span
from assistant.drafting.applicability import elsewhere
from assistant.drafting.excerpts import DOCUMENTED, sentence_at, telling
from assistant.reading.numbers import number
from assistant.reading.wordings import NUMBER_WORD

RELIEF = frozenset({"pain_relief", "relief_50_percent", "functional_improvement"})
_N = rf"(?:\d+(?:\.\d+)?|{NUMBER_WORD})"
_AT_LEAST, _AT_MOST = frozenset({"at least", "more than", "over"}), frozenset({"up to", "less than", "under"})
_HOW = r"(?P<how>at least|more than|over|up to|less than|under|about|approximately|nearly|almost)?\s*"
_TO = r"\s*(?:-|–|to)\s*"
_PERCENT = re.compile(rf"{_HOW}(?P<low>\d{{1,3}})(?:\s*%?{_TO}(?P<high>\d{{1,3}}))?\s*(?:%|percent\b)", re.IGNORECASE)
# "for eight weeks", "lasting 6-8 weeks", "for only two days"
_LASTED = re.compile(
    rf"\b(?:for|lasting|lasted|last)\s+(?:only\s+|just\s+)?{_HOW}(?P<low>{_N})(?:{_TO}(?P<high>{_N}))?\s*-?\s*"
    r"(?P<unit>hours?|days?|weeks?|wks?|months?)\b",
    re.IGNORECASE,
)
# What opens another statement between words of relief and a number.
_ELSE = re.compile(r"[,;:.](?!\d)|\b(?:and|but|while|he|she|who|has|have|had|been|is|are|off)\b", re.IGNORECASE)
_REACH = 40  # characters
_IN_WEEKS = {"h": 1 / 168, "d": 1 / 7, "w": 1.0, "m": 52 / 12}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or range; an open end is 0 or infinite ("at least six": 6 to infinite)."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Relief:
    """What one sentence says that an earlier treatment brought: percent, weeks; `span` is the words to quote."""

    span: Span
    percent: Amount | None
    weeks: Amount | None


def reliefs(case: CaseSummary, service: DisputedService, treatments: frozenset[str]) -> tuple[Relief, ...]:
    """The relief that is told of any of `treatments` (concepts), each sentence once, in the order of the text.

    A response counts when its sentence names the treatment as had (then of whatever part: an injection in the back may
    ease a leg), or follows the one that does, names no other treatment and no other part of the body.
    """
    return tuple(_told(case, service, treatments))


def _told(case: CaseSummary, service: DisputedService, treatments: frozenset[str]) -> Iterator[Relief]:
    seen: set[int] = set()
    for fact in case.facts:
        if fact.concept not in RELIEF or fact.polarity not in DOCUMENTED:
            continue
        sentence = sentence_at(case, fact.span.start, fact.span.end)
        if sentence.start in seen or not _of_treatment(case, fact, sentence, service, treatments):
            continue
        percent, weeks = _amount(_near(_PERCENT, case, fact)), _amount(_near(_LASTED, case, fact))
        if percent or weeks:
            seen.add(sentence.start)
            yield Relief(
                _quote(case, fact, sentence, [*_near(_PERCENT, case, fact), *_near(_LASTED, case, fact)]),
                percent,
                weeks,
            )


def _of_treatment(
    case: CaseSummary, fact: Fact, sentence: Span, service: DisputedService, treatments: frozenset[str]
) -> bool:
    named = _treatments_in(case, sentence)
    if named:
        return bool(named & treatments)
    before = [other for other in case.sentences if other.end <= sentence.start]
    follows = bool(before) and bool(_treatments_in(case, before[-1]) & treatments)
    return follows and not elsewhere(fact, service)


def _treatments_in(case: CaseSummary, sentence: Span) -> set[str]:
    return {
        fact.concept
        for fact in case.facts
        if fact.concept
        and fact.kind == "treatment"
        and fact.polarity in DOCUMENTED
        and sentence.start <= fact.span.start
        and fact.span.end <= sentence.end
    }


def _near(pattern: re.Pattern[str], case: CaseSummary, fact: Fact) -> list[re.Match[str]]:
    """What the pattern finds beside the words of relief: nothing between but a few words of the same statement.

    How long comes after what it is told of ("low back pain for six months, with relief" tells no relief of six months).
    """
    sentence = sentence_at(case, fact.span.start, fact.span.end)
    found = []
    for match in pattern.finditer(case.text, sentence.start, sentence.end):
        behind = case.text[fact.span.end : match.start()]
        before = case.text[match.end() : fact.span.start]
        inside = fact.span.start <= match.start() and match.end() <= fact.span.end
        ahead = pattern is _PERCENT and match.end() <= fact.span.start and not _ELSE.search(before)
        after = match.start() >= fact.span.start and not _ELSE.search(behind)
        if inside or (after and len(behind) <= _REACH) or (ahead and len(before) <= _REACH):
            found.append(match)
    return found


def _amount(found: Sequence[re.Match[str]]) -> Amount | None:
    """All that was found as one range; None where nothing was."""
    bounds = [_bounds(match) for match in found]
    return Amount(min(low for low, _ in bounds), max(high for _, high in bounds)) if bounds else None


def _bounds(match: re.Match[str]) -> tuple[float, float]:
    scale = _IN_WEEKS[match["unit"][0].lower()] if "unit" in match.re.groupindex else 1.0
    low = number(match["low"]) * scale
    high = number(match["high"]) * scale if match["high"] else low
    how = (match["how"] or "").lower()
    if how in _AT_LEAST:
        return round(low, 1), math.inf
    return (0.0 if how in _AT_MOST else round(low, 1)), round(high, 1)


def _quote(case: CaseSummary, fact: Fact, sentence: Span, numbers: Sequence[re.Match[str]]) -> Span:
    """The words to quote: those that tell the fact where they hold its numbers, else the sentence."""
    told = telling(case, fact)
    if all(told.start <= match.start() and match.end() <= told.end for match in numbers):
        return told
    return Span.of(case.text, sentence.start, sentence.start + len(sentence.quote.rstrip(" .")))
