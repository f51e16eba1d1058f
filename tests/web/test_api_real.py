"""The API over the real service: the same drafts as on the command line, and nothing that is not described."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from api_app import BEARER, api_app, client_of
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.service import Service
from assistant.settings import Settings
from assistant.web import api
from assistant.web.acts import Desk
from assistant.web.letter_imports import KEY

CONTRACTS = Path(__file__).parents[1] / "contracts"
CASES = Path(__file__).parents[2] / "corpus" / "cases"
SAMPLE = CASES / "acupuncture-low-back.txt"
DAY = "2016-03-01"
SERVICES = ["MRI of the lumbar spine", "Gabapentin 300 mg #90", "something unheard of"]


@pytest.fixture(scope="module")
def data_dir(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the module."""
    return Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("real") / "data"))


@pytest.fixture(scope="module")
def served(data_dir: Path) -> Iterator[tuple[FastAPI, Desk]]:
    service = Service.open(Settings(data_dir=data_dir))
    app, desk = api_app(service, service.settings)
    yield app, desk
    desk.jobs.close()
    service.close()


@pytest.fixture
def client(served: tuple[FastAPI, Desk]) -> TestClient:
    return client_of(served[0], BEARER)


def closed(schema: Any) -> Any:
    """The description with every object closed: what it does not name is an error."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {name: closed(part) for name, part in schema.items()}
    if schema.get("type") == "object" and "additionalProperties" not in schema and "properties" in schema:
        shut["additionalProperties"] = False
    return shut


def described(answer: Any, name: str) -> Any:
    """The answer, once it holds to its description and holds nothing beside it."""
    components = {"components": closed(api.schema()["components"])}
    jsonschema.validate(answer, {"$ref": f"#/components/schemas/{name}", **components})
    return answer


def contract(answer: Any, name: str) -> None:
    """The answer holds the contract of the command line."""
    jsonschema.validate(answer, json.loads((CONTRACTS / f"{name}.schema.json").read_text("utf-8")))


def test_a_draft_is_that_of_the_command_line(client: TestClient, data_dir: Path, run_cli) -> None:
    printed = run_cli("draft", SAMPLE, "--date", DAY, "--json", "--data-dir", data_dir)
    ours = json.loads(printed.stdout)
    asked = {"case_summary": SAMPLE.read_text("utf-8"), "date": DAY, "id": SAMPLE.stem}
    theirs = client.post("/drafts", json=asked).json()
    contract(theirs, "draft")
    described(theirs, "DraftAnswer")
    ours.pop("took_ms")
    assert theirs.pop("took_ms") > 0
    assert theirs == ours
    assert theirs["issues"]


def test_samples_and_an_unknown_service_hold_to_the_description(client: TestClient) -> None:
    texts = sorted(CASES.glob("*.txt"))[:3]
    assert len(texts) == 3
    for path in texts:
        answer = client.post("/drafts", json={"case_summary": path.read_text("utf-8"), "services": SERVICES})
        described(answer.json(), "DraftAnswer")


def test_a_drafted_rationale_is_verified_and_a_changed_number_is_not(client: TestClient) -> None:
    text = SAMPLE.read_text("utf-8")
    issue = client.post("/drafts", json={"case_summary": text, "date": DAY}).json()["issues"][0]
    asked = {"case_summary": text, "date": DAY, "service": issue["service"]}
    same = client.post("/verify", json={**asked, "text": issue["rationale"]}).json()
    described(same, "VerifyAnswer")
    assert same["unsupported"] == 0
    assert [s["text"] for s in same["sentences"]] == [s["text"] for s in issue["sentences"] if not s["slot"]]
    wrong = client.post("/verify", json={**asked, "text": "The patient is 93 years old."}).json()
    assert wrong["unsupported"] == 1
    assert wrong["sentences"][0]["problems"]


def test_a_verification_is_that_of_the_command_line(
    client: TestClient, data_dir: Path, run_cli, tmp_path: Path
) -> None:
    rationale = tmp_path / "rationale.txt"
    rationale.write_text("The patient is 93 years old. He has had acupuncture.", "utf-8")
    command = ("verify", rationale, SAMPLE, "--date", DAY, "--data-dir", data_dir)
    asked = {"text": rationale.read_text("utf-8"), "case_summary": SAMPLE.read_text("utf-8"), "date": DAY}
    assert json.loads(run_cli(*command, "--json").stdout) == client.post("/verify", json=asked).json()


def test_a_conclusion_is_held_against_an_outcome_only_where_one_is_given(client: TestClient) -> None:
    text = SAMPLE.read_text("utf-8")
    service = client.post("/drafts", json={"case_summary": text, "date": DAY}).json()["issues"][0]["service"]
    says = f"The requested {service} is medically necessary."
    asked = {"case_summary": text, "date": DAY, "service": service, "text": says}

    def problems(**more: str) -> list[str]:
        return client.post("/verify", json={**asked, **more}).json()["sentences"][0]["problems"]

    assert any("the outcome set is Upheld" in p for p in problems(outcome="Upheld"))
    assert not any("the outcome set" in p for p in [*problems(), *problems(outcome="Overturned")])


def test_a_search_leads_to_letters_and_passages(client: TestClient) -> None:
    found = client.post("/decisions/search", json={"words": "acupuncture", "facets": True}).json()
    contract(found, "search")
    described(found, "SearchAnswer")
    decision = described(client.get(f"/decisions/{found['results'][0]['decision_id']}").json(), "DecisionAnswer")
    named = decision["letter"]["decisions"][decision["position"]]["service"]
    assert named == found["results"][0]["service"]
    like = client.get("/decisions/search", params={"like": decision["decision_id"]}).json()
    assert decision["decision_id"] not in [r["decision_id"] for r in like["results"]]
    guidelines = described(client.get("/guidelines").json(), "GuidelinesAnswer")["guidelines"]
    assert len(guidelines) > 20
    passage = guidelines[0]["sections"][0]["passages"][0]
    assert described(client.get(f"/passages/{passage}").json(), "PassageAnswer")["id"] == passage
    assert described(client.get("/health").json(), "HealthAnswer")["guidelines"] == len(guidelines)


def test_a_case_is_kept_drafted_decided_edited_and_exported(client: TestClient) -> None:
    made = client.post("/cases", json={"case_summary": SAMPLE.read_text("utf-8"), "date": DAY}).json()
    described(made, "CaseAnswer")
    case = f"/cases/{made['id']}"
    assert described(client.post(f"{case}/draft").json(), "CaseAnswer")["version"] == 1
    decided = client.put(f"{case}/issues/0/outcome", json={"outcome": "Upheld"}).json()
    described(decided, "CaseAnswer")
    assert decided["draft"]["issues"][0]["outcome_from"] == "reviewer"
    words = "The request is not medically necessary."
    written = client.put(f"{case}/issues/0/text", json={"text": words, "base": decided["version"]}).json()
    assert described(written, "CaseAnswer")["draft"]["issues"][0]["rationale"] == words
    late = client.put(f"{case}/issues/0/text", json={"text": "Late.", "base": 1})
    assert (late.status_code, late.json()["kind"]) == (409, "Conflict")
    file = client.get(f"{case}/export/json").json()
    contract(file, "determination")
    assert len(described(client.get(f"{case}/versions").json(), "VersionsAnswer")["versions"]) == 3
    assert described(client.get("/cases").json(), "CasesAnswer")["cases"][0]["state"] == "exported"


def test_letters_are_looked_at_and_imported(client: TestClient, served: tuple[FastAPI, Desk], data_dir: Path) -> None:
    letter = client.get("/decisions/search", params={"words": "acupuncture"}).json()["results"][0]
    read = client.get(f"/decisions/{letter['decision_id']}").json()["letter"]
    line = json.dumps({**read, "case_number": "CM17-0999999"}).encode()
    sent = {"content": line, "headers": {"x-file-name": "letters.jsonl"}}
    seen = described(client.post("/imports?dry_run=true", **sent).json(), "Preview")
    contract(seen["letters"][0], "import")
    begun = described(client.post("/imports", **sent).json(), "ImportAnswer")
    served[1].jobs.of(KEY).future.result()
    told = described(client.get(f"/imports/{begun['job']}").json(), "ImportAnswer")
    assert (told["state"], told["report"]["read"]) == ("done", 1)
    assert client.get("/health").json()["letters"] == 1
    assert list((data_dir / "incoming").iterdir()) == []


def test_odd_characters_in_an_address_or_in_words_are_no_fault(client: TestClient) -> None:
    for words in ("\x00", '"', "a\x00b", "AND OR NOT", "*", "^", "\u202e", "'); DROP TABLE", "x" * 2000):
        assert client.post("/decisions/search", json={"words": words}).status_code == 200, words
    for path in ("/passages/%00", "/passages/..%2f..%2fetc", "/decisions/a:b:c", "/cases/none", "/imports/none"):
        assert client.get(path).status_code == 404, path
