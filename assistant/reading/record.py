"""Which part of a pasted text tells the case: no decision, no instruction to the program, nothing twice.

Of a whole determination only its summary is the record. A sentence that words the outcome of this review, or that tells
the program what to do, is no evidence wherever it stands; a repeated sentence is read once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain import Span
from assistant.reading.sentences import sentences

# The headings of determinations since 2014 stand alone; the sentence that opens the summary tells nothing.
_SUMMARY = re.compile(
    r"^[ \t]*CLINICAL CASE SUMMARY[ \t]*:?[ \t]*$"
    r"(?:\s*The expert reviewer developed the following clinical case summary[^:]*:)?",
    re.IGNORECASE | re.MULTILINE,
)
_DECISIONS = re.compile(
    r"^[ \t]*(?:IMR (?:ISSUES|DECISION)[^\n]*"
    r"|(?:Decision rationale|MAXIMUS guideline|Claims Administrator guideline)\s*:.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_REVIEWED = r"(?:UR |utili[sz]ation review )?(?:denial|decision|determination|non-?certification)"
# A sentence such as: therefore the request is not medically necessary; the denial is upheld; one headed "Rationale".
_VERDICT = re.compile(
    rf"\b(?:{_REVIEWED}|request|issue)s?\b[^.;]{{0,60}}?\b(?:is|are|was|were|be|has been|stands)\b[^.;]{{0,30}}?"
    r"\b(?:upheld|overturned|reversed)\b"
    r"|\b(?:I|we|this reviewer|the (?:expert |IMR )?reviewer)\b[^.;]{0,30}?\b(?:uphold|overturn|upheld|overturned"
    r"|find|conclude)\b"
    r"|\A\W*(?:therefore|thus|hence|accordingly|consequently|as such|for these reasons|in conclusion)\b[^;]*"
    r"\bmedically (?:un)?necessary\b"
    r"|\A\W*(?:(?:decision |IMR |reviewer's |final )?(?:rationale|decision|determination|outcome|conclusion))\s*:"
    r"|:\s*(?:upheld|overturned)\W*\Z",
    re.IGNORECASE,
)
_RATIONALE = re.compile(r"\A\W*(?:decision |IMR |reviewer's )?rationale\s*:", re.IGNORECASE)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.;]{0,40}?\b(?:guidelines?|instructions?|rules?|criteria"
    r"|prompts?|MTUS|ODG"
    r"|(?:everything|anything|all|what)\b[^.;]{0,20}?\b(?:above|before|previous\w*|said))"
    r"|\b(?:you are|act as|pretend (?:to be|you are)|as)\s+an?\s+(?:AI|assistant|language model|chat ?bot|helpful)\b"
    r"|\bsystem prompt\b|<\|?\s*(?:im_start|im_end|system|endoftext)|\A\W*(?:system|assistant|user)\s*:"
    r"|\A\W*(?:please\s+|now\s+|you must\s+|always\s+|just\s+)*(?:overturn|uphold|approve|reverse|decide|rule|write"
    r"|output|respond"
    r"|answer|print|set the outcome|mark (?:it|this)|conclude)\b[^.;]{0,80}?\b(?:denial|decision|overturn\w*|upheld"
    r"|uphold"
    r"|request|outcome|rationale|necessary|approved|worker|patient)\b"
    r"|\byou (?:must|should|have to|are to)\s+(?:overturn|uphold|approve|reverse|decide|conclude|find|say|write"
    r"|answer)\b"
    r"|\b(?:the )?outcome (?:must|should|has to) be\b",
    re.IGNORECASE,
)
_SHORTEST_REPEAT = 40  # characters below which a sentence may well stand twice


@dataclass(frozen=True, slots=True)
class Record:
    """`text` is the whole text with what does not tell the case blanked out, so that offsets stay as they are.

    `decisions` and `instructions` are the sentences that were left out; `most_repeated` says how often the most
    frequent sentence stands.
    """

    text: str
    decisions: tuple[Span, ...] = ()
    instructions: tuple[Span, ...] = ()
    most_repeated: int = 1


def record_of(text: str) -> Record:
    """The record of `text`; where nothing would be left, all of it, with what was found."""
    kept = record_only(text)
    told = sentences(kept)
    decisions = _decided(told)
    instructions = tuple(s for s in told if _INSTRUCTION.search(s.quote) and s not in decisions)
    repeats, most = _repeats(told)
    left = _blanked(kept, (*decisions, *instructions, *repeats))
    return Record(left if left.strip() else kept, decisions, instructions, most)


def _decided(told: Sequence[Span]) -> tuple[Span, ...]:
    """Sentences that word a decision; a rationale goes on to the end of its paragraph."""
    found = []
    rationale_to = -1
    for sentence in told:
        if _RATIONALE.match(sentence.quote):
            rationale_to = sentence.end
        following = rationale_to >= 0 and sentence.start - rationale_to <= 1
        if following:
            rationale_to = sentence.end
        if following or rationale_to == sentence.end or _VERDICT.search(sentence.quote):
            found.append(sentence)
    return tuple(found)


def _repeats(told: Sequence[Span]) -> tuple[tuple[Span, ...], int]:
    """Every further stand of a sentence that was read before, and how often the most frequent one stands."""
    counts: Counter[str] = Counter()
    again = []
    for sentence in told:
        words = " ".join(sentence.quote.casefold().split())
        if len(words) < _SHORTEST_REPEAT:
            continue
        counts[words] += 1
        if counts[words] > 1:
            again.append(sentence)
    return tuple(again), max(counts.values(), default=1)


def _blanked(text: str, spans: Iterable[Span]) -> str:
    pieces, at = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start >= at:
            pieces += [text[at : span.start], _NOT_BLANK.sub(" ", span.quote)]
            at = span.end
    return "".join([*pieces, text[at:]])


_NOT_BLANK = re.compile(r"[^\s]")


def record_only(text: str) -> str:
    """`text` with a determination's other parts blanked out, so that offsets stay as they are.

    A text without a determination's headings is returned unchanged.
    """
    opening = _SUMMARY.search(text)
    start = opening.end() if opening else 0
    closing = _DECISIONS.search(text, start)
    end = closing.start() if closing else len(text)
    if not text[start:end].strip():
        return text
    return " " * start + text[start:end] + " " * (len(text) - end)
