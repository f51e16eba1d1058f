"""Who may speak to the page: one ASGI wall before every route, Gradio's own and ours.

A case summary on loopback is still a medical record, and any page that is open in the same browser can send
requests to 127.0.0.1. So a request passes only with a known Host (DNS rebinding), from our own origin (cross-site
requests, other ports of this machine included) and with the cookie that the start's link has set.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from assistant.errors import AssistantError
from assistant.rights import NotSignedIn, asked_by
from assistant.web import render
from assistant.web.bodies import MAX_BODY, BoundedAnswer, bounded
from assistant.web.doors import SIGN_IN, Came, Doors, Refused, too_often
from assistant.web.rules import NoRule, is_api, right_for
from assistant.web.sealing import App, Receive, Scope, Sealed, Send, as_json, respond

CAME = "imr.came"  # in the scope: whose request it is, where accounts are on
_SIGNED_OUT = {"error": str(NotSignedIn()), "kind": "NotSignedIn"}
PROBES = frozenset({"/healthz", "/readyz"})  # asked by who runs the program, without a cookie; they tell nothing
_WEBSOCKET_POLICY = 1008
_SAFE_METHODS = {"GET", "HEAD"}


@dataclass(frozen=True)
class Gate:
    """What a request must show. `origins` are this page's own (scheme, name, port); `token` is this start's secret."""

    token: str
    origins: frozenset[str]
    cookie: str
    large: Mapping[str, int] = field(default_factory=dict)
    api_token: str = field(default="", repr=False)
    doors: Doors | None = None  # where accounts are on: they, and not the token, let one in
    hosts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hosts", frozenset(o.split("://", 1)[1] for o in self.origins))

    @classmethod
    def of(
        cls,
        token: str,
        port: int,
        large: Mapping[str, int] | None = None,
        *,
        api_token: str = "",
        doors: Doors | None = None,
    ) -> Gate:
        """The gate of a page on loopback `port`, or at the address that `doors` know.

        `large` gives paths whose bodies may have more bytes than MAX_BODY. `api_token` is what other programs show to
        use the API; empty: none may.
        """
        if len(token) < 16:  # noqa: PLR2004
            raise ValueError("a token of fewer than 16 characters can be guessed")
        names = ("127.0.0.1", "localhost", "[::1]")
        suffix = "" if port == 80 else f":{port}"  # noqa: PLR2004 - a browser leaves the default port out
        origins = frozenset(f"http://{name}{suffix}" for name in names)
        if doors is not None and doors.settings.public_url:
            origins = frozenset({doors.origin.lower()})
        return cls(token, origins, f"imr_{port}", dict(large or {}), api_token, doors)

    def knows_host(self, headers: Mapping[str, str]) -> bool:
        """Whether the Host header names this page; a name that another site points at 127.0.0.1 does not."""
        return headers.get("host", "").lower() in self.hosts

    def same_origin(self, method: str, headers: Mapping[str, str], *, websocket: bool) -> bool:
        """Whether the request comes from this page or from the address bar; a write must say so itself."""
        if self.is_of_another_site(headers):
            return False
        if method in _SAFE_METHODS and not websocket:
            return True
        return headers.get("origin") is not None or headers.get("sec-fetch-site") == "same-origin"

    def is_of_another_site(self, headers: Mapping[str, str]) -> bool:
        """Whether the request says that a browser sent it for another page; a program says nothing of the kind."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and (origin not in self.origins or origin.split("://", 1)[1] != headers.get("host")):
            return True
        return site is not None and site not in {"same-origin", "none"}

    def is_api_token(self, offered: str) -> bool:
        """Whether `offered` is the API's token, compared in constant time; none is where none is set."""
        return bool(self.api_token) and compare_digest(offered.encode(), self.api_token.encode())

    def has_cookie(self, headers: Mapping[str, str]) -> bool:
        """Whether the request carries this start's cookie."""
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return False
        return found is not None and self.is_token(found.value)

    def is_token(self, offered: str) -> bool:
        """Whether `offered` is this start's token, compared in constant time."""
        return compare_digest(offered.encode(), self.token.encode())

    def most_bytes(self, path: str) -> int:
        """How many bytes the body of a request may have."""
        return self.large.get(path, MAX_BODY)

    def takes(self, path: str, headers: Mapping[str, str]) -> bool:
        """Whether the length that a request announces is one, and not too large."""
        length = headers.get("content-length", "0")
        return length.isascii() and length.isdigit() and len(length) < 20 and int(length) <= self.most_bytes(path)  # noqa: PLR2004

    def serves(self, path: str) -> bool:
        """Whether the path is one that the page uses: one that a rule is about."""
        try:
            right_for("GET", path, accounts=self.doors is not None)
        except NoRule:
            return False
        return True


class Guard:
    """The wall itself: refuses, lets in by the start's link, limits the body, and sets the security headers."""

    def __init__(self, app: App, gate: Gate) -> None:
        self._app, self._gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; `lifespan` passes through."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        websocket = scope["type"] == "websocket"
        refused, came = self._refusal(scope, headers, websocket=websocket), None
        if refused is None and self._gate.doors is not None:
            try:
                refused, came = await run_in_threadpool(self._at_the_doors, scope, headers)
            except AssistantError as error:  # the database is down: nobody can be known
                refused = _unavailable(scope, error)
        if refused is None:
            scope[CAME] = came
            with asked_by(came.person if came else None):
                await self._pass(scope, receive, send)
        elif websocket:
            await receive()
            await send({"type": "websocket.close", "code": _WEBSOCKET_POLICY})
        else:
            await respond(send, *refused)

    def _refusal(
        self, scope: Scope, headers: Mapping[str, str], *, websocket: bool
    ) -> tuple[int, dict[str, str], str] | None:
        """Status, headers and body of the answer to what may not pass, or None."""
        if scope["path"] in PROBES and not websocket:
            return None if scope["method"] in _SAFE_METHODS else (405, {"allow": "GET, HEAD"}, "")
        if is_api(scope["path"]):
            return self._api_refusal(scope, headers, websocket=websocket)
        gate, method = self._gate, scope.get("method", "GET")
        from_elsewhere = gate.doors is not None and _is_arrival(scope, headers)
        if not gate.knows_host(headers):
            return 403, {}, ""
        if not from_elsewhere and not gate.same_origin(method, headers, websocket=websocket):
            return 403, {}, ""
        offered = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), errors="replace")).get("token", "")
        if gate.doors is None and method == "GET" and not websocket and offered and gate.is_token(offered):
            return 303, self._welcome(scope), ""
        if gate.doors is None and not gate.has_cookie(headers):
            return 403, {"content-type": "text/html; charset=utf-8"}, render.locked()
        if websocket or not gate.serves(scope["path"]):
            return 404, {"content-type": "text/plain"}, "There is no such page."
        if not gate.takes(scope["path"], headers):
            return 413, {"content-type": "text/plain"}, "This is too large."
        return None

    def _api_refusal(
        self, scope: Scope, headers: Mapping[str, str], *, websocket: bool
    ) -> tuple[int, dict[str, str], str] | None:
        """The same for the API: its token stands for the cookie, and then no Origin is asked of a program."""
        gate = self._gate
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        by_token = scheme.lower() == "bearer"
        if not gate.knows_host(headers) or gate.is_of_another_site(headers):
            return as_json(403, "The request names another host or comes from another site.", "NotAllowed")
        if gate.doors is None and not (gate.is_api_token(bearer.strip()) if by_token else gate.has_cookie(headers)):
            return as_json(401, "Show the token that IMR_API_TOKEN holds, as Authorization: Bearer TOKEN.", "NoToken")
        if not by_token and not gate.same_origin(scope.get("method", "GET"), headers, websocket=websocket):
            return as_json(403, "The request does not say that it comes from this page.", "NotAllowed")
        if websocket or not gate.serves(scope["path"]):
            return as_json(404, "There is no such address.", "NotThere")
        if not gate.takes(scope["path"], headers):
            return as_json(413, "The body is too large.", "TooLarge")
        return None

    def _at_the_doors(self, scope: Scope, headers: Mapping[str, str]) -> tuple[Refused | None, Came]:
        """Whether whoever asks has the right that the address needs, and who it is. Asks the database."""
        doors, path = self._gate.doors, scope["path"]
        assert doors is not None  # noqa: S101 - asked only where accounts are on
        if doors.comes_in_the_clear(_peer(scope), headers):
            return (403, {"content-type": "text/plain"}, "This page is served by https only."), Came(None)
        right = right_for(scope["method"], path, accounts=True)
        came = doors.came(headers, api=is_api(path))
        if right is None:
            wait = doors.waits_to_sign_in(_peer(scope), headers) if scope["method"] == "POST" else 0
            return (too_often(wait) if wait else None), came
        refused = doors.refusal(path, came, right)
        if refused is not None and is_api(path):
            return _api_refused(refused, came), came
        if refused is not None and refused[0] == 303 and scope["method"] not in _SAFE_METHODS:  # noqa: PLR2004
            # A script that asks must not be given the sign-in page for an answer.
            return (401, {"content-type": "application/json"}, json.dumps(_SIGNED_OUT)), came
        return refused, came

    def _welcome(self, scope: Scope) -> dict[str, str]:
        """Set the cookie and go on without the token, so that it stays in no history and no bookmark."""
        query = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k != "token"]
        path = "/" + scope["path"].lstrip("/\\")  # "//elsewhere" would be another host
        target = path + (f"?{urlencode(query)}" if query else "")
        cookie = f"{self._gate.cookie}={self._gate.token}; HttpOnly; SameSite=Strict; Path=/"
        return {"location": target, "set-cookie": cookie}

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Compressing for loopback costs more than it saves, and a plain page can be given its script hashes.
        scope["headers"] = [(n, v) for n, v in scope["headers"] if n.lower() != b"accept-encoding"]
        cached = scope["path"].startswith("/assets/")  # Gradio names these files by their content
        most = self._gate.most_bytes(scope["path"])
        secure = self._gate.doors is not None and self._gate.doors.secure
        answer = BoundedAnswer(scope, Sealed(send, cached=cached, secure=secure).send)
        try:
            await self._app(scope, bounded(receive, most, scope), answer.send)
        except ClientDisconnect:
            await answer.end()


def _peer(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _is_arrival(scope: Scope, headers: Mapping[str, str]) -> bool:
    """Whether someone comes to the sign-in from a page elsewhere: a link, or the provider that sends them back."""
    navigates = headers.get("sec-fetch-mode", "navigate") == "navigate" and "origin" not in headers
    return scope.get("method") == "GET" and navigates and scope["path"] in (SIGN_IN, f"{SIGN_IN}/return")


def _api_refused(refused: Refused, came: Came) -> Refused:
    """A refusal at the doors in the API's shape."""
    status, headers, sentence = refused
    if came.account is None:
        return as_json(401, "Show a token of your account, as Authorization: Bearer TOKEN.", "NoToken")
    if status == 429:  # noqa: PLR2004
        return (
            429,
            {**as_json(429, "", "")[1], "retry-after": headers["retry-after"]},
            as_json(429, sentence, "TooOften")[2],
        )
    return as_json(403, "Your role does not include this, or your one-time password waits to be changed.", "NotAllowed")


def _unavailable(scope: Scope, error: AssistantError) -> Refused:
    """What one gets who cannot be known now; a script gets it as it gets what an act refuses."""
    if is_api(scope["path"]) or scope.get("method") not in _SAFE_METHODS:
        return as_json(503, str(error), type(error).__name__)
    return 503, {"content-type": "text/plain; charset=utf-8", "retry-after": "5"}, str(error)
