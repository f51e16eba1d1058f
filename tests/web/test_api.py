"""Each address of the API once, over a service in memory: what it does, and how it says that it cannot."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
from api_app import API_TOKEN, BEARER, api_app, client_of
from fake_service import ACUPUNCTURE, NOTE, PASSAGE, FakeService
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.errors import AssistantError, DataFolderError
from assistant.web.acts import Desk
from assistant.web.bodies import MAX_BODY
from assistant.web.letter_imports import KEY

SECRET = "Zebrafinch"  # stands for what is confidential in a request
LETTER_FILE = {"x-file-name": "letter.txt", "content-type": "application/octet-stream"}


@pytest.fixture
def served(service: FakeService) -> Iterator[tuple[FastAPI, Desk]]:
    app, desk = api_app(service, service.settings)
    yield app, desk
    desk.jobs.close()


@pytest.fixture
def api(served: tuple[FastAPI, Desk]) -> TestClient:
    return client_of(served[0], BEARER)


@pytest.fixture
def drafted(service: FakeService) -> str:
    case = service.create_case("reviewer", ACUPUNCTURE)
    return service.draft_case("reviewer", case.id).id


def refused(answer, status: int, kind: str) -> str:
    """The sentence of a refusal in the API's one shape."""
    assert (answer.status_code, answer.json()["kind"]) == (status, kind), answer.text
    assert set(answer.json()) == {"error", "kind"}
    return answer.json()["error"]


# --- drafts -------------------------------------------------------------------------------------------------------


def test_a_draft_is_made_for_the_outcome_and_the_date_and_nothing_is_kept(api: TestClient) -> None:
    asked = {"case_summary": ACUPUNCTURE, "id": "a17", "date": "2016-03-01", "outcome": "Overturned"}
    draft = api.post("/drafts", json=asked).json()
    assert (draft["id"], draft["date_of_review"], draft["issues"][0]["outcome"]) == ("a17", "2016-03-01", "Overturned")
    for issue in draft["issues"]:
        for support in (s for sentence in issue["sentences"] for s in sentence["supports"] if s["kind"] == "case"):
            assert ACUPUNCTURE[support["start"] : support["end"]] == support["quote"]
    assert api.get("/cases").json() == {"cases": [], "total": 0}


def test_services_that_are_given_are_those_that_are_drafted(api: TestClient) -> None:
    asked = {"case_summary": ACUPUNCTURE, "services": ["Home care", "A cane"]}
    assert [i["service"] for i in api.post("/drafts", json=asked).json()["issues"]] == ["Home care", "A cane"]


def test_a_case_without_a_service_cannot_be_drafted(api: TestClient) -> None:
    assert "no requested service" in refused(api.post("/drafts", json={"case_summary": "x"}), 422, "UnreadableCase")


def test_half_characters_become_replacement_characters(api: TestClient) -> None:
    content = json.dumps({"case_summary": "\ud83d " + ACUPUNCTURE, "services": ["A \udc00 cane"]})
    answer = api.post("/drafts", content=content, headers={"content-type": "application/json"}).json()
    assert answer["case"]["text"].startswith("\N{REPLACEMENT CHARACTER} A 55-year-old")
    assert answer["issues"][0]["service"] == "A \N{REPLACEMENT CHARACTER} cane"


def test_a_text_is_verified_against_a_case_that_comes_with_it(api: TestClient) -> None:
    answer = api.post("/verify", json={"text": "He is 55. He had 40 visits.", "case_summary": ACUPUNCTURE}).json()
    assert [s["verdict"] for s in answer["sentences"]] == ["not_checkable", "failed"]
    assert answer["sentences"][1]["problems"] == ["“40” stands nowhere in the summary."]
    assert answer["unsupported"] == 1
    assert PASSAGE.id in answer["passages"]
    assert {f["criterion_id"] for f in answer["findings"]} == {"gain", "more", "first"}


def test_a_text_is_verified_against_an_issue_of_a_kept_case(
    api: TestClient, service: FakeService, drafted: str
) -> None:
    kept = service.case("reviewer", drafted).draft.issues[0].sentences[0]
    asked = {"text": f"{kept.text} He had 40 visits.", "case_id": drafted, "issue": 0}
    answer = api.post("/verify", json=asked).json()
    assert [s["own"] for s in answer["sentences"]] == [False, True]
    assert answer["sentences"][0]["supports"][0]["id"] == PASSAGE.id
    refused(api.post("/verify", json={**asked, "issue": 7}), 404, "NotThere")
    refused(api.post("/verify", json={**asked, "case_id": "none"}), 404, "NotThere")


def test_a_text_is_verified_for_one_service(api: TestClient) -> None:
    asked = {"text": "He is 55.", "case_summary": f"{ACUPUNCTURE} He asked for 4 sessions of yoga for the low back."}
    assert "2 disputed services" in refused(api.post("/verify", json=asked), 422, "WrongInput")
    assert api.post("/verify", json={**asked, "service": "4 sessions of yoga"}).status_code == 200


# --- the library --------------------------------------------------------------------------------------------------


def test_decisions_are_found_the_same_by_address_and_by_body(api: TestClient) -> None:
    asked = {"words": "acupunture", "outcome": "Upheld", "facets": True, "limit": 5}
    by_address, by_body = api.get("/decisions/search", params=asked).json(), api.post("/decisions/search", json=asked)
    assert by_address == by_body.json()
    assert by_address["corrections"] == [{"typed": "acupunture", "used": "acupuncture"}]
    assert by_address["matching"] == {"Upheld": 0, "Overturned": 0, "illustrative": 1}
    assert [r["decision_id"] for r in by_address["results"]] == ["d1"]
    assert by_address["facets"]["region"][0] == {"value": "low back", "Upheld": 14, "Overturned": 6, "illustrative": 1}
    assert api.post("/decisions/search", json={**asked, "offset": 1}).json()["results"] == []


def test_a_choice_that_names_nothing_is_refused(api: TestClient) -> None:
    refused(api.get("/decisions/search", params={"region": "elephant"}), 422, "WrongInput")


def test_a_decision_is_read_with_its_whole_letter(api: TestClient) -> None:
    answer = api.get("/decisions/d1").json()
    assert (answer["position"], answer["illustrative"]) == (0, True)
    assert answer["letter"]["decisions"][0]["service"] == "Acupuncture, 8 sessions"
    assert answer["letter"]["dates"]["decision_date"] == "2016-03-01"
    refused(api.get("/decisions/d9"), 404, "NotThere")


def test_a_passage_is_read_by_an_id_with_slashes(api: TestClient) -> None:
    answer = api.get(f"/passages/{PASSAGE.id}").json()
    assert (answer["id"], answer["in_force_to"]) == (PASSAGE.id, "2017-12-01")
    assert all(criterion["text"] in answer["text"] for criterion in answer["criteria"])
    assert len(answer["criteria"]) == 3
    refused(api.get("/passages/none/of/these"), 404, "NotThere")


def test_the_guidelines_in_force_on_a_day_are_listed(api: TestClient) -> None:
    every = api.get("/guidelines").json()["guidelines"]
    assert [g["guideline"] for g in every] == [PASSAGE.guideline, NOTE.guideline]
    assert every[0]["sections"] == [{"section": None, "passages": [PASSAGE.id]}]
    now = api.get("/guidelines", params={"in_force_on": "2020-01-01"}).json()["guidelines"]
    assert [(g["guideline"], g["in_force_from"], g["in_force_to"]) for g in now] == [
        (NOTE.guideline, "2017-12-01", None)
    ]


def test_health(api: TestClient) -> None:
    told = api.get("/health").json()
    assert (told["status"], told["letters"], told["guidelines"], told["chat_model"]) == ("ok", 0, 2, None)


# --- imports ------------------------------------------------------------------------------------------------------


def incoming(service: FakeService) -> list[object]:
    """What lies in the folder of files on their way."""
    folder = service.settings.data_dir / "incoming"
    return list(folder.iterdir()) if folder.is_dir() else []


def test_a_file_is_only_looked_at(api: TestClient, service: FakeService) -> None:
    answer = api.post("/imports?dry_run=true", content=b"Upheld.", headers=LETTER_FILE)
    assert answer.status_code == 200
    assert [letter["case_number"] for letter in answer.json()["letters"]] == ["CM13-0000001"]
    other = api.post("/imports?dry_run=true", content=b"Nothing.", headers=LETTER_FILE).json()
    assert [row["file"] for row in other["not_read"]] == ["letter.txt"]
    assert (service.stored, incoming(service)) == ([], [])


def test_an_import_is_followed_to_its_end_and_leaves_no_copy(
    api: TestClient, service: FakeService, served: tuple[FastAPI, Desk]
) -> None:
    may_end = threading.Event()
    service.before_draft = may_end.wait
    begun = api.post("/imports", content=b"Upheld.", headers={**LETTER_FILE, "x-file-name": "caf%C3%A9.txt"})
    job = begun.json()["job"]
    assert (begun.status_code, begun.headers["location"]) == (202, f"/api/v1/imports/{job}")
    assert api.get(f"/imports/{job}").json()["state"] == "running"
    busy = api.post("/imports", content=b"Upheld.", headers=LETTER_FILE)
    assert "at work on an import" in refused(busy, 409, "Busy")
    assert len(incoming(service)) == 1
    may_end.set()
    served[1].jobs.of(KEY).future.result()
    told = api.get(f"/imports/{job}").json()
    assert (told["state"], told["error"], told["progress"]["done"]) == ("done", None, 1)
    assert told["report"]["files"] == ["café.txt"]
    assert incoming(service) == []


def test_an_import_is_cancelled(api: TestClient, service: FakeService, served: tuple[FastAPI, Desk]) -> None:
    may_end = threading.Event()
    service.before_draft = may_end.wait
    job = api.post("/imports", content=b"Upheld.", headers=LETTER_FILE).json()["job"]
    assert api.delete(f"/imports/{job}").json()["progress"]["stopping"] is True
    may_end.set()
    served[1].jobs.close()
    assert api.get(f"/imports/{job}").json()["state"] == "cancelled"
    assert api.delete(f"/imports/{job}").json()["state"] == "cancelled"
    refused(api.delete("/imports/none"), 404, "NotThere")


def test_an_import_that_fails_says_why(api: TestClient, service: FakeService, served: tuple[FastAPI, Desk]) -> None:
    def full() -> None:
        raise DataFolderError("The disk is full.")

    service.before_draft = full
    job = api.post("/imports", content=b"Upheld.", headers=LETTER_FILE).json()["job"]
    served[1].jobs.close()
    told = api.get(f"/imports/{job}").json()
    assert (told["state"], told["error"]) == ("failed", "The disk is full.")
    assert incoming(service) == []


def test_an_import_of_an_earlier_start_is_told_from_its_report(service: FakeService, api: TestClient) -> None:
    from datetime import datetime

    from assistant.library.import_log import ImportCounts, ImportState, StoredImport

    began = datetime(2026, 1, 1)  # noqa: DTZ001 - as the table holds it
    stopped = StoredImport(1, began, None, ImportState.STOPPED, ("a.zip",), "token-of-then", ImportCounts(), None)
    service.stored.append(stopped)
    told = api.get("/imports/token-of-then").json()
    assert (told["state"], told["progress"], told["report"]["files"]) == ("stopped", None, ["a.zip"])


def test_the_text_of_a_guideline_is_imported_by_its_particulars(
    api: TestClient, service: FakeService, served: tuple[FastAPI, Desk]
) -> None:
    said = {"label": "Knee Disorders 2020", "kind": "official", "in_force_from": "2020-01-01"}
    file = {"content": b"# Imaging\n\nAn MRI is recommended after six weeks.\n", "headers": {"x-file-name": "knee.md"}}
    seen = api.post("/imports", params={**said, "dry_run": True}, **file).json()
    assert (seen["guideline"]["ready"], service.imported) == (True, [])
    job = api.post("/imports", params=said, **file).json()["job"]
    served[1].jobs.of(KEY).future.result(timeout=30)
    assert api.get(f"/imports/{job}").json()["report"]["label"] == "Knee Disorders 2020"
    assert [p.guideline for p in service.imported] == ["Knee Disorders 2020"]


@pytest.mark.parametrize("name", ["letter.exe", "letter", "..%2F.pdf.sh"])
def test_a_file_of_another_kind_is_not_taken(api: TestClient, service: FakeService, name: str) -> None:
    answer = api.post("/imports", content=b"x", headers={**LETTER_FILE, "x-file-name": name})
    assert "kind of file" in refused(answer, 415, "WrongMediaType")
    assert incoming(service) == []


def test_an_empty_file_is_refused_and_leaves_nothing(api: TestClient, service: FakeService) -> None:
    refused(api.post("/imports", content=b"", headers=LETTER_FILE), 422, "AssistantError")
    assert incoming(service) == []


def test_an_upload_of_the_page_stays_when_the_api_brings_a_file(api: TestClient, served: tuple[FastAPI, Desk]) -> None:
    uploads = served[1].uploads
    pages = uploads.begin()
    api.post("/imports?dry_run=true", content=b"Upheld.", headers=LETTER_FILE)
    apis = uploads.begin_own()
    assert uploads.has(pages)
    uploads.begin()
    assert (uploads.has(pages), uploads.has(apis)) == (False, True)


# --- cases --------------------------------------------------------------------------------------------------------


def test_a_case_is_made_listed_changed_put_away_and_brought_back(api: TestClient) -> None:
    made = api.post("/cases", json={"case_summary": ACUPUNCTURE, "date": "2016-03-01"})
    case = made.json()["id"]
    assert (made.status_code, made.headers["location"]) == (201, f"/api/v1/cases/{case}")
    assert (made.json()["version"], made.json()["draft"]) == (0, None)
    assert [row["id"] for row in api.get("/cases").json()["cases"]] == [case]
    assert api.get("/cases", params={"state": "exported"}).json()["total"] == 0
    changed = api.patch(f"/cases/{case}", json={"title": "Needles", "services": ["Acupuncture"]}).json()
    assert (changed["title"], changed["services"], changed["date"]) == ("Needles", ["Acupuncture"], "2016-03-01")
    gone = api.delete(f"/cases/{case}")
    assert (gone.status_code, gone.content) == (204, b"")
    refused(api.get(f"/cases/{case}"), 404, "NotThere")
    assert api.post(f"/cases/{case}/restore").json()["title"] == "Needles"
    assert api.get(f"/cases/{case}").json()["case_summary"] == ACUPUNCTURE


def test_a_case_of_another_user_is_not_there(api: TestClient, service: FakeService) -> None:
    theirs = service.create_case("somebody", ACUPUNCTURE).id
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/restore"), ("POST", "/draft"), ("GET", "/versions")):
        refused(api.request(method, f"/cases/{theirs}{path}"), 404, "NotThere")


def test_a_case_is_drafted_decided_edited_and_exported(api: TestClient) -> None:
    case = api.post("/cases", json={"case_summary": ACUPUNCTURE}).json()["id"]
    assert api.post(f"/cases/{case}/draft").json()["version"] == 1
    decided = api.put(f"/cases/{case}/issues/0/outcome", json={"outcome": "Overturned"}).json()
    assert [(act["issue"], act["outcome"], act["by"]) for act in decided["decided"]] == [(0, "Overturned", "reviewer")]
    refused(api.get(f"/cases/{case}/export/md"), 409, "NotReadyForExport")
    written = api.put(f"/cases/{case}/issues/0/text", json={"text": "He improved.", "base": 2}).json()
    assert written["draft"]["issues"][0]["rationale"] == "He improved."
    file = api.get(f"/cases/{case}/export/md", params={"evidence": False})
    assert (file.text, file.headers["content-type"]) == ("He improved.", "text/markdown; charset=utf-8")
    assert file.headers["content-disposition"] == f'attachment; filename="determination-{case}.md"'
    assert api.get(f"/cases/{case}").json()["exported"] is True
    assert [v["cause"] for v in api.get(f"/cases/{case}/versions").json()["versions"]] == [
        "edited",
        "outcome_set",
        "drafted",
    ]
    assert api.put(f"/cases/{case}/issues/0/outcome", json={"outcome": None}).json()["decided"] == []


def test_an_edit_of_an_older_version_overwrites_nothing(api: TestClient, drafted: str) -> None:
    api.put(f"/cases/{drafted}/issues/0/text", json={"text": "Mine.", "base": 1})
    late = api.put(f"/cases/{drafted}/issues/0/text", json={"text": "Theirs.", "base": 1})
    assert "changed elsewhere" in refused(late, 409, "Conflict")
    assert api.get(f"/cases/{drafted}").json()["draft"]["issues"][0]["rationale"] == "Mine."


def test_an_issue_that_the_draft_has_not_is_not_there(api: TestClient, drafted: str) -> None:
    refused(api.put(f"/cases/{drafted}/issues/5/outcome", json={"outcome": "Upheld"}), 404, "NotThere")
    refused(api.put(f"/cases/{drafted}/issues/5/text", json={"text": "x", "base": 1}), 404, "NotThere")


def test_one_draft_of_a_case_at_a_time(api: TestClient, service: FakeService, served, drafted: str) -> None:
    may_end = threading.Event()
    service.before_draft = may_end.wait
    first = served[1].jobs.draft(drafted, lambda step, stop: service.draft_case("reviewer", drafted, step))
    assert "at work on this case" in refused(api.post(f"/cases/{drafted}/draft"), 409, "Busy")
    may_end.set()
    first.future.result()
    assert api.post(f"/cases/{drafted}/draft", json={"model": False}).json()["version"] == 3


# --- what goes wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param({}, "case_summary is missing", id="a part is missing"),
        pytest.param({"case_summary": 5}, "case_summary is not right", id="a number for a text"),
        pytest.param({"case_summary": "x", "date": f"{SECRET}"}, "date is not right", id="no date"),
        pytest.param({"case_summary": "x", "date": "2016-02-31"}, "there is no such day", id="no such day"),
        pytest.param({"case_summary": "x", "outcome": SECRET}, "outcome is not right", id="no outcome"),
        pytest.param({"case_summary": "x", SECRET: SECRET}, "a part that is not known", id="an unknown part"),
        pytest.param({"case_summary": "x", "services": [SECRET] * 60}, "services is not right", id="too many"),
        pytest.param({"case_summary": {SECRET: SECRET}}, "case_summary is not right", id="an object for a text"),
        pytest.param([SECRET], "is not right", id="a list"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_of_it_comes_back(api: TestClient, body, told: str) -> None:
    answer = api.post("/drafts", json=body)
    assert told in refused(answer, 422, "WrongInput")
    assert SECRET not in answer.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.sampled_from(["case_summary", "id", "date", "services", "outcome", "model", "other"]),
    st.recursive(
        st.just(SECRET),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just(SECRET), inner),
        max_leaves=4,
    ),
)
def test_no_refusal_quotes_the_request(api: TestClient, part: str, value: object) -> None:
    for path in ("/drafts", "/verify", "/cases", "/decisions/search"):
        answer = api.post(path, json={"text": 1, part: value})
        assert answer.status_code == 422
        assert SECRET not in answer.text


@pytest.mark.parametrize(
    "content", [b"{", b'"\xff"', b"[" * 100_000, b'{"case_summary": ' + b"9" * 5000 + b"}"], ids=lambda c: str(c[:9])
)
def test_what_is_no_json_is_refused(api: TestClient, content: bytes) -> None:
    refused(api.post("/drafts", content=content, headers={"content-type": "application/json"}), 422, "WrongInput")


def test_a_body_that_does_not_say_that_it_is_json_is_refused(api: TestClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = api.post("/drafts", content=b'{"case_summary": "x"}', headers={"content-type": kind})
        refused(answer, 415, "WrongMediaType")


def test_a_body_that_is_too_large_is_refused_announced_or_not(api: TestClient) -> None:
    headers = {"content-type": "application/json"}
    announced = api.post("/drafts", content=b"x", headers={**headers, "content-length": str(MAX_BODY + 1)})
    refused(announced, 413, "TooLarge")
    piece = b" " * (MAX_BODY // 4)
    refused(api.post("/drafts", content=iter([piece] * 5), headers=headers), 413, "TooLarge")


def test_another_method_is_told_which_there_are(api: TestClient) -> None:
    answer = api.put("/cases/case1")
    refused(answer, 405, "NotAllowed")
    assert answer.headers["allow"] == "DELETE, GET, PATCH"


@pytest.mark.parametrize("path", ["/nothing", "/drafts/", "/cases/../drafts", "/docs", ""])
def test_an_address_that_is_none_is_refused_in_the_same_shape(api: TestClient, path: str) -> None:
    answer = api.request("GET", f"http://127.0.0.1:7860/api/v1{path.replace('..', '%2e%2e')}")
    refused(answer, 404, "NotThere")


def test_a_fault_of_the_program_tells_and_logs_nothing_of_the_case(
    api: TestClient, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError(SECRET)

    service.before_draft = broken
    answer = api.post("/drafts", json={"case_summary": ACUPUNCTURE})
    assert "What was saved is safe" in refused(answer, 500, "Fault")
    assert SECRET not in caplog.text
    assert "RuntimeError at" in caplog.text
    assert "test_api.py" in caplog.text


def test_a_data_folder_that_cannot_be_used_is_503(api: TestClient, service: FakeService) -> None:
    def broken() -> None:
        raise DataFolderError("The disk is full.")

    service.before_draft = broken
    assert refused(api.post("/drafts", json={"case_summary": ACUPUNCTURE}), 503, "DataFolderError").endswith("full.")


def test_any_other_sentence_for_the_user_is_422(api: TestClient, service: FakeService) -> None:
    def broken() -> None:
        raise AssistantError("Not so.")

    service.before_draft = broken
    refused(api.post("/drafts", json={"case_summary": ACUPUNCTURE}), 422, "AssistantError")


def test_the_description_is_served_to_who_has_the_token(api: TestClient) -> None:
    description = api.get("/openapi.json").json()
    assert description["security"] == [{"token": []}]
    assert API_TOKEN not in json.dumps(description)
    statuses = {s for path in description["paths"].values() for op in path.values() for s in op["responses"]}
    assert {"401", "403", "404", "409", "413", "415", "422", "500", "503"} <= statuses
