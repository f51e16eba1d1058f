"""Whether a sentence says only what its supports say: any text and its supports in, a verdict out.

It knows nothing of who wrote the sentence. Every claim must be found in one support, about the same thing and spoken
of in the same way; every other word that could carry a fact must stand in a support too. A difference is stated as
such ("the sentence says 10 visits; its supports say 8 visits"), and never blamed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain import Span, Support, SupportKind, Verdict
from assistant.drafting.absences import stated_after_all
from assistant.drafting.alignment import retold_problems
from assistant.drafting.analysis import Analysis, Placed, View, analyse
from assistant.drafting.binding import bound_alike, bound_thing, one_name, rivals, same_value
from assistant.drafting.bonds import act_problems, part_problems
from assistant.drafting.claims import Kind
from assistant.drafting.contexts import LIBRARY_SILENT, LIBRARY_SPEAKS
from assistant.drafting.framing import (
    cited_labels,
    concludes,
    frame_problems,
    quotations,
    rests_on_rule,
    speaks_of_case,
    stands_verbatim,
)
from assistant.drafting.glossary import without_meanings
from assistant.drafting.sayings import context_difference, unsaid
from assistant.reading.certified import asked_part
from assistant.reading.sentences import sentences as sentences_of

_SPOKEN_OF = frozenset({Kind.NUMBER, Kind.SCORE, Kind.RESULT, Kind.LEVEL})


@dataclass(frozen=True, slots=True)
class Sources:
    """The texts that supports point into: the case, passages by id, finding statements by id, and the request.

    `citations` holds a passage's citation by its id, and `statuses` a finding's status; both sharpen what can be
    checked and may be left out. `judged` names the passages that the issue was held against, if not all of them were.
    """

    case: str
    passages: Mapping[str, str]
    findings: Mapping[str, str]
    request: str
    citations: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    judged: frozenset[str] | None = None

    def text_of(self, support: Support) -> str | None:
        """The text that a support points into; None where there is none."""
        if support.kind is SupportKind.CASE:
            return self.case
        if support.kind is SupportKind.REQUEST:
            return self.request
        texts = self.passages if support.kind is SupportKind.PASSAGE else self.findings
        return texts.get(support.id)


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a sentence; each problem states one difference in one plain sentence."""

    verdict: Verdict
    problems: tuple[str, ...] = ()


PASSED = Checked(Verdict.PASSED)
NOT_CHECKABLE = Checked(Verdict.NOT_CHECKABLE)


def verify_sentence(text: str, supports: Sequence[Support], sources: Sources) -> Checked:
    """The verdict on a sentence: passed, failed with the differences, or not checkable (no claim and no support)."""
    text = without_meanings(text)
    sentence = analyse(text)
    if not sentence.words and not supports:
        return NOT_CHECKABLE
    astray = tuple(_astray(supports, sources))
    if astray:
        return Checked(Verdict.FAILED, astray)
    if not supports:
        return _unsupported(sentence)
    views = (
        tuple(_asked(view) for view in views_of(supports, sources)) if concludes(text) else views_of(supports, sources)
    )
    absent = tuple(_absences(sentence, sources))
    if any(_repeats(text, view) for view in views):
        return Checked(Verdict.FAILED, absent) if absent else PASSED
    problems = tuple(dict.fromkeys(differences(sentence, views, sources)))
    problems = (*problems, *absent) or tuple(dict.fromkeys(retold_problems(sentence, views)))
    return Checked(Verdict.FAILED, problems) if problems else PASSED


def verify(text: str, supports: Sequence[Support], sources: Sources) -> tuple[tuple[Span, Checked], ...]:
    """Each sentence of a text, whoever wrote it, with its verdict; all of them rest on the same supports."""
    return tuple((span, verify_sentence(span.quote, supports, sources)) for span in sentences_of(text))


def differences(sentence: Analysis, views: Sequence[View], sources: Sources) -> Iterator[str]:
    """Everything that a sentence says and its supports do not, each in one sentence."""
    for quote in quotations(sentence.text):
        if not any(stands_verbatim(quote, view.quote) for view in views):
            yield f"The words quoted, “{_short(quote)}”, do not stand so in any support."
    for clause in sentence.clauses:
        opened = _opened(sentence, clause, views)
        for placed in sentence.claims:
            if placed.first in clause:
                yield from _claim_problem(sentence, placed, opened)
        yield from unsaid(sentence, clause, opened)
        yield from part_problems(sentence, clause, opened)
        yield from act_problems(sentence, clause, opened)
    yield from cited_labels(sentence.text, (*views, *_library_views(sentence.text, sources)))
    speaks = LIBRARY_SPEAKS.search(sentence.text)
    if speaks and not _holds(speaks["body"] or "MTUS", sources):
        yield "The sentence says that the guideline addresses it; the issue rests on no passage of it."
    silent = LIBRARY_SILENT.search(sentence.text)
    if silent and _holds(silent["body"] or "MTUS", sources):
        yield "The sentence says that the guideline is silent; the issue rests on a passage of it."
    yield from frame_problems(sentence, views, sources.case, sources.statuses)


def views_of(supports: Sequence[Support], sources: Sources) -> tuple[View, ...]:
    """What the supports open; with a passage comes its citation, read off its id where none is given."""
    views: list[View] = []
    for support in supports:
        text = sources.text_of(support) or ""
        label = _label_of(support, sources)
        views.append(View(support.kind, support.id, analyse(text), support.span.start, support.span.end, label))
        if label:
            views.append(View(support.kind, support.id, analyse(label), 0, len(label)))
    return tuple(views)


def _absences(sentence: Analysis, sources: Sources) -> Iterator[str]:
    """What the sentence says is not stated and the case states, looked for in its text again."""
    for words, span in stated_after_all(sentence, sources.case):
        yield f"The sentence says that “{_short(words)}” is not stated; the case says “{_short(span.quote)}”."


def _asked(view: View) -> View:
    """Of a request the part that is left for the review: what was certified or first asked is not concluded on."""
    if view.kind is not SupportKind.REQUEST or not view.source.text.strip():
        return view
    asked = asked_part(view.source.text).span
    start, end = max(view.start, asked.start), min(view.end, asked.end)
    return View(view.kind, view.id, view.source, start, end) if start < end else view


def _library_views(text: str, sources: Sources) -> tuple[View, ...]:
    """What a statement on the library rests on: the citations of all passages of the issue."""
    if not LIBRARY_SILENT.search(text):
        return ()
    labels = ("MTUS", *sources.citations.values())
    return tuple(View(SupportKind.PASSAGE, label, analyse(label), 0, len(label)) for label in labels)


def _holds(body: str, sources: Sources) -> bool:
    """Whether a passage of the issue is of that body; a note on when an edition was in force is none."""
    judged = sources.citations.keys() if sources.judged is None else sources.judged
    cited = [
        key for key, label in sources.citations.items() if key in judged and label.upper().startswith(body.upper())
    ]
    return any(" in force " not in sources.passages.get(key, "") for key in cited)


def _label_of(support: Support, sources: Sources) -> str:
    if support.kind is not SupportKind.PASSAGE:
        return ""
    read_off = support.id.replace("/", ", ").replace("-", " ").replace("_", " ")
    return sources.citations.get(support.id) or read_off


def _astray(supports: Sequence[Support], sources: Sources) -> Iterator[str]:
    for support in supports:
        text = sources.text_of(support)
        if text is None:
            yield f"A support names a {support.kind.value} that is not there."
        elif not support.span.stands_in(text):
            quote = _short(support.span.quote)
            yield f"The words “{quote}” do not stand in the {support.kind.value} where the support says."


def _unsupported(sentence: Analysis) -> Checked:
    if sentence.claims or quotations(sentence.text):
        said = _said(sentence, sentence.claims[0]) if sentence.claims else "quotes words"
        return Checked(Verdict.FAILED, (f"The sentence says {said} and rests on no support.",))
    if speaks_of_case(sentence):
        return Checked(Verdict.FAILED, ("The sentence states something of the case and rests on no support.",))
    return NOT_CHECKABLE


def _repeats(text: str, view: View) -> bool:
    """Whether the sentence is nothing but whole sentences of a source, word for word."""
    folded = " ".join(text.split()).rstrip(".").casefold()
    if " ".join(view.quote.split()).rstrip(".").casefold() != folded:
        return False
    starts = {span.start for span in view.source.sentences}
    ends = {span.start + len(span.quote.rstrip(". ")) for span in view.source.sentences}
    left = view.start + len(view.quote) - len(view.quote.lstrip())
    right = view.start + len(view.quote.rstrip(". \n\t"))
    return left in starts and right in ends


def _opened(sentence: Analysis, clause: range, views: Sequence[View]) -> tuple[View, ...]:
    """The views that may back a clause: what a guideline asks backs no statement about this worker."""
    if rests_on_rule(sentence, clause):
        return tuple(views)
    return tuple(view for view in views if view.kind is not SupportKind.PASSAGE)


# --- claims ---------------------------------------------------------------------------------------------------


def _claim_problem(sentence: Analysis, placed: Placed, views: Sequence[View]) -> Iterator[str]:
    alike = [(view, other) for view in views for other in view.claims if same_value(placed.claim, other.claim)]
    bound = [(view, other) for view, other in alike if bound_alike(sentence, placed, view, other)]
    if bound:
        if placed.claim.kind in _SPOKEN_OF:
            places = [(view, other.first) for view, other in bound]
            yield from context_difference(sentence, placed.first, _said(sentence, placed), places)
        if placed.claim.kind is Kind.SIDE:
            yield from _torn(sentence, placed, views, [view for view, _ in bound])
        return
    said, thing = _said(sentence, placed), bound_thing(sentence, placed)
    theirs = _theirs(placed, thing.name if thing else None, views)
    about = f" for {thing.name}" if thing else ""
    if theirs:
        yield f"The sentence says {said}{about}; its supports say {theirs}{about}."
    elif alike:
        what = thing.name if thing else "what the sentence ties it to"
        yield f"The sentence says {said}; its supports do not tie that to {what}."
    else:
        yield f"The sentence says {said}; its supports do not say that."


def _torn(sentence: Analysis, side: Placed, views: Sequence[View], backing: Sequence[View]) -> Iterator[str]:
    """A side from one support and a number or date from another that says it of the other side."""
    thing, clause = bound_thing(sentence, side), sentence.clause_of(side.first)
    if thing is None or len({p.claim.value for p in sentence.claims if p.claim.kind is Kind.SIDE}) > 1:
        return
    for other in (p for p in sentence.claims if p.first in clause and p.claim.kind in {Kind.DATE, Kind.NUMBER}):
        told = [v for v in views if any(same_value(other.claim, p.claim) for p in v.claims)]
        if not told or any(view in backing for view in told):
            continue
        for view in told:
            for rival in (p for p in view.claims if p.claim.kind is Kind.SIDE and p.claim.value != side.claim.value):
                theirs = bound_thing(view.source, rival)
                if theirs is not None and one_name(theirs.name, thing.name):
                    said, held = _said(sentence, side), _said(view.source, rival)
                    beside = _said(sentence, other)
                    yield f"The sentence says {said} for {thing.name}; its supports say {held} with {beside}."
                    return


def _theirs(placed: Placed, name: str | None, views: Sequence[View]) -> str:
    """What the supports say instead: the rival claims about the same thing."""
    found = []
    for view in views:
        for other in view.claims:
            if not rivals(placed.claim, other.claim) or same_value(placed.claim, other.claim):
                continue
            thing = bound_thing(view.source, other)
            if name is None or (thing is not None and one_name(thing.name, name)):
                found.append(_said(view.source, other))
    return " and ".join(dict.fromkeys(found[:2]))


def _said(analysis: Analysis, placed: Placed) -> str:
    """The claim in its text's own words, with the word of its unit."""
    claim, last = placed.claim, placed.last
    if claim.kind in {Kind.NUMBER, Kind.SCORE} and claim.unit not in {None, "$"}:
        ahead = analysis.words[last + 1 : last + 2]
        if ahead and ahead[0].sentence == analysis.words[last].sentence and ahead[0].start - claim.end <= 1:
            return analysis.text[claim.start : ahead[0].end]
    return analysis.text[claim.start : claim.end].strip()


def _short(words: str) -> str:
    folded = " ".join(words.split())
    return folded if len(folded) <= 80 else folded[:77].rstrip() + "..."
