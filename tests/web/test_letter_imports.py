"""Determinations through the page's routes and acts: what is taken, where it lies, and what is told of an import."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.errors import AssistantError
from assistant.library.import_log import ImportCounts, ImportState, StoredImport
from assistant.settings import Settings
from assistant.web import letter_imports, uploads
from assistant.web.acts import Act, Desk
from assistant.web.jobs import Jobs
from assistant.web.letter_imports import KEY, Watch
from assistant.web.uploads import Uploads

ORIGIN = {"origin": "http://127.0.0.1:7860"}


@dataclass
class Importing:
    """A service whose import goes on until it may end, or is stopped."""

    may_end: threading.Event = field(default_factory=threading.Event)
    names: list[str] = field(default_factory=list)
    upload: str | None = None

    def import_paths(self, paths, *, progress, stop, upload) -> None:
        self.names, self.upload = [path.name for path in paths], upload
        progress.start("Importing", 4)
        progress.advance()
        while not stop() and not self.may_end.wait(0.01):
            pass

    def import_report(self, number: int) -> StoredImport:
        from datetime import datetime

        began = datetime(2026, 1, 1)  # noqa: DTZ001 - as the table holds it
        return StoredImport(number, began, None, ImportState.STOPPED, (), self.upload, ImportCounts(), None)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(Importing(), Settings(data_dir=tmp_path), Jobs())
    yield desk
    desk.jobs.close()


@pytest.fixture
def do(desk: Desk) -> dict[str, Act]:
    return {act.__name__: act for act in letter_imports.acts(desk)}


def put(desk: Desk, token: str, name: str, *pieces: bytes) -> None:
    """Send a file in pieces."""
    import asyncio

    async def stream():
        for piece in pieces:
            yield piece

    asyncio.run(desk.uploads.take(token, name, stream()))


def ended(desk: Desk) -> None:
    while not desk.jobs.of(KEY).done:
        pass


def test_an_import_is_followed_to_its_end_and_its_files_are_removed(desk: Desk, do: dict[str, Act]) -> None:
    token = do["begin_upload"]({})["token"]
    put(desk, token, "b.pdf", b"one", b"two")
    put(desk, token, "../../b.pdf", b"three")
    first = do["start_import"]({"token": token})["job"]
    assert not first["over"]
    assert do["start_import"]({"token": token})["error"] == (
        "The assistant is still at work on an import; wait for it to end."
    )
    desk.service.may_end.set()
    ended(desk)
    last = do["follow_import"]({})["job"]
    assert (last["over"], last["error"], last["done"], last["total"]) == (True, None, 1, 4)
    assert desk.service.names == ["b.pdf", "b.pdf"]
    assert not desk.uploads.has(token)


def test_an_import_that_is_stopped_keeps_its_files_and_goes_on(desk: Desk, do: dict[str, Act]) -> None:
    token = do["begin_upload"]({})["token"]
    put(desk, token, "a.zip", b"one")
    do["start_import"]({"token": token})
    do["cancel_import"]({})
    ended(desk)
    assert desk.uploads.has(token)
    desk.service.may_end.set()
    assert not do["go_on"]({"number": 1})["job"]["stopping"]
    ended(desk)
    assert not desk.uploads.has(token)
    assert "not here any more" in do["go_on"]({"number": 1})["error"]


def test_a_start_keeps_only_the_files_of_imports_that_may_go_on(tmp_path: Path) -> None:
    before = Uploads(tmp_path)
    kept = before.begin()
    before._batches[kept].started = True
    left = before.begin_own()
    long_ago = time.time() - 4000
    for token in (kept, left):
        os.utime(tmp_path / "incoming" / token, (long_ago, long_ago))
    coming = before.begin_own()  # another process takes its files just now
    again = Uploads(tmp_path)
    again.keep_only({kept})
    assert again.has(kept)
    assert again.has(coming)
    assert not again.has(left)
    for odd in ("..", "", "../x", "a/b"):
        again.remove(odd)
        assert not again.has(odd)
    assert again.has(kept)


def test_what_is_too_much_is_refused_and_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    token = desk.uploads.begin()
    monkeypatch.setattr(uploads, "MAX_IMPORT_FILE", 5)
    for name, pieces in (("a.txt", (b"123", b"456")), ("b.txt", ()), ("c.exe", (b"1",)), ("", (b"1",))):
        with pytest.raises(AssistantError):
            put(desk, token, name, *pieces)
    with pytest.raises(AssistantError, match="not here any more"):
        desk.uploads.files(token)
    monkeypatch.setattr(uploads, "MAX_IMPORT_FILES", 2)
    with pytest.raises(AssistantError, match="At most 2 files"):
        put(desk, token, "d.txt", b"1")


def test_the_route_takes_a_file_for_a_token_only(guest: TestClient) -> None:
    headers = {**ORIGIN, "x-import": "nothing", "x-file-name": "jane%20doe.pdf"}
    answer = guest.post("/import-upload", content=b"words", headers=headers)
    assert "belong to no import" in answer.json()["error"]


def test_rate_and_time_left() -> None:
    now = iter([0.0, 1.0, 2.0, 4.0])
    watch = Watch(lambda: next(now))
    watch.start("Importing", 10)
    assert (watch.state()["rate"], watch.state()["left"]) == (None, None)
    watch.advance()
    watch.advance()
    watch.advance(2)
    assert watch.state() == {"done": 4, "total": 10, "rate": 1.0, "left": 6.0, "stopping": False}
