"""The determination as it is written out, in the order of the letters: header, case summary, decisions, evidence.

It holds text only; `export` gives it a form. Until the reviewer has set each outcome it is a draft and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.domain import Draft, IssueDraft, Outcome, Sentence, Support, SupportKind, Verdict
from assistant.errors import NotReadyForExport

DRAFT_NOTICE = "DRAFT: the reviewer has not set every outcome"
OWN, UNSUPPORTED, UNCHECKED = "†", "‡", "§"
LEGEND = {
    OWN: "the reviewer's own words",
    UNSUPPORTED: "not supported: the sentence and its supports differ",
    UNCHECKED: "not checkable: nothing in it could be held against a source",
}


class DecidedBy(Protocol):
    """A reviewer's own act on one issue."""

    @property
    def outcome(self) -> Outcome:
        """The outcome that was set."""
        ...

    @property
    def by(self) -> str:
        """Who set it."""
        ...

    @property
    def at(self) -> datetime:
        """When."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its marks, and the number under which the appendix lists its supports (0: none)."""

    text: str
    marks: str
    number: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one sentence rests on: its number and, per support, the source's name and the words."""

    number: int
    text: str
    supports: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One disputed service, written out."""

    heading: str
    guideline: str
    lines: tuple[Line, ...]
    act: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A whole determination, written out; `final` once every outcome is the reviewer's."""

    header: tuple[tuple[str, str], ...]
    case_text: str
    decisions: tuple[Decision, ...]
    final: bool

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The marks that are used, each with its meaning."""
        used = "".join(line.marks for decision in self.decisions for line in decision.lines)
        return tuple((mark, meaning) for mark, meaning in LEGEND.items() if mark in used)


def written_out(draft: Draft, decided: Mapping[int, DecidedBy | None]) -> WrittenOut:
    """The determination of a draft; `decided` holds the reviewer's act per issue, by its position.

    Raises NotReadyForExport while a slot is open.
    """
    for number, issue in enumerate(draft.issues, 1):
        if issue.open_slots:
            count = len(issue.open_slots)
            slots = "a slot is still open" if count == 1 else f"{count} slots are still open"
            raise NotReadyForExport(f"Issue {number} cannot be exported while {slots}; fill or remove it first.")
    acts = [decided.get(position) for position in range(len(draft.issues))]
    pairs = list(zip(draft.issues, acts, strict=True))
    final = bool(pairs) and all(act is not None and act.outcome is issue.outcome for issue, act in pairs)
    decisions, number = [], 0
    for issue, act in pairs:
        decision = _decision(draft, issue, act, number)
        number += len(decision.evidence)
        decisions.append(decision)
    return WrittenOut(_header(draft, final=final), draft.case.text, tuple(decisions), final)


def _header(draft: Draft, *, final: bool) -> tuple[tuple[str, str], ...]:
    injured = draft.case.date_of_injury
    return (
        ("Case", draft.id),
        ("Date of review", draft.date_of_review.isoformat()),
        ("Date of injury", injured.isoformat() if injured else "not stated in the summary"),
        ("Disputed services", str(len(draft.issues))),
        ("Status", "Decided by the reviewer" if final else "DRAFT"),
    )


def _decision(draft: Draft, issue: IssueDraft, act: DecidedBy | None, number: int) -> Decision:
    lines: list[Line] = []
    evidence: list[Evidence] = []
    for sentence in issue.sentences:
        shown = 0
        if sentence.supports:
            shown = number + len(evidence) + 1
            sources = tuple((_source(draft, s), s.span.quote) for s in sentence.supports)
            evidence.append(Evidence(shown, sentence.text, sources))
        lines.append(Line(sentence.text, _marks(sentence), shown))
    outcome = issue.outcome.value if issue.outcome else "no outcome set"
    said = f"Outcome set by {act.by} on {act.at:%Y-%m-%d at %H:%M}." if act else "Outcome not yet set by the reviewer."
    if act and act.outcome is not issue.outcome:
        said += f" The outcome set was {act.outcome.value}; the draft was changed since."
    return Decision(
        f"{issue.service.text.strip()}: {outcome}",
        _guidelines(draft, issue.sentences),
        tuple(lines),
        said,
        tuple(evidence),
    )


def _marks(sentence: Sentence) -> str:
    doubt = {Verdict.FAILED: UNSUPPORTED, Verdict.NOT_CHECKABLE: UNCHECKED}.get(sentence.verdict, "")
    return (OWN if sentence.own else "") + doubt


def _guidelines(draft: Draft, sentences: Sequence[Sentence]) -> str:
    """The citation line of the letters, naming what the sentences rest on."""
    cited = (s.id for sentence in sentences for s in sentence.supports if s.kind is SupportKind.PASSAGE)
    held = [draft.passages[key] for key in dict.fromkeys(cited) if key in draft.passages]
    labels = dict.fromkeys(passage.citation for passage in held if not passage.edition_note)
    if not labels:
        return "Reviewer's guideline: none is cited."
    return f"Reviewer's guideline: Decision based on {'; '.join(labels)}."


def _source(draft: Draft, support: Support) -> str:
    if support.kind is SupportKind.PASSAGE:
        passage = draft.passages.get(support.id)
        return f"Guideline, {passage.citation} ({passage.kind.value})" if passage else "Guideline"
    names = {SupportKind.CASE: "Case summary", SupportKind.REQUEST: "The request as given"}
    return names.get(support.kind, f"Finding {support.id}")
