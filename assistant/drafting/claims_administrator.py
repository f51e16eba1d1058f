"""The guideline that utilization review cited, where the case text names it: the "Claims Administrator guideline".

It is told word for word and decides nothing: neither lean nor outcome looks at it (it is utilization review's view).
Source: layouts and wordings of public determinations, 2014-2017.
"""

from __future__ import annotations

import re

from assistant.reading.sentences import sentences

_GUIDELINE = r"(?:CA )?MTUS|ODG|Official Disability Guidelines?|ACOEM|Non-MTUS|AHRQ|American College"
# The line of a pasted letter. PDF text breaks it, so that it ends where the next labelled line or heading begins.
_LABELLED = re.compile(
    r"\bClaims Administrator guideline\s*:\s*(?P<said>.+?)(?=\n\s*\n|\b(?:MAXIMUS|IMR|Reviewer['’]s) guideline\b"
    r"|\bDecision rationale\b|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# "UR denied it, citing ODG, Knee, MRI", "the claims administrator's decision was based on the MTUS chapter on the knee"
_TOLD = re.compile(
    r"\b(?:UR|[Uu]tilization review|[Cc]laims administrator)\b[^\n]{0,160}?"
    r"\b(?:cit(?:ed|es|ing)|based\b[^\n]{0,40}?\bon|referenc(?:ed|ing)|relied on|relying on|per|under|according to)\b"
    rf"[^\n]{{0,60}}?\b(?:{_GUIDELINE})\b"
)
_LONGEST = 600  # characters; what runs on is no citation line


def guideline_of_claims_administrator(case_text: str, service: str, *, only_issue: bool) -> str | None:
    """The citation line for a service, word for word from the case text; None where the text names none.

    In a pasted letter it is the line after the service's own heading. Where the text tells it in prose, and where no
    heading is the service's, it is taken for the only issue of a case, never for one of several.
    """
    lines = list(_LABELLED.finditer(case_text))
    if lines:
        own = _after_heading(case_text, service, [line.start() for line in lines])
        if own is None and only_issue:
            own = 0
        return f"Claims Administrator guideline: {_flat(lines[own]['said'])}" if own is not None else None
    told = (sentence.quote for sentence in sentences(case_text) if only_issue and _TOLD.search(sentence.quote))
    said = next(told, None)
    return f"Claims Administrator guideline, as the case text names it: “{_flat(said)}”" if said else None


def _after_heading(case_text: str, service: str, starts: list[int]) -> int | None:
    """The number of the line that follows the service's heading, with no other line between them."""
    words = r"\s+".join(re.escape(word) for word in service.split()[:40])
    for heading in re.finditer(words, case_text, re.IGNORECASE) if words else ():
        after = [number for number, start in enumerate(starts) if start >= heading.end()]
        if after and starts[after[0]] - heading.end() < _LONGEST:
            return after[0]
    return None


def _flat(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 3].rstrip() + "..."
