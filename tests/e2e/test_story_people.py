"""People at the page: they sign in, share a case to read and to change, and see no more than their role includes."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from casework import editor, expect_saved, type_at_end
from playwright.sync_api import Page, expect
from serve_people import PASSWORD
from serving import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sign_in_link(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over a real service, with accounts on."""
    folder = Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("people") / "data"))
    with served([sys.executable, str(Path(__file__).parent / "serve_people.py"), str(folder)], folder) as link:
        yield link


@pytest.fixture
def come(sign_in_link: str, open_page, look) -> Callable[..., Page]:
    """Opens a browser of someone's own and signs them in."""

    def sign_in(name: str, password: str = PASSWORD) -> Page:
        page = open_page(sign_in_link, width=look.width, scheme=look.scheme)
        enter(page, name, password)
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return sign_in


def enter(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def draft_of_rita(page: Page) -> str:
    """Draft the first sample; the address of its case."""
    page.wait_for_selector("[data-ready]")
    page.get_by_role("button", name="Try a sample").click()
    page.get_by_role("button", name=re.compile("Acupuncture")).first.click()
    expect(page.get_by_role("textbox", name="Case summary")).not_to_be_empty()
    page.get_by_role("button", name="Draft the rationale").click()
    expect(editor(page)).to_contain_text("acupuncture", timeout=60_000)
    return page.url


def share(page: Page, what: str) -> None:
    page.get_by_role("button", name="Share", exact=True).first.click()
    box = page.get_by_role("dialog", name="Share this case")
    box.get_by_label("Account").fill("ruth")
    box.get_by_label("For what").select_option(what)
    box.get_by_role("button", name="Share", exact=True).click()
    expect(box.get_by_text(re.compile(f"^ruth, {what}"))).to_be_visible()


def test_one_signs_in_sees_the_account_and_signs_out(sign_in_link: str, open_page, look, accessible, picture) -> None:
    page = open_page(sign_in_link, width=look.width, scheme=look.scheme)
    accessible(page)
    picture(page, f"people-sign-in-{look}")
    page.goto(sign_in_link.replace("/sign-in", "/account"))
    assert "/sign-in?next=/account" in page.url
    enter(page, "rita", PASSWORD)
    expect(page.get_by_role("heading", name="Account of rita")).to_be_visible()
    page.get_by_label("What it is for").fill("our case system")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text(re.compile("shown once"))).to_be_visible()
    accessible(page)
    picture(page, f"people-account-{look}")
    page.get_by_role("button", name="Take back our case system").click()
    expect(page.get_by_text("The token is taken back.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.goto(sign_in_link.replace("/sign-in", "/"))
    assert "/sign-in" in page.url


def test_a_wrong_password_is_told_in_a_sentence(sign_in_link: str, chromium, look, accessible, picture) -> None:
    context = chromium.new_context(viewport={"width": look.width, "height": 900}, color_scheme=look.scheme)
    page = context.new_page()  # the answer 401 is a line of the console, which open_page takes for a fault
    page.goto(sign_in_link)
    enter(page, "anna", "wrong-wrong-wrong")
    expect(page.get_by_role("alert")).to_contain_text("The name or the password is not right")
    accessible(page)
    picture(page, f"people-wrong-{look}")
    enter(page, "anna", PASSWORD)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    context.close()


@pytest.mark.slow
def test_a_case_is_shared_to_read_then_to_change(come, look, accessible, picture) -> None:
    rita = come("rita")
    case = draft_of_rita(rita)
    share(rita, "to read")
    accessible(rita)
    picture(rita, f"people-share-{look}")
    rita.keyboard.press("Escape")
    for name in ("ruth", "anna"):  # with whom it is shared, and the auditor
        reader = come(name)
        reader.goto(case)
        expect(reader.get_by_text("This is a case of rita. You may read it and change nothing")).to_be_visible()
        expect(editor(reader)).to_have_attribute("contenteditable", "false")
        expect(editor(reader)).to_contain_text("acupuncture")
        for act in ("Redraft", "Uphold", "Overturn", "Share", "Ask", "Delete chat"):
            expect(reader.get_by_role("button", name=act, exact=True)).to_have_count(0)
        accessible(reader)
        picture(reader, f"people-read-only-{name}-{look}")
    share(rita, "to change")
    ruth = come("ruth")
    ruth.goto(case)
    expect(ruth.get_by_role("button", name="Redraft")).to_be_visible()
    type_at_end(ruth, " Ruth agrees.")
    expect_saved(ruth, 2)
    rita.goto(case)
    expect(editor(rita)).to_contain_text("Ruth agrees.")


def test_an_admin_manages_people_and_sees_no_case(come, look, accessible, picture) -> None:
    adam = come("adam")
    adam.goto(adam.url.split("/settings")[0] + "/settings")
    people = adam.locator('[data-part="people"]')
    expect(people.get_by_role("row", name=re.compile("rita"))).to_be_visible()
    name = f"nina-{look}"
    people.get_by_label("Name to sign in with").fill(name)
    people.get_by_role("button", name=re.compile("^Add|^Make")).click()
    once = people.get_by_text(re.compile(f"One-time password of {name}"))
    expect(once).to_be_visible()
    first = once.inner_text()
    people.get_by_role("button", name=f"Reset password {name}").click()
    expect(once).not_to_have_text(first)
    accessible(adam)
    people.scroll_into_view_if_needed()
    picture(adam, f"people-settings-{look}")
    people.get_by_role("button", name=f"Disable {name}").click()
    expect(people.get_by_role("button", name=f"Enable {name}")).to_be_visible()
    expect(adam.locator('.top nav a[href="/"]')).to_be_hidden()
