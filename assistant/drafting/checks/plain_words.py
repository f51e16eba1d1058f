"""Layperson's terms as far as practicable (Labor Code 4610.6(d)(1)): the length and the reading grade of a "
"rationale."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.domain import Draft, IssueDraft
from assistant.drafting.checks.found import Found, unquoted, written
from assistant.drafting.checks.readability import grade

SHORT, LONG = 60, 250  # words; good rationales have 80 to 180, see docs/appeal-check.md
HARDEST = 14.0  # school years; the reason for this number stands in docs/appeal-check.md


def length(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The rationale is too short to hold rule, facts and reason, or long enough to hide them."""
    if issue.outcome is None or issue.open_slots:
        return  # more words are still to come
    words = len(issue.rationale.split())
    if words < SHORT:
        yield Found(
            f"The rationale has {words} words; 80 to 180 are usual.",
            "Check that it names the rule, the facts that bear on it, and the reason for the decision.",
        )
    elif words > LONG:
        yield Found(
            f"The rationale has {words} words; 80 to 180 are usual.",
            "Delete what does not bear on the decision.",
        )


def reading_grade(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The rationale's own words, quotations, citations and the request's name aside, are hard to read."""
    found = grade(own_words(draft, issue))
    if found is not None and found > HARDEST:
        yield Found(
            f"The rationale reads at grade {found:.1f}; up to {HARDEST:.0f} is usual here.",
            "Split the long sentences, and say the long words plainly where that is possible.",
        )


def own_words(draft: Draft, issue: IssueDraft) -> str:
    """The rationale without what no writer can word more plainly: quotations, names of guidelines, of the service."""
    text = " ".join(unquoted(sentence.text) for _, sentence in written(issue))
    for passage in sorted(draft.passages.values(), key=lambda p: -len(p.guideline)):
        text = text.replace(passage.guideline, "the guideline")
        if passage.section:
            text = text.replace(f"({passage.section})", "")
    return text.replace(issue.service.text.strip(), "service")
