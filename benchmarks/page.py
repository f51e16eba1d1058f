"""The page in a real browser: `python -m benchmarks.page`; needs Chromium, prints a table and JSON.

Serves the program on a data folder of its own, drives it as a reviewer would, measures from the act to what is seen.
"""

from __future__ import annotations

import http.client
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright
from reportlab.pdfgen.canvas import Canvas

from assistant.service import Service
from assistant.settings import Settings
from benchmarks.cases_list import fill

_LINK = re.compile(r"http://[^\s]+\?token=[\w-]+")
_FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_SAMPLE = "acupuncture-low-back"
_REVIEWERS, _DRAFTS_EACH = 10, 5
_PAGES = 200
_RUNS = 7
AIMS = {
    "usable, first request to a new server": 2500,
    "usable, later": 1000,
    "first draft shown, models loaded": 1500,
    "a draft while the models are being loaded": 8000,
    "click on a quotation to lit words": 100,
    "key to verification mark": 300,
    "1,000 cases: list shown": 1000,
    "200-page file read into the form": 10000,
    "10 reviewers at once: a draft, p95": 4000,
}


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data-dir", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield next(found[0] for line in process.stderr or () if (found := _LINK.search(line)))
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _open(page: Page, link: str) -> None:
    page.goto(link)
    page.wait_for_selector("[data-ready]")


def _draft(page: Page) -> float:
    page.get_by_role("button", name="Try a sample").click()
    page.locator(f"[data-sample='{_SAMPLE}']").click()
    page.wait_for_function("document.querySelector('[data-part=text]').value.length > 100")

    def shown() -> None:
        page.get_by_role("button", name="Draft the rationale").click()
        page.wait_for_selector(".draft .s", timeout=60_000)

    return _ms(shown)


# Measured in the page itself, so that the way to it does not count.
_LIT = """() => new Promise((done) => {
  for (const each of document.querySelectorAll('.lit')) each.classList.remove('lit');
  const started = performance.now();
  const supports = [...document.querySelectorAll('.support')];
  supports.find((one) => one.textContent.startsWith('Case summary')).click();
  const lit = () => document.querySelector('.pane-case .lit') || performance.now() - started > 5000;
  const look = () => (lit() ? done(performance.now() - started) : requestAnimationFrame(look));
  look();
})"""
_MARK = """(words) => new Promise((done) => {
  const box = document.querySelector('.draft');
  box.focus();
  getSelection().selectAllChildren(box);
  getSelection().collapseToEnd();
  const before = document.querySelectorAll('.s').length;
  document.execCommand('insertText', false, words);
  const started = performance.now();
  const marked = () => document.querySelectorAll('.s').length > before || performance.now() - started > 5000;
  const look = () => (marked() ? done(performance.now() - started) : requestAnimationFrame(look));
  look();
})"""


def _on_a_case(page: Page) -> dict[str, float]:
    page.get_by_text("What the sentences rest on").click()
    lit = [page.evaluate(_LIT) for _ in range(_RUNS)]
    marks = [page.evaluate(_MARK, f" He had {number} sessions of acupuncture.") for number in range(20, 20 + _RUNS)]
    return {
        "click on a quotation to lit words": statistics.median(lit),
        "key to verification mark": statistics.median(marks),
    }


def _long_pdf(folder: Path) -> Path:
    path = folder / "long.pdf"
    canvas = Canvas(str(path))
    for number in range(_PAGES):
        for line in range(40):
            canvas.drawString(
                60, 780 - 18 * line, f"Page {number + 1}: the injured worker complains of low back pain, {line}."
            )
        canvas.showPage()
    canvas.save()
    return path


def _many_reviewers(link: str) -> dict[str, float]:
    """Ten pages at once would measure Chromium; ten clients of the same acts measure the server."""
    split = urlsplit(link)
    token = link.split("token=")[1]
    took: list[float] = []
    failed: list[str] = []
    text = (Settings().corpus_dir / "cases" / f"{_SAMPLE}.txt").read_text("utf-8")

    def reviewer() -> None:
        connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=60)
        headers = {
            "cookie": f"imr_{split.port}={token}",
            "origin": f"http://{split.netloc}",
            "content-type": "application/json",
        }
        for _ in range(_DRAFTS_EACH):
            started = time.perf_counter()
            connection.request(
                "POST", "/api/v1/drafts", json.dumps({"case_summary": text, "date": "2016-03-01"}), headers
            )
            answer = connection.getresponse()
            body = answer.read()
            took.append((time.perf_counter() - started) * 1000)
            if answer.status != 200:
                failed.append(body[:200].decode())

    threads = [threading.Thread(target=reviewer) for _ in range(_REVIEWERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(f"{len(failed)} drafts failed: {failed[0]}")
    return {"10 reviewers at once: a draft, p95": sorted(took)[round(0.95 * (len(took) - 1))]}


def measure(folder: Path) -> dict[str, float]:
    """Each figure in milliseconds."""
    service = Service.open(Settings(data_dir=folder))
    service.close()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("There is no Chromium on this machine.")
    figures: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        with _served(folder) as link:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(30_000)
            figures["usable, first request to a new server"] = _ms(lambda: _open(page, link))
            figures["a draft while the models are being loaded"] = _draft(page)
            figures |= _on_a_case(page)
            start = link.split("/?")[0]
            _open(page, start)
            figures["first draft shown, models loaded"] = _draft(page)
            figures["usable, later"] = statistics.median(_ms(lambda: _open(page, start)) for _ in range(_RUNS))
            page.locator("[data-part=file]").set_input_files(_long_pdf(folder))
            figures["200-page file read into the form"] = _ms(
                lambda: page.wait_for_function("document.querySelector('[data-part=text]').value.length > 100000")
            )
            figures |= _many_reviewers(link)
        service = Service.open(Settings(data_dir=folder))
        fill(service, 1000)
        service.close()
        with _served(folder) as link:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            _open(page, link)
            page.wait_for_selector("tr[data-case]")

            def listed() -> None:
                page.reload()
                page.wait_for_selector("tr[data-case]")

            figures["1,000 cases: list shown"] = statistics.median(_ms(listed) for _ in range(_RUNS))
        browser.close()
    return figures


def main() -> None:
    """Measure, and print each figure beside its aim."""
    with tempfile.TemporaryDirectory(prefix="imr-bench-") as folder:
        figures = measure(Path(folder))
    for name, aim in AIMS.items():
        print(f"{name:<42} {figures[name]:>8.0f} ms   aim {aim} ms{'' if figures[name] <= aim else '   MISSED'}")
    print(json.dumps({"ms": {k: round(v, 1) for k, v in figures.items()}}))


if __name__ == "__main__":
    main()
