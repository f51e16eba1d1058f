"""The fonts of a PDF: DejaVu Sans, embedded, and what to show where it has no letter.

matplotlib ships the fonts (Bitstream Vera licence and public domain), so that none has to be installed or fetched.
A letter that the font lacks, and one of a script written from right to left, which is not laid out here, is shown by
its code as "[U+4E2D]" and counted, never as an empty box.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, ITALIC = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_INVISIBLE = frozenset({"Cf"})  # joiners and direction marks: nothing is lost where they are not drawn


def register() -> str:
    """Make the fonts known to reportlab; returns the family's name."""
    from reportlab.pdfbase import pdfmetrics

    for name in (REGULAR, BOLD, ITALIC):
        pdfmetrics.registerFont(_font(name))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)
    return REGULAR


@cache
def _font(name: str) -> TTFont:
    from reportlab.pdfbase.ttfonts import TTFont

    # Only its files are needed: importing matplotlib would take a second and look for a folder to write to.
    package = find_spec("matplotlib")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("matplotlib, which ships the fonts, is not installed")
    return TTFont(name, str(Path(package.origin).parent / "mpl-data" / "fonts" / "ttf" / f"{name}.ttf"))


@cache
def _drawn() -> frozenset[int]:
    """The code points that every one of the fonts can draw."""
    held = [frozenset(_font(name).face.charToGlyph) for name in (REGULAR, BOLD, ITALIC)]
    return held[0].intersection(*held[1:])


class Shown:
    """Turns text into what the fonts can draw, and remembers which letters they could not."""

    def __init__(self) -> None:
        self.lacking: dict[str, int] = {}

    def text(self, text: str) -> str:
        """The text with each letter that cannot be drawn as its code."""
        composed = unicodedata.normalize("NFC", text)
        return "".join(map(self._letter, composed))

    def _letter(self, letter: str) -> str:
        if letter in "\n\t ":
            return letter
        if unicodedata.category(letter) in _INVISIBLE:
            return ""
        if ord(letter) in _drawn() and unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT:
            return letter
        self.lacking[letter] = self.lacking.get(letter, 0) + 1
        return f"[U+{ord(letter):04X}]"

    @property
    def notice(self) -> str:
        """What the reader must know of letters that are shown by their codes; empty where there is none."""
        count = sum(self.lacking.values())
        if not count:
            return ""
        letters = "1 letter is" if count == 1 else f"{count:,} letters are"
        return (
            f"{letters} shown by code, as [U+{ord(next(iter(self.lacking))):04X}], because the font of this file does "
            "not draw them; the Word, Markdown and JSON files hold them as they were given."
        )
