"""`/healthz` and `/readyz`: whether the process lives and whether it can work, in one word each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Response

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.web.acts import Desk


def add_routes(app: FastAPI, desk: Desk) -> None:
    """The two addresses; what is wrong is for `doctor` to say, not for whoever asks here."""

    @app.get("/healthz")
    async def alive() -> Response:
        return Response("alive\n", media_type="text/plain")

    @app.get("/readyz")
    def ready() -> Response:
        try:
            answers = desk.service.ready()
        except Exception:  # noqa: BLE001 - whatever it is, the answer is that it cannot work
            answers = False
        return Response("ready\n" if answers else "not ready\n", 200 if answers else 503, media_type="text/plain")
