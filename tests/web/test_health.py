"""The probes answer without the cookie, in one word, and lead nowhere else."""

from __future__ import annotations

import pytest
from fake_service import FakeService
from starlette.testclient import TestClient


def test_they_need_no_cookie_and_tell_one_word(guest: TestClient) -> None:
    guest.cookies.clear()
    assert guest.get("/healthz", headers={"host": "10.0.0.1"}).text == "alive\n"
    assert guest.get("/readyz", headers={"host": "10.0.0.1"}).text == "ready\n"
    assert guest.get("/case").status_code == 403


@pytest.mark.parametrize("path", ["/healthz/", "/healthz/../case", "//healthz", "/readyz.js"])
def test_nothing_beside_them_is_open(guest: TestClient, path: str) -> None:
    guest.cookies.clear()
    assert guest.get(path).status_code == 403


def test_they_take_nothing(guest: TestClient) -> None:
    assert guest.post("/healthz", content=b"x").status_code == 405


def test_what_cannot_work_says_no_more_than_that(
    guest: TestClient, shared_service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> bool:
        raise OSError("a secret place")

    for answer in (lambda: False, broken):
        monkeypatch.setattr(shared_service, "ready", answer)
        told = guest.get("/readyz")
        assert (told.status_code, told.text) == (503, "not ready\n")
