"""Which kind of service a request comes nearest to when no alias names it: by stem, meaning, and the case."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.corpus import Taxonomy
from assistant.domain import CaseSummary, DisputedService, ServiceKind
from assistant.reading.anatomy import regions
from assistant.reading.request_kinds import kinds_named

LEAST_LIKE = 0.55  # cosine similarity under which a guess is worth nothing
_STEM = 0.5  # a drug's stem is given to its class by rule and outweighs likeness of names
_SAID_BESIDE = 0.15  # the case names the kind in a sentence with the request's own word
_OTHER_FORM = 0.3  # "10 mg #60" asks for a drug
_OTHER_REGION = 0.15
_FEW_REGIONS = 4  # parts of the body up to which a kind is one for just these
_FEW_SENTENCES = 3  # a word of more sentences than these is not the request's own
_DRUG = "drug"
_AMOUNT = re.compile(
    r"#?\s*\d[\d.,x/-]*\s*(?:mg|mcg|ml|gms?|grams?|tablets?|tabs?|capsules?|caps?|sessions?|visits?|units?)?(?!\w)",
    re.IGNORECASE,
)
_DRUG_FORM = re.compile(
    r"\d\s*(?:mg|mcg|ml|grams?|gms?)\b|#\s*\d|\b(?:tablets?|tabs?|capsules?|caps|cream|gel|ointment|refills?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_]{5,}")

Vector = Callable[[str], NDArray[np.float32]]


class KindGuesser:
    """Compares a request with the names of every kind; `names` are rows of (kind, unit vector of one of its names)."""

    def __init__(self, taxonomy: Taxonomy, names: Sequence[tuple[str, NDArray[np.float32]]], vector: Vector) -> None:
        known = [(kind, row) for kind, row in names if kind in taxonomy.kinds]
        self._taxonomy, self._vector = taxonomy, vector
        self._kinds = [kind for kind, _ in known]
        self._rows = np.stack([row for _, row in known]) if known else np.zeros((0, 0), np.float32)

    def guess(self, service: DisputedService, case: CaseSummary | None = None) -> str | None:
        """The kind that the request comes nearest to, or None where none is near.

        Amounts are left out of the comparison. A drug's name tells its class by its stem (USAN Council, "stem list");
        a kind for other parts of the body, or for no drug where a dose is asked, stands back; one that the case names
        in a sentence with a word of the request comes forward.
        """
        words = " ".join(_AMOUNT.sub(" ", service.text).split())
        if not words or not self._kinds:
            return None
        scores: dict[str, float] = {}
        for kind, score in zip(self._kinds, self._rows @ self._vector(words), strict=True):
            scores[kind] = max(scores.get(kind, -1.0), float(score))
        beside = _named_beside(words, case, self._taxonomy) if case else frozenset()
        weighed = {
            kind: score + _fitness(self._taxonomy.kinds[kind], service.text) + _SAID_BESIDE * (kind in beside)
            for kind, score in scores.items()
        }
        best = max(sorted(weighed), key=lambda kind: weighed[kind])
        return best if weighed[best] >= LEAST_LIKE else None


def _fitness(kind: ServiceKind, request: str) -> float:
    """What the form, the stem and the part of the body of a request say for or against a kind."""
    score = 0.0
    if kind.category != _DRUG and _DRUG_FORM.search(request):
        score -= _OTHER_FORM
    if any(name.casefold().endswith(kind.name_stems) for name in _NAME.findall(request)):
        score += _STEM
    asked = {region.name for region in regions(request)}
    if asked and 0 < len(kind.body_regions) <= _FEW_REGIONS and not asked & set(kind.body_regions):
        score -= _OTHER_REGION
    return score


def _named_beside(words: str, case: CaseSummary, taxonomy: Taxonomy) -> frozenset[str]:
    """The kinds that the case names in a sentence with a word of the request that few of its sentences hold."""
    found: dict[str, list[str]] = {}
    for sentence in case.sentences:
        held = {word.casefold() for word in _NAME.findall(sentence.quote)}
        for name in {word.casefold() for word in _NAME.findall(words)} & held:
            found.setdefault(name, []).append(sentence.quote)
    telling = [quote for quotes in found.values() if len(quotes) <= _FEW_SENTENCES for quote in quotes]
    return frozenset(named.kind.id for quote in telling for named in kinds_named(quote, taxonomy))
