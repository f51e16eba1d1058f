"""What the command line prints: the JSON of the contracts, and plain text for a terminal."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.domain import (
    CriterionKind,
    Draft,
    Finding,
    IssueDraft,
    ModelUse,
    Outcome,
    OutcomeFrom,
    Sentence,
    Status,
    Strength,
    Verdict,
    speaking_for,
)
from assistant.reading.guideline_structure import requirements_read

if TYPE_CHECKING:
    from assistant.library.found import Found, FoundDecision
    from assistant.library.guideline_importing import GuidelineImported, GuidelinePreview
    from assistant.library.health import HealthCheck
    from assistant.library.importing import Progress
    from assistant.reading.guideline_metadata import Guess
    from assistant.reading.guideline_structure import ReadingReport
    from assistant.records import SavedSearch

_WIDTH = 100
_VALUES = 12  # of a facet
_STATUS = {
    Status.SUPPORTED: "supported",
    Status.CONTRADICTED: "contradicted",
    Status.NOT_FOUND: "not found",
    Status.FOR_REVIEWER: "for you",
}


def found_as_json(found: Found) -> dict[str, Any]:
    """What a search found, as `search --json` prints it (contracts: search.schema.json)."""
    return {
        "results": [
            {
                "decision_id": r.decision_id,
                "case_number": r.case_number,
                "illustrative": r.illustrative,
                "issue": r.issue,
                "service": r.service,
                "service_kind": r.service_kind,
                "outcome": r.outcome,
                "guidelines": list(r.guidelines),
                "score": round(r.score, 6),
                "snippet": r.snippet,
                "marks": [list(mark) for mark in r.marks],
                "decided": r.decided.isoformat() if r.decided else None,
                "beyond": r.beyond,
            }
            for r in found.results
        ],
        "outcomes": {str(outcome): count for outcome, count in found.outcomes.items()},
        "matching": {str(outcome): count for outcome, count in found.matching.items()}
        | {"illustrative": found.matching_illustrative},
        "corrections": [{"typed": c.typed, "used": c.used} for c in found.corrections],
        "other_side": found.other_side.decision_id if found.other_side else None,
        "took_ms": round(found.took_ms, 1),
    } | ({"facets": _facets_as_json(found)} if found.facets else {})


def _facets_as_json(found: Found) -> dict[str, list[dict[str, Any]]]:
    return {
        str(name): [
            {"value": c.value, "Upheld": c.upheld, "Overturned": c.overturned, "illustrative": c.illustrative}
            for c in counts
        ]
        for name, counts in found.facets.items()
    }


def found_as_text(found: Found) -> str:
    """What a search found, for a terminal; illustrative decisions are marked and not counted."""
    lines = [
        f"Searched for {c.used} instead of {c.typed}; --exact searches for exactly what was typed."
        for c in found.corrections
    ]
    if not found.results:
        return "\n".join([*lines, "No decision fits; give other words, or fewer options."])
    counts = ", ".join(f"{count} {outcome}" for outcome, count in found.matching.items())
    more = f", and {found.matching_illustrative} illustrative" if found.matching_illustrative else ""
    lines.append(f"Real decisions that match: {counts}{more}. Past decisions are not precedent.")
    for r in found.results:
        lines += _found_lines(r, " (further off)" if r.beyond else "")
    if found.other_side:
        lines.append("\nThe best of the other outcome:")
        lines += _found_lines(found.other_side, "")
    for name, counted in found.facets.items():
        lines.append(f"\nBy {name}")
        lines += [
            f"  {c.value}: {c.upheld} Upheld, {c.overturned} Overturned"
            + (f", {c.illustrative} illustrative" if c.illustrative else "")
            for c in counted[:_VALUES]
        ]
        if len(counted) > _VALUES:
            lines.append(f"  and {len(counted) - _VALUES} more, with --json")
    return "\n".join(lines)


def _found_lines(r: FoundDecision, note: str) -> list[str]:
    mark = " (illustrative, written for this program)" if r.illustrative else ""
    told = [r.decision_id, *([f"decided {r.decided.isoformat()}"] if r.decided else []), "; ".join(r.guidelines)]
    lines = [f"\n{r.outcome}: {r.service}{mark}{note}", f"  {' · '.join(filter(None, told))}"]
    return lines + textwrap.wrap(r.snippet, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def saved_as_json(kept: SavedSearch) -> dict[str, Any]:
    """A saved search, as `searches list --json` prints it."""
    return {"name": kept.name, "words": kept.words, "choices": dict(kept.choices), "saved": kept.saved.isoformat()}


def saved_as_text(kept: SavedSearch) -> str:
    """A saved search in one line: its name, its words, what narrows it."""
    chosen = [f"{name.replace('_', ' ')} {value}" for name, value in kept.choices.items()]
    return f"{kept.name}: {', '.join(filter(None, [kept.words, *chosen]))}"


def preview_as_json(preview: GuidelinePreview) -> dict[str, Any]:
    """A guideline's text as `import --dry-run --json` prints it: a line type of its own, each guess with its origin."""
    return {
        "type": "guideline",
        "file": preview.name,
        "content_hash": preview.content_hash,
        "guess": _guess_as_json(preview.guess),
        "ready": preview.lacking is None,
        "lacking": preview.lacking,
        "report": _reading_as_json(preview.report) | {"criteria": preview.criteria},
        "imported_before": preview.held,
    }


def _guess_as_json(guess: Guess) -> dict[str, Any]:
    return {name: {"value": value, "from": origin} for name, value, origin in guess.told()}


def _guess_as_lines(guess: Guess) -> Iterator[str]:
    return (f"  {name.replace('_', ' ')}: {value} ({origin})" for name, value, origin in guess.told())


def _reading_as_json(report: ReadingReport) -> dict[str, Any]:
    return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(report).items()} | {
        "doubts": list(report.doubts)
    }


def guideline_as_text(preview: GuidelinePreview) -> str:
    """A guideline's text for a terminal: what it would be cited by and where that comes from, then what was read."""
    lines = [f"{preview.name}: a guideline's text; nothing was stored."]
    lines += _guess_as_lines(preview.guess)
    lines += [f"  {line}" for line in (*preview.report.facts, *preview.report.doubts)]
    lines.append(f"  {requirements_read(preview.criteria)}")
    if preview.held:
        lines.append(f"  {preview.held:,} passages were imported under this label before; --replace puts them away.")
    if preview.lacking:
        lines.append(f"  {preview.lacking}")
    return "\n".join(lines)


def guideline_as_json(imported: GuidelineImported) -> dict[str, Any]:
    """What the import of a guideline's text did."""
    return {
        "type": "guideline",
        "file": imported.name,
        "label": imported.label,
        "guess": _guess_as_json(imported.guess),
        "already_there": imported.already_there,
        "report": _reading_as_json(imported.report) | {"criteria": imported.criteria},
    }


def imported_as_text(imported: GuidelineImported) -> str:
    """What the import of a guideline's text did, a line each."""
    if imported.already_there:
        return f"{imported.name} is in the library already, as {imported.label}."
    lines = [f"{imported.name} was imported as {imported.label}.", *_guess_as_lines(imported.guess)]
    lines += [f"  {line}" for line in (*imported.report.facts, *imported.report.doubts)]
    return "\n".join([*lines, f"  {requirements_read(imported.criteria)}"])


def draft_as_text(draft: Draft) -> str:
    """A draft for a terminal: per issue the lean, the criteria with their evidence, and the marked rationale."""
    how = {"given": "as given", "letter": "the letter's decision date", "today": "today, since no date was given"}
    lines = [f"Reviewed as of {draft.date_of_review.isoformat()} ({how[draft.date_from]})."]
    for notice in draft.case.notices:
        lines += _wrapped(notice, "Note: ")
    lines += _model_lines(draft.model)
    for number, issue in enumerate(draft.issues, 1):
        lines += ["", f"{number}. {issue.service.text}", "=" * min(_WIDTH, len(issue.service.text) + 3)]
        lines += _issue_lines(issue)
    if draft.checks:
        lines += ["", "Appeal check"]
        for c in draft.checks:
            lines += _wrapped(f"{c.level}: {c.message} {c.action} [{c.rule}]", "- ")
    lines += ["", "This is a draft. An outcome becomes final only by the reviewer's own act."]
    return "\n".join(lines)


def _model_lines(use: ModelUse | None) -> list[str]:
    """What a chat model did, and what it cost."""
    if use is None:
        return []
    told = f"{use.kept} of the {use.offered} other wordings that {use.model} offered were kept"
    spent = f"{use.tokens_in + use.tokens_out} tokens, {use.seconds:.0f} seconds"
    cost = f", at a cost of {use.cost:.4f}" if use.cost is not None else ""
    lines = _wrapped(f"{told}, each verified ({spent}{cost}).", "Note: ") if use.calls else []
    return lines + (_wrapped(use.notice, "Note: ") if use.notice else [])


def _issue_lines(issue: IssueDraft) -> list[str]:
    lines: list[str] = []
    for notice in issue.notices:
        lines += _wrapped(notice, "Note: ")
    lines += _wrapped(_lean_line(issue), "")
    lines.append("")
    for finding in issue.findings:
        lines += _finding_lines(finding)
    lines += _sides_lines(issue)
    lines += ["", "Draft" + (f" ({issue.outcome})" if issue.outcome else " (no outcome)")]
    for sentence in issue.sentences:
        mark = "[ ] " if sentence.slot else "    " if sentence.verified else " ?  "
        lines += _wrapped(sentence.text, mark)
    if any(not s.slot and not s.verified for s in issue.sentences):
        lines.append(" ?  marks a sentence that its supports do not carry.")
    if issue.open_slots:
        lines.append("[ ] marks what only the reviewer can fill.")
    if issue.discarded:
        lines += ["", "Offered by the chat model and not taken"]
        for thrown in issue.discarded:
            lines += _wrapped(f"{thrown.text} ({thrown.why.rstrip('.')})", "- ")
    if issue.similar:
        lines += ["", "Similar decisions (not precedent)"]
        for similar in issue.similar:
            mark = " (illustrative)" if similar.illustrative else ""
            lines += _wrapped(f"{similar.outcome}: {similar.service}{mark}", "- ")
    return lines


def sentences_as_text(sentences: Sequence[Sentence]) -> str:
    """Sentences that were verified, for a terminal: a mark, then what they rest on or what is wrong with them."""
    lines: list[str] = []
    for sentence in sentences:
        mark = "[ok] " if sentence.verified else "[ ?] " if sentence.verdict is Verdict.FAILED else "[  ] "
        lines += _wrapped(sentence.text, mark)
        for problem in sentence.problems:
            lines += _wrapped(problem, "       problem: ")
        for support in sentence.supports:
            lines += _wrapped(f"{support.kind.value}: “{support.span.quote}”", "       ")
    legend = "[ok] its supports carry it; [ ?] they do not; [  ] it holds nothing that can be checked."
    return "\n".join([*lines, "", legend])


def _sides_lines(issue: IssueDraft) -> list[str]:
    """What speaks for each outcome, whichever the draft is written for."""
    lines: list[str] = []
    for outcome in Outcome:
        findings = speaking_for(issue.findings, outcome)
        if findings:
            lines += ["", f"What speaks for {outcome}"]
            lines += [line for finding in findings for line in _wrapped(finding.statement, "- ")]
    return lines


def _lean_line(issue: IssueDraft) -> str:
    if issue.outcome_from is OutcomeFrom.REVIEWER:
        return f"Outcome asked for by the reviewer: {issue.outcome}."
    if issue.lean.outcome is None or issue.lean.strength is Strength.NONE:
        return "The criteria point to no outcome."
    return f"The criteria point to {issue.lean.outcome} ({issue.lean.strength}), by {', '.join(issue.lean.by)}."


def _finding_lines(finding: Finding) -> list[str]:
    kind = "bar" if finding.criterion.kind is CriterionKind.CONTRAINDICATION else str(finding.criterion.kind)
    mark = "; check the text" if finding.criterion.check_the_text else ""
    lines = _wrapped(f"{finding.criterion.text} ({kind}{mark})", f"{_STATUS[finding.status]:>13}  ")
    for evidence in finding.evidence:
        lines += _wrapped(f"“{evidence.quote}”", " " * 15)
    if finding.searched and not finding.evidence:
        lines += _wrapped(f"searched: {', '.join(finding.searched)}", " " * 15)
    return lines


def _wrapped(text: str, first: str) -> list[str]:
    flat = " ".join(text.split())
    return textwrap.wrap(flat, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first)) or [first]


def health_as_text(checks: Sequence[HealthCheck]) -> str:
    """What works and what is missing, a line each, with the remedy."""
    lines = []
    for check in checks:
        lines.append(f"{'ok     ' if check.ok else 'missing'}  {check.name}: {check.message}")
        if not check.ok and check.remedy:
            lines.append(f"         {check.remedy}")
    return "\n".join(lines)


def evaluation_as_text(measured: dict[str, Any]) -> str:
    """The measures of an evaluation, side by side with the baselines, then each with its interval."""
    from assistant.evaluation.report import as_text

    return as_text(measured)


def progress_bar() -> Progress:
    """A progress bar on standard error; silent where that is no terminal."""
    from assistant.progress import TerminalProgress

    return TerminalProgress(sys.stderr)
