"""The words of a case on their way into a file: what no file can hold, and paragraphs of a bearable length."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 3000  # characters of one paragraph; a longer one is cut at a blank


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


def _pieces(part: str) -> list[str]:
    pieces = []
    while len(part) > _LONGEST:
        at = max(part.rfind(" ", 1, _LONGEST), part.rfind("\n", 1, _LONGEST))
        cut = at if at > 0 else _LONGEST
        pieces.append(part[:cut])
        part = part[cut:].lstrip()
    return [*pieces, part] if part.strip() else pieces
