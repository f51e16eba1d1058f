"""A case summary read into facts: what was said, in which words, and how (stated, denied, planned ...).

The lexicon says what to look for, the polarity module how far a "no" or a "requested" reaches; here both are joined,
with numbers, dates, body regions and sides from the words around. The text is never changed, so offsets hold in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.corpus import Taxonomy
from assistant.domain import CaseSummary, Fact, Polarity, Span
from assistant.errors import UnreadableCase
from assistant.reading.anatomy import one_side, sides
from assistant.reading.diagnoses import diagnosis_spans
from assistant.reading.judgement import Mention
from assistant.reading.lexicon import Filed, Lexicon
from assistant.reading.numbers import numbers
from assistant.reading.oddities import oddities
from assistant.reading.person import age_of, decision_date_of, injury_date_of, sex_of
from assistant.reading.polarity import Speech
from assistant.reading.record import record_of
from assistant.reading.responses import tied
from assistant.reading.sentences import sentences
from assistant.reading.services import requests_in
from assistant.reading.wordbook import Hit

MAX_BYTES = 2_000_000
_UNPRINTABLE = 0.1  # share of control characters above which a text is no text
_UNBROKEN = re.compile(r"\S{1000,}")  # no word, number or address is as long: encoded data, or a key that was held down
_UNITS = re.compile(r"\b(visit|session|treatment|appointment|report)s?\b", re.IGNORECASE)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)(?:\s*(?:-|to)\s*(\d+))?\s*(?:%|percent)", re.IGNORECASE)
_LOOSE_END = " \t\r\n(,;:"  # what a wording with an optional end may have reached over
_PIECE = re.compile(r"[,;:]\s")
# What is told of a part of the body named anywhere in the clause; a treatment in a list has only its own.
_ABOUT_A_PART = frozenset({"complaint", "examination", "diagnosis"})
_ROLE_ORDER = ("denied", "unclear", "wordings")


def read_case(text: str, lexicon: Lexicon, taxonomy: Taxonomy) -> CaseSummary:
    """Read the facts and the requests of `text`; offsets hold in `text` exactly as given.

    Of a whole determination only the clinical summary is read, and no sentence that words a decision or instructs the
    program, so that neither becomes a fact; `notices` say so.
    Raises UnreadableCase, with one sentence for the user, for an empty or binary text and one above 2 MB.
    """
    _refuse_unreadable(text)
    words = _UNBROKEN.sub(_line_ends, text)
    told = record_of(words)
    record = told.text
    speech = Speech(record, sentences(record), lexicon)
    age, sex, injury = age_of(record, speech), sex_of(record, speech), injury_date_of(record, speech)
    facts = [found[0] for found in (age, sex, injury) if found]
    facts += _diagnoses(record, speech, lexicon)
    facts += (_fact(record, speech, mention, value) for mention, value in _mentions(record, lexicon))
    facts.sort(key=lambda fact: (fact.span.start, fact.span.end))
    facts = list(tied(record, speech, facts))
    services = requests_in(record, taxonomy)
    return CaseSummary(
        text=text,
        age=age[1] if age else None,
        sex=sex[1] if sex else None,
        date_of_injury=injury[1] if injury else None,
        facts=tuple(facts),
        services=services,
        sentences=speech.sentences,
        decision_date=decision_date_of(words),
        notices=(*_unread(text), *oddities(words, told, speech.sentences, services)),
    )


def _unread(text: str) -> tuple[str, ...]:
    if _UNBROKEN.search(text) is None:
        return ()
    return ("A stretch of more than 1,000 characters without a blank was not read; see whether it belongs here.",)


def _line_ends(run: re.Match[str]) -> str:
    """As many line ends as the run has characters: offsets hold, and what stands around it is not one sentence."""
    return "\n" * len(run.group())


def _refuse_unreadable(text: str) -> None:
    if not text.strip():
        raise UnreadableCase("The case summary is empty; paste the text that tells the case.")
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise UnreadableCase("The case summary is larger than 2 MB; paste the summary only, not the whole file.")
    control = sum(1 for char in text[:20_000] if not char.isprintable() and not char.isspace())
    if "\x00" in text or control > _UNPRINTABLE * min(len(text), 20_000):
        raise UnreadableCase("The case summary is not readable text; paste it as text, or upload the document itself.")


# --- mentions -------------------------------------------------------------------------------------------------


def _mentions(text: str, lexicon: Lexicon) -> Iterator[tuple[Mention, str | None]]:
    """The wordings of each concept that count, with overlaps settled."""
    by_concept: dict[str, list[Hit[Filed]]] = {}
    for hit in lexicon.wordings.find(text):
        by_concept.setdefault(hit.payload.concept, []).append(hit)
    for slip in lexicon.misspelt.find(text):
        filed = lexicon.drugs[slip.name]
        by_concept.setdefault(filed.concept, []).append(Hit(slip.start, slip.end, filed))
    for name, hits in by_concept.items():
        concept = lexicon.concepts[name]
        for hit in _settled(hits):
            end = hit.start + len(text[hit.start : hit.end].rstrip(_LOOSE_END))
            yield Mention(concept, hit.payload.role, hit.start, end, hit.payload.says_no), hit.payload.value


def _settled(hits: Sequence[Hit[Filed]]) -> list[Hit[Filed]]:
    barred = [hit for hit in hits if hit.payload.role == "exclusions"]
    left = [h for h in hits if h.payload.role != "exclusions" and not any(_bars(b, h) for b in barred)]
    wins = {role: _longest(hit for hit in left if hit.payload.role == role) for role in _ROLE_ORDER}
    # An open wording gives way to a plain one that says more ("significant improvement" to "improvement in function").
    stated = [h for h in wins["wordings"] if not any(_overlap(h, d) for d in wins["denied"])]
    open_ = [
        h
        for h in wins["unclear"]
        if not any(_overlap(h, d) for d in wins["denied"])
        and not any(_overlap(h, s) and not _holds(h, s) for s in stated)
    ]
    stated = [h for h in stated if not any(_overlap(h, o) for o in open_)]
    return sorted([*wins["denied"], *open_, *stated], key=lambda hit: hit.start)


def _bars(exclusion: Hit[Filed], hit: Hit[Filed]) -> bool:
    """Whether an exclusion takes a hit away; a denial that begins before it ("failed to improve") stands."""
    return _overlap(exclusion, hit) and (hit.payload.role != "denied" or exclusion.start <= hit.start)


def _longest(hits: Iterable[Hit[Filed]]) -> list[Hit[Filed]]:
    kept: list[Hit[Filed]] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if not any(_overlap(hit, other) for other in kept):
            kept.append(hit)
    return kept


def _overlap(first: Hit[Filed], second: Hit[Filed]) -> bool:
    return first.start < second.end and second.start < first.end


def _holds(first: Hit[Filed], second: Hit[Filed]) -> bool:
    return first.start <= second.start and second.end <= first.end


# --- facts ----------------------------------------------------------------------------------------------------


def _fact(text: str, speech: Speech, mention: Mention, value: str | None) -> Fact:
    span = Span.of(text, mention.start, mention.end)
    clause = _clause(speech, span)
    fact = Fact(
        kind=mention.concept.kind,
        span=span,
        polarity=speech.polarity(mention),
        concept=mention.concept.id,
        value=value,
        clause=clause,
    )
    return _measured(_placed(text, speech, fact))


def _clause(speech: Speech, span: Span) -> Span:
    """The clause that holds `span`, or the sentence where the clause would cut it, or its own words."""
    sentence = speech.sentence_of(span.start)
    if sentence is None or sentence.end < span.end:
        return span
    return next((c for c in speech.clauses_of(sentence) if c.start <= span.start and span.end <= c.end), sentence)


def _placed(text: str, speech: Speech, fact: Fact) -> Fact:
    """The fact with region, side and date where the words around name exactly one."""
    clause = fact.clause or fact.span
    piece = _piece(text, clause, fact.span)
    region = _only(speech.regions_in(fact.span)) or _only(speech.regions_in(piece))
    if region is None and (fact.kind in _ABOUT_A_PART or not _PIECE.search(clause.quote)):
        region = _only(speech.regions_in(clause))
    side = one_side(sides(text, fact.span.start, fact.span.end)) or one_side(sides(text, piece.start, piece.end))
    sentence = speech.sentence_of(fact.span.start) or clause
    when = speech.days_in(piece) or speech.days_in(clause) or speech.days_in(sentence)
    return replace(fact, body_region=region, side=side, when=next(iter(when)) if len(when) == 1 else None)


def _piece(text: str, clause: Span, span: Span) -> Span:
    """The part between commas in which the span stands."""
    start = max((m.end() for m in _PIECE.finditer(text, clause.start, span.start)), default=clause.start)
    end = next((m.start() for m in _PIECE.finditer(text, span.end, clause.end)), clause.end)
    return Span.of(text, min(start, span.start), max(end, span.end))


def _only(names: frozenset[str]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


def _measured(fact: Fact) -> Fact:
    """The fact with the number that its words hold: visits, a pain score, a percentage of relief."""
    if fact.concept == "prior_visit_count":
        return _counted(fact)
    if fact.concept == "pain_score":
        return _scored(fact)
    if fact.kind == "response" and (percent := _PERCENT.search(fact.span.quote)):
        high = float(percent[2]) if percent[2] else None
        return replace(fact, value=float(percent[1]), value_max=high, unit="%")
    return fact


def _counted(fact: Fact) -> Fact:
    found = numbers(fact.span.quote)
    unit = _UNITS.search(fact.span.quote)
    if not found:
        return replace(fact, value=1.0, unit="visits")
    low, high = found[0], None
    if re.search(r"\d\s*(?:-|–|to)\s*\d", fact.span.quote) and len(found) > 1:
        high = found[1]
    return replace(fact, value=low, value_max=high, unit=f"{unit[1].lower()}s" if unit else "visits")


def _scored(fact: Fact) -> Fact:
    scores = [n for n in numbers(re.sub(r"(?:/|out of|of)\s*(?:10|ten)\b", " ", fact.span.quote)) if n <= 10]
    if not scores:
        return fact
    low, high = min(scores), max(scores)
    return replace(fact, value=low, value_max=high if high > low else None, unit="of 10")


def _diagnoses(text: str, speech: Speech, lexicon: Lexicon) -> Iterator[Fact]:
    """Each item of a list of diagnoses as a fact of its own, beside those that the lexicon knows by name."""
    named = lexicon.concepts["strain_or_myalgia"]  # any diagnosis: only its kind matters to the polarity
    for span in diagnosis_spans(text, speech):
        polarity = speech.polarity(Mention(named, "wordings", span.start, span.end))
        if re.match(r"(?:possible|probable|suspected|rule out|r/o)\b|.*\brule out\b", span.quote, re.IGNORECASE):
            polarity = Polarity.HYPOTHETICAL
        fact = Fact("diagnosis", span, polarity, clause=_clause(speech, span))
        side = one_side(sides(text, span.start, span.end))
        yield replace(fact, body_region=_only(speech.regions_in(span)), side=side)
