"""A whole review on the page over a case with a marked name: no address, log, file name or file keeps the name."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from casework import editor
from playwright.sync_api import Page, expect
from serving import LINK

from assistant.keys import new_key

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARK = "Xyloqvist"
CASE = (
    f"{MARK} is a 49-year-old man. Treatment to date has included acupuncture. He complains of low back pain. "
    "The treating physician requested authorization for 6 sessions of acupuncture for the low back."
)


@contextmanager
def served_with_logs(data: Path, temporary: Path, log: Path) -> Iterator[str]:
    """The program with every log that it has, written to a file; its link."""
    environment = os.environ | {"TMPDIR": str(temporary), "IMR_KEY": new_key(), "IMR_LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data-dir", str(data)]
    with (
        log.open("w") as written,
        subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT, env=environment) as process,
    ):
        try:
            until = time.monotonic() + 60
            while not (link := LINK.search(log.read_text())):
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.1)
            yield link.group()
        finally:
            process.terminate()


def review(page: Page, given: Path) -> None:
    """All that a reviewer does with a case, the marked name in each field that takes words."""
    page.locator("input[type=file]").set_input_files(given)
    expect(page.get_by_label("Case summary")).to_have_value(CASE)
    page.get_by_label("Date of review").fill("2016-03-01")
    page.get_by_role("button", name="Draft the rationale").click()
    expect(editor(page)).to_contain_text("medically necessary")
    editor(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {MARK} says that he is better.")
    expect(page.locator("[data-part=saved]")).to_contain_text("version 2")
    page.get_by_label("Ask, or say what to change").fill(f"why not for {MARK}?")
    page.keyboard.press("Enter")
    expect(page.locator(".it").last).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    page.get_by_role("button", name="Find in chats").click()
    page.get_by_label("Words said in any chat").fill(MARK)
    expect(page.locator(".found li").first).to_contain_text(MARK, ignore_case=True)
    page.get_by_role("button", name="Uphold", exact=True).click()
    expect(page.locator("[data-part=saved]")).to_contain_text("version 3")
    page.get_by_role("button", name="Check and export").click()
    for name in ("DOCX", "PDF", "Markdown", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("dialog").get_by_role("button", name=name).click()
        assert MARK not in download.value.suggested_filename
    page.get_by_role("dialog").get_by_role("button", name="Close").click()


def test_a_review_on_the_page_leaves_no_word_of_a_case(data_dir: Path, tmp_path: Path, open_page) -> None:
    temporary, given, log = tmp_path / "temporary", tmp_path / f"{MARK}.txt", tmp_path / "log"
    temporary.mkdir()
    given.write_text(CASE)
    with served_with_logs(data_dir, temporary, log) as link:
        page: Page = open_page(link)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("framenavigated", lambda frame: asked.append(frame.url))
        review(page, given)
        page.goto(link.split("?")[0])
        page.get_by_label("Case summary").fill(f"What {MARK} says, not sent.")
        page.get_by_label("Find a case").fill(MARK)
        expect(page.get_by_text("No case fits.")).to_be_visible()
        page.goto(link.split("?")[0] + "decisions")
        page.get_by_label("Words", exact=True).fill(f"acupuncture {MARK}")
        page.keyboard.press("Enter")
        expect(page.locator("[data-found]").first).to_be_visible()
        page.goto(link.split("?")[0])
        expect(page.get_by_label("Case summary")).to_have_value(f"What {MARK} says, not sent.")
        assert holding(data_dir) == []
    told = log.read_text()
    assert '"route"' in told  # each request is in it
    assert MARK.lower() not in told.lower()
    assert [url for url in asked if MARK.lower() in url.lower()] == []
    assert holding(data_dir) == []
    assert holding(temporary) == []


def holding(folder: Path) -> list[str]:
    """The files of a folder that hold the marked name, in their name or in their bytes."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if MARK.lower() in path.name.lower() or (path.is_file() and MARK.lower().encode() in path.read_bytes().lower())
    ]
