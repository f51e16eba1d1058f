"""Who may use the API: this start's page by its cookie, and programs by the token of the environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_app import API_TOKEN, BEARER, COOKIE_TOKEN, ORIGIN, api_app, client_of
from fake_service import FakeService
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.settings import Settings
from assistant.web.guard import Gate

COOKIE = {"cookie": f"imr_7860={COOKIE_TOKEN}"}
BODY = {"words": "acupuncture"}


@pytest.fixture
def app(service: FakeService) -> Iterator[FastAPI]:
    app, desk = api_app(service, service.settings)
    yield app
    desk.jobs.close()


def asked(app: FastAPI, method: str, headers: dict[str, str]) -> tuple[int, str]:
    """Status and kind of the answer to a search."""
    answer = client_of(app, headers).request(
        method, "/decisions/search", **({"json": BODY} if method == "POST" else {})
    )
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.status_code, answer.json().get("kind", "")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        pytest.param(BEARER, (200, ""), id="a program with the token needs no Origin"),
        pytest.param({"authorization": f"bearer  {API_TOKEN} "}, (200, ""), id="the scheme in any case"),
        pytest.param({**COOKIE, "origin": ORIGIN}, (200, ""), id="the page itself"),
        pytest.param({}, (401, "NoToken"), id="nothing"),
        pytest.param({"authorization": "Bearer "}, (401, "NoToken"), id="an empty token"),
        pytest.param({"authorization": f"Bearer {API_TOKEN}x"}, (401, "NoToken"), id="another token"),
        pytest.param({"authorization": f"Bearer {API_TOKEN[:-1]}"}, (401, "NoToken"), id="a part of it"),
        pytest.param({"authorization": f"Bearer {COOKIE_TOKEN}"}, (401, "NoToken"), id="the page's token"),
        pytest.param({"authorization": f"Basic {API_TOKEN}"}, (401, "NoToken"), id="another scheme"),
        pytest.param({"cookie": f"imr_7860={API_TOKEN}"}, (401, "NoToken"), id="the token as a cookie"),
        pytest.param({"authorization": "Bearer é"}, (401, "NoToken"), id="no ASCII"),
        pytest.param({**COOKIE, "authorization": "Bearer x"}, (401, "NoToken"), id="a wrong token beside the cookie"),
        pytest.param({**BEARER, "host": "attacker.example:7860"}, (403, "NotAllowed"), id="foreign Host"),
        pytest.param({**BEARER, "host": "127.0.0.1:9999"}, (403, "NotAllowed"), id="another port"),
        pytest.param({**BEARER, "origin": "https://attacker.example"}, (403, "NotAllowed"), id="foreign Origin"),
        pytest.param({**BEARER, "origin": "null"}, (403, "NotAllowed"), id="a sandboxed page"),
        pytest.param({**BEARER, "sec-fetch-site": "cross-site"}, (403, "NotAllowed"), id="cross-site"),
        pytest.param({**BEARER, "sec-fetch-site": "same-site"}, (403, "NotAllowed"), id="another port's page"),
        pytest.param({**COOKIE, "origin": "https://attacker.example"}, (403, "NotAllowed"), id="the cookie, elsewhere"),
    ],
)
def test_who_may_ask(app: FastAPI, method: str, headers: dict[str, str], answer: tuple[int, str]) -> None:
    sent = {name.encode(): value.encode("utf-8") for name, value in headers.items()}
    assert asked(app, method, sent) == answer  # type: ignore[arg-type]


def test_a_write_by_the_cookie_must_say_where_it_comes_from(app: FastAPI) -> None:
    assert asked(app, "GET", COOKIE) == (200, "")
    assert asked(app, "POST", COOKIE) == (403, "NotAllowed")


def test_a_refusal_says_how_to_be_let_in(app: FastAPI) -> None:
    answer = client_of(app, {}).get("/health")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "IMR_API_TOKEN" in answer.json()["error"]


def test_every_address_of_the_api_is_closed_without_the_token(app: FastAPI) -> None:
    from assistant.web import api

    tried = 0
    for path, acts in api.schema()["paths"].items():
        for method in acts:
            answer = client_of(app, {}).request(method.upper(), path.replace("{", "").replace("}", ""))
            assert (answer.status_code, answer.json()["kind"]) == (401, "NoToken")
            tried += 1
    assert tried >= 22
    assert client_of(app, {}).get("/openapi.json").status_code == 401


def test_without_a_token_set_the_api_answers_only_to_the_page(service: FakeService) -> None:
    app, desk = api_app(service, service.settings, token="")
    assert asked(app, "GET", {"authorization": "Bearer "})[0] == 401
    assert asked(app, "GET", BEARER)[0] == 401
    assert asked(app, "GET", COOKIE)[0] == 200
    desk.jobs.close()


def test_the_link_of_the_page_opens_no_address_of_the_api(app: FastAPI) -> None:
    answer = client_of(app, {}).get(f"/health?token={COOKIE_TOKEN}")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_a_websocket_to_the_api_is_refused(app: FastAPI) -> None:
    client = TestClient(app, base_url=ORIGIN, headers=BEARER)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/api/v1/drafts"):
        pass


@given(st.text(max_size=60))
def test_no_other_token_is_known(offered: str) -> None:
    gate = Gate.of(COOKIE_TOKEN, 7860, api_token=API_TOKEN)
    assert gate.is_api_token(offered) == (offered == API_TOKEN)
    assert not Gate.of(COOKIE_TOKEN, 7860).is_api_token(offered)
    assert API_TOKEN not in repr(gate)


@pytest.mark.parametrize("token", ["short", "x" * 31, "ä" * 40, f"{'x' * 40}\n", "two words " * 5])
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(api_token=token)
    assert token not in str(caught.value)


def test_a_start_with_a_short_token_is_one_sentence(run_cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_API_TOKEN", "too-short-to-be-safe")
    done = run_cli("serve", "--data-dir", tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "IMR_API_TOKEN" in done.stderr
    assert "too-short-to-be-safe" not in done.stderr


def test_the_page_serves_the_api_and_shows_its_token_nowhere(tmp_path: Path) -> None:
    from assistant.web import settings as settings_view
    from assistant.web.acts import Desk
    from assistant.web.app import build_app
    from assistant.web.jobs import Jobs

    service = FakeService(Settings(data_dir=tmp_path, api_token=API_TOKEN, port=7860))
    app = build_app(service, service.settings, token=COOKIE_TOKEN)
    assert client_of(app, BEARER).get("/health").json()["status"] == "ok"
    assert client_of(app, {}).get("/health").status_code == 401
    assert TestClient(app, base_url=ORIGIN, headers=BEARER).get("/settings").status_code == 403
    jobs = Jobs()
    read = next(a for a in settings_view.acts(Desk(service, service.settings, jobs)) if a.__name__ == "read_settings")
    shown = read({})["html"]
    jobs.close()
    assert "IMR_PORT" in shown
    assert "API_TOKEN" not in shown
    assert API_TOKEN not in shown + repr(service.settings)
