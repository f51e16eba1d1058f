"""How one comes in where accounts are on: by whose session or token a request comes, and whether it may pass."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from assistant.rights import Person, Right
from assistant.web.limits import Buckets

if TYPE_CHECKING:
    from assistant.records import Account
    from assistant.service import Service
    from assistant.settings import Settings

SIGN_IN, ACCOUNT = "/sign-in", "/account"
# What one may reach with a one-time password: to change it, or to leave.
_BEFORE_CHANGE = {ACCOUNT, "/account/password", "/sign-out"}
_REQUESTS = (
    600,
    50.0,
)  # of an account: at once, and more a second; a page that follows a draft asks five times a second
_VIEWS = (
    (Right.SEE_CASES, "/"),
    (Right.SEE_LIBRARY, "/library"),
    (Right.SIGNED_IN, "/settings"),
)

Refused = tuple[int, dict[str, str], str]


@dataclass(frozen=True)
class Came:
    """Whose request it is; `account` is None for one who is not signed in."""

    account: Account | None
    session: str = ""

    @property
    def person(self) -> Person | None:
        """Who asks."""
        return self.account.person if self.account else None


class Doors:
    """The accounts of a service as the guard and the sign-in ask for them."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self.service, self.settings = service, settings
        own = settings.public_url or f"http://127.0.0.1:{settings.port}"
        self.secure = urlsplit(own).scheme == "https"
        self.origin = own
        self._requests = Buckets(*_REQUESTS)
        self._proxies = [ip_network(p.strip()) for p in settings.trusted_proxies.split(",") if p.strip()]

    # --- cookies --------------------------------------------------------------------------------------------------

    def cookie_name(self, of: str = "session") -> str:
        """The name of a cookie; over https its prefix lets no other host and no plain http set it."""
        return f"__Host-imr_{of}" if self.secure else f"imr_{of}_{urlsplit(self.origin).port or 80}"

    def cookie(self, value: str, of: str = "session", *, seconds: int | None = None) -> str:
        """The Set-Cookie header. Lax, not Strict, so that one comes back signed in from a provider's page."""
        age = "" if seconds is None else f"; Max-Age={seconds}"
        return f"{self.cookie_name(of)}={value}; HttpOnly; SameSite=Lax; Path=/{age}{'; Secure' if self.secure else ''}"

    def shown(self, headers: Mapping[str, str], of: str = "session") -> str:
        """What the browser shows in a cookie; empty for none."""
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie_name(of))
        except CookieError:
            return ""
        return found.value if found is not None else ""

    # --- who asks -------------------------------------------------------------------------------------------------

    def came(self, headers: Mapping[str, str], *, api: bool) -> Came:
        """By the bearer token of the API, else by the session's cookie."""
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if api and scheme.lower() == "bearer":
            return Came(self.service.accounts.by_token(bearer.strip()))
        token = self.shown(headers)
        return Came(self.service.sessions.find(token), token)

    def source(self, peer: str, headers: Mapping[str, str]) -> str:
        """From where a request comes: the nearest address that is no proxy of ours."""
        hops = [peer]
        if self._trusted(peer):
            hops = [*(hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()), peer]
        return next((hop for hop in reversed(hops) if not self._trusted(hop)), hops[0])

    def comes_in_the_clear(self, peer: str, headers: Mapping[str, str]) -> bool:
        """Whether a proxy of ours says that a request for the https page came by http."""
        said = headers.get("x-forwarded-proto", "")
        return self.secure and self._trusted(peer) and said not in ("", "https")

    def _trusted(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._proxies)

    # --- whether it may pass --------------------------------------------------------------------------------------

    def waits(self, account: Account) -> int:
        """Seconds until an account may ask again; 0: now."""
        return self._requests.take(account.name)

    def waits_to_sign_in(self, peer: str, headers: Mapping[str, str]) -> int:
        """Seconds until a source may try to sign in again; 0: now. Looking does not count."""
        return self.service.sign_in_tries.wait(self.source(peer, headers))

    def tries_to_sign_in(self, peer: str, headers: Mapping[str, str]) -> int:
        """The same, and a try that may be made counts until `came_in` takes it back. Counted over all processes."""
        return self.service.sign_in_tries.take(self.source(peer, headers))

    def came_in(self, peer: str, headers: Mapping[str, str]) -> None:
        """Somebody signed in: only tries that fail count, as a whole office may come by one address."""
        self.service.sign_in_tries.give_back(self.source(peer, headers))

    def refusal(self, path: str, came: Came, right: Right) -> Refused | None:
        """The answer to one who may not pass, None for one who may."""
        account = came.account
        if account is None:
            onward = quote(path, safe="/") if path != "/" else ""
            return 303, {"location": SIGN_IN + (f"?next={onward}" if onward else "")}, ""
        if account.must_change and path not in _BEFORE_CHANGE:
            return 303, {"location": ACCOUNT}, ""
        if wait := self.waits(account):
            return too_often(wait)
        if path == "/" and not account.person.may(Right.SEE_CASES):
            return 303, {"location": next(view for needed, view in _VIEWS if account.person.may(needed))}, ""
        if not account.person.may(right):
            return 403, {"content-type": "text/plain; charset=utf-8"}, "Your role does not include this page."
        return None


def too_often(wait: int) -> Refused:
    """The answer to one who asks too often."""
    headers = {"content-type": "text/plain; charset=utf-8", "retry-after": str(wait)}
    return 429, headers, f"These are too many requests at once; try again in {wait} seconds."


def form_token(secret: str) -> str:
    """What a form must carry: it follows from the browser's own cookie, which no other site can read."""
    return hashlib.sha256(b"a form of the page:" + secret.encode("utf-8", "replace")).hexdigest()


def is_form_token(offered: str, secret: str) -> bool:
    """Whether a form came from a page that we gave to this browser."""
    return bool(secret) and hmac.compare_digest(offered.encode("utf-8", "replace"), form_token(secret).encode())


def onward(wished: str) -> str:
    """A path of this page to go on to; anything that could lead elsewhere is the first page."""
    fine = wished.startswith("/") and wished.isascii() and wished.isprintable() and len(wished) <= 300  # noqa: PLR2004
    if not fine or wished[1:2] in ("/", "\\") or "\\" in wished or wished.startswith(SIGN_IN):
        return "/"
    return wished
