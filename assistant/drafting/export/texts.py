"""The words of a case on their way into a file: what no file can hold, and paragraphs of a bearable length."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST, _MOST_LINES = 3000, 60  # characters and lines of one paragraph; a longer one is cut at a blank


def clean(text: str) -> str:
    """The text without what an XML document cannot hold, its line ends as one kind."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The text on one line."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, in order; blank lines part them."""
    parts = [part.strip("\n") for part in re.split(r"\n[^\S\n]*\n", clean(text)) if part.strip()]
    return [piece for part in parts for piece in _pieces(part)]


def _pieces(part: str) -> Iterator[str]:
    lines = part.split("\n")
    for first in range(0, len(lines), _MOST_LINES):
        rest = "\n".join(lines[first : first + _MOST_LINES])
        while len(rest) > _LONGEST:
            at = max(rest.rfind(" ", 1, _LONGEST), rest.rfind("\n", 1, _LONGEST))
            cut = at if at > 0 else _LONGEST
            yield rest[:cut]
            rest = rest[cut:].lstrip()
        if rest.strip():
            yield rest
