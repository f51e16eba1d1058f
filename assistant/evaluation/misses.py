"""What to work from: each issue whose citation does not come first, with its text and what was offered instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.evaluation.citations import KS, Ranked, cites_mtus, doc_hit, names_section, sec_hit
from assistant.evaluation.gold import GoldIssue
from assistant.evaluation.readings import Answers

_PLACES = 16  # ranks looked at
_SHOWN = 8  # entries listed


def misses(found: Answers) -> list[dict[str, object]]:
    """A row for each issue whose MTUS guideline is not first, or whose section is not among the first five.

    `guideline_at` and `section_at` are places from 1, None where it was not offered at all (or none is named).
    """
    return list(_missed(found))


def _missed(found: Answers) -> Iterator[dict[str, object]]:
    for letter, offered in found:
        for issue, ranked in zip(letter.issues, offered, strict=True):
            if not cites_mtus(issue):
                continue
            section_missed = names_section(issue) and not sec_hit(issue, ranked, max(KS))
            if doc_hit(issue, ranked, 1) and not section_missed:
                continue
            yield {
                "case_number": letter.case_number,
                "decision_date": letter.decision_date.isoformat() if letter.decision_date else None,
                "service": issue.service,
                "heading": issue.heading or issue.service,
                "known_kind": ranked.known,
                "guideline_at": _place(doc_hit, issue, ranked),
                "section_at": _place(sec_hit, issue, ranked) if names_section(issue) else None,
                "cited": [{"guideline": entry.guideline, "sections": list(entry.sections)} for entry in issue.cited],
                "offered": [{"guideline": g, "section": s} for g, s in ranked.entries[:_SHOWN]],
                "case_summary": letter.case_summary,
                "rationale": issue.rationale,
            }


def _place(hit: Callable[[GoldIssue, Ranked, int], bool], issue: GoldIssue, ranked: Ranked) -> int | None:
    return next((k for k in range(1, _PLACES + 1) if hit(issue, ranked, k)), None)
