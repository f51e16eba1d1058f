"""The library's story, on the real starter library: what governed on a day, a criterion by its words, a digest off."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from serving import served

pytestmark = pytest.mark.browser

ACUPUNCTURE = "MTUS Acupuncture Treatment 2007"
BACK = "MTUS Low Back Complaints 2004"
BACK_NEXT = "MTUS Low Back Disorders (ACOEM February 24, 2016)"
BACK_NOW = "MTUS Low Back Disorders (ACOEM February 13, 2020)"
CASE = "A worker of 40 has low back pain. The physician requested 6 sessions of acupuncture for the low back."


@pytest.fixture(scope="module")
def link(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page as `imr-assistant serve` serves it, over the starter library."""
    folder = Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("library") / "data"))
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data-dir", str(folder)]
    with served(command, folder) as link:
        yield link


@pytest.fixture
def library(link: str, look, open_page) -> Page:
    """The library's view with the list filled in."""
    page = open_page(link, width=look.width, scheme=look.scheme)
    page.goto(link.split("/?")[0] + "/library")
    expect(edition(page, BACK)).to_be_visible()
    return page


def edition(page: Page, label: str):
    return page.locator(f"[data-part=list] [data-guideline='{label}']")


def text(page: Page):
    return page.get_by_role("region", name="Guideline", exact=True)


def back_to_the_list(page: Page, look) -> None:
    if look.width < 760:
        page.get_by_role("button", name="Back to the list").click()


def draft_cites(page: Page, link: str) -> str:
    """What a new draft of the acupuncture case says of guidelines."""
    page.goto(link.split("/?")[0] + "/")
    page.wait_for_selector("[data-ready]")
    page.get_by_role("textbox", name="Case summary").fill(CASE)
    page.get_by_label("Date of review").fill("2016-03-01")
    page.get_by_role("button", name="Draft the rationale").click()
    expect(page.get_by_role("textbox", name="Decision rationale")).to_be_visible(timeout=60_000)
    return page.locator(".pane-evidence").inner_text()


def test_a_day_lights_what_governed_then(library: Page, accessible, picture, look) -> None:
    page = library
    accessible(page)
    picture(page, f"library-{look}")
    page.get_by_label("In force on").fill("2016-03-01")
    lit = page.locator(".governs")
    expect(lit.filter(has_text=BACK)).to_contain_text("in force that day")
    expect(lit.filter(has_text=BACK_NOW)).to_have_count(0)
    assert page.url.endswith("?on=2016-03-01")
    page.get_by_text("Era", exact=True).click()
    expect(page.get_by_role("region", name="MTUS since December 2017: adopted ACOEM chapters")).to_be_visible()
    accessible(page)
    picture(page, f"library-era-{look}")
    page.reload()
    expect(page.get_by_label("In force on")).to_have_value("2016-03-01")
    expect(page.locator(".governs").first).to_be_visible()
    page.get_by_role("button", name="Any day").click()
    expect(lit).to_have_count(0)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_words_lead_to_a_criterion_which_can_be_bookmarked(library: Page, accessible, picture, look) -> None:
    page = library
    page.get_by_label("Find in guidelines").fill("one to three times a w")
    page.get_by_role("link", name="Treatments are given one to three times a week.").click()
    lit = page.locator("[data-lit]")
    expect(lit).to_contain_text("Treatments are given one to three times a week.")
    expect(lit).to_contain_text("check the text")
    expect(lit).to_contain_text("8 CCR 9792.24.1")
    expect(lit).to_be_in_viewport()
    if look.width > 760:
        assert page.evaluate("scrollY") == 0
    accessible(page)
    picture(page, f"library-criterion-{look}")
    page.goto(page.url)
    expect(page.locator("[data-lit]")).to_contain_text("Treatments are given one to three times a week.")
    back_to_the_list(page, look)
    page.get_by_label("Find in guidelines").fill("no such words anywhere")
    expect(page.get_by_text("holds all of these words")).to_be_visible()


def test_a_guideline_is_read_section_by_section_and_edition_by_edition(
    library: Page, accessible, picture, look
) -> None:
    page = library
    loads = []
    page.on("request", lambda request: loads.append(request.url) if request.is_navigation_request() else None)
    edition(page, BACK).click()
    expect(text(page).get_by_role("heading", level=1)).to_have_text(BACK)
    if look.width > 760:
        expect(edition(page, BACK)).to_have_attribute("aria-current", "true")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Special Studies").click()
    heading = page.get_by_role("heading", name=re.compile("^Special Studies"))
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    picture(page, f"library-document-{look}")
    page.get_by_text("What stands beside a criterion").click()
    expect(page.get_by_text("hold it against the guideline’s own text")).to_be_visible()
    accessible(page)
    page.get_by_role("navigation", name="Other editions").get_by_role("link", name=BACK_NEXT).click()
    expect(text(page).get_by_role("heading", level=1)).to_have_text(BACK_NEXT)
    page.go_back()
    expect(text(page).get_by_role("heading", level=1)).to_have_text(BACK)
    assert loads == []


@pytest.mark.slow
def test_a_digest_that_is_off_is_in_no_new_draft(library: Page, link: str, accessible, picture, look) -> None:
    page = library
    assert ACUPUNCTURE in draft_cites(page, link)
    old = page.url
    page.goto(f"{link.split('/?')[0]}/library?guideline={ACUPUNCTURE}")
    page.get_by_role("button", name="Switch this edition off").click()
    expect(text(page).get_by_text("Switched off by reviewer on")).to_be_visible()
    expect(text(page).get_by_role("button", name="Switch on").first).to_be_focused()
    accessible(page)
    picture(page, f"library-off-{look}")
    assert ACUPUNCTURE not in draft_cites(page, link)
    page.goto(old)
    expect(page.locator(".pane-evidence")).to_contain_text(ACUPUNCTURE)
    page.goto(f"{link.split('/?')[0]}/library?guideline={ACUPUNCTURE}")
    text(page).get_by_role("button", name="Switch on").first.click()
    expect(text(page).get_by_text("Switched off by")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(text(page).get_by_text("Switched off by reviewer on")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(text(page).get_by_text("Switched off by")).to_have_count(0)


def test_a_passage_and_a_section_are_switched_off_by_themselves(library: Page, look) -> None:
    page = library
    edition(page, BACK).click()
    section = page.locator(".guideline-section", has=page.get_by_role("heading", name="Special Studies"))
    passage = section.locator(".part").first
    passage.get_by_role("button", name="Switch off").click()
    expect(passage).to_contain_text("Switched off by reviewer")
    passage.get_by_role("button", name="Switch on").click()
    expect(passage).not_to_contain_text("Switched off")
    section.get_by_role("button", name="Switch section off").click()
    expect(passage).to_contain_text("off with its section")
    section.get_by_role("button", name="Switch section on").click()
    expect(passage).not_to_contain_text("off with its section")


def test_a_date_is_corrected_with_its_reason_and_put_back(library: Page, accessible, picture, look) -> None:
    page = library
    edition(page, BACK).click()
    page.get_by_role("button", name="Correct the dates").click()
    expect(page.get_by_label("First day in force")).to_be_focused()
    page.get_by_label("First day of its successor").fill("2018-02-01")
    page.get_by_role("button", name="Correct", exact=True).click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Say in a few words why")
    page.get_by_label("Why, and by what source").fill("The order as filed says so")
    accessible(page)
    picture(page, f"library-dates-form-{look}")
    page.get_by_role("button", name="Correct", exact=True).click()
    note = text(page).locator(".notice").filter(has_text="Dates corrected by reviewer")
    expect(note).to_contain_text("was in force 2007-06-15 to 2017-12-01. Why: The order as filed says so")
    expect(page.get_by_text(f"both {BACK} and {BACK_NEXT} are in force")).to_be_visible()
    accessible(page)
    picture(page, f"library-dates-{look}")
    page.goto(f"{page.url.split('?')[0]}?on=2018-01-15")
    expect(page.locator(".governs").filter(has_text=BACK)).to_have_count(1)
    edition(page, BACK).click()
    note.get_by_role("button", name="Undo").click()
    expect(note).to_have_count(0)
    back_to_the_list(page, look)
    expect(page.locator(".governs").filter(has_text=BACK)).to_have_count(0)
    expect(page.locator(".governs").filter(has_text=BACK_NEXT)).to_have_count(1)


def test_a_text_is_imported_with_a_report_and_a_hostile_one_is_only_text(
    library: Page, accessible, picture, look, tmp_path: Path
) -> None:
    page = library
    file = tmp_path / f"backs-{look}.md"
    words = "An MRI is not recommended <script>window.pwned = 1</script> unless a red flag is present."
    file.write_text(f"# Backs at Work {look}\n\nAdopted June 1, 2021.\n\n## Imaging\n\n{words}\n")
    page.get_by_role("button", name="Bring in a guideline").click()
    page.get_by_label("Guideline file").set_input_files(file)
    expect(page.get_by_label("Cited as")).to_have_value(f"Backs at Work {look}")
    page.get_by_role("button", name="Import", exact=True).click()
    report = page.get_by_role("region", name="Report of the import")
    expect(report).to_contain_text("1 section", timeout=60_000)
    expect(text(page).get_by_role("heading", level=1)).to_have_text(f"Backs at Work {look}")
    expect(text(page)).to_contain_text("<script>")
    assert page.evaluate("window.pwned") is None
    accessible(page)
    picture(page, f"library-imported-{look}")
    report.get_by_role("button", name="Put the report away").click()
    expect(report).to_have_count(0)
