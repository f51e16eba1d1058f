"""The template writer: a plan in plain sentences, each of which points at the words it rests on.

Facts are the case's own words retold or quoted; a silence or a sum repeats a finding's statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.domain import (
    CaseSummary,
    DisputedService,
    Fact,
    Finding,
    Move,
    Outcome,
    Sentence,
    Span,
    SupportKind,
)
from assistant.drafting.excerpts import around_words, sentence_at
from assistant.drafting.findings import is_silence, silence_of
from assistant.drafting.glossary import explained
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
    Point,
    QuotePoint,
    RulePoint,
    SilencePoint,
    SlotPoint,
    TreatmentPoint,
)
from assistant.drafting.retelling import Retold, retold
from assistant.drafting.rule_wording import beyond_sentence, lowered, rule_sentence
from assistant.drafting.supporting import of_case, of_finding, of_finding_with_quotes, of_passage, of_request
from assistant.drafting.variation import Variation
from assistant.reading.certified import asked_part

# Words: what is not needed is written up to AIM, for a request of no part of the body (a drug) only up to LEAST.
LEAST, AIM, MOST = 80, 125, 180
_TOLD = 0.5  # a fact of which other sentences show this much is not told again
_LEADS = {"complaint": "The summary reports", "examination": "On examination the summary notes"}
_PLURAL_HEAD = re.compile(
    r"^(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)\b", re.IGNORECASE
)
_ONE = re.compile(r"^(?:1|one|a|an)\b", re.IGNORECASE)
_DRUG_ORDER = re.compile(r"^[A-Za-z][\w/ -]*? \d+(?:[.,/-]\d+)* ?(?:mg|mcg|gm?|ml|%)?(?: ?#\d+)?$", re.IGNORECASE)
_SUBJECT = {"male": "He", "female": "She"}


def write(plan: Plan, service: DisputedService, case: CaseSummary) -> tuple[Sentence, ...]:
    """The sentences of a plan, unverified, in order; what is not needed is written while there is room.

    The same plan gives the same sentences; which wording is chosen hangs on the request and the plan, never on who the
    worker is.
    """
    writer = _Writer(plan, service, case)
    written = writer.all()
    room = (AIM if service.body_regions else LEAST) - sum(
        _words(sentence) for planned, sentence in written if planned.needed
    )
    kept: list[tuple[Planned, Sentence]] = []
    for planned, sentence in written:
        if not planned.needed:
            if _words(sentence) > room:
                continue
            room -= _words(sentence)
        kept.append((planned, sentence))
    sentences = [sentence for _, sentence in _shortened(kept)]
    texts = explained(sentence.text for sentence in sentences)
    return tuple(
        sentence if sentence.slot else replace(sentence, text=text)
        for sentence, text in zip(sentences, texts, strict=True)
    )


def _words(sentence: Sentence) -> int:
    return 0 if sentence.slot else len(sentence.text.split())


def _shortened(written: list[tuple[Planned, Sentence]]) -> list[tuple[Planned, Sentence]]:
    """The sentences with those left out, from the last, that only show further facts, until at most 180 words stand."""
    kept = list(written)
    for pair in reversed(written):
        if sum(_words(sentence) for _, sentence in kept) <= MOST:
            break
        if isinstance(pair[0].point, FindingPoint) and pair[0].point.move is Move.FACTS:
            kept.remove(pair)
    return kept


def _seed(plan: Plan, service: DisputedService) -> Iterable[str]:
    yield service.text
    for planned in plan.points:
        match planned.point:
            case RulePoint(criteria, passage):
                yield from (passage.id, *(criterion.id for criterion in criteria))
            case FindingPoint(finding):
                yield f"{finding.id} {finding.status}"


@dataclass
class _Writer:
    """One rationale on its way; it remembers what was told and how the last sentence began."""

    plan: Plan
    service: DisputedService
    case: CaseSummary
    told: list[Span] = field(default_factory=list)
    telling: list[Span] = field(default_factory=list)  # what the findings will tell
    before: str = ""

    def __post_init__(self) -> None:
        self.vary = Variation.on(_seed(self.plan, self.service))

    def all(self) -> list[tuple[Planned, Sentence]]:
        """Every point's sentences; a fact that gap or fit tell anyway is left to them."""
        points = [planned.point for planned in self.plan.points]
        self.told = [span for point in points if _decides(point) for span in self._spans(point)]
        self.telling = [span for point in points for span in self._spans(point)]
        written: list[tuple[Planned, Sentence]] = []
        for planned in self.plan.points:
            for sentence in self._sentences(planned.point):
                written.append((planned, sentence))
                self.before = sentence.text
        return written

    def _spans(self, point: Point) -> list[Span]:
        if not isinstance(point, FindingPoint) or not point.finding.evidence:
            return []
        found = self._retold(point.finding.evidence[0])
        return [found.span if found else point.finding.evidence[0]]

    def _worker(self) -> str:
        """The worker as a sentence begins: by pronoun, unless the last sentence began so."""
        subject = _SUBJECT.get(self.case.sex or "", "The worker")
        return "The worker" if self.before.startswith(f"{subject} ") else subject

    def _retold(self, span: Span) -> Retold | None:
        return retold(self.case, span, self._worker())

    def _sentences(self, point: Point) -> tuple[Sentence, ...]:
        match point:
            case QuotePoint(span, about):
                return self._fact(span, about)
            case FindingPoint():
                return self._finding(point)
            case RulePoint() | EditionPoint() | BeyondPoint():
                return (self._rule(point),)
            case TreatmentPoint(facts):
                fresh = [fact for fact in facts if _share_told(fact.span, self.telling) < _TOLD]
                return (_treatments(fresh, self._worker()),) if fresh else ()
            case PersonPoint():
                return (_person(point, self.vary),)
            case CertifiedPoint(words):
                return (Sentence(f"The request itself says: “{words}”.", Move.FACTS, (of_request(self.service),)),)
            case _:
                return (self._end(point),)

    def _rule(self, point: RulePoint | EditionPoint | BeyondPoint) -> Sentence:
        match point:
            case RulePoint():
                return rule_sentence(point, _rules_before(point, self.plan), self.vary)
            case EditionPoint(note, span):
                return Sentence(f"{span.quote.rstrip('.')}.", Move.RULE, (of_passage(note, span),))
            case BeyondPoint():
                return beyond_sentence(point, self.service)

    def _end(self, point: SilencePoint | ConsequencePoint | SlotPoint | ConclusionPoint) -> Sentence:
        match point:
            case SilencePoint(findings, move):
                return Sentence(silence_of(findings), move, tuple(map(of_finding, findings)))
            case ConsequencePoint():
                return _consequence(point, self.vary)
            case SlotPoint(move, text):
                return Sentence(text, move, slot=True)
            case ConclusionPoint(outcome):
                return conclusion(self.service, outcome)

    def _fact(self, span: Span, about: str) -> tuple[Sentence, ...]:
        """A fact of the case, retold where it is a sentence of its own; nothing where it is told already."""
        found = self._retold(span)
        shown = found.span if found else span
        if self._is_told(shown):
            return ()
        if found is None:
            return (quoting_case(span, _LEADS.get(about, "The summary states")),) if _balanced(span.quote) else ()
        return (Sentence(found.text, Move.FACTS, (of_case(found.span),)),)

    def _finding(self, point: FindingPoint) -> tuple[Sentence, ...]:
        """What the case says on a criterion: its evidence retold, else the finding's statement, which quotes it."""
        finding = point.finding
        plain = Sentence(finding.statement, point.move, of_finding_with_quotes(finding))
        quoted = finding.evidence[: finding.statement.count("“")]
        if finding.criterion.measure is not None or not quoted:
            return (plain,)
        found = [self._retold(span) for span in quoted]
        if point.move is Move.FACTS and self._is_told(found[0].span if found[0] else quoted[0]):
            return ()
        whole = [piece for piece in found if piece is not None]
        if len(whole) < len(found):
            return (plain,)
        unlike = {piece.span: piece for piece in whole}.values()
        return tuple(Sentence(piece.text, point.move, (of_case(piece.span), of_finding(finding))) for piece in unlike)

    def _is_told(self, span: Span) -> bool:
        """Whether other sentences tell a span already; if not, it is now told."""
        told = _share_told(span, self.told) >= _TOLD
        if not told:
            self.told.append(span)
        return told


def _balanced(quote: str) -> bool:
    """Whether every bracket and quotation mark of a quotation has its other half."""
    return quote.count("(") == quote.count(")") and quote.count('"') % 2 == 0


def _decides(point: Point) -> bool:
    return isinstance(point, FindingPoint) and point.move is not Move.FACTS


def _share_told(span: Span, told: Sequence[Span]) -> float:
    """How much of a span other sentences show, from 0 to 1."""
    shown = sum(max(0, min(span.end, other.end) - max(span.start, other.start)) for other in told)
    return shown / (span.end - span.start)


def _rules_before(point: RulePoint, plan: Plan) -> int:
    """How many rules of the same guideline the rationale has given just before this one."""
    rules = [planned.point for planned in plan.points if isinstance(planned.point, RulePoint)]
    before = rules[: next(place for place, other in enumerate(rules) if other is point)]
    return sum(other.passage.guideline == point.passage.guideline for other in before)


# --- facts ----------------------------------------------------------------------------------------------------


def _person(point: PersonPoint, vary: Variation | None = None) -> Sentence:
    supports = [of_case(fact.span) for fact in (point.age, point.sex, *point.diagnoses) if fact is not None]
    who = _who(point.age, point.sex)
    # A diagnosis "without myelopathy" must not seem to deny the one that follows it.
    ordered = sorted(point.diagnoses, key=lambda fact: "without" in fact.span.quote.casefold())
    names = _listed([lowered(fact.span.quote) for fact in ordered])
    if who and names and point.sex is None:
        text = f"This worker is {who} and has {names}."
    elif who and names:
        wordings = (f"This worker is {who} with {names}.", f"The worker, {who}, has {names}.")
        text = vary.choose("person", wordings) if vary else wordings[0]
    elif who:
        text = f"This worker is {who}."
    else:
        text = f"This worker has {names}."
    return Sentence(text, Move.FACTS, tuple(supports))


def _treatments(facts: Sequence[Fact], worker: str = "The worker") -> Sentence:
    had = _listed([lowered(fact.span.quote) for fact in facts if not _is_medicine(fact)])
    taken = _listed([lowered(fact.span.quote) for fact in facts if _is_medicine(fact)])
    told = [f"has already had {had}"] if had else []
    told += [f"has been given {taken}"] if taken else []
    return Sentence(f"{worker} {', and '.join(told)}.", Move.FACTS, tuple(of_case(fact.span) for fact in facts))


def _is_medicine(fact: Fact) -> bool:
    return fact.kind == "medication" or "medication" in fact.span.quote.casefold()


def _who(age: Fact | None, sex: Fact | None) -> str:
    noun = {"male": "man", "female": "woman"}.get(str(sex.value), "worker") if sex else "worker"
    if age is None or not isinstance(age.value, (int, float)):
        return f"a {noun}" if sex else ""
    years = f"{age.value:g}"
    if sex is None:
        return f"{years} years old"
    article = "an" if years.startswith("8") or years in {"11", "18"} else "a"
    return f"{article} {years}-year-old {noun}"


def _listed(names: Sequence[str]) -> str:
    if any("," in name or " and " in name for name in names) and len(names) > 1:
        return "; ".join(names[:-1]) + "; and " + names[-1]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def quoting_case(span: Span, lead: str = "The summary says") -> Sentence:
    """A sentence that quotes the case."""
    return Sentence(f"{lead}: “{span.quote}”.", Move.FACTS, (of_case(span),))


_NOT_SHOWN = (
    "So {which} {verb} not shown to be met.",
    "Therefore {which} {verb} not shown to be met.",
    "It follows that {which} {verb} not shown to be met.",
)
_MET = ("So {which} {verb} met.", "Therefore {which} {verb} met.", "It follows that {which} {verb} met.")


def _consequence(point: ConsequencePoint, vary: Variation) -> Sentence:
    which, verb = ("these requirements", "are") if point.several else ("this requirement", "is")
    wordings = _NOT_SHOWN if point.move is Move.GAP else _MET
    silent = all(is_silence(finding) for finding in point.findings)
    wording = vary.choose("consequence", wordings[:2] if silent else wordings)
    return Sentence(wording.format(which=which, verb=verb), point.move, tuple(map(of_finding, point.findings)))


# --- conclusion -----------------------------------------------------------------------------------------------


def conclusion(service: DisputedService, outcome: Outcome) -> Sentence:
    """The decision on exactly what is asked of the review; words that read badly in a sentence are quoted.

    Of a heading that tells what was certified, only what is left in dispute is decided.
    """
    asked = asked_part(service.text).span.quote.strip().rstrip(".") if service.text.strip() else service.text
    is_not = "" if outcome is Outcome.OVERTURNED else "not "
    if not reads_well(asked):
        text = f"The requested service, “{asked}”, is {is_not}medically necessary."
    else:
        verb = "are" if plural(asked) else "is"
        titled = re.search(r" [A-Z][a-z]", asked)
        text = f"The requested {asked if titled else lowered(asked)} {verb} {is_not}medically necessary."
    return Sentence(text, Move.CONCLUSION, (of_request(service),))


def reads_well(asked: str) -> bool:
    """Whether a request's words can stand in a sentence after "The requested"."""
    if _DRUG_ORDER.match(asked):
        return True
    words = asked.split()
    later_digits = any(any(c.isdigit() for c in word) for word in words[1:])
    return len(words) <= 18 and not re.search(r"[,;:#()\[\]\n.“”\"]", asked) and not later_digits


def plural(asked: str) -> bool:
    """Whether the request's head is a plural: "6 sessions of acupuncture", "X-rays of the spine"."""
    if _DRUG_ORDER.match(asked) or _ONE.match(asked):
        return False
    if _PLURAL_HEAD.match(asked):
        return True
    head = re.split(r"\s+(?:of|for|to|with|without|at|in|on|over|per|times|x)\s+", asked)[0].split()[-1]
    return bool(re.search(r"[a-z]s$", head)) and not re.search(r"(?:ss|us|is|ics)$", head)


# --- what takes the place of a sentence that fails ------------------------------------------------------------


def plainer(
    sentence: Sentence, case: CaseSummary, service: DisputedService, findings: Mapping[str, Finding]
) -> Iterable[Sentence]:
    """Sentences that say less and quote more, to try in place of one that verification did not pass."""
    if sentence.move is Move.CONCLUSION:
        is_not = "not " if "not medically necessary" in sentence.text else ""
        text = f"The requested service, “{service.text}”, is {is_not}medically necessary."
        yield Sentence(text, Move.CONCLUSION, (of_request(service),))
        return
    for support in sentence.supports:
        if support.kind is SupportKind.PASSAGE:
            yield Sentence(f"The guideline reads: “{support.span.quote.rstrip('. ')}”.", Move.RULE, (support,))
        elif support.kind is SupportKind.FINDING and support.id in findings:
            yield Sentence(findings[support.id].statement, sentence.move, of_finding_with_quotes(findings[support.id]))
    yield from _fewer(sentence, case)
    told = [support.span for support in sentence.supports if support.kind is SupportKind.CASE]
    for span in reversed(told):
        around = around_words(case.text, sentence_at(case, span.start, span.end), span)
        yield replace(quoting_case(around), move=sentence.move)


def _fewer(sentence: Sentence, case: CaseSummary) -> Iterable[Sentence]:
    """A list of diagnoses or treatments with one of them left out, then another, and so on."""
    held = {support.span for support in sentence.supports}
    facts = list({fact.span: fact for fact in case.facts if fact.span in held}.values())
    listed = tuple(fact for fact in facts if fact.kind not in {"age", "sex"})
    if len(held) < 2 or len(facts) < len(held):
        return
    age = next((fact for fact in facts if fact.kind == "age"), None)
    sex = next((fact for fact in facts if fact.kind == "sex"), None)
    for left_out in reversed(listed):
        rest = tuple(fact for fact in listed if fact is not left_out)
        if age or sex:
            yield _person(PersonPoint(age, sex, rest))
        elif rest:
            yield _treatments(rest)
    if age or sex:
        yield _person(PersonPoint(age, sex, ()))
