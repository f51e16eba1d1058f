"""Misspelt words: mended by the library's own, and never what must stay as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.library import Library
from assistant.library.retrieval import Query
from assistant.library.spelling import Vocabulary, slips_between

VOCABULARY = Vocabulary.of(
    [("acupuncture", 90), ("cervical", 40), ("epidural", 30), ("knee", 20), ("norco", 1), ("know", 5), ("ärm", 9)]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("acupunture", "acupuncture", id="a letter too few"),
        pytest.param("acupunctture", "acupuncture", id="a letter too many"),
        pytest.param("acupnucture", "acupuncture", id="two letters swapped"),
        pytest.param("akupuncturre", "acupuncture", id="two slips in a long word"),
        pytest.param("cervcal", "cervical", id="one slip in a shorter word"),
        pytest.param("crvcal", None, id="two slips in a short word"),
        pytest.param("nee", None, id="too short to tell"),
        pytest.param("nnee", "knee", id="another first letter where nothing is nearer"),
        pytest.param("gabapentin", None, id="nothing near"),
        pytest.param("épidural", None, id="letters that the vocabulary does not compare"),
    ],
)
def test_the_word_that_is_meant(typed: str, meant: str | None) -> None:
    assert VOCABULARY.nearest(typed) == meant


_words = st.text("abc", max_size=7)


@given(_words, _words)
def test_slips_are_a_distance(one: str, other: str) -> None:
    slips = slips_between(one, other)
    assert slips == slips_between(other, one)
    assert (slips == 0) == (one == other)
    assert abs(len(one) - len(other)) <= slips <= max(len(one), len(other))


@given(st.lists(st.text("abcdefgh", min_size=4, max_size=9), min_size=1, unique=True), st.data())
def test_no_word_is_passed_over_that_one_slip_leads_to(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    cut = data.draw(st.integers(0, len(word) - 1))
    typed = word[:cut] + word[cut + 1 :]
    found = Vocabulary.of([(w, 1) for w in words]).nearest(typed)
    if len(typed) >= 4:
        assert found is not None
        assert slips_between(typed, found) <= 1


def corrected(library: Library, words: str, *, exact: bool = False) -> list[tuple[str, str]]:
    return [(c.typed, c.used) for c in library.search(Query(words, exact=exact)).corrections]


def test_a_misspelt_word_is_mended_and_said(library: Library) -> None:
    found = library.search(Query("acupunture"))
    assert [(c.typed, c.used) for c in found.corrections] == [("acupunture", "acupuncture")]
    assert found.results[0].marks
    assert found.results == library.search(Query("acupuncture")).results


@pytest.mark.parametrize(
    "words",
    [
        pytest.param('"acupunture"', id="in quotation marks"),
        pytest.param("CM17-0000015", id="a case number"),
        pytest.param("electroacupuncture", id="a name of a kind of service that no letter holds"),
        pytest.param("gyms", id="no word of four letters is near"),
        pytest.param("inventing", id="another form of a known word"),
        pytest.param("of the", id="common words"),
        pytest.param("x12 30mg", id="doses"),
    ],
)
def test_what_must_stay_stays(library: Library, words: str) -> None:
    assert corrected(library, words) == []


def test_exactly_what_was_typed_is_searched_if_asked(library: Library) -> None:
    assert corrected(library, "acupunture", exact=True) == []
    assert corrected(library, "acupunture") == [("acupunture", "acupuncture")]
