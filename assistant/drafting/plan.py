"""What a rationale will say, before a word is written: the moves rule, facts, gap or fit, conclusion.

The order is that of a good rationale; a plan holds only facts that bear on the judged criteria. Where the findings do
not carry a forced outcome, and where nothing decides, the plan holds a slot: the reviewer's words, never invented ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from assistant.domain import (
    CaseSummary,
    CriterionKind,
    DisputedService,
    Fact,
    Finding,
    Lean,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    PassageKind,
    Span,
    Status,
)
from assistant.drafting.applicability import elsewhere
from assistant.drafting.excerpts import DOCUMENTED, telling, without_overlaps, worded_as_request_or_review
from assistant.drafting.findings import BARS, is_hint, is_silence, is_sum, label_of
from assistant.drafting.lean import FAILING, Requirement, requirements
from assistant.drafting.named_facts import diagnoses_of, treatments_of
from assistant.drafting.points import (
    BeyondPoint,
    CertifiedPoint,
    ConclusionPoint,
    ConsequencePoint,
    EditionPoint,
    FindingPoint,
    PersonPoint,
    Plan,
    Planned,
    QuotePoint,
    RulePoint,
    SilencePoint,
    SlotPoint,
    TreatmentPoint,
)
from assistant.drafting.selection import is_mtus

if TYPE_CHECKING:
    from assistant.reading.lexicon import Lexicon

_RULES = 2
_RULES_MET = 3  # to overturn, every requirement must be met, so more of them are told
_TOLD = 0.5  # a quotation of which earlier sentences show this much says nothing new


@dataclass(frozen=True, slots=True)
class Editions:
    """The edition notes by label; the one of the kind's usual edition where it is not in force; those that are."""

    notes: Mapping[str, Passage] = field(default_factory=dict)
    replaced: Passage | None = None
    current: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One disputed service with everything that its plan rests on."""

    case: CaseSummary
    service: DisputedService
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...]
    lean: Lean
    editions: Editions
    lexicon: Lexicon
    day: date


def plan_issue(judged: Judged, forced: Outcome | None = None) -> Plan:
    """The plan for one service: for the forced outcome, else for that of the lean, else without a conclusion."""
    outcome = forced or judged.lean.outcome
    source = OutcomeFrom.REVIEWER if forced else OutcomeFrom.CRITERIA if outcome else None
    turned_on = _turned_on(judged, outcome)
    points = [*_rules(judged, turned_on), *_facts(judged, turned_on, outcome), *_end(judged, turned_on, outcome)]
    return Plan(tuple(points), outcome, source, _notices(judged))


# --- what it turns on -----------------------------------------------------------------------------------------


def carried(judged: Judged, outcome: Outcome | None) -> bool:
    """Whether the findings carry the outcome by themselves."""
    if outcome is None or judged.lean.outcome is outcome:
        return outcome is not None
    groups = requirements(judged.findings)
    return outcome is Outcome.UPHELD and any(_fails(group) for group in groups)


def _fails(group: Requirement) -> bool:
    return all(finding.status in FAILING for finding in group.findings)


def _for_judgement(group: Requirement) -> bool:
    return all(finding.criterion.judgement for finding in group.findings)


def _turned_on(judged: Judged, outcome: Outcome | None) -> tuple[Requirement, ...]:
    """The one or two requirements that decide or matter most, those that speak for the outcome first."""
    groups = requirements(judged.findings)
    if outcome is Outcome.OVERTURNED and carried(judged, outcome):
        wanted = [group for group in groups if group.met]
    else:
        # What asks for the physician's judgement is not called unmet by the draft.
        failing = [group for group in groups if _fails(group) and not _for_judgement(group)] if outcome else []
        wanted = failing or [group for group in groups if not group.met] or list(groups)
    if not wanted:
        return ()
    first, *others = sorted(wanted, key=lambda group: _rank(group, judged, quiet=outcome is None))
    # A second rule is worth its words where it decides too, or stands beside the first.
    beside = (g for g in others if g.decisive or g.findings[0].passage_id == first.findings[0].passage_id)
    met = outcome is Outcome.OVERTURNED and carried(judged, outcome)
    return (first, *beside)[: _RULES_MET if met else _RULES]


def _rank(group: Requirement, judged: Judged, *, quiet: bool) -> tuple[bool, ...]:
    """What a rationale turns on first; where nothing decides, what something in the case bears on (`quiet`)."""
    findings = group.findings
    return (
        not any(finding.id in judged.lean.by for finding in findings),
        not group.decisive,
        quiet and not any(finding.evidence for finding in findings),
        not any(f.status is Status.CONTRADICTED or f.criterion.kind is CriterionKind.DOCUMENTATION for f in findings),
        all(finding.criterion.measure is not None for finding in findings),
    )


# --- rule -----------------------------------------------------------------------------------------------------


def _rules(judged: Judged, turned_on: Sequence[Requirement]) -> Iterable[Planned]:
    editions = judged.editions
    if not judged.passages:
        for note in filter(None, (editions.replaced, *editions.current[:1])):
            yield Planned(EditionPoint(note, _first_sentence(note.text)))
        return
    if not any(is_mtus(passage) for passage in judged.passages):
        in_force = (n for n in editions.notes.values() if is_mtus(n) and n.in_force.holds_on(judged.day))
        yield Planned(BeyondPoint(judged.passages[0], next(in_force, None)))
    by_id = {passage.id: passage for passage in judged.passages}
    first_passage = judged.passages[0]
    governing = editions.notes.get(first_passage.guideline)
    if not first_passage.criteria:  # its text names the place, and then that the library holds no criteria of it
        yield Planned(EditionPoint(first_passage, _first_clause(first_passage.text)))
    elif not turned_on and governing is not None:  # nothing of it is asked here, but it governs all the same
        yield Planned(EditionPoint(governing, _first_sentence(governing.text)))
    for group in turned_on:
        first = group.findings[0]
        passage = by_id[first.passage_id]
        criteria = tuple(finding.criterion for finding in _speaking(group))
        yield Planned(RulePoint(criteria, passage, editions.notes.get(passage.guideline), len(group.findings)))


def _speaking(group: Requirement) -> tuple[Finding, ...]:
    """The alternatives to show, two at most: those met, else first those that something bears on."""
    met = tuple(finding for finding in group.decisive if finding.status is Status.SUPPORTED)
    return met[:2] or tuple(sorted(group.findings, key=lambda finding: not finding.evidence)[:2])


def _first_clause(text: str) -> Span:
    """What stands before the text's first semicolon; its first sentence where it has none."""
    end = text.find("; ")
    return Span.of(text, 0, end) if end >= 0 else _first_sentence(text)


def _first_sentence(text: str) -> Span:
    """The text's first sentence; a full stop inside a number or before a digit ends none."""
    end = text.find(". ")
    return Span.of(text, 0, end + 1 if end >= 0 else len(text))


# --- facts ----------------------------------------------------------------------------------------------------


def _facts(judged: Judged, turned_on: Sequence[Requirement], outcome: Outcome | None) -> Iterable[Planned]:
    case, service = judged.case, judged.service
    person = PersonPoint(_first(case, "age"), _first(case, "sex"), diagnoses_of(case, service))
    if person.age or person.sex or person.diagnoses:
        yield Planned(person)
    treatments = treatments_of(case, service, judged.findings)
    if treatments:
        yield Planned(TreatmentPoint(treatments))
    if service.certified and service.certified in service.text:
        yield Planned(CertifiedPoint(service.certified))
    told = {finding.id for group in turned_on for finding in group.findings} if carried(judged, outcome) else set()
    bearing = [f for f in judged.findings if f.evidence and f.id not in told and _tells(f) and _about_here(f, judged)]
    named = tuple(fact.span for fact in (*person.diagnoses, *treatments))
    had = tuple(fact.span for fact in treatments)
    bearing = [f for f in bearing if not _only_names(f, [*had, *(fact.span for fact in person.diagnoses)])]
    for finding in _fresh(bearing, named)[:3]:
        yield Planned(_fact_of(finding), needed=outcome is None)
    for span, about in _further(judged, [*named, *(s for f in judged.findings for s in f.evidence)]):
        yield Planned(QuotePoint(span, about), needed=False)


def _fact_of(finding: Finding) -> FindingPoint | QuotePoint:
    """A finding as a fact of the case: its statement, or only its quotation where the statement names nothing."""
    if re.match(r"[^“]*\bthis\b", finding.statement):
        return QuotePoint(finding.evidence[0], "")
    return FindingPoint(finding, Move.FACTS)


def _tells(finding: Finding) -> bool:
    """Whether a finding tells a fact of the case: no silence, no mere hint, of figures beside a limit only a sum."""
    silent = finding.status is Status.NOT_FOUND or is_hint(finding)
    disputed = any(worded_as_request_or_review(span.quote) for span in finding.evidence)
    figure = finding.criterion.measure is not None and not is_sum(finding)
    return not silent and not disputed and not figure


def _about_here(finding: Finding, judged: Judged) -> bool:
    """Whether what a finding shows is of the request's part of the body, as far as the case's facts tell."""
    around = finding.evidence[0]
    inside = [f for f in judged.case.facts if around.start <= f.span.start and f.span.end <= around.end and f.concept]
    return not inside or not all(elsewhere(fact, judged.service) for fact in inside)


_SAYS_NO_MORE = re.compile(
    r"\b(?:\w*diagnos\w+|medical|records?|review|indicates?|being|treated|treatments?|undergoing|injured|worker|patient|current"
    r"|documented|to|date|had|received|including|include[sd]?|past|prior|previous|medications?|therapy|care|he|she|with|for|the"
    r"|is|are|was|were|has|have|as|of|and|this|a|an|that|by)\b|\W+",
    re.IGNORECASE,
)


def _only_names(finding: Finding, told: Sequence[Span]) -> bool:
    """Whether a finding's evidence says no more than the diagnoses and treatments that were named already."""
    around = finding.evidence[0]
    words = around.quote
    inside = [span for span in told if around.start <= span.start and span.end <= around.end]
    for span in sorted(inside, key=lambda span: -span.start):
        words = words[: span.start - around.start] + words[span.end - around.start :]
    return bool(inside) and not _SAYS_NO_MORE.sub("", words)


def _fresh(findings: Iterable[Finding], told: Sequence[Span]) -> list[Finding]:
    """The findings whose first evidence no earlier sentence shows, those that may decide first."""
    kept: list[Finding] = []
    seen = list(told)
    for finding in sorted(findings, key=lambda f: (not f.criterion.may_decide, f.status is Status.FOR_REVIEWER)):
        first = finding.evidence[0]
        if _share_told(first, seen) < _TOLD:
            kept.append(finding)
            seen.append(first)
    return kept


def _share_told(span: Span, told: Sequence[Span]) -> float:
    """How much of a span earlier sentences show, from 0 to 1."""
    shown = sum(max(0, min(span.end, other.end) - max(span.start, other.start)) for other in told)
    return shown / (span.end - span.start)


def _first(case: CaseSummary, kind: str) -> Fact | None:
    return next((fact for fact in case.facts if fact.kind == kind), None)


def _further(judged: Judged, told: Sequence[Span]) -> Iterable[tuple[Span, str]]:
    """A complaint and an examination finding of the request's part of the body, not yet told."""
    for kind in ("complaint", "examination"):
        facts = (
            fact
            for fact in judged.case.facts
            if fact.kind == kind and fact.polarity in DOCUMENTED and _is_here(fact, judged.service)
        )
        fresh = without_overlaps([*told, *(telling(judged.case, fact) for fact in facts)])[
            len(without_overlaps(told)) :
        ]
        for span in fresh[:1]:
            yield span, kind


def _is_here(fact: Fact, service: DisputedService) -> bool:
    """Whether a fact is known to be about the request's part of the body, or the request is for none."""
    return not elsewhere(fact, service) and bool(fact.body_region or not service.body_regions)


# --- gap or fit, slot, conclusion -----------------------------------------------------------------------------


def _end(judged: Judged, turned_on: Sequence[Requirement], outcome: Outcome | None) -> Iterable[Planned]:
    if outcome is None:
        yield Planned(SlotPoint(Move.CONCLUSION, _undecided(judged, turned_on)))
        return
    move = Move.GAP if outcome is Outcome.UPHELD else Move.FIT
    if carried(judged, outcome):
        told = [finding for group in turned_on for finding in _speaking(group)]
        told += _further_gaps(judged, told) if move is Move.GAP else []
        yield from _shown(told, move)
        bearing = tuple(finding for finding in told if finding.statement != BARS)
        if bearing:
            yield Planned(ConsequencePoint(bearing, move, len(turned_on) > 1))
    else:
        yield Planned(SlotPoint(move, _slot(judged, turned_on, outcome)))
    yield Planned(ConclusionPoint(outcome))


def _shown(told: Sequence[Finding], move: Move) -> Iterator[Planned]:
    """What the case says on each finding, then in one sentence all that it does not state."""
    silent = tuple(finding for finding in told if is_silence(finding))
    said: list[Finding] = []
    for finding in told:
        first = finding.evidence[:1]
        if finding not in silent and (
            not first or finding.criterion.measure or first not in [f.evidence[:1] for f in said]
        ):
            said.append(finding)
    yield from (Planned(FindingPoint(finding, move)) for finding in said)
    if silent:
        yield Planned(SilencePoint(silent, move))


def _further_gaps(judged: Judged, told: Sequence[Finding]) -> list[Finding]:
    """One more duty to document that the summary does not meet, such as the number of earlier visits."""
    sought = {concept for finding in told for concept in finding.criterion.asks}
    groups = [group for group in requirements(judged.findings) if len(group.findings) == 1 and _fails(group)]
    lone = [group.findings[0] for group in groups]
    places = {finding.passage_id for finding in told}
    duties = [f for f in lone if f.criterion.kind is CriterionKind.DOCUMENTATION and f.passage_id in places]
    return [finding for finding in duties if not sought & set(finding.criterion.asks)][:1]


def _undecided(judged: Judged, turned_on: Sequence[Requirement]) -> str:
    if not judged.passages and judged.editions.current:
        return f"State what {judged.editions.current[0].guideline} asks, your decision, and the reason for it."
    if judged.service.kind is None:
        return "State the guideline that governs this service, your decision, and the reason for it."
    open_groups = [g for g in turned_on if all(f.status is not Status.SUPPORTED for f in g.findings)]
    if not open_groups:
        return "State your decision and the reason for it."
    text = open_groups[0].findings[0].criterion.text.rstrip(". ")
    return f"State your decision and the reason for it. Left to you is above all whether this is met: {text}."


def _slot(judged: Judged, turned_on: Sequence[Requirement], outcome: Outcome) -> str:
    if not turned_on:
        return "State the guideline and the criterion that you apply, and what the case shows on it."
    if outcome is Outcome.UPHELD:
        return "State which requirement is not met, and what the summary says on it."
    finding = turned_on[0].findings[0]
    label = label_of(finding.criterion, judged.lexicon)
    if finding.criterion.measure is not None and finding.status is Status.CONTRADICTED:
        return "State what justifies going beyond this limit, and where you found it."
    if label and finding.status in FAILING:
        return f"State the {_bare(label)} that you found, and where."
    return f"State whether this is met, and by what you found: {finding.criterion.text}"


def _bare(label: str) -> str:
    """The label without the article that "the" replaces."""
    first, _, rest = label.partition(" ")
    return rest if first.casefold() in {"a", "an", "the", "any"} and rest else label


# --- notices --------------------------------------------------------------------------------------------------


def _unconfirmed(passage: Passage, editions: Editions) -> bool:
    """Whether no criterion of a passage is confirmed, or not each one of an edition of which most text is missing."""
    marked = [criterion.check_the_text for criterion in passage.criteria]
    note = editions.notes.get(passage.guideline)
    missing = note is not None and note.current_without_criteria
    return bool(marked) and (any(marked) if missing else all(marked))


def _to_confirm(judged: Judged) -> Iterator[str]:
    """What to do for criteria that no source confirms: bring in the guideline's text, or compare with it."""
    brought_in = {p.guideline for p in judged.passages if p.kind is PassageKind.OFFICIAL}
    unconfirmed = dict.fromkeys(p.guideline for p in judged.passages if _unconfirmed(p, judged.editions))
    lacking = [guideline for guideline in unconfirmed if guideline not in brought_in]
    held = [guideline for guideline in unconfirmed if guideline in brought_in]
    if lacking:
        yield (
            f"Import the text of {' and '.join(lacking)}, or check it: no source confirms the criteria shown of it "
            "that are marked so, and none of them decides."
        )
    if held:
        yield f"Check the marked criteria of {' and '.join(held)} against its imported text: none of them decides."


def _notices(judged: Judged) -> tuple[str, ...]:
    service, editions = judged.service, judged.editions
    notices: list[str] = []
    if service.kind is None:
        nearest = (service.guess or "").replace("_", " ")
        guess = f" The nearest kind is {nearest}, which is a guess." if nearest else ""
        notices.append(f"The library knows no kind of service by these words.{guess} There is no lean.")
    if editions.replaced is not None:
        notices.append(f"{editions.replaced.guideline} does not govern a review of {judged.day}.")
    if not judged.passages and editions.current:
        names = " or ".join(note.guideline for note in editions.current[:2])
        notices.append(
            f"Import the text of {names} to have its criteria held against the case; until then there is no lean."
        )
    elif service.kind is not None and not judged.passages:
        notices.append("The library holds no criteria for this service on the date of review, so there is no lean.")
    elif judged.passages and not judged.passages[0].criteria:
        notices.append(
            f"The library holds no criteria of {judged.passages[0].citation}, so there is no lean: look into its text, "
            "or import it."
        )
    notices += _to_confirm(judged)
    if judged.passages and not any(is_mtus(passage) for passage in judged.passages):
        notices.append(f"No MTUS passage of the library governs this service; {judged.passages[0].guideline} is used.")
    return tuple(notices)
