"""Around every view: the palette, the shortcuts and their change, theme and text size, the tour."""

from __future__ import annotations

import pytest
from casework import draft_sample, editor
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(fake_link: str, open_page, look) -> Page:
    return open_page(fake_link, width=look.width, scheme=look.scheme)


def test_the_palette_finds_and_does(page: Page, accessible, picture, look) -> None:
    draft_sample(page)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find or do anything")
    expect(field).to_be_focused()
    page.keyboard.type("acupuncture")
    expect(page.get_by_role("option", name="MTUS Acupuncture Treatment 2007").first).to_be_visible()
    accessible(page)
    picture(page, f"palette-{look}")
    field.fill("overturn")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Overturn", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+k")
    page.keyboard.type("go to library")
    page.keyboard.press("Enter")
    page.wait_for_url("**/library*")


def test_shortcuts_are_listed_changed_and_switched_off(page: Page, fake_link: str, accessible, picture, look) -> None:
    draft_sample(page)
    case = page.url
    page.locator("tr[data-finding]").first.focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Shortcuts")
    expect(sheet.get_by_text("Next criterion")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    page.goto(case.split("/case")[0] + "/settings")
    accessible(page)
    picture(page, f"settings-{look}")
    page.get_by_label("Keys for: Edit the draft").focus()
    page.keyboard.press("j")
    expect(page.get_by_text("j is taken by: Next criterion")).to_be_visible()
    page.keyboard.press("w")
    page.goto(case)
    page.locator("tr[data-finding]").first.focus()
    page.keyboard.press("e")
    expect(editor(page)).not_to_be_focused()
    page.keyboard.press("w")
    expect(editor(page)).to_be_focused()
    page.goto(case.split("/case")[0] + "/settings")
    page.get_by_label("Single letters are on").uncheck()
    page.goto(case)
    page.locator("tr[data-finding]").first.focus()
    page.keyboard.press("w")
    expect(editor(page)).not_to_be_focused()


def test_theme_and_text_size_are_chosen_and_kept(page: Page, accessible, look) -> None:
    other = "dark" if look.scheme == "light" else "light"
    paper = "getComputedStyle(document.querySelector('.desk')).backgroundColor"
    before = page.evaluate(paper)
    page.goto(page.url.rstrip("/") + "/settings")
    page.get_by_label(other, exact=True).check()
    page.get_by_label("130%").check()
    page.reload()
    expect(page.get_by_label(other, exact=True)).to_be_checked()
    assert page.evaluate(paper) != before
    assert page.evaluate("document.documentElement.style.getPropertyValue('--zoom')") == "1.3"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    accessible(page)


def test_the_tour_of_five_steps_drafts_a_sample_and_ends(page: Page, accessible) -> None:
    page.get_by_role("button", name="Take the tour").click()
    tour = page.get_by_role("dialog", name="Tour, step 1 of 5")
    expect(tour).to_be_visible()
    tour.get_by_role("button", name="Draft a sample case").click()
    for step in range(2, 5):
        now = page.get_by_role("dialog", name=f"Tour, step {step} of 5")
        expect(now).to_be_visible()
        accessible(page)
        now.get_by_role("button", name="Next").click()
    page.get_by_role("dialog", name="Tour, step 5 of 5").get_by_role("button", name="Done").click()
    expect(page.locator(".tour")).to_have_count(0)
    page.goto(page.url.split("/case")[0])
    expect(page.get_by_role("textbox", name="Case summary")).to_be_visible()
    expect(page.get_by_text("New here?")).to_have_count(0)
