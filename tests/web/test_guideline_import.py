"""The dialog's two requests: behind the guard, no copy left, what cannot be read one sentence."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from fake_service import FakeService
from starlette.testclient import TestClient

from assistant.web import guideline_import

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


def test_a_file_is_imported_as_it_was_shown(guest: TestClient, shared_service: FakeService) -> None:
    shown = ask(guest, "preview", label="My Backs")
    done = ask(guest, "import", label="My Backs", kind="digest", content_hash=shown["content_hash"])
    assert done["label"] == "My Backs"
    assert shared_service.imported[-1].guideline == "My Backs"
    assert "changed" in ask(guest, "import", TEXT + b"!", content_hash=shown["content_hash"])["error"]


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


@pytest.mark.parametrize("act", ["preview", "import"])
def test_the_guard_stands_before_it(stranger: TestClient, guest: TestClient, act: str) -> None:
    path = f"/guideline/{act}?name=backs.md"
    assert guest.post(path, content=TEXT).status_code == 403  # from no page of ours
    assert guest.post(path, content=TEXT, headers={"origin": "http://127.0.0.1:1"}).status_code == 403
    stranger.cookies.clear()
    assert stranger.post(path, content=TEXT, headers=ORIGIN).status_code == 403
