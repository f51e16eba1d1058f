"""Attacks on the sign-in and the account, each stopped: what a stranger, another site or a thief would try."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from signed import ORIGIN, PASSWORD, PORT, SAME, Signed, form_in, sign_in
from sqlalchemy import delete

from assistant.database import open_database, writing
from assistant.errors import AssistantError, WrongInput
from assistant.records import Accounts, Sessions
from assistant.records.accounts import FREE_TRIES, digest_of
from assistant.records.tables import SignInTriesRow
from assistant.rights import Role
from assistant.settings import Settings
from assistant.web.app import serve
from assistant.web.doors import Doors, onward

COOKIE = f"imr_session_{PORT}"


@pytest.fixture(autouse=True)
def _unhurried(signed: Signed) -> None:
    """The tries of this machine are counted over all tests; each starts with none."""
    with writing(signed.service._engine) as session:
        session.execute(delete(SignInTriesRow))


def _session(answer) -> str:
    return next((c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE)), "")


def test_a_session_that_was_fixed_beforehand_is_never_signed_in(signed: Signed) -> None:
    client = signed.client()
    client.cookies.set(COOKIE, "chosen-by-an-attacker")
    answer = sign_in(client, "rita")
    assert answer.status_code == 303
    assert "chosen-by-an-attacker" not in _session(answer)
    thief = signed.client()
    thief.cookies.set(COOKIE, "chosen-by-an-attacker")
    assert thief.get("/case").status_code == 303


def test_the_session_of_before_ends_at_sign_in(signed: Signed) -> None:
    old = signed.service.sessions.begin("rita")
    client = signed.client()
    client.cookies.set(COOKIE, old)
    client.get("/sign-in")
    page = signed.client()
    token = form_in(page.get("/sign-in").text)
    page.cookies.set(COOKIE, old)
    page.post("/sign-in", data={"name": "ruth", "password": PASSWORD, "form": token}, headers=SAME)
    assert signed.service.sessions.find(old) is None


def test_a_replayed_session_is_over_after_sign_out(signed: Signed) -> None:
    client = signed.as_("rita")
    stolen = client.cookies[COOKIE]
    form = form_in(client.get("/account").text)
    assert client.post("/sign-out", data={"form": form}, headers=SAME).status_code == 303
    thief = signed.client()
    thief.cookies.set(COOKIE, stolen)
    assert thief.get("/case").headers["location"].startswith("/sign-in")


FORMS = ["/sign-in", "/sign-out", "/account/password", "/account/tokens", "/account/tokens/drop"]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"origin": "https://attacker.example"}, id="another origin"),
        pytest.param({"origin": "null"}, id="a sandboxed page"),
        pytest.param({"sec-fetch-site": "cross-site"}, id="cross-site"),
        pytest.param({}, id="no word of where from"),
    ],
)
def test_a_form_of_another_site_is_refused(signed: Signed, path: str, headers: dict[str, str]) -> None:
    client = signed.as_("rita")
    assert client.post(path, data={"form": form_in(client.get("/account").text)}, headers=headers).status_code == 403


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "0" * 64, "another's"])
def test_a_form_without_its_token_is_refused(signed: Signed, path: str, token: str) -> None:
    client = signed.as_("rita")
    if token == "another's":
        token = form_in(signed.as_("ruth").get("/account").text)
    fields = {"form": token, "name": "rita", "password": PASSWORD, "label": "x"}
    assert client.post(path, data=fields, headers=SAME).status_code == 403
    assert signed.service.sessions.find(client.cookies[COOKIE]) is not None
    assert signed.service.accounts.tokens("rita") == ()


def test_names_cannot_be_found_out(signed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.records import accounts

    work, verified = [], accounts._verified
    monkeypatch.setattr(accounts, "_verified", lambda hashed, given: work.append(1) or verified(hashed, given))
    signed.service.accounts.add("otto", Role.REVIEWER, PASSWORD)
    signed.service.accounts.set_disabled("otto", disabled=True)
    answers = []
    for name, password in (("sara", "wrong-wrong-wrong"), ("nobody-here", PASSWORD), ("otto", PASSWORD), ("", "")):
        answer = sign_in(signed.client(), name, password)
        answers.append((answer.status_code, answer.text.split('name="form"')[0], "set-cookie" in answer.headers))
    assert len(set(answers)) == 1
    assert answers[0][0] == 401
    assert len(work) == 4
    signed.service.accounts.unlock("sara")


def test_a_source_that_guesses_is_slowed_down(signed: Signed) -> None:
    client = signed.client()
    statuses = [sign_in(client, "nobody", "x" * 12).status_code for _ in range(12)]
    assert statuses[:10] == [401] * 10
    assert statuses[-1] == 429
    answer = client.post("/sign-in", data={}, headers=SAME)
    assert int(answer.headers["retry-after"]) >= 1
    assert "try again" in answer.text


def test_an_office_that_signs_in_by_one_address_is_not(signed: Signed) -> None:
    assert [sign_in(signed.client(), "rita").status_code for _ in range(12)] == [303] * 12


def test_nor_is_one_that_signs_in_at_once(signed: Signed) -> None:
    async def one() -> int:
        through = httpx.ASGITransport(signed.app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=through, base_url=ORIGIN) as browser:
            form = form_in((await browser.get("/sign-in")).text)
            fields = {"name": "rita", "password": PASSWORD, "form": form}
            return (await browser.post("/sign-in", data=fields, headers=SAME)).status_code

    async def office() -> list[int]:
        return await asyncio.gather(*(one() for _ in range(14)))

    assert asyncio.run(office()) == [303] * 14


class Clock:
    """A time that passes when the test says so."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path):
    engine = open_database(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(engine, clock: Clock) -> Accounts:
    made = Accounts(engine, now=clock)
    made.add("rita", Role.REVIEWER, PASSWORD)
    made.add("adam", Role.ADMIN, PASSWORD)
    return made


@pytest.fixture
def sessions(engine, clock: Clock) -> Sessions:
    return Sessions(engine, now=clock, idle=timedelta(minutes=30), most=timedelta(hours=12))


def test_wrong_passwords_lock_an_account_longer_each_time(accounts: Accounts, clock: Clock) -> None:
    for _ in range(FREE_TRIES):
        assert accounts.check("rita", "wrong-wrong-wrong") is None
    assert accounts.check("rita", PASSWORD) is None
    clock.pass_(seconds=31)
    assert accounts.check("rita", "wrong-wrong-wrong") is None
    clock.pass_(seconds=31)
    assert accounts.check("rita", PASSWORD) is None
    clock.pass_(seconds=30)
    assert accounts.check("rita", PASSWORD) is not None
    assert accounts.check("adam", PASSWORD) is not None


def test_an_admin_unlocks(accounts: Accounts) -> None:
    for _ in range(FREE_TRIES):
        accounts.check("rita", "wrong-wrong-wrong")
    accounts.unlock("rita")
    assert accounts.check("rita", PASSWORD) is not None


def test_a_session_ends_by_rest_and_by_length(accounts: Accounts, sessions: Sessions, clock: Clock) -> None:
    resting, busy = sessions.begin("rita"), sessions.begin("rita")
    for _ in range(2):
        clock.pass_(minutes=20)
        assert sessions.find(busy) is not None
    assert sessions.find(resting) is None
    for _ in range(35):
        clock.pass_(minutes=20)
        sessions.find(busy)
    assert sessions.find(busy) is None


@pytest.mark.parametrize("change", ["role", "disable", "reset", "password"])
def test_what_changes_an_account_ends_its_sessions(accounts: Accounts, sessions: Sessions, change: str) -> None:
    token = sessions.begin("rita")
    {
        "role": lambda: accounts.set_role("rita", Role.AUDITOR),
        "disable": lambda: accounts.set_disabled("rita", disabled=True),
        "reset": lambda: accounts.reset("rita"),
        "password": lambda: accounts.change_password("rita", PASSWORD, "Another-long-one-7"),
    }[change]()
    assert sessions.find(token) is None


@pytest.mark.sqlite  # it looks into the file
def test_neither_password_nor_token_lies_on_the_disk(accounts: Accounts, sessions: Sessions, tmp_path, engine) -> None:
    shown = [PASSWORD, sessions.begin("rita"), accounts.add_token("rita", "a program"), accounts.reset("rita")]
    engine.dispose()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert digest_of(shown[2]).encode() in kept
    assert [secret for secret in shown if secret.encode() in kept] == []


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "my-name-is-rita-yes", "x" * 300])
def test_a_weak_password_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(WrongInput):
        accounts.change_password("rita", PASSWORD, password)


@pytest.mark.parametrize("name", ["Rita", "ri ta", "рита", "../x", "", "a" * 65, "x\r\nset-cookie: a=b"])
def test_a_name_that_looks_like_another_cannot_be_made(accounts: Accounts, name: str) -> None:
    with pytest.raises(WrongInput):
        accounts.add(name, Role.REVIEWER, PASSWORD)


def test_the_last_admin_stays(accounts: Accounts) -> None:
    for act in (lambda: accounts.set_disabled("adam", disabled=True), lambda: accounts.set_role("adam", Role.AUDITOR)):
        with pytest.raises(WrongInput):
            act()


def test_a_one_time_password_opens_nothing_but_its_change(signed: Signed) -> None:
    signed.service.accounts.add("nina", Role.REVIEWER, None)
    client = signed.client()
    once = signed.service.accounts.reset("nina")
    assert sign_in(client, "nina", once).headers["location"] == "/account"
    assert client.get("/case").headers["location"] == "/account"
    before = client.cookies[COOKIE]
    form = form_in(client.get("/account").text)
    fields = {"form": form, "old": once, "new": "A-new-long-one-77", "again": "A-new-long-one-77"}
    assert client.post("/account/password", data=fields, headers=SAME).status_code == 200
    assert client.cookies[COOKIE] != before
    assert signed.service.sessions.find(before) is None
    assert client.get("/case").status_code == 200
    assert signed.service.accounts.check("nina", once) is None


@pytest.mark.parametrize(
    "wished",
    [
        "//attacker.example", "/\\attacker.example", "https://attacker.example", "javascript:alert(1)", "/\t/x",
        "/x\r\nset-cookie: a=b", "/%0d%0a\n", "", "attacker.example", "/sign-in?next=/", "/\x00", "/é",
    ],
)  # fmt: skip
def test_the_sign_in_leads_to_no_other_place(signed: Signed, wished: str) -> None:
    assert onward(wished) == "/"
    answer = sign_in(signed.client(), "rita", next_=wished)
    assert answer.headers["location"] == "/"
    assert "a" not in answer.cookies


def test_a_path_of_the_page_is_gone_on_to(signed: Signed) -> None:
    assert sign_in(signed.client(), "rita", next_="/case?id=x").headers["location"] == "/case?id=x"


def test_what_is_typed_comes_back_as_text(signed: Signed) -> None:
    page = signed.client().get("/sign-in", params={"next": '/"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


def test_a_large_body_is_refused_before_anybody_signs_in(signed: Signed) -> None:
    client = signed.client()
    headers = {**SAME, "content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=b"x" * 20_000, headers=headers).status_code == 413
    unannounced = client.post("/sign-in", content=iter([b"name=rita&password=" + b"x" * 30_000]), headers=headers)
    assert unannounced.status_code in {401, 403, 413}
    assert client.post("/upload", content=b"x", headers=SAME).status_code == 401


@pytest.mark.parametrize("host", ["attacker.example", f"attacker.example:{PORT}", "127.0.0.1:9999", ""])
def test_another_host_is_not_known(signed: Signed, host: str) -> None:
    assert signed.client().get("/sign-in", headers={"host": host}).status_code == 403


def test_the_cookies_flags(signed: Signed) -> None:
    cookie = _session(sign_in(signed.client(), "rita"))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    behind = signed.service.settings.model_copy(update={"public_url": "https://imr.example.org"})
    over_https = Doors(signed.service, behind).cookie("x")
    assert over_https.startswith("__Host-imr_session=")
    assert {"HttpOnly", "Secure", "Path=/"} <= set(over_https.split("; "))
    assert "Domain" not in over_https


def test_a_source_cannot_be_forged_but_a_proxy_is_believed(signed: Signed) -> None:
    doors = Doors(signed.service, signed.service.settings.model_copy(update={"trusted_proxies": "10.0.0.0/8"}))
    said = {"x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.2"}
    assert doors.source("203.0.113.5", said) == "203.0.113.5"
    assert doors.source("10.0.0.1", said) == "203.0.113.9"


def test_the_links_token_and_the_machines_api_token_open_nothing(signed: Signed) -> None:
    client = signed.client()
    assert client.get("/?token=not-used-where-accounts-are-on").headers["location"] == "/sign-in"
    bearer = {"authorization": "Bearer not-used-where-accounts-are-on"}
    assert client.get("/api/v1/cases", headers=bearer).status_code == 401


def test_a_token_acts_for_its_account_until_it_is_taken_back(signed: Signed) -> None:
    accounts, client = signed.service.accounts, signed.client()
    bearer = {"authorization": f"Bearer {accounts.add_token('sara', 'a program')}"}
    own = {case["id"] for case in client.get("/api/v1/cases", headers=bearer).json()["cases"]}
    assert own == {signed.cases["see"], signed.cases["change"]}
    assert client.get("/case", headers=bearer).status_code == 303
    (kept,) = accounts.tokens("sara")
    with pytest.raises(AssistantError):
        accounts.drop_token("rita", kept.id)
    accounts.drop_token("sara", kept.id)
    assert client.get("/api/v1/cases", headers=bearer).status_code == 401


@pytest.mark.parametrize(("host", "accounts"), [("0.0.0.0", "off"), ("192.0.2.1", "off"), ("0.0.0.0", "on")])  # noqa: S104
def test_the_page_is_served_to_others_only_with_accounts_and_an_address(signed: Signed, host: str, accounts) -> None:
    given = signed.service.settings.model_copy(update={"host": host, "accounts": accounts})
    with pytest.raises(AssistantError, match=r"without accounts|IMR_PUBLIC_URL"):
        serve(signed.service, given)


@pytest.mark.parametrize("url", ["http://imr.example.org", "https://u:p@x.org", "https://x.org/path", "ftp://x.org"])
def test_the_public_address_is_safe(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Settings(public_url=url)
    assert Settings(public_url=ORIGIN).public_url == ORIGIN
