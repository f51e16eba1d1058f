"""Each act can be said in one plain imperative, which the router reads back to the same act."""

from __future__ import annotations

import pytest
from drafted_case import two_issues
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.context import ChatContext
from assistant.chat.imperatives import say
from assistant.chat.intents import (
    Act,
    AddPoint,
    ChangeCitation,
    DropPoint,
    KeepSentence,
    Lengthen,
    Plainer,
    Redraft,
    SetOutcome,
    Shorten,
    Undo,
)
from assistant.chat.router import route
from assistant.chat.tools import TOOLS, intent_of
from assistant.domain import Outcome
from assistant.errors import AssistantError

issues, places = st.integers(0, 1), st.integers(0, 98)
acts = st.one_of(
    st.builds(SetOutcome, st.sampled_from([*Outcome, None]), issues.map(lambda n: (n,))),
    *(st.builds(sort, issues) for sort in (Shorten, Lengthen, Plainer)),
    *(st.builds(sort, issues, st.just(""), places) for sort in (DropPoint, KeepSentence)),
    st.sampled_from([Redraft(), Undo()]),
)


@given(acts)
def test_what_is_said_is_read_back_as_the_same_act(act: Act) -> None:
    assert route(say(act), ChatContext(two_issues())) == act


@pytest.mark.parametrize("criterion", ["acupuncture.extension", "acu.course", "physical_therapy.visits"])
def test_a_criterion_is_named_by_its_id(criterion: str) -> None:
    from assistant.chat.imperatives import add_criterion

    assert route(add_criterion(1, criterion), ChatContext(two_issues())) == AddPoint(1, criterion)


@pytest.mark.parametrize(
    ("guideline", "section"),
    [
        ("MTUS Low Back Complaints 2004", "Special Studies"),
        ("MTUS Chronic Pain Medical Treatment 2016", "NSAIDs"),
        ("MTUS Forearm, Wrist, and Hand Complaints 2004", None),
        ("ODG", "Low Back Chapter"),
    ],
)
def test_a_citation_is_read_back_with_all_its_words(guideline: str, section: str | None) -> None:
    from assistant.chat.imperatives import cite

    read = route(cite(0, guideline, section), ChatContext(two_issues()))
    assert isinstance(read, ChangeCitation)
    assert read.issue == 0
    words = f"{guideline} {section or ''}".casefold().replace(",", "").split()
    assert set(words) <= set(read.words.split())


def test_a_tool_refuses_what_it_cannot_take_in_one_sentence() -> None:
    context = ChatContext(two_issues())
    for name, args in (
        ("why", {"issue": 9}),
        ("why", {}),
        ("nothing", {}),
        ("propose_drop", {"issue": 1, "sentence": 99}),
    ):
        with pytest.raises(AssistantError) as error:
            intent_of(name, args, context)
        assert str(error.value).count(". ") == 0


def test_every_tool_says_what_it_does_and_only_proposals_are_acts() -> None:
    context = ChatContext(two_issues())
    full = {"issue": 1, "question": "x", "which": "1", "term": "MTUS", "outcome": "Upheld", "point": "x", "sentence": 1}
    for tool in TOOLS:
        args = {k: v for k, v in {**full, "guideline": "ODG"}.items() if k in tool.args.model_fields}
        assert tool.description.endswith(".")
        assert isinstance(intent_of(tool.name, args, context), Act) is tool.effect
