"""The appeal check: what would give grounds to set a determination aside, each with the rule it comes from.

Sources: Labor Code 4610.6(e) (what an analysis states), 4610.6(h)(1) (powers exceeded), (h)(4) (bias), (h)(5) (a
plainly erroneous finding of fact); 8 CCR 9792.21.1 (the edition in force). A check states the difference, no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.domain import Check, Draft, Finding, IssueDraft, Move, Sentence, Status, SupportKind

ERROR, WARNING = "error", "warning"
_CONTENTS = "Labor Code 4610.6(e)"
_POWERS = "Labor Code 4610.6(h)(1)"
_BIAS = "Labor Code 4610.6(h)(4)"
_FACT = "Labor Code 4610.6(h)(5)"
_IN_FORCE = "8 CCR 9792.21.1"

_DECIDES = re.compile(r"\b(?:is|are) (?:not )?medically necessary", re.IGNORECASE)
# "given her age", "because of his ethnic origin": the trait as the reason, not as a description.
_TRAIT_AS_REASON = re.compile(
    r"\b(?:given|because of|due to|in view of|considering|in light of|on account of|based on|owing to)\s+"
    r"(?:(?:the|his|her|their|this|that|a|an|\w+[’']s)\s+){0,3}(?:\w+\s+){0,2}?"
    r"(?P<trait>age|sex|gender|race|ethnicity|ethnic origin|national origin|nationality|religion|colou?r|disability|"
    r"sexual orientation)\b",
    re.IGNORECASE,
)
_ABSENCE = re.compile(
    r"\b(?:no|not|nor|without|lacks?|absent|absence of|missing|never|undocumented|fails? to)\b", re.IGNORECASE
)
_OF_RECORDS = re.compile(
    r"\b(?:document\w*|stated?|states|mention\w*|evidence|describ\w*|records?|report\w*|show\w*)\b", re.IGNORECASE
)
_RECORD = re.compile(r"\bmedical records?\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(?:left|right|bilateral)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,/-]\d+)*")


def appeal_checks(draft: Draft) -> tuple[Check, ...]:
    """All checks of a draft, issue by issue; `Check.issue` is the issue's position from 0."""
    return tuple(check for place, issue in enumerate(draft.issues) for check in _of_issue(draft, issue, place))


def _of_issue(draft: Draft, issue: IssueDraft, place: int) -> Iterator[Check]:
    for rule, level, message in (
        *_stated(issue),
        *_in_force(draft, issue),
        *_traits(issue),
        *_as_requested(issue),
        *_absences(issue),
    ):
        yield Check(rule, level, message, place)


_Found = tuple[str, str, str]


def _stated(issue: IssueDraft) -> Iterator[_Found]:
    """What every analysis must state: the decision, the condition, what it rests on."""
    written = [sentence for sentence in issue.sentences if not sentence.slot]
    if issue.outcome is None:
        yield _CONTENTS, WARNING, "The issue is undecided; state whether the service is medically necessary."
    elif not any(_DECIDES.search(sentence.text) for sentence in written):
        yield _CONTENTS, ERROR, "No sentence states whether the service is medically necessary."
    if not any(_has(sentence, SupportKind.CASE) for sentence in written):
        yield _CONTENTS, WARNING, "No sentence cites the worker's condition or findings from the summary."
    if not any(_has(sentence, SupportKind.PASSAGE) for sentence in written):
        yield _CONTENTS, WARNING, "No sentence cites a guideline or another source that the decision rests on."
    if any(sentence.slot for sentence in issue.sentences):
        yield _CONTENTS, WARNING, "A sentence is left for you to write; export waits for it."


def _has(sentence: Sentence, kind: SupportKind) -> bool:
    return any(support.kind is kind for support in sentence.supports)


def _in_force(draft: Draft, issue: IssueDraft) -> Iterator[_Found]:
    cited = {s.id for sentence in issue.sentences for s in sentence.supports if s.kind is SupportKind.PASSAGE}
    for passage_id in sorted(cited):
        passage = draft.passages.get(passage_id)
        if passage is None or passage.edition_note or passage.current_without_criteria:
            continue
        if not passage.in_force.holds_on(draft.date_of_review):
            until = f" until {passage.in_force.end}" if passage.in_force.end else ""
            message = (
                f"{passage.guideline} was in force from {passage.in_force.start}{until}, not on {draft.date_of_review}."
            )
            yield _IN_FORCE, ERROR, message


def _traits(issue: IssueDraft) -> Iterator[_Found]:
    for sentence in issue.sentences:
        found = _TRAIT_AS_REASON.search(sentence.text)
        if found is None or sentence.slot:
            continue
        trait = found["trait"].casefold()
        if trait == "age" and any(_asks_age(finding) for finding in issue.findings):
            continue
        yield _BIAS, WARNING, f"A sentence gives the worker's {trait} as a reason, and no criterion here asks for it."


def _asks_age(finding: Finding) -> bool:
    measure = finding.criterion.measure
    return (measure is not None and measure.of == "age") or bool(
        re.search(r"\bage\b|\byears\b", finding.criterion.text)
    )


def _as_requested(issue: IssueDraft) -> Iterator[_Found]:
    """The conclusion is about exactly what was requested: its numbers and its side."""
    asked = issue.service.text
    for sentence in issue.sentences:
        if sentence.move is not Move.CONCLUSION or sentence.slot:
            continue
        said = sentence.text.replace(asked, " ")
        for number in _NUMBER.findall(said):
            if number not in _NUMBER.findall(asked):
                yield _POWERS, ERROR, f"The conclusion names {number}; the request does not."
        sides = {side.casefold() for side in _SIDE.findall(said)}
        wanted = {side.casefold() for side in _SIDE.findall(asked)} | (
            {issue.service.side.value} if issue.service.side else set()
        )
        for side in sorted(sides - wanted):
            yield _POWERS, ERROR, f"The conclusion names the {side} side; the request does not."


def _absences(issue: IssueDraft) -> Iterator[_Found]:
    """An absence may be claimed only where nothing was found, and of the summary, not of the record."""
    by_id = {finding.id: finding for finding in issue.findings}
    for sentence in issue.sentences:
        if sentence.slot or not _ABSENCE.search(sentence.text):
            continue
        if sentence.own or not sentence.supports:
            yield from _own_absence(sentence, by_id.values())
        if _RECORD.search(sentence.text):
            yield _FACT, WARNING, "A sentence says what the medical record lacks; only the summary was read."
        claimed = [by_id[s.id] for s in sentence.supports if s.kind is SupportKind.FINDING and s.id in by_id]
        for finding in claimed:
            if finding.status is not Status.NOT_FOUND and sentence.text.startswith("The summary does not state"):
                yield _FACT, ERROR, f"A sentence calls something absent of which the summary says {_quoted(finding)}."


def _own_absence(sentence: Sentence, findings: Iterable[Finding]) -> Iterator[_Found]:
    """The reviewer's own sentence says that something is missing of which the search found words."""
    if not _OF_RECORDS.search(sentence.text):
        return
    for finding in findings:
        words = [word for word in finding.searched if len(word) > 4]
        named = next((w for w in words if re.search(rf"\b{re.escape(w)}", sentence.text, re.IGNORECASE)), None)
        if finding.evidence and named and finding.status in {Status.SUPPORTED, Status.FOR_REVIEWER}:
            yield _FACT, WARNING, f"A sentence calls {named} missing; the summary says {_quoted(finding)}."


def _quoted(finding: Finding) -> str:
    return f"“{finding.evidence[0].quote}”" if finding.evidence else "something that you should see"
