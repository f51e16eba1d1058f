"""A draft as the JSON that `imr-assistant draft --json` prints: contracts/draft.schema.json, with a few fields more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from assistant.domain import (
    Check,
    Draft,
    Fact,
    Finding,
    IssueDraft,
    Lean,
    ModelUse,
    Outcome,
    Passage,
    Sentence,
    SimilarDecision,
    Span,
    Verdict,
    speaking_for,
)

Json = Mapping[str, object]


def draft_as_json(draft: Draft) -> dict[str, object]:
    """The draft as plain values, in the contract's words and order; offsets count characters of the texts they name."""
    case = draft.case
    return {
        "id": draft.id,
        "date_of_review": draft.date_of_review.isoformat(),
        "date_from": draft.date_from,
        "case": {
            "age": case.age,
            "sex": case.sex,
            "date_of_injury": _day(case.date_of_injury),
            "facts": [_fact(fact) for fact in case.facts],
            "text": case.text,
        },
        "issues": [_issue(issue) for issue in draft.issues],
        "passages": {passage_id: passage_as_json(passage) for passage_id, passage in draft.passages.items()},
        "checks": [_check(check) for check in draft.checks],
        "notices": [*case.notices, *([draft.model.notice] if draft.model and draft.model.notice else [])],
        "took_ms": draft.took_ms,
        "model": _model(draft.model),
    }


def verified_as_json(sentences: Sequence[Sentence], over: Draft, issue: int) -> dict[str, object]:
    """Sentences with their verdicts, and what their supports name: findings of that issue, passages of the draft."""
    return {
        "sentences": [sentence_as_json(sentence) for sentence in sentences],
        "unsupported": sum(s.verdict is Verdict.FAILED for s in sentences if not s.slot),
        "findings": [_finding(finding) for finding in over.issues[issue].findings],
        "passages": {passage_id: passage_as_json(passage) for passage_id, passage in over.passages.items()},
    }


def _model(use: ModelUse | None) -> Json | None:
    return asdict(use) if use is not None else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _fact(fact: Fact) -> Json:
    return {
        "kind": fact.kind,
        "text": fact.span.quote,
        "start": fact.span.start,
        "end": fact.span.end,
        "polarity": fact.polarity.value,
        "concept": fact.concept,
        "value": fact.value,
        "value_max": fact.value_max,
        "unit": fact.unit,
        "body_region": fact.body_region,
        "side": fact.side.value if fact.side else None,
        "when": _day(fact.when),
        "of": fact.of,
    }


def _issue(issue: IssueDraft) -> Json:
    service = issue.service
    return {
        "service": service.text,
        "service_kind": service.kind,
        "guess": service.guess,
        "body_regions": list(service.body_regions),
        "side": service.side.value if service.side else None,
        "quantity": service.quantity,
        "quantity_max": service.quantity_max,
        "unit": service.unit,
        "certified": service.certified,
        "outcome": issue.outcome.value if issue.outcome else None,
        "outcome_from": issue.outcome_from.value if issue.outcome_from else None,
        "lean": _lean(issue.lean),
        "guidelines": [
            {
                "guideline": candidate.guideline,
                "section": candidate.section,
                "passage_id": candidate.passage_id,
                "score": candidate.score,
                "reason": candidate.reason,
            }
            for candidate in issue.guidelines
        ],
        "findings": [_finding(finding) for finding in issue.findings],
        "speaks_for": _speaks_for(issue),
        "sentences": [sentence_as_json(sentence) for sentence in issue.sentences],
        "rationale": issue.rationale,
        "similar": [_similar(similar) for similar in issue.similar],
        "notices": list(issue.notices),
        "discarded": [asdict(thrown) for thrown in issue.discarded],
    }


def _lean(lean: Lean) -> Json:
    return {
        "outcome": lean.outcome.value if lean.outcome else None,
        "strength": lean.strength.value,
        "by": list(lean.by),
        "other_way": list(lean.other_way),
    }


def _speaks_for(issue: IssueDraft) -> Json:
    """By outcome the ids of the criteria whose findings speak for it."""
    return {outcome.value: [finding.id for finding in speaking_for(issue.findings, outcome)] for outcome in Outcome}


def _quote(span: Span) -> dict[str, object]:
    return {"quote": span.quote, "start": span.start, "end": span.end}


def _finding(finding: Finding) -> Json:
    return {
        "criterion_id": finding.criterion.id,
        "criterion": finding.criterion.text,
        "check_the_text": finding.criterion.check_the_text,
        "confidence": finding.criterion.confidence.value,
        "source": finding.criterion.source,
        "passage_id": finding.passage_id,
        "statement": finding.statement,
        "status": finding.status.value,
        "evidence": [_quote(span) for span in finding.evidence],
        "searched": list(finding.searched),
    }


def sentence_as_json(sentence: Sentence) -> Json:
    """A sentence with its verdict, its problems and its supports."""
    return {
        "text": sentence.text,
        "move": sentence.move.value,
        "slot": sentence.slot,
        "verified": sentence.verified,
        "verdict": sentence.verdict.value,
        "own": sentence.own,
        "by_model": sentence.by_model,
        "problems": list(sentence.problems),
        "supports": [
            {"kind": support.kind.value, "id": support.id, **_quote(support.span)} for support in sentence.supports
        ],
    }


def _similar(similar: SimilarDecision) -> Json:
    return {
        "decision_id": similar.decision_id,
        "case_number": similar.case_number,
        "illustrative": similar.illustrative,
        "service": similar.service,
        "outcome": similar.outcome.value,
        "score": similar.score,
        "snippet": similar.snippet,
    }


def passage_as_json(passage: Passage) -> Json:
    """A passage with its citation and when it is in force."""
    return {
        "text": passage.text,
        "citation": passage.citation,
        "guideline": passage.guideline,
        "section": passage.section,
        "edition_note": passage.edition_note,
        "kind": passage.kind.value,
        "in_force_from": _day(passage.in_force.start),
        "in_force_to": _day(passage.in_force.end),
    }


def _check(check: Check) -> Json:
    return {
        "id": check.id,
        "rule": check.rule,
        "level": check.level,
        "message": check.message,
        "action": check.action,
        "issue": check.issue,
        "sentence": check.sentence,
        "quote": check.quote,
    }
