"""The page over a service without models: fast, and as full of acts as the real one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fake_service import FakeService
from postgres_server import ON_POSTGRES, PostgresServer
from pydantic import SecretStr
from signed import Signed, made
from starlette.testclient import TestClient

from assistant.settings import Settings
from assistant.web.app import build_app

TOKEN = "a-token-of-this-test-alone"  # noqa: S105
PORT = 7860
ORIGIN = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def service(tmp_path: Path) -> FakeService:
    """A service of its own for each test."""
    return FakeService(Settings(data_dir=tmp_path))


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> FakeService:
    """One service for all tests that change nothing."""
    return FakeService(Settings(data_dir=tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="session")
def app(shared_service: FakeService):
    """The application, built once: Gradio takes its time."""
    return build_app(shared_service, shared_service.settings.model_copy(update={"port": PORT}), token=TOKEN)


@pytest.fixture
def stranger(app) -> Iterator[TestClient]:
    """A client on this machine without the start's cookie."""
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        yield client


@pytest.fixture
def guest(stranger: TestClient) -> TestClient:
    """A client that came by the start's link."""
    stranger.get(f"/?token={TOKEN}")
    return stranger


@pytest.fixture(scope="session")
def signed(
    request: pytest.FixtureRequest, starter_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Signed]:
    """The page with accounts on; tests change nothing in it that another rests on."""
    folder = Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("signed") / "data"))
    with ExitStack() as held:
        url = ""
        if ON_POSTGRES:
            server: PostgresServer = request.getfixturevalue("postgres")
            url = held.enter_context(server.database(request.getfixturevalue("starter_database")))
        page = made(folder, database_url=SecretStr(url))
        held.callback(page.service.close)
        yield page
