"""Signing in by a real provider on loopback: who comes in, as what, and every answer that is not to be trusted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from fake_service import FakeService
from oidc_provider import CLIENT, SECRET, Lies, SmallProvider
from pydantic import SecretStr
from signed import ORIGIN, PORT
from starlette.testclient import TestClient

from assistant.records import Account, SignInFlows, SignInTries
from assistant.rights import Role
from assistant.settings import Settings
from assistant.web.app import build_app

SESSION, FLOW = f"imr_session_{PORT}", f"imr_flow_{PORT}"
RITA = {"sub": "0001", "preferred_username": "rita", "name": "Rita R.", "roles": ["other", "imr-doctors"]}


@dataclass
class Door:
    """The page, the provider, and a browser between both."""

    app: object
    service: SimpleNamespace
    provider: SmallProvider
    client: TestClient

    def begin(self, onward: str = "/case") -> str:
        """Leave for the provider; the path by which its answer comes back."""
        left = self.client.get("/sign-in/begin", params={"next": onward})
        assert left.status_code == 303, left.text
        back = httpx.get(left.headers["location"], follow_redirects=False).headers["location"]
        assert back.startswith(f"{ORIGIN}/sign-in/return?")
        return back.removeprefix(ORIGIN)

    def refused(self, back: str) -> str:
        """The sentence by which one who comes back is refused; nobody is signed in then."""
        answer = self.client.get(back)
        assert answer.status_code == 401, answer.text
        assert SESSION not in self.client.cookies
        assert self.client.get("/account").headers["location"] == "/sign-in?next=/account"
        return answer.text

    def accounts(self) -> tuple[Account, ...]:
        return self.service.accounts.all()


@pytest.fixture(scope="module")
def provider() -> Iterator[SmallProvider]:
    with SmallProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def page(provider: SmallProvider, tmp_path_factory: pytest.TempPathFactory):
    """The application, built once, over a service without models but with true accounts."""
    from datetime import UTC, datetime, timedelta

    from assistant.database import open_database
    from assistant.records import Accounts, Sessions

    folder = tmp_path_factory.mktemp("oidc")
    settings = Settings(
        data_dir=folder,
        port=PORT,
        accounts="on",
        oidc_issuer=provider.issuer + "/",  # the slash that people leave at the end
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_roles="imr-it=admin,imr-doctors=reviewer",
    )
    engine, service = open_database(folder), FakeService(settings)
    now = lambda: datetime.now(UTC)  # noqa: E731
    service.accounts = Accounts(engine, now=now)
    service.sign_in_flows, service.sign_in_tries = SignInFlows(engine, now=now), SignInTries(engine, now=now)
    service.sessions = Sessions(engine, now=now, idle=timedelta(minutes=30), most=timedelta(hours=12))
    yield build_app(service, settings, token="not-used-where-accounts-are-on"), service
    engine.dispose()


@pytest.fixture
def door(page, provider: SmallProvider, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A browser in which nobody is signed in, and a provider that tells the truth."""
    app, service = page
    monkeypatch.setattr(
        SignInTries, "take", lambda *_: 0
    )  # how often one may try is told in test_attacks_on_sign_in.py
    provider.person, provider.lies = dict(RITA), Lies()
    client = TestClient(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=True)
    return Door(app, service, provider, client)


def test_who_comes_in_gets_an_account_with_the_mapped_role(door: Door) -> None:
    door.provider.person |= {"sub": "new", "preferred_username": "Nina Neu", "name": "Nina N."}
    answer = door.client.get(door.begin("/case?id=x"))
    assert answer.status_code == 200
    assert 'content="0;url=/case?id=x"' in answer.text
    who = door.client.get("/who").json()
    assert (who["name"], who["display"], who["role"]) == ("nina-neu", "Nina N.", "reviewer")
    assert door.service.accounts.named("nina-neu").by_provider
    assert door.service.accounts.check("nina-neu", "") is None  # there is no password to it
    assert len(door.provider.asked[-1]["code_verifier"]) >= 43  # RFC 7636, 4.1


def test_the_second_sign_in_is_matched_by_subject_not_by_name(door: Door) -> None:
    door.provider.person["sub"] = "twice"
    door.client.get(door.begin())
    first = door.client.get("/who").json()["name"]
    before = len(door.accounts())
    door.provider.person |= {"preferred_username": "married", "roles": "imr-it"}
    door.client.get(door.begin())
    who = door.client.get("/who").json()
    assert (who["name"], who["role"], len(door.accounts())) == (first, "admin", before)


def test_a_name_that_somebody_has_is_not_taken_over(door: Door) -> None:
    door.service.accounts.add("boss", Role.ADMIN, "Sieben-Raben-im-Schnee")
    door.provider.person |= {"sub": "other", "preferred_username": "boss"}
    door.client.get(door.begin())
    who = door.client.get("/who").json()
    assert who["name"].startswith("boss-")
    assert who["role"] == "reviewer"


_NOW = int(time.time())
UNTRUE = {
    "wrong nonce": Lies({"nonce": "of-another-sign-in"}),
    "no nonce": Lies({"nonce": None}),
    "wrong audience": Lies({"aud": "another-program"}),
    "one of several audiences without a word whose": Lies({"aud": [CLIENT, "another-program"]}),
    "authorised for another": Lies({"azp": "another-program"}),
    "wrong issuer": Lies({"iss": "https://attacker.example"}),
    "expired": Lies({"exp": _NOW - 3600, "iat": _NOW - 7200}),
    "no end": Lies({"exp": None}),
    "of the future": Lies({"iat": _NOW + 3600, "exp": _NOW + 7200}),
    "no subject": Lies({"sub": None}),
    "empty subject": Lies({"sub": ""}),
    "a subject that is no text": Lies({"sub": ["0001"]}),
    "foreign signature": Lies(foreign_key=True),
    "alg none": Lies(unsigned=True),
    "no token": Lies(no_token=True),
    "keys that are none": Lies(jwks={"keys": "none"}),
    "no keys": Lies(jwks={"neither": 1}),
    "a role that nobody mapped": Lies({"roles": ["imr-guests"]}),
    "no role": Lies({"roles": None}),
    "a fault of the provider": Lies(status=500),
}


@pytest.mark.parametrize("lie", UNTRUE)
def test_what_is_not_to_be_trusted_lets_nobody_in(door: Door, lie: str) -> None:
    before = door.accounts()
    door.provider.lies = UNTRUE[lie]
    assert 'role="status">' in door.refused(door.begin())
    assert door.accounts() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "of-another"}, "belongs to another sign-in"),
        ({"state": None}, "belongs to another sign-in"),
        ({"code": "guessed"}, "did not confirm"),
        ({"code": None, "error": "access_denied"}, "did not let you sign in"),
    ],
)
def test_another_answer_than_the_providers_is_refused(door: Door, change: dict[str, str | None], said: str) -> None:
    back = urlsplit(door.begin())
    query = {**dict(parse_qsl(back.query)), **change}
    query = {name: value for name, value in query.items() if value is not None}
    assert said in door.refused(f"{back.path}?{urlencode(query)}")


def test_a_browser_that_did_not_begin_is_refused(door: Door) -> None:
    back = door.begin()
    del door.client.cookies[FLOW]
    assert "in another browser" in door.refused(back)


def test_a_code_serves_once(door: Door) -> None:
    back, flow = door.begin(), door.client.cookies[FLOW]
    assert door.client.get(back).status_code == 200
    thief = Door(door.app, door.service, door.provider, TestClient(door.app, base_url=ORIGIN, follow_redirects=False))
    thief.client.cookies.set(FLOW, flow)
    assert "begin it again" in thief.refused(back)
    thief.begin()
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    fresh = urlsplit(thief.begin())
    state = dict(parse_qsl(fresh.query))["state"]
    assert "did not confirm" in thief.refused(f"{fresh.path}?{urlencode({'code': code, 'state': state})}")


def test_a_flow_begun_at_one_process_is_ended_once_at_another(door: Door) -> None:
    from datetime import UTC, datetime

    from assistant.database import open_database
    from assistant.web.oidc import Provider, ProviderFailed

    engine = open_database(door.service.settings.data_dir)
    flows = SignInFlows(engine, now=lambda: datetime.now(UTC))
    there = Provider(door.service.settings, ORIGIN, flows)
    back, handle = door.begin("/library"), door.client.cookies[FLOW]
    query = dict(parse_qsl(urlsplit(back).query))
    came = there.finish(handle, query)
    assert (came.subject, came.onward) == ("0001", "/library")
    with pytest.raises(ProviderFailed, match="begin it again"):
        there.finish(handle, query)
    assert "begin it again" in door.refused(back)
    engine.dispose()


def test_a_disabled_account_stays_out(door: Door) -> None:
    door.provider.person |= {"sub": "gone", "preferred_username": "gone"}
    door.client.get(door.begin())
    door.service.accounts.set_disabled("gone", disabled=True)
    assert door.client.get("/who").status_code != 200
    door.client.cookies.clear()
    assert "closed" in door.refused(door.begin())


def test_a_provider_that_is_away_is_a_sentence(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.web.oidc import Provider, ProviderFailed

    away = Provider(
        door.service.settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:1"}),
        ORIGIN,
        door.service.sign_in_flows,
    )
    with pytest.raises(ProviderFailed, match="does not answer"):
        away.begin("/")
