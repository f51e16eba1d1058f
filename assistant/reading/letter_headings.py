"""Where a service heading starts: a rationale ends before it, and PDF text keeps no mark between the two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.reading.layout import Line, ends_sentence, joined

# A heading that says what was modified runs over several sentences: "X was the original request. Y was authorized by
# the Claims Administrator. The remaining IMR eligible portion of the original request, Z is: Upheld".
_ORIGINAL_REQUEST = re.compile(r"\bwas\s+the\s+original\s+request\b", re.I)
_GOES_ON = re.compile(
    r"^(?:The\s+remaining\s+(?:IMR\s+)?eligible|The\s+original\s+request\b"
    r"|The\s+Claims\s+Administrator\s+(?:authorized|approved|certified)"
    r"|.{0,300}?\b(?:was|were)\s+(?:authorized|approved|certified)\s+by\s+the\s+Claims\s+Administrator)",
    re.I,
)
_CONCLUSION = (
    r"\b(?:medically\s+necessary(?:\s+(?:and|or|nor)\s+appropriate)?|medical\s+necessity(?:\s+\w+){0,4}"
    r"|not\s+(?:supported|indicated|certified|warranted|appropriate))"
)
_CONCLUSION_END = re.compile(_CONCLUSION + r"\s*[.!:]?[\"”)]?$", re.I)
_FULL_LINE_CONCLUSION = re.compile(r"\bmedically\s+necessary(?:\s+(?:and|or|nor)\s+appropriate)?\.[\"”)]?$", re.I)
_INNER_CONCLUSION = re.compile(
    r"\bmedically\s+necessary(?:\s+(?:and|or|nor)\s+appropriate)?\s*[.][\"”)]?\s+(?=\S)", re.I
)
_INNER_SENTENCE = re.compile(r"(?<=[.!?])[\"”)]?\s+(?=[A-Z0-9(#])")
_LONGEST_HEADING = 12  # lines; the longest seen has five


def heading_start(lines: Sequence[Line], mark: int, end: int) -> int:
    """The index of the first line of the heading that ends on line `end`; `mark` is the label or heading before it.

    The nearest paragraph start whose line before it closes a sentence or a conclusion; then back to the "original
    request" that such a heading opens with.
    """
    lowest = mark + 1
    near = range(end, max(lowest, end - _LONGEST_HEADING) - 1, -1)
    found = next((number for number in near if number == 0 or _parts(lines[number - 1])), None)
    if found is None:  # a rationale without a full stop, or one whose last line is full
        breaks = (number for number in near if lines[number - 1].ends_paragraph)
        stops = (number for number in near if number > lowest and ends_sentence(lines[number - 1].text))
        found = next(breaks, None) or next(stops, end)
    return _back_to_original_request(lines, lowest, found, end)


def split_flat(text: str, *, must_split: bool) -> tuple[str, ...]:
    """Part "...is not medically necessary. MRI of the knee: Upheld" behind the rationale; one piece if it holds none.

    `must_split` says that the line holds a rationale for certain: then its last sentence end will do.
    """
    cut = max((match.end() for match in _INNER_CONCLUSION.finditer(text)), default=None)
    if cut is None and must_split:
        sentences = [match.end() for match in _INNER_SENTENCE.finditer(text)]
        request = max((match.start() for match in _ORIGINAL_REQUEST.finditer(text)), default=len(text))
        cut = max((start for start in sentences if start <= request), default=None)
    return (text,) if cut is None else (text[:cut].rstrip(), text[cut:])


def _parts(line: Line) -> bool:
    """Whether a heading may start behind the line: it closes a paragraph and a sentence, or a conclusion."""
    if line.ends_paragraph:
        return ends_sentence(line.text) or line.text.endswith((":", ";")) or bool(_CONCLUSION_END.search(line.text))
    return bool(_FULL_LINE_CONCLUSION.search(line.text))


def _back_to_original_request(lines: Sequence[Line], lowest: int, start: int, end: int) -> int:
    heading = joined(line.text for line in lines[start : end + 1])
    if not _GOES_ON.match(heading) or _ORIGINAL_REQUEST.search(heading):
        return start
    for number in range(start - 1, max(lowest, start - _LONGEST_HEADING) - 1, -1):
        if not _ORIGINAL_REQUEST.search(joined(line.text for line in lines[number : start + 1])):
            continue
        while number > lowest and not _parts(lines[number - 1]):
            number -= 1
        return number
    return start
