"""The determination as JSON, for another program: tests/contracts/determination.schema.json says it exactly.

`version` grows when a field changes its meaning or goes; fields may be added at any time.
"""

from __future__ import annotations

import json
import re

from assistant import __version__
from assistant.drafting.determination import OWN, TITLE, UNCHECKED, UNSUPPORTED, Decision, Line, WrittenOut

_HALVES = re.compile("[\ud800-\udfff]")  # halves of a letter, which no file can hold
FORMAT, VERSION = "imr-determination", 1
_MARKS = {OWN: "own", UNSUPPORTED: "unsupported", UNCHECKED: "not_checkable"}


def as_json(determination: WrittenOut) -> str:
    """The determination as one JSON object, its texts as they were given."""
    header = {name.casefold().replace(" ", "_"): value for name, value in determination.header}
    made = {
        "format": FORMAT,
        "version": VERSION,
        "made_by": f"IMR Assistant {__version__}",
        "title": TITLE,
        "status": "decided" if determination.final else "draft",
        "header": header,
        "how_it_was_made": determination.how,
        "clinical_case_summary": determination.case_text,
        "decisions": [
            _decision(decision, with_evidence=determination.with_evidence) for decision in determination.decisions
        ],
    }
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", json.dumps(made, ensure_ascii=False, indent=1)) + "\n"


def _decision(decision: Decision, *, with_evidence: bool) -> dict[str, object]:
    act = decision.act
    return {
        "service": decision.service,
        "outcome": decision.outcome.value if decision.outcome else None,
        "claims_administrator_guideline": decision.claims_guideline,
        "reviewer_guideline": decision.guideline,
        "rationale": " ".join(line.text for line in decision.lines),
        "sentences": [_sentence(line, decision, with_evidence=with_evidence) for line in decision.lines],
        "decided": {"outcome": act.outcome.value, "by": act.by, "at": act.at.isoformat(), "stands": decision.stands}
        if act
        else None,
    }


def _sentence(line: Line, decision: Decision, *, with_evidence: bool) -> dict[str, object]:
    made: dict[str, object] = {"text": line.text, "marks": [_MARKS[mark] for mark in line.marks]}
    if with_evidence:
        held = next((e.supports for e in decision.evidence if e.number == line.number), ()) if line.number else ()
        made["evidence"] = [{"source": source, "quote": quote} for source, quote in held]
    return made
