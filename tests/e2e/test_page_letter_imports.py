"""Determinations brought in on the page: dropped, followed, stopped, gone on with; reports and letters opened."""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from serving import served

sys.path.append(str(Path(__file__).parents[1] / "library"))

from made_library import many_letters

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def link(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the real service."""
    folder = Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("page") / "data"))
    with served([sys.executable, "-m", "assistant", "serve", "--port", "0"], folder) as address:
        yield address


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up letters: eight whole ones, one without decisions, one that is no letter, one that is broken."""
    folder = tmp_path_factory.mktemp("letters")
    many_letters(folder, 8)
    whole = (folder / "letter-000.txt").read_text("utf-8")
    cut = whole.replace("CM17-0000000", "CM17-7777777").partition("IMR ISSUES")[0]
    (folder / "cut.txt").write_text(
        cut + "IMR ISSUES, DECISIONS AND RATIONALES\nNothing <b>more</b> follows.\n", "utf-8"
    )
    (folder / "note.txt").write_text("Milk and bread.", "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    return folder


def open_imports(page: Page) -> None:
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Bring in determinations").click()
    page.wait_for_selector("[data-part=drop][data-ready]")


def bring(page: Page, files: list[Path]) -> None:
    page.locator("[data-part=files]").set_input_files(files)


def test_files_are_imported_and_their_report_opens(link: str, open_page, letters: Path, picture) -> None:
    page = open_page(link)
    open_imports(page)
    expect(page.get_by_text("Nothing was imported yet")).to_be_visible()
    bring(page, sorted(letters.iterdir()))
    report = page.locator(".report")
    expect(report).to_contain_text("broken.pdf could not be read: the PDF is cut short")
    expect(report).to_contain_text("note.txt was left out")
    expect(report.locator(".figures div", has_text="seen of 11")).to_contain_text("11")
    expect(page.locator("[data-part=imports]")).to_contain_text("9 read")
    picture(page, "imports-report-1440")
    page.locator("[data-part=letters]").get_by_role("link", name="CM17-7777777").click()
    expect(page.locator(".whole-text")).to_contain_text("Nothing <b>more</b> follows.")
    expect(page.locator(".notice").last).to_contain_text("No decision was found.")
    picture(page, "imports-letter-1440")
    page.reload()
    expect(page.locator(".whole-text")).to_be_visible()


def test_an_archive_with_a_new_version_says_so_and_both_open(link: str, open_page, letters: Path, tmp_path) -> None:
    page = open_page(link)
    open_imports(page)
    text = (letters / "letter-003.txt").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("deep/newer.txt", text.replace("weighs worker", "weighs again worker"))
    (tmp_path / "same.txt").write_text(text, "utf-8")
    bring(page, [letters / "letter-003.txt"])
    expect(page.locator(".report")).to_be_visible()
    bring(page, [tmp_path / "more.zip", tmp_path / "same.txt"])
    version = page.get_by_role("link", name="more.zip: newer.txt is version 2 of the letter of case CM17-0000003")
    version.click()
    expect(page.locator(".letter").first).to_contain_text("weighs again worker")
    page.get_by_role("link", name="Version 1").click()
    expect(page.locator(".letter").first).not_to_contain_text("weighs again worker")


@pytest.mark.slow
def test_an_import_goes_on_without_the_page_and_is_stopped_and_gone_on_with(link: str, open_page, tmp_path) -> None:
    many_letters(tmp_path, 400)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for path in sorted(tmp_path.glob("*.txt")):
            text = path.read_text("utf-8").replace("CM17-", "CM15-").replace("weighs", "considers")
            archive.writestr(path.name, text)
    page = open_page(link)
    open_imports(page)
    bring(page, [tmp_path / "many.zip"])
    figures = page.locator("[data-part=figures]")
    expect(figures).to_contain_text(re.compile(r"\d+ of 400 documents, [\d.]+ a second, .* left"))
    page.reload()
    expect(figures).to_contain_text("of 400 documents")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".report")).to_contain_text("stopped by you")
    page.get_by_role("button", name="Remove its files").click()
    expect(page.get_by_role("button", name="Go on with it")).to_have_count(0)


def test_a_file_of_another_kind_is_refused(link: str, open_page, tmp_path: Path) -> None:
    page = open_page(link)
    open_imports(page)
    (tmp_path / "tool.exe").write_bytes(b"MZ")
    bring(page, [tmp_path / "tool.exe"])
    expect(page.get_by_role("alert")).to_contain_text("This kind of file is not read here")


def test_on_a_phone_one_pane_is_shown(link: str, open_page, letters: Path, picture) -> None:
    page = open_page(link, width=390, height=844)
    open_imports(page)
    picture(page, "imports-390")
    page.locator("[data-part=imports] a").last.click()
    expect(page.locator(".report")).to_be_visible()
    expect(page.locator("[data-part=drop]")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "imports-report-390")
    page.get_by_role("button", name="Back to the imports").click()
    expect(page.locator("[data-part=drop]")).to_be_visible()
