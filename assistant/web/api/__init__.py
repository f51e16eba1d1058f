"""The REST API under /api/v1: the page's service for other programs, in typed JSON."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from assistant.web.acts import Desk
from assistant.web.api import cases, drafts, imports, issues, library
from assistant.web.api.refusals import Shield, add_handlers
from assistant.web.rules import API

UPLOAD = f"{API}/imports"  # takes bodies as large as a file of an import
_ABOUT = """\
Draft, verify, search and import from other programs. Runs on this machine only, over the same cases and library as
the page. Every request carries `Authorization: Bearer TOKEN`, the token being that of the environment variable
IMR_API_TOKEN. What cannot be done is answered by `{"error": sentence, "kind": name}`.
"""


def make_api() -> FastAPI:
    """The API as an application of its own; it answers once its state has a `desk`."""
    api = FastAPI(
        title="IMR Assistant",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        servers=[{"url": API}],
        root_path_in_servers=False,
        generate_unique_id_function=lambda route: route.name,
    )
    for part in (drafts, library, imports, cases, issues):
        api.include_router(part.router)
    add_handlers(api)
    api.add_middleware(Shield)
    described = api.openapi

    def openapi() -> dict[str, Any]:
        """The description, with the token that every request needs."""
        description = described()
        bearer = {"type": "http", "scheme": "bearer", "description": "The token in IMR_API_TOKEN."}
        description["components"]["securitySchemes"] = {"token": bearer}
        description["security"] = [{"token": []}]
        return description

    api.openapi = openapi  # type: ignore[method-assign]
    return api


def add_routes(app: FastAPI, desk: Desk) -> None:
    """Put the API into the page's application."""
    api = make_api()
    api.state.desk, api.state.imports = desk, {}
    app.mount(API, api)


def schema() -> dict[str, Any]:
    """The OpenAPI description, as /api/v1/openapi.json serves it."""
    return make_api().openapi()
