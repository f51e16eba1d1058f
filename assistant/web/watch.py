"""What stands around the guard: `/metrics` for who runs the program, and one line a request, by route pattern."""

from __future__ import annotations

import ipaddress
import logging
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from re import Pattern
from typing import Any

from starlette.routing import BaseRoute, Mount, compile_path

from assistant import metrics
from assistant.logs import ACCESS
from assistant.web.sealing import App, Message, Receive, Scope, Send

PATH = "/metrics"
_FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-real-ip", "via"})
_BROWSERS = frozenset({"origin", "sec-fetch-site", "referer"})  # a page that was opened elsewhere asks with these
_LOG = logging.getLogger(ACCESS)


@dataclass(frozen=True)
class Watched:
    """What is watched: `metrics` serves the counts, to who shows `token` or asks from loopback itself."""

    metrics: bool = False
    token: str = ""


class Watch:
    """The middleware; it holds no body and changes none."""

    def __init__(self, app: App, watched: Watched, routes: Iterable[BaseRoute]) -> None:
        self._app, self._watched = app, watched
        self._routes = ((compile_path(PATH)[0], PATH), *_patterns(routes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), [500]

        async def seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        try:
            if self._watched.metrics and scope["path"] == PATH:
                await self._tell(scope, seen)
            else:
                await self._app(scope, receive, seen)
        finally:
            self._note(scope, status[0], time.monotonic() - began)

    def route(self, path: str) -> str:
        """The pattern that a path is of: one of the program's own, or "other"."""
        return next((pattern for regex, pattern in self._routes if regex.fullmatch(path)), metrics.OTHER)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = scope["method"], self.route(scope["path"])
        metrics.count(lambda m: m.request(method, route, status))
        if _LOG.isEnabledFor(logging.INFO):
            known = method if method.isalpha() and len(method) <= 7 else metrics.OTHER  # noqa: PLR2004 - OPTIONS
            said = {"method": known, "route": route, "status": status, "ms": round(seconds * 1000)}
            _LOG.info("request", extra={**said, "request": secrets.token_hex(8)})

    async def _tell(self, scope: Scope, send: Send) -> None:
        allowed = scope["method"] == "GET" and self._may_ask(scope)
        content: list[bytes] = []
        if allowed:
            metrics.count(lambda m: content.append(m.text()))
        start: Mapping[str, Any] = {
            "type": "http.response.start",
            "status": 200 if allowed else 403,
            "headers": [
                (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
            ],
        }
        await send(dict(start))
        await send({"type": "http.response.body", "body": b"".join(content)})

    def _may_ask(self, scope: Scope) -> bool:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        scheme, _, offered = headers.get("authorization", "").partition(" ")
        token = self._watched.token
        if token and scheme.lower() == "bearer" and compare_digest(offered.strip().encode(), token.encode()):
            return True
        # Behind a proxy on this machine every peer is loopback, and so is a page that the browser here has open.
        return _is_loopback(scope) and not headers.keys() & (_FORWARDED | _BROWSERS)


def _is_loopback(scope: Scope) -> bool:
    try:
        return ipaddress.ip_address((scope.get("client") or ("",))[0]).is_loopback
    except ValueError:
        return False


def _patterns(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[tuple[Pattern[str], str]]:
    """Every route's expression and the pattern that it is named by; a pattern holds no value of a request."""
    for route in routes:
        path = prefix + str(getattr(route, "path", ""))
        if isinstance(route, Mount):
            yield from _patterns(route.routes or (), path or prefix)
        elif included := getattr(route, "original_router", None):  # FastAPI's own wrapper of an included router
            yield from _patterns(included.routes, prefix)
        elif path.startswith("/"):
            yield compile_path(path)[0], path
