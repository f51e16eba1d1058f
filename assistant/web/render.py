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

from assistant.domain import Determination, InForce, Passage, PassageKind
from assistant.library.filters import FacetName
from assistant.library.snippets import marks_in
from assistant.views import CaseRow, ModelView, Sample

if TYPE_CHECKING:
    from assistant.library.choices import Choices
    from assistant.library.found import Found
    from assistant.library.import_log import StoredImport
    from assistant.library.letters import KeptRow, OpenedLetter
    from assistant.models.leashed import Sent

_TEMPLATES = Path(__file__).parent / "assets" / "templates"

_FACETS = {
    FacetName.SERVICE: "Service",
    FacetName.REGION: "Part of the body",
    FacetName.GUIDELINE: "Guideline cited",
    FacetName.SPECIALTY: "Reviewer's specialty",
    FacetName.MODIFIED: "Utilization review",
    FacetName.YEAR: "Year",
}
_FACET_WORDS = {
    (FacetName.MODIFIED, "yes"): "Certified a part",
    (FacetName.MODIFIED, "no"): "Certified none",
}
_FACET_VALUES = 6  # of a facet that are shown at once
_YES_NO: dict[bool | None, str] = {True: "yes", False: "no"}
_MOST_SHOWN = 200  # decisions on one page

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
    made.filters["pieces"] = pieces
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


def decisions(found: Found, real_letters: int, *, asked: bool = True) -> str:
    """The decisions found, with how many real ones were upheld and overturned; `asked`: something was searched for."""
    return _render("decisions_found.html", found=found, real_letters=real_letters, asked=asked, most=_MOST_SHOWN)


def facets(found: Found, chosen: Choices) -> str:
    """The values to narrow by, each with a bar of its two outcomes; the longest bar of a facet is its fullest value."""
    listed = []
    for name, title in _FACETS.items():
        counts = found.facets.get(name, ())
        most = max((count.real for count in counts), default=0) or 1
        values = [
            {
                "value": count.value,
                "label": _FACET_WORDS.get((name, count.value), count.shown),
                "count": count,
                "pressed": _is_chosen(name, count.value, chosen),
                "upheld_share": round(100 * count.upheld / most, 1),
                "overturned_share": round(100 * count.overturned / most, 1),
            }
            for count in counts
        ]
        if values:
            listed.append((title, name.value, values))
    return _render("facets.html", facets=listed, shown=_FACET_VALUES)


def chosen(found: Found, choices: Choices, like: str) -> list[dict[str, str]]:
    """What narrows a search, each by its field with words for it; the outcome has a switch of its own."""
    names = {count.value: count.shown for count in found.facets.get(FacetName.SERVICE, ())}
    said = {
        "service": choices.service and names.get(choices.service, choices.service),
        "region": choices.region and choices.region.capitalize(),
        "guideline": choices.guideline,
        "specialty": choices.specialty,
        "modified": _FACET_WORDS.get((FacetName.MODIFIED, _YES_NO.get(choices.modified, ""))),
        "decided_from": choices.decided_from and f"from {choices.decided_from}",
        "decided_to": choices.decided_to and f"to {choices.decided_to}",
        "like": like and f"like {like}",
    }
    return [{"name": name, "label": label} for name, label in said.items() if label]


def _is_chosen(name: FacetName, value: str, chosen: Choices) -> bool:
    if name is FacetName.YEAR:
        return chosen.decided_from == f"{value}-01-01" and chosen.decided_to == f"{value}-12-31"
    if name is FacetName.MODIFIED:
        return _YES_NO.get(chosen.modified) == value
    return getattr(chosen, name.value) == value


def pieces(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text cut at its marks, each piece with whether it is marked."""
    cut, at = [], 0
    for start, end in marks:
        cut += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in [*cut, (text[at:], False)] if piece[0]]


def letter(determination: Determination, position: int, words: str = "") -> str:
    """A past determination with the matched decision lit, and the words marked in its rationale."""
    rationale = determination.decisions[position].rationale or ""
    return _render("letter.html", letter=determination, position=position, marks=marks_in(rationale, words))


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


_MODEL_WORDS = {
    "chat_model": "Model",
    "chat_url": "Address of its server",
    "chat_helps": "Helps with",
    "chat_agent": "Picks the chat's tools",
    "chat_timeout": "Seconds a call",
    "chat_draft_seconds": "Seconds a draft",
    "chat_turn_seconds": "Seconds a turn of the chat",
    "chat_tokens": "Tokens a draft",
    "chat_answer_tokens": "Tokens an answer",
    "chat_context": "Tokens of its context",
    "chat_price_in": "Price of a million tokens sent",
    "chat_price_out": "Price of a million tokens received",
    "chat_cost": "Cost a draft",
    "tone": "Tone",
    "length": "Length",
    "deidentify": "Hide who is meant",
}
_MODEL_FIRST = ("chat_model", "chat_url", "chat_helps", "tone", "length", "deidentify", "chat_agent")
_HELPS = {
    "facts": "reading facts",
    "evidence": "finding evidence",
    "wording": "wording",
    "answers": "answers in the chat",
}


def model(view: ModelView) -> str:
    """The form about the chat model: what is chosen most first, limits and prices folded away; never the key."""
    by_name = {choice.name: choice for choice in view.choices}
    first = [by_name.pop(name) for name in _MODEL_FIRST if name in by_name]
    helping = str(view.value("chat_helps")).split(",")
    return _render(
        "settings_model.html",
        view=view,
        first=first,
        limits=list(by_name.values()),
        words=_MODEL_WORDS,
        helps=_HELPS,
        helping=helping,
    )


def model_leaves(view: ModelView) -> str:
    """What leaves this machine."""
    return _render("settings_leaves.html", view=view)


def model_trial(trial: Mapping[str, Any] | None) -> str:
    """What a trial of the chat model found out."""
    return _render("settings_trial.html", trial=trial)


def model_sent(sent: Sequence[Sent]) -> str:
    """The last messages that left this machine, the newest first."""
    return _render("settings_sent.html", sent=list(reversed(sent)))


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
