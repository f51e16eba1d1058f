"""Which sentences of a rationale can be left out: facts on which nothing that the draft says later depends."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain import Finding, IssueDraft, Move, Sentence, Span, SupportKind


def sentences_to_keep(issue: IssueDraft) -> tuple[int, ...]:
    """The positions of the sentences that stay, in order.

    Left out are sentences of facts, but for the first, that quote no evidence of a finding. The rule, gap, fit and
    conclusion, the reviewer's own sentences and open slots always stay.
    """
    return _positions(issue.sentences, issue.findings)


def needed(sentences: Sequence[Sentence], findings: Sequence[Finding]) -> tuple[Sentence, ...]:
    """The sentences that stay, by the same rule."""
    return tuple(sentences[position] for position in _positions(sentences, findings))


def _positions(sentences: Sequence[Sentence], findings: Sequence[Finding]) -> tuple[int, ...]:
    evidence = [span for finding in findings for span in finding.evidence]
    kept = []
    facts = 0
    for position, sentence in enumerate(sentences):
        optional = sentence.move is Move.FACTS and not (sentence.own or sentence.slot)
        facts += sentence.move is Move.FACTS
        if not optional or facts == 1 or _rests_on(sentence, evidence):
            kept.append(position)
    return tuple(kept)


def _rests_on(sentence: Sentence, evidence: list[Span]) -> bool:
    spans = [support.span for support in sentence.supports if support.kind is SupportKind.CASE]
    findings = any(support.kind is SupportKind.FINDING for support in sentence.supports)
    return findings or any(a.start < b.end and b.start < a.end for a in spans for b in evidence)
