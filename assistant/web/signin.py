"""Signing in and out, and one's own account: plain forms, which need no script and none of Gradio's."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from assistant.errors import AssistantError
from assistant.rights import RIGHTS
from assistant.web import account, render
from assistant.web.doors import ACCOUNT, SIGN_IN, Came, Doors, form_token, is_form_token, onward, too_often
from assistant.web.forms import NOT_OURS, form_of, gone, html
from assistant.web.guard import CAME

if TYPE_CHECKING:
    from assistant.records import Account
    from assistant.web.acts import Desk
    from assistant.web.oidc import Provider

MAX_FORM = 16 * 1024  # bytes
FORMS = (SIGN_IN, "/sign-out", "/account/password", "/account/tokens", "/account/tokens/drop")
_FLOW_SECONDS = 600
_CHECKED_AT_ONCE = 4  # passwords; each takes 64 MB and every core, and who has come in is not to wait for them
_WRONG = (
    "The name or the password is not right, or the account is closed for now: after wrong passwords it waits, each "
    "time longer, and an administrator can open it."
)


def add_routes(app: FastAPI, desk: Desk, doors: Doors | None) -> None:
    """Who asks, for every page; and with `doors` the sign-in and the account."""

    @app.get("/who")
    def who(request: Request) -> object:
        """Who is signed in and what their role includes; no account where accounts are off."""
        came: Came | None = request.scope.get(CAME)
        if came is None or came.account is None:
            return {"accounts": False}
        signed = came.account
        return {
            "accounts": True,
            "name": signed.name,
            "display": signed.display,
            "role": signed.role.value,
            "rights": sorted(RIGHTS[signed.role]),
            "form": form_token(came.session),
        }

    if doors is not None:
        provider = None
        if desk.settings.oidc_issuer:
            from assistant.web.oidc import Provider

            provider = Provider(desk.settings, doors.origin, desk.service.sign_in_flows)
        _add_sign_in(app, doors, provider)
        _add_sign_out(app, doors)
        account.add_routes(app, doors)


def _add_sign_in(app: FastAPI, doors: Doors, provider: Provider | None) -> None:
    checking = CapacityLimiter(_CHECKED_AT_ONCE)

    def page(request: Request, said: str, next_: str, status: int = 200) -> Response:
        secret, cookies = doors.shown(request.headers, "form"), []
        if not secret:
            secret = secrets.token_urlsafe(32)
            cookies = [doors.cookie(secret, "form")]
        shown = render.sign_in(said=said, onward=next_, form=form_token(secret), provider=provider is not None)
        return html(shown, status, *cookies)

    @app.get(SIGN_IN)
    def sign_in(request: Request) -> Response:
        next_ = onward(request.query_params.get("next", "/"))
        came: Came = request.scope[CAME]
        if came.account is not None:
            return html(render.go_on(next_))
        return page(request, "", next_)

    @app.post(SIGN_IN)
    async def signed_in(request: Request) -> Response:
        form = await form_of(request)
        next_ = onward(form.get("next", "/"))
        if not is_form_token(form.get("form", ""), doors.shown(request.headers, "form")):
            return page(request, NOT_OURS, next_, 403)
        name, password = form.get("name", "").strip().casefold(), form.get("password", "")
        # One that waits for its turn does not count as a try yet: of an office that comes in at once only four do.
        wait, found = await to_thread.run_sync(_checked, doors, request, name[:64], password, limiter=checking)
        if found is None:
            return _refused(wait) if wait else page(request, _WRONG, next_, 401)
        old = doors.shown(request.headers)
        token = await run_in_threadpool(doors.service.sessions.begin, found.name, old)
        forget = doors.cookie("", "form", seconds=0)
        return gone(ACCOUNT if found.must_change else next_, doors.cookie(token), forget)

    if provider is not None:
        _add_provider(app, doors, provider)


def _checked(doors: Doors, request: Request, name: str, password: str) -> tuple[int, Account | None]:
    """Whose password it is, and seconds to wait where the source has tried too often; a right one counts as no try."""
    peer = request.client.host if request.client else ""
    if wait := doors.tries_to_sign_in(peer, request.headers):
        return wait, None
    found = doors.service.accounts.check(name, password)
    if found is not None:
        doors.came_in(peer, request.headers)
    return 0, found


def _refused(wait: int) -> Response:
    status, headers, sentence = too_often(wait)
    return Response(sentence, status, headers)


def _add_sign_out(app: FastAPI, doors: Doors) -> None:
    @app.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        came: Came = request.scope[CAME]
        form = await form_of(request)
        if not is_form_token(form.get("form", ""), came.session):
            return html(render.told(NOT_OURS, ACCOUNT), 403)
        await run_in_threadpool(doors.service.sessions.end, came.session)
        return gone(SIGN_IN, doors.cookie("", seconds=0))


def _add_provider(app: FastAPI, doors: Doors, provider: Provider) -> None:
    @app.get("/sign-in/begin")
    def begin(request: Request) -> Response:
        """Off to the provider; what it must bring back is kept under a name that only this browser has."""
        peer = request.client.host if request.client else ""
        if wait := doors.tries_to_sign_in(peer, request.headers):
            return _refused(wait)
        try:
            address, flow = provider.begin(onward(request.query_params.get("next", "/")))
        except AssistantError as error:
            return html(render.told(str(error), SIGN_IN), 502)
        return gone(address, doors.cookie(flow, "flow", seconds=_FLOW_SECONDS))

    @app.get("/sign-in/return")
    def come_back(request: Request) -> Response:
        forget = doors.cookie("", "flow", seconds=0)
        try:
            came = provider.finish(doors.shown(request.headers, "flow"), dict(request.query_params))
            found = doors.service.accounts.of_provider(
                provider.issuer, came.subject, came.name, came.display, came.role
            )
            if found is None:
                return html(render.told(_WRONG, SIGN_IN), 401, forget)
            doors.came_in(request.client.host if request.client else "", request.headers)
            token = doors.service.sessions.begin(found.name, doors.shown(request.headers))
        except AssistantError as error:
            return html(render.told(str(error), SIGN_IN), 401, forget)
        # A page of ours that goes on by itself: a redirect would still count as coming from the provider's site.
        return html(render.go_on(came.onward), 200, doors.cookie(token), forget)
