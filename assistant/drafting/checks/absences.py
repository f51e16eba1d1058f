"""An absence claimed where something was found (Labor Code 4610.6(h)(5)), and of what it may be claimed.

A reviewer who wrote that improvement was undocumented while the record documented it is the best-known way an
independent medical review is attacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from assistant.domain import CaseSummary, Draft, Fact, Finding, IssueDraft, Polarity, Sentence, Status, SupportKind
from assistant.drafting.checks.found import ERROR, WARNING, Found, overlap, rests_on, written
from assistant.drafting.checks.silences import Absent, absences, content_of, is_silence, parts_in

_ACTION = "Read the quoted words, and delete or reword the claim that it is absent."
_PAPERS = r"(?:medical |submitted |provided |available |reviewed |patient['’]s )*(?:records?|file|chart)"
_SILENT_RECORD = re.compile(
    rf"\b{_PAPERS}(?: (?:provided|submitted|reviewed|available))?\s+(?:(?:do(?:es)?|did|has|have)\s+not|fails?"
    rf"|failed|contains?\s+no|"
    r"lacks?|lacked|never|nowhere|holds?\s+no|shows?\s+no|has\s+no|have\s+no|is\s+silent|are\s+silent|is\s+without)\b"
    r"|\b(?:not|never|missing|absent|undocumented|lack\w*|no|nothing)\b[^.;]{0,60}?"
    rf"\b(?:in|from|on|within)\s+(?:the|this|her|his|their)\s+{_PAPERS}\b",
    re.IGNORECASE,
)
_NO_TELLING = frozenset({"age", "sex", "date_of_injury", "request"})
_THERE = frozenset({Polarity.PRESENT, Polarity.HISTORICAL})


def absence_found(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence calls something absent of which a finding of the issue, or a fact of the case, has words."""
    for place, sentence in written(issue):
        seen = next(chain(_by_supports(issue, sentence), _by_words(draft.case, issue, sentence)), None)
        if seen is not None:
            yield replace(seen, sentence=place)


def _by_supports(issue: IssueDraft, sentence: Sentence) -> Iterator[Found]:
    """A silence that rests on a finding which found words, and does not show them."""
    if not is_silence(sentence.text):
        return
    by_id = {finding.id: finding for finding in issue.findings}
    shown = [support.span for support in sentence.supports if support.kind is SupportKind.CASE]
    for support in sentence.supports:
        finding = by_id.get(support.id) if support.kind is SupportKind.FINDING else None
        if finding is None or finding.status is Status.NOT_FOUND or not finding.evidence:
            continue
        told = any(span.quote in sentence.text or any(overlap(span, s) for s in shown) for span in finding.evidence)
        if not told:
            yield _found("something that this sentence rests on", finding.evidence[0].quote, ERROR)


def _by_words(case: CaseSummary, issue: IssueDraft, sentence: Sentence) -> Iterator[Found]:
    for absent in absences(sentence.text):
        if not absent.silent and told_by_the_case(sentence):
            continue
        for finding in issue.findings:
            if (
                absent.silent
                and finding.evidence
                and finding.status is not Status.NOT_FOUND
                and _looked_for(finding, absent)
            ):
                unsure = finding.status is Status.FOR_REVIEWER or absent.of_treatment
                level = WARNING if unsure else ERROR
                yield _found(absent.words, finding.evidence[0].quote, level)
        for fact in case.facts:
            if _is_there(fact, absent):
                level = WARNING if absent.of_treatment else ERROR
                yield _found(absent.words, (fact.clause or fact.span).quote, level)


def told_by_the_case(sentence: Sentence) -> bool:
    """Whether a sentence was verified against words of the case: a "no weakness" in it is then the case's own."""
    return sentence.verified and rests_on(sentence, SupportKind.CASE)


def _found(what: str, quote: str, level: str) -> Found:
    return Found(f"The sentence calls {what} absent; the summary says “{quote}”.", _ACTION, level, quote=quote)


def _looked_for(finding: Finding, absent: Absent) -> bool:
    """Whether the finding was a search for just this."""
    return any(content_of(word) == absent.content for word in finding.searched)


def _is_there(fact: Fact, absent: Absent) -> bool:
    """Whether the case has the thing; where the summary is called silent on it, also whether the case denies it."""
    wanted = _THERE | {Polarity.DENIED} if absent.silent else _THERE
    if fact.kind in _NO_TELLING or fact.polarity not in wanted:
        return False
    if absent.place and not absent.place & parts_in((fact.clause or fact.span).quote):
        return False
    named = content_of(fact.span.quote)
    if absent.content in (named, content_of((fact.concept or "").replace("_", " "))):
        return True
    return fact.kind in {"treatment", "medication", "study"} and len(absent.content) == 1 and absent.content <= named


def record_not_read(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence says what the medical record lacks; only the summary was read."""
    for place, sentence in written(issue):
        said = _SILENT_RECORD.search(sentence.text)
        if said:
            yield Found(
                "The sentence says what the record lacks; only the summary was read here.",
                "Look into the record itself, or say that the summary does not state it.",
                sentence=place,
                quote=said.group(),
            )
