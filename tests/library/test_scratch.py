"""A library of its own in a temporary folder, which borrows the vectors that another has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from made_library import FakeEmbedder

from assistant.database import open_database
from assistant.domain import CitedGuideline, Decision, Determination, Outcome
from assistant.library.library import Library, Query
from assistant.library.scratch import BorrowingEmbedder, scratch_library
from assistant.settings import Settings


def determination(number: str) -> Determination:
    decision = Decision("Gym membership", Outcome.UPHELD, None, None, (CitedGuideline("ODG"),), "A gym is a gym.")
    return Determination(number, None, None, None, None, None, None, None, "A worker of 40.", (decision,))


def test_what_the_lender_has_is_not_embedded_again(opened: Callable[..., Library], settings: Settings) -> None:
    opened()
    lender = open_database(settings.data_dir)
    embedder = FakeEmbedder()
    with scratch_library(settings, lender, embedder) as library:
        assert embedder.given == []
        assert library.add_determinations({"CM17-0000001": determination("CM17-0000001")}) == 1
        assert len(embedder.given) == 1
        assert "CM17-0000001-1" in {found.decision_id for found in library.search(Query("gym")).results}
        assert library.add_determinations({"CM17-0000001": determination("CM17-0000001")}) == 0
    assert opened().count_real() == 0
    lender.dispose()


def test_borrowed_vectors_are_the_embedders_own(tmp_path: Path) -> None:
    lender = open_database(tmp_path / "data")
    embedder = FakeEmbedder()
    borrowing = BorrowingEmbedder(embedder, lender)
    texts = ["one", "two", "one"]
    assert np.array_equal(borrowing.embed(texts), FakeEmbedder().embed(texts))
    assert embedder.given == ["one", "two"]
    assert borrowing.embed([]).shape == (0, borrowing.dimension)
    lender.dispose()
