"""Conflicts of side, level, count and date between the request, utilization review's words, the case and the draft.

Source: Labor Code 4610.6(h)(5): the wrong side, level, number or date is a mistake of ordinary knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import DisputedService, Draft, IssueDraft, Move, Sentence, Side
from assistant.drafting.analysis import Analysis, analyse
from assistant.drafting.checks.found import ERROR, WARNING, Found, unquoted, written
from assistant.drafting.checks.requests import levels_of, sides_of
from assistant.drafting.claims import Kind, claims_in
from assistant.drafting.wording import Sort
from assistant.reading.numbers import dates

_OPPOSITE = {"left": "right", "right": "left"}


def case_words_it_otherwise(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The summary itself words this request with another side, level or number."""
    service = issue.service
    worded = [other for other in draft.case.services if _is_same_request(other, service)]
    for what, asked, held, level in (
        ("side", _sides(service), [_sides(other) for other in worded], ERROR),
        ("level", frozenset(levels_of(service.text)), [frozenset(levels_of(o.text)) for o in worded], ERROR),
        ("number", _number(service), [_number(other) for other in worded], WARNING),
    ):
        if not asked or not held or any(not said or said & asked for said in held):
            continue
        quote = worded[0].text
        yield Found(
            f"The request is “{service.text}”; the summary words it “{quote}”, with another {what}.",
            f"Check the {what} against the request for authorization, and correct the list of services or say "
            f"which is right.",
            level,
            quote=quote,
        )


def _is_same_request(other: DisputedService, service: DisputedService) -> bool:
    if other.text == service.text or other.kind is None or other.kind != service.kind:
        return False
    here, there = set(service.body_regions), set(other.body_regions)
    return not here or not there or bool(here & there)


def _sides(service: DisputedService) -> frozenset[str]:
    said = sides_of(service.text) | ({service.side.value} if service.side else set())
    return frozenset() if Side.BILATERAL.value in said or said >= {"left", "right"} else frozenset(said)


def _number(service: DisputedService) -> frozenset[str]:
    """The number asked for; with it any other that the request words: that of the original request, doses, days."""
    given = (service.quantity, service.quantity_max)
    asked = frozenset(f"{value:g}" for value in given if value is not None)
    return asked | _counts(service.text) if asked else frozenset()


def _listed(values: frozenset[str]) -> str:
    return " and ".join(sorted(values))


_REVIEW_DID = re.compile(
    r"\b(?:utilization review|UR|claims administrator)\b[^.;]{0,60}?\b(?:certified|authori[sz]ed|approved"
    r"|modified|allowed)\b"
    r"[^.;]*|\b(?:certified|authori[sz]ed|approved|modified)\b[^.;]*\bby (?:utilization review|UR"
    r"|the claims administrator)\b",
    re.IGNORECASE,
)


def review_words_it_otherwise(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """Utilization review's words differ: in side from the request, or in number from what the draft says of it."""
    certified = issue.service.certified
    if not certified:
        return
    asked, said = _sides(issue.service), sides_of(certified)
    if asked and said and not said & asked:
        yield Found(
            f"The request is for the {_listed(asked)} side; utilization review's words name the "
            f"{_listed(frozenset(said))} side.",
            "Check which side was requested, and say so.",
            ERROR,
            quote=certified,
        )
    held = _counts(certified) | _counts(issue.service.text)
    for place, sentence in written(issue):
        match = _REVIEW_DID.search(sentence.text)
        wrong = _counts(match.group()) - held if match and _counts(certified) else frozenset()
        for value in sorted(wrong):
            yield Found(
                f"The sentence says that utilization review certified {value}; its words are “{certified}”.",
                "Correct the number that utilization review certified.",
                ERROR,
                place,
                certified,
            )


def _counts(text: str) -> frozenset[str]:
    return frozenset({claim.value for claim in claims_in(text) if claim.kind is Kind.NUMBER})


def speaks_of_the_other_side(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The rationale speaks of the requested part of the body on the other side only, or of other levels only."""
    asked = _sides(issue.service)
    parts = {thing.name for thing in analyse(issue.service.text).things if thing.sort is Sort.PART}
    if len(asked) == 1 and parts:
        seen = [(place, side) for place, s in _facts(issue) for side in _sides_beside(analyse(s.text), parts)]
        (side,) = asked
        if seen and all(other == _OPPOSITE.get(side) for _, other in seen):
            yield Found(
                f"The request is for the {side} side; the rationale speaks of the {seen[0][1]} side only.",
                "Check the side of the facts that are cited, and cite those of the requested side.",
                sentence=seen[0][0],
                quote=issue.service.text,
            )
    yield from _other_levels_only(issue)


def _facts(issue: IssueDraft) -> Iterator[tuple[int, Sentence]]:
    """The sentences that tell the case; the rule and the conclusion name what was asked."""
    return ((place, s) for place, s in written(issue) if s.move in {Move.FACTS, Move.GAP, Move.FIT})


def _sides_beside(read: Analysis, parts: set[str]) -> Iterator[str]:
    """The sides that stand at one of the parts of the body, three words away at most."""
    for placed in read.claims:
        if placed.claim.kind is not Kind.SIDE:
            continue
        for thing in read.things:
            if thing.sort is Sort.PART and thing.name in parts and 0 <= thing.first - placed.last <= 3:
                yield placed.claim.value


def _other_levels_only(issue: IssueDraft) -> Iterator[Found]:
    asked = levels_of(issue.service.text)
    said = [(place, level) for place, s in _facts(issue) for level in sorted(levels_of(s.text))]
    if asked and said and not any(_touches(level, one) for _, level in said for one in asked):
        yield Found(
            f"The request is for {', '.join(sorted(asked))}; the rationale speaks of {said[0][1]} only.",
            "Check the level of the facts that are cited, and cite those of the requested level.",
            sentence=said[0][0],
            quote=issue.service.text,
        )


_VERTEBRAE = [
    *(f"C{n}" for n in range(1, 8)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
    "S1",
    "S2",
]


def _touches(one: str, other: str) -> bool:
    """Whether two levels share a segment (L4-L5 and L3-S1), or one is a vertebra of the other (L5 and L4-L5)."""
    (a, b), (c, d) = _from_to(one), _from_to(other)
    return max(a, c) < min(b, d) or (a == b and c <= a <= d) or (c == d and a <= c <= b)


def _from_to(level: str) -> tuple[int, int]:
    ends = [_VERTEBRAE.index(name) if name in _VERTEBRAE else -1 for name in level.split("-")]
    return min(ends), max(ends)


# "injured her back on 08/02/2016", "date of injury: ..."; not "seen on" in the same sentence.
_INJURY = re.compile(
    r"\b(?:injur(?:y|ed)|hurt|date of (?:the )?(?:injury|loss))\b[^.;,]{0,60}?\b(?:on|of|was|is|:)?\s*$", re.I
)


def date_conflict(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence dates the injury otherwise than the case, or names a day after the date of review."""
    for place, sentence in written(issue):
        if sentence.move is Move.RULE and not sentence.own:
            continue  # the days from which and until which an edition governs
        text = unquoted(sentence.text)
        for found in dates(text):
            if found.day > draft.date_of_review:
                yield Found(
                    f"The sentence names {found.span.quote}; the date of review is {draft.date_of_review}.",
                    "Correct the date in the sentence, or the date of review.",
                    ERROR if sentence.own else WARNING,
                    place,
                    found.span.quote,
                )
            elif _dates_the_injury(draft, text, found.span.start) and found.day != draft.case.date_of_injury:
                yield Found(
                    f"The sentence dates the injury {found.span.quote}; the summary dates it "
                    f"{draft.case.date_of_injury}.",
                    "Correct the date of the injury.",
                    ERROR,
                    place,
                    found.span.quote,
                )


def _dates_the_injury(draft: Draft, text: str, at: int) -> bool:
    return draft.case.date_of_injury is not None and bool(_INJURY.search(text[:at]))
