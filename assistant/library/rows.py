"""Domain values to table rows and back; the texts that are embedded, and the hashes by which they are known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assistant.domain import (
    CitedGuideline,
    Confidence,
    Criterion,
    CriterionKind,
    Decision,
    Determination,
    InForce,
    Measure,
    Outcome,
    Passage,
    PassageKind,
)
from assistant.library.tables import CitationRow, DecisionRow, DeterminationRow, PassageRow
from assistant.reading.anatomy import regions
from assistant.reading.certified import certifies_a_part

_SUMMARY_START = 600  # characters of the case summary that a decision's vector hears of
_TUPLES = ("looks_for", "contradicted_by", "asks", "against", "given", "not_given", "request_words")


@dataclass(frozen=True, slots=True)
class Held:
    """A decision as the library holds it, with what a list of decisions shows."""

    decision_id: str
    case_number: str | None
    illustrative: bool
    issue: int  # from 1, its place in the letter
    service: str
    service_kind: str | None
    outcome: Outcome
    citations: tuple[CitedGuideline, ...]
    rationale: str
    reviewer_guideline: str
    decided: date | None = None
    claims_administrator_guideline: str = ""
    specialty: str = ""
    regions: tuple[str, ...] = ()  # that the service names


def sha256(text: str) -> str:
    """The hash by which a text is known."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def words_hash(text: str) -> str:
    """The hash of a text's words: the same letter with other line breaks is the same letter."""
    return sha256(" ".join(text.split()))


def decision_text(service: str, rationale: str | None, case_summary: str | None) -> str:
    """What stands for a decision in search by meaning: the service, the rationale, the start of the case."""
    return "\n".join(filter(None, (service, rationale, (case_summary or "")[:_SUMMARY_START])))


def set_service_facts(row: DecisionRow) -> None:
    """Read from the service's words which parts of the body it names, and whether utilization review changed it."""
    row.body_regions = list(dict.fromkeys(region.name for region in regions(row.service)))
    row.ur_modified = certifies_a_part(row.service)


def passage_text(passage: Passage | PassageRow) -> str:
    """What stands for a passage in search by meaning: its citation and its text."""
    name = f"{passage.guideline}, {passage.section}" if passage.section else passage.guideline
    return f"{name}\n{passage.text}"


def passage_row(passage: Passage, *, starter: bool) -> PassageRow:
    """The row of a passage that is offered from now on."""
    return PassageRow(
        passage_id=passage.id,
        starter=starter,
        current=True,
        guideline=passage.guideline,
        section=passage.section,
        text=passage.text,
        kind=passage.kind.value,
        in_force_from=passage.in_force.start,
        in_force_to=passage.in_force.end,
        source=passage.source,
        family=passage.family,
        service_kinds=list(passage.service_kinds),
        criteria=[asdict(criterion) for criterion in passage.criteria],
        body_regions=list(passage.body_regions),
        edition_note=passage.edition_note,
        current_without_criteria=passage.current_without_criteria,
        page=passage.page,
        text_hash=sha256(passage_text(passage)),
    )


def passage_of(row: PassageRow) -> Passage:
    """The passage of a row."""
    return Passage(
        id=row.passage_id,
        guideline=row.guideline,
        section=row.section,
        text=row.text,
        kind=PassageKind(row.kind),
        in_force=InForce(row.in_force_from, row.in_force_to),
        source=row.source,
        family=row.family,
        service_kinds=tuple(row.service_kinds),
        criteria=tuple(_criterion(values) for values in row.criteria),
        body_regions=tuple(row.body_regions),
        edition_note=row.edition_note,
        current_without_criteria=row.current_without_criteria,
        page=row.page,
    )


def _criterion(values: Mapping[str, Any]) -> Criterion:
    fields = dict(values) | {name: tuple(values[name]) for name in _TUPLES}
    fields["kind"] = CriterionKind(values["kind"])
    fields["confidence"] = Confidence(values["confidence"])
    fields["measure"] = Measure(**values["measure"]) if values["measure"] else None
    return Criterion(**fields)


def determination_row(determination: Determination, name: str, kinds: Sequence[str | None]) -> DeterminationRow:
    """The rows of a letter; `name` makes the ids of its decisions, `kinds` are the kinds of its services."""
    row = DeterminationRow(
        case_number=determination.case_number,
        illustrative=determination.illustrative,
        date_of_injury=determination.date_of_injury,
        date_assigned=determination.date_assigned,
        decision_date=determination.decision_date,
        ur_denial_date=determination.ur_denial_date,
        priority=determination.priority,
        reviewer_specialty=determination.reviewer_specialty,
        reviewer_licensure=determination.reviewer_licensure,
        case_summary=determination.case_summary,
        warnings=list(determination.warnings),
    )
    row.decisions = [
        _decision_row(decision, f"{name}-{issue}", issue, kind, determination.case_summary)
        for issue, (decision, kind) in enumerate(zip(determination.decisions, kinds, strict=True), 1)
    ]
    return row


def _decision_row(decision: Decision, key: str, issue: int, kind: str | None, case_summary: str | None) -> DecisionRow:
    row = DecisionRow(
        decision_id=key,
        issue=issue,
        service=decision.service,
        service_kind=kind,
        outcome=decision.outcome.value if decision.outcome else None,
        claims_administrator_guideline=decision.claims_administrator_guideline,
        reviewer_guideline=decision.reviewer_guideline,
        rationale=decision.rationale,
        text_hash=sha256(decision_text(decision.service, decision.rationale, case_summary)),
    )
    set_service_facts(row)
    row.citations = [
        CitationRow(position=position, guideline=cited.guideline, sections=list(cited.sections))
        for position, cited in enumerate(decision.guidelines)
    ]
    return row


def determination_of(row: DeterminationRow) -> Determination:
    """The letter of a row, its decisions in order."""
    return Determination(
        case_number=row.case_number,
        date_of_injury=row.date_of_injury,
        date_assigned=row.date_assigned,
        decision_date=row.decision_date,
        ur_denial_date=row.ur_denial_date,
        priority=row.priority,
        reviewer_specialty=row.reviewer_specialty,
        reviewer_licensure=row.reviewer_licensure,
        case_summary=row.case_summary,
        decisions=tuple(_decision(decision) for decision in row.decisions),
        warnings=tuple(row.warnings),
        illustrative=row.illustrative,
    )


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        service=row.service,
        outcome=Outcome(row.outcome) if row.outcome else None,
        claims_administrator_guideline=row.claims_administrator_guideline,
        reviewer_guideline=row.reviewer_guideline,
        guidelines=citations_of(row),
        rationale=row.rationale,
    )


def citations_of(row: DecisionRow) -> tuple[CitedGuideline, ...]:
    """The guidelines that a decision cites, first first."""
    return tuple(CitedGuideline(cited.guideline, tuple(cited.sections)) for cited in row.citations)


def held_of(row: DecisionRow) -> Held:
    """What a list shows of a decision that has an outcome."""
    return Held(
        decision_id=row.decision_id,
        case_number=row.determination.case_number,
        illustrative=row.determination.illustrative,
        issue=row.issue,
        service=row.service,
        service_kind=row.service_kind,
        outcome=Outcome(row.outcome or ""),
        citations=citations_of(row),
        rationale=row.rationale or "",
        reviewer_guideline=row.reviewer_guideline or "",
        decided=row.determination.decision_date,
        claims_administrator_guideline=row.claims_administrator_guideline or "",
        specialty=row.determination.reviewer_specialty or "",
        regions=tuple(row.body_regions),
    )
