"""Which part of a pasted text tells the case: of a whole determination only its summary, never its decisions."""

from __future__ import annotations

import re

# The headings of determinations since 2014 stand alone; the sentence that opens the summary tells nothing.
_SUMMARY = re.compile(
    r"^[ \t]*CLINICAL CASE SUMMARY[ \t]*:?[ \t]*$"
    r"(?:\s*The expert reviewer developed the following clinical case summary[^:]*:)?",
    re.IGNORECASE | re.MULTILINE,
)
_DECISIONS = re.compile(
    r"^[ \t]*(?:IMR (?:ISSUES|DECISION)[^\n]*"
    r"|(?:Decision rationale|MAXIMUS guideline|Claims Administrator guideline)\s*:.*)$",
    re.IGNORECASE | re.MULTILINE,
)


def record_only(text: str) -> str:
    """`text` with everything that does not tell the case blanked out, so that offsets stay as they are.

    A text without a determination's headings is returned unchanged.
    """
    opening = _SUMMARY.search(text)
    start = opening.end() if opening else 0
    closing = _DECISIONS.search(text, start)
    end = closing.start() if closing else len(text)
    if not text[start:end].strip():
        return text
    return " " * start + text[start:end] + " " * (len(text) - end)
