"""Files cut into parts: together they are the whole, whatever is in them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.reading import folders
from assistant.reading.folders import parts, sources, sources_of

_LINE = st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"."))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(lines=st.lists(_LINE, max_size=12), ended=st.booleans(), most=st.integers(1, 5))
def test_parts_of_lines_are_the_whole(
    tmp_path: Path, lines: list[bytes], ended: bool, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "MAX_LINE", 8)  # so that some are too long
    path = tmp_path / "list.jsonl"
    path.write_bytes(b"\n".join(lines) + (b"\n" if ended else b""))
    apart = [source for part in parts([path], most) for source in sources_of(part)]
    assert apart == list(sources([path]))
    assert all(len(list(sources_of(part))) <= most for part in parts([path], most))


@pytest.mark.parametrize("most", [1, 3, 100])
def test_parts_of_a_folder_are_the_whole(tmp_path: Path, most: int) -> None:
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.bin").write_text("two")
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "damaged.zip").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        for at in range(7):
            archive.writestr(f"{at}.txt", f"member {at}")
    apart = [source for part in parts([tmp_path], most) for source in sources_of(part)]
    assert apart == list(sources([tmp_path]))
    assert len(apart) == 10
