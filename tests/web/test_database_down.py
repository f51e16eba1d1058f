"""While the database is down, whoever asks gets its sentence, in the form in which they can read it."""

from __future__ import annotations

import pytest
from signed import SAME, Signed, sign_in

from assistant.errors import DatabaseUnavailable
from assistant.records.accounts import Accounts
from assistant.records.sessions import Sessions

DOWN = "The database does not answer; nothing is lost, start it and try again."


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a session nor an account can be looked up."""

    def fail(*_: object, **__: object) -> None:
        raise DatabaseUnavailable(DOWN)

    for owner, name in ((Sessions, "find"), (Accounts, "check")):
        monkeypatch.setattr(owner, name, fail)


@pytest.mark.usefixtures("down")
def test_a_page_and_a_script_get_the_sentence(signed: Signed) -> None:
    client = signed.client()
    page = client.get("/", headers=SAME)
    assert (page.status_code, page.text) == (503, DOWN)
    act = client.post("/gradio_api/component_server/", json={}, headers=SAME)
    assert (act.status_code, act.json()) == (503, {"error": DOWN, "kind": "DatabaseUnavailable"})


def test_who_signs_in_meanwhile_gets_the_sentence(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DatabaseUnavailable(DOWN)

    monkeypatch.setattr(Accounts, "check", fail)
    answer = sign_in(signed.client(), "rita")
    assert (answer.status_code, answer.text) == (503, DOWN)
