"""What a sentence says is not stated is looked for in the case again, by its words."""

from __future__ import annotations

import pytest

from assistant.domain import Span, Support, SupportKind, Verdict
from assistant.drafting.absences import stated_after_all
from assistant.drafting.analysis import analyse
from assistant.drafting.verification import Sources, verify_sentence

CASE = (
    "He walks two blocks more since acupuncture. A home exercise program is done daily. "
    "He denies numbness of the foot. Physical therapy was requested. "
    "Work status is not documented. His father had heart disease."
)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("The summary does not state a home exercise program.", ["a home exercise program"]),
        ("The summary states neither a urine drug screen nor acupuncture.", ["acupuncture"]),
        ("The summary does not state numbness of the foot.", ["numbness of the foot"]),
        ("The summary does not state physical therapy.", []),
        ("The summary does not document his work status.", []),
        ("The summary does not state heart disease.", []),
        ("The summary does not state functional improvement.", []),
        ("He does a home exercise program.", []),
        ("The summary says “a home exercise program is not documented”.", []),
    ],
)
def test_what_is_stated_after_all(text: str, missing: list[str]) -> None:
    assert [words for words, _ in stated_after_all(analyse(text), CASE)] == missing


def test_a_draft_that_claims_an_absence_which_is_none_fails() -> None:
    statement = "The summary does not state a home exercise program."
    sources = Sources(CASE, {}, {"f": statement}, "", statuses={"f": "not_found"})
    support = Support(SupportKind.FINDING, "f", Span.of(statement, 0, len(statement)))
    assert verify_sentence(statement, [support], sources).verdict is Verdict.FAILED
    extended = statement.replace("does not state", "does not state improved walking or")
    assert verify_sentence(extended, [support], sources).problems[-1] == (
        "The sentence says that “a home exercise program” is not stated; "
        "the case says “A home exercise program is done daily.”."
    )
