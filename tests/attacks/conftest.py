"""What the attacks are tried on: the page with accounts, the page of one reviewer, a server in a process of its own."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "web")]

from fake_service import FakeService  # noqa: E402 - the path comes first
from signed import Signed, made  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

from assistant.settings import Settings  # noqa: E402
from assistant.web.app import build_app  # noqa: E402

TOKEN = "a-token-of-this-test-alone"
ORIGIN = "http://127.0.0.1:7860"


@pytest.fixture(scope="session")
def signed(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    """The page with accounts on; what a test changes, no other rests on."""
    page = made(Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("attacked") / "data")))
    yield page
    page.service.close()


@pytest.fixture(scope="session")
def one_reviewer(tmp_path_factory: pytest.TempPathFactory):
    """The page without accounts, over a service without models."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("one") / "a-telling-folder", port=7860)
    return build_app(FakeService(settings), settings, token=TOKEN)


@pytest.fixture
def guest(one_reviewer) -> Iterator[TestClient]:
    """Its reviewer's browser."""
    with TestClient(one_reviewer, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False) as client:
        client.get(f"/?token={TOKEN}")
        yield client


@dataclass
class Lure:
    """A server that hostile files and settings point at; `came` is what was asked of it."""

    url: str
    came: list[str] = field(default_factory=list)


@pytest.fixture
def lure() -> Iterator[Lure]:
    """It answers everything, and remembers it."""
    found = Lure("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.came.append(self.path)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()
