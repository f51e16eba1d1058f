"""One's own account: the password and the tokens of programs, in plain forms."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from assistant.errors import AssistantError
from assistant.records import Account
from assistant.rights import NotSignedIn
from assistant.web import render
from assistant.web.doors import ACCOUNT, Came, Doors, form_token, is_form_token
from assistant.web.forms import NOT_OURS, Form, form_of, html
from assistant.web.guard import CAME

_UNFIT = 422


class _Page:
    """The page of whoever is signed in."""

    def __init__(self, doors: Doors) -> None:
        self.doors, self.accounts = doors, doors.service.accounts

    def shown(self, came: Came, said: str = "", *, fault: str = "", token: str = "") -> Response:
        """The page, with what was done, what stopped it, or a new token."""
        own = signed_in(came)
        tokens, form = self.accounts.tokens(own.name), form_token(came.session)
        page = render.account(own, tokens, form, said=said, fault=fault, token=token)
        return html(page, _UNFIT if fault else 200)

    async def done(self, request: Request, work: Callable[[Came, Form], Response]) -> Response:
        """What `work` answers to a form that was sent from the page; a sentence on the page if it cannot be done."""
        came: Came = request.scope[CAME]
        form = await form_of(request)
        if not is_form_token(form.get("form", ""), came.session):
            return html(render.told(NOT_OURS, ACCOUNT), 403)
        try:
            return await run_in_threadpool(work, came, form)
        except AssistantError as error:
            fault = str(error)
        return await run_in_threadpool(lambda: self.shown(came, fault=fault))

    def change_password(self, came: Came, form: Form) -> Response:
        """Change it; every session ends, and this browser gets a new one."""
        own = signed_in(came)
        if form.get("new", "") != form.get("again", ""):
            return self.shown(came, fault="The new password was not written twice alike; nothing was changed.")
        self.accounts.change_password(own.name, form.get("old", ""), form.get("new", ""))
        token = self.doors.service.sessions.begin(own.name)
        said = "Your password is changed. Wherever else you were signed in, you are signed out."
        return html(render.told(said, "/"), 200, self.doors.cookie(token))

    def add_token(self, came: Came, form: Form) -> Response:
        """Make a token and show it this once."""
        return self.shown(came, token=self.accounts.add_token(signed_in(came).name, form.get("label", "")))

    def drop_token(self, came: Came, form: Form) -> Response:
        """Take a token back."""
        number = form.get("token", "")
        self.accounts.drop_token(signed_in(came).name, int(number) if number.isdecimal() and len(number) < 10 else 0)  # noqa: PLR2004
        return self.shown(came, "The token is taken back.")


def signed_in(came: Came) -> Account:
    """The account of a request; NotSignedIn where there is none, or only a program's token was shown."""
    if came.account is None:
        raise NotSignedIn
    return came.account


def add_routes(app: FastAPI, doors: Doors) -> None:
    """The page and its forms."""
    page = _Page(doors)

    @app.get(ACCOUNT)
    def own_account(request: Request) -> Response:
        return page.shown(request.scope[CAME])

    @app.post("/account/password")
    async def password(request: Request) -> Response:
        return await page.done(request, page.change_password)

    @app.post("/account/tokens")
    async def add_token(request: Request) -> Response:
        return await page.done(request, page.add_token)

    @app.post("/account/tokens/drop")
    async def drop_token(request: Request) -> Response:
        return await page.done(request, page.drop_token)
