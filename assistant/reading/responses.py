"""Which treatment a response belongs to: the one of its clause, of its sentence, or of the sentence before it.

"He had acupuncture. With this his pain went from 8 to 4" tells of acupuncture; where the words around name two
treatments and none is nearer in the same clause, the response is left untied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.domain import Fact, Polarity, Span
from assistant.reading.polarity import Speech

# Wide concepts that stand beside the treatment meant ("therapy", "conservative care") and never instead of it.
_WIDE = frozenset({"conservative_care", "prior_visit_count", "postoperative", "physical_modality"})
_TREATING = frozenset({"treatment", "medication"})
_SAID = frozenset({Polarity.PRESENT, Polarity.HISTORICAL, Polarity.DENIED, Polarity.UNCLEAR})
# One word of the text names both; the narrower one is meant.
_NARROWER = {"other_injection": "injection", "spine_surgery": "surgery", "physical_therapy": "occupational_therapy"}


def tied(text: str, speech: Speech, facts: Sequence[Fact]) -> Iterator[Fact]:
    """The facts as they are, each response with the treatment that it is `of` where the words tie it to one."""
    treatments = [f for f in facts if f.kind in _TREATING and f.concept not in _WIDE and f.polarity in _SAID]
    for fact in facts:
        yield replace(fact, of=_treatment(speech, fact, treatments)) if fact.kind == "response" else fact


def _treatment(speech: Speech, response: Fact, treatments: Sequence[Fact]) -> str | None:
    """The one treatment within the response's own words, else in its clause, its sentence, the sentence before."""
    sentence = speech.sentence_of(response.span.start)
    places = [response.span, response.clause, sentence, _before(speech, sentence)]
    for place in places:
        named = _named_in(place, treatments) if place else frozenset()
        if len(named) == 1:
            return next(iter(named))
        if named:
            return None
    return None


def _before(speech: Speech, sentence: Span | None) -> Span | None:
    if sentence is None:
        return None
    at = speech.sentences.index(sentence)
    return speech.sentences[at - 1] if at else None


def _named_in(place: Span, treatments: Iterable[Fact]) -> frozenset[str]:
    inside = [f for f in treatments if place.start <= f.span.start and f.span.end <= place.end and f.concept]
    named = {f.concept: f.span for f in inside if f.concept}
    return frozenset(
        concept
        for concept, span in named.items()
        if not any(other != concept and _narrower(concept, span, other, where) for other, where in named.items())
    )


def _narrower(concept: str, span: Span, other: str, where: Span) -> bool:
    """Whether `other`, named by the same words or more of them, says more closely what `concept` says."""
    overlap = span.start < where.end and where.start < span.end
    return overlap and (where.end - where.start > span.end - span.start or concept in _NARROWER)
