"""Two decisions side by side: the facts of both case summaries by kind, and what only one of them states."""

from __future__ import annotations

import pytest

from assistant.corpus import load_taxonomy
from assistant.domain import Decision, Determination, Outcome
from assistant.library.comparing import Comparison, compared
from assistant.reading.lexicon import load_lexicon
from assistant.settings import Settings

CORPUS = Settings().corpus_dir
ONE = (
    "The patient is a 45 year old female with low back pain. Treatment to date has included physical therapy and "
    "acupuncture. She denies numbness of the feet."
)
OTHER = "The patient is a 52 year old female with neck pain. Treatment to date has included physical therapy."


def letter(summary: str | None) -> Determination:
    decision = Decision("Acupuncture", Outcome.UPHELD, None, None, (), "No gain.")
    return Determination("CM17-0000001", None, None, None, None, None, None, None, summary, (decision,))


@pytest.fixture(scope="module")
def both():
    lexicon, taxonomy = load_lexicon(CORPUS), load_taxonomy(CORPUS)

    def both_(one: str | None, other: str | None) -> Comparison:
        return compared(("a", letter(one), 0), ("b", letter(other), 0), lexicon, taxonomy)

    return both_


def only(comparison: Comparison, side: int, kind: str) -> dict[str, bool]:
    return {fact.words: fact.only_here for fact in comparison.sides[side].stated.get(kind, ())}


def test_what_only_one_states_is_told_from_what_both_state(both) -> None:
    comparison = both(ONE, OTHER)
    assert comparison.kinds[:2] == ("Age", "Sex")
    assert set(only(comparison, 0, "Age").values()) == {True}
    assert set(only(comparison, 0, "Sex").values()) == {False}
    treatment = only(comparison, 0, "Treatment")
    assert treatment["physical therapy"] is False
    assert treatment["acupuncture"] is True
    assert only(comparison, 1, "Treatment") == {"physical therapy": False}
    assert set(only(comparison, 0, "Complaints").values()) == {True}
    said = {fact.how for facts in comparison.sides[0].stated.values() for fact in facts}
    assert said == {"", "denied"}


def test_the_same_summary_has_nothing_of_its_own(both) -> None:
    comparison = both(ONE, ONE)
    facts = [fact for side in comparison.sides for stated in side.stated.values() for fact in stated]
    assert facts
    assert not any(fact.only_here for fact in facts)


def test_a_letter_without_a_summary_states_nothing(both) -> None:
    comparison = both(None, ONE)
    assert comparison.sides[0].stated == {}
    assert comparison.kinds == tuple(dict.fromkeys(comparison.kinds))
    assert comparison.sides[0].decision.service == "Acupuncture"
