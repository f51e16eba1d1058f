"""A sentence that retells a support: values that changed places, a "not" put in or left out, words that turn it round."""
# ruff: noqa: E501  a row is a case and two sentences

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import SupportKind
from assistant.drafting.alignment import retold_problems
from assistant.drafting.analysis import View, analyse
from assistant.drafting.telling import tokens_of


def _problems(case: str, text: str) -> list[str]:
    views = [View(SupportKind.CASE, "case", analyse(case), 0, len(case))]
    return list(retold_problems(analyse(text), views))


@pytest.mark.parametrize(
    ("case", "right", "wrong"),
    [
        pytest.param("Medications include Ambien 10 mg and Mobic.", "His medications include Mobic, and Ambien 10 mg.", "His medications include Mobic 10 mg and Ambien.", id="drugs around a dose"),
        pytest.param("Right rotation is 25 degrees, left rotation 30 degrees.", "Left rotation is 30 degrees and right rotation 25 degrees.", "Right rotation is 30 degrees, left rotation 25 degrees.", id="numbers"),
        pytest.param("Pain runs from the right leg to the foot at night.", "At night pain runs from the right leg to the foot.", "Pain runs from the right foot to the leg at night.", id="parts side by side"),
        pytest.param("He takes gabapentin, naproxen and ibuprofen daily.", "He takes ibuprofen, gabapentin and naproxen daily.", "He takes gabapentin, naproxen and gabapentin daily.", id="one of a list twice, another left out"),
        pytest.param("Sensation is reduced at L4 and L5 on the right.", "Sensation is reduced at L5 and L4 on the right.", "Sensation is reduced at L5 and L5 on the right.", id="levels"),
        pytest.param("The summary does not state that treatment did not help him.", "The summary does not state that treatment did not help him.", "The summary does not state that treatment did help him.", id="the second not"),
        pytest.param("No spasm was felt in the neck, but tenderness was.", "Tenderness was felt in the neck, but no spasm was.", "No spasm was felt in the neck, but no tenderness was.", id="a not put in"),
        pytest.param("He denies fever, chills and cough.", "He has no fever, no chills and no cough.", "He has fever, chills and no cough.", id="one no for a list, one for each"),
        pytest.param("Work stopped before the surgery of the knee.", "Before the knee surgery work stopped.", "Work stopped after the surgery of the knee.", id="before and after"),
        pytest.param("Therapy improved the grip of the hand.", "The grip of the hand improved with therapy.", "Therapy worsened the grip of the hand.", id="better and worse"),
        pytest.param("He has had at least six injections of the knee.", "He has had at least six knee injections.", "He has had at most six injections of the knee.", id="at least and at most"),
        pytest.param("Tinel's is negative for pain, Phalen's is positive.", "Phalen's is positive and Tinel's shows no pain.", "Tinel's is negative for no pain, Phalen's is positive.", id="negative for is a denial"),
    ],
)  # fmt: skip
def test_told_in_another_way_and_told_wrong(case: str, right: str, wrong: str) -> None:
    assert _problems(case, right) == []
    assert len(_problems(case, wrong)) >= 1


@pytest.mark.parametrize(
    ("case", "text"),
    [
        pytest.param("She had six (6) visits.", "She had 6 visits.", id="a number in words and digits"),
        pytest.param("Pain of the right foot and shoulder.", "Pain of the right foot and the right shoulder.", id="a side told of each part"),
        pytest.param("On 08/30/2016 strength of both legs was normal.", "In August 2016 strength of both legs was normal.", id="a vaguer date"),
        pytest.param("Utilization review denied the request for massage.", "The request for massage was denied.", id="a refusal is no denial of fact"),
        pytest.param("The left knee locks. The right hip is stiff and sore.", "The hip is stiff.", id="a part of what is told"),
    ],
)  # fmt: skip
def test_other_ways_of_telling_are_left_alone(case: str, text: str) -> None:
    assert _problems(case, text) == []


def test_the_difference_is_said_in_the_words_of_both() -> None:
    assert _problems("Work stopped before the surgery of the knee.", "Work stopped after the surgery of the knee.") == [
        "The sentence says “after” where its supports say “before”."
    ]


@settings(deadline=None)  # the first text compiles the tables of wordings
@given(st.text())
def test_tokens_stand_in_order_and_a_text_retells_itself(text: str) -> None:
    tokens = tokens_of(text)
    assert all(a.last < b.first for a, b in zip(tokens, tokens[1:], strict=False))
    assert _problems(text, text) == []
