"""Kept chats: whose they are, how they grow, what is put aside, found, and deleted for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.errors import NotThere
from assistant.records import Chats, Records


@pytest.fixture
def chats(engine: Engine, clock) -> Chats:
    """Chats over `engine` at the time of `clock`."""
    return Chats(engine, now=clock)


@pytest.fixture
def wrist(records: Records) -> str:
    """A case of Ann's."""
    return records.create_case("ann", title="Wrist", text="A wrist.", day=None, services=()).id


def talk(chats: Chats, case_id: str, *pairs: tuple[str, str]) -> list[int]:
    """Keep messages with their answers; the ids of the messages."""
    ids = []
    for said, answered in pairs:
        ids.append(chats.add_turn("ann", case_id, "reviewer", said).id)
        chats.add_turn("ann", case_id, "assistant", answered, {"blocks": []})
    return ids


CALLS: dict[str, Callable[[Chats, str, str, int], object]] = {
    "add_turn": lambda c, user, case, _: c.add_turn(user, case, "reviewer", "x"),
    "grow_turn": lambda c, user, _, turn: c.grow_turn(user, turn, "x"),
    "turns": lambda c, user, case, _: c.turns(user, case),
    "put_aside": lambda c, user, case, turn: c.put_aside(user, case, turn - 1),
    "delete": lambda c, user, case, _: c.delete(user, case),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_belongs_to_another_is_not_there(chats: Chats, records: Records, wrist: str, name: str) -> None:
    chats.add_turn("ann", wrist, "reviewer", "why?")
    growing = chats.add_turn("ann", wrist, "assistant", "so far", done=False)
    records.create_case("bob", title="", text="x", day=None, services=())
    before = chats.turns("ann", wrist)
    with pytest.raises(NotThere):
        CALLS[name](chats, "bob", wrist, growing.id)
    assert chats.turns("ann", wrist) == before
    assert (chats.chats("bob"), chats.find("bob", "why?")) == ((), ())


def test_every_public_method_is_among_those_calls_or_lists_one_users() -> None:
    assert {name for name in vars(Chats) if not name.startswith("_")} - {"chats", "find"} == set(CALLS)


def test_turns_keep_their_order_and_grow_until_done(chats: Chats, wrist: str) -> None:
    chats.add_turn("ann", wrist, "reviewer", "why?")
    growing = chats.add_turn("ann", wrist, "assistant", "", {"blocks": []}, done=False)
    chats.grow_turn("ann", growing.id, "Because", {"blocks": [1]})
    chats.grow_turn("ann", growing.id, "Because of this.", {"blocks": [1, 2]}, done=True)
    assert [(turn.role, turn.text, turn.data, turn.done) for turn in chats.turns("ann", wrist)] == [
        ("reviewer", "why?", None, True),
        ("assistant", "Because of this.", {"blocks": [1, 2]}, True),
    ]
    with pytest.raises(NotThere):
        chats.grow_turn("ann", growing.id, "and more")


def test_a_stopped_turn_keeps_what_it_had(chats: Chats, wrist: str) -> None:
    growing = chats.add_turn("ann", wrist, "assistant", "", done=False)
    chats.grow_turn("ann", growing.id, "Half of", done=True, stopped=True)
    (turn,) = chats.turns("ann", wrist)
    assert (turn.text, turn.done, turn.stopped) == ("Half of", True, True)


def test_what_is_put_aside_is_not_lost(chats: Chats, wrist: str) -> None:
    _, second, _ = talk(chats, wrist, ("one", "1"), ("two", "2"), ("three", "3"))
    chats.add_turn("ann", wrist, "assistant", "unfinished", done=False)
    aside = chats.put_aside("ann", wrist, second)
    assert [turn.text for turn in aside] == ["two", "2", "three", "3", "unfinished"]
    kept = chats.turns("ann", wrist)
    assert [(turn.text, turn.superseded) for turn in kept] == [
        ("one", False),
        ("1", False),
        *((turn.text, True) for turn in aside),
    ]
    assert (kept[-1].done, kept[-1].stopped) == (True, True)


@pytest.mark.parametrize("which", ["an answer", "put aside already", "none"])
def test_only_a_message_that_stands_can_be_put_aside(chats: Chats, wrist: str, which: str) -> None:
    first, second = talk(chats, wrist, ("one", "1"), ("two", "2"))
    chats.put_aside("ann", wrist, second)
    before = chats.turns("ann", wrist)
    with pytest.raises(NotThere):
        chats.put_aside("ann", wrist, {"an answer": first + 1, "put aside already": second, "none": 999}[which])
    assert chats.turns("ann", wrist) == before


def test_chats_are_listed_last_one_first_and_found_by_words(chats: Chats, records: Records, wrist: str) -> None:
    knee = records.create_case("ann", title="Knee", text="A knee.", day=None, services=()).id
    records.create_case("ann", title="Silent", text="Nothing was said.", day=None, services=())
    talk(chats, wrist, ("Why no visits?", "No limit."))
    talk(chats, knee, ("Why an MRI?", "No visits, no MRI."))
    assert [(head.case_id, head.title, head.turns) for head in chats.chats("ann")] == [
        (knee, "Knee", 2),
        (wrist, "Wrist", 2),
    ]
    assert [(hit.case_id, hit.turn.text) for hit in chats.find("ann", "VISITS no")] == [
        (knee, "No visits, no MRI."),
        (wrist, "Why no visits?"),
    ]
    assert chats.find("ann", " ") == ()
    records.delete_case("ann", knee)
    assert [hit.case_id for hit in chats.find("ann", "why")] == [wrist]
    assert [head.case_id for head in chats.chats("ann")] == [wrist]


def test_a_deleted_chat_is_on_the_disk_no_more(
    chats: Chats, records: Records, wrist: str, tmp_path: Path, engine: Engine
) -> None:
    talk(chats, wrist, ("Is the zebrafish named?", "The zebrafish is not named."))
    assert chats.delete("ann", wrist) == 2
    assert chats.turns("ann", wrist) == ()
    assert [(act.kind, act.detail) for act in records.acts("ann", wrist)] == [("created", {}), ("chat_deleted", {})]
    assert chats.delete("ann", wrist) == 0
    assert len(records.acts("ann", wrist)) == 2
    engine.dispose()
    assert [file.name for file in tmp_path.iterdir() if b"zebrafish" in file.read_bytes()] == []
