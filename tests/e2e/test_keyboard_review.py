"""A whole review by the keyboard alone, on the real service: paste, draft, weigh, decide, edit, check, export."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from casework import editor
from playwright.sync_api import Locator, Page, expect
from serving import served

pytestmark = pytest.mark.browser

CASE = (
    "The injured worker is a 49-year-old man who was hurt on 3/7/05. He was diagnosed with lumbar spondylosis. "
    "Treatment to date has included acupuncture and medications. Currently he complains of low back pain. The "
    "treating physician requested authorization for 6 sessions of acupuncture for the low back."
)
OWN = "I weighed the whole summary."


@pytest.fixture(scope="module")
def link(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("keys") / "data"))
    with served([sys.executable, "-m", "assistant", "serve", "--port", "0", "--data-dir", str(folder)], folder) as link:
        yield link


def tab_to(page: Page, target: Locator, most: int = 80) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the Tab key never came there")


def test_a_review_from_paste_to_document_without_a_mouse(link: str, open_page, tmp_path: Path) -> None:
    page = open_page(link)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("words => navigator.clipboard.writeText(words)", CASE)
    tab_to(page, page.get_by_role("textbox", name="Case summary"))
    page.keyboard.press("Control+v")
    tab_to(page, page.get_by_label("Date of review"))
    page.keyboard.type("03012016")
    page.keyboard.press("Control+Enter")
    expect(editor(page)).to_contain_text("medically necessary", timeout=60_000)

    page.keyboard.press("Control+Alt+2")
    page.keyboard.press("j")
    row = page.locator("tr[data-finding]:focus")
    while not row.locator(".q").count():
        before = row.get_attribute("data-finding")
        page.keyboard.press("j")
        if row.get_attribute("data-finding") == before:
            break
    page.keyboard.press("Control+Alt+o")
    expect(page.get_by_role("button", name="Overturn", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+Alt+3")
    expect(editor(page)).to_be_focused()
    for _ in range(page.locator(".slot").count()):
        tab_to(page, page.locator(".slot textarea").first)
        page.keyboard.type("On 1/14/2016 the physician told of a return to full duty.")
        left = page.locator(".slot").count() - 1
        page.keyboard.press("Enter")
        expect(page.locator(".slot")).to_have_count(left)
    page.keyboard.press("Control+Alt+3")
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {OWN}")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-part=saved]")).to_contain_text("Saved")

    page.keyboard.press("Control+Alt+e")
    expect(page.get_by_role("dialog", name="Check and export")).to_be_visible()
    expect(page.locator("[data-export=docx]")).to_be_focused()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    file = tmp_path / "determination.docx"
    download.value.save_as(file)
    written = "\n".join(paragraph.text for paragraph in docx.Document(file).paragraphs)
    assert OWN in written
    assert "Overturned" in written
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Check and export")).to_be_hidden()
