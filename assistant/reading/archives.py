"""The members of a ZIP archive, one after another, with nothing written anywhere and every size bounded."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.errors import UnreadableFile
from assistant.reading.files import CHANGED, MAX_BYTES

MAX_ARCHIVE = 2 * 1024**3  # bytes of an archive
MAX_MEMBERS = 20_000
MAX_DIRECTORY = 32 * 1024**2  # bytes of an archive's list of members, which is read at once
MAX_UNPACKED = 4 * 1024**3  # bytes of all members
MAX_RATIO = 200  # how often larger than packed; letters reach 4, padded ones 20
_SMALL = 1024**2  # bytes under which no ratio is asked
_TAIL = 66_000  # bytes at an archive's end that hold its last record
_ZIP64 = b"PK\x06\x06"
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    ValueError,
    RuntimeError,
    struct.error,
    IndexError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name without folders, and its bytes, or the reason why they were not read."""

    name: str
    data: bytes = b""
    reason: str | None = None


def members(path: Path, first: int = 0, last: int | None = None) -> Iterator[Member]:
    """The members of an archive in the order of their paths, or those of them from `first` to before `last`.

    Hidden ones are left out.

    An archive in an archive is not opened. Raises UnreadableFile for an archive that cannot be read at all, is made to
    swell, or changed meanwhile.
    """
    with _opened(path) as archive:
        before = path.stat()
        for entry in _entries(archive)[first:last]:
            yield _member(archive, entry)
        if (after := path.stat()).st_mtime_ns != before.st_mtime_ns or after.st_size != before.st_size:
            raise UnreadableFile(path, CHANGED)


def count_members(path: Path) -> int:
    """How many members `members` will yield; 0 for an archive that cannot be read."""
    try:
        with _opened(path) as archive:
            return len(_entries(archive))
    except UnreadableFile:
        return 0


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        size = path.stat().st_size
        if size > MAX_ARCHIVE:
            raise UnreadableFile(path, f"it has {size:,} bytes, and archives of at most {MAX_ARCHIVE:,} are read")
        if _directory_size(path, size) > MAX_DIRECTORY:
            raise UnreadableFile(path, "its list of members is larger than any list of letters")
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise UnreadableFile(path, f"the system refused it ({error.strerror or 'input/output error'})") from None
    except _FAULTS:
        raise UnreadableFile(path, "the archive is damaged or cut short") from None
    try:
        _weigh(path, size, archive.infolist())
    except UnreadableFile:
        archive.close()
        raise
    return archive


def _weigh(path: Path, size: int, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that would swell, by what its own list says; no member gives more than its list says."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_MEMBERS:
        raise UnreadableFile(path, f"it has {len(entries):,} members, and at most {MAX_MEMBERS:,} are read")
    if unpacked > MAX_UNPACKED:
        raise UnreadableFile(path, f"it unpacks to {unpacked:,} bytes, and at most {MAX_UNPACKED:,} are read")
    if unpacked > _SMALL and unpacked > MAX_RATIO * size:
        raise UnreadableFile(path, f"it unpacks to {unpacked // size:,} times its size, as no archive of letters does")


def _directory_size(path: Path, size: int) -> int:
    """The size of the list of members as the archive's last record says; 0 where there is no such record."""
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
    last = tail.rfind(b"PK\x05\x06")
    if last < 0 or len(tail) < last + 16:
        return 0
    sizes = [struct.unpack_from("<I", tail, last + 12)[0]]
    wide = tail.rfind(_ZIP64, 0, last)
    if wide >= 0 and len(tail) >= wide + 48:
        sizes = [struct.unpack_from("<Q", tail, wide + 40)[0]]
    return int(sizes[0])


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    files = (entry for entry in archive.infolist() if entry.filename and not entry.is_dir())
    shown = (entry for entry in files if not any(_hidden(part) for part in PurePosixPath(entry.filename).parts))
    return sorted(shown, key=lambda entry: (entry.filename, entry.header_offset))


def _hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    name = path.name or "a member without a name"
    reason = _objection(entry, path)
    if reason:
        return Member(name, reason=reason)
    try:
        with archive.open(entry) as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Member(name, reason=f"the system refused it ({error.strerror or 'input/output error'})")
    except (*_FAULTS, MemoryError):
        return Member(name, reason="this member of the archive is damaged, or packed in a way that is not known here")
    return Member(name, data) if data else Member(name, reason="it is empty")


def _objection(entry: zipfile.ZipInfo, path: PurePosixPath) -> str | None:
    """Why a member is not even opened."""
    outside = path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
    objections = {
        "its path leads out of the archive": outside,
        "it is a link and no file": stat.S_ISLNK(entry.external_attr >> 16),
        "it is encrypted; unpack the archive with its password first": entry.flag_bits & 1,
        "it is an archive in an archive; unpack it first": path.suffix.lower() == ".zip",
        f"it has {entry.file_size:,} bytes, and at most {MAX_BYTES:,} are read": entry.file_size > MAX_BYTES,
        "it unpacks to far more than its size, as no letter does": entry.file_size > _SMALL
        and entry.file_size > MAX_RATIO * max(1, entry.compress_size),
    }
    return next((reason for reason, holds in objections.items() if holds), None)
