"""A letter as a line of JSON and back: what `import --dry-run --json` prints, and a plainer form that others have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from assistant.domain import CitedGuideline, Decision, Determination, Outcome
from assistant.errors import AssistantError
from assistant.reading.citations import cited_guidelines

_DATES = ("date_of_injury", "date_assigned", "decision_date", "ur_denial_date")
_DATE_WORDS = {
    "date_of_injury": "date of injury",
    "date_assigned": "date of assignment",
    "decision_date": "decision date",
    "ur_denial_date": "date of the UR denial",
}


class UnreadableRecord(AssistantError):
    """A line of JSON that holds no letter."""


def as_record(letter: Determination) -> dict[str, Any]:
    """A letter as plain values: the contract of `import --dry-run --json`, without the file's name."""
    return {
        "case_number": letter.case_number,
        "dates": {name: day.isoformat() if (day := getattr(letter, name)) else None for name in _DATES},
        "priority": letter.priority,
        "reviewer_specialty": letter.reviewer_specialty,
        "reviewer_licensure": letter.reviewer_licensure,
        "case_summary": letter.case_summary,
        "decisions": [
            {
                "service": decision.service,
                "outcome": decision.outcome,
                "claims_administrator_guideline": decision.claims_administrator_guideline,
                "reviewer_guideline": decision.reviewer_guideline,
                "guidelines": [{"guideline": c.guideline, "sections": list(c.sections)} for c in decision.guidelines],
                "rationale": decision.rationale,
            }
            for decision in letter.decisions
        ],
        "warnings": list(letter.warnings),
    }


def letter_of(record: Mapping[str, Any]) -> Determination:
    """The letter that `as_record` made plain; what was lost on the way is named in `warnings`.

    Also takes a record whose decisions are called `issues` and whose dates stand beside them, as MM/DD/YYYY or ISO,
    with `guidelines` as labels and `sections` as one text. Raises UnreadableRecord.
    """
    rows = record.get("decisions", record.get("issues"))
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UnreadableRecord("it has neither a list of decisions nor a text")
    given = record.get("dates")
    dates = given if isinstance(given, Mapping) else record
    warnings = [str(warning) for warning in _list(record.get("warnings"))]
    found = {name: _day(dates.get(name), _DATE_WORDS[name], warnings) for name in _DATES}
    decisions = tuple(_decision(row, number, warnings) for number, row in enumerate(rows, 1))
    summary = _text(record.get("case_summary"))
    if not summary:
        warnings.append("The case summary was not found.")
    if not decisions:
        warnings.append("No decision was found.")
    return Determination(
        case_number=_text(record.get("case_number")),
        date_of_injury=found["date_of_injury"],
        date_assigned=found["date_assigned"],
        decision_date=found["decision_date"],
        ur_denial_date=found["ur_denial_date"],
        priority=_text(record.get("priority")),
        reviewer_specialty=_text(record.get("reviewer_specialty")),
        reviewer_licensure=_text(record.get("reviewer_licensure")),
        case_summary=summary,
        decisions=decisions,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _decision(row: Mapping[str, Any], number: int, warnings: list[str]) -> Decision:
    service = _text(row.get("service")) or ""
    reviewer = _text(row.get("reviewer_guideline"))
    decision = Decision(
        service,
        _outcome(row.get("outcome")),
        _text(row.get("claims_administrator_guideline")),
        reviewer,
        _citations(row, reviewer),
        _text(row.get("rationale")),
    )
    missing = {
        "the service was not found": service,
        "the rationale was not found": decision.rationale,
        "the outcome is neither Upheld nor Overturned": decision.outcome,
    }
    said = " ".join(warnings)
    lost = [words for words, value in missing.items() if not value and _lead(number, words) not in said]
    warnings += [f"Decision {number}: {words}." for words in lost]
    return decision


def _lead(number: int, words: str) -> str:
    """How a sentence begins that says the same of a decision: its number, and what it is about."""
    return f"Decision {number}: {' '.join(words.split()[:2])}"


def _citations(row: Mapping[str, Any], reviewer: str | None) -> tuple[CitedGuideline, ...]:
    cited = _list(row.get("guidelines"))
    whole = [c for c in cited if isinstance(c, Mapping) and _text(c.get("guideline"))]
    if whole or ("guidelines" in row and not cited):
        return tuple(
            CitedGuideline(str(c["guideline"]), tuple(str(s) for s in _list(c.get("sections")))) for c in whole
        )
    read = cited_guidelines(reviewer)
    if read:
        return tuple(read)
    sections = _text(row.get("sections"))
    named = [label for label in cited if isinstance(label, str) and label.strip()]
    return tuple(
        CitedGuideline(label.strip(), (sections,) if sections and place == 0 else ())
        for place, label in enumerate(named)
    )


def _day(value: object, words: str, warnings: list[str]) -> date | None:
    if value in (None, ""):
        return None
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(str(value), form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    warnings.append(f"The {words} could not be read as a date.")
    return None


def _outcome(value: object) -> Outcome | None:
    word = str(value or "").strip().capitalize()
    return Outcome(word) if word in list(Outcome) else None


def _text(value: object) -> str | None:
    return re.sub(r"\s+", " ", value).strip() or None if isinstance(value, str) else None


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
