"""Wordings chosen without chance."""

from __future__ import annotations

import pytest

from assistant.drafting.variation import Variation

WORDINGS = ("So", "Therefore", "It follows that")


def test_the_same_issue_always_says_the_same() -> None:
    assert Variation.on(["a", "b"]).choose("end", WORDINGS) == Variation.on(["a", "b"]).choose("end", WORDINGS)


def test_issues_do_not_all_say_it_alike() -> None:
    assert {Variation.on([str(n)]).choose("end", WORDINGS) for n in range(30)} == set(WORDINGS)


def test_nothing_to_choose_from_is_an_error() -> None:
    with pytest.raises(ValueError, match="no wording for end"):
        Variation.on([]).choose("end", ())
