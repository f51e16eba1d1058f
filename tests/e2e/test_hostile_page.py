"""Hostile text wherever text comes in: shown as text everywhere; no script runs, nothing is asked of another host."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from casework import editor
from playwright.sync_api import Page, expect
from serving import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPT = (
    "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"
    "<svg onload='window.broken = 1'></svg> javascript:window.broken=1 \u202egnirts\u202c {{7*7}} ${7*7}"
)
CASE = (
    f"{SCRIPT} The injured worker is a 49-year-old man with low back pain. Treatment to date has included acupuncture. "
    "The treating physician requested authorization for 6 sessions of acupuncture for the low back."
)
GUIDELINE = f"# Imaging {SCRIPT}\n\nImaging is not recommended in the first month. {SCRIPT}\n"
LETTER = f"""Case Number: CM99-0000001 Date Assigned: 01/02/2016
Date of Injury: 01/02/2014 Decision Date: 01/30/2016
Date of UR Denial: 12/20/2015

CLINICAL CASE SUMMARY
The injured worker is a 40-year-old woman. {SCRIPT}

IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:

1. Acupuncture x 8 <b>{SCRIPT}</b>: Upheld
Claims Administrator guideline: Decision based on MTUS Acupuncture Treatment 2007.
MAXIMUS guideline: Decision based on MTUS Acupuncture Treatment 2007.
Decision rationale: {SCRIPT} No functional improvement was written down. The request is not medically necessary.
"""


@pytest.fixture(scope="module")
def link(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("hostile") / "data"))
    with served([sys.executable, "-m", "assistant", "serve", "--port", "0", "--data-dir", str(folder)], folder) as link:
        yield link


def unbroken(page: Page) -> None:
    """Nothing of the hostile text became an element or ran."""
    assert page.evaluate("window.broken") is None
    assert page.locator("img[src=x], svg[onload], a[href^='javascript:' i]").count() == 0


def test_a_hostile_case_chat_and_letter_are_text(link: str, open_page, tmp_path: Path) -> None:
    page = open_page(link)
    page.get_by_role("textbox", name="Case summary").fill(CASE)
    page.get_by_label("Date of review").fill("2016-03-01")
    page.get_by_role("button", name="Draft the rationale").click()
    expect(editor(page)).to_contain_text("medically necessary", timeout=60_000)
    expect(page.locator(".case-text")).to_contain_text("<script>window.broken = 1</script>")
    editor(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(f" {SCRIPT}")
    page.get_by_label("Ask, or say what to change").fill(SCRIPT)
    page.keyboard.press("Enter")
    expect(page.locator(".it .acts").last).to_be_visible()
    expect(page.locator(".me").last).to_contain_text("<script>")
    page.get_by_role("button", name="Versions").click()
    expect(page.locator(".change ins").first).to_be_visible()
    unbroken(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Check and export").click()
    expect(page.locator(".sheet-paper")).to_contain_text("<svg onload=")
    unbroken(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type(SCRIPT[:60])
    expect(page.get_by_role("dialog", name="Find or do anything")).to_be_visible()
    unbroken(page)


def test_a_hostile_file_name_guideline_and_letter_are_text(link: str, open_page, tmp_path: Path) -> None:
    page = open_page(link)
    named = tmp_path / "<img src=x onerror=window.broken=1>.txt"
    named.write_text(LETTER, "utf-8")
    page.goto(page.url.rstrip("/") + "/imports")
    page.wait_for_selector("[data-part=drop][data-ready]")
    page.locator("[data-part=files]").set_input_files(named)
    expect(page.locator(".report")).to_be_visible(timeout=60_000)
    unbroken(page)
    page.goto(page.url.split("/imports")[0] + "/decisions")
    page.wait_for_selector("form.search[data-ready]")
    page.get_by_label("Words").fill("acupuncture functional improvement")
    page.keyboard.press("Enter")
    expect(page.locator("[data-decision]").first).to_be_visible()
    unbroken(page)
    page.locator("[data-decision]").first.click()
    expect(page.locator("article.letter")).to_be_visible()
    unbroken(page)


def test_a_line_of_a_million_letters_is_answered(link: str, open_page) -> None:
    page = open_page(link)
    page.get_by_role("textbox", name="Case summary").fill("x" * 1_000_000)
    page.get_by_role("button", name="Draft the rationale").click()
    answer = page.get_by_role("alert").or_(page.locator(".notice.error")).filter(has_text="service")
    expect(answer.first).to_be_visible(timeout=60_000)
    unbroken(page)


def test_the_page_is_served_with_a_policy_that_runs_no_foreign_script(link: str, open_page) -> None:
    page = open_page(link)
    policy = page.request.get(page.url).headers["content-security-policy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "connect-src 'self'" in policy
    assert "default-src 'none'" in policy
