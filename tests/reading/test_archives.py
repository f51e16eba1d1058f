"""Archives: letters out of them in order; what is made to harm is named, bounded, and writes nothing."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UnreadableFile
from assistant.reading import archives, folders
from assistant.reading.archives import count_members, members
from assistant.reading.folders import count_sources, sources

Write = Callable[[str, bytes], Path]


def zipped(entries: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def read(path: Path) -> dict[str, str]:
    """Members of an archive by name: their text, or why there is none."""
    return {member.name: member.reason or member.data.decode("latin-1") for member in members(path)}


def test_members_come_in_the_order_of_their_paths_without_hidden_ones(write_file: Write) -> None:
    entries = {"b/two.txt": b"2", "a/one.txt": b"1", "__MACOSX/a/._one.txt": b"x", ".git/c.txt": b"x", "a/": b""}
    path = write_file("many.zip", zipped(entries))
    assert list(read(path).items()) == [("one.txt", "1"), ("two.txt", "2")]
    assert count_members(path) == 2


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("../../etc/cron.txt", "leads out of the archive", id="up"),
        pytest.param("/etc/passwd.txt", "leads out of the archive", id="absolute"),
        pytest.param("C:/windows/a.txt", "leads out of the archive", id="drive"),
        pytest.param("a\\..\\..\\b.txt", "leads out of the archive", id="backslashes"),
        pytest.param("inner.zip", "archive in an archive", id="an archive"),
        pytest.param("empty.txt", "empty", id="empty"),
    ],
)
def test_a_member_that_is_not_opened(name: str, reason: str, write_file: Write, tmp_path: Path) -> None:
    path = write_file("odd.zip", zipped({name: b"" if "empty" in reason else b"words", "good.txt": b"good"}))
    found = read(path)
    assert found.pop("good.txt") == "good"
    assert reason in next(iter(found.values()))
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_link_is_not_followed(write_file: Write) -> None:
    link = zipfile.ZipInfo("letter.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert read(write_file("links.zip", out.getvalue())) == {"letter.txt": "it is a link and no file"}


def test_an_encrypted_member_is_named(write_file: Write) -> None:
    data = bytearray(zipped({"letter.txt": b"words"}, zipfile.ZIP_STORED))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    assert "encrypted" in read(write_file("locked.zip", bytes(data)))["letter.txt"]


def test_a_damaged_member_does_not_spoil_the_others(write_file: Write) -> None:
    data = bytearray(zipped({"a.txt": b"first words", "b.txt": b"second words"}, zipfile.ZIP_STORED))
    data[data.index(b"first")] ^= 0xFF
    found = read(write_file("damaged.zip", bytes(data)))
    assert "damaged" in found["a.txt"]
    assert found["b.txt"] == "second words"


def test_what_swells_is_refused(write_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({"bomb.txt": b"0" * 30_000_000})
    with pytest.raises(UnreadableFile, match=r"unpacks to [\d,]+ times its size"):
        read(write_file("bomb.zip", bomb))
    hidden = zipped({"bomb.txt": b"0" * 5_000_000, "noise.bin": os.urandom(100_000)})
    assert "far more than its size" in read(write_file("hidden.zip", hidden))["bomb.txt"]
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    with pytest.raises(UnreadableFile, match="3 members, and at most 2"):
        read(write_file("many.zip", zipped({f"{n}.txt": b"x" for n in range(3)})))
    monkeypatch.setattr(archives, "MAX_UNPACKED", 10)
    with pytest.raises(UnreadableFile, match="unpacks to 20 bytes"):
        read(write_file("large.zip", zipped({"a.txt": b"x" * 20})))


def test_a_list_of_members_that_would_fill_the_memory_is_not_read(write_file: Write) -> None:
    data = bytearray(zipped({"a.txt": b"x"}))
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 2**31)
    with pytest.raises(UnreadableFile, match="list of members"):
        read(write_file("list.zip", bytes(data)))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 255))
def test_no_archive_is_a_fault(noise: bytes, at: int, byte: int) -> None:
    import tempfile

    whole = bytearray(zipped({"a.txt": b"words of a letter", "b/c.txt": b"more words"}))
    whole[at % len(whole)] = byte
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate((bytes(whole), bytes(whole)[: at % len(whole)], noise)):
            path = Path(folder) / f"{number}.zip"
            path.write_bytes(data)
            for source in sources([path]):
                assert source.data or source.reason


def test_a_line_is_a_source_and_a_long_one_is_named(write_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_LINE", 10)
    path = write_file("many.jsonl", b'{"a": 1}\n\n' + b"x" * 35 + b'\n{"b": 2}')
    found = list(sources([path]))
    assert [s.name for s in found] == ["many.jsonl: line 1", "many.jsonl: line 3", "many.jsonl: line 4"]
    assert [s.data for s in found] == [b'{"a": 1}', b"", b'{"b": 2}']
    assert found[1].reason == "it has more than 10 bytes"
    assert count_sources([path]) == 3


def test_a_file_that_changes_while_it_is_read_is_noticed(write_file: Write) -> None:
    path = write_file("many.jsonl", b'{"a": 1}\n{"b": 2}\n')
    reading = sources([path])
    assert next(reading).reason is None
    with path.open("ab") as file:
        file.write(b'{"c": 3}\n')
    assert "changed while it was read" in [source.reason or "" for source in reading][-1]


def test_a_growing_file_is_noticed(write_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_file("letter.txt", b"words")
    plain = Path.open

    def grows(self: Path, *args: str, **more: str):
        opened = plain(self, *args, **more)
        os.utime(self, (1, 1))
        return opened

    monkeypatch.setattr(Path, "open", grows)
    assert "changed while it was read" in (next(sources([path])).reason or "")
