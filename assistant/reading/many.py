"""Reads many documents, two or more at once, and hands them out in their order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue

from assistant.domain import Determination
from assistant.errors import UnreadableFile
from assistant.reading.bounded import BoundedReader, Letter
from assistant.reading.files import read_bytes
from assistant.reading.folders import Source, record_in, sources
from assistant.reading.letter_records import UnreadableRecord, letter_of

_WORKERS = max(2, min(4, os.cpu_count() or 1))
_AHEAD = 3  # documents read ahead, for each worker


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read: its text ("" for a record of JSON) and the letter in it, or the reason why not.

    `source` is held without its bytes.
    """

    source: Source
    text: str = ""
    letter: Determination | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


def read_many(
    found: Iterable[Source], letter: Letter, skip: Callable[[Source], bool] = lambda _: False
) -> Iterator[Document | Source]:
    """Read documents in child processes, a few ahead of the one that is handed out; what `skip` names comes unread."""
    readers: SimpleQueue[BoundedReader] = SimpleQueue()
    made = [BoundedReader() for _ in range(_WORKERS)]
    for reader in made:
        readers.put(reader)

    def read(source: Source) -> Document:
        reader = readers.get()
        try:
            return read_source(source, letter, reader)
        finally:
            readers.put(reader)

    pending: deque[Future[Document] | Source] = deque()
    pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="read")
    try:
        for source in found:
            unread = source.reason is None and skip(source)
            pending.append(replace(source, data=b"") if unread else pool.submit(read, source))
            if len(pending) > _AHEAD * _WORKERS:
                yield _done(pending.popleft())
        while pending:
            yield _done(pending.popleft())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for reader in made:
            reader.close()  # also ends a reading that nobody waits for any more
        pool.shutdown()
        for reader in made:
            reader.close()


def _done(pending: Future[Document] | Source) -> Document | Source:
    return pending if isinstance(pending, Source) else pending.result()


def read_source(source: Source, letter: Letter, reader: BoundedReader | None = None) -> Document:
    """Read one document; what went wrong is its `reason`, never raised."""
    if source.reason is not None:
        return Document(source, reason=source.reason)
    bare = replace(source, data=b"")
    try:
        found = _of_record(source, letter, reader) if source.line else _of_file(source, letter, reader)
    except UnreadableFile as error:
        return Document(bare, reason=error.reason)
    except UnreadableRecord as error:
        return Document(bare, reason=str(error))
    return replace(found, source=bare)


def _of_file(source: Source, letter: Letter, reader: BoundedReader | None) -> Document:
    found = read_bytes(source.name, source.data, letter=letter, reader=reader)
    return Document(source, found.text, found.letter, warnings=found.warnings)


def _of_record(source: Source, letter: Letter, reader: BoundedReader | None) -> Document:
    """A line with the letter's text is read as the letter would be; one with its parts holds them."""
    record = record_in(source)
    text, number = record.get("text"), record.get("case_number")
    if not isinstance(text, str):
        return Document(source, letter=letter_of(record))
    found = read_bytes("line.txt", text.encode("utf-8", "replace"), letter=letter, reader=reader)
    if found.letter is None or not isinstance(number, str) or not number.strip():
        return Document(source, found.text, found.letter, warnings=found.warnings)
    return Document(source, found.text, _numbered(found.letter, number.strip()), warnings=found.warnings)


def _numbered(letter: Determination, number: str) -> Determination:
    """The letter under the case number that its line gives; another one in its text is said."""
    if letter.case_number is None:
        rest = tuple(warning for warning in letter.warnings if warning != "The case number was not found.")
        return replace(letter, case_number=number, warnings=rest)
    if letter.case_number == number:
        return letter
    return replace(letter, warnings=(*letter.warnings, "The line gives another case number than the letter's text."))


def read_letters(paths: Sequence[Path]) -> Iterator[tuple[str, Determination | None, str]]:
    """Read letters without storing anything: name, the letter or None, and then why it could not be read.

    In folders and archives, files of other kinds are passed over.
    """
    for document in read_many((source for source in sources(paths) if not source.passed), "always"):
        if isinstance(document, Source):
            continue
        name = document.source.name
        if document.letter is None:
            yield name, None, str(UnreadableFile(name, document.reason or "it holds no letter"))
        else:
            letter = document.letter
            yield name, replace(letter, warnings=(*document.warnings, *letter.warnings)), ""
