"""A day of typing must not fill the memory: Gradio once kept the payload of every call."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from fake_service import ACUPUNCTURE

CALLS = 1000
CEILING_MB = 12
SERVER = Path(__file__).parents[1] / "e2e" / "serve_fake.py"


def _resident_mb(pid: int) -> float:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is read from /proc")
def test_a_thousand_checks_of_a_text_leave_the_memory_as_it_was(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, SERVER, tmp_path], stderr=subprocess.PIPE, text=True) as process:
        try:
            link = next(filter(None, (re.search(r":(\d+)/\?token=([\w-]+)", line) for line in process.stderr)))
            with closing(http.client.HTTPConnection("127.0.0.1", int(link[1]))) as connection:
                _fill(_caller(connection, int(link[1]), link[2]), process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _fill(call, pid: int) -> None:
    case = call("create_case", text=ACUPUNCTURE)["id"]
    while not call("follow", case=case)["job"]["done"]:
        pass
    text = "He had 10 sessions. " * 40
    for _ in range(CALLS // 5):
        call("check_text", case=case, issue=0, text=text)
    before = _resident_mb(pid)
    for _ in range(CALLS):
        assert len(call("check_text", case=case, issue=0, text=text)["sentences"]) == 40
    assert _resident_mb(pid) - before < CEILING_MB


def _caller(connection: http.client.HTTPConnection, port: int, token: str):
    headers = {
        "cookie": f"imr_{port}={token}",
        "origin": f"http://127.0.0.1:{port}",
        "content-type": "application/json",
    }

    def ask(method: str, path: str, body: str | None = None) -> dict:
        connection.request(method, path, body, headers)
        return json.loads(connection.getresponse().read())

    components = ask("GET", "/config")["components"]
    ids = {name: c["id"] for c in components for name in c["props"].get("server_fns") or []}

    def call(name: str, **values) -> dict:
        body = {"session_hash": "soak", "component_id": ids[name], "fn_name": name, "data": values}
        return ask("POST", "/gradio_api/component_server/", json.dumps(body))

    return call
