"""A case as the page's script gets it: plain values, offsets resolved into pieces of text.

Offsets count Python characters and a browser counts UTF-16 units, so no offset is ever applied in the browser: a
text goes out cut at every place where a mark may begin or end, each piece with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from assistant.domain import (
    Candidate,
    Check,
    Draft,
    Fact,
    Finding,
    IssueDraft,
    Lean,
    ModelUse,
    Outcome,
    Passage,
    Polarity,
    Sentence,
    SimilarDecision,
    Status,
    Strength,
    Support,
    SupportKind,
    speaking_for,
)
from assistant.privacy import Deidentified
from assistant.views import CaseView, ChatHit, Compared, Decided, Turn, VersionRow
from assistant.web import render
from assistant.web.acts import Desk
from assistant.web.jobs import Job

Json = dict[str, Any]

STATUS_WORDS = {
    Status.SUPPORTED: "supported",
    Status.CONTRADICTED: "contradicted",
    Status.NOT_FOUND: "not found",
    Status.FOR_REVIEWER: "for you",
}
_GROUPS = {
    "request": "request",
    "diagnosis": "diagnosis",
    "treatment": "treatment",
    "medication": "treatment",
    "response": "treatment",
    "complaint": "complaint",
    "examination": "examination",
    "study": "examination",
}
_GROUP_ORDER = ("request", "diagnosis", "treatment", "complaint", "examination", "other")
_DOCUMENTED = {Polarity.PRESENT, Polarity.HISTORICAL}


def shown(desk: Desk, case_id: str, view_of: Callable[[], CaseView], *, change: bool = True) -> Json:
    """A case with its chat, the chat model that is set, and the work under way: what every act on a case answers.

    The work is looked at before the case: a draft that ends in between is then followed, never taken for none.
    """
    desk.service.check_access(desk.user, case_id, change=change)
    service, job = desk.service, job_model(desk.jobs.of(case_id))
    view = view_of()
    model = case_model(view, service.turns(desk.user, view.id), service.real_letters())
    models = service.models
    chat_model = {"name": models.name, "where": models.where, "here": models.stays_here} if models.name else None
    return {"case": model, "chat_model": chat_model, "job": job}


def case_model(view: CaseView, turns: Sequence[Turn], real_letters: int) -> Json:
    """Everything that the case view shows."""
    draft = view.draft
    return {
        "id": view.id,
        "title": view.title,
        "owner": view.owner,
        "may": view.may,
        "day": view.day.isoformat() if view.day else "",
        "services": list(view.services),
        "version": view.version,
        "saved_at": view.saved_at.isoformat(),
        "exported": view.exported,
        "received": view.received.isoformat() if view.received else "",
        "priority": view.priority or "",
        "due": view.due.isoformat() if view.due else "",
        "days_left": view.days_left,
        "pieces": case_pieces(view.text, draft),
        "reviewed": draft.date_of_review.isoformat() if draft else None,
        "date_from": draft.date_from if draft else None,
        "issues": [
            issue_model(draft, index, issue, view.decided.get(index), view.pins.get(index))
            for index, issue in enumerate(draft.issues)
        ]
        if draft
        else [],
        "checks": [check_model(check) for check in draft.checks] if draft else [],
        "notices": list(draft.case.notices) if draft else [],
        "model": use_model(draft.model) if draft and draft.model else None,
        "turns": [turn_model(turn) for turn in turns],
        "real_letters": real_letters,
    }


# --- texts cut at their marks ---------------------------------------------------------------------------------


def pieces(text: str, marks: Iterable[tuple[int, int, str, str]], edges: Iterable[int] = ()) -> list[Json]:
    """`text` cut at the marks' ends and at `edges`; a mark is (start, end, group, title). The pieces join to `text`."""
    marks = [(start, end, group, title) for start, end, group, title in marks if 0 <= start < end <= len(text)]
    cuts = {0, len(text), *(edge for edge in edges if 0 <= edge <= len(text))}
    cuts.update(edge for start, end, _, _ in marks for edge in (start, end))
    ordered = sorted(cuts)
    made = []
    for start, end in zip(ordered, ordered[1:], strict=False):
        over = [
            (group, title) for mark_start, mark_end, group, title in marks if mark_start <= start and end <= mark_end
        ]
        piece: Json = {"t": text[start:end], "s": start, "e": end}
        if over:
            piece["g"] = min((group for group, _ in over), key=_rank)
            piece["title"] = "; ".join(dict.fromkeys(title for _, title in over))
        made.append(piece)
    return made


def _rank(group: str) -> int:
    return _GROUP_ORDER.index(group.removesuffix("-not")) * 2 + group.endswith("-not")


def case_pieces(text: str, draft: Draft | None) -> list[Json]:
    """The case text with its facts marked, cut so that every piece of evidence can be lit."""
    if draft is None:
        return pieces(text, ())
    requests = [issue.service.span for issue in draft.issues if issue.service.span]
    marks = [_mark(fact) for fact in draft.case.facts]
    marks += [(span.start, span.end, "request", "disputed service") for span in requests]
    return pieces(text, marks, _case_edges(draft))


def _mark(fact: Fact) -> tuple[int, int, str, str]:
    group = _GROUPS.get(fact.kind, "other")
    if fact.polarity not in _DOCUMENTED:
        group += "-not"
    title = fact.kind.replace("_", " ")
    return fact.span.start, fact.span.end, group, title if fact.polarity in _DOCUMENTED else f"{title}, {fact.polarity}"


def _case_edges(draft: Draft) -> Iterable[int]:
    for issue in draft.issues:
        spans = [span for finding in issue.findings for span in finding.evidence]
        spans += [s.span for sentence in issue.sentences for s in sentence.supports if s.kind is SupportKind.CASE]
        for span in spans:
            yield from (span.start, span.end)


# --- an issue -------------------------------------------------------------------------------------------------


def issue_model(
    draft: Draft, index: int, issue: IssueDraft, decided: Decided | None, pinned: str | None = None
) -> Json:
    """One disputed service: lean, findings, guidelines, sentences with numbered supports, similar decisions."""
    sentences, supports = numbered(issue.sentences, issue.findings, draft.passages)
    return {
        "index": index,
        "service": issue.service.text,
        "kind": issue.service.kind,
        "certified": issue.service.certified,
        "request": [issue.service.span.start, issue.service.span.end] if issue.service.span else None,
        "outcome": issue.outcome,
        "outcome_from": issue.outcome_from,
        "decided": {"outcome": decided.outcome, "by": decided.by, "at": decided.at.isoformat()} if decided else None,
        "lean": lean_model(issue.lean, issue.findings),
        "findings": [finding_model(finding, draft.passages) for finding in issue.findings],
        "guidelines": [candidate_model(candidate, draft.passages) for candidate in issue.guidelines],
        "passages": used_passages(issue, draft.passages),
        "pinned": pinned,
        "sentences": sentences,
        "supports": supports,
        "similar": {o.value: [similar_model(s) for s in issue.similar if s.outcome is o] for o in Outcome},
        "notices": list(issue.notices),
        "discarded": [{"t": thrown.text, "why": thrown.why, "sort": thrown.sort} for thrown in issue.discarded],
    }


def use_model(use: ModelUse) -> Json:
    """What a chat model did for the draft."""
    return {
        "name": use.model,
        "offered": use.offered,
        "kept": use.kept,
        "seconds": use.seconds,
        "tokens": use.tokens_in + use.tokens_out,
        "cost": use.cost,
        "hidden": use.deidentified != "off",
        "prompts": list(use.prompts),
        "notice": use.notice,
    }


def sent_model(source: str, hidden: Deidentified) -> list[Json]:
    """A text as it would leave the machine, in pieces; one that was replaced names its kind and what stood there."""
    made: list[Json] = []
    at = 0
    for replacement in hidden.replacements:
        if source[at : replacement.start]:
            made.append({"t": source[at : replacement.start]})
        made.append({"t": replacement.stand_in, "kind": replacement.kind.lower(), "was": replacement.original})
        at = replacement.end
    if source[at:]:
        made.append({"t": source[at:]})
    return made


def lean_model(lean: Lean, findings: Sequence[Finding]) -> Json:
    """The lean as a sentence in parts: `lead`, the `word` that matters, `why`; and what speaks for each outcome."""
    by_id = {finding.id: finding for finding in findings}
    why = [by_id[name].statement for name in lean.by if name in by_id]
    speaks = {o.value: [finding_model(f, {}) for f in speaking_for(findings, o)] for o in Outcome}
    if lean.outcome is None or lean.strength is Strength.NONE:
        return {"lead": "No criterion decides this; ", "word": "the finding is yours", "why": [], "speaks_for": speaks}
    weakly = "weakly " if lean.strength is Strength.WEAK else ""
    word = "not met" if lean.outcome is Outcome.UPHELD else "met"
    return {"lead": f"The criteria point {weakly}to ", "word": word, "why": why, "speaks_for": speaks}


def finding_model(finding: Finding, passages: Mapping[str, Passage]) -> Json:
    """A row of the criteria table."""
    passage = passages.get(finding.passage_id)
    return {
        "id": finding.id,
        "criterion": finding.criterion.text,
        "applies_when": finding.criterion.applies_when,
        "check_the_text": finding.criterion.check_the_text,
        "status": finding.status,
        "word": STATUS_WORDS[finding.status],
        "statement": finding.statement,
        "evidence": [{"q": span.quote, "s": span.start, "e": span.end} for span in finding.evidence],
        "searched": list(finding.searched),
        "passage": finding.passage_id,
        "citation": passage.citation if passage else "",
        "in_force": render.in_force(passage.in_force) if passage else "",
    }


def candidate_model(candidate: Candidate, passages: Mapping[str, Passage]) -> Json:
    """A guideline that may govern, with the reason why."""
    passage = passages.get(candidate.passage_id or "")
    section = f", {candidate.section}" if candidate.section else ""
    return {
        "citation": f"{candidate.guideline}{section}",
        "passage": candidate.passage_id,
        "reason": candidate.reason,
        "in_force": render.in_force(passage.in_force) if passage else "",
        "kind": render.kind_words(passage.kind) if passage else "",
    }


def used_passages(issue: IssueDraft, passages: Mapping[str, Passage]) -> list[Json]:
    """The passages on which this issue's findings and sentences rest, in the order of their use."""
    cited = [s for sentence in issue.sentences for s in sentence.supports if s.kind is SupportKind.PASSAGE]
    used = dict.fromkeys([*(f.passage_id for f in issue.findings), *(s.id for s in cited)])
    reasons = {c.passage_id: c.reason for c in issue.guidelines}
    made = []
    for name in used:
        passage = passages.get(name)
        if passage is not None:
            edges = [edge for s in cited if s.id == name for edge in (s.span.start, s.span.end)]
            made.append(passage_model(passage, reasons.get(name, ""), edges))
    return made


def passage_model(passage: Passage, reason: str = "", edges: Iterable[int] = ()) -> Json:
    """A guideline passage with its citation, dates and kind."""
    return {
        "id": passage.id,
        "citation": passage.citation,
        "pieces": pieces(passage.text, (), edges),
        "kind": render.kind_words(passage.kind),
        "in_force": render.in_force(passage.in_force),
        "source": passage.source,
        "about": ", ".join(kind.replace("_", " ") for kind in passage.service_kinds),
        "reason": reason,
    }


def similar_model(similar: SimilarDecision) -> Json:
    """A past decision of one column."""
    return {
        "id": similar.decision_id,
        "case_number": similar.case_number,
        "illustrative": similar.illustrative,
        "service": similar.service,
        "snippet": similar.snippet,
    }


def check_model(check: Check) -> Json:
    """A line of the appeal check."""
    return {
        "id": check.id,
        "rule": check.rule,
        "level": check.level,
        "message": check.message,
        "action": check.action,
        "issue": check.issue,
        "sentence": check.sentence,
    }


# --- the draft's sentences ------------------------------------------------------------------------------------


def numbered(
    sentences: Sequence[Sentence], findings: Sequence[Finding] = (), passages: Mapping[str, Passage] | None = None
) -> tuple[list[Json], list[Json]]:
    """The sentences, and their distinct supports numbered in the order of their first use.

    Numbers exist only here: a sentence keeps its supports' ids, so no edit can leave a number that points elsewhere.
    """
    numbers: dict[Support, int] = {}
    made = []
    for sentence in sentences:
        for support in sentence.supports:
            numbers.setdefault(support, len(numbers) + 1)
        made.append(sentence_model(sentence, [numbers[support] for support in sentence.supports]))
    labels = {finding.id: finding.criterion.text for finding in findings}
    listed = [support_model(support, number, labels, passages or {}) for support, number in numbers.items()]
    return made, listed


def sentence_model(sentence: Sentence, numbers: Sequence[int] = ()) -> Json:
    """A sentence as the editor shows it."""
    return {
        "t": sentence.text,
        "verdict": sentence.verdict,
        "slot": sentence.slot,
        "own": sentence.own,
        "model": sentence.by_model,
        "problems": list(sentence.problems),
        "n": list(dict.fromkeys(numbers)),
    }


def support_model(support: Support, number: int, criteria: Mapping[str, str], passages: Mapping[str, Passage]) -> Json:
    """What a number stands for."""
    labels = {
        SupportKind.CASE: "Case summary",
        SupportKind.REQUEST: "The request as given",
        SupportKind.PASSAGE: passages[support.id].citation if support.id in passages else "Guideline",
        SupportKind.FINDING: "Finding",
    }
    return {
        "n": number,
        "kind": support.kind,
        "id": support.id,
        "label": labels[support.kind],
        "about": criteria.get(support.id, "") if support.kind is SupportKind.FINDING else "",
        "q": support.span.quote,
        "s": support.span.start,
        "e": support.span.end,
    }


def version_model(row: VersionRow) -> Json:
    """A line of the list of versions."""
    return {"number": row.number, "at": row.at.isoformat(), "cause": row.cause}


def compared_model(compared: Compared) -> Json:
    """Two versions side by side."""
    return {
        "older": version_model(compared.older),
        "newer": version_model(compared.newer),
        "issues": [
            {
                "service": service,
                "rows": [
                    {"change": d.change, "pieces": [{"c": p.change, "t": p.text} for p in d.pieces]} for d in changed
                ],
            }
            for service, changed in compared.issues
        ],
    }


def turn_model(turn: Turn) -> Json:
    """A turn of the chat."""
    return {
        "id": turn.id,
        "role": turn.role,
        "t": turn.text,
        "blocks": [dict(block) for block in turn.blocks],
        "done": turn.done,
        "changed": turn.changed,
        "stopped": turn.stopped,
        "notices": list(turn.notices),
        "discarded": [dict(thrown) for thrown in turn.discarded],
        "model": turn.model,
    }


def found_model(hit: ChatHit) -> Json:
    """A turn that was searched for, with its case."""
    at = hit.turn.at.isoformat() if hit.turn.at else None
    said = {"role": hit.turn.role, "superseded": hit.turn.superseded, "at": at}
    return {"case": hit.case_id, "title": hit.title, "snippet": hit.snippet, **said}


def job_model(job: Job | None) -> Json | None:
    """The work under way on a case, or the last that ended."""
    if job is None:
        return None
    turn = turn_model(job.turn) if job.turn else None
    said = {"kind": job.kind, "lines": list(job.lines), "question": job.question, "turn": turn}
    return {**said, "error": job.error, "done": job.done}
