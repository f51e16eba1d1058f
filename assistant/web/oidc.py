"""Signing in by an OpenID Connect provider: code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1)."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

from assistant.addresses import leads_to_secrets
from assistant.errors import AssistantError
from assistant.records import Flow, SignInFlows
from assistant.rights import Role
from assistant.settings import Settings

_SECONDS = 10.0  # that the provider may take for an answer
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # none of shared secrets, and never "none"
_LEEWAY = 30  # seconds by which the clocks may differ


class ProviderFailed(AssistantError):
    """The provider did not answer as it must, or what it said of someone cannot be trusted."""


@dataclass(frozen=True, slots=True)
class CameBy:
    """Who the provider says has signed in."""

    subject: str
    name: str
    display: str
    role: Role
    onward: str


class Provider:
    """The provider that the settings name; it is asked for its addresses at the first sign-in."""

    def __init__(self, settings: Settings, origin: str, flows: SignInFlows) -> None:
        self.issuer = settings.oidc_issuer
        self._settings, self._flows = settings, flows
        self._back = f"{origin}/sign-in/return"
        self._roles = dict(part.strip().rsplit("=", 1) for part in settings.oidc_roles.split(",") if part.strip())
        self._about: dict[str, Any] | None = None

    def begin(self, onward: str) -> tuple[str, str]:
        """The provider's address to go to, and the name under which the flow is kept. Raises ProviderFailed."""
        flow = Flow(*(secrets.token_urlsafe(32) for _ in range(3)), onward)
        return self._address(flow), self._flows.begin(flow)

    def finish(self, handle: str, query: Mapping[str, str]) -> CameBy:
        """Who came back; a flow can be ended once, in whichever process. Raises ProviderFailed."""
        flow = self._flows.take(handle)
        if flow is None:
            raise ProviderFailed("This sign-in was begun too long ago or in another browser; begin it again.")
        if not hmac.compare_digest(query.get("state", "").encode(), flow.state.encode()):
            raise ProviderFailed("What came back belongs to another sign-in; begin it again.")
        if "code" not in query:
            raise ProviderFailed("The provider did not let you sign in.")
        claims = self._claims(self._id_token(query["code"], flow), flow.nonce)
        name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        return CameBy(str(claims["sub"]), name, str(claims.get("name") or name), self._role(claims), flow.onward)

    def _address(self, flow: Flow) -> str:
        from authlib.common.urls import add_params_to_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._back,
            "scope": "openid profile email",
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": create_s256_code_challenge(flow.verifier),
            "code_challenge_method": "S256",
        }
        return add_params_to_uri(self._known()["authorization_endpoint"], list(asked.items()))

    def _known(self) -> dict[str, Any]:
        """What the provider says of itself; its addresses must be as safe as its own."""
        if self._about is None:
            about = self._get(f"{self.issuer}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            fine = all(self._safe(str(about.get(name, ""))) for name in needed)
            if str(about.get("issuer", "")).rstrip("/") != self.issuer or not fine:
                raise ProviderFailed("The provider's description of itself cannot be used; check IMR_OIDC_ISSUER.")
            self._about = about
        return self._about

    def _safe(self, address: str) -> bool:
        """Whether an address that the provider names may be asked: https, or the provider's own host as it is."""
        try:
            parts, own = urlsplit(address), urlsplit(self.issuer)
        except ValueError:
            return False
        same = (parts.scheme, parts.hostname) == (own.scheme, own.hostname)
        return bool(parts.hostname) and (parts.scheme == "https" or same) and not leads_to_secrets(parts.hostname or "")

    def _get(self, address: str) -> dict[str, Any]:
        import httpx

        try:
            answer = httpx.get(address, timeout=_SECONDS, follow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError):
            raise ProviderFailed("The provider does not answer; try again, or sign in by a password.") from None
        if not isinstance(found, dict):
            raise ProviderFailed("The provider's answer cannot be read.")
        return found

    def _id_token(self, code: str, flow: Flow) -> str:
        """The ID token for a code; a secret goes as HTTP Basic (RFC 6749, 2.3.1)."""
        import httpx

        known, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret.get_secret_value()
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._back}
        asked |= {"code_verifier": flow.verifier} | ({} if secret else {"client_id": known})
        auth = httpx.BasicAuth(quote_plus(known), quote_plus(secret)) if secret else None
        address = self._known()["token_endpoint"]
        try:
            answer = httpx.post(address, data=asked, auth=auth, timeout=_SECONDS, follow_redirects=False)
            answer.raise_for_status()
            return str(answer.json()["id_token"])
        except (httpx.HTTPError, ValueError, TypeError, KeyError):
            raise ProviderFailed("The provider did not confirm the sign-in; begin it again.") from None

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token, once its signature, issuer, audience, times and nonce are right (3.1.3.7)."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        wanted = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._known()["issuer"]},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        published = self._get(self._known()["jwks_uri"])
        try:
            keys = KeySet.import_key_set(published)  # type: ignore[arg-type]
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            wanted.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):  # keys of any shape may come
            raise ProviderFailed("What the provider says of you cannot be trusted; begin the sign-in again.") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._settings.oidc_client_id) != self._settings.oidc_client_id:
            raise ProviderFailed("What the provider says is meant for another program.")
        return claims

    def _role(self, claims: Mapping[str, Any]) -> Role:
        """The role of the first value in the setting's order that the claim holds."""
        held = claims.get(self._settings.oidc_role_claim, [])
        held = [held] if isinstance(held, str) else held if isinstance(held, list) else []
        for value, role in self._roles.items():
            if value in held:
                return Role(role)
        raise ProviderFailed("The provider names no role for you that comes in here; ask an administrator for one.")
