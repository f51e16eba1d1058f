"""Short forms with their meaning at first use, and the same text without the meanings again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.drafting.glossary import SHORT_FORMS, explained, without_meanings


def test_only_the_first_use_is_explained() -> None:
    first, second = explained(["An ESI was given in May.", "Another ESI is asked for."])
    assert first == "An ESI (epidural steroid injection) was given in May."
    assert second == "Another ESI is asked for."


def test_a_meaning_that_was_spelled_out_before_is_not_said_again() -> None:
    assert list(explained(["She had physical therapy.", "PT helped."])) == ["She had physical therapy.", "PT helped."]


def test_quotations_and_longer_words_stay_as_they_are() -> None:
    texts = ["The summary says “PT helped”.", "PTSD was noted.", "The CURES/PT-B form (ROM) was read."]
    assert list(explained(texts)) == [texts[0], "PTSD (posttraumatic stress disorder) was noted.", texts[2]]


def test_a_meaning_of_somebody_else_stays() -> None:
    assert without_meanings("The PT (patient transport) came.") == "The PT (patient transport) came."


@given(st.lists(st.sampled_from([*SHORT_FORMS, "pain", "was", "(left)", "“EMG”", "and"]), min_size=1, max_size=20))
def test_taking_the_meanings_out_gives_the_text_back(words: list[str]) -> None:
    text = " ".join(words)
    (told,) = explained([text])
    assert without_meanings(told) == text
