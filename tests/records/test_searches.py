"""Saved searches: each user their own, found by name in any case, replaced and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine

from assistant.errors import NotThere
from assistant.records import SavedSearches


@pytest.fixture
def saved(engine: Engine, clock: Callable[[], datetime]) -> SavedSearches:
    return SavedSearches(engine, now=clock)


def test_a_search_is_kept_with_its_words_and_choices(saved: SavedSearches) -> None:
    saved.save("ann", " Needles ", "acupuncture “gain”", {"region": "neck", "modified": False})
    kept = saved.named("ann", "needles")
    assert (kept.name, kept.words) == ("Needles", "acupuncture “gain”")
    assert kept.choices == {"region": "neck", "modified": False}


def test_a_name_that_is_taken_is_replaced(saved: SavedSearches) -> None:
    first = saved.save("ann", "Needles", "acupuncture", {})
    second = saved.save("ann", "needles", "dry needling", {})
    assert [kept.words for kept in saved.all("ann")] == ["dry needling"]
    assert second.saved > first.saved


def test_each_user_sees_their_own_by_name(saved: SavedSearches) -> None:
    for name in ("b", "C", "a"):
        saved.save("ann", name, name, {})
    saved.save("bob", "d", "d", {})
    assert [kept.name for kept in saved.all("ann")] == ["a", "b", "C"]
    with pytest.raises(NotThere, match="no saved search named “a”"):
        saved.named("bob", "a")


def test_a_search_is_forgotten(saved: SavedSearches) -> None:
    saved.save("ann", "a", "a", {})
    saved.delete("ann", "A")
    assert saved.all("ann") == ()
    with pytest.raises(NotThere, match="no saved search"):
        saved.delete("ann", "a")
