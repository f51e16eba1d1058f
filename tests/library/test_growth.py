"""What `make bench-large` is made from: the same decisions every time, distinct in text and in vector."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from made_library import FakeEmbedder

from assistant.library.rows import decision_text
from benchmarks.decisions import MovedEmbedder, synthetic_letters

CORPUS = Path(__file__).parents[2] / "corpus"


def test_synthetic_letters_repeat_and_number_what_was_asked_for() -> None:
    letters = list(synthetic_letters(CORPUS, 150))
    assert letters == list(synthetic_letters(CORPUS, 150))
    assert sum(len(letter.decisions) for _, letter in letters) == 150
    assert len({name for name, _ in letters}) == len(letters)
    assert all(decision.outcome and not letter.illustrative for _, letter in letters for decision in letter.decisions)


def test_texts_of_one_wording_get_near_and_different_vectors() -> None:
    letters = (letter for _, letter in islice(synthetic_letters(CORPUS, 400), 200))
    texts = [decision_text(d.service, d.rationale, letter.case_summary) for letter in letters for d in letter.decisions]
    embedder = MovedEmbedder(FakeEmbedder())
    plain = embedder.embed(texts[:1])
    embedder.moving = True
    rows = embedder.embed(texts)
    assert len(np.unique(rows, axis=0)) == len(set(texts))
    assert 0.9 < float(plain[0] @ rows[0]) < 1
    assert np.array_equal(embedder.embed(texts[::-1])[::-1], rows)
