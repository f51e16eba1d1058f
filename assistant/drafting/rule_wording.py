"""The rule move in sentences: what the guideline asks, by its citation, or why the draft goes past the MTUS."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import Criterion, CriterionKind, DisputedService, Move, Passage, PassageKind, Sentence, Span
from assistant.drafting.drug_names import DRUGS
from assistant.drafting.points import BeyondPoint, RulePoint
from assistant.drafting.retelling import calmed
from assistant.drafting.supporting import of_passage, of_request
from assistant.drafting.variation import Variation
from assistant.reading.certified import asked_part

_RULE_WORDS, _CLAUSE_WORDS = 45, 28
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|must|may|should|can|would|will|needs?|rests?|calls?|asks?|requires?|counts?|comes?|falls?|takes?"
    r"|supports?|goes|go|stands?|serves?|follows?|applies|lasts?|ends?|depends?|speaks?|stays?|recommends?|reduces?|shortens?"
    r"|suits?|warrants?|includes?|means?|starts?|leads?|covers?|gives?|shows?|helps?|exceeds?|agrees?|holds?|works?|lies|did|does"
    r"|failed|fail|wait|identify|identifies|fit|fits|states?|names?|reads?|agree|carries|moves?|precedes?|clears?|pass|confirm"
    r"|confirms?|gets?|prescribes?|decides?|apply|allows?|brought|documents?|separates?|corroborates?|lasted|succeeds?|finds?"
    r"|brings?|causes?|belongs?|rates|points?|cuts?|prevents?|gave|came|marks?|remains?|provides?|rest|do|used|tried)\b"
)
_SUBORDINATE = re.compile(r"\b(?:where|when|that|which|who|whom|if|until|because|unless|while|as|after|before)\b")
_ODD = re.compile(r"\. [A-Z]|[“”\"]")
_LABELLED = re.compile(r"^[^:]{1,40}:")
# Words by which a criterion speaks as a rule; without any it tells a state of the case ("a red flag has emerged").
_SPEAKS_AS_RULE = re.compile(
    r"\b(?:not|supported|recommended|option|should|may|must|only|usually|usual|rests?|needs?|serves?|follows?|comes?|first|before"
    r"|after|later|waits?|reserved|considered|suits?|fitting|helps?|ends?|continued|given|expected|belongs?|depends?|counts?"
    r"|limited|choice|for|offered|described|weighed|reduces?|calls? for|tried)\b",
    re.IGNORECASE,
)
_OF_THE_WORKER = re.compile(r"^(?:the worker|the symptoms|the operation itself|a red flag|there (?:is|are))\b")
# A name that follows the citation's comma would read as a part of it.
_NAME_SOON = re.compile(r"(?:[a-z]+ )?[A-Z]")
# What keeps its capital inside a sentence: drugs, the names of tests and devices, and sources.
_NAMES = frozenset(re.findall(r"(?m)(?:^|[:,] )([a-z]{4,})", DRUGS)) | frozenset(
    ["tinel", "phalen", "spurling", "lachman", "mcmurray", "finkelstein", "semmes", "jamar", "hoffmann", "lasegue"]
)
_STATES = frozenset({CriterionKind.PREREQUISITE, CriterionKind.GOAL})


def rule_sentence(point: RulePoint, before: int, vary: Variation) -> Sentence:
    """The sentence of a rule; `before` counts the rules of the same guideline that were given just before it."""
    spans = [criterion_span(point.passage, criterion) for criterion in point.criteria]
    supports = [of_passage(point.passage, span) for span in spans]
    named = point.passage.guideline
    if not before and point.note is not None and named in point.note.text:
        at = point.note.text.index(named)
        supports.append(of_passage(point.note, Span.of(point.note.text, at, at + len(named))))
    text = _first(point, spans, vary) if not before else _further(point, spans, before, vary)
    return Sentence(text, Move.RULE, tuple(supports))


def _first(point: RulePoint, spans: Sequence[Span], vary: Variation) -> str:
    named = _called(point.passage)
    texts = [lowered(span.quote.rstrip(". ")) for span in spans]
    if point.alternatives:
        return _one_of_several(texts, point, named)
    if _odd(texts[0]):
        return f"{_opened(named)} gives this rule: “{spans[0].quote.rstrip('. ')}”."
    if not _finite(texts[0], point.passage):
        return f"{_opened(named)} gives this rule: {texts[0]}."
    kind = point.criteria[0].kind
    if kind in _STATES and _tells_state(texts[0]):
        return f"{_opened(named)} supports this request where {texts[0]}."
    if kind is CriterionKind.DOCUMENTATION and not _SPEAKS_AS_RULE.search(texts[0]):
        return f"{_opened(named)} expects that {texts[0]}."
    wordings = [f"{_opened(named)} says that {texts[0]}.", f"Under {named}, {texts[0]}."]
    return vary.choose("rule", wordings[:1] if _NAME_SOON.match(texts[0]) else wordings)


def _further(point: RulePoint, spans: Sequence[Span], before: int, vary: Variation) -> str:
    texts = [lowered(span.quote.rstrip(". ")) for span in spans]
    if point.alternatives:
        others = "" if len(texts) == point.of else ", among others"
        return f"One of these is also asked{others}: {'; or '.join(texts)}."
    also = ("The guideline also", "It further")[min(before, 2) - 1]
    if _odd(texts[0]):
        return f"{also} gives this rule: “{spans[0].quote.rstrip('. ')}”."
    if not _finite(texts[0], point.passage):
        return f"{also} asks: {texts[0]}."
    if point.criteria[0].kind in _STATES and _tells_state(texts[0]):
        return f"{also} asks whether {texts[0]}."
    return vary.choose(
        "further", [f"{also} says that {texts[0]}.", f"{also.removesuffix(' also')} adds that {texts[0]}."]
    )


def _one_of_several(texts: Sequence[str], point: RulePoint, named: str) -> str:
    """Alternatives, of which one is enough; that there are more than those shown is said."""
    ways = ", or where ".join(texts)
    if not all(_finite(text, point.passage) and _tells_state(text) for text in texts) or any(
        ":" in text for text in texts
    ):
        others = "" if len(texts) == point.of else ", among others,"
        if len(texts) == 1:
            return f"Under {named}, one way{others} to meet the rule is this: {texts[0]}."
        return f"Under {named}, one of these{others} is needed: {'; or '.join(texts)}."
    others = "" if len(texts) == point.of else ", among other grounds,"
    return f"{_opened(named)}{others} supports this request where {ways}."


def _called(passage: Passage) -> str:
    """How a rule calls its guideline: one outside of the MTUS was named by the sentence that says why it is used."""
    return "that guideline" if passage.guideline.startswith("outside") else cited_name(passage)


def cited_name(passage: Passage) -> str:
    """The guideline with a section that reads well; what is outside the MTUS by its own name."""
    if passage.guideline.startswith("outside"):
        return passage.section or "the guideline"
    return f"{passage.guideline} ({passage.section})" if _plain_section(passage.section) else passage.guideline


def _opened(named: str) -> str:
    """A name at the start of a sentence."""
    return named[0].upper() + named[1:]


def _plain_section(section: str | None) -> bool:
    """Whether a section's name is short and without figures, so that it reads well in a sentence."""
    return section is not None and len(section.split()) <= 6 and not re.search(r"[\d()]", section)


def _odd(text: str) -> bool:
    """Whether a rule's text cannot run on in a sentence: a label leads it, it quotes, or it is two sentences."""
    label = _LABELLED.match(text)
    return bool(_ODD.search(text)) or (label is not None and not _VERB.search(label.group()))


def _finite(text: str, passage: Passage) -> bool:
    """Whether a rule's text is a sentence with a verb, which in an imported text must be that of its main clause."""
    main = text if passage.kind is PassageKind.DIGEST else _SUBORDINATE.split(text, maxsplit=1)[0]
    return bool(_VERB.search(main)) and not text.split()[0].endswith("ed")


def _tells_state(text: str) -> bool:
    """Whether a criterion tells a state of the case, so that it may follow "where"."""
    return bool(_OF_THE_WORKER.search(text)) or not _SPEAKS_AS_RULE.search(text)


def criterion_span(passage: Passage, criterion: Criterion) -> Span:
    """The criterion's text in its passage; of a long one its first sentence, or what stands before a semicolon.

    Raises ValueError where the passage does not hold the criterion, which the corpus tests exclude.
    """
    start = passage.text.index(criterion.text)
    end = start + len(criterion.text)
    words = len(criterion.text.split())
    semicolon, stop = passage.text.find("; ", start, end), passage.text.find(". ", start, end)
    if words > _CLAUSE_WORDS and semicolon > 0 and ":" not in passage.text[start:semicolon]:
        end = semicolon
    elif words > _RULE_WORDS and stop > 0:
        end = stop + 1
    return Span.of(passage.text, start, end)


def lowered(text: str) -> str:
    """The text with a small first letter, where the first word is no name and no acronym; a text in capitals calmed."""
    text = calmed(text)
    first = re.match(r"(?:A|[A-Z][a-z]+)(?![\w'’])", text)
    if first is None or first.group().lower() in _NAMES:
        return text
    return first.group().lower() + text[first.end() :]


def beyond_sentence(point: BeyondPoint, service: DisputedService) -> Sentence:
    """Why the draft goes past the MTUS, which comes first (8 CCR 9792.21.1)."""
    passage, note = point.passage, point.note
    used = passage.guideline if not passage.guideline.startswith("outside") else cited_name(passage)
    asked = asked_part(service.text).span.quote if service.text.strip() else service.text
    next_one = f"{used} is used" if used.startswith(("ODG", "ACOEM")) else f"this guideline is used: {used}"
    text = f"The MTUS sections held here do not address “{asked}”, so {next_one}."
    supports = [of_request(service), of_passage(passage, _first_criterion(passage))]
    if note is not None:
        supports.append(of_passage(note, Span.of(note.text, 0, len(note.text))))
    return Sentence(text, Move.RULE, tuple(supports))


def _first_criterion(passage: Passage) -> Span:
    if passage.criteria:
        return criterion_span(passage, passage.criteria[0])
    return Span.of(passage.text, 0, len(passage.text))
