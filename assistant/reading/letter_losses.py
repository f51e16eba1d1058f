"""What a reading may have lost: decision headings of the text that no decision was read from, each named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import Decision
from assistant.reading.layout import Line, joined

# How a heading ends: a mark, then a word that is Upheld or Overturned or, by a scanner's slip, nearly so.
# It is matched from a line's first sign on: sought at each of its places, a long line would take its square.
_HEADING_END = re.compile(r"\s*(?P<before>\S.*?)\s*[:;.,|-]\s*(?P<word>[\w|!()$]{5,13})\s*\.?\s*$")
_ORDINAL = re.compile(r"^(?:#|Issue\s+)?\d{1,2}\s*[.):]\s+")
_OUTCOMES = ("upheld", "overturned")
_SLIPS = str.maketrans("01|!5$8", "olllssb")
_MOST_SLIPS = 2  # letters of an outcome that a scanner may have read wrongly
_RATIONALE = re.compile(r"\b[DO0]ec[il1|]s[il1|][o0]n\s+rat[il1|][o0]na[l1|I]e\s*[:;.]", re.I)


def losses(lines: Sequence[Line], decisions: Sequence[Decision]) -> list[str]:
    """One sentence for each line that looks like a decision's heading and was not read as one, and for rationales that
    stand in another decision's words.

    A heading counts as read where its last line stands in a decision's service. Nothing of the text is quoted.
    """
    services = [_folded(decision.service) for decision in decisions]
    warnings = []
    for number, line in enumerate(lines, 1):
        before = _heading(line.text)
        if before is not None and not any(before in service for service in services):
            warnings.append(f"Line {number} looks like the heading of a decision and was not read as one.")
    swallowed = sum(len(_RATIONALE.findall(part)) for d in decisions for part in _parts(d))
    if swallowed:
        warnings.append(f"{swallowed} more rationales stand within the text of other decisions and were not parted.")
    return warnings


def _heading(text: str) -> str | None:
    """What stands before the outcome on a line that ends like a heading, folded; None for any other line."""
    match = _HEADING_END.match(text)
    if match is None or not any(_near(match["word"], outcome) for outcome in _OUTCOMES):
        return None
    return _folded(_ORDINAL.sub("", match["before"]))


def _near(word: str, outcome: str) -> bool:
    """Whether a word differs from an outcome by a scanner's slips only."""
    plain = word.lower().translate(_SLIPS)
    if abs(len(plain) - len(outcome)) > _MOST_SLIPS:
        return False
    return plain == outcome or _distance(plain, outcome) <= _MOST_SLIPS


def _distance(one: str, other: str) -> int:
    """How many letters must be put in, taken out or changed (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != wanted))
    return row[-1]


def _parts(decision: Decision) -> list[str]:
    return [
        text
        for text in (decision.claims_administrator_guideline, decision.reviewer_guideline, decision.rationale)
        if text
    ]


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", joined([text])).lower()
