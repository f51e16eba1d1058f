"""Letters of files and folders, read one by one and stored nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.domain import Determination
from assistant.errors import AssistantError
from assistant.reading.files import read_file
from assistant.reading.letters import read_letter

_LETTER_ENDINGS = frozenset({".pdf", ".docx", ".html", ".htm", ".txt", ".md"})


def read_letters(paths: Sequence[Path]) -> Iterator[tuple[str, Determination | None, str]]:
    """Read letters without storing anything: file name, the letter or None, and then why it could not be read.

    Folders are read in the order of their files' names; in a folder, files of other kinds are passed over.
    """
    for path in _files_in(paths):
        try:
            yield path.name, read_letter(read_file(path).text), ""
        except AssistantError as error:
            yield path.name, None, str(error)


def _files_in(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in _LETTER_ENDINGS)
        else:
            yield path
