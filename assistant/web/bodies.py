"""How much of a request's body is taken, and how long it is waited for; what is cut off is answered with why."""

from __future__ import annotations

import asyncio

from assistant.web.doors import Refused
from assistant.web.rules import is_api
from assistant.web.sealing import Message, Receive, Scope, Send, as_json, respond

TOO_LARGE = "imr.too_large"  # in the scope of a request whose body was cut off
MAX_BODY = 32 * 1024 * 1024  # bytes; an uploaded file is at most 25 MB, a case text at most 2 MB
TOO_SLOW = "imr.too_slow"  # in the scope of a request whose body did not come in time
BODY_SECONDS = 60.0  # that are waited for a body, and one more for each LEAST_RATE that came of it
LEAST_RATE = 16 * 1024  # bytes a second

_CUT_OFF = (
    (TOO_LARGE, 413, "The body is too large.", "TooLarge"),
    (TOO_SLOW, 408, "The body did not come in time; nothing was done with it. Send it again.", "TooSlow"),
)


def bounded(receive: Receive, most: int, scope: Scope) -> Receive:
    """`receive` that stops at `most` bytes, also where no length was announced, and where a body comes too slowly.

    The scope then says so. What the program takes to write a piece away does not count.
    """
    seen, waited, whole = 0, 0.0, False

    async def taken() -> Message:
        nonlocal seen, waited, whole
        if whole:
            return await receive()
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(BODY_SECONDS + seen / LEAST_RATE - waited):
                message = await receive()
        except TimeoutError:
            scope[TOO_SLOW], whole = True, True
            return {"type": "http.disconnect"}
        waited += asyncio.get_running_loop().time() - began
        seen += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if seen > most:
            scope[TOO_LARGE] = True
            return {"type": "http.disconnect"}
        return message

    return taken


class BoundedAnswer:
    """Passes an answer on; to a body that was cut off the answer is why, whatever the program makes of the rest."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send, self._begun, self._told = scope, send, False, False

    async def send(self, message: Message) -> None:
        """Pass one message of the answer on."""
        if not self._begun and self._refusal() is not None:
            await self.end()
        if not self._told:
            self._begun = True
            await self._send(message)

    async def end(self) -> None:
        """Say why the body was cut off, where nothing was answered yet; a client that left is told nothing."""
        refused = self._refusal()
        if refused is not None and not self._begun:
            self._begun = self._told = True
            status, headers, body = refused
            await respond(self._send, status, {**headers, "connection": "close"}, body)

    def _refusal(self) -> Refused | None:
        for mark, status, sentence, kind in _CUT_OFF:
            if self._scope.get(mark):
                as_text = status, {"content-type": "text/plain; charset=utf-8"}, sentence
                return as_json(status, sentence, kind) if is_api(self._scope["path"]) else as_text
        return None
