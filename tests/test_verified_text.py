"""What `verify` prints for a terminal: each sentence marked, with its supports or with what is wrong."""

from __future__ import annotations

from assistant.domain import Move, Sentence, Span, Support, SupportKind, Verdict
from assistant.printing import sentences_as_text


def test_each_sentence_is_marked_by_its_verdict() -> None:
    support = Support(SupportKind.CASE, "case", Span(0, 11, "55-year-old"))
    shown = sentences_as_text(
        (
            Sentence("He is 55 years old.", Move.FACTS, (support,), Verdict.PASSED, own=True),
            Sentence("He had 40 visits.", Move.FACTS, (), Verdict.FAILED, own=True, problems=("“40” is nowhere.",)),
            Sentence("The pain is hard to bear.", Move.FACTS, own=True),
        )
    ).split("\n")
    assert shown[:5] == [
        "[ok] He is 55 years old.",
        "       case: “55-year-old”",
        "[ ?] He had 40 visits.",
        "       problem: “40” is nowhere.",
        "[  ] The pain is hard to bear.",
    ]
