"""The web application: Gradio's pages and our few routes in one FastAPI app behind one guard, served on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import os
import re
import secrets
import socket
import sys
import warnings
import webbrowser
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from assistant import logs, metrics, traces
from assistant.drafting.export import Format
from assistant.errors import AssistantError
from assistant.hardening import private_folder
from assistant.library.import_log import ImportState
from assistant.web import (
    api,
    audit,
    case,
    cases,
    chat,
    decisions,
    guideline_import,
    health,
    insights,
    letter_imports,
    library,
    signin,
)
from assistant.web import settings as settings_view
from assistant.web.acts import ASSETS, Answer, Desk
from assistant.web.doors import SIGN_IN, Doors
from assistant.web.guard import Gate, Guard
from assistant.web.jobs import Jobs
from assistant.web.uploads import MAX_IMPORT_FILE
from assistant.web.watch import Watch, Watched

if TYPE_CHECKING:
    from gradio import Blocks
    from gradio.themes import Base

    from assistant.service import Service
    from assistant.settings import Settings

MAX_UPLOAD = 25 * 1024 * 1024  # bytes
_LARGE = {
    "/import-upload": MAX_IMPORT_FILE,
    api.UPLOAD: MAX_IMPORT_FILE,
    **dict.fromkeys(signin.FORMS, signin.MAX_FORM),
}
_MEDIA = {".js": "text/javascript", ".css": "text/css"}
_ENDINGS = {".pdf", ".docx", ".html", ".htm", ".txt", ".md"}
_CONFLICT = 409
_UNREADABLE = 422


def build_app(service: Service, settings: Settings, *, token: str) -> FastAPI:
    """The whole application for `service`; requests pass only with `token`'s cookie, from this machine's own page.

    `settings.port` is the port under which the page will be reached.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by Gradio when it is imported
    os.environ["GRADIO_RUN_HISTORY"] = "False"

    async def build() -> FastAPI:
        return _build(service, settings, token)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(build())  # without a running loop Gradio makes loops of its own and never closes them
    return _build(service, settings, token)


def _build(service: Service, settings: Settings, token: str) -> FastAPI:
    import gradio as gr

    desk = Desk(service, settings, Jobs(ledger=service.job_ledger, user=lambda: desk.user))
    if service.job_ledger is not None:
        service.job_ledger.clear()
    unfinished = (i.upload for i in service.imports() if i.upload and i.state is not ImportState.DONE)
    desk.uploads.keep_only(set(unfinished))

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        desk.jobs.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    _add_files(app)
    _add_acts(app, desk)
    health.add_routes(app, desk)
    guideline_import.add_routes(app, desk)
    chat.add_routes(app, desk)
    cases.add_routes(app, desk)
    api.add_routes(app, desk)
    decisions.add_routes(app, desk)
    audit.add_routes(app, desk)
    doors = Doors(service, settings) if settings.accounts == "on" else None
    signin.add_routes(app, desk, doors)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "SSR mode is not supported")  # said although it is switched off
        gr.mount_gradio_app(
            app,
            _pages(desk),
            path="/",
            theme=_theme(),
            footer_links=[],
            run_history=False,
            allowed_paths=[],
            max_file_size=MAX_UPLOAD,
            ssr_mode=False,
            show_error=False,
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
            app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        )
    secret = settings.api_token.get_secret_value()
    gate = Gate.of(token, settings.port, _LARGE, api_token="" if doors else secret, doors=doors)
    app.add_exception_handler(AssistantError, _unavailable)
    app.add_middleware(Guard, gate=gate)
    app.add_middleware(Watch, watched=_watched(settings), routes=tuple(app.routes))  # added last: it stands outermost
    return app


async def _unavailable(_request: Request, error: Exception) -> Response:
    """The sentence of what a route could not do, instead of a bare 500: most often the database is down."""
    return Response(str(error), 503, {"retry-after": "5"}, "text/plain; charset=utf-8")


def _watched(settings: Settings) -> Watched:
    if settings.metrics == "off":
        metrics.stop()
    else:
        metrics.start()
    return Watched(settings.metrics == "on", settings.metrics_token.get_secret_value())


def _pages(desk: Desk) -> Blocks:
    """The Gradio pages, each with its address."""
    import gradio as gr

    views = [
        ("Case", case),
        ("Decisions", decisions),
        ("Library", library),
        ("Insights", insights),
        ("Imports", letter_imports),
        ("Settings", settings_view),
        ("Audit", audit),
    ]
    with gr.Blocks(title="IMR Assistant", analytics_enabled=False, fill_width=True) as pages:
        gr.Navbar(visible=False)
        cases.build(desk)
    for name, view in views:
        with pages.route(name, f"/{name.lower()}"):
            gr.Navbar(visible=False)
            view.build(desk)
    return pages


def _theme() -> Base:
    """Gradio's plainest theme with fonts that are on the machine; its own would be asked of Google."""
    import gradio as gr

    return gr.themes.Base(
        font=["Inter", "system-ui", "Segoe UI", "sans-serif"], font_mono=["ui-monospace", "Consolas", "monospace"]
    )


def _add_files(app: FastAPI) -> None:
    """Our scripts and styles. They are read once, at the start; a path never reaches the disk."""
    files = {p.name: p.read_bytes() for p in (*ASSETS.iterdir(), insights.PLOTLY) if p.suffix in _MEDIA}

    @app.get("/page/{name}")
    def page_file(name: str) -> Response:
        content = files.get(name)
        if content is None:
            return Response("There is no such file.", 404, media_type="text/plain")
        return Response(content, media_type=_MEDIA[Path(name).suffix])


def _add_acts(app: FastAPI, desk: Desk) -> None:
    """What a component cannot do: a download, an upload that leaves no copy, the last words of a page that closes."""
    save = case.save_text(desk)

    @app.get("/export/{case_id}/{fmt}")
    def export(case_id: str, fmt: Format, evidence: bool | None = None) -> Response:  # noqa: FBT001 - a query parameter
        """The determination; `evidence` says whether its appendix is wanted, and is left out for the usual."""
        try:
            made = desk.service.export(desk.user, case_id, fmt, with_evidence=evidence)
        except AssistantError as error:
            return Response(str(error), _CONFLICT, media_type="text/plain; charset=utf-8")
        name = re.sub(r"[^\w.-]", "_", made.name)
        return Response(
            made.content, media_type=made.media_type, headers={"content-disposition": f'attachment; filename="{name}"'}
        )

    @app.post("/upload")
    async def upload(request: Request, ending: str = "") -> Any:
        try:
            content = await request.body()
        except ClientDisconnect:
            return {"error": "The file did not come whole."}
        return await run_in_threadpool(_text_of, desk, content, ending.lower())

    @app.post("/import-upload")
    async def import_upload(request: Request) -> Answer:
        """One file of an import, streamed to the disk; its name comes as a header, for an address is remembered."""
        name = unquote(request.headers.get("x-file-name", ""))
        try:
            await desk.uploads.take(request.headers.get("x-import", ""), name, request.stream())
        except AssistantError as error:
            return {"error": str(error)}
        except ClientDisconnect:
            return {"error": "The file did not come whole."}
        return {}

    @app.post("/last-words")
    async def last_words(request: Request) -> Any:
        try:
            words = await request.json()
        except (ValueError, RecursionError):
            return {}
        return await run_in_threadpool(save, words)


def _text_of(desk: Desk, content: bytes, ending: str) -> Answer:
    """The text of an uploaded file. It lies in a folder of its own while it is read, and is deleted with it."""
    if ending not in _ENDINGS:
        return {"error": "This kind of file cannot be read here; use PDF, DOCX, HTML, TXT or MD, or paste the text."}
    if len(content) > MAX_UPLOAD:
        return {"error": "The file is larger than 25 MB; paste the case summary instead."}
    with private_folder() as folder:
        path = Path(folder) / f"the-file{ending}"
        path.write_bytes(content)
        try:
            read = desk.service.read_upload(path)
            return {"text": read.text, "pages": read.pages, "warnings": list(read.warnings)}
        except AssistantError as error:
            return {"error": str(error).replace(path.name, "The file", 1)}


def serve(service: Service, settings: Settings, *, open_browser: bool = False) -> None:
    """Serve the page until interrupted; says on standard error by which link it opens.

    Raises AssistantError for an address that others reach, while accounts are off, and for a port in use.
    """
    import uvicorn

    from assistant.web import shutdown
    from assistant.web.connections import Bounds, protocol

    logs.set_up(settings.log_format, requests=settings.log_requests)
    if settings.traces_url:
        traces.start(settings.traces_url)
    listening = _listen(settings)
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(32)
    app = build_app(service, settings.model_copy(update={"port": port}), token=token)
    if settings.accounts == "on":
        link = f"{settings.public_url or f'http://127.0.0.1:{port}'}{SIGN_IN}"
        sys.stderr.write(f"The page is served to those who have an account:\n\n  {link}\n\nCtrl+C stops it.\n")
    else:
        link = f"http://{_bracketed(settings.host)}:{port}/?token={token}"
        sys.stderr.write(
            f"The page is served on this machine only. Open it with this link:\n\n  {link}\n\nCtrl+C stops it.\n"
        )
    sys.stderr.flush()
    if open_browser:
        webbrowser.open(link)
    config = uvicorn.Config(
        app,
        http=protocol(Bounds()),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
    if settings.log_format == "json":
        logs.take_over("uvicorn", "uvicorn.error")  # an exception's text may quote a case
    warming = service.warm_up()  # the page is there before the model is; the first draft waits for it
    try:
        with listening:
            shutdown.server(config, settings.shutdown_seconds).run(sockets=[listening])
    finally:
        warming.join()
        traces.stop()


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.host, settings.port
    name = "127.0.0.1" if host == "localhost" else host
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        address = None
    near = address is not None and str(address) in {"127.0.0.1", "::1"}
    if address is None or (not near and settings.accounts == "off"):
        raise AssistantError(
            f"{host} is not an address of this machine alone; without accounts (IMR_ACCOUNTS=on) the page is served on"
            " 127.0.0.1 or ::1."
        )
    if not near and not settings.public_url:
        raise AssistantError(
            f"On {host} the page needs the address by which reviewers reach it; set IMR_PUBLIC_URL=https://..."
        )
    listening = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((str(address), port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} is in use by another program; stop it, or choose another with --port."
        else:
            message = f"Port {port} cannot be opened ({os.strerror(error.errno or 0)}); choose another with --port."
        raise AssistantError(message) from None
    return listening


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
