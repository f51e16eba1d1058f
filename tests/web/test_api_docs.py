"""The API's documents: the description is the program's own, and every example of docs/api.md is answered."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from string import Template
from typing import NamedTuple

from api_app import API_TOKEN, ORIGIN, api_app, client_of
from fake_service import FakeService

from assistant.settings import Settings

_DOCS = Path(__file__).parents[2] / "docs"
_COMMAND = re.compile(
    r"^(?:(?P<name>\w+)=\$\()?(?P<curl>curl .*?)(?:\s*\| python3 -c '[^']*\[\"(?P<part>\w+)\"\][^']*'\))?$", re.M | re.S
)


class Example(NamedTuple):
    """A request of the page, and the part of its answer that a variable keeps."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    name: str | None
    part: str | None


def _commands() -> list[re.Match[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", (_DOCS / "api.md").read_text("utf-8"), re.S)
    lines = re.split(r"\n(?=\w+=|curl |export |imr-assistant )", "\n".join(blocks))
    return [match for line in lines if (match := _COMMAND.fullmatch(line.strip()))]


def _example(match: re.Match[str], known: dict[str, str]) -> Example:
    method, url, headers, body = "GET", "", {}, None
    words = iter(shlex.split(match["curl"])[1:])
    for word in words:
        if word == "-s":
            continue
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = Template(next(words)).substitute(known).partition(": ")
            headers[name] = value
        elif word in {"-d", "--data-binary"}:
            given = next(words)
            body = b"Upheld." if given == "@letter.txt" else given.encode()
            method = "POST" if method == "GET" else method
        else:
            url = Template(word).substitute(known)
    return Example(method, url, headers, body, match["name"], match["part"])


def test_every_example_is_answered(tmp_path: Path) -> None:
    service = FakeService(Settings(data_dir=tmp_path))
    app, desk = api_app(service, service.settings)
    known = {"API": f"{ORIGIN}/api/v1", "AUTH": f"Authorization: Bearer {API_TOKEN}"}
    commands = _commands()
    seen = set()
    for match in commands:
        example = _example(match, known)
        answer = client_of(app, {}).request(example.method, example.url, content=example.body, headers=example.headers)
        assert answer.status_code < 300, f"{match[0]}: {answer.text}"
        seen.add((example.method, example.url.partition("?")[0]))
        if example.name:
            known[example.name] = answer.json()[example.part]
    desk.jobs.close()
    assert len(commands) == (_DOCS / "api.md").read_text("utf-8").count("curl -s")
    assert len(seen) >= 15


def test_the_description_is_up_to_date(run_cli) -> None:
    printed = run_cli("api", "schema")
    assert printed.returncode == 0, printed.stderr
    kept = json.loads((_DOCS / "openapi.json").read_text("utf-8"))
    assert json.loads(printed.stdout) == kept, "imr-assistant api schema > docs/openapi.json"


def test_the_description_has_words_for_every_act() -> None:
    described = json.loads((_DOCS / "openapi.json").read_text("utf-8"))
    acts = [act for path in described["paths"].values() for act in path.values()]
    assert len(acts) == 22
    assert [act["operationId"] for act in acts if not act.get("description")] == []
