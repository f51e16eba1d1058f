"""Who may speak to the page: one ASGI wall before every route, Gradio's own and ours.

A case summary on loopback is still a medical record, and any page that is open in the same browser can send
requests to 127.0.0.1. So a request passes only with a known Host (DNS rebinding), from our own origin (cross-site
requests, other ports of this machine included) and with the cookie that the start's link has set.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from assistant.web import render

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 32 * 1024 * 1024  # bytes; an uploaded file is at most 25 MB, a case text at most 2 MB
_WEBSOCKET_POLICY = 1008
_SAFE_METHODS = {"GET", "HEAD"}

# What Gradio's page needs of Gradio's routes. All others (proxy, file, upload, stream, run history, monitoring,
# API description ...) are answered as if they did not exist: what nobody calls cannot have a hole.
_GRADIO_ROUTES = re.compile(
    r"/(assets|static)/[^\0]*|/(theme\.css|config/?|favicon\.ico|robots\.txt|manifest\.json|pwa_icon(/\d+)?)"
    r"|/gradio_api/(component_server/?|startup-events|heartbeat/\w+|app_id/?|theme\.css)"
)
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_META_OF_OTHERS = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*/>\s*", re.DOTALL)

_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def policy(script_hashes: Iterable[str] = ()) -> str:
    """The content security policy of a page whose inline scripts have these hashes.

    `unsafe-eval` is what Gradio's own components need (they compile their templates); inline styles likewise.
    No outside address is allowed for anything, and no inline script but Gradio's own.
    """
    scripts = " ".join(["'self'", "'unsafe-eval'", *(f"'sha256-{digest}'" for digest in script_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    )


@dataclass(frozen=True)
class Gate:
    """What a request must show. `origins` are this page's own (scheme, name, port); `token` is this start's secret."""

    token: str
    origins: frozenset[str]
    cookie: str
    own_routes: re.Pattern[str]
    large: Mapping[str, int] = field(default_factory=dict)
    hosts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hosts", frozenset(o.split("://", 1)[1] for o in self.origins))

    @classmethod
    def of(cls, token: str, port: int, own_routes: Iterable[str], large: Mapping[str, int] | None = None) -> Gate:
        """The gate of a page on loopback `port`; `own_routes` are patterns of our paths.

        `large` gives paths whose bodies may have more bytes than MAX_BODY.
        """
        if len(token) < 16:  # noqa: PLR2004
            raise ValueError("a token of fewer than 16 characters can be guessed")
        names = ("127.0.0.1", "localhost", "[::1]")
        suffix = "" if port == 80 else f":{port}"  # noqa: PLR2004 - a browser leaves the default port out
        origins = frozenset(f"http://{name}{suffix}" for name in names)
        return cls(token, origins, f"imr_{port}", re.compile("|".join(own_routes)), dict(large or {}))

    def knows_host(self, headers: Mapping[str, str]) -> bool:
        """Whether the Host header names this page; a name that another site points at 127.0.0.1 does not."""
        return headers.get("host", "").lower() in self.hosts

    def same_origin(self, method: str, headers: Mapping[str, str], *, websocket: bool) -> bool:
        """Whether the request comes from this page or from the address bar; a write must say so itself."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and (origin not in self.origins or origin.split("://", 1)[1] != headers.get("host")):
            return False
        if site is not None and site not in {"same-origin", "none"}:
            return False
        if method in _SAFE_METHODS and not websocket:
            return True
        return origin is not None or site == "same-origin"

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

    def serves(self, path: str) -> bool:
        """Whether the path is one that the page uses."""
        return bool(self.own_routes.fullmatch(path) or _GRADIO_ROUTES.fullmatch(path)) and ".." not in path


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
        refused = self._refusal(scope, headers, websocket=websocket)
        if refused is None:
            await self._pass(scope, receive, send)
        elif websocket:
            await receive()
            await send({"type": "websocket.close", "code": _WEBSOCKET_POLICY})
        else:
            await _respond(send, *refused)

    def _refusal(
        self, scope: Scope, headers: Mapping[str, str], *, websocket: bool
    ) -> tuple[int, dict[str, str], str] | None:
        """Status, headers and body of the answer to what may not pass, or None."""
        gate, method = self._gate, scope.get("method", "GET")
        if not gate.knows_host(headers) or not gate.same_origin(method, headers, websocket=websocket):
            return 403, {}, ""
        offered = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), errors="replace")).get("token", "")
        if method == "GET" and not websocket and offered and gate.is_token(offered):
            return 303, self._welcome(scope), ""
        if not gate.has_cookie(headers):
            return 403, {"content-type": "text/html; charset=utf-8"}, render.locked()
        if websocket or not gate.serves(scope["path"]):
            return 404, {"content-type": "text/plain"}, "There is no such page."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > gate.most_bytes(scope["path"]):
            return 413, {"content-type": "text/plain"}, "This is too large."
        return None

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
        await self._app(
            scope, _bounded(receive, self._gate.most_bytes(scope["path"])), _Sealed(send, cached=cached).send
        )


def _bounded(receive: Receive, most: int) -> Receive:
    """`receive` that stops at `most` bytes, also where no length was announced."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > most else message

    return bounded


class _Sealed:
    """Adds the security headers to a response; a page is held back until its inline scripts are known."""

    def __init__(self, send: Send, *, cached: bool) -> None:
        self._send, self._cached = send, cached
        self._start: Message | None = None
        self._page: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Pass one message of the response on."""
        if message["type"] == "http.response.start":
            headers = {name.lower(): value for name, value in message["headers"]}
            if headers.get(b"content-type", b"").startswith(b"text/html"):
                self._start = message
                return
            await self._send(_with_headers(message, policy(), cached=self._cached))
        elif message["type"] == "http.response.body" and self._start is not None:
            self._page.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send_page(self._start)
        else:
            await self._send(message)

    async def _send_page(self, start: Message) -> None:
        html = render.head_of(_META_OF_OTHERS.sub("", b"".join(self._page).decode("utf-8")))
        hashes = [_digest(script) for script in _INLINE_SCRIPT.findall(html)]
        body = html.encode("utf-8")
        start["headers"] = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
        start["headers"].append((b"content-length", str(len(body)).encode()))
        await self._send(_with_headers(start, policy(hashes), cached=False))
        await self._send({"type": "http.response.body", "body": body})


def _with_headers(start: Message, content_policy: str, *, cached: bool) -> Message:
    ours = dict(_HEADERS, **{"content-security-policy": content_policy})
    if not cached:
        ours["cache-control"] = "no-store"
    kept = [(n, v) for n, v in start["headers"] if n.lower().decode("latin-1") not in ours]
    return {**start, "headers": [*kept, *((n.encode(), v.encode()) for n, v in ours.items())]}


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()


async def _respond(send: Send, status: int, headers: Mapping[str, str], body: str) -> None:
    content = body.encode("utf-8")
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [(n.encode(), v.encode()) for n, v in {**headers, "content-length": str(len(content))}.items()],
    }
    await send(_with_headers(start, policy(), cached=False))
    await send({"type": "http.response.body", "body": content})
