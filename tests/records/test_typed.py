"""Words as they are typed: kept before any version holds them, found by the next process, forgotten when saved."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from assistant.errors import NotThere
from assistant.records import Records, TypedEntry, TypedWords
from tests.records.conftest import Clock


@pytest.fixture
def case_id(engine: Engine, clock: Clock) -> str:
    """A case of ann's."""
    return Records(engine, now=clock).create_case("ann", title="t", text="words", day=None, services=()).id


def _typed(engine: Engine, clock: Clock, run: str) -> TypedWords:
    return TypedWords(engine, now=clock, run=run)


def test_the_next_process_finds_what_was_typed_last(engine: Engine, clock: Clock, case_id: str) -> None:
    before, after = _typed(engine, clock, "one"), _typed(engine, clock, "two")
    for text in ("He", "He walks", "He walks again"):
        before.keep("ann", case_id, 1, text, 3)
    before.keep("ann", case_id, 0, "Another issue.", 2)
    assert before.left_behind("ann", case_id) == ()
    assert after.left_behind("ann", case_id) == (TypedEntry(0, "Another issue.", 2), TypedEntry(1, "He walks again", 3))


def test_a_saved_text_is_forgotten_and_later_words_were_typed_after_it(
    engine: Engine, clock: Clock, case_id: str
) -> None:
    before, after = _typed(engine, clock, "one"), _typed(engine, clock, "two")
    before.keep("ann", case_id, 0, "He walks", 3)
    before.settle("ann", case_id, 0, "He walks", 4)
    assert after.left_behind("ann", case_id) == ()
    before.settle("ann", case_id, 0, "He walks", 4)  # of what was never kept nothing is known
    assert after.left_behind("ann", case_id) == ()
    before.keep("ann", case_id, 0, "He walks again", 4)
    before.settle("ann", case_id, 0, "He walks", 5)
    assert after.left_behind("ann", case_id) == (TypedEntry(0, "He walks again", 5),)
    after.forget("ann", case_id, 0)
    after.forget("ann", case_id, 0)
    assert after.left_behind("ann", case_id) == ()


def test_they_are_the_owners(engine: Engine, clock: Clock, case_id: str) -> None:
    typed = _typed(engine, clock, "one")
    for act in (lambda: typed.keep("bob", case_id, 0, "x", 0), lambda: typed.left_behind("bob", case_id)):
        with pytest.raises(NotThere):
            act()
