"""Which passages govern a request, and which of their criteria a reviewer needs to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from assistant.domain import Candidate, CaseSummary, CriterionKind, DisputedService, Finding, Passage, Status
from assistant.drafting.applicability import Applies, applicability

MAX_PASSAGES = 3
MAX_CRITERIA = 14


def is_mtus(passage: Passage) -> bool:
    """Whether a passage belongs to the MTUS, which comes first in the order of 8 CCR 9792.21.1."""
    return passage.guideline.startswith("MTUS")


def governing_passages(
    candidates: Iterable[Candidate],
    section_of: Callable[[str], Sequence[Passage]],
    service: DisputedService,
    case: CaseSummary,
    day: date | None = None,
) -> tuple[Passage, ...]:
    """The passages to hold against the case, best first, at most three.

    `section_of` gives a candidate's passage, then the others of its section: a long section has more than one.
    The best candidate with criteria for the kind of service (one of which something is asked of this case, as of the
    `day` of review, where there is one); then those of the same guideline order (MTUS, or else what
    comes after it) that fit the request's part of the body and ask something of this case. There is none for an
    unknown kind, nor where an MTUS chapter is in force without its criteria in the library: what comes after the MTUS
    does not stand in for a text that is merely not at hand. A section of the MTUS of which no criterion is known stands
    alone, to be named.
    """
    if service.kind is None:
        return ()
    held = [p for candidate in candidates if candidate.passage_id for p in section_of(candidate.passage_id)]
    for_kind = [passage for passage in held if service.kind in passage.service_kinds]
    with_criteria = [passage for passage in for_kind if passage.criteria]
    of_mtus = [passage for passage in with_criteria if is_mtus(passage)]
    if not of_mtus and (unknown := [passage for passage in for_kind if is_mtus(passage)]):
        return () if any(passage.current_without_criteria for passage in unknown) else (unknown[0],)
    first_choice = of_mtus or with_criteria
    asked_of = {
        passage: sum(applicability(c, case, service, day).applies is not Applies.NO for c in passage.criteria)
        for passage in dict.fromkeys(first_choice)
    }
    chosen: list[Passage] = []
    room = MAX_CRITERIA
    for passage, asked in asked_of.items():
        if not asked and (chosen or any(asked_of.values())):
            continue
        if chosen and (asked > room or not fits(passage, service)):
            continue
        chosen.append(passage)
        room -= asked
        if len(chosen) == MAX_PASSAGES:
            break
    return tuple(chosen)


def fits(passage: Passage, service: DisputedService) -> bool:
    """Whether a passage is for the request's part of the body, or for any."""
    if not passage.body_regions or not service.body_regions:
        return not passage.body_regions
    return bool(set(passage.body_regions) & set(service.body_regions))


def shown(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """At most 14 findings in their order: what may decide first, then what has something to show."""
    ranked = sorted(findings, key=_weight)
    kept = {finding.id for finding in ranked[:MAX_CRITERIA]}
    return tuple(finding for finding in findings if finding.id in kept)


def _weight(finding: Finding) -> tuple[bool, bool, bool]:
    quiet = finding.criterion.kind is CriterionKind.CONTRAINDICATION and finding.status is Status.NOT_FOUND
    return (quiet, not finding.criterion.may_decide, not finding.evidence)
