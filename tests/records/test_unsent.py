"""The unsent entry: one a user, as it was typed, never overwritten unseen, gone for good when it is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from assistant.database import FILE_NAME
from assistant.errors import EnteredElsewhere
from assistant.records import UnsentEntries
from tests.records.conftest import Clock

written = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture
def unsent(engine: Engine, clock: Clock) -> UnsentEntries:
    """The entries over `engine`."""
    return UnsentEntries(engine, now=clock)


@given(st.dictionaries(st.sampled_from(["text", "services", "day"]), written))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_what_was_typed_comes_back(unsent: UnsentEntries, fields: dict[str, str]) -> None:
    kept = unsent.keep("ann", fields, None)
    assert unsent.of("ann") == kept
    assert kept.fields == fields
    assert unsent.of("bob") is None


def test_another_tab_is_not_overwritten(unsent: UnsentEntries) -> None:
    first = unsent.keep("ann", {"text": "one"}, 0)
    second = unsent.keep("ann", {"text": "one and two"}, first.number)
    with pytest.raises(EnteredElsewhere):
        unsent.keep("ann", {"text": "another"}, first.number)
    assert unsent.of("ann") == second
    assert unsent.keep("ann", {"text": "one and two"}, first.number).fields == {"text": "one and two"}
    assert unsent.keep("ann", {"text": "another"}, None).fields == {"text": "another"}


@pytest.mark.sqlite
def test_what_was_forgotten_is_in_no_file(unsent: UnsentEntries, tmp_path: Path) -> None:
    unsent.keep("ann", {"text": "Zzyzx of nowhere"}, 0)
    assert any(b"Zzyzx" in file.read_bytes() for file in tmp_path.glob(f"{FILE_NAME}*"))
    unsent.forget("ann")
    unsent.forget("ann")
    assert unsent.of("ann") is None
    assert not any(b"Zzyzx" in file.read_bytes() for file in tmp_path.glob(f"{FILE_NAME}*"))
