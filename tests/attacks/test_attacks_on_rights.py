"""What somebody with a session, a link, a token or a form of their own would try to get at more."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from signed import PASSWORD, PEOPLE, SAME, SUMMARY, Signed, form_in
from sqlalchemy import select
from starlette.testclient import TestClient

from assistant.database import open_database, reading
from assistant.errors import AssistantError
from assistant.records import Accounts, May, Sessions
from assistant.records.tables import SessionRow
from assistant.rights import Person, Role, asked_by
from assistant.views import CasesWanted
from assistant.web import case as case_view
from assistant.web import cases, people
from assistant.web.acts import Act, Desk
from assistant.web.jobs import Jobs

COOKIE = "imr_session_7860"
ATTACKER = {"origin": "https://attacker.example", "sec-fetch-site": "cross-site"}


@pytest.fixture
def acts(signed: Signed):
    desk = Desk(signed.service, signed.service.settings, Jobs(workers=1))
    found: dict[str, Act] = {a.__name__: a for view in (cases, case_view, people) for a in view.acts(desk)}
    found |= {a.__name__: a for a in people.case_acts(desk)}
    yield found
    desk.jobs.close()


def test_a_changed_cookie_is_nobodys(signed: Signed) -> None:
    true = signed.service.sessions.begin("rita")
    with reading(signed.service.sessions._engine) as session:
        kept = session.scalars(select(SessionRow.digest)).all()
    changed = [true[:-1], true + "x", true.swapcase(), true[1:] + true[:1], f" {true}x", "'", "rita", "", "null", *kept]
    for value in changed:
        client = signed.client()
        client.cookies.set(COOKIE, value)
        assert client.get("/case").status_code == 303, value
    assert kept  # what is kept of a session is not what opens it
    for line in (f"imr_session_7861={true}", f"session={true}", f"x={COOKIE}={true}", "a=" + "b" * 60_000):
        assert signed.client().get("/case", headers={"cookie": line}).status_code == 303
    assert signed.client().get(f"/case?{COOKIE}={true}").status_code == 303
    assert signed.client().get("/case", headers={"authorization": f"Bearer {true}"}).status_code == 303


WRITES = [
    "/last-words", "/unsent", "/upload?ending=.txt", "/import-upload", "/decisions.csv", "/guideline/preview?name=a.md",
    "/guideline/import?name=a.md", "/gradio_api/component_server", "/api/v1/cases", "/api/v1/drafts", "/api/v1/verify",
    "/api/v1/imports", "/api/v1/decisions/search", "/sign-out", "/account/tokens",
]  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"]
)
def test_another_site_writes_nothing_in_any_kind_of_body(signed: Signed, kind: str) -> None:
    before = signed.service.list_cases("rita", CasesWanted()).all_cases
    client = signed.as_("rita")
    for path in WRITES:
        for headers in (
            ATTACKER,
            {"origin": "null"},
            {"sec-fetch-site": "same-site"},
            {"referer": "http://127.0.0.1:7860/"},
        ):
            answer = client.post(path, content=b'{"text": "x"}', headers={"content-type": kind, **headers})
            assert answer.status_code == 403, (path, headers)
    for method in ("PUT", "PATCH", "DELETE"):
        path = f"/api/v1/cases/{signed.cases['own']}"
        assert client.request(method, path, headers=ATTACKER).status_code == 403
    for trick in (
        {"x-http-method-override": "DELETE"},
        {"x-method-override": "DELETE"},
        {"x-original-url": "/sign-out"},
    ):
        assert client.get(f"/api/v1/cases/{signed.cases['own']}?_method=DELETE", headers=trick).status_code == 200
    assert signed.service.case("rita", signed.cases["own"]).id
    assert signed.service.list_cases("rita", CasesWanted()).all_cases == before


def test_a_form_of_an_ended_session_is_refused(signed: Signed) -> None:
    client = signed.as_("ruth")
    form = form_in(client.get("/account").text)
    assert client.post("/account/tokens", data={"form": form, "label": "one"}, headers=SAME).status_code == 200
    signed.service.sessions.end(client.cookies[COOKIE])
    client.cookies.set(COOKIE, signed.service.sessions.begin("ruth"))
    assert client.post("/account/tokens", data={"form": form, "label": "two"}, headers=SAME).status_code == 403
    assert [token.label for token in signed.service.accounts.tokens("ruth")] == ["one"]


def test_a_field_more_in_a_form_an_act_or_a_request_changes_nothing(signed: Signed, acts: dict[str, Act]) -> None:
    before = signed.service.accounts.named("sara"), signed.service.case("rita", signed.cases["own"])
    client = signed.as_("sara")
    more = {"role": "admin", "disabled": "false", "name": "adam", "is_admin": "1", "must_change": "0"}
    fields = {"form": form_in(client.get("/account").text), "old": "wrong", "new": "x", "again": "x", "label": "t"}
    for path in ("/account/password", "/account/tokens"):
        client.post(path, data={**fields, **more}, headers=SAME)
    mine = signed.as_("rita")
    for body in ({"owner": "ruth"}, {"user": "ruth"}, {"id": "x"}, {"title": "x", "role": "admin"}, {"decided": {}}):
        answer = mine.patch(f"/api/v1/cases/{signed.cases['own']}", json=body, headers=SAME)
        assert answer.status_code == 422, body
    assert mine.post("/api/v1/cases", json={"text": SUMMARY, "owner": "ruth"}, headers=SAME).status_code == 422
    with asked_by(Person("rita", Role.REVIEWER)):
        for name, given in (
            ("create_case", {"text": SUMMARY, "owner": "ruth"}), ("create_case", {"text": SUMMARY, "user": "ruth"}),
            ("share_case", {"case": signed.cases["own"], "name": "ruth", "may": "own"}),
            ("choose_outcome", {"case": signed.cases["own"], "issue": 0, "outcome": "Upheld", "by": "sara"}),
            ("add_person", {"name": "mallory", "role": "admin"}), ("change_role", {"name": "rita", "role": "admin"}),
        ):  # fmt: skip
            assert "error" in acts[name](given), name
    assert (signed.service.accounts.named("sara"), signed.service.case("rita", signed.cases["own"])) == before
    assert "mallory" not in {account.name for account in signed.service.accounts.all()}
    assert signed.service.accounts.named("rita").role is Role.REVIEWER


def test_two_last_admins_who_remove_each_other_leave_one(tmp_path) -> None:
    engine = open_database(tmp_path)
    accounts = Accounts(engine, now=lambda: datetime.now(UTC))
    for name in ("adam", "eva"):
        accounts.add(name, Role.ADMIN, PASSWORD)
    for turn in range(6):
        ready, refused = threading.Barrier(2), []

        def remove(name: str, ready: threading.Barrier, refused: list[str], turn: int) -> None:
            ready.wait(20)
            try:
                if turn % 2:
                    accounts.set_disabled(name, disabled=True)
                else:
                    accounts.set_role(name, Role.REVIEWER)
            except AssistantError:
                refused.append(name)

        threads = [threading.Thread(target=remove, args=(name, ready, refused, turn)) for name in ("adam", "eva")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        admins = [a.name for a in accounts.all() if a.role is Role.ADMIN and not a.disabled]
        assert admins == refused
        for name in ("adam", "eva"):
            accounts.set_disabled(name, disabled=False)
            accounts.set_role(name, Role.ADMIN)
    engine.dispose()


def test_a_programs_token_ends_with_its_account(signed: Signed) -> None:
    accounts, client = signed.service.accounts, signed.client()
    accounts.add("paul", Role.REVIEWER, PASSWORD)
    bearer = {"authorization": f"Bearer {accounts.add_token('paul', 'a program')}"}
    assert client.get("/api/v1/cases", headers=bearer).status_code == 200
    accounts.reset("paul")  # a one-time password: its owner has not come yet
    assert client.get("/api/v1/cases", headers=bearer).status_code == 401
    accounts.add("pia", Role.REVIEWER, PASSWORD)
    hers = {"authorization": f"Bearer {accounts.add_token('pia', 'a program')}"}
    accounts.set_disabled("pia", disabled=True)
    assert client.get("/api/v1/cases", headers=hers).status_code == 401
    assert client.post("/api/v1/drafts", json={"text": SUMMARY}, headers=hers).status_code == 401


def _links(case: str) -> list[str]:
    of_the_api = [f"/api/v1/cases/{case}{rest}" for rest in ("", "/versions", "/export/md")]
    return [*(f"/export/{case}/{form}" for form in ("md", "docx", "json", "pdf")), f"/chat/{case}/md", *of_the_api]


def test_a_link_to_an_export_opens_for_nobody_else_nor_after_its_share_nor_after_the_purge(signed: Signed) -> None:
    service = signed.service
    case = service.create_case("rita", f"{SUMMARY} Zebulon-Quartz.", title="Zebulon-Quartz").id
    service.draft_case("rita", case)
    ruth, sara = signed.as_("ruth"), signed.as_("sara")
    service.shares.give("rita", case, "ruth", May.CHANGE)
    opened = [ruth.get(link).status_code for link in _links(case)]
    assert 200 in opened
    for client in (sara, signed.as_("lisa"), signed.as_("adam"), signed.client()):
        for link in _links(case):
            answer = client.get(link)
            assert answer.status_code != 200, link
            assert "Zebulon" not in answer.text
    service.shares.take_back("rita", case, "ruth")
    for link in _links(case):
        answer = ruth.get(link)
        assert answer.status_code in {404, 409}, link
        assert "Zebulon" not in answer.text
    service.delete_cases("rita", [case])
    service.purge_cases("rita", [case])
    for link in _links(case):
        answer = signed.as_("rita").get(link)
        assert answer.status_code in {404, 409}, link
        assert "Zebulon" not in answer.text


def test_last_words_and_unsent_texts_are_kept_for_ones_own_alone(signed: Signed) -> None:
    before = signed.service.case("rita", signed.cases["own"])
    client = signed.as_("ruth")
    words = {"case": signed.cases["own"], "issue": 0, "text": "Stolen words.", "base": before.version}
    assert "no such case" in client.post("/last-words", json=words, headers=SAME).json()["error"]
    client.post("/unsent", json={"fields": {"text": "of ruth"}, "number": 1}, headers=SAME)
    assert signed.service.case("rita", signed.cases["own"]) == before
    assert signed.service.unsent_case("rita") is None


def test_ids_of_others_and_ids_that_are_none_are_told_alike(signed: Signed, acts: dict[str, Act]) -> None:
    for person in ("ruth", "sara"):
        with asked_by(Person(person, PEOPLE[person])):
            theirs = {
                acts["open_case"]({"case": each})["error"] for each in (signed.cases["own"], "AAAAAAAAAAAAAAAA", "../x")
            }
            assert theirs == {"There is no such case."}
    ruth = signed.as_("ruth")
    answers = {ruth.get(f"/api/v1/cases/{each}").text for each in (signed.cases["own"], "AAAAAAAAAAAAAAAA")}
    assert len(answers) == 1
    for each in ("1", "../../records", "AAAAAAAAAAAAAAAA"):
        assert signed.as_("lisa").get(f"/api/v1/imports/{each}").status_code in {404, 422}


def test_a_stolen_session_is_over_when_its_account_rests_or_is_reset(tmp_path) -> None:
    clock = [datetime(2026, 3, 1, tzinfo=UTC)]
    engine = open_database(tmp_path)
    accounts = Accounts(engine, now=lambda: clock[0])
    sessions = Sessions(engine, now=lambda: clock[0], idle=timedelta(minutes=30), most=timedelta(hours=12))
    accounts.add("rita", Role.REVIEWER, PASSWORD)
    stolen = sessions.begin("rita")
    clock[0] += timedelta(minutes=29)
    assert sessions.find(stolen)
    clock[0] += timedelta(minutes=31)
    assert sessions.find(stolen) is None
    clock[0] -= timedelta(hours=2)  # a clock that is set back wakes no session of before
    again = sessions.begin("rita")
    accounts.reset("rita")
    assert sessions.find(again) is None
    engine.dispose()


def test_pages_of_a_case_are_kept_by_no_cache_and_shown_in_no_frame(signed: Signed) -> None:
    client, own = signed.as_("rita"), signed.cases["own"]
    for path in (
        "/", "/case", "/settings", "/account", "/who", "/config", f"/export/{own}/md", f"/chat/{own}/json",
        f"/api/v1/cases/{own}",
        f"/api/v1/cases/{own}/versions", "/sign-in", "/nothing", "/audit",
    ):  # fmt: skip
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store", path
        assert headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["referrer-policy"] == "same-origin", path
    listed = client.post("/decisions.csv", json={"words": "acupuncture"}, headers=SAME)
    assert listed.headers["cache-control"] == "no-store"


def test_a_fault_tells_neither_its_place_nor_the_case(
    signed: Signed, guest: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Zebulon-Quartz in /srv/data")

    own = signed.cases["own"]
    for name in (
        "export",
        "case",
        "list_cases",
        "search_decisions",
        "list_decisions",
        "chats",
        "versions",
        "read_upload",
    ):
        monkeypatch.setattr(type(signed.service), name, broken, raising=False)
    client = signed.as_("rita")
    answers = [client.get(path) for path in (*_links(own), "/api/v1/cases", "/api/v1/decisions/search?words=x")]
    answers += [
        client.post("/upload?ending=.txt", content=b"x", headers=SAME),
        client.post("/decisions.csv", json={"words": "x"}, headers=SAME),
        client.post("/last-words", json={"case": own, "issue": 0, "text": "x", "base": 1}, headers=SAME),
    ]
    assert 500 in {answer.status_code for answer in answers}
    for answer in answers:
        told = answer.text + str(answer.headers)
        assert [word for word in ("Traceback", "Zebulon", "/srv", ".py", "RuntimeError") if word in told] == []
