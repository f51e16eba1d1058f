"""Which words of the case to quote: pieces short enough to read that keep what turns their meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.domain import CaseSummary, Fact, Polarity, Span

MAX_WORDS = 28
DOCUMENTED = frozenset({Polarity.PRESENT, Polarity.HISTORICAL})

# A sentence that reports the review under dispute, or that words the request, documents nothing of the case itself.
_REVIEW = re.compile(
    r"\butilization review|\bUR\b|\bclaims administrator|\bnon-?\s?certif|\bnot certified|\bpeer review"
    r"|\bprevious(?:ly)? (?:reviewed|denied)|\bprior (?:review|denial)|\brequests? (?:for .{0,120} )?(?:was|were|is) "
    r"(?:\w+ )?(?:denied|modified|non)|\bprecertification",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\brequest(?:s|ed|ing)? (?:for )?authorization|\bauthorization request|\bRFA\b"
    r"|^\W*(?:the )?(?:current |treatment |original )?requests?\b|^\W*(?:the )?(?:treatment )?plan\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\brequest(?:s|ed|ing)?\b|\brecommend(?:s|ed|ing|ation|ations)?\b|\bscheduled\b|\bpending\b|\bordered\b|\bwill\b"
    r"|\bplan(?:s|ned)?\b|\bwould like\b|\bawaiting\b|\bto be (?:started|done|performed)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|nor|none|never|without|denie[sd]|denying|negative|absent|absence|lacks?|lacking|cannot|unable|unchanged)\b"
    r"|n't\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[;,:](?=\s)(?!\s+(?:19|20)\d\d\b)")  # not inside "May 4, 2016"
_JOINING = re.compile(r"\s*(?:and|but|or|however|which)\s+", re.IGNORECASE)
_LONG = 160  # characters beyond which a sentence holds several statements


def worded_as_request_or_review(text: str) -> bool:
    """Whether a sentence words the request or utilization review's view, and so documents nothing itself."""
    return bool(_REVIEW.search(text) or _REQUEST.search(text))


def worded_as_plan(text: str) -> bool:
    """Whether a piece of a sentence speaks of what is still to come."""
    return bool(_PLANNED.search(text))


def negated_before(text: str, start: int, sentence_start: int) -> bool:
    """Whether a negation stands between the start of the sentence and the offset `start`."""
    return bool(_NEGATION.search(text, sentence_start, start))


def sentence_at(case: CaseSummary, start: int, end: int) -> Span:
    """The sentence that holds `start:end`; where none does (it runs over a boundary), just those words."""
    for sentence in case.sentences:
        if sentence.start <= start and end <= sentence.end:
            return sentence
    return Span.of(case.text, start, end)


def pieces(case: CaseSummary) -> Iterator[Span]:
    """The sentences that may document something, long ones cut at semicolons and commas.

    Sentences on the request or on utilization review and pieces on what is planned are left out.
    """
    for sentence in case.sentences:
        if worded_as_request_or_review(sentence.quote):
            continue
        for piece in _cut(case.text, sentence):
            if not worded_as_plan(piece.quote):
                yield piece


def _cut(text: str, sentence: Span) -> Iterator[Span]:
    if sentence.end - sentence.start <= _LONG:
        yield sentence
        return
    start = sentence.start
    for found in _BREAK.finditer(text, sentence.start, sentence.end):
        if found.start() - start >= _LONG // 3:
            yield trimmed(text, start, found.start())
            start = found.end()
    if text[start : sentence.end].strip():
        yield trimmed(text, start, sentence.end)


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the blanks at its ends and without a full stop or comma that closes it.

    Raises ValueError where nothing is left.
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".,;:"):
        end -= 1
    return Span.of(text, start, end)


def telling(case: CaseSummary, fact: Fact) -> Span:
    """The words to quote for a fact: its clause or sentence, cut to 28 words where that loses no negation."""
    around = fact.clause or sentence_at(case, fact.span.start, fact.span.end)
    if not (around.start <= fact.span.start and fact.span.end <= around.end):
        around = fact.span
    return around_words(case.text, around, fact.span)


def around_words(text: str, around: Span, core: Span) -> Span:
    """`core` with as much of `around` as reads well: cut at commas, never behind a negation that governs it."""
    whole = trimmed(text, around.start, around.end)
    if len(whole.quote.split()) <= MAX_WORDS:
        return whole
    edges = [whole.start, *(found.end() for found in _BREAK.finditer(text, whole.start, whole.end)), whole.end]
    left = max(edge for edge in edges if edge <= core.start) if whole.start <= core.start else core.start
    negation = next(_NEGATION.finditer(text, whole.start, core.start), None)
    if negation is not None:
        left = max(edge for edge in edges if edge <= negation.start())
    right = min((edge for edge in edges if edge >= core.end), default=core.end)
    for edge in edges:
        if edge > right and len(text[left:edge].split()) <= MAX_WORDS:
            right = edge
    if len(text[left:right].split()) < MAX_WORDS:
        left = min((e for e in edges if e <= left and len(text[e:right].split()) <= MAX_WORDS), default=left)
    joining = _JOINING.match(text, left, core.start)
    return trimmed(text, joining.end() if joining else left, right)


def without_overlaps(spans: Iterable[Span], limit: int | None = None) -> tuple[Span, ...]:
    """The spans in the order given, each that overlaps an earlier one left out, at most `limit` of them."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
        if limit is not None and len(kept) == limit:
            break
    return tuple(kept)
