"""Counts of visits: those already had of a treatment, and those certified beside what is asked."""

from __future__ import annotations

import re

from assistant.domain import CaseSummary, DisputedService, Fact
from assistant.drafting.excerpts import DOCUMENTED
from assistant.reading.quantities import quantity_of

VISITS = frozenset({"visit", "visits", "session", "sessions", "treatment", "treatments"})
PRIOR_COUNT = "prior_visit_count"
_REST = re.compile(r"\bremaining\b", re.IGNORECASE)


def prior_counts(case: CaseSummary, concepts: frozenset[str]) -> tuple[Fact, ...]:
    """The stated numbers of visits already had of one of the treatments `concepts`, in the order of the text."""

    def counts(fact: Fact) -> bool:
        if fact.polarity not in DOCUMENTED or not isinstance(fact.value, (int, float)):
            return False
        if (fact.unit or "").casefold() not in VISITS:
            return False
        return fact.concept in concepts or (fact.concept == PRIOR_COUNT and _names(case, fact, concepts))

    return tuple(fact for fact in case.facts if counts(fact))


def _names(case: CaseSummary, count: Fact, concepts: frozenset[str]) -> bool:
    around = count.clause or count.span
    return any(
        fact.concept in concepts and around.start <= fact.span.start and fact.span.end <= around.end
        for fact in case.facts
    )


def certified_beside(service: DisputedService) -> float:
    """How many of the same request were certified beside what is asked; 0 where none, or none is counted.

    A request of which the rest is in dispute ("the remaining 6 visits") asks for what comes on top of the certified
    part; one "modified to 6" names the whole. What was certified is a number given, whatever the reasons were.
    """
    if not service.certified or not _REST.search(service.text):
        return 0
    return quantity_of(service.certified, service.unit).low or 0
