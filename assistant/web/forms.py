"""The plain forms of the sign-in and the account: what comes in, and what goes out."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import Request, Response
from starlette.requests import ClientDisconnect

Form = dict[str, str]
NOT_OURS = "This form was not sent from a page that this browser was given; send it again."


def html(page: str, status: int = 200, *cookies: str) -> Response:
    """A plain page, with the cookies that it sets."""
    response = Response(page, status, media_type="text/html; charset=utf-8")
    for cookie in cookies:
        response.headers.append("set-cookie", cookie)
    return response


def gone(to: str, *cookies: str) -> Response:
    """On to another address, with the cookies that are set on the way."""
    response = Response(status_code=303, headers={"location": to})
    for cookie in cookies:
        response.headers.append("set-cookie", cookie)
    return response


async def form_of(request: Request) -> Form:
    """The fields of a plain form; none for a body that did not come whole or is no form."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        body = await request.body()
    except ClientDisconnect:
        return {}
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return {}
