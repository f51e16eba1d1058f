"""The decisions of a letter whose parts carry labels: service heading, both guideline lines and the rationale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.domain import Decision, Outcome
from assistant.reading.citations import cited_guidelines
from assistant.reading.layout import Line, ends_sentence, joined
from assistant.reading.letter_headings import heading_start, split_flat

_REVIEWER = r"(?:MAXIMUS|IMR|(?:Expert|Physician|Medical)\s+Reviewer|Reviewer)(?:['’]?s)?"
# The labels as printed from 2014 on.
_LABELS = {
    "claims_administrator_guideline": re.compile(
        r"(?:The\s+)?Claims\s+Administrator(?:['’]?s)?\s+guidelines?\s*:\s*", re.I
    ),
    "reviewer_guideline": re.compile(rf"(?:The\s+)?{_REVIEWER}\s+guidelines?\s*:\s*", re.I),
    "rationale": re.compile(
        rf"(?:The\s+)?(?:{_REVIEWER}\s+)?Decision\s+rationale\s*:\s*|Rationale\s+for\s+(?:the\s+)?decision\s*:\s*", re.I
    ),
}
# The turn of 2013 to 2014 printed sentences in their stead; they are labels and contents in one.
_SPOKEN_LABELS = {
    "claims_administrator_guideline": re.compile(
        r"(?=(?:The\s+)?Claims\s+Administrator\s+(?:based\s+(?:its|their|his/her)\s+decision\s+(?:on|upon)|did\s+not\s+cite)\b)",
        re.I,
    ),
    "reviewer_guideline": re.compile(
        r"(?=(?:The\s+)?(?:Expert|Physician|Medical)\s+Reviewer\s+(?:based\s+(?:its|their|his/her)\s+decision\s+(?:on|upon)|did\s+not)\b)",
        re.I,
    ),
    "rationale": _LABELS["rationale"],
}
# Inside a line only the exact print is taken for a label, so that prose on "the guideline" is left alone.
_PRINTED_LABELS = (r"Claims Administrator guideline:", r"MAXIMUS guideline:", r"Decision rationale:")
_PART_NAMES = {
    "claims_administrator_guideline": "claims administrator's guideline",
    "reviewer_guideline": "reviewer's guideline",
    "rationale": "rationale",
}

_GUIDELINE_LABELS = {name: pattern for name, pattern in _LABELS.items() if name != "rationale"}
_INNER_LABEL = re.compile(r"(?<=\S)\s+(?=" + "|".join(f"(?:{label})" for label in _PRINTED_LABELS) + ")")
_CITES_NOTHING = re.compile(r"\bdid\s+not\s+(?:cite|specify|rely|base)\b|\bno\s+(?:evidence|guideline)", re.I)

_COLON_OUTCOME = re.compile(r"\s*[:;]\s*(?P<outcome>Upheld|Overturned)\s*\.?\s*$", re.I)
_ODD_OUTCOME = re.compile(
    r"\s*:\s*(?P<outcome>(?:partially\s+|partly\s+)?(?:upheld|overturned|modified|withdrawn|denied|approved|certified|conditionally\s+\w+))\s*\.?\s*$",
    re.I,
)
_SPOKEN_OUTCOME = re.compile(
    r"\s+(?:is|are|was|were)\s*(?P<negated>not\s*)?medically\s+necessary(?:\s+and\s+appropriate)?\s*\.?\s*$", re.I
)
_LONE_OUTCOME = re.compile(r"[:;]?\s*(?:Upheld|Overturned)\s*\.?", re.I)
_ORDINAL = re.compile(r"^(?:#|Issue\s+)?(\d{1,2})\s*[.):]\s+(?=\S)")
_SPOKEN_LEAD = re.compile(
    r"^(?:MAXIMUS\s+Federal\s+Services(?:,?\s+Inc\.?)?\s+has\s+determined\s+)?(?:the\s+)?request\s+for\s+", re.I
)
_INTRO = re.compile(
    r"\A(?:The\s+|A\s+)?(?:Final\s+Determination\s+was\s+based|decision\s+has\s+been\s+made)\b[^.:]{0,150}?"
    r"\b(?:below|in\s+dispute)\s*[:.]?\s*",
    re.I,
)
_CLOSING = re.compile(r"^(?:Effect\s+of\s+the\s+Decision\s*:?|Sincerely,?$|Disclaimer\s*:\s*MAXIMUS)", re.I)
_INITIALS = re.compile(r"/[A-Za-z]{1,4}")  # of who typed the letter


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of a letter, and one sentence for each part that was not found."""

    decisions: tuple[Decision, ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Issue:
    """A decision under construction: its heading, the lines of its parts, and those of no part."""

    service: str
    outcome: Outcome | None
    parts: dict[str, list[Line]] = field(default_factory=dict)
    stray: list[Line] = field(default_factory=list)


class _Reader:
    """Walks over the lines of the decision part once; what a line is depends on the labels that the letter uses."""

    def __init__(self, lines: Sequence[Line]) -> None:
        lines = _with_outcomes_joined(_split_at_labels(lines))
        self.labels = _LABELS if any(_label(line.text, _GUIDELINE_LABELS) for line in lines) else _SPOKEN_LABELS
        self.spoken = not any(_COLON_OUTCOME.search(line.text) for line in lines)
        self.lines = self._without_closing(self._with_flat_headings_split(lines))

    def is_heading_end(self, number: int, lines: Sequence[Line]) -> bool:
        """Whether the line closes a service heading: it says the outcome, and what follows fits."""
        line = lines[number]
        before_label = number + 1 < len(lines) and _label(lines[number + 1].text, self.labels) is not None
        if _COLON_OUTCOME.search(line.text):
            return before_label or line.ends_paragraph
        if not before_label:
            return False
        return bool(_ODD_OUTCOME.search(line.text) or (self.spoken and _SPOKEN_OUTCOME.search(line.text)))

    def _with_flat_headings_split(self, lines: Sequence[Line]) -> list[Line]:
        """Part a heading from a rationale that stands before it in the same line."""
        parted: list[Line] = []
        for number, line in enumerate(lines):
            pieces: tuple[str, ...] = (line.text,)
            if self.is_heading_end(number, lines):
                pieces = split_flat(line.text, must_split=_label(line.text, self.labels) is not None)
            parted += [Line(piece, ends_paragraph=True) for piece in pieces[:-1]]
            parted.append(Line(pieces[-1], line.ends_paragraph))
        return parted

    def _without_closing(self, lines: list[Line]) -> list[Line]:
        """The lines before the letter's closing formula, which stands behind the last label."""
        last = max((number for number, line in enumerate(lines) if _label(line.text, self.labels)), default=len(lines))
        for number in range(last + 1, len(lines)):
            if lines[number - 1].ends_paragraph and _CLOSING.match(lines[number].text):
                return lines[:number]
        return lines[:-1] if lines and _INITIALS.fullmatch(lines[-1].text) else lines

    def first(self) -> int | None:
        """The index of the line on which the first decision starts, None where there is none."""
        for number, line in enumerate(self.lines):
            if self.is_heading_end(number, self.lines):
                return heading_start(self.lines, -1, number)
            if _label(line.text, self.labels):
                return number
        return None

    def read(self) -> tuple[list[_Issue], list[Line]]:
        """The issues in their order, and the lines before the first of them."""
        issues: list[_Issue] = []
        stray: list[Line] = []
        body = stray  # where a plain line goes
        start = -1  # the line of the last mark
        for number, line in enumerate(self.lines):
            label = _label(line.text, self.labels)
            if label is not None:
                if not issues or label[0] in issues[-1].parts:
                    issues.append(_unheaded(body, is_first=not issues))
                body = issues[-1].parts.setdefault(label[0], [])
                body.append(Line(line.text[label[1] :], line.ends_paragraph))
                start = number
            elif self.is_heading_end(number, self.lines):
                first = heading_start(self.lines, start, number)
                del body[len(body) - (number - first) :]
                issues.append(_headed(joined(row.text for row in self.lines[first : number + 1])))
                body = issues[-1].stray
                start = number
            else:
                body.append(line)
        return issues, stray


def has_labels(lines: Sequence[Line]) -> bool:
    """Whether the lines hold decisions in the labelled form: a guideline line and a rationale."""
    return any(_label(line.text, _GUIDELINE_LABELS) for line in _split_at_labels(lines))


def decision_start(lines: Sequence[Line]) -> int | None:
    """How many of the lines stand before the first decision, for a letter that lacks the part's heading."""
    reader = _Reader(lines)
    first = reader.first()
    if first is None:
        return None
    before = sum(len(line.text.split()) for line in reader.lines[:first])
    for number, line in enumerate(lines):  # splitting changed the lines but not the words
        if before <= 0:
            return number
        before -= len(line.text.split())
    return len(lines)


def labelled_decisions(lines: Sequence[Line]) -> Decisions:
    """Read the decisions out of the lines of a letter's decision part.

    A decision starts at its heading ("<service>: Upheld", or "<service> is not medically necessary and appropriate"
    before its guideline line). Its parts may come in any order or be missing. Text that belongs to no decision is
    reported, never dropped in silence.
    """
    issues, stray = _Reader(lines).read()
    warnings = []
    if _INTRO.sub("", joined(line.text for line in stray)):
        warnings.append("Text before the first decision was not read.")
    decisions = []
    for number, issue in enumerate(_without_bare_lists(issues), 1):
        decision, missing = _decision(issue, number)
        decisions.append(decision)
        warnings += [f"Decision {number}: {problem}." for problem in missing]
    return Decisions(tuple(decisions), tuple(warnings))


# --- lines ----------------------------------------------------------------------------------------------------


def _label(text: str, labels: dict[str, re.Pattern[str]]) -> tuple[str, int] | None:
    """The label that starts the line, and where its contents start."""
    return next(((name, match.end()) for name, pattern in labels.items() if (match := pattern.match(text))), None)


def _split_at_labels(lines: Sequence[Line]) -> list[Line]:
    """Break lines before labels that stand inside them, as in texts whose line breaks were lost."""
    parted = []
    for line in lines:
        pieces = [piece.strip() for piece in _INNER_LABEL.split(line.text)]
        parted += [Line(piece, ends_paragraph=True) for piece in pieces[:-1]]
        parted.append(Line(pieces[-1], line.ends_paragraph))
    return parted


def _with_outcomes_joined(lines: Sequence[Line]) -> list[Line]:
    """Put an outcome that the line break parted from its heading back onto the heading's last line."""
    kept: list[Line] = []
    for line in lines:
        lone = _LONE_OUTCOME.fullmatch(line.text)
        if kept and lone and (kept[-1].text.endswith((":", ";")) or line.text[0] in ":;"):
            kept[-1] = Line(f"{kept[-1].text} {line.text}", ends_paragraph=True)
        else:
            kept.append(line)
    return kept


# --- issues ---------------------------------------------------------------------------------------------------


def _headed(heading: str) -> _Issue:
    heading = _INTRO.sub("", heading)
    if match := _COLON_OUTCOME.search(heading):
        return _Issue(heading[: match.start()].strip(), Outcome(match["outcome"].capitalize()))
    if match := _ODD_OUTCOME.search(heading):
        return _Issue(heading[: match.start()].strip(), None)
    match = _SPOKEN_OUTCOME.search(heading)
    outcome = Outcome.UPHELD if match and match["negated"] else Outcome.OVERTURNED
    return _Issue(heading[: match.start()].strip() if match else heading, outcome if match else None)


def _unheaded(body: list[Line], *, is_first: bool) -> _Issue:
    """A decision whose heading says no outcome: the last paragraph before its first label names the service."""
    first = len(body)
    while first > 0 and (first == len(body) or not body[first - 1].ends_paragraph):
        first -= 1
    text = joined(line.text for line in body[first:])
    text = _INTRO.sub("", text) if is_first else text
    if not text or ends_sentence(text) or (first == 0 and not is_first):
        return _Issue("", None)
    del body[first:]
    return _Issue(text, None)


def _without_bare_lists(issues: Sequence[_Issue]) -> list[_Issue]:
    """The issues without headings that only list what a later or earlier one decides in full."""
    full = {_folded(issue.service) for issue in issues if issue.parts}
    return [issue for issue in issues if issue.parts or _folded(issue.service) not in full]


def _folded(service: str) -> str:
    return re.sub(r"\W+", " ", _ORDINAL.sub("", service)).strip().lower()


def _decision(issue: _Issue, number: int) -> tuple[Decision, list[str]]:
    """The decision, and what of it was not found. Its ordinal is no part of the service, nor is "the request for"."""
    service = issue.service
    if (ordinal := _ORDINAL.match(service)) and int(ordinal[1]) == number:
        service = service[ordinal.end() :]
    service = _SPOKEN_LEAD.sub("", service) if service != issue.service or _SPOKEN_LEAD.match(service) else service
    texts = {name: joined(line.text for line in issue.parts.get(name, ())) or None for name in _PART_NAMES}
    missing = [f"the {_PART_NAMES[name]} was not found" for name, text in texts.items() if text is None]
    if issue.stray:
        missing.append("the text between its heading and its guideline was not read")
    if not service:
        missing.insert(0, "the service was not found")
    if issue.outcome is None:
        missing.append("the outcome is neither Upheld nor Overturned")
    guidelines = cited_guidelines(texts["reviewer_guideline"])
    if texts["reviewer_guideline"] and not guidelines and not _CITES_NOTHING.search(texts["reviewer_guideline"]):
        missing.append("no guideline was recognised in the reviewer's guideline line")
    decision = Decision(
        service,
        issue.outcome,
        texts["claims_administrator_guideline"],
        texts["reviewer_guideline"],
        guidelines,
        texts["rationale"],
    )
    return decision, missing
