"""The phrases that a criterion looks for, searched in the case's own words about itself; a hit is only a hint."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.domain import CaseSummary, Span
from assistant.drafting.excerpts import (
    around_words,
    negated_before,
    sentence_at,
    worded_as_plan,
    worded_as_request_or_review,
)


def phrase_hit(phrases: Iterable[str], others: Iterable[str], case: CaseSummary) -> Span | None:
    """The words around the first of the phrases that the case uses of itself.

    Whole words in any case; not under a negation, nor in a sentence on the request, on plans or on utilization review.
    Where a phrase of the other list contains a phrase of this one, the longer one counts.
    """
    longer = [_whole(other) for other in others]
    for found in (hit for phrase in phrases for hit in _whole(phrase).finditer(case.text)):
        core = Span.of(case.text, *found.span())
        sentence = sentence_at(case, core.start, core.end)
        if worded_as_request_or_review(sentence.quote) or worded_as_plan(sentence.quote):
            continue
        if _part_of_longer(core, sentence, longer, case.text) or negated_before(case.text, core.start, sentence.start):
            continue
        return around_words(case.text, sentence, core)
    return None


def _part_of_longer(core: Span, sentence: Span, longer: Iterable[re.Pattern[str]], text: str) -> bool:
    hits = (hit for pattern in longer for hit in pattern.finditer(text, sentence.start, sentence.end))
    return any(hit.start() <= core.start and core.end <= hit.end() and hit.group() != core.quote for hit in hits)


def _whole(phrase: str) -> re.Pattern[str]:
    """The phrase as whole words in any case, in which any blank may be any run of blanks."""
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
