"""The template writer: a plan in plain sentences, each of which points at the words it rests on.

Facts are composed of verbatim pieces of the case or quoted; a gap or fit repeats a finding's statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.domain import (
    CaseSummary,
    Criterion,
    CriterionKind,
    DisputedService,
    Fact,
    Finding,
    Move,
    Outcome,
    Passage,
    Sentence,
    Span,
    Support,
    SupportKind,
)
from assistant.drafting.drug_names import DRUGS
from assistant.drafting.excerpts import around_words, sentence_at
from assistant.drafting.points import (
    BeyondPoint,
    ConclusionPoint,
    EditionPoint,
    FindingPoint,
    PersonPoint,
    Plan,
    Planned,
    Point,
    QuotePoint,
    RulePoint,
    SlotPoint,
    TreatmentPoint,
)

AIM, MOST = 140, 180  # words: what is not needed is written up to AIM, and dropped beyond MOST
_RULE_WORDS = 45
_LEADS = {"complaint": "The summary reports", "examination": "On examination the summary notes"}
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|must|may|should|can|needs?|rests?|calls?|asks?|requires?|counts?|comes?|falls?|takes?"
    r"|supports?|goes|go|stands?|serves?|follows?|applies|lasts?|ends?|depends?|speaks?|stays?|recommends?|reduces?|shortens?"
    r"|suits?|warrants?|includes?|means?|starts?|leads?|covers?|gives?|shows?|helps?|exceeds?|agrees?|holds?|works?|lies|did|does|failed|identify|identifies|fit|fits|states?|names?|reads?|agree)\b"
)
_SUBORDINATE = re.compile(r"\b(?:where|when|that|which|who|whom|if|until|because|unless|while|as|after|before)\b")
_ODD = re.compile(r"\. [A-Z]|[“”\"]")
_LABELLED = re.compile(r"^[^:]{1,40}:")
# What keeps its capital inside a sentence: drugs, the names of tests and devices, and sources.
_NAMES = frozenset(re.findall(r"(?m)(?:^|[:,] )([a-z]{4,})", DRUGS)) | frozenset(
    ["tinel", "phalen", "spurling", "lachman", "mcmurray", "finkelstein", "semmes", "jamar", "hoffmann", "lasegue"]
)
_PLURAL_HEAD = re.compile(
    r"^(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)\b", re.IGNORECASE
)
_ONE = re.compile(r"^(?:1|one|a|an)\b", re.IGNORECASE)
_DRUG_ORDER = re.compile(r"^[A-Za-z][\w/ -]*? \d+(?:[.,/-]\d+)* ?(?:mg|mcg|gm?|ml|%)?(?: ?#\d+)?$", re.IGNORECASE)


def write(plan: Plan, service: DisputedService) -> tuple[Sentence, ...]:
    """The sentences of a plan, unverified, in order; what is not needed is written while there is room."""
    written = [(planned, _sentence(planned.point, service, plan)) for planned in plan.points]
    room = AIM - sum(_words(sentence) for planned, sentence in written if planned.needed)
    kept: list[tuple[Planned, Sentence]] = []
    for planned, sentence in written:
        if not planned.needed:
            if _words(sentence) > room:
                continue
            room -= _words(sentence)
        kept.append((planned, sentence))
    return tuple(sentence for _, sentence in _shortened(kept))


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


def _sentence(point: Point, service: DisputedService, plan: Plan) -> Sentence:
    match point:
        case RulePoint():
            return _rule(point, _rules_before(point, plan))
        case EditionPoint(note, span):
            return Sentence(f"{span.quote.rstrip('.')}.", Move.RULE, (_of_passage(note, span),))
        case BeyondPoint():
            return _beyond(point, service)
        case PersonPoint():
            return _person(point)
        case TreatmentPoint(facts):
            return _treatments(facts)
        case QuotePoint(span, about):
            return quoting_case(span, _LEADS.get(about, "The summary states"))
        case FindingPoint():
            return _finding(point)
        case SlotPoint(move, text):
            return Sentence(text, move, slot=True)
        case ConclusionPoint(outcome):
            return conclusion(service, outcome)


# --- rule -----------------------------------------------------------------------------------------------------


def _rules_before(point: RulePoint, plan: Plan) -> int:
    """How many rules of the same guideline the rationale has given just before this one."""
    rules = [planned.point for planned in plan.points if isinstance(planned.point, RulePoint)]
    before = rules[: next(place for place, other in enumerate(rules) if other is point)]
    return sum(other.passage.guideline == point.passage.guideline for other in before)


def _rule(point: RulePoint, before: int) -> Sentence:
    spans = [_criterion_span(point.passage, criterion) for criterion in point.criteria]
    supports = [_of_passage(point.passage, span) for span in spans]
    named = point.passage.guideline
    if not before and point.note is not None and named in point.note.text:
        at = point.note.text.index(named)
        supports.append(_of_passage(point.note, Span.of(point.note.text, at, at + len(named))))
    return Sentence(_rule_text([span.quote for span in spans], point, before), Move.RULE, tuple(supports))


def _rule_text(criteria: Sequence[str], point: RulePoint, before: int) -> str:
    """The rule as a sentence: run in where it is one, after a colon where it is none, quoted where its form is odd."""
    named = _named(point.passage)
    texts = [_lowered(text.rstrip(". ")) for text in criteria]
    if point.alternatives:
        return _one_of_several(texts, point, named)
    opening = ("", "It also asks", "It further asks")[min(before, 2)]
    if _odd(texts[0]):
        quoted = criteria[0].rstrip(". ")
        return f"{opening}: “{quoted}”." if before else f"{named} gives this rule: “{quoted}”."
    if not _finite(texts[0]):
        return f"{opening}: {texts[0]}." if before else f"{named} gives this rule: {texts[0]}."
    # A condition worded as a fact ("an NSAID is taken") must not read as one of the case.
    if point.criteria[0].kind in {CriterionKind.PREREQUISITE, CriterionKind.DOCUMENTATION}:
        return f"{opening or f'{named} asks'} that {texts[0]}."
    return f"Under it, {texts[0]}." if before else f"Under {named}, {texts[0]}."


def _one_of_several(texts: Sequence[str], point: RulePoint, named: str) -> str:
    """Alternatives, of which one is enough; that there are more than those shown is said."""
    if len(texts) == 1:
        return f"Under {named}, one way among others to meet the rule is this: {texts[0]}."
    others = "" if len(texts) == point.of else ", among others,"
    return f"Under {named}, one of these{others} is needed: {'; or '.join(texts)}."


def _named(passage: Passage) -> str:
    """The guideline with a section that reads well; what is outside the MTUS by its own name."""
    if passage.guideline.startswith("outside"):
        return passage.section or "The guideline"
    return f"{passage.guideline} ({passage.section})" if _plain_section(passage.section) else passage.guideline


def _plain_section(section: str | None) -> bool:
    """Whether a section's name is short and without figures, so that it reads well in a sentence."""
    return section is not None and len(section.split()) <= 6 and not re.search(r"[\d()]", section)


def _odd(text: str) -> bool:
    """Whether a rule's text cannot run on in a sentence: a name leads it, a label does, or it is two sentences."""
    label = _LABELLED.match(text)
    return text[0].isupper() or bool(_ODD.search(text)) or (label is not None and not _VERB.search(label.group()))


def _finite(text: str) -> bool:
    """Whether the text's main clause has a verb of its own."""
    return bool(_VERB.search(_SUBORDINATE.split(text, maxsplit=1)[0])) and not text.split()[0].endswith("ed")


def _criterion_span(passage: Passage, criterion: Criterion) -> Span:
    """The criterion's text in its passage; of a long one its first sentence.

    Raises ValueError where the passage does not hold the criterion, which the corpus tests exclude.
    """
    start = passage.text.index(criterion.text)
    end = start + len(criterion.text)
    stop = passage.text.find(". ", start, end)
    if len(criterion.text.split()) > _RULE_WORDS and stop > 0:
        end = stop + 1
    return Span.of(passage.text, start, end)


def _lowered(text: str) -> str:
    """The text with a small first letter, where the first word is no name and no acronym."""
    first = re.match(r"(?:A|[A-Z][a-z]+)(?![\w'’])", text)
    if first is None or first.group().lower() in _NAMES:
        return text
    return first.group().lower() + text[first.end() :]


def _beyond(point: BeyondPoint, service: DisputedService) -> Sentence:
    """Why the draft goes past the MTUS, which comes first (8 CCR 9792.21.1)."""
    passage, note = point.passage, point.note
    used = passage.guideline if not passage.guideline.startswith("outside") else _named(passage)
    text = (
        f"The request is for “{service.text}”; the MTUS sections here concern other services, so this is used: {used}."
    )
    supports = [_of_request(service), _of_passage(passage, _first_criterion(passage))]
    if note is not None:
        supports.append(_of_passage(note, Span.of(note.text, 0, len(note.text))))
    return Sentence(text, Move.RULE, tuple(supports))


def _first_criterion(passage: Passage) -> Span:
    return (
        _criterion_span(passage, passage.criteria[0])
        if passage.criteria
        else Span.of(passage.text, 0, len(passage.text))
    )


# --- facts ----------------------------------------------------------------------------------------------------


def _person(point: PersonPoint) -> Sentence:
    supports = [_of_case(fact.span) for fact in (point.age, point.sex, *point.diagnoses) if fact is not None]
    who = _who(point.age, point.sex)
    # A diagnosis "without myelopathy" must not seem to deny the one that follows it.
    ordered = sorted(point.diagnoses, key=lambda fact: "without" in fact.span.quote.casefold())
    names = _listed([_lowered(fact.span.quote) for fact in ordered])
    if who:
        text = f"This worker is {who} with {names}." if names else f"This worker is {who}."
    else:
        text = f"This worker has {names}."
    return Sentence(text, Move.FACTS, tuple(supports))


def _treatments(facts: Sequence[Fact]) -> Sentence:
    had = _listed([_lowered(fact.span.quote) for fact in facts if fact.kind != "medication"])
    taken = _listed([_lowered(fact.span.quote) for fact in facts if fact.kind == "medication"])
    told = [f"has already had {had}"] if had else []
    told += [f"has been given {taken}"] if taken else []
    return Sentence(f"This worker {', and '.join(told)}.", Move.FACTS, tuple(_of_case(fact.span) for fact in facts))


def _who(age: Fact | None, sex: Fact | None) -> str:
    noun = {"male": "man", "female": "woman"}.get(str(sex.value), "worker") if sex else "worker"
    if age is None or not isinstance(age.value, (int, float)):
        return f"a {noun}" if sex else ""
    years = f"{age.value:g}"
    article = "an" if years.startswith("8") or years in {"11", "18"} else "a"
    return f"{article} {years}-year-old {noun}"


def _listed(names: Sequence[str]) -> str:
    if any("," in name or " and " in name for name in names) and len(names) > 1:
        return "; ".join(names[:-1]) + "; and " + names[-1]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def quoting_case(span: Span, lead: str = "The summary says") -> Sentence:
    """A sentence that quotes the case."""
    return Sentence(f"{lead}: “{span.quote}”.", Move.FACTS, (_of_case(span),))


def _finding(point: FindingPoint) -> Sentence:
    text = point.finding.statement
    if point.last:
        met = {Move.GAP: "not shown to be met", Move.FIT: "met"}[point.move]
        which = "these requirements are" if point.several else "this requirement is"
        text = f"{text.removesuffix('.')}, so {which} {met}."
    return Sentence(text, point.move, _of_finding(point.finding))


# --- conclusion -----------------------------------------------------------------------------------------------


def conclusion(service: DisputedService, outcome: Outcome) -> Sentence:
    """The decision on exactly the service requested; a text that reads badly in a sentence is quoted."""
    asked = service.text.strip().rstrip(".")
    is_not = "" if outcome is Outcome.OVERTURNED else "not "
    if not reads_well(asked):
        text = f"The requested service, “{service.text}”, is {is_not}medically necessary."
    else:
        verb = "are" if plural(asked) else "is"
        titled = re.search(r" [A-Z][a-z]", asked)
        text = f"The requested {asked if titled else _lowered(asked)} {verb} {is_not}medically necessary."
    return Sentence(text, Move.CONCLUSION, (_of_request(service),))


def reads_well(asked: str) -> bool:
    """Whether a request's words can stand in a sentence after "The requested"."""
    if _DRUG_ORDER.match(asked):
        return True
    words = asked.split()
    later_digits = any(any(c.isdigit() for c in word) for word in words[1:])
    return len(words) <= 14 and not re.search(r"[,;:#()\[\]\n.“”\"]", asked) and not later_digits


def plural(asked: str) -> bool:
    """Whether the request's head is a plural: "6 sessions of acupuncture", "X-rays of the spine"."""
    if _DRUG_ORDER.match(asked) or _ONE.match(asked):
        return False
    if _PLURAL_HEAD.match(asked):
        return True
    head = re.split(r"\s+(?:of|for|to|with|without|at|in|on|over|per|times|x)\s+", asked)[0].split()[-1]
    return bool(re.search(r"[a-z]s$", head)) and not re.search(r"(?:ss|us|is|ics)$", head)


# --- supports -------------------------------------------------------------------------------------------------


def _of_case(span: Span) -> Support:
    return Support(SupportKind.CASE, "case", span)


def _of_passage(passage: Passage, span: Span) -> Support:
    return Support(SupportKind.PASSAGE, passage.id, span)


def _of_request(service: DisputedService) -> Support:
    return Support(SupportKind.REQUEST, "request", Span.of(service.text, 0, len(service.text)))


def _of_finding(finding: Finding) -> tuple[Support, ...]:
    whole = Span.of(finding.statement, 0, len(finding.statement))
    quoted = (span for span in finding.evidence if f"“{span.quote}”" in finding.statement)
    return (Support(SupportKind.FINDING, finding.id, whole), *(_of_case(span) for span in quoted))


# --- what takes the place of a sentence that fails ------------------------------------------------------------


def plainer(
    sentence: Sentence, case: CaseSummary, service: DisputedService, findings: Mapping[str, Finding]
) -> Iterable[Sentence]:
    """Sentences that say less and quote more, to try in place of one that verification did not pass."""
    if sentence.move is Move.CONCLUSION:
        is_not = "not " if "not medically necessary" in sentence.text else ""
        text = f"The requested service, “{service.text}”, is {is_not}medically necessary."
        yield Sentence(text, Move.CONCLUSION, (_of_request(service),))
        return
    for support in sentence.supports:
        if support.kind is SupportKind.PASSAGE:
            yield Sentence(f"The guideline reads: “{support.span.quote.rstrip('. ')}”.", Move.RULE, (support,))
        elif support.kind is SupportKind.FINDING and support.id in findings:
            yield Sentence(findings[support.id].statement, sentence.move, _of_finding(findings[support.id]))
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
