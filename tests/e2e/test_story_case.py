"""A reviewer at work on one case: reads it, weighs it, writes, looks back, and looks at the letter."""

from __future__ import annotations

import re

import pytest
from casework import NARROW, draft_sample, editor, expect_saved, type_at_end
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(fake_link: str, open_page, look) -> Page:
    """A drafted case at one of the looks."""
    page = open_page(fake_link, width=look.width, scheme=look.scheme)
    draft_sample(page)
    return page


def test_the_legend_filters_the_facts(page: Page, accessible, picture, look) -> None:
    picture(page, f"case-{look}")
    accessible(page)
    fact = page.locator(".fact.f-diagnosis").first
    lines = "getComputedStyle(document.querySelector('.fact.f-diagnosis')).borderBottomColor"
    before = page.evaluate(lines)
    page.get_by_role("button", name="diagnosis").click()
    assert page.evaluate(lines) == "rgba(0, 0, 0, 0)" != before
    expect(fact).to_be_visible()
    page.get_by_role("button", name="diagnosis").click()
    assert page.evaluate(lines) == before


def test_a_finding_a_quotation_and_a_citation_go_into_the_draft(page: Page, look) -> None:
    row = page.locator("tr[data-finding]").nth(1)
    row.focus()
    page.keyboard.press("i")
    expect(editor(page)).to_contain_text(re.compile("necessary.*does not state functional improvement", re.DOTALL))
    page.locator("tr[data-finding] .q").first.focus()
    page.keyboard.press("i")
    expect(editor(page)).to_contain_text("The summary states: “Treatment to date has included")
    page.get_by_role("button", name="Cite").first.click()
    expect(editor(page)).to_contain_text(re.compile("MTUS Acupuncture Treatment 2007.$"))
    expect_saved(page, 2)


def test_a_passage_is_found_pinned_and_let_go(page: Page, accessible) -> None:
    page.get_by_text("Choose another").click()
    page.get_by_label("Find a passage by name or subject").fill("acupuncture")
    choice = page.locator(".seek li", has_text="MTUS Acupuncture Treatment 2017").first
    expect(choice).to_be_visible()
    accessible(page)
    choice.get_by_role("button", name="Rest on this").click()
    expect_saved(page, 2)
    page.locator(".passage").get_by_role("button", name="Pin").click()
    page.get_by_role("button", name="Let go of the pin").click()
    expect_saved(page, 4)


def test_a_sentence_is_replaced_kept_or_taken_out(page: Page, accessible, look) -> None:
    first = page.locator(".s").nth(1)
    words = first.inner_text()
    first.click()
    page.locator(".sentence-bar").get_by_role("button", name="Remove").click()
    type_at_end(page, " He had 10 sessions.")
    expect(page.locator(".s.failed")).to_have_text("He had 10 sessions.")
    accessible(page)
    page.locator(".note").get_by_role("button", name="Replace").click()
    page.get_by_role("button", name=words).click()
    expect(page.locator(".s.failed")).to_have_count(0)
    expect(editor(page)).to_contain_text(words)
    page.locator(".s.checked").first.click()
    page.get_by_role("button", name="Keep as mine").first.click()
    expect(page.locator(".s.yours").first).to_be_visible()


def test_versions_are_compared_and_brought_back(page: Page, accessible, picture, look) -> None:
    type_at_end(page, " I find the request premature.")
    expect_saved(page, 2)
    page.get_by_role("button", name="Versions").click()
    sheet = page.get_by_role("dialog", name="Versions of the draft")
    expect(sheet.locator(".change.added")).to_have_text("I find the request premature.")
    accessible(page)
    picture(page, f"versions-{look}")
    sheet.get_by_role("button", name="Bring version 1 back").click()
    expect(sheet).to_be_hidden()
    expect(editor(page)).not_to_contain_text("premature")
    expect_saved(page, 3)


def test_the_letter_is_looked_at_and_a_check_leads_to_its_place(page: Page, accessible, picture, look) -> None:
    page.get_by_role("button", name="Check and export").click()
    sheet = page.get_by_role("dialog", name="Check and export")
    expect(sheet.locator(".sheet-paper h1")).to_have_text("Independent Medical Review: final determination")
    expect(sheet.locator(".draft-mark")).to_be_visible()
    expect(sheet.get_by_text("Say which records were reviewed.")).to_be_visible()
    accessible(page)
    picture(page, f"letter-{look}")
    sheet.get_by_label("with evidence").uncheck()
    expect(sheet.locator(".evidence")).to_have_count(0)
    sheet.get_by_role("button", name="Show its place").click()
    expect(sheet).to_be_hidden()
    expect(editor(page)).to_be_focused()


def test_panes_are_moved_folded_and_found_so_after_a_reload(page: Page, look) -> None:
    if look.width <= NARROW:
        page.locator(".jump").get_by_role("button", name="Chat").click()
        expect(page.get_by_label("Ask, or say what to change")).to_be_in_viewport()
        return
    before = page.locator("[data-pane=case]").bounding_box()["width"]
    divider = page.get_by_role("separator", name="Between Case summary and Evidence")
    divider.focus()
    page.keyboard.press("ArrowRight")
    expect(divider).to_be_focused()
    assert page.locator("[data-pane=case]").bounding_box()["width"] > before
    page.get_by_role("button", name="Fold the pane Case summary").click()
    expect(page.locator("[data-pane=case]")).to_be_hidden()
    page.get_by_role("button", name="Beside the panes").click()
    page.reload()
    expect(page.locator("[data-pane=chat] form.ask")).to_be_visible()
    expect(page.locator("[data-pane=case]")).to_be_hidden()
    page.locator("tr[data-finding] .q").first.click()
    expect(page.locator("[data-pane=case] .lit").first).to_be_in_viewport()


def test_the_chat_suggests_what_was_not_asked_yet(page: Page, accessible) -> None:
    chips = page.get_by_role("group", name="What to ask next")
    chips.get_by_role("button", name="Why?").click()
    expect(page.locator(".it").last).to_contain_text("names acupuncture once")
    expect(chips.get_by_role("button", name="Why?")).to_have_count(0)
    expect(chips.get_by_role("button").first).to_be_visible()
    accessible(page)
