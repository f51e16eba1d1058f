"""A request that no alias names: its stem, its form, its part of the body and the case say what it comes nearest to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.corpus import Taxonomy
from assistant.domain import CaseSummary, DisputedService, ServiceKind
from assistant.library.guessing import KindGuesser
from assistant.reading.sentences import sentences

KINDS = {
    kind.id: kind
    for kind in (
        ServiceKind("nsaid", "Oral NSAID", "drug", ("nsaid",), "tablets", (), name_stems=("oxicam", "profen")),
        ServiceKind("muscle_relaxant", "Muscle relaxant", "drug", ("muscle relaxant",), "tablets", ()),
        ServiceKind("knee_brace", "Knee brace", "durable medical equipment", ("knee brace",), "device", ("knee",)),
        ServiceKind(
            "wrist_splint", "Wrist splint", "durable medical equipment", ("wrist splint",), "device", ("wrist",)
        ),
    )
}
AXES = dict(zip(KINDS, np.eye(4, dtype=np.float32), strict=True))


def guesser(likeness: dict[str, float]) -> KindGuesser:
    """A guesser for which every request has these likenesses to the kinds' names."""
    row = np.array([likeness.get(kind, 0.0) for kind in KINDS], np.float32)

    def vector(_: str) -> NDArray[np.float32]:
        return row

    return KindGuesser(Taxonomy(KINDS), list(AXES.items()), vector)


def asked(text: str) -> DisputedService:
    return DisputedService(text, None)


def test_the_nearest_name_wins_and_what_is_near_to_nothing_has_no_guess() -> None:
    assert guesser({"knee_brace": 0.7, "nsaid": 0.6}).guess(asked("unloader device")) == "knee_brace"
    assert guesser({"knee_brace": 0.5}).guess(asked("unloader device")) is None
    assert guesser({"knee_brace": 0.9}).guess(asked(" 12 ")) is None


def test_the_stem_of_a_generic_name_tells_its_class() -> None:
    unlike = guesser({"muscle_relaxant": 0.6, "nsaid": 0.3})
    assert unlike.guess(asked("Tenoxicam")) == "nsaid"
    assert unlike.guess(asked("Oxicamel")) == "muscle_relaxant"


def test_a_dose_asks_for_a_drug() -> None:
    torn = guesser({"knee_brace": 0.8, "muscle_relaxant": 0.6})
    assert torn.guess(asked("Unknowol 10 mg #60")) == "muscle_relaxant"
    assert torn.guess(asked("Unknowol")) == "knee_brace"


def test_a_device_for_another_part_of_the_body_stands_back() -> None:
    torn = guesser({"knee_brace": 0.7, "wrist_splint": 0.65})
    assert torn.guess(asked("support for the left wrist")) == "wrist_splint"


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        pytest.param("Fexiban, a muscle relaxant, was prescribed for spasm.", "muscle_relaxant", id="named beside"),
        pytest.param("A muscle relaxant was tried. Fexiban was prescribed.", "nsaid", id="named elsewhere"),
        pytest.param("Fexiban, a muscle relaxant. " * 4, "nsaid", id="a word of many sentences tells nothing"),
    ],
)
def test_what_the_case_names_beside_the_requests_word_comes_forward(text: str, guess: str) -> None:
    case = CaseSummary(text, None, None, None, (), (), sentences(text))
    assert guesser({"nsaid": 0.65, "muscle_relaxant": 0.58}).guess(asked("Fexiban"), case) == guess


@given(st.text())
def test_any_text_has_a_known_kind_or_none(text: str) -> None:
    found = guesser({"knee_brace": 0.6}).guess(asked(text))
    assert found is None or found in KINDS
