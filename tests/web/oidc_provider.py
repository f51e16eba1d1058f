"""A small OpenID Connect provider on this machine's loopback: it lets everyone in, and lies where a test asks."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "imr", "a secret: of the tests+"
_ROUTES = {
    "/.well-known/openid-configuration": "about",
    "/authorize": "authorize",
    "/token": "token",
    "/jwks": "jwks",
}
_OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k1"})  # not the provider's, under the name of its own


@dataclass
class Lies:
    """In what the provider is not to be trusted; by default in nothing."""

    claims: Mapping[str, Any] = field(default_factory=dict)  # in the place of the true ones; None: left out
    foreign_key: bool = False
    unsigned: bool = False
    no_token: bool = False
    jwks: object = None
    status: int = 200  # of the token endpoint


class SmallProvider:
    """Runs while it is used as a context; `person` is the claims of whoever is at the browser."""

    def __init__(self) -> None:
        self._key = RSAKey.generate_key(2048, {"kid": "k1"})
        self.person: dict[str, Any] = {}
        self.lies = Lies()
        self.asked: list[dict[str, str]] = []  # what came to the token endpoint
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._answer(self)

            do_POST = do_GET  # noqa: N815 - the name that http.server looks for

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> SmallProvider:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        route = _ROUTES.get(parts.path)
        body = request.rfile.read(int(request.headers.get("content-length", 0))).decode()
        given = dict(parse_qsl(parts.query or body))
        status, headers, said = getattr(self, f"_{route}")(given, request) if route else (404, {}, {})
        content = json.dumps(said).encode()
        request.send_response(status)
        for name, value in {**headers, "content-type": "application/json", "content-length": str(len(content))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    def _about(self, _given: dict[str, str], _request: object) -> tuple[int, dict[str, str], object]:
        ours = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/jwks",
        }
        return 200, {}, {"issuer": self.issuer, **{name: self.issuer + path for name, path in ours.items()}}

    def _authorize(self, given: dict[str, str], _request: object) -> tuple[int, dict[str, str], object]:
        fit = given.get("response_type") == "code" and given.get("client_id") == CLIENT
        if not fit or given.get("code_challenge_method") != "S256" or "openid" not in given.get("scope", "").split():
            return 400, {}, {"error": "invalid_request"}
        code = secrets.token_urlsafe(16)
        self._codes[code] = given
        back = urlencode({"code": code, "state": given["state"]})
        return 302, {"location": f"{given['redirect_uri']}?{back}"}, {}

    def _token(self, given: dict[str, str], request: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], object]:
        self.asked.append(given)
        begun = self._codes.pop(given.get("code", ""), None)  # a code serves once
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not _is_client(request, given):
            return 401, {}, {"error": "invalid_client"}
        same = begun is not None and begun["redirect_uri"] == given.get("redirect_uri")
        if begun is None or not same or begun["code_challenge"] != challenge:
            return 400, {}, {"error": "invalid_grant"}
        told = {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer"}
        return self.lies.status, {}, told if self.lies.no_token else {**told, "id_token": self._signed(begun["nonce"])}

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        claims = {name: value for name, value in {**claims, **self.lies.claims}.items() if value is not None}
        if self.lies.unsigned:
            parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        key = _OTHER_KEY if self.lies.foreign_key else self._key
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)

    def _jwks(self, _given: dict[str, str], _request: object) -> tuple[int, dict[str, str], object]:
        return 200, {}, self.lies.jwks or {"keys": [self._key.as_dict(private=False)]}


def _is_client(request: BaseHTTPRequestHandler, given: Mapping[str, str]) -> bool:
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme == "Basic":
        name, _, secret = base64.b64decode(shown).decode().partition(":")
        return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)
    return (given.get("client_id"), given.get("client_secret")) == (CLIENT, SECRET)
