"""The checks in their order, and how they are run over a draft."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.domain import Check, Draft
from assistant.drafting.checks import (
    absences,
    between_issues,
    bias,
    conflicts,
    contents,
    opioids,
    outcomes,
    plain_words,
    requests,
    sources,
)
from assistant.drafting.checks.found import (
    BIAS,
    CONTENTS,
    FACT,
    ORDER,
    PLAIN_WORDS,
    POWERS,
    Found,
    OfIssue,
    OfLetter,
)

CHECKS: tuple[OfIssue | OfLetter, ...] = (
    OfIssue("decision_stated", CONTENTS, contents.decision_stated),
    OfIssue("concludes_both_ways", CONTENTS, outcomes.concludes_both_ways),
    OfIssue("differs_from_the_outcome", CONTENTS, outcomes.differs_from_the_outcome),
    OfLetter("decided_twice", POWERS, outcomes.decided_twice),
    OfIssue("open_slot", CONTENTS, contents.open_slot),
    OfIssue("condition_cited", CONTENTS, contents.condition_cited),
    OfIssue("documents_cited", CONTENTS, contents.documents_cited),
    OfIssue("findings_stated", CONTENTS, contents.findings_stated),
    OfIssue("standard_cited", CONTENTS, contents.standard_cited),
    OfIssue("not_in_force", ORDER, sources.not_in_force),
    OfIssue("order_skipped", ORDER, sources.order_skipped),
    OfIssue("protected_trait", BIAS, bias.protected_trait),
    OfIssue("other_quantity", POWERS, requests.other_quantity),
    OfIssue("other_side", FACT, requests.other_side),
    OfIssue("other_level", FACT, requests.other_level),
    OfIssue("not_disputed", POWERS, requests.not_disputed),
    OfIssue("case_words_it_otherwise", FACT, conflicts.case_words_it_otherwise),
    OfIssue("review_words_it_otherwise", FACT, conflicts.review_words_it_otherwise),
    OfIssue("speaks_of_the_other_side", FACT, conflicts.speaks_of_the_other_side),
    OfIssue("date_conflict", FACT, conflicts.date_conflict),
    OfIssue("absence_found", FACT, absences.absence_found),
    OfIssue("record_not_read", FACT, absences.record_not_read),
    OfLetter("said_and_denied", FACT, between_issues.said_and_denied),
    OfLetter("different_values", FACT, between_issues.different_values),
    OfIssue("length", PLAIN_WORDS, plain_words.length),
    OfIssue("reading_grade", PLAIN_WORDS, plain_words.reading_grade),
    OfIssue("opioid_not_stopped_at_once", opioids.RULE, opioids.opioid_not_stopped_at_once),
)


def appeal_checks(draft: Draft) -> tuple[Check, ...]:
    """What every check finds in a draft, issue by issue in the order of `CHECKS`; `Check.issue` counts from 0."""
    found = [check for check_of in CHECKS for check in _run(check_of, draft)]
    return tuple(sorted(found, key=lambda check: check.issue if check.issue is not None else len(draft.issues)))


def _run(check: OfIssue | OfLetter, draft: Draft) -> Iterator[Check]:
    if isinstance(check, OfLetter):
        yield from (_as_check(check, found, found.issue) for found in check.look(draft))
        return
    for place, issue in enumerate(draft.issues):
        yield from (_as_check(check, found, place) for found in check.look(draft, issue))


def _as_check(check: OfIssue | OfLetter, found: Found, issue: int | None) -> Check:
    return Check(check.rule, found.level, found.message, issue, check.id, found.action, found.sentence, found.quote)
