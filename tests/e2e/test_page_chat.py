"""The chat's manners on the page: stop, retry, edit and send anew, copy, find, keep as a file, delete."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from test_page import draft_sample

pytestmark = pytest.mark.browser


def ask(page: Page, words: str) -> None:
    page.get_by_label("Ask, or say what to change").fill(words)
    page.keyboard.press("Enter")


@pytest.fixture(params=[1440, 390])
def page(request: pytest.FixtureRequest, fake_link: str, open_page) -> Page:
    made = open_page(fake_link, width=request.param)
    draft_sample(made)
    if request.param == 390:
        made.get_by_role("button", name="Draft", exact=True).click()
    return made


def fits(page: Page) -> bool:
    """Whether nothing makes the page wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("how", ["button", "key"])
def test_a_turn_is_stopped_and_tried_again(page: Page, how: str, picture) -> None:
    ask(page, "tell me slowly")
    expect(page.locator(".it")).to_contain_text("The summary")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_hidden()
    picture(page, f"chat-running-{page.viewport_size['width']}")
    if how == "button":
        page.get_by_role("button", name="Stop").click()
    else:
        page.keyboard.press("Escape")
    expect(page.locator(".it")).to_contain_text("Stopped.")
    page.reload()
    expect(page.locator(".it")).to_contain_text("Stopped.")
    picture(page, f"chat-stopped-{page.viewport_size['width']}")
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    expect(page.locator(".me")).to_have_count(1)


def test_a_message_sent_into_an_answer_waits_for_its_end_or_is_taken_back(page: Page, picture) -> None:
    ask(page, "tell me slowly")
    expect(page.locator(".it")).to_contain_text("The summary")
    ask(page, "why?")
    waits = page.get_by_text("Asked as soon as the answer is complete")
    expect(waits).to_be_visible()
    picture(page, f"chat-waiting-{page.viewport_size['width']}")
    assert fits(page)
    page.keyboard.press("Escape")
    expect(waits).to_be_hidden()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.get_by_label("Ask, or say what to change")).to_have_value("why?")
    page.keyboard.press("Enter")
    expect(waits).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".me")).to_have_text(["tell me slowly", "why?"])
    expect(page.get_by_label("Ask, or say what to change")).to_have_value("")


def test_a_message_is_worded_anew(page: Page, picture) -> None:
    ask(page, "why?")
    expect(page.locator(".it")).to_contain_text("no response to it")
    ask(page, "find similar decisions")
    expect(page.locator(".me")).to_have_count(2)
    page.get_by_role("button", name="Edit").first.click()
    field = page.get_by_label("Ask, or say what to change")
    expect(field).to_have_value("why?")
    expect(page.get_by_text("is put aside when you send it")).to_be_visible()
    picture(page, f"chat-editing-{page.viewport_size['width']}")
    assert fits(page)
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    page.get_by_role("button", name="Edit").first.click()
    field.fill("why not?")
    page.keyboard.press("Enter")
    expect(page.locator(".me")).to_have_text(["why not?"])
    page.reload()
    expect(page.locator(".me")).to_have_text(["why not?"])


def test_a_chat_is_found_kept_as_a_file_and_deleted_when_asked_twice(page: Page, picture) -> None:
    ask(page, "why the zebrafish?")
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    page.get_by_role("button", name="Find in chats").click()
    page.get_by_label("Words said in any chat").fill("zebrafish")
    expect(page.locator(".found li").first).to_contain_text("why the zebrafish?")
    with page.expect_download() as got:
        page.get_by_role("link", name="Save as Markdown").click()
    assert re.fullmatch(r"chat-[\w-]+\.md", got.value.suggested_filename)
    page.get_by_role("button", name="Delete chat").click()
    picture(page, f"chat-tools-{page.viewport_size['width']}")
    assert fits(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".me")).to_have_count(1)
    page.get_by_role("button", name="Delete chat").click()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.locator(".me")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Find in chats")).to_be_visible()
    expect(page.locator(".me")).to_have_count(0)


def test_an_answer_is_copied_as_text(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    draft_sample(page)
    ask(page, "why?")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert "no response to it" in page.evaluate("navigator.clipboard.readText()")
