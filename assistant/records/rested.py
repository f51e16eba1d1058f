"""What the sentences of a draft rest on, as hashes, and whether each source still stands as it then was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from assistant import __version__
from assistant.domain import Draft, IssueDraft, Passage, Sentence, Support, SupportKind

CHANGED = "its words are not those that were signed off"
_GONE = {
    SupportKind.CASE: "the case summary is gone",
    SupportKind.PASSAGE: "the library holds this version of the passage no more",
    SupportKind.FINDING: "the finding is gone",
    SupportKind.REQUEST: "the request is gone",
}


@dataclass(frozen=True, slots=True)
class RestedSupport:
    """A support of a signed-off sentence: its words, and what has changed of it since, in words; empty: nothing.

    `note` says what is otherwise of note, such as that the passage is offered to new drafts no more.
    """

    kind: SupportKind
    id: str
    called: str
    start: int
    end: int
    quote: str
    changed: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RestedSentence:
    """A sentence of a signed-off version with what it rested on; `changed` as of a support."""

    text: str
    own: bool
    by_model: bool
    supports: tuple[RestedSupport, ...]
    changed: str = ""


@dataclass(frozen=True, slots=True)
class RestedIssue:
    """A disputed service of a signed-off version."""

    service: str
    outcome: str
    sentences: tuple[RestedSentence, ...]


@dataclass(frozen=True, slots=True)
class Rested:
    """What a signed-off version rested on, by which program and model it was worded, and what has changed since."""

    version: int
    at: str
    account: str
    program: str
    model: str
    prompts: tuple[str, ...]
    issues: tuple[RestedIssue, ...]
    changes: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether everything stands byte for byte as it was signed off."""
        return not self.changes


def text_hash(text: str) -> str:
    """The SHA-256 of a text's UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def passage_hash(passage: Passage) -> str:
    """The hash of what a passage says: how it is cited, its text and its criteria; not when it was in force."""
    said = [passage.guideline, passage.section, passage.text, [astuple(criterion) for criterion in passage.criteria]]
    return text_hash(json.dumps(said, default=str))


def used_by(draft: Draft, number: int) -> dict[str, Any]:
    """What the audit log is told of a version: its number, program, model and prompts, and the passages it uses."""
    used = {support.id for issue in draft.issues for s in issue.sentences for support in s.supports}
    used |= {finding.passage_id for issue in draft.issues for finding in issue.findings}
    model = draft.model
    return {
        "version": number,
        "program": __version__,
        "model": (model.model or None) if model else None,
        "prompts": list(model.prompts) if model and model.prompts else None,
        "passages": {id_: passage_hash(held)[:32] for id_, held in sorted(draft.passages.items()) if id_ in used},
    }


def record_of(draft: Draft, case_text: str) -> dict[str, Any]:
    """What is kept of a version that is signed off: hashes and offsets only, and the names of what it was made with."""
    model = draft.model
    return {
        "program": __version__,
        "model": model.model if model else "",
        "prompts": list(model.prompts) if model else [],
        "day": draft.date_of_review.isoformat(),
        "case": text_hash(case_text),
        "passages": {id_: passage_hash(passage) for id_, passage in draft.passages.items()},
        "issues": [
            {
                "outcome": issue.outcome.value if issue.outcome else "",
                "request": text_hash(issue.service.text),
                "findings": {finding.id: text_hash(finding.statement) for finding in issue.findings},
                "criteria": {finding.id: finding.passage_id for finding in issue.findings},
                "sentences": [_sentence_record(sentence) for sentence in issue.sentences],
            }
            for issue in draft.issues
        ],
    }


def _sentence_record(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": text_hash(sentence.text),
        "own": sentence.own,
        "by_model": sentence.by_model,
        "verdict": sentence.verdict.value,
        "supports": [
            {
                "kind": s.kind.value,
                "id": s.id,
                "start": s.span.start,
                "end": s.span.end,
                "quote": text_hash(s.span.quote),
            }
            for s in sentence.supports
        ],
    }


@dataclass(frozen=True)
class Sources:
    """Where supports are looked up now: the kept case's text, and the library; `offered` whether new drafts may use."""

    case_text: str
    passage: Callable[[str], Passage | None]
    offered: Callable[[str], bool]


def issues_now(
    record: Mapping[str, Any], draft: Draft, sources: Sources
) -> tuple[tuple[RestedIssue, ...], tuple[str, ...]]:
    """The issues of a signed-off version with what stands and what has changed, and all changes in sentences."""
    issues, changes = [], []
    if len(record["issues"]) != len(draft.issues):
        changes.append("The kept version has another number of disputed services than was signed off.")
    for place, (kept, issue) in enumerate(zip(record["issues"], draft.issues, strict=False), 1):
        sentences = tuple(
            _sentence_now(one, sentence, kept, record, issue, sources)
            for one, sentence in zip(kept["sentences"], issue.sentences, strict=False)
        )
        issues.append(RestedIssue(issue.service.text, kept["outcome"], sentences))
        if len(kept["sentences"]) != len(issue.sentences):
            changes.append(f"Issue {place} has another number of sentences than was signed off.")
        changes += _said(place, sentences)
    return tuple(issues), tuple(changes)


def _said(place: int, sentences: tuple[RestedSentence, ...]) -> list[str]:
    said = []
    for number, sentence in enumerate(sentences, 1):
        where = f"Issue {place}, sentence {number}"
        said += [f"{where}: {sentence.changed}."] if sentence.changed else []
        said += [f"{where}, {support.called}: {support.changed}." for support in sentence.supports if support.changed]
    return said


def _sentence_now(
    kept: Mapping[str, Any],
    sentence: Sentence,
    kept_issue: Mapping[str, Any],
    record: Mapping[str, Any],
    issue: IssueDraft,
    sources: Sources,
) -> RestedSentence:
    changed = "" if kept["text"] == text_hash(sentence.text) else CHANGED
    if len(kept["supports"]) != len(sentence.supports):
        changed = changed or "its supports are not those that were signed off"
    supports = tuple(
        _support_now(one, support, kept_issue, record, issue, sources)
        for one, support in zip(kept["supports"], sentence.supports, strict=False)
    )
    return RestedSentence(sentence.text, sentence.own, sentence.by_model, supports, changed)


def _support_now(
    kept: Mapping[str, Any],
    support: Support,
    kept_issue: Mapping[str, Any],
    record: Mapping[str, Any],
    issue: IssueDraft,
    sources: Sources,
) -> RestedSupport:
    kind, id_, start, end = SupportKind(kept["kind"]), kept["id"], kept["start"], kept["end"]
    called, note = _CALLED.get(kind, ""), ""
    text: str | None = None
    was, now = None, None
    if kind is SupportKind.CASE:
        text, was = sources.case_text, record["case"]
    elif kind is SupportKind.REQUEST:
        text, was = issue.service.text, kept_issue["request"]
    elif kind is SupportKind.FINDING:
        text, was = _statement(issue, id_), kept_issue["findings"].get(id_)
    else:
        passage = sources.passage(id_)
        called = passage.citation if passage else id_
        text, was = (passage.text, record["passages"].get(id_)) if passage else (None, None)
        now = passage_hash(passage) if passage else None
        note = "" if passage is None or sources.offered(id_) else "switched off or worded anew for new drafts"
    if text is None:
        return RestedSupport(kind, id_, called, start, end, support.span.quote, _GONE[kind])
    now = now or text_hash(text)
    quote = text[start:end]
    changed = "" if (was, kept["quote"]) == (now, text_hash(quote)) else CHANGED
    if not changed and text_hash(support.span.quote) != kept["quote"]:
        changed = "the version's own quotation is not the one that was signed off"
    return RestedSupport(kind, id_, called, start, end, quote, changed, note)


_CALLED = {
    SupportKind.CASE: "the case summary",
    SupportKind.REQUEST: "the request",
    SupportKind.FINDING: "a finding",
}


def _statement(issue: IssueDraft, id_: str) -> str | None:
    return next((finding.statement for finding in issue.findings if finding.id == id_), None)
