"""Contradictions between the issues of one letter (Labor Code 4610.6(h)(5)): two statements that cannot both be right.

One rationale says that a thing is documented and another that it is not, or they give different counts, sides or dates
for the same thing. Where both values were verified against the case, the case itself holds both and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain import Draft, IssueDraft, Move, Sentence, Status, SupportKind
from assistant.drafting.analysis import Analysis, analyse
from assistant.drafting.checks.absences import told_by_the_case
from assistant.drafting.checks.found import Found, unquoted, written
from assistant.drafting.checks.silences import Absent, absences, content_of
from assistant.drafting.claims import Kind
from assistant.drafting.wording import Sort

_AFFIRMS = re.compile(
    r"\b(?:states?|documents?|documented|describes?|shows?|has (?:already )?(?:had|tried|received|completed"
    r"|been given)|had|received|completed|underwent|takes|took|tried|uses?|used"
    r"|(?:was|were) (?:given|done|performed))\b",
    re.IGNORECASE,
)
_NEGATES = re.compile(
    r"\b(?:no|not|nor|neither|never|without|lack\w*|absen\w+|undocumented|denie[sd])\b", re.IGNORECASE
)
_DONE = re.compile(
    r"\b(?:had|completed|received|attended|underwent|undergone|done|been given|was given|were given|finished)\b", re.I
)
_NOT_DONE = re.compile(
    r"\b(?:request\w*|asked|asks|limit|allow\w*|up to|recommend\w*|certif\w+|guideline|MTUS|ODG"
    r"|of (?:the |these |those )?\d+)\b",
    re.I,
)
_ACTION = "Read both rationales against the case, and correct the one that is wrong."


@dataclass(frozen=True, slots=True)
class _Said:
    """A value that a sentence gives for a thing."""

    issue: int
    place: int
    thing: str
    kind: str
    value: str
    verified: bool


def said_and_denied(draft: Draft) -> Iterator[Found]:
    """One issue says that a thing is there, another that it is absent."""
    for denying, issue in enumerate(draft.issues):
        for place, sentence in written(issue):
            for affirming, other in enumerate(draft.issues):
                against = (
                    _against(issue, sentence, other) if affirming != denying and _may_compare(issue, other) else None
                )
                if against is not None:
                    yield Found(
                        f"This sentence calls absent what issue {affirming + 1} states.",
                        _ACTION,
                        sentence=place,
                        quote=against.text,
                        issue=denying,
                    )
                    break


def _may_compare(issue: IssueDraft, other: IssueDraft) -> bool:
    """Whether two issues are of one part of the body, as far as it is known."""
    here, there = set(issue.service.body_regions), set(other.service.body_regions)
    return not here or not there or bool(here & there)


def _against(issue: IssueDraft, sentence: Sentence, other: IssueDraft) -> Sentence | None:
    """The sentence of the other issue that states what this one calls absent."""
    absent = [thing for thing in absences(sentence.text) if thing.silent or not told_by_the_case(sentence)]
    denied = _not_found(issue, sentence)
    for _, told in written(other):
        if told.move is Move.RULE:
            continue  # what a guideline asks says nothing of the case
        if any(_states(told.text, thing) for thing in absent):
            return told
        if denied and any(asks <= wanted for asks in _supported(other, told) for wanted in denied):
            return told
    return None


def _states(text: str, absent: Absent) -> bool:
    plain = unquoted(text)
    if _NEGATES.search(plain) or not _AFFIRMS.search(plain):
        return False
    return absent.content <= content_of(text) and (not absent.place or absent.place <= content_of(text))


def _not_found(issue: IssueDraft, sentence: Sentence) -> list[frozenset[str]]:
    return [asks for asks, status in _asked(issue, sentence) if status is Status.NOT_FOUND]


def _supported(issue: IssueDraft, sentence: Sentence) -> list[frozenset[str]]:
    return [asks for asks, status in _asked(issue, sentence) if status is Status.SUPPORTED]


def _asked(issue: IssueDraft, sentence: Sentence) -> Iterator[tuple[frozenset[str], Status]]:
    """The concepts that the findings asked for on which a sentence rests."""
    held = {support.id for support in sentence.supports if support.kind is SupportKind.FINDING}
    for finding in issue.findings:
        if finding.id in held and finding.criterion.asks:
            yield frozenset(finding.criterion.asks), finding.status


# --- values ---------------------------------------------------------------------------------------------------


def different_values(draft: Draft) -> Iterator[Found]:
    """Two issues give different counts, sides or dates for the same thing."""
    first: dict[tuple[str, str], _Said] = {}
    told: set[tuple[str, str, int]] = set()
    for said in _values(draft):
        key = (said.kind, said.thing)
        earlier = first.setdefault(key, said)
        once = (*key, said.issue)
        if earlier.issue == said.issue or earlier.value == said.value or once in told:
            continue
        if earlier.verified and said.verified:
            continue
        told.add(once)
        yield Found(
            f"Issue {earlier.issue + 1} says {earlier.value} for {said.thing}; this one says {said.value}.",
            _ACTION,
            sentence=said.place,
            quote=draft.issues[earlier.issue].sentences[earlier.place].text,
            issue=said.issue,
        )


def _values(draft: Draft) -> Iterator[_Said]:
    for number, issue in enumerate(draft.issues):
        for place, sentence in written(issue):
            read = analyse(sentence.text)
            for kind, found in (("count", _counts(read)), ("side", _sides(read)), ("date", _dates(read))):
                for thing, value in found:
                    yield _Said(number, place, thing, kind, value, sentence.verified)


def _counts(read: Analysis) -> Iterator[tuple[str, str]]:
    """How many visits of a treatment were had, where a sentence tells of one treatment and one count."""
    if _NOT_DONE.search(read.text) or not _DONE.search(read.text):
        return
    things = {thing.name for thing in read.things if thing.sort is Sort.TREATMENT}
    counts = [p.claim for p in read.claims if p.claim.kind is Kind.NUMBER and _is_visits(p.claim.unit)]
    if len(things) == 1 and len(counts) == 1:
        yield things.pop(), counts[0].value


def _is_visits(unit: str | None) -> bool:
    return unit is not None and bool(re.match(r"(?:visit|session|treatment|injection|appointment)", unit))


def _sides(read: Analysis) -> Iterator[tuple[str, str]]:
    """The side of a named condition: the words after "left" or "right" up to the next joining word, two at least."""
    for placed in read.claims:
        if placed.claim.kind is not Kind.SIDE or placed.claim.value == "bilateral":
            continue
        after = re.match(r"\s+((?:[\w'’-]+\s*){2,4})", read.text[placed.claim.end :])
        words = (
            re.split(r"\b(?:and|or|with|is|are|was|were|has|had|to|of|in|on|at|for|that|which)\b", after[1])[0]
            if after
            else ""
        )
        if len(content_of(words)) >= 2:
            yield " ".join(words.split()).casefold(), placed.claim.value


_DATED = re.compile(
    r"\b(?P<thing>injur(?:y|ed)|hurt|surgery|operat(?:ion|ed)|fell|MRI|X-rays?|EMG|CT)\b[^.;,]{0,40}?\b(?:on|of"
    r"|dated|from|was)\s+$",
    re.I,
)
_SAME = {
    "injured": "the injury",
    "injury": "the injury",
    "hurt": "the injury",
    "fell": "the injury",
    "operated": "surgery",
    "operation": "surgery",
}


def _dates(read: Analysis) -> Iterator[tuple[str, str]]:
    """The day of the injury, of surgery or of a study; a month or a year alone is no day."""
    for placed in read.claims:
        if placed.claim.kind is not Kind.DATE or placed.claim.value.endswith("-") or placed.claim.value.startswith("-"):
            continue
        before = _DATED.search(read.text[: placed.claim.start])
        if before:
            thing = before["thing"].casefold()
            yield _SAME.get(thing, thing), placed.claim.value
