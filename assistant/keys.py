"""The keys from outside the data folder, under which data keys are wrapped: read, checked, and used on bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from assistant.errors import KeyProblem

KEY_BYTES = 32  # AES-256
_NONCE = 12  # bytes, as NIST SP 800-38D has it for GCM
_CHUNK = 1024 * 1024
_STREAM = b"IMR1"


def new_key() -> str:
    """A new random key as base64; it is kept nowhere."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def encrypt(key: bytes, text: bytes, about: bytes) -> bytes:
    """AES-256-GCM under a random nonce, which goes before what is encrypted; `about` is bound to it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, about)


def decrypt(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """What `encrypt` was given; ValueError for another key, another `about` or a changed byte."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
    except InvalidTag:
        raise ValueError("not encrypted under this key, or changed since") from None


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that were given: the first encrypts, all decrypt. Their bytes stand in no `repr`."""

    keys: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) != KEY_BYTES for key in self.keys):
            raise ValueError("a key ring needs keys of 32 bytes")

    @property
    def name(self) -> str:
        """A name of the first key that tells nothing of it."""
        return hashlib.sha256(b"imr-assistant key name\0" + self.keys[0]).hexdigest()[:16]

    def wrap(self, secret: bytes, about: str) -> bytes:
        """Encrypt a few bytes, such as a data key, under the first key."""
        return encrypt(self.keys[0], secret, about.encode())

    def unwrap(self, wrapped: bytes, about: str) -> bytes:
        """What was wrapped under any of the keys; ValueError where none fits."""
        for key in self.keys:
            try:
                return decrypt(key, wrapped, about.encode())
            except ValueError:
                continue
        raise ValueError("none of the keys fits")

    def encrypt_stream(self, source: BinaryIO, target: BinaryIO) -> None:
        """Encrypt a stream of any length, such as a backup, under a key of its own that is wrapped at its head."""
        key = secrets.token_bytes(KEY_BYTES)
        head = self.wrap(key, "stream")
        target.write(_STREAM + struct.pack(">I", len(head)) + head)
        number, chunk = 0, source.read(_CHUNK)
        while True:
            following = source.read(_CHUNK)
            sealed = encrypt(key, chunk, _about_chunk(number, last=not following))
            target.write(struct.pack(">I", len(sealed)) + sealed)
            if not following:
                return
            number, chunk = number + 1, following

    def decrypt_stream(self, source: BinaryIO, target: BinaryIO) -> None:
        """Undo `encrypt_stream`; KeyProblem when the key is another, or the stream was cut, changed or reordered.

        What was written to `target` before such an error is not to be used.
        """
        try:
            pieces = _pieces(source)
            key = self.unwrap(next(pieces), "stream")
            last = next(pieces)
            number = 0
            for sealed in pieces:
                target.write(decrypt(key, last, _about_chunk(number, last=False)))
                number, last = number + 1, sealed
            target.write(decrypt(key, last, _about_chunk(number, last=True)))
        except (ValueError, StopIteration):
            raise KeyProblem(
                "The encrypted file cannot be read: it was cut or changed, or was made under another key; "
                "nothing was changed."
            ) from None


def _about_chunk(number: int, *, last: bool) -> bytes:
    return f"chunk {number} {'last' if last else 'more'}".encode()


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    if source.read(len(_STREAM)) != _STREAM:
        raise ValueError("another format")
    while head := source.read(4):
        if len(head) < 4:
            raise ValueError("cut")
        (size,) = struct.unpack(">I", head)
        if size > 2 * _CHUNK or len(piece := source.read(size)) != size:
            raise ValueError("cut")
        yield piece


def key_ring(key: str = "", key_file: Path | None = None) -> KeyRing | None:
    """The keys of `IMR_KEY` or of the file `IMR_KEY_FILE`; None where neither is set.

    Several keys stand one a line, or with commas between. Raises KeyProblem for a key that is none, for a file that
    others may read, and where both are set.
    """
    if key and key_file:
        raise KeyProblem("Both IMR_KEY and IMR_KEY_FILE are set; set one of them.")
    named = "IMR_KEY" if key else "The key file"
    written = key or (_read(key_file) if key_file else "")
    parts = written.replace(",", "\n").split()
    if not parts:
        if key_file:
            raise KeyProblem("The key file is empty; `imr-assistant keys new` prints a key.")
        return None
    return KeyRing(tuple(_decoded(part, named) for part in parts))


def _decoded(text: str, named: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyProblem(f"{named} holds no key of 32 bytes as base64; `imr-assistant keys new` prints one.")
    return key


def _read(path: Path) -> str:
    try:
        with path.open(encoding="ascii") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                raise KeyProblem("The key file may be read by others; make it private with `chmod 600`.")
            return file.read(64 * 1024)
    except (OSError, UnicodeError):
        raise KeyProblem("The key file named by IMR_KEY_FILE cannot be read; check its name and its owner.") from None
