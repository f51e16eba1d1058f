"""The reviewer's edit as text: what stays is what it was, what is new is their own, and no word is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import (
    NO_LEAN,
    DisputedService,
    IssueDraft,
    Move,
    Outcome,
    OutcomeFrom,
    Sentence,
    Span,
    Support,
    SupportKind,
    Verdict,
)
from assistant.drafting.editing import apply_edit, editor_text
from assistant.drafting.verification import verify_issue

CASE = (
    "The worker is a 50-year-old woman. She has had 8 visits of physical therapy for the left knee. "
    "She takes naproxen 500 mg. The request is for 6 more visits of physical therapy."
)


def _case(quote: str) -> Support:
    start = CASE.index(quote)
    return Support(SupportKind.CASE, "case", Span.of(CASE, start, start + len(quote)))


SERVICE = DisputedService("6 visits of physical therapy", "physical_therapy")
REQUEST = Support(SupportKind.REQUEST, "request", Span.of(SERVICE.text, 0, len(SERVICE.text)))
SENTENCES = (
    Sentence(
        "She has had 8 visits of physical therapy.", Move.FACTS, (_case("She has had 8 visits of physical therapy"),)
    ),
    Sentence("She takes naproxen 500 mg.", Move.FACTS, (_case("She takes naproxen 500 mg"),)),
    Sentence("State the functional improvement that you found, and where.", Move.GAP, slot=True),
    Sentence("The requested 6 visits of physical therapy are not medically necessary.", Move.CONCLUSION, (REQUEST,)),
)
ISSUE = verify_issue(IssueDraft(SERVICE, Outcome.UPHELD, OutcomeFrom.CRITERIA, NO_LEAN, (), (), SENTENCES), CASE, {})


def _edited(text: str, issue: IssueDraft = ISSUE) -> IssueDraft:
    return apply_edit(issue, text, CASE, {})


def test_the_example_is_verified() -> None:
    assert [s.verdict for s in ISSUE.sentences if not s.slot] == [Verdict.PASSED] * 3


def test_the_editor_shows_slots_as_lines_in_brackets() -> None:
    assert "[State the functional improvement that you found, and where.]" in editor_text(ISSUE).splitlines()


def test_text_given_back_unchanged_changes_nothing() -> None:
    assert _edited(editor_text(ISSUE)) == ISSUE


def test_other_line_ends_and_blanks_change_nothing() -> None:
    assert _edited(editor_text(ISSUE).replace("\n", "\r\n").replace(". ", ".\n\n  ")) == ISSUE


def test_a_changed_sentence_is_the_reviewers_own_and_the_others_stay() -> None:
    edited = _edited(editor_text(ISSUE).replace("8 visits", "10 visits"))
    assert edited.sentences[1:] == ISSUE.sentences[1:]
    changed = edited.sentences[0]
    assert (changed.own, changed.verdict, changed.move) == (True, Verdict.FAILED, Move.FACTS)
    assert any("10 visits" in problem and "8 visits" in problem for problem in changed.problems)


def test_a_sentence_of_the_reviewers_that_the_case_backs_passes_with_its_supports() -> None:
    text = editor_text(ISSUE).replace("She takes", "She is 50 years old. She takes")
    own = _edited(text).sentences[1]
    assert (own.text, own.own, own.verdict) == ("She is 50 years old.", True, Verdict.PASSED)
    assert own.supports
    assert all(s.span.stands_in(CASE) for s in own.supports if s.kind is SupportKind.CASE)


def test_words_put_before_a_sentence_make_it_a_new_one() -> None:
    edited = _edited("It is not so that She takes naproxen 500 mg.")
    assert [(s.own, s.text) for s in edited.sentences] == [(True, "It is not so that She takes naproxen 500 mg.")]


def test_a_filled_slot_is_the_reviewers_own_sentence_with_the_slots_move() -> None:
    slot = "[State the functional improvement that you found, and where.]"
    edited = _edited(editor_text(ISSUE).replace(slot, "In my view she walks well enough."))
    filled = edited.sentences[2]
    assert (filled.slot, filled.own, filled.move) == (False, True, Move.GAP)
    assert edited.open_slots == ()
    assert edited.sentences[3] == ISSUE.sentences[3]


def test_a_removed_slot_is_gone() -> None:
    edited = _edited(editor_text(ISSUE).replace("[State the functional improvement that you found, and where.]", ""))
    assert edited.sentences == tuple(s for s in ISSUE.sentences if not s.slot)


def test_sentences_that_change_places_keep_their_supports() -> None:
    order = (ISSUE.sentences[1], ISSUE.sentences[0])
    assert _edited(" ".join(s.text for s in order)).sentences == order


def test_a_conclusion_against_the_outcome_fails() -> None:
    edited = _edited("The requested 6 visits of physical therapy are medically necessary.")
    only = edited.sentences[0]
    assert (only.move, only.verdict) == (Move.CONCLUSION, Verdict.FAILED)
    assert any("Overturned" in problem for problem in only.problems)


def test_an_empty_text_leaves_no_sentence() -> None:
    assert _edited(" \n ").sentences == ()


def test_the_same_sentence_twice_is_kept_twice() -> None:
    twice = replace(ISSUE, sentences=(ISSUE.sentences[0], ISSUE.sentences[0]))
    assert _edited(editor_text(twice), twice) == twice


_pieces = st.lists(st.sampled_from([s.text for s in SENTENCES]) | st.text(), max_size=6)


@given(_pieces, st.sampled_from([" ", "\n", ". ", ""]))
def test_no_typed_word_is_ever_lost(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    # letter by letter: "therapy.She" comes back as two words
    assert "".join(editor_text(_edited(text)).split()) == "".join(text.split())


_sentences = st.lists(
    st.builds(
        Sentence,
        text=st.text(min_size=1).filter(str.strip) | st.sampled_from(["A b.", "A b. C d.", "C d.", "[A b.]", "A b"]),
        move=st.sampled_from(Move),
        slot=st.booleans(),
        own=st.booleans(),
    ),
    max_size=6,
)


@given(_sentences)
def test_any_rationale_comes_back_from_the_editor_as_it_was(sentences: list[Sentence]) -> None:
    issue = replace(ISSUE, sentences=tuple(sentences))
    same = _edited(editor_text(issue), issue)
    assert [s.text for s in same.sentences] == [s.text for s in issue.sentences]
    if len({(s.text, s.slot) for s in sentences}) == len(sentences):
        assert same == issue


@pytest.mark.parametrize("text", ["[", "[]", "[State]", "]\n[", "\u2028", "“", "1. 2. 3."])
def test_odd_texts_are_kept(text: str) -> None:
    assert editor_text(_edited(text)).split() == text.split()
