"""Small PDF files for the reading tests, written byte by byte so that no PDF library is needed to make them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_NO_COPYING = -64  # permissions: everything forbidden
_FILE_ID = b"0123456789abcdef"


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


class _Encryption:
    """The standard security handler, revision 2 (40-bit RC4), of the PDF reference 1.4, section 3.5."""

    def __init__(self, password: str) -> None:
        user = (password.encode() + _PADDING)[:32]
        self.owner = _rc4(hashlib.md5((b"owner" + _PADDING)[:32]).digest()[:5], user)  # noqa: S324
        permissions = (_NO_COPYING & 0xFFFFFFFF).to_bytes(4, "little")
        self.key = hashlib.md5(user + self.owner + permissions + _FILE_ID).digest()[:5]  # noqa: S324
        self.user = _rc4(self.key, _PADDING)

    def stream(self, number: int, data: bytes) -> bytes:
        return _rc4(hashlib.md5(self.key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)  # noqa: S324

    @property
    def dictionary(self) -> bytes:
        keys = f"/O <{self.owner.hex()}> /U <{self.user.hex()}>"
        return f"<< /Filter /Standard /V 1 /R 2 {keys} /P {_NO_COPYING} >>".encode()


def _content(lines: Sequence[str]) -> bytes:
    shown = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines]
    return ("BT /F1 10 Tf 50 780 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in shown) + " ET").encode("latin-1")


@pytest.fixture(scope="session")
def pdf_bytes() -> Callable[..., bytes]:
    """Make a PDF of pages of lines; with `opened_by` set (it may be empty) encrypted, copying forbidden."""

    def make(pages: Sequence[Sequence[str]], opened_by: str | None = None) -> bytes:
        encryption = None if opened_by is None else _Encryption(opened_by)
        kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
        objects = {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
            3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        }
        for number, lines in enumerate(pages):
            page, stream = 4 + 2 * number, 5 + 2 * number
            data = _content(lines) if lines else b""
            data = encryption.stream(stream, data) if encryption else data
            objects[page] = (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {stream} 0 R "
                "/Resources << /Font << /F1 3 0 R >> >> >>"
            ).encode()
            objects[stream] = f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"
        trailer = "/Root 1 0 R"
        if encryption:
            objects[max(objects) + 1] = encryption.dictionary
            trailer += f" /Encrypt {max(objects)} 0 R /ID [<{_FILE_ID.hex()}> <{_FILE_ID.hex()}>]"
        out, offsets = bytearray(b"%PDF-1.4\n"), {}
        for number in sorted(objects):
            offsets[number] = len(out)
            out += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
        table = len(out)
        out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
        out += b"".join(f"{offsets[number]:010d} 00000 n \n".encode() for number in sorted(objects))
        return bytes(out + f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode())

    return make


@pytest.fixture
def write_file(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write bytes under a name into the test's folder."""

    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write
