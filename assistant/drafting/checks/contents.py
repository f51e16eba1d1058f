"""What every analysis must state (Labor Code 4610.6(e)): the decision, the condition, the documents, the findings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import Draft, Fact, IssueDraft, Move, Sentence, SupportKind
from assistant.drafting.checks.found import ERROR, Found, overlap, rests_on, written
from assistant.drafting.checks.outcomes import conclusions

_CONDITION = frozenset({"diagnosis", "complaint", "examination", "study", "response"})
_DOCUMENT = re.compile(
    r"\b(?:summary|records?|notes?|reports?|reported|letter|file|imaging|x-rays?|MRI|EMG|documents?|documented)\b", re.I
)
_STANDARD = re.compile(
    r"\b(?:MTUS|ODG|ACOEM|guidelines?|criteri(?:on|a)|peer-reviewed|formulary|medical literature)\b", re.I
)


def decision_stated(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The issue is decided, and a sentence says so."""
    if issue.outcome is None:
        yield Found("The issue is undecided.", "Set the outcome, and state whether the service is medically necessary.")
    elif not any(True for _ in conclusions(issue)):
        yield Found(
            "No sentence states whether the service is medically necessary.",
            "End the rationale with a sentence that says so, one way or the other.",
            ERROR,
        )


def open_slot(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence is left for the reviewer."""
    for place, sentence in enumerate(issue.sentences):
        if sentence.slot:
            yield Found(
                "A sentence is left for you to write; export waits for it.",
                "Write it in your own words, or remove it.",
                sentence=place,
            )


def condition_cited(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence cites the worker's condition: a diagnosis, complaint, examination, study or response of the case."""
    facts = [fact for fact in draft.case.facts if fact.kind in _CONDITION]
    if any(_tells(sentence, fact) for _, sentence in written(issue) for fact in facts):
        return
    if not facts and any(rests_on(sentence, SupportKind.CASE) for _, sentence in written(issue)):
        return  # nothing of the sort was read from the summary, so what the sentence quotes may well be it
    yield Found(
        "No sentence cites the worker's medical condition.",
        "Name the diagnosis, complaint or finding on examination that the request is for.",
        quote=facts[0].span.quote if facts else None,
    )


def _tells(sentence: Sentence, fact: Fact) -> bool:
    cited = any(s.kind is SupportKind.CASE and overlap(s.span, fact.span) for s in sentence.supports)
    return cited or fact.span.quote.casefold() in sentence.text.casefold()


def documents_cited(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence rests on a document: it quotes the summary, holds a finding of it, or names the note or report."""
    for _, sentence in written(issue):
        if rests_on(sentence, SupportKind.CASE) or rests_on(sentence, SupportKind.FINDING):
            return
        if sentence.own and _DOCUMENT.search(sentence.text):
            return
    yield Found(
        "No sentence cites a document of the file.",
        "Say which note, report or part of the summary a fact comes from, with its date where it has one.",
    )


def findings_stated(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence holds the case against the standard; while a slot is open or the issue undecided, that one waits."""
    if issue.outcome is None or issue.open_slots:
        return
    for _, sentence in written(issue):
        if sentence.move in {Move.GAP, Move.FIT} or rests_on(sentence, SupportKind.FINDING):
            return
    yield Found(
        "No sentence says which requirement is met or missing.",
        "State what the guideline asks that the case shows, or does not show.",
    )


def standard_cited(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A sentence cites the guideline or other standard on which the decision rests."""
    for _, sentence in written(issue):
        if rests_on(sentence, SupportKind.PASSAGE) or (sentence.own and _STANDARD.search(sentence.text)):
            return
    yield Found(
        "No sentence cites a guideline or another standard that the decision rests on.",
        "Cite the guideline with its section, or the study or standard used in its place.",
    )
