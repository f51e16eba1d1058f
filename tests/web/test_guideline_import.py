"""The dialog's two requests: behind the guard, no copy left, what cannot be read one sentence."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_service import FakeService
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.web import guideline_import
from assistant.web.acts import Desk
from assistant.web.jobs import Jobs

ORIGIN = {"origin": "http://127.0.0.1:7860"}
TEXT = b"# Backs\n\nEffective May 4, 2020.\n\n## Imaging\n\nA scan is seldom of use.\n"


def ask(guest: TestClient, act: str, content: bytes = TEXT, **fields: str) -> dict:
    answer = guest.post(f"/guideline/{act}", params={"name": "backs.md", **fields}, content=content, headers=ORIGIN)
    assert answer.status_code == 200
    return answer.json()


def test_a_file_is_shown_with_the_origin_of_each_guess(guest: TestClient) -> None:
    shown = ask(guest, "preview")
    assert shown["fields"]["label"] == {"value": "Backs", "from": "the title"}
    assert shown["fields"]["in_force_from"]["value"] == "2020-05-04"
    assert (shown["name"], shown["lacking"], shown["doubts"]) == ("backs.md", "", [])
    assert "No sentence was read as a requirement." in shown["facts"]


def test_what_is_missing_is_said_of_the_fields(guest: TestClient) -> None:
    assert "or that it has no dates" in ask(guest, "preview", b"Backs\n\nThey hurt and get better.")["lacking"]
    assert ask(guest, "preview", b"they hurt and get better.")["lacking"] == "Say what this text is cited as."
    ends = ask(guest, "preview", in_force_to="2019-01-01")["lacking"]
    assert ends == "The text would end before it begins to be in force."
    assert "is not a date" in ask(guest, "preview", in_force_from="soon")["error"]
    assert "official or a digest" in ask(guest, "preview", kind="novel")["error"]


@pytest.fixture
def own(service: FakeService) -> Iterator[TestClient]:
    """The dialog's routes alone, with jobs of this test: those of the shared application end with its first client."""
    desk = Desk(service, service.settings, Jobs(workers=1))
    app = FastAPI()
    guideline_import.add_routes(app, desk)
    with TestClient(app) as client:
        yield client
    desk.jobs.close()


def ended(guest: TestClient) -> dict:
    """The import's end, waited for: each question for it is answered at once."""
    while not (job := ask(guest, "follow")["job"])["over"]:
        pass
    return job


def test_a_file_is_imported_as_it_was_shown_and_reported_on(own: TestClient, service: FakeService) -> None:
    shown = ask(own, "preview", label="My Backs")
    ask(own, "import", label="My Backs", kind="digest", content_hash=shown["content_hash"])
    done = ended(own)
    assert done["imported"]["label"] == "My Backs"
    assert done["imported"]["facts"][-1] == "No sentence was read as a requirement."
    assert (done["done"], done["total"]) == (2, 2)
    assert service.imported[-1].guideline == "My Backs"
    ask(own, "import", TEXT + b"!", content_hash=shown["content_hash"])
    assert "changed" in ended(own)["error"]


def test_an_import_is_followed_and_stopped_with_nothing_stored(own: TestClient, service: FakeService) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def pause(_progress: object) -> None:
        reached.set()
        assert go_on.wait(30)

    service.before_import = pause
    try:
        held = len(service.imported)
        shown = ask(own, "preview", label="Other Backs")
        ask(own, "import", label="Other Backs", content_hash=shown["content_hash"])
        assert reached.wait(30)
        job = ask(own, "follow")["job"]
        assert (job["done"], job["total"], job["over"]) == (0, 2, False)
        assert "at work" in ask(own, "import", content_hash=shown["content_hash"])["error"]
        assert ask(own, "stop")["job"]["stopping"]
    finally:
        service.before_import = lambda _: None
        go_on.set()
    assert ended(own)["error"] == "The import was stopped; nothing of this text was stored."
    assert len(service.imported) == held


def test_nothing_is_left_of_a_file(guest: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ask(guest, "preview")
    ask(guest, "preview", b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "backs", "backs.exe", ".md", "..", "/", "a/b.exe"])
def test_a_file_of_another_kind_is_refused(guest: TestClient, name: str) -> None:
    assert "cannot be read here" in ask(guest, "preview", name=name)["error"]


@pytest.mark.parametrize("name", ["../../backs.md", "c:\\x\\backs.md", "b\x00a\ncks.md", "b" * 400 + ".md", "<b>.md"])
def test_no_name_leads_out_of_the_folder(guest: TestClient, name: str) -> None:
    shown = ask(guest, "preview", name=name)
    assert shown["name"].endswith(".md")
    assert not set(shown["name"]) & set("/\\\n\x00<>")
    assert len(shown["name"]) <= 120


def test_a_file_that_is_too_large_is_refused(guest: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guideline_import, "MAX_FILE", 10)
    assert "larger than 25 MB" in ask(guest, "preview")["error"]


@pytest.mark.parametrize("act", ["preview", "import", "follow", "stop"])
def test_the_guard_stands_before_it(stranger: TestClient, guest: TestClient, act: str) -> None:
    path = f"/guideline/{act}?name=backs.md"
    assert guest.post(path, content=TEXT).status_code == 403  # from no page of ours
    assert guest.post(path, content=TEXT, headers={"origin": "http://127.0.0.1:1"}).status_code == 403
    stranger.cookies.clear()
    assert stranger.post(path, content=TEXT, headers=ORIGIN).status_code == 403
