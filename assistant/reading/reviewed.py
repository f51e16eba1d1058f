"""What utilization review did with the requests of a list, where it is told in short ("denied the MRI")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.corpus import Taxonomy
from assistant.domain import DisputedService, Span
from assistant.reading.request_kinds import kinds_named

BY_REVIEW = re.compile(
    r"\butili[sz]ation review|\bUR\b|claims administrator|certif|prior d|previously|adjuster|insur", re.IGNORECASE
)
_VERB = r"(?:non-?\s?certified|not certified|partially certified|denied|modified|certified|approved|authorized)"
_ACT = re.compile(
    rf"\b(?P<verb>{_VERB})\s+(?P<what>.+?)(?=(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+){_VERB}\b|;|\.\s|\.$|$)",
    re.IGNORECASE | re.DOTALL,
)
_GRANTED = re.compile(r"(?:certified|approved|authorized)", re.IGNORECASE)
_REASON = re.compile(
    r"\s*,?\s*\b(?:because|since|as (?:the|there|no|it|she|he)\b|due to|for (?:lack|want|weaning|a taper)\b"
    r"|given|citing|on (?:the grounds|\d)|noting)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_CHANGED_TO = re.compile(r"^(?P<what>.+?)\s+(?P<to>to\s+\S.*)$", re.IGNORECASE | re.DOTALL)
_PIECES = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Act:
    """Services that one verb of utilization review is about; `to` is what it left ("to 2 visits")."""

    granted: bool
    kinds: frozenset[str]
    whole: bool  # every service that it names is a known one
    to: str | None


def in_dispute(
    asked: Sequence[DisputedService], told: Sequence[Span], taxonomy: Taxonomy
) -> tuple[DisputedService, ...]:
    """The requests of `asked` that utilization review did not grant, each with what was certified of it.

    `told` are the sentences of the text. A request is left out where it is said to be certified as it stands, or where
    every refusal names known services of the list and none is this one; else all that was asked stays in dispute.
    """
    near = tuple(dict.fromkeys(region for service in asked for region in service.body_regions))
    reviews = [sentence.quote for sentence in told if BY_REVIEW.search(sentence.quote)]
    acts = [act for review in reviews for act in _acts(review, taxonomy, near)]
    granted = frozenset().union(*(act.kinds for act in acts if act.granted))
    refusals = [act for act in acts if not act.granted]
    refused = frozenset().union(*(act.kinds for act in refusals))
    listed = {service.kind for service in asked}
    narrow = bool(refusals) and all(act.whole and act.kinds <= listed for act in refusals)
    kept = [s for s in asked if s.kind in refused or not (narrow or s.kind in granted)]
    return tuple(_with_certified(service, refusals, len(kept)) for service in kept)


def _acts(sentence: str, taxonomy: Taxonomy, near: Sequence[str]) -> Iterator[_Act]:
    """The acts that a sentence tells; `near` are the regions of the list, for "the MRI" that names none."""
    for found in _ACT.finditer(sentence):
        what, to = _REASON.sub("", found["what"]), None
        changed = _CHANGED_TO.match(what) if found["verb"].casefold() == "modified" else None
        if changed:
            what, to = changed["what"], changed["to"].strip(" .,")
        pieces = [piece for piece in _PIECES.split(what) if piece.strip()]
        named = [kinds_named(piece, taxonomy, near) for piece in pieces]
        kinds = frozenset(kind.kind.id for piece in named for kind in piece[:1])
        yield _Act(
            granted=bool(_GRANTED.fullmatch(found["verb"])),
            kinds=kinds,
            whole=bool(pieces) and all(named),
            to=to,
        )


def _with_certified(service: DisputedService, refusals: Sequence[_Act], count: int) -> DisputedService:
    """The service with what its modification left; "the request" means the only one there is."""
    if service.certified:
        return service
    for act in refusals:
        if act.to and (service.kind in act.kinds or (count == 1 and not act.kinds)):
            return replace(service, certified=act.to)
    return service
