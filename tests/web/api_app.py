"""The API alone behind its guard, without Gradio: what the API's tests talk to."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.web import api
from assistant.web.acts import Desk
from assistant.web.guard import Gate, Guard
from assistant.web.jobs import Jobs
from assistant.web.uploads import MAX_IMPORT_FILE

PORT = 7860
ORIGIN = f"http://127.0.0.1:{PORT}"
COOKIE_TOKEN = "a-token-of-this-test-alone"
API_TOKEN = "the-token-of-the-api-in-this-test-alone"
BEARER = {"authorization": f"Bearer {API_TOKEN}"}


def api_app(service: object, settings: object, *, token: str = API_TOKEN) -> tuple[FastAPI, Desk]:
    """The guarded API over a service, and the desk whose jobs the caller closes."""
    desk = Desk(service, settings, Jobs())  # type: ignore[arg-type]
    app = FastAPI(openapi_url=None)
    api.add_routes(app, desk)
    gate = Gate.of(COOKIE_TOKEN, PORT, {api.UPLOAD: MAX_IMPORT_FILE}, api_token=token)
    app.add_middleware(Guard, gate=gate)
    return app, desk


def client_of(app: FastAPI, headers: dict[str, str]) -> TestClient:
    """A client on this machine that sends these headers with every request."""
    return TestClient(app, base_url=f"{ORIGIN}/api/v1", headers=headers, raise_server_exceptions=False)
