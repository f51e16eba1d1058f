"""Settings that would send the program's requests elsewhere (SSRF), and the routes of Gradio that could be used so."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from conftest import ORIGIN, TOKEN, Lure
from oidc_provider import SmallProvider
from pydantic import ValidationError
from signed import SAME, Signed
from starlette.testclient import TestClient

from assistant.addresses import leads_to_secrets
from assistant.errors import AssistantError, DatabaseUnavailable
from assistant.library.chroma_server import ChromaAddress
from assistant.library.embedding import load_embedder
from assistant.models.opening import made as made_model
from assistant.settings import Settings
from assistant.web import settings as settings_view
from assistant.web.acts import Desk
from assistant.web.jobs import Jobs
from assistant.web.oidc import Provider, ProviderFailed

METADATA = [
    "169.254.169.254", "169.254.170.2", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518",
    "[fe80::1]", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "metadata.google.internal", "METADATA.google.internal.",
    "100.100.100.200",
]  # fmt: skip


@pytest.mark.parametrize("host", METADATA)
@pytest.mark.parametrize("name", ["chat_url", "chroma_url", "oidc_issuer", "traces_url"])
def test_no_setting_leads_to_where_a_machine_is_given_its_keys(name: str, host: str) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(ValidationError):
            Settings(**{name: f"{scheme}://{host}/latest/meta-data"})
    assert Settings(chat_url="http://10.1.2.3:8000/v1").chat_url  # a model of one's own in one's own network


def test_a_name_that_stands_for_such_an_address_is_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: there)
    assert leads_to_secrets("models.example.org")
    with pytest.raises(AssistantError, match="nothing was sent"):
        made_model(Settings(chat_model="openai:x", chat_url="http://models.example.org/v1"))
    with pytest.raises(DatabaseUnavailable):
        ChromaAddress("http://models.example.org:8000").checked()


def test_the_page_takes_no_such_address_for_a_model(signed: Signed) -> None:
    desk = Desk(signed.service, signed.service.settings, Jobs(workers=1))
    choose = next(a for a in settings_view.acts(desk) if a.__name__ == "choose_model")
    from assistant.rights import Person, Role, asked_by

    with asked_by(Person("adam", Role.ADMIN)):
        refused = choose({"choices": {"chat_url": "http://169.254.169.254/latest"}})
        for name in (
            "prompts_dir",
            "data_dir",
            "corpus_dir",
            "key_file",
            "chat_key",
            "database_url",
            "host",
            "__class__",
        ):
            assert "There is no such choice" in choose({"choices": {name: "/etc"}})["error"]
    desk.jobs.close()
    assert "IMR_CHAT_URL" in refused["error"]
    assert signed.service.model().choices
    assert not (Path(signed.service.settings.data_dir) / "model.json").exists()


def test_an_embedding_model_of_another_name_is_asked_of_no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def connect(_self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: tried.append(host) or [])
    for name in ("attacker/model", "https://attacker.example/model", "../../etc", "attacker/model@main", "a" * 300):
        with pytest.raises(AssistantError, match="embedding model"):
            load_embedder(name)
    assert tried == []


def test_a_provider_sends_nobody_to_another_address(
    signed: Signed, monkeypatch: pytest.MonkeyPatch, lure: Lure
) -> None:
    flows = signed.service.sign_in_flows
    with SmallProvider() as provider:
        for elsewhere in (
            "http://10.0.0.1/token",
            "http://169.254.169.254/x",
            "https://169.254.169.254/x",
            "file:///etc",
        ):
            said = {
                "issuer": provider.issuer, "authorization_endpoint": f"{provider.issuer}/authorize",
                "token_endpoint": elsewhere, "jwks_uri": f"{provider.issuer}/jwks",
            }  # fmt: skip
            monkeypatch.setattr(provider, "_about", lambda *_, said=said: (200, {}, said))
            with pytest.raises(ProviderFailed, match="cannot be used"):
                Provider(Settings(oidc_issuer=provider.issuer, oidc_client_id="imr"), ORIGIN, flows).begin("/")
        monkeypatch.setattr(provider, "_about", lambda *_: (302, {"location": lure.url}, {}))
        with pytest.raises(ProviderFailed, match="does not answer"):
            Provider(Settings(oidc_issuer=provider.issuer, oidc_client_id="imr"), ORIGIN, flows).begin("/")
    assert lure.came == []


GRADIOS = [
    "/gradio_api/file=/etc/passwd", "/gradio_api/file/etc/passwd", "/gradio_api/upload",
    "/gradio_api/upload_progress?upload_id=1",
    "/gradio_api/stream/x", "/gradio_api/stream/x/y/1/playlist.m3u8", "/gradio_api/stream/x/y/1/playlist-file",
    "/gradio_api/queue/join", "/gradio_api/queue/data?session_hash=of-another", "/gradio_api/queue/status",
    "/gradio_api/call/x", "/gradio_api/call/x/y", "/gradio_api/call/v2/x", "/gradio_api/run/x", "/gradio_api/api/x",
    "/gradio_api/reset", "/gradio_api/cancel", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/deep_link",
    "/gradio_api/custom_component/a/server/component/b.py", "/gradio_api/process_recording", "/gradio_api/dev/reload",
    "/gradio_api/vibe-edit", "/gradio_api/vibe-code", "/gradio_api/run-history/records", "/gradio_api/token",
    "/gradio_api/login_check", "/gradio_api/profiling/traces", "/monitoring/summary", "/monitoring/x", "/login",
    "/token",
    "/svelte/x", "/gradio_api/user", "/user",
]  # fmt: skip


@pytest.mark.parametrize("name", ["rita", "adam"])
def test_no_role_reaches_a_route_of_gradio_that_the_page_does_not_use(signed: Signed, name: str) -> None:
    client = signed.as_(name)
    for path in GRADIOS:
        for method in ("GET", "POST"):
            answer = client.request(method, path, headers=SAME if method == "POST" else {}, json={"session_hash": "x"})
            assert answer.status_code in {401, 404}, (method, path)
            assert "root:" not in answer.text


def test_the_proxy_of_gradio_fetches_nothing(signed: Signed, guest: TestClient, lure: Lure) -> None:
    for client in (signed.as_("adam"), guest):
        for path in (f"/gradio_api/proxy={lure.url}/x", f"/proxy={lure.url}/x", f"/gradio_api/file={lure.url}/x"):
            for method in ("GET", "HEAD"):
                assert client.request(method, path).status_code == 404
    assert lure.came == []


def test_anothers_session_hash_opens_nothing_and_no_other_function_is_called(signed: Signed) -> None:
    client = signed.as_("ruth")
    components = [c["id"] for c in client.get("/config").json()["components"]]
    names = ["__class__", "__init__", "build", "postprocess", "api_info", "launch", "get_config", "to_json", "load", ""]
    for name in names:
        for component in (components[-1], 0, -1, 10**12):
            asked = {"component_id": component, "session_hash": "of-another", "fn_name": name, "data": {"case": "x"}}
            answer = client.post("/gradio_api/component_server", json=asked, headers=SAME)
            assert answer.status_code in {404, 422, 500}, (name, component)
            assert "Traceback" not in answer.text
    own = signed.cases["own"]
    for component in components:
        asked = {"component_id": component, "session_hash": "of-rita", "fn_name": "open_case", "data": {"case": own}}
        answer = client.post("/gradio_api/component_server", json=asked, headers=SAME)
        assert answer.status_code == 404 or answer.json()["error"] == "There is no such case."


def test_a_heartbeat_of_anothers_session_needs_a_session_of_ones_own(signed: Signed, one_reviewer) -> None:
    assert signed.client().get("/gradio_api/heartbeat/ofrita").status_code == 303
    stranger = TestClient(one_reviewer, base_url=ORIGIN, follow_redirects=False)
    assert stranger.get("/gradio_api/heartbeat/x").status_code == 403


def test_the_pages_configuration_tells_no_secret(guest: TestClient, one_reviewer, signed: Signed) -> None:
    told = guest.get("/config").text + guest.get("/").text
    assert TOKEN not in told
    assert "a-telling-folder" not in told
    client = signed.as_("rita")
    told = client.get("/config").text
    kept = [str(signed.service.settings.data_dir), client.cookies[f"imr_session_{7860}"], "acupuncture, 6 sessions"]
    assert [secret for secret in kept if secret in told] == []
    assert json.loads(told)["components"]
