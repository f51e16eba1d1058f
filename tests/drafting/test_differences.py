"""What changed between two versions: nothing is lost of either, and what was reworded is shown word by word."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from assistant.drafting.differences import Change, differences, worded_otherwise

WORDS = st.lists(
    st.sampled_from(["the", "worker", "had", "six", "visits", "of", "therapy", "10", ",", "µ"]), max_size=8
)
SENTENCES = st.lists(WORDS.map(" ".join), max_size=5)


def issue(*texts: str, slots: tuple[str, ...] = ()) -> SimpleNamespace:
    return SimpleNamespace(sentences=tuple(SimpleNamespace(text=t, slot=t in slots) for t in texts))


@given(SENTENCES, SENTENCES)
def test_both_versions_can_be_read_out_of_what_changed(before: list[str], after: list[str]) -> None:
    found = differences(issue(*before), issue(*after))
    older = [d for d in found if d.change is not Change.ADDED]
    newer = [d for d in found if d.change is not Change.REMOVED]
    assert ["".join(p.text for p in d.pieces if p.change is not Change.ADDED) for d in older] == before
    assert ["".join(p.text for p in d.pieces if p.change is not Change.REMOVED) for d in newer] == after


def test_a_sentence_that_was_reworded_stands_once() -> None:
    found = differences(
        issue("He had 6 visits of therapy.", "It is not necessary."),
        issue("He had 10 visits of therapy.", "It is not necessary."),
    )
    assert [d.change for d in found] == [Change.REWORDED, Change.SAME]
    told = [(piece.change, piece.text) for piece in found[0].pieces]
    assert told[1:3] == [(Change.REMOVED, "6"), (Change.ADDED, "10")]


def test_sentences_that_have_little_in_common_are_taken_out_and_put_in() -> None:
    found = differences(issue("He had six visits."), issue("No red flag is told."))
    assert {d.change for d in found} == {Change.ADDED, Change.REMOVED}


def test_an_open_slot_is_told_from_a_sentence_of_the_same_words() -> None:
    found = differences(issue("State the gain.", slots=("State the gain.",)), issue("State the gain."))
    assert Change.SAME not in {d.change for d in found}


def test_words_that_stay_are_not_marked() -> None:
    assert [p.change for p in worded_otherwise("the same", "the same")] == [Change.SAME]
