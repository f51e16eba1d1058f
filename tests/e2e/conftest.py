"""The page in Chromium: served in a process of its own, driven through Playwright, every request written down."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from serving import served

_FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
_QUIET = ["--disable-background-networking"]
_SERIOUS = {"serious", "critical"}


@dataclass(frozen=True)
class Look:
    """How wide the page is, and whether it is light or dark."""

    width: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


LOOKS = [
    pytest.param(look, id=str(look), marks=() if str(look) == "1440-light" else pytest.mark.slow)
    for look in (Look(width, scheme) for width in (1440, 390) for scheme in ("light", "dark"))
]


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> Look:
    """The looks at which a user's story is told: one of them in `make test`, all in `make test-full`."""
    return request.param


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium; skips where none is installed.

    A module's own: while Playwright is open its event loop runs, and tests of other modules want none.
    """
    where = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if where is None:
        pytest.skip("no Chromium on this machine; the page is tested in one")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # a loaded machine is slow, not wrong

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=_FLAGS + _QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def fake_link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the service without models."""
    folder = tmp_path_factory.mktemp("fake")
    with served([sys.executable, str(Path(__file__).parent / "serve_fake.py"), str(folder)], folder) as link:
        yield link


def _is_fault(message) -> bool:
    """Whether a line of the console is a fault; an export that is not ready is an answer."""
    return message.type == "error" and "409 (Conflict)" not in message.text


@pytest.fixture
def open_page(chromium) -> Iterator[Callable]:
    """Opens a page with the link's cookie; fails the test on a script's fault or a request to another host."""
    opened, faults, hosts = [], [], set()

    def open_(link: str, *, width: int = 1440, height: int = 900, scheme: str = "light"):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
        page.on("request", lambda request: hosts.add(request.url.split("/")[2] if "://" in request.url else "inline"))
        page.goto(link)
        if urlsplit(page.url).path == "/":
            page.wait_for_selector("[data-ready]")
        opened.append((context, link.split("/")[2]))
        return page

    yield open_
    allowed = {host for _, host in opened} | {"inline"}
    for context, _ in opened:
        context.close()
    assert not faults
    assert {host for host in hosts if not host.startswith("blob:")} <= allowed


@pytest.fixture
def accessible() -> Callable:
    """Asserts that axe-core finds nothing serious or critical in the page as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def check(page) -> None:
        # What is looked at is the view, not the empty page before its script has run.
        page.wait_for_function("!document.querySelector('gradio-app') || document.querySelector('.desk')")
        found = axe.run(page).response["violations"]
        grave = [
            f"{fault['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
            for fault in found
            if fault["impact"] in _SERIOUS
            for node in fault["nodes"]
        ]
        assert not grave, "\n".join(grave)

    return check


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable:
    """Takes a screenshot into the folder that IMR_SCREENSHOTS names; without it, does nothing."""
    folder = os.environ.get("IMR_SCREENSHOTS")

    def take(page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=page.viewport_size["width"] < 760)

    return take
