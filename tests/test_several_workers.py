"""Two processes of the program over one PostgreSQL database, as behind a proxy: whichever answers, it is one page."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
import pytest
from postgres_server import PostgresServer
from pydantic import SecretStr
from sqlalchemy import delete

from assistant.database import writing
from assistant.keys import new_key
from assistant.library.opening import database_of
from assistant.records.jobs import CUT_OFF
from assistant.records.tables import SignInTriesRow
from assistant.rights import Role
from assistant.service import Service
from assistant.settings import Settings
from tests.models import babbling_server as model_server

pytestmark = [pytest.mark.slow, pytest.mark.servers]

PAGE = "http://127.0.0.1:8999"  # the address of a proxy, which is played by the tests
PASSWORD = "Sieben-Raben-im-Schnee"  # noqa: S105
SUMMARY = (
    "The injured worker is a 55 year old male with low back pain since 2014. Treatment to date has included "
    "medications and six sessions of acupuncture. The request is for acupuncture, 6 sessions."
)
_PATIENCE = 60  # seconds for what is waited for
_FORM = re.compile(r'name="form" value="([0-9a-f]+)"')


@dataclass
class Worker:
    """One process of the program, with a data folder of its own."""

    process: subprocess.Popen[str]
    port: int
    components: dict[str, int] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """The address of a path in this process; the page's own name goes as the Host header."""
        return f"http://127.0.0.1:{self.port}{path}"


class Browser:
    """A browser that the proxy sends now to one process and now to another: one jar of cookies for all."""

    def __init__(self) -> None:
        self.client = httpx.Client(headers={"host": PAGE.removeprefix("http://"), "origin": PAGE}, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def sign_in(self, worker: Worker, other: Worker, name: str = "rita") -> None:
        """Take the form from one process and send it to the other."""
        form = _FORM.search(self.client.get(worker.at("/sign-in")).text)
        assert form
        fields = {"name": name, "password": PASSWORD, "form": form.group(1), "next": "/"}
        assert self.client.post(other.at("/sign-in"), data=fields).status_code == 303

    def call(self, worker: Worker, act: str, **values: Any) -> dict[str, Any]:
        """One act of the page, answered by a process."""
        if not worker.components:
            found = self.client.get(worker.at("/config")).json()["components"]
            worker.components = {name: c["id"] for c in found for name in c["props"].get("server_fns") or []}
        body = {"session_hash": "two", "component_id": worker.components[act], "fn_name": act, "data": values}
        answer = self.client.post(worker.at("/gradio_api/component_server/"), json=body)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert isinstance(found, dict)
        return found

    def until(self, worker: Worker, case: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Follow the work on a case in a process until something holds of it."""
        late = time.monotonic() + _PATIENCE
        while time.monotonic() < late:
            job = self.call(worker, "follow", case=case)["job"]
            if job is not None and holds(job):
                return job
            assert worker.process.poll() is None
        raise AssertionError(f"it was waited for in vain: {job}")

    def answering(self, worker: Worker, case: str) -> list[dict[str, Any]]:
        """The turns of a case, once an answer is among them, as a process gives them."""
        late = time.monotonic() + _PATIENCE
        while time.monotonic() < late:
            turns: list[dict[str, Any]] = self.call(worker, "open_case", case=case)["case"]["turns"]
            if any(turn["role"] == "assistant" for turn in turns):
                return turns
        raise AssertionError("no answer was begun")


@dataclass
class Office:
    """Two processes over one database, and the chat model that both ask."""

    start: Callable[[], Worker]
    workers: list[Worker]
    model: model_server.Babbling
    browser: Browser
    forget_tries: Callable[[], None]  # that failed, so that the next test may sign in

    @property
    def first(self) -> Worker:
        return self.workers[0]

    @property
    def second(self) -> Worker:
        return self.workers[1]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def office(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two processes that serve; each has a data folder of its own, and they share database, keys and settings."""
    key, log_key = new_key(), "the-key-of-the-log-in-this-test-alone"
    with ExitStack() as stack:
        url = stack.enter_context(postgres.database())
        model = stack.enter_context(model_server.babbling(model_server.hangs))
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("first"),
            database_url=SecretStr(url),
            key=SecretStr(key),
            vectors="pgvector",
            audit_key=SecretStr(log_key),
        )
        service = Service.open(settings)
        service.accounts.add("rita", Role.REVIEWER, PASSWORD)
        service.accounts.add("ruth", Role.REVIEWER, PASSWORD)
        service.close()
        given = {
            "IMR_DATABASE_URL": url,
            "IMR_KEY": key,
            "IMR_AUDIT_KEY": log_key,
            "IMR_VECTORS": "pgvector",
            "IMR_ACCOUNTS": "on",
            "IMR_PUBLIC_URL": PAGE,
            "IMR_CHAT_MODEL": "openai:m",
            "IMR_CHAT_URL": model.url,
            "IMR_CHAT_KEY": "k",
            "IMR_CHAT_AGENT": "on",
            "IMR_CHAT_TIMEOUT": "300",
            "IMR_CHAT_DRAFT_SECONDS": "300",
            "PYTHONUNBUFFERED": "1",
        }

        def start() -> Worker:
            port = _free_port()
            command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
            folder = str(tmp_path_factory.mktemp("worker"))
            process = stack.enter_context(
                subprocess.Popen(
                    command, stderr=subprocess.PIPE, text=True, env=os.environ | given | {"IMR_DATA_DIR": folder}
                )
            )
            stack.callback(process.kill)
            said = []
            for line in process.stderr or ():
                said.append(line)
                if "/sign-in" in line:
                    break
            else:
                pytest.fail(f"a process ended without a link: {''.join(said)}")
            threading.Thread(target=lambda: list(process.stderr or ()), daemon=True).start()
            return Worker(process, port)

        def forget_tries() -> None:
            engine = database_of(settings)
            with writing(engine) as session:
                session.execute(delete(SignInTriesRow))
            engine.dispose()

        yield Office(start, [start(), start()], model, stack.enter_context(Browser()), forget_tries)


@pytest.fixture
def case(office: Office) -> str:
    """A case whose draft is under way in the first process and waits for the chat model; rita has signed in."""
    browser = office.browser
    if "name" not in browser.client.get(office.first.at("/who")).text:
        browser.sign_in(office.first, office.second)
    made = browser.call(office.first, "create_case", text=SUMMARY, day="2016-03-01")
    browser.until(office.first, made["id"], lambda job: any("chat model" in line for line in job["lines"]))
    return str(made["id"])


def asks_the_model(job: dict[str, Any]) -> bool:
    """Whether a job has come to the chat model, which says nothing."""
    return any("chat model" in line for line in job["lines"])


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser in which nobody is signed in."""
    with Browser() as made:
        yield made


def test_who_signed_in_at_one_is_known_at_the_other_until_they_leave(office: Office, browser: Browser) -> None:
    browser.sign_in(office.first, office.second)
    for worker in office.workers:
        assert browser.client.get(worker.at("/who")).json()["name"] == "rita"
    form = browser.client.get(office.first.at("/who")).json()["form"]
    assert browser.client.post(office.second.at("/sign-out"), data={"form": form}).status_code == 303
    for worker in office.workers:
        assert "name" not in browser.client.get(worker.at("/who")).text


def test_a_draft_begun_at_one_is_followed_refused_stopped_and_seen_whole_at_the_other(
    office: Office, case: str
) -> None:
    browser, there = office.browser, office.second
    shown = browser.until(there, case, asks_the_model)
    assert (shown["kind"], shown["done"]) == ("draft", False)
    for act in ("draft_case", "ask"):
        words = {"message": "Why?"} if act == "ask" else {}
        refused = browser.call(there, act, case=case, **words)
        assert refused["error"] == "The assistant is still at work on this case; wait for it to end."
    assert browser.call(there, "open_case", case=case)["case"]["issues"] == []
    browser.call(there, "stop_model", case=case)
    ended = browser.until(there, case, lambda job: job["done"])
    assert ended["error"] is None
    opened = browser.call(there, "open_case", case=case)
    assert opened["case"]["version"] == 1
    assert len(opened["case"]["issues"]) == 1
    here = browser.call(office.first, "open_case", case=case)
    assert here["case"]["issues"] == opened["case"]["issues"]
    assert here["job"]["lines"] == opened["job"]["lines"] == ended["lines"]


def test_a_chat_turn_is_followed_and_stopped_at_the_other(office: Office, case: str) -> None:
    browser = office.browser
    browser.call(office.second, "stop_model", case=case)
    browser.until(office.second, case, lambda job: job["done"])
    browser.call(office.first, "ask", case=case, message="What does the weather do to a low back?")
    shown = browser.until(office.second, case, lambda job: job["kind"] == "chat")
    assert not shown["done"]
    assert shown["question"] == "What does the weather do to a low back?"
    turns = browser.answering(office.second, case)
    assert [(turn["done"], turn["stopped"]) for turn in turns if turn["role"] == "assistant"] == [(False, False)]
    assert "still at work" in browser.call(office.second, "delete_chat", case=case)["error"]
    browser.call(office.second, "stop_turn", case=case)
    ended = browser.until(office.second, case, lambda job: job["done"])
    assert (ended["error"], ended["question"]) == (None, "")
    for worker in office.workers:
        last = browser.call(worker, "open_case", case=case)["case"]["turns"][-1]
        assert (last["done"], last["stopped"]) == (True, True)


def test_an_edit_at_one_is_a_conflict_at_the_other_and_words_being_typed_stay_where_they_are(
    office: Office, case: str
) -> None:
    browser = office.browser
    browser.call(office.second, "stop_model", case=case)
    browser.until(office.second, case, lambda job: job["done"])
    browser.call(office.first, "keep_typed", case=case, issue=0, text="Half a sen", base=1)
    assert browser.call(office.second, "open_case", case=case)["case"]["version"] == 1
    saved = browser.call(office.first, "save_text", case=case, issue=0, text="Half a sentence is whole.", base=1)
    assert saved["case"]["version"] == 2
    refused = browser.call(office.second, "save_text", case=case, issue=0, text="Another one.", base=1)
    assert refused["kind"] == "Conflict"
    assert browser.call(office.second, "open_case", case=case)["case"]["version"] == 2


def test_a_process_that_is_killed_in_mid_draft_frees_the_case(office: Office, case: str) -> None:
    browser, killed = office.browser, office.first
    browser.until(office.second, case, asks_the_model)
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait()
    told = browser.until(office.second, case, lambda job: job["done"])
    assert told["error"] == CUT_OFF
    assert browser.call(office.second, "open_case", case=case)["case"]["version"] == 0
    browser.call(office.second, "draft_case", case=case)
    browser.until(office.second, case, asks_the_model)
    browser.call(office.second, "stop_model", case=case)
    browser.until(office.second, case, lambda job: job["done"])
    office.workers[0] = office.start()
    opened = browser.call(office.first, "open_case", case=case)
    assert (opened["case"]["version"], opened["job"]["error"]) == (1, None)


def test_tries_to_sign_in_are_counted_over_both(office: Office, browser: Browser) -> None:
    statuses: list[int] = []
    form = _FORM.search(browser.client.get(office.first.at("/sign-in")).text)
    assert form
    for number in range(14):
        fields = {"name": "nobody", "password": "x" * 12, "form": form.group(1), "next": "/"}
        statuses.append(browser.client.post(office.workers[number % 2].at("/sign-in"), data=fields).status_code)
    office.forget_tries()
    assert statuses[:10] == [401] * 10
    assert 429 in statuses  # each process by itself would have taken ten
