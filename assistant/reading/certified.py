"""What of a request utilization review already certified, set apart from what is asked of the review."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain import Span

_REMAINING = re.compile(
    r"\b(?:the )?remaining\b[^.]{0,80}?\b(?:portion|part|balance|request)\b(?: of the original request)?"
    r"\s*[,:]?\s+(?:is\s+)?"
    r"(?P<asked>[^\s].*?)(?:\s+(?:is|are|was|were))?\s*[.:,]?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_REMAINING_ALONE = re.compile(
    r"\bthe remaining\s+(?P<asked>[^.]+?)\s+(?:is|are)\s*[.:]?\s*$", re.IGNORECASE | re.DOTALL
)
_ORIGINAL = re.compile(
    r"\bThe original request\s*,\s*(?P<asked>[^\s].*?)\s+(?:is|are)\s*[.:]?\s*$", re.IGNORECASE | re.DOTALL
)
_CERTIFIED_SENTENCE = re.compile(
    r"(?P<said>(?:(?<=[.]\s)|^)(?:(?!original request)(?:[^.]|\.(?=\d)))*?\b(?:was|were|has been|have been)?\s*"
    r"(?:authorized|authorised|certified|approved)\b(?:[^.]|\.(?=\d))*)",
    re.IGNORECASE,
)
# "(modified to 6)", "; UR certified #60", "- partially certified for 6 sessions"
_ASIDE = re.compile(
    r"[\s,;(\[–-]*\b(?:(?:which|and|but)\s+)?"
    r"(?:(?:UR|utilization review|the claims administrator|claims administrator)\s+)?"
    r"(?:(?:was|were|has been|have been|partially|partly|already|previously|only)\s+)*"
    r"(?P<verb>modified|certified|authorized|authorised|approved|non-?certified|certification)\b"
    r"(?!\s+(?:hand|therapist|nurse|athletic|massage))[^()\[\];]*[)\]]?",
    re.IGNORECASE,
)
_A_PART = re.compile(r"\bmodif|(?<!non-)(?<!non)(?<!not )\b(?:certified|authori[sz]ed|approved)\b", re.IGNORECASE)
_REQUEST_FOR = re.compile(r"\brequest\w*\s+(?:for\s+)?(?:authorization|certification)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a request that say what is asked, and those on what utilization review did with it."""

    span: Span
    certified: str | None


def asked_part(text: str) -> Asked:
    """Set apart what `text` asks from what it says utilization review certified, modified or denied.

    "X times 12 was the original request. X times 6 was authorized ... The remaining ... portion, X times 6 is" asks
    for the last six. Without such words all of `text` is asked. Raises ValueError for a blank text.
    """
    for pattern in (_REMAINING, _ORIGINAL, _REMAINING_ALONE):
        found = pattern.search(text)
        if found and found["asked"].strip():
            said = _CERTIFIED_SENTENCE.search(text[: found.start()])
            return Asked(Span.of(text, *found.span("asked")), said["said"].strip() if said else None)
    return _without_aside(text)


def certifies_a_part(request: str) -> bool:
    """Whether a request says that utilization review modified it or certified a part; a plain denial is neither."""
    certified = asked_part(request).certified if request.strip() else None
    return bool(certified and _A_PART.search(certified))


def _without_aside(text: str) -> Asked:
    whole = _trimmed(text, 0, len(text))
    for found in _ASIDE.finditer(text):
        if _REQUEST_FOR.search(text, max(0, found.start() - 20), found.end()) or found.start() < 2:
            continue
        said = found.group().strip(" ,;()[]–-")
        before = _trimmed(text, 0, found.start())
        if before is not None and said:
            return Asked(before, said)
    if whole is None:
        start = len(text) - len(text.lstrip())
        whole = Span.of(text, start, len(text.rstrip()))
    return Asked(whole, None)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and not (text[start].isalnum() or text[start] in "#("):
        start += 1
    while end > start and text[end - 1] in " \t\r\n\xa0,;:.([-–":
        end -= 1
    return Span.of(text, start, end) if start < end else None
