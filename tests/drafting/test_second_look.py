"""The search by meaning: what fires, what must not, and what it costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import CaseSummary, Span
from assistant.drafting.excerpts import pieces, trimmed
from assistant.drafting.second_look import NEUTRAL, SecondLook

MEANINGS = {"functional_improvement": ("The worker can walk and lift more after treatment",)}
MakeCase = Callable[..., CaseSummary]


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        pytest.param("After treatment the worker can walk further and lift more.", True, id="a paraphrase"),
        pytest.param("Treatment to date has included walks and physical therapy.", False, id="a neutral sentence"),
        pytest.param("The cervical compression test was negative.", False, id="another matter"),
        pytest.param("The plan is treatment so that the worker can walk and lift more.", False, id="a plan"),
        pytest.param(
            "Utilization review saw no treatment after which the worker can walk and lift more.", False, id="UR's view"
        ),
    ],
)
def test_what_the_second_look_sees(text: str, fires: bool, make_case: MakeCase, embedder) -> None:
    case = make_case(text)
    assert bool(SecondLook(embedder).over(case, MEANINGS).spans("functional_improvement")) is fires


def test_one_batch_and_meanings_embedded_once(make_case: MakeCase, embedder) -> None:
    look = SecondLook(embedder)
    case = make_case("He can walk. He can lift.")
    look.over(case, MEANINGS)
    look.over(case, MEANINGS)
    assert [len(call) for call in embedder.calls] == [2 + len(NEUTRAL) + 1, 2]


def test_a_concept_not_looked_for_has_no_spans(make_case: MakeCase, embedder) -> None:
    assert SecondLook(embedder).over(make_case("He can walk."), {}).spans("surgery") == ()


@given(
    st.lists(st.sampled_from(["İ", "walks more,", "requested MRI;", "no pain.", "a " * 80, "\n"]) | st.text()).map(
        " ".join
    )
)
def test_pieces_stand_in_the_text(text: str) -> None:
    sentences = (trimmed(text, 0, len(text)),) if text.strip(" .,;:\n\t").strip() else ()
    case = CaseSummary(text, None, None, None, (), (), sentences)
    for piece in pieces(case):
        assert piece.stands_in(text)
        assert isinstance(piece, Span)
