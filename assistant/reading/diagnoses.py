"""The diagnoses that a summary lists, each as its own span, without what introduces the list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import Span
from assistant.reading.polarity import Speech

_INTRODUCES = re.compile(
    r"\b(?:diagnos(?:ed|is|es|tic impressions?)|impressions?|dx|assessments?(?=\s*:|\s+(?:is|was|were|include)))\b"
    r"(?:\s+(?:that|which))?\s*(?:(?:(?:is|are|was|were|as|of|with|having|has|have|had|being|been|include[sd]?"
    r"|including|documented|listed|noted|given|consist(?:s|ed)? of|to be|status|for|the following|following"
    r"|current(?:ly)?)\b)[\s:]*"
    r"|[:]\s*)+"
    r"|\b(?:undergoing|receiving|under|being|seen for)\s+(?:treat(?:ment|ed)|care|evaluation)\s+for\s+"
    r"|\b(?:is|was|were)\s+(?:being\s+)?treated\s+for\s+(?:the\s+diagnos[ie]s\s+of\s+)?",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\.\s|\.$|\b(?:who|which|that)\s+(?:is|was|has|had)\b"
    r"|,?\s(?:and|but)\s(?=(?:the|he|she|they|has|was|is|had|complains?)\b)|,\s(?=(?:the|he|she|they"
    r"|with complaints)\b)|\.(?=[A-Z])|\bthe attending provider\b",
    re.IGNORECASE,
)
_ITEMS = re.compile(r";\s*(?:and\s+)?|,\s*(?:and\s+)|,\s*(?![^(]*\))|\s+and\s+", re.IGNORECASE)
# The word that makes an item a diagnosis of its own; "fascia", "initial encounter", "left" belong to their neighbour.
_NOUN = re.compile(
    r"\b(?:strains?|sprains?|fractures?|tears?|syndromes?|pains?|injur(?:y|ies)|contusions?|lacerations?|spasms?"
    r"|stenosis|diseases?"
    r"|disorders?|dysfunction|derangement|hernia\w*|protrusions?|displacement|bulg\w+|impingement|instability"
    r"|headaches?|migraines?"
    r"|diabetes|hypertension|trauma|concussion|insomnia|anxiety|depression|stress|lumbago|stiffness|weakness"
    r"|numbness|lesions?"
    r"|obesity|\w+(?:itis|osis|pathy|algia|emia|oma|plegia|cardia|listhesis|penia|uria|trophy)|failure|loss"
    r"|complaints?|symptoms?"
    r"|dislocation|amputation|burns?|wounds?|ulcers?|reflux|gerd|crps|post[\w\s-]*state|neuritis|sciatica|syncope"
    r"|palpitations?"
    r"|abrasions?|deformity|degeneration|rupture|entrapment|compression|effusion|swelling|infection|cyst|ganglion"
    r"|finger|shoulder"
    r"|disturbance|difficulty|paresthesias?|infarct\w*|vertigo|tinnitus|narrowing|status post [\w\s-]+"
    r"|s/p [\w\s-]+)\b",
    re.IGNORECASE,
)
_SIDE_ONLY = re.compile(r"right|left|bilateral", re.IGNORECASE)
_BODY_ONLY = re.compile(r"^(?:the |left |right |bilateral )*(?:finger|shoulder)s?$", re.IGNORECASE)
_NO_DIAGNOSIS = re.compile(
    r"^(?:treatment|medications?|the|a|an|this|his|her|it|they|injur(?:y|ies)|the following|unknown|not|made"
    r"|pending|imaging|tests?|"
    r"studies|treatment to date)$",
    re.IGNORECASE,
)
_LONGEST = 160  # characters of one diagnosis; more is prose


def diagnosis_spans(text: str, speech: Speech) -> Iterator[Span]:
    """The items of each list of diagnoses, in the order of the text; sentences of utilization review are left out."""
    told_to = 0
    for opening in _INTRODUCES.finditer(text):
        sentence = speech.sentence_of(opening.start())
        if sentence is None or opening.end() >= sentence.end or opening.start() < told_to:
            continue
        ending = _ENDS.search(text, opening.end(), sentence.end)
        told_to = ending.start() if ending else sentence.end
        yield from _items(text, opening.end(), told_to)


def _items(text: str, start: int, end: int) -> Iterator[Span]:
    edges = [start]
    resume = []
    for cut in _ITEMS.finditer(text, start, end):
        if text[start : cut.start()].count("(") > text[start : cut.start()].count(")"):
            continue
        item, following = text[edges[-1] : cut.start()].strip(), text[cut.end() : end]
        if _one_diagnosis(item, cut.group(), following):
            continue
        resume.append(cut.start())
        edges.append(cut.end())
    for first, last in zip(edges, [*resume, end], strict=True):
        span = _trimmed(text, first, last)
        if span and not _NO_DIAGNOSIS.match(span.quote) and len(span.quote) <= _LONGEST:
            yield span


def _one_diagnosis(item: str, cut: str, following: str) -> bool:
    """Whether what follows the cut belongs to the same diagnosis."""
    if cut.startswith(";"):
        return False
    next_item = _ITEMS.split(following)[0].strip().rstrip(".")
    return not (_is_diagnosis(item) and (_is_diagnosis(next_item) or _SIDE_ONLY.fullmatch(next_item)))


def _is_diagnosis(item: str) -> bool:
    return bool(_NOUN.search(item)) and not _BODY_ONLY.match(item)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    opening = re.compile(r"(?:[\s,;:]|(?:an?|the|and)\s)*", re.IGNORECASE).match(text, start, end)
    start = opening.end() if opening else start
    while end > start and text[end - 1] in " \t\r\n\xa0.,;:":
        end -= 1
    return Span.of(text, start, end) if end - start > 2 else None
