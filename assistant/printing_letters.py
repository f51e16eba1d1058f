"""What the command line prints of letters and of imports: JSON, and plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.domain import Determination
from assistant.reading.letter_records import as_record

if TYPE_CHECKING:
    from assistant.library.comparing import Compared, Comparison
    from assistant.library.import_log import StoredImport
    from assistant.library.importing import ImportReport
    from assistant.library.letters import KeptRow, OpenedLetter


def letter_as_json(name: str, letter: Determination) -> dict[str, Any]:
    """A letter as `import --dry-run --json` prints it (contracts: import.schema.json)."""
    return {"file": name, **as_record(letter)}


def letter_as_text(name: str, letter: Determination) -> str:
    """A letter in a few lines: what was read, and what was not."""
    lines = [f"{name}: {letter.case_number or 'no case number'}, {len(letter.decisions)} decision(s)"]
    lines += [f"  {decision.outcome or 'no outcome'}: {decision.service}" for decision in letter.decisions]
    lines += [f"  not read: {warning}" for warning in letter.warnings]
    return "\n".join(lines)


def report_as_json(report: ImportReport) -> dict[str, Any]:
    """What an import did."""
    return {
        "import": report.id,
        "state": report.state,
        "read": report.read,
        "new_versions": report.new_versions,
        "incomplete": report.incomplete,
        "already_there": report.already_there,
        "decisions": report.decisions,
        "failed": [{"file": name, "reason": reason} for name, reason in report.failed],
        "causes": [{"cause": cause, "count": count} for cause, count in report.causes],
        "neither": list(report.neither),
        "warnings": list(report.warnings),
        "seconds": round(report.seconds, 2),
    }


def report_as_text(report: ImportReport) -> Iterator[str]:
    """The summary of an import, a line each: the counts, then what was not read and why."""
    yield (
        f"{report.read} read ({report.decisions} decisions), {report.already_there} already there, "
        f"{len(report.failed)} not read, in {report.seconds:.1f} s."
    )
    if report.new_versions:
        yield f"{report.new_versions} are new versions of letters that were there; the newest is offered, all are kept."
    if report.incomplete:
        yield f"{report.incomplete} were not read whole; they are kept: `imr-assistant letters` lists and opens them."
    for name, reason in report.failed:
        yield reason if name in reason else f"{name}: {reason}"
    for name in report.neither:
        yield f"{name} was left out: it is neither a determination letter nor a guideline file."
    yield from report.warnings
    yield f"`imr-assistant imports {report.id}` opens this report later."


def import_as_json(stored: StoredImport) -> dict[str, Any]:
    """A stored import; its notes where it was opened."""
    return {
        "import": stored.id,
        "state": stored.state,
        "started": _utc(stored.started_at),
        "ended": _utc(stored.ended_at) if stored.ended_at else None,
        "files": list(stored.names),
        **asdict(stored.counts),
        "error": stored.error,
        "causes": [{"cause": cause, "count": count} for cause, count in stored.causes],
        "notes": [
            {"kind": n.kind, "file": n.name, "sentence": n.sentence, "letter": n.document_id} for n in stored.notes
        ],
    }


def import_as_text(stored: StoredImport) -> Iterator[str]:
    """A stored import: one line of counts, then what was said of its documents."""
    c = stored.counts
    yield (
        f"{stored.id}  {_local(stored.started_at)}  {stored.state}  {c.seen} of {c.total} seen: {c.read} read "
        f"({c.versions} new versions, {c.incomplete} not whole), {c.already_there} already there  "
        f"{', '.join(stored.names[:3])}{' ...' if len(stored.names) > 3 else ''}"
    )
    if stored.error:
        yield f"  {stored.error}"
    for cause, count in stored.causes:
        yield f"  not read, {count}: {cause}"
    for note in stored.notes:
        where = f"  [letters {note.document_id}]" if note.document_id else ""
        yield f"  {note.kind}: {note.sentence}{where}"


def kept_as_json(row: KeptRow) -> dict[str, Any]:
    """A letter of the list of those that were not read whole."""
    return {
        "letter": row.id,
        "file": row.name,
        "case_number": row.case_number,
        "incomplete": row.incomplete,
        "imported": _utc(row.imported_at),
        "warnings": list(row.warnings),
    }


def kept_as_text(row: KeptRow) -> str:
    """A letter of that list in two lines or so."""
    number = row.case_number or "no case number"
    return "\n".join([f"{row.id}  {row.name}: {number}", *(f"     {warning}" for warning in row.warnings)])


def opened_as_json(opened: OpenedLetter) -> dict[str, Any]:
    """A letter as `import --dry-run --json` prints it, with its versions and its text where that is kept."""
    letter = as_record(opened.letter) if opened.letter else {}
    return {
        "letter": opened.id,
        "file": opened.name,
        **letter,
        "warnings": list(opened.warnings),
        "version": opened.version,
        "current": opened.current,
        "versions": [
            {
                "letter": v.id,
                "version": v.version,
                "decision_date": v.decision_date.isoformat() if v.decision_date else None,
                "current": v.current,
            }
            for v in opened.versions
        ],
        "text": opened.text,
    }


def opened_as_text(opened: OpenedLetter) -> Iterator[str]:
    """A letter for a terminal: what was read of it, what was not, and its text where that is kept."""
    if opened.letter is None:
        yield opened.name
    else:
        yield from letter_as_text(opened.name, replace(opened.letter, warnings=())).split("\n")
    yield from (f"  not read: {warning}" for warning in opened.warnings)
    for version in opened.versions if len(opened.versions) > 1 else ():
        mark = " (offered in search)" if version.current else ""
        day = version.decision_date or "on an unknown day"
        yield f"  version {version.version}{mark}: {version.name}, decided {day}"
    if opened.letter is not None:
        yield from ("", "Case summary", opened.letter.case_summary or "not found")
        for number, decision in enumerate(opened.letter.decisions, 1):
            yield from ("", f"{number}. {decision.service or 'no service'}: {decision.outcome or 'no outcome'}")
            yield from (f"Guideline: {decision.reviewer_guideline}", decision.rationale or "no rationale")
    if opened.text is not None:
        yield from ("", "Text of the letter", opened.text)


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """Two decisions side by side."""
    return {"kinds": list(comparison.kinds), "decisions": [_compared_as_json(side) for side in comparison.sides]}


def _compared_as_json(side: Compared) -> dict[str, Any]:
    letter, decision = side.letter, side.decision
    return {
        "decision_id": side.decision_id,
        "case_number": letter.case_number,
        "illustrative": letter.illustrative,
        "decided": letter.decision_date.isoformat() if letter.decision_date else None,
        "specialty": letter.reviewer_specialty,
        "service": decision.service,
        "outcome": decision.outcome.value if decision.outcome else None,
        "reviewer_guideline": decision.reviewer_guideline,
        "claims_administrator_guideline": decision.claims_administrator_guideline,
        "case_summary_states": {kind: [asdict(fact) for fact in facts] for kind, facts in side.stated.items()},
        "rationale": decision.rationale,
    }


def comparison_as_text(comparison: Comparison) -> Iterator[str]:
    """Two decisions for a terminal, one line of the comparison after another; what only one states is starred."""
    for side in comparison.sides:
        decision, letter = side.decision, side.letter
        mark = " (illustrative, written for this program)" if letter.illustrative else ""
        yield f"{side.decision_id}: {decision.service}: {decision.outcome or 'no outcome'}{mark}"
        yield f"  decided {letter.decision_date or 'on an unknown day'}; {letter.reviewer_specialty or 'no specialty'}"
        yield f"  reviewer: {decision.reviewer_guideline or 'not read'}"
        yield f"  claims administrator: {decision.claims_administrator_guideline or 'not read'}"
    yield "\nWhat the case summaries state (* only this one)"
    for kind in comparison.kinds:
        yield kind
        for side in comparison.sides:
            facts = [
                f"{'*' if fact.only_here else ''}{fact.words}{f' ({fact.how})' if fact.how else ''}"
                for fact in side.stated.get(kind, ())
            ]
            yield f"  {side.decision_id}: {'; '.join(facts) or 'nothing read'}"
    for side in comparison.sides:
        yield from (f"\nRationale of {side.decision_id}", side.decision.rationale or "The rationale could not be read.")


def _utc(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).isoformat(timespec="seconds")


def _local(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M")
