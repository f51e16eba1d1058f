"""The one place that makes HTML: Jinja templates of this package, with everything that is put into them escaped.

What is only read is rendered here. The case view is typed in, so the browser builds it from values
(assets/case.js), by text nodes and never as HTML.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.deadlines import Priority, due_words
from assistant.domain import Determination, InForce, Passage, PassageKind
from assistant.drafting import determination
from assistant.drafting.determination import WrittenOut
from assistant.evaluation.kept import COMMAND
from assistant.library.csv_list import MOST_LISTED
from assistant.library.filters import FacetName
from assistant.library.insights import By
from assistant.library.snippets import marks_in, snippet_of
from assistant.records import Act
from assistant.views import CaseRow, CaseSort, ModelView, Sample
from assistant.web.insight_figures import ROWS, decisions_address, plotted
from assistant.web.timeline import BY_BODY

if TYPE_CHECKING:
    from assistant.evaluation.kept import KeptEvaluation
    from assistant.library.choices import Choices
    from assistant.library.comparing import Comparison
    from assistant.library.documented import DecidedCase, Documented
    from assistant.library.found import Found, Loosened
    from assistant.library.held_editions import FoundInGuidelines, HeldEdition, HeldPassage, Neighbours
    from assistant.library.import_log import StoredImport
    from assistant.library.insights import Overview
    from assistant.library.letters import KeptRow, OpenedLetter
    from assistant.models.leashed import Sent
    from assistant.records import Account, ApiToken, Entry, Verified
    from assistant.records.rested import Rested
    from assistant.web.timeline import Axis, Line

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
_FILTER_WORDS = {
    "outcome": "the outcome",
    "service": "the service",
    "region": "the part of the body",
    "guideline": "the guideline cited",
    "specialty": "the reviewer's specialty",
    "modified": "what utilization review certified",
    "decided": "the days",
    "illustrative": "illustrative or real",
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
AUDIT_ACTS = tuple(sorted(Act))
_UNTOLD = {"passages", "again"}  # of an entry's detail, in the table
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
    made.filters["due"] = due_words
    made.filters["pieces"] = pieces
    made.filters["moment"] = local_moment
    made.filters["percent"] = percent
    made.filters["decisions"] = decisions_address
    made.filters["aware_day"] = local_day
    made.filters["called"] = _called
    made.filters["snippet"] = snippet_of
    made.filters["marks"] = marks_in
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


def percent(share: float | None, sign: str = "") -> str:
    """ "29%", or with `sign` "+" "+29%"; a dash for the share of nothing."""
    return "–" if share is None else f"{100 * share:{sign}.0f}%".replace("-", "−")


def local_day(moment: datetime) -> str:
    """The day of an aware time, on this machine's clock."""
    return moment.astimezone().strftime("%Y-%m-%d")


def kind_words(kind: PassageKind) -> str:
    """What sort of text a passage is, in words."""
    return "Digest in our own words" if kind is PassageKind.DIGEST else "Official text"


def locked() -> str:
    """The plain page for who comes without the start's link."""
    return _render("locked.html")


def sign_in(*, said: str, onward: str, form: str, provider: bool) -> str:
    """The sign-in; `said` is why the last try failed, `onward` where it goes on, `form` the form's token."""
    return _render("sign_in.html", said=said, onward=onward, form=form, provider=provider)


def account(
    account: Account, tokens: Sequence[ApiToken], form: str, *, said: str = "", fault: str = "", token: str = ""
) -> str:
    """The page of one's own account; `token` is a new token, shown this once."""
    return _render("account.html", account=account, tokens=tokens, form=form, said=said, fault=fault, token=token)


def told(said: str, onward: str) -> str:
    """A sentence, and the way on."""
    return _render("told.html", said=said, onward=onward)


def go_on(onward: str) -> str:
    """A page that goes on by itself."""
    return _render("go_on.html", onward=onward)


def head_of(html: str) -> str:
    """A page of Gradio's with our styles first in its head, so that nothing is seen unstyled. A plain page has its own.

    A stranger is let to none of our styles, which the sign-in must do without.
    """
    if '<html lang="en" data-plain>' in html[:200]:
        return html
    return html.replace("<head>", "<head>" + _render("head.html"), 1)


def shell(view: str, template: str, **values: object) -> str:
    """The still parts of a view: header, navigation, the places that its script fills."""
    return _render(template, view=view, **values)


def cases(rows: Sequence[CaseRow], words: str, *, narrowed: bool = False, sort: CaseSort = CaseSort.UPDATED) -> str:
    """The table of cases; `words` is what was searched for, `narrowed` that something else narrows it."""
    by = sort.value
    return _render("cases_table.html", rows=rows, asked=bool(words or narrowed), by=by, states=STATE_WORDS)


def due_rules() -> list[tuple[str, str]]:
    """The priorities of a request for review, each with a name for people."""
    return [(priority.value, priority.value.capitalize()) for priority in Priority]


def samples(offered: Sequence[Sample]) -> str:
    """The sample cases as buttons."""
    return _render("samples.html", samples=offered)


def decisions(found: Found, real_letters: int, *, asked: bool = True, hidden: Loosened | None = None) -> str:
    """The decisions found, with how many real ones were upheld and overturned.

    `asked`: something was searched for. `hidden`: the filter without which a search that finds nothing would find some.
    """
    return _render(
        "decisions_found.html",
        found=found,
        real_letters=real_letters,
        asked=asked,
        hidden=hidden,
        hides=_FILTER_WORDS.get(hidden.name, "") if hidden else "",
        most=_MOST_SHOWN,
        most_listed=MOST_LISTED,
    )


def found_in_words(found: Found) -> str:
    """How much was found, in a sentence that is read out."""
    if not found.total:
        return "No decision matches."
    real = sum(found.matching.values())
    sides = ", ".join(f"{count:,} {outcome.lower()}" for outcome, count in found.matching.items())
    more = f"; {found.matching_illustrative} illustrative, not counted" if found.matching_illustrative else ""
    return f"{real:,} decision{'' if real == 1 else 's'} of real letters: {sides}{more}."


def comparison(compared: Comparison) -> str:
    """Two decisions side by side."""
    return _render("comparison.html", sides=compared.sides, kinds=compared.kinds)


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
        "illustrative": choices.illustrative is False and "imported letters only",
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


def letter(read: Determination, position: int, words: str = "") -> str:
    """A past determination with the matched decision lit, and the words marked in its rationale."""
    rationale = read.decisions[position].rationale or ""
    return _render("letter.html", letter=read, position=position, marks=marks_in(rationale, words))


def letter_preview(written: WrittenOut) -> str:
    """The determination as it would be exported; a line's place is `data-line="ISSUE.SENTENCE"`, both from 0."""
    return _render(
        "preview.html",
        letter=written,
        title=determination.TITLE,
        draft_notice=determination.DRAFT_NOTICE,
        how_head=determination.HOW,
        case_head=determination.CASE,
        case_note=determination.CASE_NOTE,
        decisions_head=determination.DECISIONS,
        record_title=determination.RECORD,
        record_head=determination.RECORD_HEAD,
        evidence_head=determination.EVIDENCE,
        evidence_note=determination.EVIDENCE_NOTE,
    )


def guidelines(
    grouped: Sequence[tuple[str, Sequence[Line]]], axis: Axis, today: date, day: date | None, by: str
) -> str:
    """The editions as links with their lines of time, in groups; those that governed on `day` are lit."""
    query = (f"&on={day}" if day else "") + (f"&by={by}" if by != BY_BODY else "")
    return _render("guidelines.html", groups=grouped, axis=axis, today=today, day=day, query=query)


def guideline(
    edition: HeldEdition,
    beside: Neighbours,
    lit: tuple[str, str] = ("", ""),
    query: str = "",
    names: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """One edition as a document; the passage, or its criterion, whose ids are `lit` is lit. `query` ends every link.

    `names` are those of the kinds of service, by id.
    """
    sections: dict[str, list[HeldPassage]] = {}
    for held in edition.passages:
        sections.setdefault(_heading(held.passage), []).append(held)
    listed = list(sections.items())
    return _render("guideline.html", e=edition, beside=beside, sections=listed, lit=lit, query=query, names=names)


def _called(kind: str, names: Mapping[str, str]) -> str:
    return names.get(kind) or kind.replace("_", " ")


def _heading(passage: Passage) -> str:
    return passage.section or ("Edition" if passage.edition_note else "Whole guideline")


def guideline_words(found: FoundInGuidelines, words: str, query: str = "") -> str:
    """Where words stand in the guidelines: names, then criteria and texts, each a link that lights it."""
    return _render("guideline_words.html", found=found, words=words, query=query)


def earlier_passage(passage: Passage) -> str:
    """A wording of a passage that is offered no more."""
    return _render("earlier_passage.html", passage=passage)


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


_BY_WORDS = {
    By.SERVICE: "Service",
    By.GUIDELINE: "Guideline cited",
    By.REGION: "Part of the body",
    By.TIME: "Time of the decision",
    By.SPECIALTY: "Reviewer's specialty",
    By.REVIEW: "What utilization review did",
}


def outcomes(overview: Overview) -> str:
    """The counts of outcomes: what is counted, then a place for each plot with its table."""
    return _render("insights_outcomes.html", overview=overview, titles=_BY_WORDS, rows=ROWS)


def documented(found: Documented) -> str:
    """What overturned decisions state that upheld ones do not: a place for the plot, and its table."""
    return _render("insights_documented.html", found=found, plotted=plotted(found))


def stating(cases: Sequence[DecidedCase]) -> str:
    """The decisions of which a fact is stated, as a list of links."""
    return _render("insights_stating.html", cases=cases, most=_MOST_SHOWN)


def evaluation(kept: KeptEvaluation | None) -> str:
    """How the assistant did in its last evaluation, or how to measure it."""
    return _render("insights_evaluation.html", kept=kept, command=COMMAND)


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


def audit_entries(entries: Sequence[Entry]) -> str:
    """The entries of the audit log as a table."""
    return _render("audit_entries.html", entries=[_audit_row(entry) for entry in entries])


def _audit_row(entry: Entry) -> dict[str, object]:
    detail = json.loads(entry.detail)
    told = [(name, _told(value)) for name, value in detail.items() if name not in _UNTOLD]
    told = [(name, value) for name, value in told if value != entry.act]  # an act that is its own kind
    if "passages" in detail:
        told.append(("passages", str(len(detail["passages"]))))
    at = datetime.fromisoformat(entry.at).astimezone()
    return {
        "number": entry.number,
        "at": entry.at,
        "moment": f"{at:%Y-%m-%d %H:%M:%S}",
        "account": entry.account,
        "act": entry.act,
        "case": entry.case,
        "told": told,
        "again": detail.get("again"),
    }


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")


def audit_state(checked: tuple[Verified, datetime] | None) -> str:
    """How the chain was found when it was last verified, in a sentence."""
    if checked is None:
        return "Not verified since the program was started."
    found, at = checked
    when = f"{at.astimezone():%Y-%m-%d %H:%M}"
    if found.fault is not None:
        return f"Broken, as verified at {when}: {found.fault.sentence}"
    return f"Verified up to entry {found.last.number} at {when}: every entry is as it was written."


def rested(what: Rested) -> str:
    """What a signed-off version rested on, and what has changed of it."""
    at = datetime.fromisoformat(what.at).astimezone()
    return _render("rested.html", rested=what, moment=f"{at:%Y-%m-%d %H:%M}")
