"""A reminder where an opioid is not certified: the decision is no advice to stop at once.

Sources: the opioid chapters of the MTUS on weaning; FDA safety communication of April 9, 2019 on sudden
discontinuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import Draft, IssueDraft, Outcome
from assistant.drafting.checks.found import Found, written

RULE = "MTUS opioid guideline, weaning"
_OPIOIDS = frozenset({"opioid_short_acting", "opioid_long_acting"})
_WEANING = re.compile(
    r"\b(?:wean\w*|taper\w*|abrupt\w*|gradual(?:ly)?(?: reduc\w+)?|step-?down|withdrawal|discontinu\w+ slowly"
    r"|slow(?:ly)? reduc\w+)\b",
    re.IGNORECASE,
)
_TAKEN = frozenset({"present", "historical"})


def opioid_not_stopped_at_once(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """An opioid in use, or one whose weaning was certified, is upheld as not necessary without a word on weaning."""
    if issue.outcome is not Outcome.UPHELD or issue.service.kind not in _OPIOIDS:
        return
    if any(_WEANING.search(sentence.text) for _, sentence in written(issue)):
        return
    certified = issue.service.certified
    weaned = _sentence_on_weaning(draft)
    taken = _in_use(draft)
    if certified or weaned:
        said = f"utilization review certified a part (“{certified}”)" if certified else f"the summary says “{weaned}”"
        yield Found(
            f"The opioid is not found necessary; {said}, and the rationale says nothing of weaning.",
            "Say that this is no advice to stop at once, and what of the certified weaning stands.",
            quote=certified or weaned,
        )
    elif taken:
        yield Found(
            f"The opioid is not found necessary; the summary says “{taken}”, and the rationale says nothing of "
            f"weaning.",
            "Say that this is no advice to stop at once, if the worker takes it now.",
            quote=taken,
        )


def _sentence_on_weaning(draft: Draft) -> str | None:
    match = _WEANING.search(draft.case.text)
    if match is None:
        return None
    return next((s.quote for s in draft.case.sentences if s.start <= match.start() < s.end), match.group())


def _in_use(draft: Draft) -> str | None:
    """The words of the case by which an opioid is taken."""
    for fact in draft.case.facts:
        if fact.polarity.value in _TAKEN and fact.kind == "medication" and "opioid" in (fact.concept or ""):
            return fact.span.quote
    return None
