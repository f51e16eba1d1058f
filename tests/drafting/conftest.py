"""A small world to draft in: cases with hand-set facts, a lexicon of a few concepts, an embedder of word counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import (
    CaseSummary,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Fact,
    InForce,
    Passage,
    PassageKind,
    Polarity,
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
        return Passage(text=" ".join(c.text for c in criteria), criteria=criteria, **given)

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


@pytest.fixture
def taxonomy() -> Any:
    kind = SimpleNamespace(governed_by=(("MTUS Acupuncture Treatment 2007", None),))
    return SimpleNamespace(kinds={"acupuncture": kind})
