"""A page of a PDF as an image, and the page on which a passage of a letter begins."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.errors import UnreadableFile
from assistant.reading.files import opened_pdf

_WIDTH, _HEIGHT = 1240, 2400  # pixels at most; a letter page of 8.5 inches has then 146 to the inch
_NEEDLES = (60, 30, 16)  # letters and digits of a passage's beginning by which it is looked for, the surest first
_NO_WORD = re.compile(r"[\W_]+")


def page_image(name: str, data: bytes, page: int) -> dict[str, Any]:
    """How many `pages` a PDF has and, for a page from 1 on, its `png` in base64; UnreadableFile where it has none."""
    with opened_pdf(Path(name), data) as document:
        count = len(document)
        if page == 0:
            return {"pages": count}
        if not 1 <= page <= count:
            raise UnreadableFile(name, f"it has no page {page}")
        opened = document[page - 1]
        width, height = opened.get_size()
        bitmap = opened.render(scale=min(_WIDTH / max(width, 1), _HEIGHT / max(height, 1)), rev_byteorder=True)
        stored = _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
        bitmap.close()
        opened.close()
    return {"pages": count, "png": base64.b64encode(stored).decode()}


def _png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """An image of 1 (grey), 3 (RGB) or 4 (RGBA) bytes a pixel as a PNG file; lines begin every `stride` bytes."""
    colour = {1: 0, 3: 2, 4: 6}[channels]
    lines = b"".join(b"\0" + pixels[row * stride : row * stride + width * channels] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def page_of(text: str, starts: Sequence[int], passages: Sequence[str]) -> int | None:
    """The page, from 1, on which the last of these passages begins; they stand in the text in this order.

    `starts` are the places in `text` where the pages begin. Only letters and digits are compared, so that breaks,
    blanks and hyphens at a line's end do not matter. None where the last passage is not found.
    """
    pages = [_bare(text[a:b]) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    begins = [0]
    for page in pages:
        begins.append(begins[-1] + len(page))
    whole, at, found = "".join(pages), 0, None
    for passage in passages:
        found = _place(whole, _bare(passage), at)
        at = at if found is None else found + 1
    return None if found is None else bisect_right(begins, found, hi=len(pages))


def _place(whole: str, passage: str, at: int) -> int | None:
    for length in _NEEDLES:
        if len(passage) >= min(_NEEDLES) and (place := whole.find(passage[:length], at)) >= 0:
            return place
    return None


def _bare(text: str) -> str:
    return _NO_WORD.sub("", text).casefold()
