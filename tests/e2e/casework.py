"""What the page's tests do again and again: a sample drafted, the editor, what is saved."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

NARROW = 760  # px, below which the panes stack


def draft_sample(page: Page) -> None:
    """Draft the acupuncture sample of the service without models."""
    page.get_by_role("button", name="Try a sample").click()
    page.get_by_role("button", name="Acupuncture low back").click()
    expect(page.get_by_label("Date of review")).to_have_value("2016-03-01")
    page.get_by_role("button", name="Draft the rationale").click()
    expect(editor(page)).to_contain_text("medically necessary")


def editor(page: Page):
    """The rationale to type in."""
    return page.get_by_role("textbox", name="Decision rationale")


def type_at_end(page: Page, words: str) -> None:
    """Type words at the end of the rationale."""
    editor(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def expect_saved(page: Page, version: int) -> None:
    """Wait until the bar says that this version is saved."""
    expect(page.locator("[data-part=saved]")).to_contain_text(re.compile(rf"Saved .* version {version}$"))
