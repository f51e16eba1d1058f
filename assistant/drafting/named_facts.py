"""The diagnoses and treatments that a rationale names, each under the fullest name that the summary gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.domain import CaseSummary, DisputedService, Fact, Finding, Span
from assistant.drafting.applicability import elsewhere
from assistant.drafting.arithmetic import PRIOR_COUNT
from assistant.drafting.excerpts import DOCUMENTED

_NAME_END = re.compile(r" (?:therapy|treatments?|care|manipulation|injections?|sessions|visits|program|unit)\b")
_HAD = re.compile(
    r"(?:(?:has|had|have|been|previously|also|already)\s+)*(?:had|completed|underwent|undergone|received|attended)\s+"
)
_CLASS = re.compile(
    r"(?:\w+[ -])?(?:opioid|opiate|narcotic|nsaid|anti-?inflammator(?:y|ie)|muscle relaxant|anticonvulsant"
    r"|antidepressant|medication|medicine|analgesic|benzodiazepine)s?(?: medications?)?",
    re.IGNORECASE,
)
_DIAGNOSES, _FEW = 4, 2
_DIAGNOSIS_WORDS = 24
_TREATMENTS = 5


def diagnoses_of(case: CaseSummary, service: DisputedService) -> tuple[Fact, ...]:
    """The stated diagnoses of the request's part of the body; where these are few, those of no named part too."""
    stated = [_whole_diagnosis(case, f) for f in case.facts if f.kind == "diagnosis" and f.polarity in DOCUMENTED]
    whole = [fact for fact in stated if not any(_part_of(fact.span, other.span) for other in stated)]
    unlike = list({fact.span.quote.casefold(): fact for fact in reversed(whole)}.values())[::-1]
    # Diagnoses read as such come whole; a clinical fact that implies one ("broke his ribs") may be no name of it.
    named = [fact for fact in unlike if fact.concept is None] or unlike
    same = [fact for fact in named if fact.body_region and fact.body_region in service.body_regions]
    open_ones = [fact for fact in named if fact not in same and not elsewhere(fact, service)]
    here = [*same, *(open_ones if len(same) < _FEW else ())] or named
    room = _DIAGNOSIS_WORDS
    kept: list[Fact] = []
    for fact in here[:_DIAGNOSES]:
        room -= len(fact.span.quote.split())
        if room >= 0 or not kept:
            kept.append(fact)
    return tuple(kept)


def _whole_diagnosis(case: CaseSummary, fact: Fact) -> Fact:
    """The fact with the "status" before its "post", and without a quotation mark that nothing closes."""
    start, end = fact.span.start, fact.span.end
    if fact.span.quote.casefold().startswith("post ") and case.text[:start].casefold().endswith("status "):
        start -= len("status ")
    if case.text.count('"', start, end) == 1 and case.text[start] == '"':
        start += 1
    return fact if start == fact.span.start else replace(fact, span=Span.of(case.text, start, end))


def _part_of(span: Span, other: Span) -> bool:
    """Whether a span lies in a longer one, or its words are part of the other's."""
    longer = len(other.quote) > len(span.quote)
    inside = other.start <= span.start and span.end <= other.end
    return longer and (inside or span.quote.casefold() in other.quote.casefold())


def treatments_of(case: CaseSummary, service: DisputedService, findings: Sequence[Finding]) -> tuple[Fact, ...]:
    """The treatments and drugs had or taken that a judged criterion or the request is about; all, with no criterion."""
    criteria = [finding.criterion for finding in findings]
    bearing = {concept for c in criteria for concept in (*c.asks, *c.given, *c.not_given)}
    bearing |= {kind for kind in (service.kind, *service.also) if kind}
    kept: dict[str, Fact] = {}
    for fact in case.facts:
        named = fact.kind in {"treatment", "medication"} and fact.concept != PRIOR_COUNT
        had = named and fact.polarity in DOCUMENTED and not elsewhere(fact, service)
        if had and (fact.concept in bearing or not findings):
            drug = f" {fact.value}" if fact.kind == "medication" and isinstance(fact.value, str) else ""
            kept.setdefault(f"{fact.concept or fact.span.quote.casefold()}{drug}", fact)
    unlike_classes = [fact for fact in kept.values() if not _class_beside_member(fact, kept.values())]
    whole = [_whole_name(case, _counted(case, fact)) for fact in unlike_classes]
    longest = [fact for fact in whole if not any(_part_of(fact.span, other.span) for other in whole)]
    unlike = {fact.span.quote.casefold(): fact for fact in reversed(longest)}.values()
    return tuple(reversed(unlike))[:_TREATMENTS]


def _class_beside_member(fact: Fact, others: Iterable[Fact]) -> bool:
    """Whether a fact names a class of drugs ("opioids") of which another fact names a member."""
    members = [o for o in others if o.concept == fact.concept and not _CLASS.fullmatch(o.span.quote)]
    return fact.kind == "medication" and bool(_CLASS.fullmatch(fact.span.quote)) and bool(members)


def _counted(case: CaseSummary, fact: Fact) -> Fact:
    """The fact with the number of visits that the summary gives for it: "8 visits of physical therapy"."""
    for count in case.about(PRIOR_COUNT):
        around, name = count.span, fact.span
        if count.polarity in DOCUMENTED and around.start <= name.start and name.end <= around.end:
            return replace(fact, span=around)
    return fact


def _whole_name(case: CaseSummary, fact: Fact) -> Fact:
    """The fact with the word that ends its name ("chiropractic therapy"), and without a verb before it."""
    rest = _NAME_END.match(case.text, fact.span.end)
    verb = _HAD.match(fact.span.quote)
    start, end = fact.span.start + (verb.end() if verb else 0), rest.end() if rest else fact.span.end
    return replace(fact, span=Span.of(case.text, start, end)) if start < end else fact
