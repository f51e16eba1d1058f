"""What the API answers when it cannot do what is asked: one shape, a sentence that quotes nothing of the request."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import (
    AssistantError,
    Conflict,
    DataFolderError,
    ModelFailed,
    ModelMismatch,
    NotReadyForExport,
    NotThere,
)
from assistant.web.bodies import TOO_LARGE
from assistant.web.jobs import Busy

_LOG = logging.getLogger(__name__)
_FAULT = "This stopped by a fault of the program. What was saved is safe; the program's log says where."
_BAD_REQUEST, _NOT_ALLOWED, _TOO_LARGE, _MEDIA, _INPUT = 400, 405, 413, 415, 422
_SHOWN = 3  # faults of a request that are told


class WrongMediaType(AssistantError):
    """A body of another kind than this address takes."""


_STATUS: tuple[tuple[tuple[type[AssistantError], ...], int], ...] = (
    ((NotThere,), 404),
    ((Conflict, Busy, NotReadyForExport), 409),
    ((WrongMediaType,), _MEDIA),
    ((DataFolderError, ModelMismatch, ModelFailed), 503),
)
_MEANING = {
    401: "No token, or a wrong one.",
    403: "The request comes from another site, or names another host.",
    404: "There is no such thing.",
    409: "The thing has changed meanwhile, is being worked on, or is not ready.",
    413: "The body is too large.",
    415: "The body is of a kind that is not taken here.",
    422: "The request cannot be understood, or its contents cannot be used.",
    500: "A fault of the program.",
    503: "The data folder or the index cannot be used as it is.",
}
_ALWAYS = (401, 403, 413, 422, 500, 503)


class Refusal(BaseModel):
    """Why something was not done."""

    error: str = Field(description="One sentence for people: what happened, what to do.")
    kind: str = Field(description="A stable name for programs, such as NotThere, Conflict or WrongInput.")


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals that an address documents: those of every one, and `statuses`."""
    return {status: {"model": Refusal, "description": _MEANING[status]} for status in sorted({*_ALWAYS, *statuses})}


def _refused(status: int, sentence: str, kind: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": sentence, "kind": kind}, status, headers)


def add_handlers(api: FastAPI) -> None:
    """Let `api` answer every error in the one shape."""

    @api.exception_handler(AssistantError)
    async def known(_request: Request, error: AssistantError) -> JSONResponse:
        status = next((status for kinds, status in _STATUS if isinstance(error, kinds)), _INPUT)
        return _refused(status, str(error), type(error).__name__)

    @api.exception_handler(RequestValidationError)
    async def not_understood(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = error.errors()
        if any(fault["loc"][0] == "body" for fault in errors) and _is_of_another_kind(request):
            return _refused(_MEDIA, "The body must be JSON, sent as application/json.", WrongMediaType.__name__)
        return _refused(_INPUT, _told(errors), "WrongInput")

    @api.exception_handler(HTTPException)
    async def of_the_framework(request: Request, error: HTTPException) -> JSONResponse:
        if request.scope.get(TOO_LARGE):
            return _refused(_TOO_LARGE, "The body is too large.", "TooLarge")
        if error.status_code == _NOT_ALLOWED:
            allowed = ", ".join(_methods(api, request.scope))
            sentence = "This address does not take that method."
            return _refused(_NOT_ALLOWED, sentence, "NotAllowed", {"allow": allowed})
        if error.status_code == _BAD_REQUEST:
            return _refused(_INPUT, "The body cannot be read as JSON.", "WrongInput")
        return _refused(error.status_code, "There is no such address.", "NotThere")

    @api.exception_handler(ClientDisconnect)
    async def cut_off(request: Request, _error: ClientDisconnect) -> JSONResponse:
        if request.scope.get(TOO_LARGE):
            return _refused(_TOO_LARGE, "The body is too large.", "TooLarge")
        return _refused(_INPUT, "The body did not come whole.", "WrongInput")


def _is_of_another_kind(request: Request) -> bool:
    """Whether a body came that does not say it is JSON."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    comes = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return comes and said != "application/json" and not said.endswith("+json")


def _methods(api: FastAPI, scope: Scope) -> list[str]:
    """All methods that the address takes; the framework names those of the first of its routes only."""
    found: set[str] = set()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        asked = {**scope, "method": method}
        if any(route.matches(asked)[0] is Match.FULL for route in api.router.routes):
            found.add(method)
    return sorted(found)


def _told(errors: Sequence[Any]) -> str:
    """What is wrong with a request, by the names of its parts; never by what stands in them."""
    told = [_one(error) for error in errors]
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return f"The request cannot be used: {'; '.join(told[:_SHOWN])}{more}."


def _one(error: Any) -> str:
    place, kind = [str(part) for part in error["loc"]], error["type"]
    if kind == "extra_forbidden":  # the name of an unknown part is the sender's own words
        return f"{'.'.join(place[:-1])} has a part that is not known"
    if kind == "json_invalid":
        return "the body is not JSON"
    wrong = "is missing" if kind == "missing" else f"is not right ({error['msg'].removeprefix('Value error, ')})"
    return f"{'.'.join(place)} {wrong}"


class Shield:
    """Answers a fault of the program and logs its place only: its text, and a traceback's, may quote the case."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it may go no further
            frames = traceback.extract_tb(fault.__traceback__)[-6:]
            places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
            _LOG.error("api failed: %s at %s", type(fault).__name__, places)  # noqa: TRY400 - see above
            if not begun:
                await _refused(500, _FAULT, "Fault")(scope, receive, send)
