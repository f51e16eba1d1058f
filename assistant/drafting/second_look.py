"""The second look: does a sentence of the case mean what a concept means, whatever its words?

"The summary does not state X" may be written only after a search by words and by meaning. This is the search by
meaning: a piece of the case speaks of a concept when it is nearer to the concept's `meanings` (sentences in our own
words) than to any neutral sentence of the sort that every case summary holds. Cosine alone does not tell them apart:
"treatment has included therapy" lies near every sentence on what therapy brought.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.domain import CaseSummary, Span
from assistant.drafting.excerpts import pieces

# Both chosen on hand-labelled summaries of 32 letters: below FLOOR lie sentences on other matters; a neutral sentence
# nearer than TOO_NEAR to a concept's own meanings is no contrast for it.
FLOOR = 0.45
TOO_NEAR = 0.7
_SHOWN = 2

# What case summaries say of everybody.
NEUTRAL = (
    "Treatment to date has included physical therapy and medication.",
    "Past treatment included medications and injections.",
    "Current medications include ibuprofen.",
    "The patient takes pain medication.",
    "Medications were continued.",
    "The patient was seen for a follow-up visit.",
    "The patient complains of pain.",
    "The pain is rated 6 out of 10.",
    "The pain is worse with activity and better with rest.",
    "The diagnosis is a strain of the lumbar spine.",
    "The patient is being treated for back pain.",
    "Examination showed tenderness.",
    "Range of motion was decreased and painful.",
    "Muscle strength was normal.",
    "The patient has a normal posture and gait.",
    "A test on examination was negative.",
    "A test on examination was positive.",
    "The patient is a 45 year old man injured at work.",
    "The injury occurred when lifting.",
    "The mechanism of injury was repetitive work over time.",
    "X-rays were done.",
    "An MRI showed degenerative changes.",
    "The patient had surgery.",
    "The patient has swelling and stiffness.",
    "Medical records were reviewed.",
    "The patient is working with restrictions.",
    "The patient has not been able to work.",
    "Symptoms continue despite treatment.",
    "Examination of the neck showed no muscle tenderness.",
    "There were no muscle spasms, swelling or deformity.",
    "The patient denied numbness and weakness.",
    "The examination was unremarkable.",
    "There was pain in the left knee and the right shoulder.",
    "The back pain is severe and constant.",
    "Treatment notes were provided by the physician.",
)


# Who the worker is must not move what is seen: a sentence is compared as if told of any patient.
_PERSON = (
    (re.compile(r"\b(?:he|she)\b", re.IGNORECASE), "the patient"),
    (re.compile(r"\b(?:his|her|hers|him)\b", re.IGNORECASE), "their"),
    (re.compile(r"\b(?:himself|herself)\b", re.IGNORECASE), "themselves"),
    (
        re.compile(
            r"\b(?:\d{1,3}[- ]?(?:years?[- ]old|y/o|yo)\s*)?\b(?:man|woman|male|female|gentleman|lady)\b", re.IGNORECASE
        ),
        "patient",
    ),
    (re.compile(r"\b\d{1,3}[- ]?(?:years?[- ]old|y/o|yo)\b", re.IGNORECASE), "adult"),
    (re.compile(r"\b(?:Mr|Mrs|Ms)\.?(?=\s)"), "the patient"),
)


def of_any_patient(text: str) -> str:
    """The text without the words on the patient's sex and age, for comparison only."""
    for pattern, plain in _PERSON:
        text = pattern.sub(plain, text)
    return text


class Embeds(Protocol):
    """What turns texts into unit rows."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text, in the same order."""
        ...


@dataclass(frozen=True)
class Glance:
    """What the second look saw in one case: for each concept the pieces that may speak of it, nearest first."""

    seen: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, concept: str) -> tuple[Span, ...]:
        """The pieces of the case that may speak of `concept`; empty when none does or it was not looked for."""
        return self.seen.get(concept, ())


class SecondLook:
    """Looks for concepts by meaning. The vectors of meanings are kept, so that a second draft embeds its case only."""

    def __init__(self, embedder: Embeds, floor: float = FLOOR) -> None:
        self._embedder = embedder
        self._floor = floor
        self._kept: dict[str, NDArray[np.float32]] = {}

    def over(self, case: CaseSummary, meanings: Mapping[str, Sequence[str]]) -> Glance:
        """What the case may say of each key of `meanings`, in one batch of embedding.

        Pieces that word the request, a plan or utilization review's view are no evidence and are left out.
        """
        units = tuple(pieces(case))
        asked = {key: tuple(texts) for key, texts in meanings.items() if texts}
        if not units or not asked:
            return Glance()
        rows = self._rows([of_any_patient(unit.quote) for unit in units], asked.values())
        neutral = self._kept_rows(NEUTRAL)
        seen = {}
        for key, texts in asked.items():
            meant = self._kept_rows(texts)
            contrast = neutral[np.max(neutral @ meant.T, axis=1) < TOO_NEAR]
            nearest = np.max(rows @ meant.T, axis=1)
            plain = np.max(rows @ contrast.T, axis=1, initial=self._floor)
            order = [i for i in np.argsort(-nearest, kind="stable") if nearest[i] > plain[i]]
            if order:
                seen[key] = tuple(units[i] for i in order[:_SHOWN])
        return Glance(seen)

    def near(self, words: str, texts: Sequence[str]) -> bool:
        """Whether words of a case mean about what one of the texts means."""
        self._rows([], [texts])
        return bool(np.max(self._embedder.embed([of_any_patient(words)]) @ self._kept_rows(texts).T) >= self._floor)

    def _kept_rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._kept[text] for text in texts])

    def _rows(self, units: Sequence[str], asked: Iterable[Sequence[str]]) -> NDArray[np.float32]:
        wanted = (text for texts in (NEUTRAL, *asked) for text in texts)
        new = list(dict.fromkeys(text for text in wanted if text not in self._kept))
        rows = self._embedder.embed([*units, *new])
        self._kept.update(zip(new, rows[len(units) :], strict=True))
        return rows[: len(units)]
