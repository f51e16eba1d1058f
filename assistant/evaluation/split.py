"""Which letters are set aside for a look at the end, by a seed that is fixed before anything is tuned."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from assistant.errors import AssistantError

SEED = 20261127
FACTS_SEED = 20261128  # of the letters with labelled facts


class _Numbered(Protocol):
    @property
    def case_number(self) -> str:
        """The case number of a letter."""
        ...


_Letter = TypeVar("_Letter", bound=_Numbered)


class Part(StrEnum):
    """A part of the letters: those set aside, and the rest that one may tune on."""

    REST = "rest"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Split:
    """How many letters are set aside, by which seed; `only` leaves the other part out altogether."""

    count: int = 0
    seed: int = SEED
    only: Part | None = None

    def parts(self, letters: Sequence[_Letter]) -> dict[Part, tuple[_Letter, ...]]:
        """The letters by part, in their order; AssistantError where there are not so many to set aside."""
        numbers = sorted({letter.case_number for letter in letters})
        if not 0 <= self.count <= len(numbers):
            raise AssistantError(f"{self.count} letters cannot be set aside of {len(numbers)}.")
        drawn = set(random.Random(self.seed).sample(numbers, self.count))  # noqa: S311  no secret hangs on it
        return {
            Part.REST: tuple(letter for letter in letters if letter.case_number not in drawn),
            Part.SET_ASIDE: tuple(letter for letter in letters if letter.case_number in drawn),
        }

    def measured(self, letters: Sequence[_Letter]) -> tuple[_Letter, ...]:
        """The letters that are measured and whose decisions may vote; AssistantError where none is left."""
        left = tuple(letters) if self.only is None else self.parts(letters)[self.only]
        if not left:
            raise AssistantError("No letter is left to measure; set another number aside, or measure the other part.")
        return left
