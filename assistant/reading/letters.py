"""Turns the text of a final determination letter, of any of its three layouts, into a Determination."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Determination
from assistant.reading.layout import Line, joined, letter_lines
from assistant.reading.letter_decisions import decision_start, has_labels, labelled_decisions
from assistant.reading.letter_header import read_header
from assistant.reading.letter_losses import losses
from assistant.reading.letter_prose import is_prose, prose_decisions

_HEADINGS = {
    "how": r"HOW\s+THE\s+IMR\s+(?:FINAL\s+)?DETERMINATION\s+WAS\s+MADE",
    "documents": r"(?:RELEVANT\s+)?DOCUMENTS\s+REVIEWED(?:\s+FOR\s+DETERMINATION)?",
    "summary": r"(?:(?:EXPERT|PHYSICIAN)\s+REVIEWER\s+)?(?:CLINICAL\s+)?CASE\s+SUMMARY",
    "decisions": (
        r"(?:IMR\s+|INDEPENDENT\s+MEDICAL\s+REVIEW\s+)?(?:ISSUES?(?:\(S\))?\s*,?\s*(?:AND\s+)?)?"
        r"DECISIONS?(?:\(S\))?\s*,?\s+AND\s+RATIONALES?(?:\(S\))?"
    ),
    "qualifications": (
        r"(?:MEDICAL\s+)?QUALIFICATIONS\s+OF\s+THE\s+(?:EXPERT|PHYSICIAN)\s+REVIEWER|MEDICAL\s+REVIEWER\s+QUALIFICATIONS"
    ),
}
_HEADING_LINE = {
    name: re.compile(rf"(?:{pattern})\s*(?::\s*(?P<rest>.*)|$)", re.I) for name, pattern in _HEADINGS.items()
}
# Inside a line only capitals are taken for a heading.
_INNER_HEADING = re.compile(
    r"\s*\b((?:" + "|".join(f"(?:{pattern})" for pattern in _HEADINGS.values()) + r")(?=\s|:|$)(?:\s*:)?)\s*"
)

_LONGEST_HEADING = 90  # characters of a heading that takes two lines

_SUMMARY_INTRO = re.compile(
    r"\A(?:The\s+)?(?:expert|physician)\s+reviewer\s+developed\s+the\s+following\s+(?:clinical\s+)?case\s+summary\b.{0,80}?"
    r"(?:medical\s+records|case\s+file)\s*[:.]\s*"
    r"|\A(?:Disclaimer\s*:\s*)?The\s+following\s+case\s+summary\s+was\s+taken\b.{0,100}?\d{4}\s*[.:]\s*",
    re.I | re.S,
)
_SIGNS = (
    re.compile(r"\bHOW\s+THE\s+IMR\s+(?:FINAL\s+)?DETERMINATION\s+WAS\s+MADE\b", re.I),
    re.compile(r"\bDECISIONS?(?:\(S\))?\s*,?\s+AND\s+RATIONALES?(?:\(S\))?", re.I),
    re.compile(r"\bClaims\s+Administrator\s+guideline\s*:", re.I),
    re.compile(r"\b(?:MAXIMUS|Reviewer)\s+guideline\s*:", re.I),
    re.compile(r"\bDecision\s+rationale\s*:|\bRationale\s+for\s+the\s+Decision\s*:", re.I),
    re.compile(r"\bhas\s+determined\s+(?:that\s+)?the\s+request\s+for\b", re.I),
    re.compile(
        r"\bNotice\s+of\s+Independent\s+Medical\s+Review\s+Determination\b|\bIMR\s+Final\s+Determination\b", re.I
    ),
    re.compile(r"\bMEDICAL\s+TREATMENT\s+GUIDELINE\(S\)\s+RELIED\s+UPON\b", re.I),
    re.compile(r"\bISSUE\(?S?\)?\s+AT\s+DISPUTE\s*:", re.I),
    re.compile(r":\s*(?:Upheld|Overturned)\s*$", re.M),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a letter under its heading; the head of the letter has the name "head" and no heading."""

    name: str
    heading: str
    lines: tuple[Line, ...]

    @property
    def with_heading(self) -> tuple[Line, ...]:
        """All its lines, the heading's among them."""
        return (Line(self.heading, ends_paragraph=True), *self.lines) if self.heading else self.lines


def looks_like_letter(text: str) -> bool:
    """Whether the text bears at least two of the marks that only determination letters bear together."""
    return sum(bool(sign.search(text)) for sign in _SIGNS) >= 2


def read_letter(text: str, *, illustrative: bool = False) -> Determination:
    """Read a final determination letter: its head, its case summary and its decisions, in the order of the text.

    Texts are the letter's words with single blanks; a hyphen at a line's end is kept. Whatever was not found is None
    (a service: empty) and named in `warnings`, one sentence each. Never raises on any text; a text without a decision
    gives a Determination without one, and says so. Source: public letters of 2013 to 2017.
    """
    lines = letter_lines(text)
    parts, warnings = _with_decisions(_parts(lines))
    without_summary = [line for part in parts if part.name != "summary" for line in part.with_heading]
    own = [line for part in parts if part.name == "decisions" for line in part.lines]
    if not has_labels(own) and is_prose(without_summary):  # its dates stand among its decisions
        header, found = read_header(_paragraphs(without_summary)), prose_decisions(without_summary)
    else:
        header, found = read_header(_paragraphs(_outside(parts))), labelled_decisions(own)
    summary = _SUMMARY_INTRO.sub("", _text_of(parts, "summary")) or None
    if summary is None:
        warnings.append("The case summary was not found.")
    if not found.decisions:
        warnings.append("No decision was found.")
    warnings += losses(lines, found.decisions)
    return Determination(
        case_number=header.case_number,
        date_of_injury=header.dates["date_of_injury"],
        date_assigned=header.dates["date_assigned"],
        decision_date=header.dates["decision_date"],
        ur_denial_date=header.dates["ur_denial_date"],
        priority=header.priority,
        reviewer_specialty=header.reviewer_specialty,
        reviewer_licensure=header.reviewer_licensure,
        case_summary=summary,
        decisions=found.decisions,
        warnings=(*header.warnings, *warnings, *found.warnings),
        illustrative=illustrative,
    )


def _outside(parts: Sequence[_Part]) -> list[Line]:
    """The lines of the head and of what tells of the reviewer and the file."""
    return [line for part in parts if part.name not in ("summary", "decisions") for line in part.lines]


def _parts(lines: Sequence[Line]) -> list[_Part]:
    """Cut the letter at its headings, wherever they stand."""
    pieces = [piece for line in lines for piece in _cut_at_headings(line)]
    parts: list[_Part] = []
    name, heading, rows = "head", "", list[Line]()
    number = 0
    while number < len(pieces):
        found = _heading_at(pieces, number)
        if found is None:
            rows.append(pieces[number])
            number += 1
            continue
        parts.append(_Part(name, heading, tuple(rows)))
        name, heading, rest, used = found
        number += used
        rows = [Line(rest, pieces[number - 1].ends_paragraph)] if rest else []
    return [*parts, _Part(name, heading, tuple(rows))]


def _cut_at_headings(line: Line) -> list[Line]:
    """A line parted around the headings in capitals that stand in it, as in texts whose line breaks were lost."""
    pieces = [piece.strip() for piece in _INNER_HEADING.split(line.text)]
    pieces = [piece for piece in pieces if piece] or [line.text]
    return [Line(piece, number < len(pieces) - 1 or line.ends_paragraph) for number, piece in enumerate(pieces)]


def _heading_at(lines: Sequence[Line], number: int) -> tuple[str, str, str, int] | None:
    """The part whose heading starts at a line: its name, the heading, what stands behind its colon, and its lines."""
    line = lines[number].text
    both = f"{line} {lines[number + 1].text}" if number + 1 < len(lines) else line
    for name, pattern in _HEADING_LINE.items():
        if match := pattern.fullmatch(line):
            return name, line[: match.start("rest")] if match["rest"] else line, match["rest"] or "", 1
        if len(both) < _LONGEST_HEADING and line.isupper() and pattern.fullmatch(both):
            return name, both, "", 2
    return None


def _with_decisions(parts: list[_Part]) -> tuple[list[_Part], list[str]]:
    """The parts, and where the decisions' heading is missing, the decisions cut out of the part that holds them."""
    if any(part.name == "decisions" and part.lines for part in parts):
        return parts, []
    for number, part in enumerate(parts):
        if has_labels(part.lines) and (start := decision_start(part.lines)) is not None:
            cut = [_Part(part.name, part.heading, part.lines[:start]), _Part("decisions", "", part.lines[start:])]
            return [*parts[:number], *cut, *parts[number + 1 :]], ["The heading of the decisions was not found."]
    return parts, []


def _text_of(parts: Sequence[_Part], name: str) -> str:
    return joined(line.text for part in parts if part.name == name for line in part.lines)


def _paragraphs(lines: Sequence[Line]) -> str:
    """The lines as paragraphs, one a line."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        paragraphs[-1].append(line.text)
        if line.ends_paragraph:
            paragraphs.append([])
    return "\n".join(joined(rows) for rows in paragraphs if rows)
