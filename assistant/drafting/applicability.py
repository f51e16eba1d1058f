"""Whether a criterion is asked of this case at all: by the case's facts, by the request's words, or left open."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from assistant.domain import CaseSummary, Criterion, DisputedService, Fact, Polarity, Side, Span
from assistant.drafting.excerpts import DOCUMENTED, telling
from assistant.drafting.phase import phase_of

OPEN = frozenset({Polarity.UNCLEAR, Polarity.HYPOTHETICAL})
# Facts about a part of the body say nothing of another; drugs, risks and documents belong to the whole person.
_LOCAL = frozenset({"response", "complaint", "examination", "treatment", "study", "diagnosis"})

_PARTS = (
    frozenset({"wrist", "hand", "finger", "thumb", "forearm"}),
    frozenset({"ankle", "foot"}),
    frozenset({"hip", "groin", "pelvis"}),
)
_UPPER = frozenset({"shoulder", "elbow", "forearm", "wrist", "hand", "finger", "thumb", "upper extremity"})
_LOWER = frozenset({"hip", "thigh", "knee", "lower leg", "ankle", "foot", "lower extremity"})
_LIMBS = ((_UPPER, "upper extremity", "neck"), (_LOWER, "lower extremity", "low back"))
_OF_NERVES = frozenset(
    {"radicular_symptoms", "radiculopathy", "neurologic_deficit", "nerve_tension_sign", "neuropathic_pain"}
)


class Applies(Enum):
    """Whether a criterion is asked: yes, no, or only the reviewer can tell."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Applicability:
    """The answer, with the words of the case that give or leave open the condition."""

    applies: Applies
    evidence: tuple[Span, ...] = ()


def applicability(
    criterion: Criterion, case: CaseSummary, service: DisputedService, day: date | None = None
) -> Applicability:
    """Whether the criterion is asked of this request, from `given`, `not_given` and `request_words`.

    A condition that the summary leaves unclear, or that only `applies_when` words, is left open. With the `day` of
    review the age of the injury counts as stated (`phase_of`).
    """
    if criterion.request_words and not named_in(service.text, criterion.request_words):
        return Applicability(Applies.NO)
    barred = _condition(criterion.not_given, case, service, day)
    if barred.applies is Applies.YES:
        return Applicability(Applies.NO)
    if criterion.given:
        given = _condition(criterion.given, case, service, day)
        if given.applies is not Applies.YES:
            return given
        return barred if barred.applies is Applies.OPEN else given
    if barred.applies is Applies.OPEN:
        return barred
    told = criterion.applies_when is None or criterion.request_words or criterion.not_given
    return Applicability(Applies.YES if told else Applies.OPEN)


def _condition(
    concepts: Collection[str], case: CaseSummary, service: DisputedService, day: date | None
) -> Applicability:
    facts = [fact for concept in concepts for fact in case.about(concept) if not elsewhere(fact, service)]
    for wanted, answer in ((DOCUMENTED, Applies.YES), (OPEN, Applies.OPEN)):
        found = [fact for fact in facts if fact.polarity in wanted]
        if found:
            return Applicability(answer, tuple(telling(case, fact) for fact in found[:1]))
        if answer is Applies.YES and day is not None and phase_of(case, day) in concepts:
            injured = (fact.span for fact in case.facts if fact.kind == "date_of_injury")
            return Applicability(answer, tuple(injured)[:1])
    return Applicability(Applies.NO)


def named_in(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words or phrases stands in the text, whole, in any case."""
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) for word in words)


def elsewhere(fact: Fact, service: DisputedService) -> bool:
    """Whether a fact is about a part or side of the body that the request is not for; unknown ones count as the same.

    A limb's part and the whole limb are the same; so are, for nerve signs, the spine and the limb that it serves.
    """
    if fact.kind not in _LOCAL:
        return False
    if fact.side and service.side and Side.BILATERAL not in {fact.side, service.side} and fact.side != service.side:
        return True
    if not fact.body_region or not service.body_regions:
        return False
    return not any(_same_part(fact.body_region, region, fact.concept) for region in service.body_regions)


def _same_part(one: str, other: str, concept: str | None) -> bool:
    pair = {one, other}
    if one == other or "psyche" in pair or any(pair <= part for part in _PARTS):
        return True
    for limb, whole, spine in _LIMBS:
        if pair <= limb and whole in pair:
            return True
        if concept in _OF_NERVES and spine in pair and pair & limb:
            return True
    return False
