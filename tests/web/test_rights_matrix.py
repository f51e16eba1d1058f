"""Role x address x act x whose case: what each may reach, from the application's own routes and acts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest
from signed import PEOPLE, SAME, Signed
from starlette.testclient import TestClient
from test_guard import every_route

from assistant.errors import AssistantError, NotThere
from assistant.rights import RIGHTS, NotAllowed, NotSignedIn, Person, Right, Role, asked_by
from assistant.web import audit, case, cases, decisions, insights, letter_imports, library, palette, people, settings
from assistant.web.acts import Desk, act
from assistant.web.jobs import Jobs
from assistant.web.rules import ACTS, NoRule, is_ruled, right_for

NAMES = [*PEOPLE, ""]
VIEWS = (audit, cases, case, decisions, library, insights, letter_imports, settings, palette)
_NAMED = """open_case follow list_versions compare_versions preview_letter find_chats show_sent change_receipt
    draft_case stop_model change_case choose_outcome save_text check_text go_back restore_version ask stop_turn
    delete_chat find_passages pin_passage sentence_offers replace_sentence keep_as_mine list_shares share_case
    unshare_case
    delete_cases restore_cases"""
OF_A_CASE = set(_NAMED.split())
OWNERS_ONLY = {"delete_chat", "delete_cases", "restore_cases", "list_shares", "share_case", "unshare_case"}
READING = {name for name in OF_A_CASE if ACTS[name] is Right.SEE_CASES} | {
    "check_text",
    "find_passages",
    "sentence_offers",
}
# What each may do with rita's cases.
ACCESS = {
    "rita": {"own": "own", "see": "own", "change": "own"},
    "ruth": {"own": "", "see": "see", "change": "change"},
    "sara": {"own": "", "see": "see", "change": "change"},
    "lisa": {"own": "", "see": "", "change": ""},
    "anna": {"own": "see", "see": "see", "change": "see"},
    "adam": {"own": "", "see": "", "change": ""},
}
VALUES: dict[str, Any] = {
    "older": 1, "newer": 1, "words": "acupuncture", "received": "", "priority": "", "issue": 0, "text": "I agree.",
    "base": 1, "version": 1, "message": "what is asked for?", "position": 0, "name": "sara", "may": "see",
    "outcome": None,
}  # fmt: skip


def ways(app) -> list[tuple[str, str]]:
    """Every method and path of the application, with the names of parameters put in."""
    return sorted({(method, path) for method, path in every_route(app.routes) if method != "OPTIONS"})


def ours(app) -> list[tuple[str, str]]:
    """Those that are not Gradio's."""
    of_gradio = re.compile(
        r"/gradio_api/|/(assets|static|config|theme|svelte|login|logout|monitoring|robots|manifest|pwa)"
    )
    routes = []
    for route in app.routes:
        if hasattr(route, "path") and hasattr(route, "methods") and not of_gradio.match(route.path):
            routes += [(method, route.path) for method in route.methods]
    return routes


SAMPLES = {
    "/audit-export/{fmt}": "/audit-export/jsonl",
    "{case_id}": "x1",
    "{fmt}": "md",
    "{name}": "case.js",
    "{decision}": "x1",
    "{number}": "1",
}


def filled(path: str) -> str:
    for name, value in SAMPLES.items():
        path = path.replace(name, value)
    return path


def test_every_route_of_ours_has_a_rule(signed: Signed) -> None:
    from assistant.web.api import make_api

    listed = ours(signed.app)
    api = [(m, f"/api/v1{p}") for m, p in every_route(make_api().routes)]
    assert len(listed) > 15
    assert len(api) > 15
    unruled = [(m, p) for m, p in listed if not is_ruled(m, filled(p))] + [(m, p) for m, p in api if not is_ruled(m, p)]
    assert unruled == []


def test_a_route_without_a_rule_is_there_for_nobody(signed: Signed) -> None:
    signed.app.add_api_route("/of-tomorrow", lambda: {"secret": 1}, methods=["GET"])
    signed.app.router.routes.insert(0, signed.app.router.routes.pop())
    try:
        with pytest.raises(NoRule):
            right_for("GET", "/of-tomorrow", accounts=True)
        assert ("GET", "/of-tomorrow") in [w for w in ours(signed.app) if not is_ruled(*w)]
        assert [signed.as_(name).get("/of-tomorrow").status_code for name in PEOPLE] == [404] * len(PEOPLE)
    finally:
        signed.app.router.routes.pop(0)


def test_an_act_without_a_rule_cannot_be_built() -> None:
    def act_of_tomorrow() -> dict[str, Any]:
        """Nothing."""
        return {}

    with pytest.raises(KeyError):
        act(act_of_tomorrow)


def _may(name: str, right: Right | None) -> bool:
    return right is None or (name in PEOPLE and right in RIGHTS[PEOPLE[name]])


@pytest.mark.parametrize("name", NAMES)
def test_each_role_reaches_its_addresses_and_no_other(signed: Signed, name: str) -> None:
    client = signed.as_(name) if name else signed.client()
    tried = {"let": 0, "refused": 0}
    for method, path in ways(signed.app):
        headers = SAME if method not in ("GET", "HEAD") else {}
        if path in ("/sign-out", "/gradio_api/heartbeat/x1") or (method, path) == ("POST", "/sign-in"):
            continue  # it would end the session, or has no end; the attacks try them
        try:
            right = right_for(method, path, accounts=True)
        except NoRule:
            assert client.request(method, path, headers=headers).status_code in {401, 404}, path
            continue
        status = client.request(method, path, headers=headers).status_code
        if _may(name, right):
            assert status not in {401, 403} or path.startswith("/account/"), (method, path)
            tried["let"] += 1
        else:
            assert status in ({401, 303} if not name else {403} if path != "/" else {303}), (method, path, status)
            tried["refused"] += 1
    assert tried["refused"] > (40 if not name else 3)
    assert tried["let"] > (0 if not name else 10)


@pytest.fixture
def acts(signed: Signed):
    jobs = Jobs(workers=1)
    desk = Desk(signed.service, signed.service.settings, jobs)
    yield {a.__name__: a for view in VIEWS for a in view.acts(desk)}
    jobs.close()


@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_does_its_acts_and_no_other(acts: dict[str, Callable], name: str) -> None:
    assert set(acts) == set(ACTS)
    refused = set()
    for each, call in acts.items():
        # Arguments that no act takes: who is let in is told that, and nothing is done.
        with asked_by(Person(name, PEOPLE[name])):
            answer = call({"of_no_act": 1})
        if answer.get("kind") == "NotAllowed":
            refused.add(each)
    assert refused == {each for each, right in ACTS.items() if right not in RIGHTS[PEOPLE[name]]}


def _arguments(signed: Signed, kind: str, name: str, desk: Desk) -> dict[str, Any]:
    functions = [
        f for module in (case, cases) for maker in ("_reading_acts", "_writing_acts", "_list_acts", "_start_acts")
        if hasattr(module, maker) for f in getattr(module, maker)(desk)
    ]  # fmt: skip
    wanted = next((f for f in functions if f.__name__ == name), None)
    given = (
        {"cases": [signed.cases[kind]]} if name in ("delete_cases", "restore_cases") else {"case": signed.cases[kind]}
    )
    if wanted is None:
        of = {
            "compare_versions": ("older", "newer"), "find_chats": ("words",), "restore_version": ("version",),
            "ask": ("message",), "find_passages": ("words",), "pin_passage": ("issue",),
            "sentence_offers": ("issue", "position"), "replace_sentence": ("issue", "position", "text", "base"),
            "keep_as_mine": ("issue", "position"), "share_case": ("name", "may"), "unshare_case": ("name",),
        }  # fmt: skip
        return given | {part: VALUES[part] for part in of.get(name, ())}
    needed = [p for p in inspect.signature(wanted).parameters.values() if p.default is p.empty]
    return given | {p.name: VALUES[p.name] for p in needed if p.name not in ("case", "cases")}


@pytest.mark.parametrize("kind", ["own", "see", "change"])
@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "rita"])
def test_nobody_does_more_with_a_case_than_they_may(
    signed: Signed, acts: dict[str, Callable], name: str, kind: str
) -> None:
    desk = Desk(signed.service, signed.service.settings, Jobs(workers=1))
    before = signed.service.records.versions("rita", signed.cases[kind])
    access = ACCESS[name][kind]
    for each in sorted(OF_A_CASE):
        reads = each in READING
        if (reads and access) or (access == "change" and each not in OWNERS_ONLY):
            continue
        with asked_by(Person(name, PEOPLE[name])):
            answer = acts[each](_arguments(signed, kind, each, desk))
        expected = {"NotAllowed"} if access else {"NotAllowed", "NotThere"}
        assert answer.get("kind") in expected, (each, answer)
        if not access and ACTS[each] in RIGHTS[PEOPLE[name]]:
            assert answer["error"] == "There is no such case.", each
    desk.jobs.close()
    assert signed.service.records.versions("rita", signed.cases[kind]) == before


@pytest.mark.parametrize("name", ["rita", "ruth", "anna"])
def test_who_may_read_a_case_reads_it(signed: Signed, acts: dict[str, Callable], name: str) -> None:
    with asked_by(Person(name, PEOPLE[name])):
        shown = acts["open_case"]({"case": signed.cases["see"]})["case"]
        listed = acts["list_cases"]({})["html"]
    assert shown["owner"] == ("" if name == "rita" else "rita")
    assert signed.cases["see"] in listed
    assert (signed.cases["own"] in listed) == (name != "ruth")
    assert ("of rita" in listed) == (name != "rita")


def test_a_case_shared_for_changing_is_changed_under_the_name_of_who_did(
    signed: Signed, acts: dict[str, Callable]
) -> None:
    case_id = signed.cases["change"]
    with asked_by(Person("ruth", Role.REVIEWER)):
        acts["choose_outcome"]({"case": case_id, "issue": 0, "outcome": "Upheld"})
    assert signed.service.case("rita", case_id).decided[0].by == "ruth"


def _of_cases(client: TestClient, case_id: str) -> dict[str, int]:
    at, answers = f"/api/v1/cases/{case_id}", {}
    for method, path, body in (
        ("GET", at, None), ("PATCH", at, {"title": "x"}), ("DELETE", at, None), ("POST", f"{at}/restore", None),
        ("POST", f"{at}/draft", {"model": False}), ("PUT", f"{at}/issues/0/outcome", {"outcome": None}),
        ("PUT", f"{at}/issues/0/text", {"text": "x", "base": 1}), ("GET", f"{at}/versions", None),
        ("GET", f"{at}/export/md", None),
        ("POST", "/api/v1/verify", {"text": "x", "case_id": case_id, "issue": 0}),
        ("GET", f"/export/{case_id}/md", None), ("GET", f"/chat/{case_id}/md", None),
    ):  # fmt: skip
        answer = client.request(method, path, json=body, headers=SAME)
        answers[f"{method} {path.replace(case_id, 'ID')}"] = answer.status_code
        assert "acupuncture" not in answer.text.lower() or answer.status_code == 200
    return answers


@pytest.mark.parametrize("name", ["ruth", "sara", "lisa", "adam", ""])
def test_no_address_gives_or_changes_anothers_case(signed: Signed, name: str) -> None:
    before = signed.service.case("rita", signed.cases["own"])
    client = signed.as_(name) if name else signed.client()
    answers = _of_cases(client, signed.cases["own"])
    assert not [way for way, status in answers.items() if status < 300], answers
    assert signed.service.case("rita", signed.cases["own"]) == before


def test_an_auditor_reads_by_every_address_and_changes_by_none(signed: Signed) -> None:
    before = signed.service.case("rita", signed.cases["own"])
    answers = _of_cases(signed.as_("anna"), signed.cases["own"])
    read = {"GET /api/v1/cases/ID", "GET /api/v1/cases/ID/versions", "GET /chat/ID/md"}
    assert {way for way, status in answers.items() if status < 300} == read
    assert signed.service.case("rita", signed.cases["own"]) == before


def test_without_a_session_the_desk_serves_nobody(signed: Signed) -> None:
    desk = Desk(signed.service, signed.service.settings, Jobs(workers=1))
    with pytest.raises(NotSignedIn):
        _ = desk.user
    desk.jobs.close()


def test_a_job_runs_under_the_account_that_began_it(signed: Signed) -> None:
    jobs, names = Jobs(workers=1), []
    desk = Desk(signed.service, signed.service.settings, jobs)
    for name in ("rita", "ruth"):
        with asked_by(Person(name, Role.REVIEWER)):
            job = jobs.draft(f"case-of-{name}", lambda on_step, stop: names.append(desk.user))
        job.future.result(timeout=30)
    jobs.close()
    assert names == ["rita", "ruth"]


def test_admins_see_no_case_and_a_share_needs_a_fitting_role(signed: Signed) -> None:
    assert Right.SEE_CASES not in RIGHTS[Role.ADMIN]
    for other in ("adam", "lisa", "nobody"):
        with pytest.raises(AssistantError, match="can be shared with so"):
            signed.service.shares.give("rita", signed.cases["own"], other, people.May.SEE)
    with pytest.raises(NotAllowed):
        signed.service.shares.give("ruth", signed.cases["change"], "sara", people.May.SEE)
    with pytest.raises(NotThere):
        signed.service.shares.give("ruth", signed.cases["own"], "sara", people.May.SEE)


def test_the_log_names_the_account_that_asked_and_never_the_programs_own_user(
    signed: Signed, acts: dict[str, Callable]
) -> None:
    log = signed.service.audit_log
    began = log.head().number
    for name, each, given in (
        ("rita", "find_decisions", {"words": "acupuncture without improvement"}),
        ("sara", "find_in_guidelines", {"words": "acupuncture"}),
        ("adam", "choose_model", {"choices": {"tone": "plain"}}),
        ("adam", "test_model", {}),
    ):
        with asked_by(Person(name, PEOPLE[name])):
            answer = acts[each](given)
        assert "error" not in answer, (each, answer)
    assert signed.as_("ruth").get("/api/v1/decisions/search", params={"words": "acupuncture"}).status_code == 200
    assert {entry.account for entry in log.since(began + 1)} == {"rita", "sara", "adam", "ruth"}
