"""Nobody but this start's own page gets anything, on any route of ours or of Gradio's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Mount, WebSocketRoute
from starlette.testclient import TestClient

from assistant.web.bodies import MAX_BODY
from assistant.web.guard import PROBES, Gate

TOKEN = "a-token-of-this-test-alone"  # noqa: S105
ORIGIN = "http://127.0.0.1:7860"
COOKIE = f"imr_7860={TOKEN}"
MARKS_OF_THE_PAGE = ("gradio", "case summary", "component_server", "import(")


def every_route(routes) -> Iterator[tuple[str, str]]:
    """(method, path) of all routes of an application and of what is mounted in it, with their parameters filled."""
    for route in routes:
        if hasattr(route, "effective_candidates"):  # an included router of newer FastAPI versions
            yield from every_route(route.effective_candidates())
        elif isinstance(route, Mount) or hasattr(route, "routes"):
            yield from every_route(route.routes)
        elif not isinstance(route, WebSocketRoute) and hasattr(route, "path"):
            path = re.sub(r"\{[^}]*\}", "x1", route.path)
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                yield method, path


def _gets_nothing(answer) -> None:
    assert answer.status_code == 403
    assert not any(mark in answer.text.lower() for mark in MARKS_OF_THE_PAGE)
    assert "set-cookie" not in answer.headers


def test_there_are_routes_to_try(app) -> None:
    paths = {path for _, path in every_route(app.routes)}
    assert {"/upload", "/last-words", "/gradio_api/component_server", "/gradio_api/queue/join", "/config"} <= paths
    assert len(paths) > 40


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="without the cookie"),
        pytest.param({"cookie": f"imr_7860={TOKEN}x"}, id="another start's cookie"),
        pytest.param({"cookie": COOKIE, "host": "attacker.example:7860"}, id="foreign Host"),
        pytest.param({"cookie": COOKIE, "host": "127.0.0.1.attacker.example:7860"}, id="look-alike Host"),
        pytest.param({"cookie": COOKIE, "host": "127.0.0.1:9999"}, id="Host of another port"),
        pytest.param({"cookie": COOKIE, "origin": "https://attacker.example"}, id="foreign Origin"),
        pytest.param({"cookie": COOKIE, "origin": "http://127.0.0.1:9999"}, id="another port's page"),
        pytest.param({"cookie": COOKIE, "origin": "http://localhost:7860"}, id="another name's page"),
        pytest.param({"cookie": COOKIE, "origin": "null"}, id="a sandboxed page"),
        pytest.param({"cookie": COOKIE, "sec-fetch-site": "cross-site"}, id="cross-site"),
        pytest.param({"cookie": COOKIE, "sec-fetch-site": "same-site"}, id="same site, other port"),
    ],
)
def test_every_route_is_closed_to(app, headers: dict[str, str]) -> None:
    tried = 0
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        for method, path in {r for r in every_route(app.routes) if r[1] not in PROBES}:  # those: test_health.py
            answer = client.request(
                method, path, headers={"origin": ORIGIN, **headers} if method == "POST" else headers
            )
            _gets_nothing(answer)
            tried += 1
    assert tried > 60


def test_a_write_must_say_where_it_comes_from(guest: TestClient) -> None:
    assert guest.post("/last-words", json={}).status_code == 403
    assert guest.post("/last-words", json={}, headers={"sec-fetch-site": "none"}).status_code == 403
    assert guest.post("/last-words", json={}, headers={"sec-fetch-site": "same-origin"}).status_code == 200
    assert guest.post("/last-words", json={}, headers={"origin": ORIGIN}).status_code == 200


def test_the_links_token_opens_the_page_and_leaves_the_address(stranger: TestClient) -> None:
    answer = stranger.get(f"/case?id=x&token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/case?id=x")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert stranger.get("/").status_code == 200


def test_the_links_token_leads_to_no_other_host(stranger: TestClient) -> None:
    for path in ("//attacker.example/", "/\\attacker.example/"):
        location = stranger.get(f"{ORIGIN}{path}?token={TOKEN}").headers["location"]
        assert re.match(r"/(?![/\\])", location)


def test_a_wrong_token_opens_nothing(stranger: TestClient) -> None:
    _gets_nothing(stranger.get("/?token=guess"))
    _gets_nothing(stranger.get("/"))


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=https://attacker.example/x",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/gradio_api/vibe-code",
        "/monitoring",
        "/docs",
        "/openapi.json",
        "/login",
        "/gradio_api/queue/join",
        "/static/../app.py",
        "/page/../app.py",
        "/page/nothing.js",
        "/assets/../../../x",
    ],
)
def test_what_the_page_does_not_use_is_not_there(guest: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert guest.request(method, path, headers={"origin": ORIGIN}).status_code in {404, 405}


def test_every_answer_carries_the_headers(guest: TestClient) -> None:
    for path in ("/", "/case", "/config", "/page/case.js", "/nothing"):
        headers = guest.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "access-control-allow-origin" not in headers
        rules = headers["content-security-policy"]
        assert "default-src 'none'" in rules
        assert "http" not in rules
        assert "script-src" in rules
        assert "'unsafe-inline'" not in rules.split("script-src")[1].split(";")[0]


def test_pages_are_kept_in_no_cache(guest: TestClient) -> None:
    assert guest.get("/case").headers["cache-control"] == "no-store"


def test_the_page_names_no_outside_address(guest: TestClient) -> None:
    for view in ("/", "/case", "/decisions", "/library", "/insights", "/imports", "/settings", "/audit"):
        page = guest.get(view).text
        assert not re.findall(r"(?:src|href|content)=\"(?:https?:)?//[^\"]*", page)


def test_a_large_body_is_refused(guest: TestClient) -> None:
    headers = {"origin": ORIGIN, "content-length": str(MAX_BODY + 1)}
    assert guest.post("/upload?ending=.txt", headers=headers, content=b"x").status_code == 413


def test_a_websocket_is_refused(stranger: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), stranger.websocket_connect("/gradio_api/queue/join"):
        pass


@given(st.text(max_size=80))
def test_no_other_host_is_known(host: str) -> None:
    gate = Gate.of(TOKEN, 7860)
    known = {"127.0.0.1:7860", "localhost:7860", "[::1]:7860"}
    assert gate.knows_host({"host": host}) == (host.lower() in known)


@given(st.text(max_size=80))
def test_any_cookie_header_is_read_without_a_fault(cookie: str) -> None:
    assert not Gate.of(TOKEN, 7860).has_cookie({"cookie": cookie})


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ValueError, match="guessed"):
        Gate.of("short", 7860)
