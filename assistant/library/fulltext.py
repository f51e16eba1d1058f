"""What a full-text index can be asked, whichever database holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

Numbers = NDArray[np.int64]


class FullText(Protocol):
    """The full-text indexes over passages and decisions. Words are plain words, never the syntax of a query."""

    def passages(self, session: Session, words: Sequence[str], limit: int) -> list[str]:
        """Ids of offered passages that hold any of the words, best first."""

    def hits_up_to(self, session: Session, word: str, most: int) -> int:
        """How many decisions hold a word, counted no further than `most`."""

    def all_of(self, session: Session, words: Sequence[str]) -> Numbers:
        """The numbers of the decisions that hold all of the words, ascending."""

    def ranked(self, session: Session, words: Sequence[str], *, every: bool) -> Numbers:
        """The numbers of the decisions that hold any of the words, or every one of them, best first."""

    def written(self, session: Session) -> dict[str, int]:
        """The words as they are written that two decisions hold or more, and how many hold each."""

    def strays(self, session: Session) -> int:
        """How many rows only the index has, or only its table."""

    def rebuild(self, session: Session) -> None:
        """Build the indexes anew from the tables."""


def numbers_in(told: str | None) -> Numbers:
    """Numbers from one text of them, which is read five times as fast as a row a number."""
    return np.fromstring(told or "", np.int64, sep=",")
