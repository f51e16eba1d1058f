"""What files, folders, archives and files of many lines hold: one document after another, each with its bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from assistant.errors import UnreadableFile
from assistant.reading.archives import count_members, members
from assistant.reading.files import CHANGED, bytes_of

READABLE = frozenset({".pdf", ".docx", ".html", ".htm", ".txt", ".text", ".md", ".markdown"})
ARCHIVES = frozenset({".zip"})
LINES = frozenset({".jsonl", ".ndjson"})
IMPORTED = READABLE | ARCHIVES | LINES
MAX_LINE = 5_000_000  # bytes; a letter has some ten thousand
NO_KIND = "it is no kind of file that is read here"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that may hold a document: its name for people, and its bytes, or the reason why there are none.

    The name is a file's without its folder; of a member or a line, with its archive or file before it. `line` marks a
    line of JSON. `passed` marks what was not looked at, since nothing of its kind is read. `path` is where a
    document lies that is a file by itself.
    """

    name: str
    data: bytes = b""
    reason: str | None = None
    line: bool = False
    passed: bool = False
    content_hash: str = ""
    path: Path | None = None

    @classmethod
    def of(cls, name: str, data: bytes, *, line: bool = False, path: Path | None = None) -> Self:
        """A document that is there, with the hash of its bytes."""
        return cls(name, data, line=line, content_hash=hashlib.sha256(data).hexdigest(), path=path)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the documents of one file: all, an archive's members `first` to before `last`, or the lines between two
    bytes, of which the first is line number `line`. `named` marks a file that was named itself."""

    path: Path
    named: bool
    first: int = 0
    last: int | None = None
    line: int = 1


def sources(paths: Sequence[Path]) -> Iterator[Source]:
    """The documents of files, of folders with all that is in them, of archives and of JSON lines, in a fixed order.

    One is held at a time. Folders are read in the order of their files' paths, without hidden files.
    """
    for path in files_in(paths):
        yield from sources_of(Part(path, path in paths))


def sources_of(part: Part) -> Iterator[Source]:
    """The documents of a part of a file, one held at a time."""
    path, ending = part.path, part.path.suffix.lower()
    try:
        if ending in ARCHIVES:
            yield from _of_archive(part)
        elif ending in LINES:
            yield from _of_lines(part)
        elif ending in READABLE or part.named:
            yield Source.of(path.name, bytes_of(path), path=path)
        else:
            yield Source(path.name, reason=NO_KIND, passed=True)
    except UnreadableFile as error:
        yield Source(path.name, reason=error.reason)


def parts(paths: Sequence[Path], most: int) -> Iterator[Part]:
    """What `sources` yields, cut in its order into parts of at most `most` documents, which may be read apart."""
    for path in files_in(paths):
        named, ending = path in paths, path.suffix.lower()
        if ending in ARCHIVES:
            count = count_members(path) or 1
            yield from (Part(path, named, first, first + most) for first in range(0, count, most))
        elif ending in LINES:
            yield from _parts_of_lines(path, most, named=named)
        else:
            yield Part(path, named)


def _parts_of_lines(path: Path, most: int, *, named: bool) -> Iterator[Part]:
    start = at = number = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(MAX_LINE + 1):
                at += len(line)
                if line.endswith(b"\n"):
                    number += 1
                    if number % most == 0:
                        yield Part(path, named, start, at, number - most + 1)
                        start = at
    except OSError:
        yield Part(path, named)  # who reads it says why it cannot be read
        return
    if at > start or number == 0:
        yield Part(path, named, start, at, number - number % most + 1)


def count_sources(paths: Sequence[Path]) -> int:
    """About how many documents `sources` will yield, for telling how far a reading is."""
    return sum(_count(path) for path in files_in(paths))


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named; each once."""
    seen: set[Path] = set()
    for path in paths:
        found = [path]
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file())
            found = sorted(p for p in inside if not any(part.startswith(".") for part in p.relative_to(path).parts))
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def _count(path: Path) -> int:
    if path.suffix.lower() in ARCHIVES:
        return count_members(path) or 1
    if path.suffix.lower() not in LINES:
        return 1
    try:
        with path.open("rb") as file:
            return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b"")) or 1
    except OSError:
        return 1


def _of_archive(part: Part) -> Iterator[Source]:
    path = part.path
    for member in members(path, part.first, part.last):
        name = f"{path.name}: {member.name}"
        known = Path(member.name).suffix.lower() in READABLE
        if member.reason is None and not known:
            yield Source(name, reason=NO_KIND, passed=True)
        elif member.reason is None:
            yield Source.of(name, member.data)
        else:
            yield Source(name, reason=member.reason)


def _of_lines(part: Part) -> Iterator[Source]:
    """The lines of a file, each of at most MAX_LINE bytes; a longer one is passed over and named."""
    path = part.path
    try:
        before = path.stat()
        with path.open("rb") as file:
            file.seek(part.first)
            number = part.line - 1
            while (part.last is None or file.tell() < part.last) and (line := file.readline(MAX_LINE + 1)):
                number += 1
                name = f"{path.name}: line {number}"
                if len(line) > MAX_LINE and not line.endswith(b"\n"):
                    while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                        pass
                    yield Source(name, reason=f"it has more than {MAX_LINE:,} bytes")
                elif line.strip():
                    yield Source.of(name, line.strip(), line=True)
        after = path.stat()
    except OSError as error:
        raise UnreadableFile(path, f"the system refused it ({error.strerror or 'input/output error'})") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnreadableFile(path, CHANGED)


def record_in(source: Source) -> dict[str, object]:
    """The JSON object of a line; raises UnreadableFile."""
    try:
        record = json.loads(source.data)
    except (ValueError, RecursionError):
        raise UnreadableFile(source.name, "it is not JSON") from None
    if not isinstance(record, dict):
        raise UnreadableFile(source.name, "it is not a JSON object")
    return record
