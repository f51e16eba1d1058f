"""Syllables, words and the school grade of a text."""

from __future__ import annotations

import pytest

from assistant.drafting.readability import reading_grade, syllables, words_in


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("pain", 1), ("made", 1), ("walked", 1), ("sprained", 1), ("rhythm", 1), ("needed", 2), ("table", 2),
        ("visits", 2), ("requires", 2), ("therapy", 3), ("medical", 3), ("acupuncture", 4),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_longer_words_and_sentences_are_harder() -> None:
    plain = "He hurt his back. He had six visits. He can walk more now."
    hard = (
        "Electrodiagnostic examination demonstrated polyneuropathy necessitating comprehensive multidisciplinary care."
    )
    one_sentence = plain.replace(". He", " and he")
    grades = [reading_grade(text) for text in (plain, one_sentence, hard)]
    assert None not in grades
    assert grades == sorted(grades, key=lambda grade: grade or 0)
    assert (grades[0] or 0) < 3


def test_a_text_without_words_has_no_grade() -> None:
    assert reading_grade("  12/20/2016 4/5.") is None
    assert words_in("Pain is 4/10.") == 3
