"""Revisions of a rationale by rule: facts added, a point put in, plainer words, another rule cited. All is verified.

A sentence that verification does not pass is never put in; what cannot be done raises an AssistantError that says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.domain import (
    CaseSummary,
    Criterion,
    Finding,
    IssueDraft,
    Move,
    Passage,
    Sentence,
    Span,
    Status,
    SupportKind,
)
from assistant.drafting.excerpts import DOCUMENTED, sentence_at, worded_as_request_or_review
from assistant.drafting.glossary import explained
from assistant.drafting.points import RulePoint
from assistant.drafting.rule_wording import rule_sentence
from assistant.drafting.supporting import of_finding_with_quotes, of_passage
from assistant.drafting.variation import Variation
from assistant.drafting.verification import verify_one
from assistant.drafting.writing import quoting_case
from assistant.errors import AssistantError

_MOST_ADDED = 3
_MOST_RULES = 2
_ORDER = (Move.RULE, Move.FACTS, Move.GAP, Move.FIT, Move.CONCLUSION)
_TELLING = ("complaint", "examination", "response", "treatment", "diagnosis", "study", "work_status", "medication")
_JOINT = re.compile(r"; (?=\w)")


class NotRevised(AssistantError):
    """A revision that cannot be made by rule, with what can be done instead."""


def lengthened(issue: IssueDraft, case: CaseSummary, passages: Mapping[str, Passage]) -> IssueDraft:
    """The issue with up to three more facts or findings that its rationale left out; NotRevised if none is."""
    added = []
    for sentence in left_out_sentences(issue, case):
        checked = verify_one(sentence, issue, case.text, passages)
        if checked.verified and checked.text not in issue.rationale:
            added.append(checked)
        if len(added) == _MOST_ADDED:
            break
    if not added:
        raise NotRevised(
            "Nothing was added: every fact of the summary that bears on the criteria, and that can "
            "be verified, is told "
            "already."
        )
    return with_sentences(issue, added)


def left_out_sentences(issue: IssueDraft, case: CaseSummary) -> Iterator[Sentence]:
    """The findings and then the facts of the case that no sentence rests on, as sentences of facts."""
    told = [s.span for sentence in issue.sentences for s in sentence.supports if s.kind is SupportKind.CASE]
    named = {s.id for sentence in issue.sentences for s in sentence.supports if s.kind is SupportKind.FINDING}
    for finding in issue.findings:
        if finding.id not in named and finding.evidence and not _overlap(finding.evidence[0], told):
            told.append(finding.evidence[0])
            yield Sentence(finding.statement, Move.FACTS, of_finding_with_quotes(finding))
    for kind in _TELLING:
        for fact in case.facts:
            around = sentence_at(case, fact.span.start, fact.span.end)
            told_elsewhere = _overlap(around, told) or worded_as_request_or_review(around.quote)
            if fact.kind == kind and fact.polarity in DOCUMENTED and not told_elsewhere:
                told.append(around)
                yield quoting_case(_without_stop(around))


def _overlap(span: Span, told: Iterable[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in told)


def _without_stop(span: Span) -> Span:
    bare = span.quote.rstrip(" .")
    return Span(span.start, span.start + len(bare), bare) if bare else span


def with_sentences(issue: IssueDraft, added: Sequence[Sentence]) -> IssueDraft:
    """The issue with sentences put in, each after the last of its move or of one that comes before it."""
    sentences = list(issue.sentences)
    for sentence in added:
        rank = _ORDER.index(sentence.move)
        at = max((n for n, other in enumerate(sentences) if _ORDER.index(other.move) <= rank), default=-1) + 1
        sentences.insert(at, sentence)
    return replace(issue, sentences=tuple(sentences))


def with_points(
    issue: IssueDraft, case: CaseSummary, passages: Mapping[str, Passage], points: Sequence[object]
) -> IssueDraft:
    """The issue with the first of the points, best first, that makes a verified sentence which is not there yet.

    A point is a Finding (its rule and what was found), a Criterion's passage with the criterion, or a span of the case.
    """
    why = "no criterion, fact or passage that these words name was found"
    for point in points:
        sentences = [verify_one(s, issue, case.text, passages) for s in _of_point(point, issue, passages)]
        fresh = [s for s in sentences if s.text not in issue.rationale]
        if sentences and not fresh:
            why = "the rationale says that already"
            continue
        failed = next((s for s in fresh if not s.verified), None)
        if fresh and failed is None:
            return with_sentences(issue, fresh)
        if failed is not None:
            why = failed.problems[0].rstrip(".") if failed.problems else "its sentence could not be verified"
    raise NotRevised(f"Nothing was added: {why}.")


def _of_point(point: object, issue: IssueDraft, passages: Mapping[str, Passage]) -> list[Sentence]:
    match point:
        case Finding():
            passage = passages.get(point.passage_id)
            rule = (
                [rule_of(point.criterion, passage, issue)] if passage and not _is_cited(point.criterion, issue) else []
            )
            move = Move.FIT if point.status is Status.SUPPORTED else Move.GAP
            move = Move.FACTS if point.status is Status.FOR_REVIEWER else move
            return [*rule, Sentence(point.statement, move, of_finding_with_quotes(point))]
        case (Passage() as passage, Span() as span):
            return [Sentence(f"{passage.citation} reads: “{span.quote}”.", Move.RULE, (of_passage(passage, span),))]
        case Span():
            return [quoting_case(_without_stop(point))]
    return []


def _is_cited(criterion: Criterion, issue: IssueDraft) -> bool:
    quoted = " ".join(s.span.quote for sentence in issue.sentences for s in sentence.supports)
    return criterion.text.rstrip(". ") in quoted


def rule_of(criterion: Criterion, passage: Passage, issue: IssueDraft) -> Sentence:
    """The sentence of a criterion as a rule, under its passage's citation."""
    point = RulePoint((criterion,), passage, None, 1)
    return rule_sentence(point, 0, Variation.on((issue.service.text, criterion.id)))


def plainer_worded(issue: IssueDraft, case: CaseSummary, passages: Mapping[str, Passage]) -> IssueDraft:
    """The issue with short forms explained and long sentences parted, where verification passes what results."""
    texts = list(explained(sentence.text for sentence in issue.sentences))
    sentences: list[Sentence] = []
    for sentence, text in zip(issue.sentences, texts, strict=True):
        if sentence.slot or sentence.own:
            sentences.append(sentence)
            continue
        sentences += _plainest(sentence, text, issue, case, passages)
    if tuple(sentences) == issue.sentences:
        raise NotRevised(
            "Nothing was changed: every short form is explained and no sentence can be parted by "
            "rule; for other wording I "
            "would need a chat model, and you can edit the text on the page."
        )
    return replace(issue, sentences=tuple(sentences))


def _plainest(
    sentence: Sentence, text: str, issue: IssueDraft, case: CaseSummary, passages: Mapping[str, Passage]
) -> list[Sentence]:
    for pieces in (_parted(text), [text], _parted(sentence.text)):
        tried = [verify_one(replace(sentence, text=piece), issue, case.text, passages) for piece in pieces]
        if all(one.verified for one in tried):
            return tried
    return [sentence]


def _parted(text: str) -> list[str]:
    """A sentence parted at its semicolons; never inside a quotation."""
    if "“" in text or not _JOINT.search(text):
        return [text]
    pieces = [piece.strip().rstrip(".") for piece in _JOINT.split(text)]
    return [f"{piece[:1].upper()}{piece[1:]}." for piece in pieces]


def cited_instead(
    issue: IssueDraft, case: CaseSummary, passages: Mapping[str, Passage], passage: Passage
) -> IssueDraft:
    """The issue with its rule sentences resting on another passage; facts, findings and conclusion stay as they are."""
    if not passage.criteria and not passage.text.strip():
        raise NotRevised("Nothing was changed: the library holds no text of that section.")
    judged = [f.criterion for f in issue.findings if f.passage_id == passage.id]
    criteria = (judged or list(passage.criteria))[:_MOST_RULES]
    sentences = [rule_of(criterion, passage, issue) for criterion in criteria] or [_quoted(passage)]
    checked: list[Sentence] = []
    for sentence in sentences:
        tried = (verify_one(s, issue, case.text, passages) for s in (sentence, *_quoting(sentence)))
        best = next((s for s in tried if s.verified), None)
        if best is not None and best.text not in {s.text for s in checked}:
            checked.append(best)
    if not checked:
        raise NotRevised("Nothing was changed: no rule sentence on that section passes verification.")
    rest = [s for s in issue.sentences if s.move is not Move.RULE or s.own]
    return replace(issue, sentences=(*checked, *rest))


def _quoted(passage: Passage) -> Sentence:
    end = passage.text.find(". ")
    span = Span.of(passage.text, 0, end if end > 0 else len(passage.text.rstrip(". ")))
    return Sentence(f"{passage.citation} reads: “{span.quote}”.", Move.RULE, (of_passage(passage, span),))


def _quoting(sentence: Sentence) -> Iterator[Sentence]:
    for support in sentence.supports[:1]:
        yield Sentence(f"The guideline reads: “{support.span.quote.rstrip('. ')}”.", Move.RULE, (support,))


def own_sentences(
    issue: IssueDraft, positions: Iterable[int], case: CaseSummary, passages: Mapping[str, Passage]
) -> IssueDraft:
    """The issue with those sentences the reviewer's own, so that a new draft keeps them; slots stay slots."""
    chosen = set(positions)
    sentences = tuple(
        verify_one(replace(s, own=True), issue, case.text, passages) if n in chosen and not s.slot else s
        for n, s in enumerate(issue.sentences)
    )
    return replace(issue, sentences=sentences)


def with_own_of(new: IssueDraft, old: IssueDraft) -> IssueDraft:
    """A new draft of an issue with the reviewer's own sentences of the old one, before its last sentence."""
    there = {sentence.text for sentence in new.sentences}
    own = tuple(s for s in old.sentences if s.own and s.move is not Move.CONCLUSION and s.text not in there)
    kept = {s.text for s in old.sentences if s.own}
    marked = tuple(replace(s, own=True) if s.text in kept else s for s in new.sentences)
    return replace(new, sentences=(*marked[:-1], *own, *marked[-1:])) if own or kept else new
