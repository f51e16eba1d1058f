"""Bringing in a guideline on the page: what it would be cited by is shown, can be put right, and is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

TEXT = """# Backs at Work (Invented Board May 4, 2020)

Adopted June 1, 2021. This text is made up for a test.

## Imaging

An MRI is not recommended in the first weeks <b>unless</b> a red flag is present.
"""


def open_dialog(page: Page, link: str) -> None:
    page.goto(link.split("/?")[0] + "/library")
    expect(page.locator("[data-guideline]").first).to_be_visible()
    page.get_by_role("button", name="Bring in a guideline").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def choose(page: Page, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    page.get_by_label("Guideline file").set_input_files(path)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_text_is_shown_put_right_and_imported(fake_link: str, open_page, picture, tmp_path: Path, width: int) -> None:
    page = open_page(fake_link, width=width)
    open_dialog(page, fake_link)
    picture(page, f"guideline-import-empty-{width}")
    choose(page, tmp_path, "backs.md", TEXT.encode())
    label = page.get_by_label("Cited as")
    expect(label).to_have_value("Backs at Work (Invented Board May 4, 2020)")
    expect(page.get_by_label("In force from")).to_have_value("2021-06-01")
    expect(page.get_by_text("“Adopted June 1, 2021”")).to_be_visible()
    expect(page.get_by_text("1 section, 4 passages")).to_be_visible()
    picture(page, f"guideline-import-{width}")
    label.fill(f"Backs {width}")
    label.blur()
    expect(page.get_by_text("As you gave it")).to_be_visible()
    page.get_by_text("Digest in other words").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("heading", name=f"Backs {width}")).to_be_visible()
    expect(page.get_by_text("An MRI is not recommended in the first weeks <b>unless</b>")).to_be_visible()
    expect(page.get_by_text("Digest in our own words").first).to_be_visible()


def test_what_is_missing_is_asked_for(fake_link: str, open_page, tmp_path: Path) -> None:
    page = open_page(fake_link)
    open_dialog(page, fake_link)
    choose(
        page,
        tmp_path,
        "plain.txt",
        "Backs\n\nMost backs donâ€™t stay bad and wonâ€™t get worse within some weeks.\n".encode(),
    )
    expect(page.get_by_role("alert")).to_have_text("Say since when this text is in force, or that it has no dates.")
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    expect(page.get_by_text("The letters look garbled")).to_be_visible()
    page.get_by_label("It has no dates in force").check()
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_enabled()
    expect(page.get_by_label("In force from")).to_be_disabled()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("backs.pdf", b"no PDF at all", "is no PDF file"),
        ("backs.exe", b"MZ", "cannot be read here"),
        ("empty.txt", b" ", "it is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_another_can_be_chosen(
    fake_link: str, open_page, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    page = open_page(fake_link)
    open_dialog(page, fake_link)
    choose(page, tmp_path, name, content)
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_label("Cited as")).to_be_hidden()
    choose(page, tmp_path, "backs.md", TEXT.encode())
    expect(page.get_by_label("Cited as")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
