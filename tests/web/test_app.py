"""Our own routes, and the start: downloads, uploads that leave no copy, one address, one port."""

from __future__ import annotations

import io
import socket
import tempfile
from pathlib import Path

import docx
import pytest
from fake_service import ACUPUNCTURE, FakeService
from starlette.testclient import TestClient

from assistant.errors import AssistantError
from assistant.web import app as web_app

ORIGIN = {"origin": "http://127.0.0.1:7860"}


@pytest.fixture
def drafted(shared_service: FakeService) -> str:
    case = shared_service.create_case("reviewer", ACUPUNCTURE)
    shared_service.draft_case("reviewer", case.id)
    return case.id


def test_the_pages_are_gradio_pages(guest: TestClient) -> None:
    for view in ("/", "/case", "/decisions", "/library", "/insights", "/imports", "/settings", "/audit"):
        answer = guest.get(view)
        assert answer.status_code == 200
        assert "window.gradio_config" in answer.text
        assert "/page/page.css" in answer.text
        assert answer.text.count("<title>") == 1


def test_no_event_is_offered_to_the_api(app, guest: TestClient) -> None:
    config = guest.get("/config").json()
    assert all(d.get("api_visibility") == "private" for d in config["dependencies"])


def test_download(guest: TestClient, drafted: str) -> None:
    answer = guest.get(f"/export/{drafted}/docx")
    assert "medically necessary" in docx.Document(io.BytesIO(answer.content)).paragraphs[0].text
    assert drafted in answer.headers["content-disposition"]
    for form in ("md", "pdf", "json"):
        assert "medically necessary" in guest.get(f"/export/{drafted}/{form}").text


def test_a_download_is_asked_with_or_without_evidence(
    guest: TestClient, shared_service: FakeService, drafted: str
) -> None:
    before = len(shared_service.evidence_asked)
    for query in ("", "?evidence=true", "?evidence=false"):
        assert guest.get(f"/export/{drafted}/md{query}").status_code == 200
    assert shared_service.evidence_asked[before:] == [None, True, False]


def test_a_download_that_is_not_ready_says_why(guest: TestClient, shared_service: FakeService, drafted: str) -> None:
    from assistant.domain import Outcome

    shared_service.set_outcome("reviewer", drafted, 0, Outcome.OVERTURNED)
    answer = guest.get(f"/export/{drafted}/docx")
    assert (answer.status_code, answer.headers["content-type"]) == (409, "text/plain; charset=utf-8")
    assert "waits for your own words" in answer.text
    assert guest.get("/export/none/docx").status_code == 409


def test_an_upload_leaves_no_copy(guest: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = guest.post("/upload?ending=.TXT", content=b"Sore knee.", headers=ORIGIN)
    assert answer.json() == {"text": "Sore knee.", "pages": 1, "warnings": []}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["", ".exe", "/../x.txt", ".txt/../../x"])
def test_an_upload_of_another_kind_is_refused(guest: TestClient, ending: str) -> None:
    assert (
        "cannot be read here"
        in guest.post("/upload", params={"ending": ending}, content=b"x", headers=ORIGIN).json()["error"]
    )


def test_the_last_words_of_a_closing_page_are_kept(
    guest: TestClient, shared_service: FakeService, drafted: str
) -> None:
    words = {"case": drafted, "issue": 0, "text": "My own last words.", "base": 1}
    guest.post("/last-words", json=words, headers=ORIGIN)
    assert shared_service.case("reviewer", drafted).draft.issues[0].rationale == "My own last words."
    assert guest.post("/last-words", content=b"{", headers=ORIGIN).json() == {}


def test_a_server_function_answers_through_gradio(guest: TestClient, drafted: str) -> None:
    config = guest.get("/case").text
    component = next(
        c for c in guest.get("/config").json()["components"] if "open_case" in (c["props"].get("server_fns") or [])
    )
    assert "open_case" in config
    body = {"session_hash": "s1", "component_id": component["id"], "fn_name": "open_case", "data": {"case": drafted}}
    answer = guest.post("/gradio_api/component_server/", json=body, headers=ORIGIN)
    assert answer.json()["case"]["id"] == drafted


def test_a_port_in_use_is_one_sentence(service: FakeService) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AssistantError, match=f"Port {port} is in use"):
            web_app.serve(service, service.settings.model_copy(update={"port": port}))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::", "example.org", "127.0.0.2"])  # noqa: S104
def test_only_this_machine_is_served(service: FakeService, host: str) -> None:
    with pytest.raises(AssistantError, match="this machine alone"):
        web_app.serve(service, service.settings.model_copy(update={"host": host}))
