"""Finds by words what a question is about: findings of an issue, sentences of the case, criteria of a passage."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.chat.wording import content_words, nearest, stem, stems
from assistant.domain import CaseSummary, Finding, IssueDraft, Passage, Span, Status

_MOST_CRITERIA = 3
_SAME = {
    stem(word): words[0]
    for words in (
        ("visit", "session", "treatments", "appointment"),
        ("week", "weekly", "frequency", "frequently"),
        ("month", "duration"),
        ("most", "maximum", "limit", "cap", "ceiling"),
        ("drug", "medication", "medicine"),
        ("tests", "testing", "studies", "study", "screen", "screening"),
        ("imaging", "mri", "xray", "radiograph"),
    )
    for word in words
}


def findings_about(words: str, issue: IssueDraft) -> tuple[Finding, ...]:
    """The findings whose criterion, statement or searched words share the most words with `words`, best first."""
    asked = _asked(words, {w for finding in issue.findings for w in _words_of(finding)})
    scored = [(len(asked & {stem(w) for w in _words_of(finding)}), finding) for finding in issue.findings]
    best = max((score for score, _ in scored), default=0)
    if not asked or best == 0:
        return ()
    return tuple(finding for score, finding in scored if score == best)


def decisive_findings(issue: IssueDraft) -> tuple[Finding, ...]:
    """The findings that the lean names, in its order; without a lean those that fail, then those left open."""
    by_id = {finding.id: finding for finding in issue.findings}
    if issue.lean.by:
        return tuple(by_id[i] for i in issue.lean.by if i in by_id)
    order = (Status.CONTRADICTED, Status.NOT_FOUND, Status.FOR_REVIEWER, Status.SUPPORTED)
    return tuple(sorted(issue.findings, key=lambda finding: order.index(finding.status)))


def sentences_about(words: str, case: CaseSummary) -> tuple[Span, ...]:
    """The sentences of the case that share the most words with `words`, or whose facts' concepts do; in order."""
    spans = case.sentences or _sentences(case.text)
    held = {span: {*content_words(span.quote), *_concepts_in(case, span)} for span in spans}
    asked = _asked(words, {w for said in held.values() for w in said})
    scores = {span: len(asked & {stem(w) for w in said}) for span, said in held.items()}
    best = max(scores.values(), default=0)
    return tuple(span for span in spans if best and scores[span] == best)


def told_by(words: str, passage: Passage) -> tuple[str, ...]:
    """The criteria of a passage (or its sentences) that a question is about, verbatim, the nearest first.

    Words that only name the passage's service tell its criteria apart in nothing; where no other word does, the
    first criteria are taken.
    """
    texts = [criterion.text for criterion in passage.criteria] or [span.quote for span in _sentences(passage.text)]
    asked = alike(words)
    apart = asked - alike(naming(passage))
    for wanted in (apart, asked):
        scored = [(len(wanted & alike(text)), text) for text in texts]
        found = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
        if found:
            return tuple(text for _, text in found[:_MOST_CRITERIA])
    return tuple(texts[:_MOST_CRITERIA]) if asked & alike(naming(passage)) else ()


def missing_words(words: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The content words of a question that none of the texts has."""
    had = alike(" ".join(texts))
    return tuple(word for word in content_words(words) if not alike(word) & had)


def naming(passage: Passage) -> str:
    """The words that name a passage: its guideline, section and kinds of service."""
    kinds = " ".join(passage.service_kinds).replace("_", " ")
    return f"{passage.guideline} {passage.section or ''} {kinds}"


def alike(text: str) -> frozenset[str]:
    """The stems of a text, words that guidelines use for the same taken as one."""
    return frozenset(_SAME.get(word, word) for word in stems(text))


def _words_of(finding: Finding) -> tuple[str, ...]:
    criterion = finding.criterion
    concepts = " ".join((*criterion.asks, *criterion.against)).replace("_", " ")
    return content_words(
        " ".join((criterion.text, finding.statement, concepts, *finding.searched, *criterion.looks_for))
    )


def _asked(words: str, known: set[str]) -> frozenset[str]:
    """The stems of the words asked for; one that nothing knows is taken for the known one it mistypes."""
    known_stems = {stem(word) for word in known}
    mended = (word if stem(word) in known_stems else nearest(word, known) or word for word in content_words(words))
    return frozenset(stem(word) for word in mended)


def _concepts_in(case: CaseSummary, span: Span) -> set[str]:
    facts = (fact for fact in case.facts if span.start <= fact.span.start < span.end)
    return {word for fact in facts for word in (fact.concept or fact.kind).split("_")}


def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(
        Span.of(text, *match.span()) for match in re.finditer(r"[^\s.!?][^.!?]*(?:[.!?](?=\S)[^.!?]*)*[.!?]?", text)
    )
