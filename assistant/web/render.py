"""The one place that makes HTML: Jinja templates of this package, with everything that is put into them escaped.

What is only read is rendered here. The case view is typed in, so the browser builds it from values
(assets/case.js), by text nodes and never as HTML.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.domain import Determination, InForce, Outcome, Passage, PassageKind
from assistant.views import CaseRow, Sample

if TYPE_CHECKING:
    from assistant.library.import_log import StoredImport
    from assistant.library.letters import KeptRow, OpenedLetter
    from assistant.library.retrieval import Found

_TEMPLATES = Path(__file__).parent / "assets" / "templates"

IMPORT_WORDS = {
    "running": "under way",
    "done": "done",
    "cancelled": "stopped by you",
    "failed": "stopped by a fault",
    "stopped": "broken off",
}
NOTE_WORDS = {"failed": "Not read", "version": "New versions", "neither": "Left out", "warning": "Warnings"}
STATE_WORDS = {"new": "not drafted", "drafting": "in draft", "decided": "decided", "exported": "exported"}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["in_force"] = in_force
    made.filters["kind"] = kind_words
    made.filters["moment"] = local_moment
    return made


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)


def in_force(interval: InForce) -> str:
    """ "in force 2007-06-15 to 2017-12-01", with what is known of it."""
    if interval.start and interval.end:
        return f"in force {interval.start} to {interval.end}"
    if interval.start:
        return f"in force since {interval.start}"
    return f"in force until {interval.end}" if interval.end else "dates in force not known"


def local_moment(moment: datetime) -> str:
    """A time that is kept as UTC without its zone, on this machine's clock."""
    return moment.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def kind_words(kind: PassageKind) -> str:
    """What sort of text a passage is, in words."""
    return "Digest in our own words" if kind is PassageKind.DIGEST else "Official text"


def locked() -> str:
    """The plain page for who comes without the start's link."""
    return _render("locked.html")


def head_of(html: str) -> str:
    """A page of Gradio's with our styles first in its head, so that nothing is seen unstyled."""
    return html.replace("<head>", "<head>" + _render("head.html"), 1)


def shell(view: str, template: str, **values: object) -> str:
    """The still parts of a view: header, navigation, the places that its script fills."""
    return _render(template, view=view, **values)


def cases(rows: Sequence[CaseRow], words: str) -> str:
    """The table of cases; `words` is what was searched for."""
    return _render("cases_table.html", rows=rows, words=words, states=STATE_WORDS)


def samples(offered: Sequence[Sample]) -> str:
    """The sample cases as buttons."""
    return _render("samples.html", samples=offered)


def decisions(found: Found, real_letters: int, searched: str) -> str:
    """The decisions found, with how many real ones were upheld and overturned."""
    counts = {outcome: found.outcomes.get(outcome, 0) for outcome in Outcome}
    return _render("decisions_found.html", found=found, counts=counts, real_letters=real_letters, searched=searched)


def letter(determination: Determination, position: int) -> str:
    """A past determination with the matched decision marked."""
    return _render("letter.html", letter=determination, position=position)


def guidelines(passages: Sequence[Passage]) -> str:
    """The guidelines of the library as a list of links, one per edition."""
    return _render("guidelines.html", groups=_by_family(passages))


def guideline(passages: Sequence[Passage], marked: str = "") -> str:
    """One edition: its passages with their criteria; the passage of id `marked` is lit."""
    return _render("guideline.html", passages=passages, first=passages[0], marked=marked)


def imports(stored: Sequence[StoredImport], waiting: Collection[int]) -> str:
    """The imports as a list of links; those of `waiting` were stopped and can go on."""
    return _render("imports.html", imports=stored, waiting=waiting, states=IMPORT_WORDS)


def import_report(stored: StoredImport) -> str:
    """What one import did: counts, causes, and what was said of its documents."""
    kinds = [(kind, [note for note in stored.notes if note.kind == kind]) for kind in NOTE_WORDS]
    groups = [(NOTE_WORDS[kind], notes) for kind, notes in kinds if notes]
    return _render("import_report.html", report=stored, groups=groups, states=IMPORT_WORDS)


def letters_not_whole(rows: Sequence[KeptRow], count: int) -> str:
    """The letters that were not read whole, as a list of links."""
    return _render("letters_not_whole.html", rows=rows, count=count)


def opened_letter(opened: OpenedLetter) -> str:
    """A letter with its versions, what was not read of it, and its text where that is kept."""
    return _render("opened_letter.html", opened=opened, letter=opened.letter)


def settings(rows: Sequence[tuple[str, str, str]], counts: Mapping[str, int]) -> str:
    """What is set, and what leaves the machine."""
    return _render("settings_rows.html", rows=rows, counts=counts)


def _by_family(passages: Sequence[Passage]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Families of guidelines, each with its editions in order of time; `held`: their criteria are here."""
    editions: dict[str, dict[str, Any]] = {}
    for passage in passages:
        edition = editions.setdefault(
            passage.guideline,
            {
                "label": passage.guideline,
                "in_force": passage.in_force,
                "family": _family(passage),
                "held": False,
            },
        )
        edition["held"] |= bool(passage.criteria) or passage.kind is PassageKind.OFFICIAL
    ordered = sorted(editions.values(), key=lambda e: (e["family"], str(e["in_force"].start or ""), e["label"]))
    return [(family, list(group)) for family, group in groupby(ordered, key=lambda e: e["family"])]


def _family(passage: Passage) -> str:
    words = (passage.family or "other").replace("_", " ")
    return words[:1].upper() + words[1:]
