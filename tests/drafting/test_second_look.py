"""The search by meaning: what fires, what must not, and what it costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import CaseSummary, Span
from assistant.drafting.excerpts import around_words, pieces, trimmed
from assistant.drafting.second_look import NEUTRAL, SecondLook, of_any_patient

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


@pytest.mark.parametrize(
    ("text", "core", "quoted"),
    [
        pytest.param(
            "There was no numbness, tingling, weakness, swelling, bruising, redness, warmth, deformity, crepitus, "
            "locking, catching, giving way, popping, clicking, grinding, buckling, fever or chills.",
            "locking",
            "no numbness",
            id="a list keeps the negation that governs it",
        ),
        pytest.param(
            "On May 4, 2016, he was seen again by the same doctor for the same complaint of pain in the back which he "
            "has had for years, and it was noted that on December 22, 2016, his reflexes were weaker than before.",
            "reflexes",
            "December 22, 2016",
            id="a date is not cut",
        ),
    ],
)
def test_what_a_quotation_keeps(text: str, core: str, quoted: str) -> None:
    start = text.index(core)
    span = around_words(text, Span.of(text, 0, len(text)), Span.of(text, start, start + len(core)))
    assert span.stands_in(text)
    assert core in span.quote
    assert quoted in span.quote


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He would consider surgery.", "She would consider surgery."),
        ("Her pain wakes her at night.", "His pain wakes him at night."),
        ("A 31-year-old woman lifts more.", "A 70 yo man lifts more."),
        ("Mrs. Diaz is 58 years old.", "Mr. Diaz is 23 years old."),
    ],
)
def test_sex_and_age_are_not_compared(one: str, other: str) -> None:
    assert of_any_patient(one) == of_any_patient(other) != one
