"""A small world to draft in: cases with hand-set facts, a lexicon of a few concepts, an embedder of word counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import (
    Candidate,
    CaseSummary,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Fact,
    InForce,
    Outcome,
    Passage,
    PassageKind,
    Polarity,
    SimilarDecision,
    Span,
)


def span_in(text: str, quote: str) -> Span:
    """The span of the first place where `quote` stands in `text`."""
    start = text.index(quote)
    return Span.of(text, start, start + len(quote))


@dataclass(frozen=True)
class FakeConcept:
    id: str
    label: str
    searched: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()


@dataclass(frozen=True)
class FakeLexicon:
    concepts: Mapping[str, FakeConcept] = field(default_factory=dict)


class WordEmbedder:
    """Counts words: texts that share words are near, others are not. It remembers what it was asked to embed."""

    name, dimension, max_tokens = "words", 512, 256

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(tuple(texts))
        rows = np.full((len(texts), self.dimension), 1e-6, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w{4,}", text.casefold()):
                row[crc32(word.encode()) % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def lexicon() -> FakeLexicon:
    names = {
        "functional_improvement": "functional improvement",
        "prior_visit_count": "how many visits were had",
        "acupuncture": "earlier acupuncture",
        "physical_therapy": "physical therapy",
        "radicular_symptoms": "pain that spreads into a limb",
        "nerve_tension_sign": "a nerve tension sign",
        "no_lasting_response": "a lack of lasting response",
        "anticoagulant_use": "use of a blood thinner",
        "surgery": "an operation",
    }
    meanings = {"functional_improvement": ("The worker can walk and lift more after treatment",)}
    return FakeLexicon({key: FakeConcept(key, label, (label,), meanings.get(key, ())) for key, label in names.items()})


@pytest.fixture
def make_case() -> Callable[..., CaseSummary]:
    """A case from its text and rows of (concept, quote, polarity, further fields of Fact)."""

    def make(text: str, *rows: tuple[Any, ...], **fields: Any) -> CaseSummary:
        facts = []
        for concept, quote, polarity, *more in rows:
            extra = dict(more[0]) if more else {}
            kind = extra.pop("kind", "treatment")
            facts.append(Fact(kind, span_in(text, quote), Polarity(polarity), concept, **extra))
        sentences = tuple(Span.of(text, *m.span()) for m in re.finditer(r"\S[^.]*\.?", text))
        given = {"age": None, "sex": None, "date_of_injury": None, "services": (), **fields}
        return CaseSummary(text=text, facts=tuple(facts), sentences=sentences, **given)

    return make


@pytest.fixture
def make_criterion() -> Callable[..., Criterion]:
    def make(id: str = "acupuncture.extension", **fields: Any) -> Criterion:
        given = {
            "text": "More treatments than the first course rest on functional improvement written down.",
            "kind": CriterionKind.DOCUMENTATION,
            "confidence": Confidence.HIGH,
            "checked": True,
            "source": "8 CCR 9792.24.1",
            **fields,
        }
        return Criterion(id=id, **given)

    return make


@pytest.fixture
def make_passage() -> Callable[..., Passage]:
    def make(*criteria: Criterion, **fields: Any) -> Passage:
        given = {
            "id": "mtus-acupuncture-treatment-2007/whole/acupuncture/00000000",
            "guideline": "MTUS Acupuncture Treatment 2007",
            "section": None,
            "kind": PassageKind.DIGEST,
            "in_force": InForce(date(2007, 6, 15), date(2017, 12, 1)),
            "source": "8 CCR 9792.24.1",
            "service_kinds": ("acupuncture",),
            **fields,
        }
        text = " ".join(c.text for c in criteria) or "The place to look for it is here; no criteria of it are held."
        return Passage(text=text, criteria=criteria, **given)

    return make


@pytest.fixture
def acupuncture() -> DisputedService:
    return DisputedService(
        "6 sessions of acupuncture for the low back",
        "acupuncture",
        body_regions=("low back",),
        quantity=6,
        unit="sessions",
    )


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


class FakeLibrary:
    """A library of a few passages; what governs is what is in force and made for the kind, in the order given."""

    def __init__(self, embedder: WordEmbedder, *passages: Passage) -> None:
        self.embedder = embedder
        self._passages = {passage.id: passage for passage in passages}

    def governing(
        self, service: DisputedService, case: CaseSummary, day: date, limit: int = 8
    ) -> tuple[Candidate, ...]:
        found = [
            passage
            for passage in self._passages.values()
            if passage.in_force.holds_on(day) and (service.kind in passage.service_kinds or passage.edition_note)
        ]
        return tuple(
            Candidate(
                passage.guideline, passage.section, passage.id, 1 / (place + 1), "It governs this kind of service."
            )
            for place, passage in enumerate(found[:limit])
        )

    def guess_kind(self, service: DisputedService, case: CaseSummary | None = None) -> str | None:
        return None

    def passage(self, passage_id: str) -> Passage:
        return self._passages[passage_id]

    def rules_beside(self, kind: str, day: date) -> tuple[Passage, ...]:
        return tuple(p for p in self._passages.values() if p.is_law and kind in p.service_kinds)

    def section_of(self, passage: Passage) -> tuple[Passage, ...]:
        return (passage,)

    def edition_notes(self) -> tuple[Passage, ...]:
        return tuple(passage for passage in self._passages.values() if passage.edition_note)

    def successors(self, label: str, day: date) -> tuple[Passage, ...]:
        return tuple(p for p in self.edition_notes() if p.in_force.holds_on(day) and p.guideline != label)

    def similar(self, service: DisputedService, case: CaseSummary, per_outcome: int = 3) -> tuple[SimilarDecision, ...]:
        return (SimilarDecision("d1", None, True, "Acupuncture, 8 sessions", Outcome.UPHELD, 0.9, "It was over."),)


def edition_note(label: str, text: str, start: date, end: date | None, *, without_criteria: bool = False) -> Passage:
    """A note that says when an edition was in force."""
    return Passage(
        id=f"note/{label}",
        guideline=label,
        section=None,
        text=text,
        kind=PassageKind.DIGEST,
        in_force=InForce(start, end),
        source="8 CCR 9792.24.1",
        edition_note=True,
        current_without_criteria=without_criteria,
    )


@pytest.fixture
def library(
    embedder: WordEmbedder, make_passage: Callable[..., Passage], make_criterion: Callable[..., Criterion]
) -> FakeLibrary:
    """The acupuncture guideline of 2007 with two criteria, its note, and the note of what governs now."""
    extension = make_criterion(asks=("functional_improvement",), given=("acupuncture",))
    count = make_criterion(
        "acupuncture.prior_count",
        text="The number of sessions already given is stated.",
        confidence=Confidence.MEDIUM,
        asks=("prior_visit_count",),
        given=("acupuncture",),
    )
    old = "MTUS Acupuncture Treatment 2007"
    new = "MTUS Low Back Disorders (ACOEM February 13, 2020)"
    return FakeLibrary(
        embedder,
        make_passage(extension, count),
        edition_note(
            old,
            f"{old} (8 CCR 9792.24.1) was in force from 2007-06-15 until it was replaced on 2017-12-01.",
            date(2007, 6, 15),
            date(2017, 12, 1),
        ),
        edition_note(
            new,
            f"{new} has been in force since 2021-11-23 (8 CCR 9792.23.5). Its criteria are not held here.",
            date(2021, 11, 23),
            None,
            without_criteria=True,
        ),
    )
