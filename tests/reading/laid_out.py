"""PDF files for the guideline tests: text at given places in given type, with bookmarks, written byte by byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LINE = 14.0


@dataclass(frozen=True)
class Put:
    """Words at `x`, `y` points from the lower left corner."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False


def column(lines: Sequence[str], x: float = 50, top: float = 760, size: float = 10) -> list[Put]:
    """Lines of body text under each other; an empty one leaves a gap."""
    return [Put(x, top - place * LINE, line, size) for place, line in enumerate(lines) if line]


def pdf_of(
    pages: Sequence[Sequence[Put]], bookmarks: Sequence[tuple[str, int]] = (), objects: Mapping[int, str] | None = None
) -> bytes:
    """A PDF of the pages; `bookmarks` are (title, page from 0); `objects` are written over those of the same number."""
    first = 10 + len(bookmarks)
    made: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R" + (b" /Outlines 5 0 R" if bookmarks else b"") + b" >>",
        2: f"<< /Type /Pages /Kids [{' '.join(f'{first + 2 * n} 0 R' for n in range(len(pages)))}] "
        f"/Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
    }
    if bookmarks:
        last = 9 + len(bookmarks)
        made[5] = f"<< /Type /Outlines /First 10 0 R /Last {last} 0 R /Count {len(bookmarks)} >>".encode()
        for n, (title, page) in enumerate(bookmarks):
            next_ = f" /Next {11 + n} 0 R" if n + 1 < len(bookmarks) else ""
            made[10 + n] = f"<< /Title ({title}) /Parent 5 0 R /Dest [{first + 2 * page} 0 R /Fit]{next_} >>".encode(
                "latin-1"
            )
    for n, page in enumerate(pages):
        stream = " ".join(
            f"BT /F{2 if put.bold else 1} {put.size} Tf {put.x} {put.y} Td ({_escaped(put.text)}) Tj ET" for put in page
        ).encode("latin-1")
        made[first + 2 * n] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 2 * n + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        ).encode()
        made[first + 2 * n + 1] = f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream"
    made |= {number: text.encode() for number, text in (objects or {}).items()}
    return _file(made)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Mapping[int, bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), {}
    for number in sorted(objects):
        offsets[number] = len(out)
        out += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number in sorted(objects):
        out += f"{number} 1\n{offsets[number]:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {max(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)
