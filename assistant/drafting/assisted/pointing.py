"""Words of the case to which a chat model points where the program's own search found nothing.

They never make a criterion met or failed: a finding that claimed a silence becomes one for the reviewer, with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain import CaseSummary, CriterionKind, Discarded, Finding, Span, Status
from assistant.drafting.excerpts import sentence_at, worded_as_plan, worded_as_request_or_review
from assistant.drafting.findings import POINTED, label_of, meanings_of
from assistant.errors import ModelFailed
from assistant.models.asking import Asks
from assistant.reading.lexicon import Lexicon

FACTS_PROMPT, EVIDENCE_PROMPT = "read_facts", "find_evidence"
_FEWEST, _MOST = 2, 30  # words of a quotation
_LENGTH = 200  # characters of a quotation, where a server keeps to a schema
_AT_ONCE = 8  # sorts of facts of one call
Near = Callable[[str, Sequence[str]], bool]


class FactLine(BaseModel):
    """What the summary says of one sort of facts, by its number in the list."""

    model_config = ConfigDict(extra="ignore")
    number: int
    quote: str = Field(json_schema_extra={"maxLength": _LENGTH})
    says: Literal["present", "denied"]


class FactsRead(BaseModel):
    """The facts that the model read."""

    facts: list[FactLine] = Field(json_schema_extra={"maxItems": _AT_ONCE})


class Pointed(BaseModel):
    """First the words, then the answer."""

    model_config = ConfigDict(extra="ignore")
    quote: str = Field(json_schema_extra={"maxLength": _LENGTH})
    answer: Literal["yes", "no", "unclear"]


@dataclass(frozen=True, slots=True)
class Pointing:
    """The findings, some of them now with words for the reviewer, and what was thrown away."""

    findings: tuple[Finding, ...]
    discarded: tuple[Discarded, ...] = ()
    failed: str = ""  # why the model was not asked for all, in one sentence


@dataclass
class _Pointer:
    """Goes through the findings of one issue."""

    case: CaseSummary
    asks: Asks
    lexicon: Lexicon
    near: Near
    discarded: list[Discarded]

    def by_facts(self, findings: Sequence[Finding]) -> dict[str, Span]:
        """The words for the concepts that the open findings ask, by concept."""
        concepts = list(dict.fromkeys(concept for finding in findings for concept in finding.criterion.asks))
        found: dict[str, Span] = {}
        for first in range(0, len(concepts), _AT_ONCE):
            some = concepts[first : first + _AT_ONCE]
            listed = "\n".join(f"{n}. {self.lexicon.concepts[name].label}" for n, name in enumerate(some, 1))
            answer = self.asks.data(FACTS_PROMPT, {"case": self.case.text, "list": listed}, FactsRead)
            for line in answer.facts:
                if 1 <= line.number <= len(some):
                    name = some[line.number - 1]
                    meanings = (self.lexicon.concepts[name].label, *self.lexicon.concepts[name].meanings)
                    span = self.checked(line.quote, "fact", meanings)
                    if span is not None:
                        found.setdefault(name, span)
        return found

    def by_question(self, finding: Finding) -> Span | None:
        """The words for one criterion, where the model says that they answer it."""
        question = f"Is this so? {finding.criterion.text}"
        pointed = self.asks.data(EVIDENCE_PROMPT, {"case": self.case.text, "question": question}, Pointed)
        if not pointed.quote.strip() or pointed.answer == "unclear":
            return None
        known = meanings_of(finding.criterion, self.lexicon)
        meanings = (finding.criterion.text, *(text for texts in known.values() for text in texts))
        return self.checked(pointed.quote, "evidence", meanings)

    def checked(self, quote: str, sort: str, meanings: Sequence[str]) -> Span | None:
        """The words where they stand in the case; None, and why among the discarded, where they may not be used."""
        span = located(quote, self.case.text)
        why = self._fault(span, meanings)
        if why:
            self.discarded.append(Discarded(quote[:300], f"Not taken: {why}.", sort))
            return None
        return span

    def _fault(self, span: Span | None, meanings: Sequence[str]) -> str | None:
        if span is None:
            return "these words do not stand so in the summary"
        if not _FEWEST <= len(span.quote.split()) <= _MOST:
            return "it is no short quotation"
        sentence = sentence_at(self.case, span.start, span.end).quote
        if worded_as_request_or_review(sentence) or worded_as_plan(span.quote):
            return "it words a plan, the request or the review under dispute"
        return None if self.near(span.quote, meanings) else "it does not bear on what was asked"


def located(quote: str, text: str) -> Span | None:
    """Where a quotation stands in a text, blanks and line breaks aside; None where it does not."""
    words = quote.strip(" \t\r\n\"“”'").split()
    if not words:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return Span.of(text, found.start(), found.end()) if found else None


def point(
    findings: Sequence[Finding],
    case: CaseSummary,
    asks: Asks,
    sorts: frozenset[str],
    lexicon: Lexicon,
    near: Near,
) -> Pointing:
    """The findings, with the model asked about those that show nothing of the case.

    `sorts` says by which questions: "facts" (all that the criteria look for at once), "evidence" (each criterion by
    itself). Never raises: where the model fails, what was found before stays.
    """
    pointer = _Pointer(case, asks, lexicon, near, [])
    found: dict[str, Span] = {}
    failed = ""
    try:
        for finding_id, span in _asked(pointer, [f for f in findings if is_open(f)], sorts):
            found.setdefault(finding_id, span)
    except ModelFailed as error:
        failed = str(error)
    changed = tuple(_with_words(finding, found, lexicon) for finding in findings)
    return Pointing(changed, tuple(pointer.discarded), failed)


def is_open(finding: Finding) -> bool:
    """Whether a finding shows no words of the case and a model may look for some; a silence on what would bar the
    request is left alone."""
    silent_bar = finding.criterion.kind is CriterionKind.CONTRAINDICATION
    return finding.status in {Status.NOT_FOUND, Status.FOR_REVIEWER} and not finding.evidence and not silent_bar


def _asked(pointer: _Pointer, findings: Sequence[Finding], sorts: frozenset[str]) -> Iterable[tuple[str, Span]]:
    done: set[str] = set()
    if "facts" in sorts and any(finding.criterion.asks for finding in findings):
        by_concept = pointer.by_facts(findings)
        for finding in findings:
            span = next((by_concept[name] for name in finding.criterion.asks if name in by_concept), None)
            if span is not None:
                done.add(finding.id)
                yield finding.id, span
    for finding in findings if "evidence" in sorts else ():
        if finding.id not in done and finding.criterion.measure is None:
            span = pointer.by_question(finding)
            if span is not None:
                yield finding.id, span


def _with_words(finding: Finding, found: Mapping[str, Span], lexicon: Lexicon) -> Finding:
    span = found.get(finding.id)
    if span is None:
        return finding
    label = label_of(finding.criterion, lexicon)
    about = "this" if not label or label.startswith("that ") else label
    return replace(
        finding, status=Status.FOR_REVIEWER, statement=f"{POINTED}{about}: “{span.quote}”.", evidence=(span,)
    )
