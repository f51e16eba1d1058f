"""The vocabulary of the shipped corpus, and a de-identifier over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.privacy import Allowed, Dates, Deidentifier, load_allowed

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="session")
def allowed() -> Allowed:
    """What the corpus keeps from being hidden."""
    return load_allowed(CORPUS)


@pytest.fixture(scope="session")
def new_case(allowed: Allowed) -> Callable[..., Deidentifier]:
    """A de-identifier of a case of its own."""

    def make(secret: bytes = b"a case", dates: Dates = Dates.SHIFT) -> Deidentifier:
        return Deidentifier(secret, allowed, dates)

    return make
