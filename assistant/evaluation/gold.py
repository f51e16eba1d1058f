"""Reads letters that people read by hand: what each decision cites, and what each case summary documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.domain import CitedGuideline, Decision, Determination, Outcome
from assistant.errors import AssistantError
from assistant.reading.citations import cited_guidelines
from assistant.reading.letter_header import read_date


@dataclass(frozen=True, slots=True)
class GoldIssue:
    """A decision as a person read it: the service that was asked, what the reviewer cites, what UR cites.

    `heading` is the service in the letter's own words, where `service` is a shorter reading of it.
    """

    service: str
    cited: tuple[CitedGuideline, ...]
    cited_by_ur: tuple[CitedGuideline, ...] = ()
    heading: str = ""
    outcome: Outcome | None = None
    rationale: str | None = None
    reviewer_guideline: str | None = None
    ur_guideline: str | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        """What the letter calls the service: in its own words, and shortened."""
        return tuple(dict.fromkeys(filter(None, (self.heading, self.service))))


@dataclass(frozen=True, slots=True)
class GoldLetter:
    """A letter as a person read it."""

    case_number: str
    case_summary: str
    decision_date: date | None
    issues: tuple[GoldIssue, ...]

    def determination(self) -> Determination:
        """The letter as a library holds it."""
        decisions = tuple(
            Decision(i.heading or i.service, i.outcome, i.ur_guideline, i.reviewer_guideline, i.cited, i.rationale)
            for i in self.issues
        )
        return Determination(
            case_number=self.case_number,
            date_of_injury=None,
            date_assigned=None,
            decision_date=self.decision_date,
            ur_denial_date=None,
            priority=None,
            reviewer_specialty=None,
            reviewer_licensure=None,
            case_summary=self.case_summary,
            decisions=decisions,
        )


@dataclass(frozen=True, slots=True)
class GoldFacts:
    """What a person found a case summary to document: feature to present, denied, absent or unclear.

    `quotes` holds the words that a label rests on, `notes` what the person remarked.
    """

    case_number: str
    labels: Mapping[str, str]
    quotes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def read_gold(path: Path) -> tuple[GoldLetter, ...]:
    """Read letters, one JSON object a line. Raises AssistantError, one sentence, for a file of another form.

    What a decision cites is read out of its guideline line as printed, which names each document with its own
    sections; rows without that line are taken by their labels.
    """
    letters = []
    for number, row in _rows(path):
        try:
            issues = tuple(_issue(issue) for issue in row["issues"])
            letters.append(
                GoldLetter(
                    str(row["case_number"]),
                    str(row["case_summary"]),
                    read_date(str(row.get("decision_date") or "")),
                    issues,
                )
            )
        except (KeyError, TypeError, AttributeError, ValueError):
            raise AssistantError(f"Line {number} of {path.name} is no letter read by hand.") from None
    return tuple(letters)


def read_facts(path: Path) -> tuple[GoldFacts, ...]:
    """Read labels of facts, one JSON object a line. Raises AssistantError, one sentence, for a file of another form."""
    facts = []
    for number, row in _rows(path):
        try:
            told = row["labels"].items()
            labels = {str(name): str(label["value"]) for name, label in told}
            quotes = {str(name): tuple(map(str, label.get("quotes") or ())) for name, label in told}
            notes = {str(name): str(label["note"]) for name, label in told if label.get("note")}
            facts.append(GoldFacts(str(row["case_number"]), labels, quotes, notes))
        except (KeyError, TypeError, AttributeError):
            raise AssistantError(f"Line {number} of {path.name} holds no labels of facts.") from None
    return tuple(facts)


def _issue(row: Mapping[str, Any]) -> GoldIssue:
    labels = tuple(CitedGuideline(str(label)) for label in row.get("guidelines") or ())
    return GoldIssue(
        str(row.get("service_short") or row["service"]),
        cited_guidelines(row.get("reviewer_guideline")) or labels,
        cited_guidelines(row.get("claims_administrator_guideline")),
        heading=str(row["service"]),
        outcome=Outcome(row["outcome"]) if row.get("outcome") else None,
        rationale=_text(row, "rationale"),
        reviewer_guideline=_text(row, "reviewer_guideline"),
        ur_guideline=_text(row, "claims_administrator_guideline"),
    )


def _text(row: Mapping[str, Any], name: str) -> str | None:
    return str(row[name]) if row.get(name) else None


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise AssistantError(f"{path.name} could not be read: {reason}.") from None
    except UnicodeDecodeError:
        raise AssistantError(f"{path.name} could not be read: it is no text.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            raise AssistantError(f"Line {number} of {path.name} is no JSON.") from None
        if not isinstance(row, dict):
            raise AssistantError(f"Line {number} of {path.name} is no JSON object.")
        yield number, row
