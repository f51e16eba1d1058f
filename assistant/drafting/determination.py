"""The determination as it is written out, in the order of the letters of late 2016; `export` gives it a form.

How it was made, the clinical case summary, then per issue: its heading, the claims administrator's guideline where the
case text names it, the reviewer's guideline with its sections, the rationale; at the end who decided, and when. Until
the reviewer has set each outcome it is a draft and says so. It holds text only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from assistant.domain import Draft, IssueDraft, Outcome, Sentence, Support, SupportKind, Verdict
from assistant.drafting.claims_administrator import guideline_of_claims_administrator
from assistant.errors import NotReadyForExport
from assistant.reading.letter_header import read_header

TITLE = "Independent Medical Review: final determination"
DRAFT_NOTICE = "DRAFT: the reviewer has not set every outcome"
HOW, CASE = "HOW THE IMR FINAL DETERMINATION WAS MADE", "CLINICAL CASE SUMMARY"
DECISIONS, RECORD = "IMR DECISION(S) AND RATIONALE(S)", "RECORD OF THE DECISION(S)"
EVIDENCE = "EVIDENCE"
CASE_NOTE = "As it was given to the reviewer:"
EVIDENCE_NOTE = "What each sentence of a rationale rests on, by the number beside it."
RECORD_HEAD = ("Issue", "Outcome", "Set by", "On")
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
class Evidence:
    """What one sentence rests on: its number and, per support, the source's name and the words."""

    number: int
    text: str
    supports: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its marks, and the number under which the appendix lists its supports (0: none)."""

    text: str
    marks: str
    number: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One disputed service, written out; `act` is the reviewer's own, None before it."""

    service: str
    outcome: Outcome | None
    claims_guideline: str | None
    guideline: str
    lines: tuple[Line, ...]
    act: DecidedBy | None
    evidence: tuple[Evidence, ...]

    @property
    def heading(self) -> str:
        """The issue's heading, as letters word it; an outcome that the reviewer has not set is a draft's."""
        if self.outcome is None:
            return f"{self.service}: no outcome set"
        return f"{self.service}: {self.outcome.value}{'' if self.stands else ' (draft)'}"

    @property
    def stands(self) -> bool:
        """Whether the reviewer has set the outcome that the draft has."""
        return self.act is not None and self.act.outcome is self.outcome

    @property
    def said(self) -> str:
        """Who set the outcome and when, in a sentence."""
        if self.act is None:
            return "Outcome not yet set by the reviewer."
        said = f"Outcome set by {self.act.by} on {_moment(self.act.at)}."
        return said if self.stands else f"{said} It was {self.act.outcome.value}; the draft was changed since."


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A whole determination, written out; `final` once every outcome is the reviewer's."""

    header: tuple[tuple[str, str], ...]
    how: str
    case_text: str
    decisions: tuple[Decision, ...]
    final: bool
    with_evidence: bool

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The marks that are used, each with its meaning."""
        used = "".join(line.marks for decision in self.decisions for line in decision.lines)
        return tuple((mark, meaning) for mark, meaning in LEGEND.items() if mark in used)

    @property
    def record(self) -> tuple[tuple[str, str, str, str], ...]:
        """Who decided what, and when: a row an issue under `RECORD_HEAD`."""
        return tuple(_recorded(number, decision) for number, decision in enumerate(self.decisions, 1))


def _recorded(number: int, decision: Decision) -> tuple[str, str, str, str]:
    if decision.act is None:
        return str(number), "not set", "", ""
    changed = "" if decision.stands else " (the draft was changed since)"
    return str(number), f"{decision.act.outcome.value}{changed}", decision.act.by, _moment(decision.act.at)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d at %H:%M} {at.tzname() or ''}".strip()


def written_out(
    draft: Draft,
    decided: Mapping[int, DecidedBy | None],
    *,
    with_evidence: bool | None = None,
    unfinished: bool = False,
) -> WrittenOut:
    """The determination of a draft; `decided` holds the reviewer's act per issue, by its position.

    The appendix of evidence is put in `with_evidence`; where that is None, while it is a draft. Raises
    NotReadyForExport while a slot is open; `unfinished`, for a preview, shows it in square brackets instead.
    """
    for number, issue in enumerate(draft.issues, 1):
        if issue.open_slots and not unfinished:
            count = len(issue.open_slots)
            slots = "a slot is still open" if count == 1 else f"{count} slots are still open"
            raise NotReadyForExport(f"Issue {number} cannot be exported while {slots}; fill or remove it first.")
    acts = [decided.get(position) for position in range(len(draft.issues))]
    pairs = list(zip(draft.issues, acts, strict=True))
    final = bool(pairs) and all(act is not None and act.outcome is issue.outcome for issue, act in pairs)
    shown = not final if with_evidence is None else with_evidence
    decisions: list[Decision] = []
    number = 0
    for position, (issue, act) in enumerate(pairs):
        decision = _decision(draft, position, issue, act, number if shown else None)
        number += len(decision.evidence)
        decisions.append(decision)
    return WrittenOut(
        _header(draft, final=final), _how(final=final), _summary(draft.case.text), tuple(decisions), final, shown
    )


_HEAD = 6000  # characters of the case text in which its labelled header is looked for


def _header(draft: Draft, *, final: bool) -> tuple[tuple[str, str], ...]:
    """The table at the head: what is known of the case, and what the text itself labels (nothing is guessed)."""
    labelled = read_header(draft.case.text[:_HEAD])
    injured = draft.case.date_of_injury or labelled.dates["date_of_injury"]
    told = (
        ("Case number", labelled.case_number),
        ("Date assigned", _day(labelled.dates["date_assigned"])),
        ("Date of UR denial", _day(labelled.dates["ur_denial_date"])),
        ("Priority", labelled.priority),
    )
    return (
        ("Case", draft.id),
        *((name, value) for name, value in told if value),
        ("Date of injury", _day(injured) or "not stated in the summary"),
        ("Date of review", draft.date_of_review.isoformat()),
        ("Disputed services", str(len(draft.issues))),
        ("Status", "Decided by the reviewer" if final else "DRAFT"),
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


# A pasted letter holds more than its summary: its header, and decisions of which this determination takes nothing.
_SUMMARY_OF_LETTER = re.compile(
    r"^[^\S\n]*CLINICAL CASE SUMMARY[^\S\n]*:?[^\S\n]*\n(?P<summary>.*?)^[^\S\n]*IMR (?:ISSUES|DECISION)",
    re.MULTILINE | re.DOTALL,
)


def _summary(case_text: str) -> str:
    """The clinical case summary: of a pasted letter that section, else the text as it was given."""
    found = _SUMMARY_OF_LETTER.search(case_text)
    return found["summary"].strip("\n") if found and found["summary"].strip() else case_text


def _how(*, final: bool) -> str:
    """How it came about, in words that hold for every determination of this program."""
    made = (
        "Each disputed service was reviewed on the clinical case summary below, by the standards of medical necessity "
        "of Labor Code 4610.5(c)(2) in the order of search of 8 CCR 9792.21.1. A draft of each rationale was prepared "
        "by software from that summary and from the guideline passages that it cites; "
    )
    end = "the reviewer set each outcome." if final else "the reviewer has not set every outcome yet."
    return made + end


def _decision(draft: Draft, position: int, issue: IssueDraft, act: DecidedBy | None, number: int | None) -> Decision:
    """One issue; its evidence is numbered after `number`, or left out where that is None."""
    lines: list[Line] = []
    evidence: list[Evidence] = []
    for sentence in issue.sentences:
        shown = 0
        if sentence.supports and number is not None:
            shown = number + len(evidence) + 1
            sources = tuple((_source(draft, s), s.span.quote) for s in sentence.supports)
            evidence.append(Evidence(shown, sentence.text, sources))
        text = f"[{sentence.text}]" if sentence.slot else sentence.text
        lines.append(Line(text, _marks(sentence), shown))
    return Decision(
        issue.service.text.strip(),
        issue.outcome,
        guideline_of_claims_administrator(draft.case.text, issue.service.text, only_issue=len(draft.issues) == 1),
        _guidelines(draft, issue.sentences),
        tuple(lines),
        act,
        tuple(evidence),
    )


def _marks(sentence: Sentence) -> str:
    doubt = {Verdict.FAILED: UNSUPPORTED, Verdict.NOT_CHECKABLE: UNCHECKED}.get(sentence.verdict, "")
    return (OWN if sentence.own else "") + doubt


def _guidelines(draft: Draft, sentences: Sequence[Sentence]) -> str:
    """The citation line of the letters, naming what the sentences rest on: each guideline once, with its sections."""
    cited = (s.id for sentence in sentences for s in sentence.supports if s.kind is SupportKind.PASSAGE)
    held = [draft.passages[key] for key in dict.fromkeys(cited) if key in draft.passages]
    sections: dict[str, dict[str, None]] = {}
    for passage in held:
        if not passage.edition_note:
            named = sections.setdefault(passage.guideline, {})
            named.update({passage.section: None} if passage.section else {})
    if not sections:
        return "Reviewer's guideline: none is cited."
    labels = [f"{label}, Section(s): {'; '.join(named)}" if named else label for label, named in sections.items()]
    return f"Reviewer's guideline: Decision based on {'; and '.join(labels)}."


def _source(draft: Draft, support: Support) -> str:
    if support.kind is SupportKind.PASSAGE:
        passage = draft.passages.get(support.id)
        return f"Guideline, {passage.citation} ({passage.kind.value})" if passage else "Guideline"
    names = {SupportKind.CASE: "Case summary", SupportKind.REQUEST: "The request as given"}
    return names.get(support.kind, "Finding")
