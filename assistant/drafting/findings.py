"""Each criterion held against the case: what speaks for it, what against it, and what was searched in vain.

An absence is a claim too (an appeal under Labor Code 4610.6(h)(5) turns on such claims): `not_found` is given only
where the lexicon, the criterion's own phrases and the second look by meaning all come back empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.domain import (
    CaseSummary,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Fact,
    Finding,
    Passage,
    Polarity,
    Span,
    Status,
)
from assistant.drafting.applicability import OPEN, Applicability, Applies, applicability, elsewhere, named_in
from assistant.drafting.arithmetic import reckon
from assistant.drafting.excerpts import (
    DOCUMENTED,
    around_words,
    negated_before,
    sentence_at,
    telling,
    without_overlaps,
    worded_as_request_or_review,
)
from assistant.drafting.phrases import phrase_hit
from assistant.drafting.second_look import Glance

if TYPE_CHECKING:
    from assistant.drafting.morphine import Equivalents
    from assistant.reading.lexicon import Lexicon

_QUOTES = 2  # pieces of evidence that a finding shows
POINTED = "A chat model points to words that may bear on "
_HINTS = ("The summary may ", "The summary has words that may ", "The summary has only another’s view ", POINTED)
BESIDE_REVIEW = "Apart from what utilization review says"  # opens an absence where review speaks of the matter
_FOUND = frozenset({"examination", "complaint", "study"})
_NAMED = 3  # concepts that a statement names
BARS = "This rule speaks against the request."
_SILENT = re.compile(rf"(?:{BESIDE_REVIEW}[^.]*?, t|T)he summary does not state ")
_DENIAL = re.compile(r"\b(?:is|are|was|were|been) denied\b|\bdenial\b", re.IGNORECASE)  # of a service, not by a patient


@dataclass(frozen=True, slots=True)
class _Held:
    """One criterion with everything it is held against."""

    criterion: Criterion
    passage_id: str
    case: CaseSummary
    service: DisputedService
    glance: Glance
    lexicon: Lexicon
    day: date
    equivalents: Equivalents | None

    def finding(self, status: Status, statement: str, evidence: Iterable[Span] = ()) -> Finding:
        """The finding, its evidence without overlaps; what was searched is always said."""
        spans = without_overlaps(evidence, _QUOTES)
        return Finding(
            self.criterion, self.passage_id, status, statement, spans, searched(self.criterion, self.lexicon)
        )


def judge(
    passages: Sequence[Passage],
    case: CaseSummary,
    service: DisputedService,
    second_look: Glance,
    *,
    lexicon: Lexicon,
    day: date,
    equivalents: Equivalents | None = None,
) -> tuple[Finding, ...]:
    """Hold the criteria of the governing passages against the case, in the order of the passages.

    Criteria that are not asked of this case are left out; `day` is the date of review, for intervals; `equivalents`
    the factors of opioids, without which no morphine equivalents are reckoned.
    """
    found: dict[str, Finding] = {}
    for passage in passages:
        for criterion in passage.criteria:
            asked = applicability(criterion, case, service, day)
            if asked.applies is Applies.NO or criterion.id in found or _no_schedule(criterion, service):
                continue
            held = _Held(criterion, passage.id, case, service, second_look, lexicon, day, equivalents)
            finding = _judged(held) if asked.applies is Applies.YES else _left_open(held, asked)
            found[criterion.id] = finding
    return tuple(found.values())


def _no_schedule(criterion: Criterion, service: DisputedService) -> bool:
    """Whether the criterion limits a schedule and the request has none, so that there is nothing to hold against it."""
    of = criterion.measure.of if criterion.measure else None
    return (of == "requested_per_week" and service.per_week is None) or (
        of == "requested_weeks" and service.weeks is None
    )


def meanings_of(criterion: Criterion, lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """What the second look compares the case with for this criterion, by concept.

    A criterion that names no concept is looked for by its own text, under its own id.
    """
    concepts = (*criterion.asks, *(criterion.not_given if criterion.always_bars else ()))
    if concepts:
        return {concept: tuple(lexicon.concepts[concept].meanings) for concept in concepts}
    return {} if criterion.measure else {criterion.id: (criterion.text, *criterion.looks_for)}


def searched(criterion: Criterion, lexicon: Lexicon) -> tuple[str, ...]:
    """The words that were looked for, for people: those of every concept asked, then the criterion's own phrases.

    A bar that asks for nothing was searched for what would trigger it.
    """
    sought = (*criterion.asks, *(criterion.not_given if criterion.always_bars else ()))
    phrases = criterion.looks_for
    if not sought and not phrases:
        sought, phrases = criterion.against, criterion.contradicted_by
    words = [word for concept in sought for word in lexicon.concepts[concept].searched]
    return tuple(dict.fromkeys([*words, *phrases]))


def label_of(criterion: Criterion, lexicon: Lexicon) -> str:
    """What the criterion asks for, as words that fit "The summary does not state ..."; "" where it names no concept.

    Of many concepts the first three are named; `searched` says them all.
    """
    names = list(dict.fromkeys(lexicon.concepts[concept].label for concept in criterion.asks))
    return _either(names[:_NAMED])


def is_hint(finding: Finding) -> bool:
    """Whether a finding only points at words that may bear on it; such words are shown beside a draft, never in it."""
    return finding.status is Status.FOR_REVIEWER and finding.statement.startswith(_HINTS)


def _either(labels: Iterable[str]) -> str:
    names = list(dict.fromkeys(labels))
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1] if names else ""


def is_silence(finding: Finding) -> bool:
    """Whether a finding says just that the summary does not state what the criterion asks."""
    return finding.status is Status.NOT_FOUND and bool(_SILENT.match(finding.statement))


def is_sum(finding: Finding) -> bool:
    """Whether a finding adds what was had to what is asked, or reckons a dose, and so tells more than one figure."""
    return finding.criterion.measure is not None and bool(re.search(r"\btogether\b| = ", finding.statement))


def silence_of(findings: Sequence[Finding]) -> str:
    """One sentence for what several findings call unstated; those apart from utilization review's words say so.

    Raises ValueError where a finding is no silence.
    """
    openings: dict[str, list[str]] = {}
    for finding in findings:
        opening = _SILENT.match(finding.statement)
        if opening is None:
            raise ValueError(f"{finding.id} is no silence")
        openings.setdefault(opening.group(), []).append(finding.statement[opening.end() :].rstrip("."))
    told = [f"{opening}{', or '.join(_unlike(labels))}" for opening, labels in openings.items()]
    return ". ".join(told) + "."


def _unlike(labels: Iterable[str]) -> list[str]:
    """The labels without those that another one holds."""
    each = list(dict.fromkeys(labels))
    return [label for label in each if not any(label != other and label in other for other in each)]


# --- one criterion --------------------------------------------------------------------------------------------


def _left_open(held: _Held, asked: Applicability) -> Finding:
    condition = held.criterion.applies_when or "its condition is met"
    quote = f": “{asked.evidence[0].quote}”" if asked.evidence else ""
    statement = f"Whether this is asked here ({condition.rstrip('.')}) is left open by the summary{quote}."
    return held.finding(Status.FOR_REVIEWER, statement, asked.evidence)


def _judged(held: _Held) -> Finding:
    criterion = held.criterion
    if criterion.always_bars:
        return _barred(held)
    if criterion.measure is not None:
        return _measured(held)
    if criterion.kind is CriterionKind.CONTRAINDICATION:
        return _contraindication(held)
    return _requirement(held)


def _barred(held: _Held) -> Finding:
    """What is barred whenever it is asked; an exception that the rule names is searched before it is called missing."""
    criterion = held.criterion
    asked = applicability(criterion, held.case, held.service, held.day)
    exceptions = without_overlaps((s for key in criterion.not_given for s in held.glance.spans(key)), 1)
    if exceptions:
        quote = around_words(held.case.text, exceptions[0], exceptions[0])
        statement = f"The summary may state what this rule excepts: “{quote.quote}”."
        return held.finding(Status.FOR_REVIEWER, statement, (quote,))
    status = Status.CONTRADICTED if _sure(criterion) else Status.FOR_REVIEWER
    if criterion.not_given:
        missing = _either([held.lexicon.concepts[key].label for key in criterion.not_given][:_NAMED])
        statement = f"The summary does not state {missing}, and without it this rule speaks against the request."
        return held.finding(status, statement, asked.evidence)
    if asked.evidence:
        statement = f"The summary states “{asked.evidence[0].quote}”, and then this rule speaks against the request."
        return held.finding(status, statement, asked.evidence)
    return held.finding(status, BARS)


def _measured(held: _Held) -> Finding:
    """What the figure says; where the summary gives none, what it states of that which the criterion asks."""
    criterion = held.criterion
    result = reckon(criterion, held.case, held.service, held.day, held.equivalents)
    if criterion.asks and result.holds is None and not result.evidence:
        return _requirement(held)
    sure = criterion.checked and _sure(criterion)
    against = _Facts.on(criterion.against, held.case, held.service).stated
    if result.holds is None or not sure or (result.holds and against):
        status = Status.FOR_REVIEWER
    else:
        status = Status.SUPPORTED if result.holds else Status.CONTRADICTED
    return held.finding(status, result.statement, (*result.evidence, *(telling(held.case, f) for f in against[:1])))


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts on some concepts, sorted by how the summary speaks of them."""

    stated: tuple[Fact, ...]
    denied: tuple[Fact, ...]
    unsettled: tuple[Fact, ...]  # unclear, hypothetical, or about another part of the body
    planned: tuple[Fact, ...]
    reported: tuple[Fact, ...]  # another person, another part, or utilization review's view

    @classmethod
    def on(cls, concepts: Iterable[str], case: CaseSummary, service: DisputedService) -> _Facts:
        """The facts of the case on any of the concepts."""
        facts = [fact for concept in concepts for fact in case.about(concept)]
        here = [fact for fact in facts if not elsewhere(fact, service)]

        def those(*kinds: Polarity) -> tuple[Fact, ...]:
            return tuple(fact for fact in here if fact.polarity in kinds)

        away = tuple(fact for fact in facts if elsewhere(fact, service) and fact.polarity in DOCUMENTED)
        # What a sentence only requests is not even planned: it is the question, and documents nothing.
        planned = tuple(fact for fact in those(Polarity.PLANNED) if not _requested(fact, case, service))
        return cls(those(*DOCUMENTED), those(Polarity.DENIED), (*those(*OPEN), *away), planned, those(Polarity.OTHER))


def _requested(fact: Fact, case: CaseSummary, service: DisputedService) -> bool:
    sentence = sentence_at(case, fact.span.start, fact.span.end)
    return worded_as_request_or_review(sentence.quote) or fact.concept in {service.kind, *service.also}


def _requirement(held: _Held) -> Finding:
    criterion = held.criterion
    asks = _Facts.on(criterion.asks, held.case, held.service)
    against = _Facts.on(criterion.against, held.case, held.service)
    met = Status.SUPPORTED if _sure(criterion) else Status.FOR_REVIEWER
    denied_too = {fact.concept for fact in asks.denied}
    clean = [fact for fact in asks.stated if fact.concept not in denied_too]
    if clean and not against.stated:
        return _quoting(held, met, "The summary states {label}: “{quote}”.", clean)
    # One sign or symptom found stands, though another was looked for in vain, or the same at another time.
    found = [fact for fact in asks.stated if fact.kind in _FOUND]
    other = [*asks.denied, *against.stated]
    if found and all(fact.kind in _FOUND for fact in other):
        return _found_beside(held, met, found, other)
    if asks.stated:
        both = [asks.stated[0], *asks.denied[:1], *against.stated[:1]]
        return _quoting(
            held, Status.FOR_REVIEWER, "The summary speaks both for and against {label}: “{quote}”.", both, 2
        )
    if against.stated or asks.denied:
        return _against(held, [*against.stated, *asks.denied])
    return _unsettled(held, asks) or _hints(held) or _absent(held)


def _found_beside(held: _Held, met: Status, found: Sequence[Fact], other: Sequence[Fact]) -> Finding:
    """What was found, with what was looked for in vain beside it, where that stands in other words."""
    told = _quoting(held, met, "The summary states {label}: “{quote}”.", found)
    beside = telling(held.case, other[0])
    if any(beside.start < span.end and span.start < beside.end for span in told.evidence[:1]):
        return told
    statement = f"{told.statement.removesuffix('.')}; it also says “{beside.quote}”."
    return held.finding(met, statement, (*told.evidence[:1], beside))


def _sure(criterion: Criterion) -> bool:
    return not criterion.judgement and criterion.confidence is not Confidence.LOW


def _against(held: _Held, facts: Sequence[Fact]) -> Finding:
    hint = _phrase_for(held)
    if hint is not None and not _inside((hint,), held.case, facts):
        quotes = (telling(held.case, facts[0]), hint)
        statement = f"The summary says “{quotes[0].quote}”, but may say otherwise elsewhere: “{quotes[1].quote}”."
        return held.finding(Status.FOR_REVIEWER, statement, quotes)
    status = Status.CONTRADICTED if _sure(held.criterion) else Status.FOR_REVIEWER
    asked = [held.lexicon.concepts[concept].label for concept in held.criterion.asks]
    own = held.lexicon.concepts[facts[0].concept].label if facts[0].concept else ""
    label = own if own in asked else next(iter(asked), own)
    span = telling(held.case, facts[0])
    return held.finding(status, _worded("On {label} the summary says: “{quote}”.", label, span.quote), (span,))


def _inside(spans: Iterable[Span], case: CaseSummary, facts: Sequence[Fact]) -> bool:
    """Whether each span lies in a sentence from which one of the facts was read."""
    around = [sentence_at(case, fact.span.start, fact.span.end) for fact in facts]
    return all(any(a.start < span.end and span.start < a.end for a in around) for span in spans)


def _unsettled(held: _Held, asks: _Facts) -> Finding | None:
    wordings = (
        (asks.unsettled, "The summary leaves {label} open: “{quote}”."),
        (asks.planned, "The summary names {label} only as planned: “{quote}”."),
        (_affirmed(held.case, asks.reported), "The summary has only another’s view or case on {label}: “{quote}”."),
    )
    for facts, wording in wordings:
        if facts:
            return _quoting(held, Status.FOR_REVIEWER, wording, facts)
    return None


def _affirmed(case: CaseSummary, reported: Iterable[Fact]) -> list[Fact]:
    """What utilization review or another reports to be so; that they report it missing says nothing of the case."""
    return [fact for fact in reported if not negated_before(case.text, fact.span.start, telling(case, fact).start)]


def _quoting(held: _Held, status: Status, wording: str, facts: Sequence[Fact], quotes: int = 1) -> Finding:
    spans = without_overlaps((telling(held.case, fact) for fact in facts), _QUOTES)
    named = _either(held.lexicon.concepts[fact.concept].label for fact in facts[:1] if fact.concept)
    quoted = "” and “".join(span.quote for span in spans[:quotes])
    return held.finding(status, _worded(wording, named, quoted), spans)


def _contraindication(held: _Held) -> Finding:
    criterion, case = held.criterion, held.case
    against = _Facts.on(criterion.against, case, held.service)
    cleared = _Facts.on(criterion.asks, case, held.service)
    if against.stated and not cleared.stated:
        return _against_by_fact(held, against.stated)
    if against.stated or against.unsettled:
        facts = [*against.stated, *against.unsettled, *cleared.stated]
        return _quoting(
            held, Status.FOR_REVIEWER, "The summary leaves open what would speak against the request: “{quote}”.", facts
        )
    hit = phrase_hit(criterion.contradicted_by, criterion.looks_for, held.case)
    if hit is None and named_in(held.service.text, criterion.contradicted_by):
        return held.finding(Status.FOR_REVIEWER, "The request itself uses words that may speak against it.", ())
    if hit is not None:
        statement = f"The summary has words that may speak against the request: “{hit.quote}”."
        return held.finding(Status.FOR_REVIEWER, statement, (hit,))
    return held.finding(
        Status.NOT_FOUND, "The summary names nothing that would speak against the request on this ground."
    )


def _against_by_fact(held: _Held, facts: Sequence[Fact]) -> Finding:
    status = Status.CONTRADICTED if _sure(held.criterion) else Status.FOR_REVIEWER
    said = ", which speaks against the request" if status is Status.CONTRADICTED else ""
    return _quoting(held, status, f"The summary states {{label}}: “{{quote}}”{said}.", facts)


# --- hints and absence ----------------------------------------------------------------------------------------


def _phrase_for(held: _Held) -> Span | None:
    return phrase_hit(held.criterion.looks_for, held.criterion.contradicted_by, held.case)


def _hints(held: _Held) -> Finding | None:
    """What the phrases or the second look found; at most a matter for the reviewer."""
    criterion, case = held.criterion, held.case
    label = label_of(criterion, held.lexicon)
    hit = _phrase_for(held) or phrase_hit(criterion.contradicted_by, criterion.looks_for, case)
    if hit is not None:
        statement = _worded("The summary has words that may bear on {label}: “{quote}”.", label, hit.quote)
        return held.finding(Status.FOR_REVIEWER, statement, (hit,))
    keys = criterion.asks or (criterion.id,)
    seen = without_overlaps((span for key in keys for span in held.glance.spans(key)), 1)
    if seen:
        quote = around_words(case.text, seen[0], seen[0])
        statement = _worded("The summary may speak of {label}: “{quote}”.", label, quote.quote)
        return held.finding(Status.FOR_REVIEWER, statement, (quote,))
    return None


def _worded(wording: str, label: str, quote: str) -> str:
    """The wording with its label; one that is a clause ("that treatment did not help") only stands after "states"."""
    clause = label.startswith("that ") and "states {label}" not in wording
    return wording.format(label="this" if clause or not label else label, quote=quote)


def _absent(held: _Held) -> Finding:
    label = label_of(held.criterion, held.lexicon)
    if not label:
        statement = "Nothing in the summary was recognised as bearing on this; whether it is met is for the reviewer."
        return held.finding(Status.FOR_REVIEWER, statement)
    # Utilization review's own view is no part of the case, but a flat silence would pass over it.
    others = (fact for concept in held.criterion.asks for fact in held.case.about(concept))
    review = any(f.polarity is Polarity.OTHER and _in_review(f, held.case) for f in others)
    opening = f"{BESIDE_REVIEW}, the" if review else "The"
    return held.finding(Status.NOT_FOUND, f"{opening} summary does not state {label}.")


def _in_review(fact: Fact, case: CaseSummary) -> bool:
    sentence = sentence_at(case, fact.span.start, fact.span.end).quote
    return worded_as_request_or_review(sentence) or bool(_DENIAL.search(sentence))
