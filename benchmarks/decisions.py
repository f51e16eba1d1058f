"""Synthetic decisions for `make bench-large`: the illustrative letters with other ages, counts, dates and sentences."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Decision, Determination
from assistant.library.embedding import Embedder
from assistant.reading.letters import read_letter

_SEED = 20161202
_FIRST_DAY = date(2013, 1, 2)
_DAYS = 1800
_MOVED = 0.25  # length of the seeded step that sets a variant's vector apart; cosine to the embedded text is about 0.97
_COUNT = re.compile(r"\b\d{1,2}(?=(?: |-)(?:year|visit|session|tablet|pound|degree|week|month|of 10))")
_NUMBER = re.compile(r"\d+")


def synthetic_letters(corpus: Path, decisions: int) -> Iterator[tuple[str, Determination]]:
    """Letters, by the names that make the ids of their decisions, until they hold so many; the same for every run."""
    chance = random.Random(_SEED)  # noqa: S311 - repeatable, nothing secret
    paths = sorted((corpus / "determinations").glob("*.md"))
    originals = [read_letter(path.read_text("utf-8").split("---", 2)[-1]) for path in paths]
    made = number = 0
    while made < decisions:
        letter = _varied(chance.choice(originals), number, chance)
        letter = replace(letter, decisions=letter.decisions[: decisions - made])
        yield letter.case_number or "", letter
        made, number = made + len(letter.decisions), number + 1


def _varied(letter: Determination, number: int, chance: random.Random) -> Determination:
    day = _FIRST_DAY + timedelta(chance.randrange(_DAYS))
    return replace(
        letter,
        case_number=f"CM{day.year % 100}-{number:07}",
        decision_date=day,
        date_assigned=day - timedelta(21),
        case_summary=_other_counts(letter.case_summary or "", chance),
        decisions=tuple(_varied_decision(decision, chance) for decision in letter.decisions),
    )


def _varied_decision(decision: Decision, chance: random.Random) -> Decision:
    """Other counts, and one sentence of the rationale left out: few wordings, many numbers."""
    sentences = (decision.rationale or "").split(". ")
    if len(sentences) > 2:
        del sentences[chance.randrange(len(sentences) - 1)]
    return replace(decision, rationale=_other_counts(". ".join(sentences), chance))


def _other_counts(text: str, chance: random.Random) -> str:
    return _COUNT.sub(lambda _: str(chance.randint(2, 60)), text)


class MovedEmbedder:
    """An embedder for texts that differ from each other in numbers only, so that 100,000 need not all be embedded.

    The first of each wording passes through the model; every text's vector is its wording's, moved by a small step that
    its hash seeds. Vectors are so as many as the texts, and spread around the real ones.
    """

    def __init__(self, real: Embedder) -> None:
        self.real = real
        self.name, self.dimension, self.max_tokens = real.name, real.dimension, real.max_tokens
        self.count_tokens = real.count_tokens
        self.wordings: dict[bytes, NDArray[np.float32]] = {}
        self.moving = False  # the starter library, and queries, are embedded as they are

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder."""
        if not self.moving:
            return self.real.embed(texts)
        keys = [hashlib.sha256(_NUMBER.sub("0", text).encode()).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.wordings}
        if new:
            self.wordings.update(zip(new, self.real.embed(list(new.values())), strict=True))
        return np.stack([self._moved(self.wordings[key], text) for key, text in zip(keys, texts, strict=True)])

    def _moved(self, vector: NDArray[np.float32], text: str) -> NDArray[np.float32]:
        chance = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]))
        step = chance.standard_normal(self.dimension, np.float32)
        moved = vector + _MOVED * step / np.linalg.norm(step)
        return moved / np.linalg.norm(moved)
