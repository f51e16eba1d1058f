"""The conclusion is about exactly what was requested: its quantity, side, level and service.

Sources: Labor Code 4610.6(a) and (h)(1) (the review is limited to the disputed treatment), (h)(5) (wrong side or
level).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import DisputedService, Draft, IssueDraft, Move
from assistant.drafting.analysis import analyse
from assistant.drafting.checks.found import ERROR, Found, written
from assistant.drafting.checks.outcomes import concludes
from assistant.drafting.claims import Kind, claims_in
from assistant.drafting.wording import Sort

_DECIDES = re.compile(
    r"\b(?:is|are|was|were)\s+(?:not\s+)?(?:\w+ly\s+)?medically\s+\w+|\bmedical\s+necessity\b", re.IGNORECASE
)
_LAST_REQUEST = re.compile(r"\brequest\w*", re.IGNORECASE)
_REASON = re.compile(r"\b(?:because|since|as|so|given|due to|while|although|which|who|where)\b|[;,]", re.IGNORECASE)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SORTS = {Sort.TREATMENT, Sort.TEST, Sort.DRUG}


def other_quantity(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The conclusion decides a number that was not requested."""
    service = issue.service
    asked, certified = _numbers_asked(service), _numbers(service.certified or "")
    for place, said in _decided_words(issue):
        for claim in claims_in(said):
            if claim.kind is not Kind.NUMBER or claim.value in asked or ".." in claim.value:
                continue
            words = said[claim.start : claim.end]
            also = ", which utilization review certified" if claim.value in certified else ""
            yield Found(
                f"The conclusion names {words}{also}; the request does not.",
                f"Decide what was requested: {_short(service.text)}.",
                ERROR,
                place,
                service.text,
            )


def _numbers(text: str) -> set[str]:
    return {claim.value for claim in claims_in(text) if claim.kind in {Kind.NUMBER, Kind.SCORE}}


def _numbers_asked(service: DisputedService) -> set[str]:
    """Every number of a request: as worded, as read (a schedule makes a number of visits), and in each code or dose."""
    read = (service.quantity, service.quantity_max, service.per_week, service.weeks)
    digits = set(_DIGITS.findall(service.text))
    return _numbers(service.text) | digits | {f"{value:g}" for value in read if value is not None}


def other_side(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The conclusion is about a side that was not requested."""
    service = issue.service
    asked = sides_of(service.text) | ({service.side.value} if service.side else set())
    for place, said in _decided_words(issue):
        for side in sorted(sides_of(said) - asked):
            if asked >= {"left", "right"}:
                continue  # both sides, each named
            yield Found(
                f"The conclusion names the {side} side; the request {_side_words(asked)}.",
                "Check the side against the request, and correct the sentence.",
                ERROR,
                place,
                service.text,
            )


def _side_words(asked: set[str]) -> str:
    return f"is for the {' and the '.join(sorted(asked))} side" if asked else "names no side"


def sides_of(text: str) -> set[str]:
    """The body sides that a text names."""
    return {claim.value for claim in claims_in(text) if claim.kind is Kind.SIDE}


def levels_of(text: str) -> set[str]:
    """The spinal levels that a text names, in one form."""
    return {claim.value for claim in claims_in(text) if claim.kind is Kind.LEVEL}


def other_level(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The conclusion is about a spinal level that was not requested."""
    asked = levels_of(issue.service.text)
    for place, said in _decided_words(issue):
        for level in sorted(levels_of(said) - asked):
            yield Found(
                f"The conclusion names {level}; the request "
                f"{'names ' + ', '.join(sorted(asked)) if asked else 'names no level'}.",
                "Check the level against the request, and correct the sentence.",
                ERROR,
                place,
                issue.service.text,
            )


def not_disputed(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The conclusion decides a service, or a part of the body, that was not disputed."""
    service = issue.service
    asked, parts = named(service.text), named(service.text, parts=True)
    asked |= named((service.kind or "").replace("_", " "))
    regions = parts | named(" ".join(service.body_regions), parts=True) | set(service.body_regions)
    for place, said in _decided_words(issue):
        others = sorted(name for name in named(said) - asked if asked and not any(name in known for known in asked))
        if parts:
            others += sorted(named(said, parts=True) - regions)
        for other in others:
            yield Found(
                f"The conclusion names {other}; the request is for {_short(service.text)}.",
                "Decide only what was disputed, and delete the rest.",
                ERROR,
                place,
                service.text,
            )


def named(text: str, *, parts: bool = False) -> set[str]:
    """The treatments, tests and drugs that a text names, each by its one name; or its parts of the body."""
    wanted = {Sort.PART} if parts else _SORTS
    return {thing.name for thing in analyse(text).things if thing.sort in wanted}


def _decided_words(issue: IssueDraft) -> Iterator[tuple[int, str]]:
    """What each conclusion says of its service, the request's own words blanked out."""
    for place, sentence in written(issue):
        if sentence.move is not Move.CONCLUSION and not (sentence.own and concludes(sentence.text)):
            continue
        said = sentence.text.replace(issue.service.text.strip(), " ")
        yield place, _about_the_service(said)


def _about_the_service(text: str) -> str:
    """The part of a conclusion that names what is decided: from the request to the end of that clause."""
    verb = _DECIDES.search(text)
    if verb is None:
        return text
    before = text[: verb.start()]
    starts = [match.start() for match in _LAST_REQUEST.finditer(before)]
    start = starts[-1] if starts else max(before.rfind(mark) for mark in (";", ", ", ". ")) + 1
    tail = text[verb.end() :]
    cut = _REASON.search(tail)
    return text[max(start, 0) : verb.end()] + (tail[: cut.start()] if cut else tail)


def _short(text: str) -> str:
    flat = " ".join(text.split()).rstrip(".")
    return flat if len(flat) <= 90 else flat[:87].rstrip() + "..."
