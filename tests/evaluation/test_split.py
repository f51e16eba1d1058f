"""The split is drawn once, by its seed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import AssistantError
from assistant.evaluation.gold import GoldLetter
from assistant.evaluation.split import Part, Split


def letters(*numbers: str) -> list[GoldLetter]:
    return [GoldLetter(number, "", None, ()) for number in numbers]


@given(st.permutations("ABCDEFGH"), st.integers(0, 8), st.integers())
def test_the_parts_are_drawn_by_the_seed_whatever_the_order_of_the_file(
    order: list[str], count: int, seed: int
) -> None:
    parts = Split(count, seed).parts(letters(*order))
    drawn = sorted(random.Random(seed).sample(list("ABCDEFGH"), count))  # noqa: S311  the very draw that is promised
    assert sorted(letter.case_number for letter in parts[Part.SET_ASIDE]) == drawn
    assert sorted(letter.case_number for part in parts.values() for letter in part) == list("ABCDEFGH")


def test_one_part_is_measured_without_the_other() -> None:
    every = letters("A", "B", "C")
    parts = Split(1).parts(every)
    assert Split(1, only=Part.REST).measured(every) == parts[Part.REST]
    assert Split(1, only=Part.SET_ASIDE).measured(every) == parts[Part.SET_ASIDE]
    assert Split(1).measured(every) == tuple(every)


def test_a_split_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(AssistantError, match=r"^4 letters cannot be set aside of 2\.$"):
        Split(4).parts(letters("A", "B"))
    with pytest.raises(AssistantError, match="No letter is left"):
        Split(2, only=Part.REST).measured(letters("A", "B"))
