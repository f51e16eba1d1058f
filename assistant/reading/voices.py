"""Which part of a sentence is utilization review's view, and which is the record told beside it.

A reviewer's reasons run on ("because there was no benefit and no plan"); what stands before the review's own clause, or
after it with the record as its speaker ("; the treating physician notes six visits"), is the record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import Span
from assistant.reading.wordbook import Hit

_REVIEW_NAMED = (
    r"(?:utili[sz]ation review|UR|the claims administrator|the (?:claims )?adjuster|the reviewer|peer review)\b"
)
_TURN = re.compile(
    r";\s|,?\s(?=(?:but|however|although|though|while|whereas|yet)\b)"
    rf"|(?:,\s(?:and\s|so\s)?|\sand\s)(?=(?:on [\d/-]+,?\s)?{_REVIEW_NAMED})"
    r"|,?\sand (?=(?:he|she|the (?:patient|worker|injured worker|applicant|treating|physician|provider|records?|notes?)"
    r"|reports?|complains?|denies|continues)\b)",
    re.IGNORECASE,
)
# The record takes the word again.
_RECORD = re.compile(
    r"\W*(?:(?:but|however|although|though|while|whereas|yet|and)\W+)?(?:the\s|his\s|her\s)?"
    r"(?:treating|primary|requesting|attending|physician|provider|doctor|surgeon|therapist|chart|medical records?"
    r"|records?"
    r"|progress (?:notes?|reports?)|(?:clinic |office |visit )?notes?|reports? (?:of|dated|from)"
    r"|documentation (?:shows|of))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\W*(?:because|since|as|given|due to|noting|citing|based on|for lack|per|according to|on the grounds)\b",
    re.IGNORECASE,
)
# Words that only name a rule or a denial; they make no speaker of the rest of the sentence.
_NO_SPEAKER = re.compile(
    r"guideline|MTUS|ODG|ACOEM|insurance|\Adenial\Z|dispute|necess|\Adenied (?:the|a)\b", re.IGNORECASE
)


def told_by_review(text: str, sentence: Span, reviews: Sequence[Hit[str]], start: int) -> bool:
    """Whether the words at `start` are utilization review's; `reviews` are the words of the sentence that name it."""
    edges = [sentence.start, *(cut.end() for cut in _TURN.finditer(text, sentence.start, sentence.end)), sentence.end]
    parts = list(zip(edges, edges[1:], strict=False))
    mine = next((part for part in parts if part[0] <= start < part[1]), parts[-1])
    return any(_reaches(text, hit, mine) for hit in reviews)


def _reaches(text: str, hit: Hit[str], part: tuple[int, int]) -> bool:
    start, end = part
    if start < hit.end and hit.start < end:
        return True
    if hit.start >= end:
        return bool(_REASON.match(text, start))
    speaks = not _NO_SPEAKER.search(text[hit.start : hit.end])
    return speaks and not _RECORD.match(text, start)
