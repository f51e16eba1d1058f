"""The page over a service without models: fast, and as full of acts as the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_service import FakeService
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
