"""The guidelines of the library for the terminal and as JSON: editions, what was changed of them, their criteria."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from assistant.domain import Criterion, InForce
from assistant.library.changes import Change, ChangeKind

if TYPE_CHECKING:
    from assistant.library.held_editions import HeldEdition, HeldPassage, WordsFound

_DONE = {
    ChangeKind.OFF: "switched off",
    ChangeKind.ON: "switched on again",
    ChangeKind.DATES: "dates corrected",
    ChangeKind.DATES_UNDONE: "dates put back",
}


def interval_words(interval: InForce) -> str:
    """ "in force 2007-06-15 to 2017-12-01", with what is known of it; the last day is the successor's first."""
    if interval.start and interval.end:
        return f"in force {interval.start} to {interval.end}"
    if interval.start:
        return f"in force since {interval.start}"
    return f"in force until {interval.end}" if interval.end else "dates in force not known"


def edition_as_text(edition: HeldEdition, day: date | None = None) -> str:
    """An edition in one line, what was changed of it in a second one; `day`: marked where it governed then."""
    mark = "* " if day is not None and edition.governs_on(day) else "  " if day is not None else ""
    said = [interval_words(edition.in_force), _counted(edition.criteria)]
    if not edition.dates_sure and edition.dates is None:
        said.append("dates not confirmed")
    line = f"{mark}{edition.label}: {', '.join(filter(None, said))}"
    changed = [
        f"corrected by {_who(edition.dates)}; was {interval_words(edition.dates.was)}: {edition.dates.note}"
        if edition.dates
        else "",
        f"switched off by {_who(edition.off)}" if edition.off else _parts_off(edition),
    ]
    return "\n".join([line, *(f"    {words}" for words in changed if words)])


def edition_as_json(edition: HeldEdition) -> dict[str, Any]:
    """An edition with its dates, and what was changed of it."""
    return {
        "label": edition.label,
        "family": edition.family,
        "topic": edition.topic,
        "era": edition.era,
        "regulation": edition.regulation,
        "in_force_from": _iso(edition.in_force.start),
        "in_force_to": _iso(edition.in_force.end),
        "dates_sure": edition.dates_sure,
        "sections": list(edition.sections),
        "criteria": edition.criteria,
        "off": _change_as_json(edition.off),
        "corrected": _change_as_json(edition.dates),
    }


def document_as_text(edition: HeldEdition) -> Iterator[str]:
    """An edition as a document, a paragraph at a time: sections, passages, and beside each criterion its origin."""
    yield edition_as_text(edition)
    for held in edition.passages:
        passage = held.passage
        heading = passage.section or ("Edition" if passage.edition_note else "Whole guideline")
        kinds = ", ".join(passage.service_kinds).replace("_", " ")
        yield f"\n{heading}{f' ({kinds})' if kinds else ''}{f': switched off by {_who(held.off)}' if held.off else ''}"
        yield f"  [{passage.id}]"
        if not passage.criteria:
            yield f"  {passage.text}"
        for criterion in passage.criteria:
            yield f"  - {criterion.text}\n      {criterion_words(criterion)}"


def passage_as_json(held: HeldPassage) -> dict[str, Any]:
    """A passage with its criteria, each with kind, source and confidence."""
    passage = held.passage
    return {
        "id": passage.id,
        "guideline": passage.guideline,
        "section": passage.section,
        "text": passage.text,
        "kind": passage.kind.value,
        "source": passage.source,
        "service_kinds": list(passage.service_kinds),
        "off": _change_as_json(held.off),
        "criteria": [_criterion_as_json(criterion) for criterion in passage.criteria],
    }


def criterion_words(criterion: Criterion) -> str:
    """What stands beside a criterion: its sort, when it applies, how sure it is, and by which source."""
    checked = "check the text" if criterion.check_the_text else "checked"
    when = f"applies when {criterion.applies_when}" if criterion.applies_when else ""
    said = (criterion.kind.value, when, f"{criterion.confidence.value} confidence", checked, criterion.source)
    return "; ".join(filter(None, said))


def place_as_text(found: WordsFound) -> str:
    """A place where words were found: the citation, the words, and the id that opens it."""
    return f"{found.passage.citation}\n    {_short(found.text)}\n    [{found.passage.id}]"


def place_as_json(found: WordsFound) -> dict[str, Any]:
    """A place where words were found."""
    return {
        "guideline": found.passage.guideline,
        "section": found.passage.section,
        "passage": found.passage.id,
        "criterion": found.criterion.id if found.criterion else None,
        "text": found.text,
    }


def change_as_text(change: Change) -> str:
    """A change in one line."""
    target = change.target
    of = f" ({target.section})" if target.section else f" (passage {target.passage})" if target.passage else ""
    dates = f": {interval_words(change.was)} became {interval_words(change.interval)}; {change.note}"
    return f"{_DONE[change.kind]}{of} by {_who(change)}{dates if change.kind is ChangeKind.DATES else ''}"


def _counted(criteria: int) -> str:
    return f"{criteria} {'criterion' if criteria == 1 else 'criteria'}" if criteria else ""


def _who(change: Change) -> str:
    return f"{change.by} on {local_day(change.at)}"


def local_day(moment: datetime) -> str:
    """The day of an aware time on this machine's clock."""
    return moment.astimezone().strftime("%Y-%m-%d")


def _parts_off(edition: HeldEdition) -> str:
    off = sum(held.off is not None for held in edition.passages)
    return f"{off} of {len(edition.passages)} passages are switched off" if off else ""


def _change_as_json(change: Change | None) -> dict[str, Any] | None:
    if change is None:
        return None
    dated = change.kind is ChangeKind.DATES
    was = {"was_from": _iso(change.was.start), "was_to": _iso(change.was.end), "note": change.note} if dated else {}
    return {"by": change.by, "at": change.at.isoformat(), **was}


def _criterion_as_json(criterion: Criterion) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "text": criterion.text,
        "kind": criterion.kind.value,
        "applies_when": criterion.applies_when,
        "confidence": criterion.confidence.value,
        "checked": criterion.checked,
        "check_the_text": criterion.check_the_text,
        "source": criterion.source,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _short(text: str, most: int = 240) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
