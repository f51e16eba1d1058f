"""A backup is whole or not there; a restored folder is the one that was backed up; bad archives are refused."""

from __future__ import annotations

import io
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from assistant import backup
from assistant.database import FILE_NAME, head, open_database
from assistant.doctor import examine
from assistant.service import Service
from assistant.settings import Settings

pytestmark = pytest.mark.sqlite  # of the SQLite file; PostgreSQL is dumped, see test_backup_of_postgres.py


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    open_database(folder).dispose()
    (folder / "incoming" / "one").mkdir(parents=True)
    (folder / "incoming" / "one" / "letter.txt").write_text("A letter.")
    with closing(sqlite3.connect(folder / FILE_NAME)) as db, db:
        db.execute("CREATE TABLE pairs (a INTEGER, b INTEGER)").close()
    return folder


def test_it_comes_back_as_it_was(kept: Path, tmp_path: Path) -> None:
    made = backup.make(kept, tmp_path / "backups")
    back = tmp_path / "back"
    assert backup.restore(made.path, back) == made
    assert made.revision == head()
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert (back / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert (back / "incoming" / "one" / "letter.txt").read_text() == "A letter."
    assert sorted(p.name for p in tmp_path.iterdir()) == ["back", "backups", "data"]
    assert not list(kept.glob("backup-*"))


def test_it_is_one_moment_of_a_database_that_is_written(kept: Path, tmp_path: Path) -> None:
    enough, stop = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(kept / FILE_NAME, timeout=30)) as db:
            number = 0
            while not stop.is_set():
                with db:
                    db.execute("INSERT INTO pairs VALUES (?, 0)", (number,)).close()
                    db.execute("UPDATE pairs SET b = ? WHERE a = ?", (number + 1, number)).close()
                number += 1
                if number > 20:
                    enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert enough.wait(30)
        made = backup.make(kept, tmp_path / "backups")
    finally:
        stop.set()
        writer.join()
    backup.restore(made.path, tmp_path / "back")
    with closing(sqlite3.connect(tmp_path / "back" / FILE_NAME)) as db:
        assert db.execute("SELECT count(*) FROM pairs WHERE b <> a + 1").fetchone() == (0,)
        assert db.execute("SELECT count(*) > 20 FROM pairs").fetchone() == (1,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_only_the_newest_are_kept(kept: Path, tmp_path: Path) -> None:
    made = [backup.make(kept, tmp_path / "b").path for _ in range(3)]
    backup.keep_newest(tmp_path / "b", 2)
    assert backup.backups(tmp_path / "b") == made[1:]


def test_a_folder_with_something_in_it_is_not_restored_into(kept: Path, tmp_path: Path) -> None:
    made = backup.make(kept, tmp_path / "b")
    with pytest.raises(backup.BackupError, match="not empty"):
        backup.restore(made.path, kept)


@pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 0.95])
def test_a_damaged_one_restores_nothing(kept: Path, tmp_path: Path, at: float) -> None:
    made = backup.make(kept, tmp_path / "b").path
    content = bytearray(made.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    for bad in (bytes(content), bytes(content[: int(len(content) * at)])):
        made.write_bytes(bad)
        with pytest.raises(backup.BackupError, match="damaged"):
            backup.restore(made, tmp_path / "back")
        assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("name", ["../out", "/out", "incoming/../../out", "incoming//out", "other.db"])
def test_a_member_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    member = tarfile.TarInfo(name)
    member.size = 1
    assert _refused(tmp_path, member) == ["bad.tar.gz"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_a_link_or_device_is_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("incoming/x")
    member.type, member.linkname = kind, "/etc/passwd"
    assert _refused(tmp_path, member) == ["bad.tar.gz"]


def _refused(folder: Path, member: tarfile.TarInfo) -> list[str]:
    with tarfile.open(folder / "bad.tar.gz", "w:gz") as tar:
        tar.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(backup.BackupError, match="damaged"):
        backup.restore(folder / "bad.tar.gz", folder / "back")
    return sorted(p.name for p in folder.iterdir())


def test_one_of_a_newer_program_is_refused(kept: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(kept / FILE_NAME)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999_later'").close()
    with pytest.raises(backup.BackupError, match="newer version"):
        backup.make(kept, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_an_archive_of_a_newer_program_restores_nothing(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup.make(kept, tmp_path / "b").path
    monkeypatch.setattr(backup, "known", lambda _: False)
    with pytest.raises(backup.BackupError, match="newer version"):
        backup.restore(made, tmp_path / "back")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b", "data"]


def test_one_that_cannot_be_read_back_is_not_left(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "_MOST_MEMBERS", 1)
    with pytest.raises(backup.BackupError, match="damaged"):
        backup.make(kept, tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []


def test_a_full_disk_at_a_write_leaves_nothing(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = backup.make(kept, tmp_path / "b").path

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup._Hashed, "read", full)
    with pytest.raises(backup.BackupError, match="is full"):
        backup.restore(made, tmp_path / "back")
    with pytest.raises(backup.BackupError, match="is full"):
        backup.make(kept, tmp_path / "b")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b", "data"]
    assert list((tmp_path / "b").iterdir()) == [made]
    assert not list(kept.glob("backup-*"))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "_SMALL", 1024**2)
    size = 8 * 1024**2
    bomb = tarfile.TarInfo("incoming/x")
    bomb.size = size
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as tar:
        tar.addfile(bomb, io.BytesIO(bytes(size)))
    assert size > backup._MOST_RATIO * (tmp_path / "bad.tar.gz").stat().st_size
    monkeypatch.setattr(backup, "_take", lambda *_: pytest.fail("it was unpacked"))
    for act in (backup.describe, lambda path: backup.restore(path, tmp_path / "back")):
        with pytest.raises(backup.BackupError, match="damaged"):
            act(tmp_path / "bad.tar.gz")
    assert [p.name for p in tmp_path.iterdir()] == ["bad.tar.gz"]


def test_a_sparse_member_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "_take", lambda *_: pytest.fail("it was unpacked"))
    member = tarfile.TarInfo("incoming/x")
    member.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": "1000"}
    assert _refused(tmp_path, member) == ["bad.tar.gz"]


def test_a_full_disk_leaves_nothing_half_written(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.os, "fsync", full)
    with pytest.raises(backup.BackupError, match="is full"):
        backup.make(kept, tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []


@pytest.mark.slow
def test_one_made_while_versions_are_saved_is_whole(data_dir: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=data_dir)
    service = Service.open(settings)
    enough, stop = threading.Event(), threading.Event()

    def write(case_id: str, version: int) -> None:
        while not stop.is_set():
            version = service.edit("reviewer", case_id, 0, f"The request is number {version}.", version).version
            if version > 8:
                enough.set()

    try:
        text = (settings.corpus_dir / "cases" / "acupuncture-low-back.txt").read_text("utf-8")
        case = service.draft_case("reviewer", service.create_case("reviewer", text).id)
        writer = threading.Thread(target=write, args=(case.id, case.version))
        writer.start()
        try:
            assert enough.wait(60)
            made = backup.make(data_dir, tmp_path / "b")
        finally:
            stop.set()
            writer.join()
        last = service.case("reviewer", case.id).version
    finally:
        service.close()
    back = Settings(data_dir=tmp_path / "back")
    backup.restore(made.path, back.data_dir)
    assert [check.name for check in examine(back) if not check.ok] == []
    restored = Service.open(back)
    try:
        view = restored.case("reviewer", case.id)
        assert 8 < view.version <= last
        assert view.draft is not None
        assert str(view.version - 1) in " ".join(s.text for s in view.draft.issues[0].sentences)
    finally:
        restored.close()


@pytest.mark.slow
def test_the_commands_prove_what_they_made(
    data_dir: Path, tmp_path: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    made = run_cli("backup", "make", tmp_path / "b", "--data-dir", data_dir)
    assert made.returncode == 0, made.stderr
    back = run_cli("restore", made.stdout.strip(), "--data-dir", tmp_path / "back")
    assert back.returncode == 0, back.stderr
    assert run_cli("upgrade", tmp_path / "b", "--data-dir", tmp_path / "back").returncode == 0
