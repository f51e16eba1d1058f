"""The order of search and the edition in force (8 CCR 9792.21.1; Labor Code 4610.5(c)(2))."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.domain import Draft, IssueDraft, Passage, SupportKind
from assistant.drafting.checks.found import ERROR, Found, rests_on, written
from assistant.drafting.selection import is_mtus

_BEYOND = re.compile(
    r"\b(?:ODG|Official Disability Guidelines?|ACOEM (?:Practice )?Guidelines?|AHRQ|National Guideline Clearinghouse|"
    r"peer-reviewed|Cochrane|PubMed|randomi[sz]ed|UpToDate|AAOS|CDC guidelines?|medical literature)\b"
)
# Why a rationale goes past the MTUS: it is silent on this, it was rebutted, the better evidence lies elsewhere.
_REASON = re.compile(
    r"\b(?:MTUS|ACOEM|chapter)\b[^.;]{0,80}?\b(?:do(?:es)? not|did not|is silent|are silent"
    r"|has no|have no|holds no"
    r"|hold no|nowhere|without|lacks?|neither|says nothing|say nothing|gives? no|offers? no|rebutt\w+|outdated"
    r"|superseded)\b"
    r"|\b(?:not|nowhere) (?:\w+ )?(?:addressed|covered|discussed|mentioned) (?:in|by) the MTUS\b"
    r"|\b(?:no|without an?) (?:\w+ ){0,2}?(?:section|passage|recommendation|guidance|criteria)s? (?:of|in"
    r"|from) the MTUS\b"
    r"|\bNo MTUS\b|\bsilen(?:t|ce)\b|\bpresumption\b[^.;]{0,60}?\b(?:rebutt|challeng|overcom)\w+|\brebut\w*\b"
    r"|\b(?:stronger|better|higher|newer)[ -](?:\w+ )?evidence\b|\boutside (?:of )?the MTUS\b|\bbeyond the MTUS\b"
    r"|\bbecause the MTUS\b",
    re.IGNORECASE,
)


def not_in_force(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """A cited edition was not in force on the date of review."""
    for place, passage in _cited(draft, issue):
        if passage.edition_note or passage.current_without_criteria:
            continue
        if passage.in_force.holds_on(draft.date_of_review):
            continue
        until = f" until {passage.in_force.end}" if passage.in_force.end else ""
        yield Found(
            f"{passage.guideline} was in force from {passage.in_force.start}{until}, not on {draft.date_of_review}.",
            f"Cite the edition in force on {draft.date_of_review}, or correct the date of review.",
            ERROR,
            place,
            passage.citation,
        )


def _cited(draft: Draft, issue: IssueDraft) -> Iterator[tuple[int, Passage]]:
    """The passages that a sentence rests on or names by label, each once, with the first sentence that does."""
    seen = set()
    labels = {passage.guideline: passage for passage in draft.passages.values() if not passage.edition_note}
    for place, sentence in written(issue):
        ids = [s.id for s in sentence.supports if s.kind is SupportKind.PASSAGE]
        held = [draft.passages[name] for name in ids if name in draft.passages]
        if sentence.own:
            held += [passage for label, passage in labels.items() if _names(sentence.text, label)]
        for passage in held:
            if passage.guideline not in seen:
                seen.add(passage.guideline)
                yield place, passage


def _names(text: str, label: str) -> bool:
    """Whether a text names an edition by its label; the bare name of a series (no year in it) names none."""
    return bool(re.search(r"\d{4}", label)) and label.casefold() in " ".join(text.split()).casefold()


def order_skipped(draft: Draft, issue: IssueDraft) -> Iterator[Found]:
    """The rationale goes past the MTUS although a passage of it governs, and gives no reason."""
    governing = _governing_mtus(draft, issue)
    texts = [sentence.text for _, sentence in written(issue)]
    beyond = next(_beyond(draft, issue), None)
    if governing is None or beyond is None or any(_REASON.search(text) for text in texts):
        return
    if any(is_mtus(passage) for _, passage in _cited(draft, issue)) or any(re.search(r"\bMTUS\b", t) for t in texts):
        return
    place, cited = beyond
    yield Found(
        f"The rationale cites {cited}; {governing.guideline} governs this service and is not cited.",
        f"Apply {governing.guideline}, or state why the MTUS does not answer the question here.",
        sentence=place,
        quote=governing.citation,
    )


def _governing_mtus(draft: Draft, issue: IssueDraft) -> Passage | None:
    """The passage of the MTUS, in force and with criteria, that was held against this issue."""
    for finding in issue.findings:
        passage = draft.passages.get(finding.passage_id)
        if passage and is_mtus(passage) and passage.in_force.holds_on(draft.date_of_review) and not passage.is_law:
            return passage
    return None


def _beyond(draft: Draft, issue: IssueDraft) -> Iterator[tuple[int, str]]:
    """The sentences that cite something past the MTUS, with its name."""
    for place, sentence in written(issue):
        named = _BEYOND.search(sentence.text)
        if named:
            yield place, named.group()
        elif rests_on(sentence, SupportKind.PASSAGE):
            held = [draft.passages.get(s.id) for s in sentence.supports if s.kind is SupportKind.PASSAGE]
            other = next((p for p in held if p and not is_mtus(p) and not p.is_law), None)
            if other:
                yield place, other.guideline
