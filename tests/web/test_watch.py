"""`/metrics` is for who runs the program, and nothing that a request says becomes a label or a word of the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fake_service import FakeService
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import logs, metrics
from assistant.settings import Settings
from assistant.web.app import build_app

TOKEN = "a-token-of-this-test-alone"
SECRET = "a-token-that-reads-the-counts-and-no-more"
MARK = "Zebulon-Quartz"
HERE = ("127.0.0.1", 5000)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), metrics="on", metrics_token=SECRET)
    yield build_app(FakeService(settings), settings, token=TOKEN)
    metrics.stop()


def asking(app: FastAPI, peer: tuple[str, int] = HERE) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1:7860", client=peer, follow_redirects=False)


def test_hostile_requests_leave_no_word(counted: FastAPI) -> None:
    page = asking(counted)
    page.get(f"/?token={TOKEN}")
    for path in (f"/{MARK}", f"/export/{MARK}/pdf", f"/page/{MARK}.js", f"/case/{MARK}?q={MARK}",
                 f"/api/v1/cases/{MARK}", f"//{MARK}", "/" + quote(f"{MARK}\n\"}} 1\n", safe="")):  # fmt: skip
        for method in ("GET", "POST", MARK.upper()):
            page.request(method, path, headers={"user-agent": MARK, "x-file-name": MARK}, content=MARK.encode())
    told = asking(counted).get("/metrics")
    assert told.status_code == 200
    assert MARK.lower() not in told.text.lower()
    assert 'route="/export/{case_id}/{fmt}"' in told.text
    assert 'route="/api/v1/cases/{case_id}"' in told.text
    assert 'method="other"' in told.text


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        (HERE, {}, 200),
        (("::1", 5000), {}, 200),
        (("10.0.0.9", 5000), {}, 403),
        (("testclient", 5000), {}, 403),
        (("10.0.0.9", 5000), {"authorization": f"Bearer {SECRET}"}, 200),
        (("10.0.0.9", 5000), {"authorization": f"Bearer {SECRET}x"}, 403),
        (("10.0.0.9", 5000), {"authorization": "Bearer \u00e9".encode()}, 403),
        (HERE, {"x-forwarded-for": "10.0.0.9"}, 403),
        (HERE, {"sec-fetch-site": "cross-site"}, 403),
        (HERE, {"origin": "http://elsewhere.example"}, 403),
    ],
)
def test_who_may_read_the_counts(
    counted: FastAPI, peer: tuple[str, int], headers: dict[str, str | bytes], status: int
) -> None:
    answer = asking(counted, peer).get("/metrics", headers=headers)
    assert answer.status_code == status
    assert bool(answer.content) == (status == 200)


def test_off_it_is_no_address(guest: TestClient) -> None:
    assert guest.get("/metrics").status_code == 404


def test_a_line_a_request_without_a_word_of_it(counted: FastAPI) -> None:
    out, access = io.StringIO(), logging.getLogger(logs.ACCESS)
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines())
    access.addHandler(handler)
    access.setLevel(logging.INFO)
    try:
        asking(counted).get(f"/export/{MARK}/pdf?q={MARK}")
    finally:
        access.removeHandler(handler)
        access.setLevel(logging.NOTSET)
    line = json.loads(out.getvalue())
    assert (line["method"], line["route"], line["status"]) == ("GET", "/export/{case_id}/{fmt}", 403)
    assert len(line["request"]) == 16
    assert MARK not in out.getvalue()
