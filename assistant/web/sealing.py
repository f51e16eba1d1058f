"""What every answer carries: the security headers, and a content policy that names a page's own inline scripts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

from assistant.web import render

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HSTS = (b"strict-transport-security", b"max-age=31536000")

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


class Sealed:
    """Adds the security headers to a response; a page is held back until its inline scripts are known."""

    def __init__(self, send: Send, *, cached: bool, secure: bool = False) -> None:
        self._cached = cached

        async def sent(message: Message) -> None:
            if secure and message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], _HSTS]}
            await send(message)

        self._send = sent
        self._start: Message | None = None
        self._page: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Pass one message of the response on."""
        if message["type"] == "http.response.start":
            headers = {name.lower(): value for name, value in message["headers"]}
            if headers.get(b"content-type", b"").startswith(b"text/html"):
                self._start = message
                return
            await self._send(with_headers(message, policy(), cached=self._cached))
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
        await self._send(with_headers(start, policy(hashes), cached=False))
        await self._send({"type": "http.response.body", "body": body})


def with_headers(start: Message, content_policy: str, *, cached: bool) -> Message:
    ours = dict(_HEADERS, **{"content-security-policy": content_policy})
    if not cached:
        ours["cache-control"] = "no-store"
    kept = [(n, v) for n, v in start["headers"] if n.lower().decode("latin-1") not in ours]
    return {**start, "headers": [*kept, *((n.encode(), v.encode()) for n, v in ours.items())]}


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()


def as_json(status: int, sentence: str, kind: str) -> tuple[int, dict[str, str], str]:
    """A refusal in the API's shape."""
    headers = {"content-type": "application/json"} | ({"www-authenticate": "Bearer"} if status == 401 else {})  # noqa: PLR2004
    return status, headers, json.dumps({"error": sentence, "kind": kind})


async def respond(send: Send, status: int, headers: Mapping[str, str], body: str) -> None:
    content = body.encode("utf-8")
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [(n.encode(), v.encode()) for n, v in {**headers, "content-length": str(len(content))}.items()],
    }
    await send(with_headers(start, policy(), cached=False))
    await send({"type": "http.response.body", "body": content})
