"""A backup of a data folder in one archive, and its way back: consistent, hashed, and checked by restoring it.

The archive holds the database (the truth, vectors included; of PostgreSQL a dump) and the files of unfinished imports.
The vector index is derived and left out; it is rebuilt when a restored folder is opened. Sources: 45 CFR
164.308(a)(7)(ii)(A) and (B).
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from assistant import __version__
from assistant.database import FILE_NAME, drop_copies, known, revision_of, snapshot
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.dumping import Server

AUDIT_KEY = "audit.key"  # without it the restored log could not look a case up
DUMP = "postgresql.dump"  # in the place of the database's file
INCOMING = "incoming"  # files of imports that are not done
MANIFEST = "manifest.json"
_FORMAT = "imr-assistant-backup-1"
_NAME = re.compile(r"imr-backup-\d{8}T\d{12}Z\.tar\.gz")
_MOST_MANIFEST = 16 * 1024**2  # bytes
_MOST_MEMBERS = 100_000
_SMALL = 4 * 1024**3  # bytes that any archive may unpack to
_MOST_RATIO = 500  # unpacked to packed bytes above that; what is zero throughout packs to a thousandth
_CHUNK = 1024**2
_DISK = {errno.ENOSPC: "is full", errno.EDQUOT: "is full", errno.EROFS: "cannot be written to"}


class BackupError(AssistantError):
    """A backup that cannot be made, read or restored."""


@dataclass(frozen=True)
class Backup:
    """What an archive says of itself: sizes in bytes, the time in UTC; `server` is PostgreSQL's version, 0 SQLite's."""

    path: Path
    version: str
    revision: str
    made: str
    members: dict[str, tuple[int, str]]  # name -> size, SHA-256
    server: int = 0


def make(data_dir: Path, folder: Path, server: Server | None = None) -> Backup:
    """Back `data_dir` up into a new archive in `folder` while the program may run; nothing half-written is left.

    With `server` the database is PostgreSQL's. Raises BackupError or DumpError.
    """
    revision = _revision(data_dir, server)
    with _sentences(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = datetime.now(UTC)
        path = folder / f"imr-backup-{made:%Y%m%dT%H%M%S%f}Z.tar.gz"
        with tempfile.TemporaryDirectory(prefix="backup-", dir=data_dir) as held:
            stage = Path(held)
            _hold_files(data_dir, stage)
            if server is None:
                snapshot(data_dir, stage / FILE_NAME)
            else:
                server.dump(stage / DUMP)
            _hold_files(data_dir, stage)  # those that came between belong to rows of the snapshot
            said = {"revision": revision, "made": made.isoformat(timespec="seconds")}
            _write(stage, path, said | ({"server": server.version()} if server else {}))
        try:
            return describe(path)
        except BaseException:
            path.unlink(missing_ok=True)  # one that cannot be read back is none
            raise


def _revision(data_dir: Path, server: Server | None) -> str:
    """The revision of what is to be backed up, which this program must know."""
    what = "The PostgreSQL database" if server else str(data_dir)
    if server is not None:
        revision = server.revision()
    else:
        revision = revision_of(data_dir / FILE_NAME) if (data_dir / FILE_NAME).is_file() else None
    if revision is None:
        raise BackupError(f"{what} holds no data of this program; name its folder with --data-dir.")
    if not known(revision):
        raise BackupError(f"{what} was written by a newer version of the program; update it, then back it up.")
    return revision


def keep_newest(folder: Path, keep: int) -> None:
    """Delete all but the newest `keep` backups of `folder`; 0 keeps all."""
    for old in backups(folder)[:-keep] if keep else ():
        old.unlink(missing_ok=True)


def restore(archive: Path, data_dir: Path, server: Server | None = None, *, load: bool = True) -> Backup:
    """Unpack `archive` into `data_dir`, which must be empty or missing; all of it, or nothing.

    A dump of PostgreSQL goes into the empty database of `server`; without `load` it is only read through. Raises
    BackupError or DumpError.
    """
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise BackupError(f"{data_dir} is not empty; a backup is restored into a new folder only.")
    with _sentences(data_dir.parent):
        data_dir.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=data_dir.parent) as held:
            stage = Path(held) / "data"
            stage.mkdir(mode=0o700)
            found = _unpack(archive, stage)
            _bring_back(stage / DUMP, found, server, load=load)
            if data_dir.exists():
                data_dir.rmdir()
            stage.rename(data_dir)
        return found


def _bring_back(dump: Path, found: Backup, server: Server | None, *, load: bool) -> None:
    name = found.path.name
    if found.server and server is None:
        raise BackupError(f"{name} is of a PostgreSQL database; name a new and empty one in IMR_DATABASE_URL.")
    if not found.server and server is not None:
        raise BackupError(f"{name} is of SQLite; restore it without IMR_DATABASE_URL, then use `database copy`.")
    if server is None:
        return
    if load:
        server.load(dump, found.server)
    else:
        server.read_through(dump)
    dump.unlink()


def drop_safe_copies(data_dir: Path) -> None:
    """Delete what stands beside the database as it was before a migration; call it when cases are purged."""
    drop_copies(data_dir)


def describe(archive: Path) -> Backup:
    """What the archive says of itself, each member's hash proved without unpacking. Raises BackupError."""
    return _unpack(archive, None)


def backups(folder: Path) -> list[Path]:
    """The backups in `folder`, oldest first."""
    return sorted(p for p in folder.glob("imr-backup-*.tar.gz") if _NAME.fullmatch(p.name))


def _hold_files(data_dir: Path, stage: Path) -> None:
    """Keep the audit log's key, and each file of an unfinished import, by a second name: an import that ends takes its
    files away."""
    for source in (data_dir / AUDIT_KEY, *sorted((data_dir / INCOMING).rglob("*"))):
        to = stage / source.relative_to(data_dir)
        if source.is_symlink() or not source.is_file() or to.exists():
            continue
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            to.hardlink_to(source)
        except FileNotFoundError:
            continue
        except OSError:  # a file system without links
            shutil.copyfile(source, to)


def _write(stage: Path, path: Path, told: dict[str, object]) -> None:
    handle, name = tempfile.mkstemp(prefix=".backup-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w|gz", format=tarfile.PAX_FORMAT) as tar:
                members = {
                    str(PurePosixPath(p.relative_to(stage))): _add(tar, stage, p)
                    for p in sorted(stage.rglob("*"))
                    if p.is_file()
                }
                said = {"format": _FORMAT, "version": __version__, **told, "members": members}
                content = json.dumps(said).encode()
                info = tarfile.TarInfo(MANIFEST)
                info.size, info.mode = len(content), 0o600
                tar.addfile(info, io.BytesIO(content))
            raw.flush()
            os.fsync(raw.fileno())
        Path(name).rename(path)
        _sync(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _add(tar: tarfile.TarFile, stage: Path, path: Path) -> tuple[int, str]:
    info = tarfile.TarInfo(str(PurePosixPath(path.relative_to(stage))))
    with path.open("rb") as file:
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        hashed = _Hashed(file)
        tar.addfile(info, hashed)  # type: ignore[arg-type]
    return info.size, hashed.digest.hexdigest()


def _unpack(archive: Path, to: Path | None) -> Backup:
    """Read every member, write those of a known place under `to`, and hold all against the manifest."""
    seen: dict[str, tuple[int, str]] = {}
    said: object = None
    try:
        left = max(_SMALL, _MOST_RATIO * archive.stat().st_size)
        with tarfile.open(archive, mode="r|gz") as tar:
            for info in tar:
                file = tar.extractfile(info) if info.isreg() and not info.issparse() else None
                left -= info.size  # what it claims, before a byte of it is unpacked
                if file is None or left < 0 or said is not None or info.name in seen or len(seen) >= _MOST_MEMBERS:
                    raise _damaged(archive)
                if info.name == MANIFEST:
                    said = _manifest(info, file, archive)
                else:
                    seen[info.name] = _take(info, file, to, archive)
    except (tarfile.TarError, EOFError, zlib.error, ValueError) as error:
        raise _damaged(archive) from error
    except FileNotFoundError:
        raise BackupError(f"There is no file {archive}; name a backup.") from None
    except OSError as error:
        if error.errno in _DISK:
            raise
        raise _damaged(archive) from None
    return _judged(archive, said, seen)


def _manifest(info: tarfile.TarInfo, file: IO[bytes], archive: Path) -> object:
    if info.size > _MOST_MANIFEST:
        raise _damaged(archive)
    return json.loads(file.read())


def _take(info: tarfile.TarInfo, file: IO[bytes], to: Path | None, archive: Path) -> tuple[int, str]:
    parts = info.name.split("/")
    known_place = info.name in {FILE_NAME, DUMP, AUDIT_KEY} or (parts[0] == INCOMING and len(parts) > 1)
    if not known_place or any(p in {"", ".", ".."} or "\\" in p or "\0" in p for p in parts):
        raise _damaged(archive)
    hashed = _Hashed(file)
    if to is None:
        while hashed.read(_CHUNK):
            pass
    else:
        path = to.joinpath(*parts)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(to).free < info.size:  # so is a bomb stopped before it is written
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            shutil.copyfileobj(hashed, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
    return info.size, hashed.digest.hexdigest()


def _judged(archive: Path, said: object, seen: dict[str, tuple[int, str]]) -> Backup:
    if not isinstance(said, dict) or said.get("format") != _FORMAT:
        raise _damaged(archive)
    try:
        members = {str(name): (int(size), str(digest)) for name, (size, digest) in said["members"].items()}
        told = (str(said[name]) for name in ("version", "revision", "made"))
        found = Backup(archive, *told, members, int(said.get("server", 0)))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(archive) from None
    holds, lacks = (DUMP, FILE_NAME) if found.server else (FILE_NAME, DUMP)
    if members != seen or holds not in seen or lacks in seen:
        raise _damaged(archive)
    if not known(found.revision):
        raise BackupError(f"{archive.name} was made by a newer version of the program; update it, then restore.")
    return found


def _damaged(archive: Path) -> BackupError:
    return BackupError(f"{archive.name} is damaged or no backup of this program; nothing was restored, use another.")


@contextmanager
def _sentences(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = _DISK.get(error.errno or 0, f"cannot be used ({(error.strerror or 'unknown reason').lower()})")
        raise BackupError(f"The disk of {folder} {what}; nothing half-written was left, choose another.") from None
