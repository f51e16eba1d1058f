"""A server whose work hangs ends all the same when it is told to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path

import pytest

from assistant.service import Service
from assistant.settings import Settings
from tests.e2e.serving import running_server
from tests.models import babbling_server as model_server

_HANGING = """
import socket, threading, uvicorn
from assistant.web.jobs import Jobs
from assistant.web.shutdown import server

jobs = Jobs()

async def app(scope, receive, send):
    while True:
        if (await receive())["type"] == "lifespan.startup":
            jobs.draft("a", lambda say, stop: threading.Event().wait())
            await send({"type": "lifespan.startup.complete"})
            print("up", flush=True)
        else:
            jobs.close()

listening = socket.create_server(("127.0.0.1", 0))
server(uvicorn.Config(app, log_level="warning"), 0.3).run(sockets=[listening])
"""


def test_a_hung_draft_does_not_hold_the_process() -> None:
    with subprocess.Popen([sys.executable, "-c", _HANGING], stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == b"up\n"
            child.send_signal(signal.SIGTERM)
            assert child.wait(30) == 1
        finally:
            child.kill()


_TOKEN = "a-token-of-this-test-and-of-no-other"
_SECONDS = 3


@pytest.mark.slow
def test_the_program_ends_in_the_middle_of_a_draft_and_keeps_its_case(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=data_dir)
    service = Service.open(settings)
    text = (settings.corpus_dir / "cases" / "acupuncture-low-back.txt").read_text("utf-8")
    case = service.draft_case("reviewer", service.create_case("reviewer", text).id)
    list(service.chat("reviewer", case.id, "What does the guideline require?"))
    turns = service.turns("reviewer", case.id)
    assert turns
    service.close()

    asked = threading.Event()

    def hangs(handler: model_server.Handler) -> None:
        asked.set()
        model_server.hangs(handler)

    with model_server.babbling(hangs) as model:
        for name, value in {
            "IMR_SHUTDOWN_SECONDS": str(_SECONDS), "IMR_API_TOKEN": _TOKEN, "IMR_CHAT_MODEL": "openai:m",
            "IMR_CHAT_URL": model.url, "IMR_CHAT_KEY": "k", "IMR_CHAT_TIMEOUT": "300", "IMR_CHAT_DRAFT_SECONDS": "300",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        command = [sys.executable, "-m", "assistant", "serve", "--port", "0"]
        with running_server(command, data_dir) as (link, process):
            request = urllib.request.Request(  # noqa: S310 - loopback
                f"{link.split('/?')[0]}/api/v1/cases/{case.id}/draft",
                data=json.dumps({}).encode(),
                headers={"authorization": f"Bearer {_TOKEN}", "content-type": "application/json"},
                method="POST",
            )
            refused: list[int] = []

            def draft() -> None:
                try:
                    urllib.request.urlopen(request, timeout=120).close()  # noqa: S310 - loopback
                except urllib.error.HTTPError as error:
                    refused.append(error.code)
                    error.close()
                except (OSError, HTTPException):
                    return  # the program ended

            asking = threading.Thread(target=draft)
            asking.start()
            assert asked.wait(90), refused
            process.send_signal(signal.SIGTERM)
            process.wait(_SECONDS + 2)
            asking.join()
    service = Service.open(settings)
    try:
        assert service.case("reviewer", case.id).version >= case.version
        assert service.turns("reviewer", case.id) == turns
    finally:
        service.close()
