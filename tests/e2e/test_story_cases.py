"""The start and the list of cases as a reviewer uses them: files dropped, a text kept, cases narrowed and deleted."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from serving import served

pytestmark = pytest.mark.browser

CASE = "A baker hurt the {part}. The treating physician requested authorization for {what} for the low back."


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """A server of one story's own, with no case yet."""
    command = [sys.executable, str(Path(__file__).parent / "serve_fake.py"), str(tmp_path)]
    with served(command, tmp_path) as link:
        yield link


def enter(page: Page, text: str, *, received: str = "", priority: str = "Regular") -> None:
    page.get_by_label("Case summary").fill(text)
    page.get_by_label("Request received").fill(received)
    page.get_by_label("Priority", exact=True).select_option(priority)
    page.get_by_role("button", name="Draft the rationale").click()
    expect(page.get_by_role("textbox", name="Decision rationale")).to_contain_text("medically necessary")
    page.get_by_role("link", name="Cases").first.click()
    page.wait_for_selector("[data-ready]")


def rows(page: Page):
    return page.locator("tr[data-case]")


def drop(page: Page, name: str, content: str, kind: str = "dragenter") -> None:
    """What the browser says when a file is dragged over the page, or dropped on it."""
    page.evaluate(
        """([name, content, kind]) => {
        const data = new DataTransfer();
        data.items.add(new File([content], name));
        const said = { dataTransfer: data, bubbles: true, cancelable: true };
        document.querySelector("h2").dispatchEvent(new DragEvent(kind, said));
    }""",
        [name, content, kind],
    )


def test_the_list_teaches_then_narrows_orders_and_opens(link: str, open_page, look, accessible, picture) -> None:
    page = open_page(link, width=look.width, scheme=look.scheme)
    expect(page.get_by_text("No case yet.")).to_be_visible()
    accessible(page)
    picture(page, f"cases-empty-{look}")
    page.get_by_label("Request received").fill("2026-02-26")
    page.get_by_label("Priority", exact=True).select_option("Expedited")
    expect(page.locator("[data-part=due]")).to_contain_text("Due 2026-03-01, overdue by 1 day: three days")
    accessible(page)
    enter(page, CASE.format(part="back", what="6 sessions of acupuncture"), received="2026-02-26", priority="Expedited")
    enter(page, CASE.format(part="wrist", what="4 sessions of acupuncture"), received="2026-02-09")
    enter(page, CASE.format(part="knee", what="1 sessions of mri"))
    expect(rows(page)).to_have_count(3)
    expect(rows(page).first).to_contain_text("in draft")
    expect(page.get_by_text("overdue by 1 day", exact=True)).to_be_visible()
    expect(page.get_by_text("due in 9 days", exact=True)).to_be_visible()
    accessible(page)
    picture(page, f"cases-list-{look}")

    page.get_by_label("Sort by").select_option("due first")
    expect(rows(page).first).to_contain_text("overdue by 1 day")
    page.get_by_label("Service", exact=True).select_option("MRI (1)")
    expect(rows(page)).to_have_count(1)
    expect(page.locator("[data-part=count]")).to_have_text("1 of 3 fit")
    page.get_by_role("button", name="Exported 0").click()
    expect(page.get_by_text("No case fits.")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Show all cases").click()
    expect(rows(page)).to_have_count(3)
    page.get_by_label("Find a case").fill("wrist")
    expect(rows(page)).to_have_count(1)
    assert "wrist" not in page.url
    rows(page).first.locator("a").click()
    expect(page.get_by_role("textbox", name="Decision rationale")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Find a case")).to_have_value("wrist")
    expect(rows(page)).to_have_count(1)


def test_when_a_case_is_due_is_said_later(link: str, open_page, look, accessible, picture) -> None:
    page = open_page(link, width=look.width, scheme=look.scheme)
    enter(page, CASE.format(part="back", what="6 sessions of acupuncture"))
    page.get_by_role("button", name="Set when").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Received on").fill("2026-02-27")
    dialog.get_by_label("Priority of the request").select_option("Formulary medication")
    expect(dialog).to_contain_text("Due 2026-03-06, in 4 days: five working days")
    accessible(page)
    picture(page, f"cases-receipt-{look}")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(rows(page).first).to_contain_text("due in 4 days")
    expect(rows(page).first).to_contain_text("formulary medication")


def test_the_list_is_worked_by_keys_and_what_was_deleted_comes_back(link: str, open_page, accessible) -> None:
    page = open_page(link)
    for part in ("back", "wrist", "knee"):
        enter(page, CASE.format(part=part, what="6 sessions of acupuncture"))
    ids = rows(page).evaluate_all("rows => rows.map((row) => row.dataset.case)")
    page.keyboard.press("j")  # the focus is nowhere in the list, so nothing moves
    expect(page.locator("tr:focus")).to_have_count(0)
    rows(page).first.focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr:focus")).to_have_attribute("data-case", ids[1])
    page.keyboard.press("Delete")
    expect(rows(page)).to_have_count(2)
    expect(page.locator("tr:focus")).to_have_attribute("data-case", ids[2])
    page.keyboard.press("Control+z")
    expect(rows(page)).to_have_count(3)
    expect(page.locator("tr:focus")).to_have_attribute("data-case", ids[1])
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("2 selected")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Delete these 2").click()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Bring them back").click()
    expect(rows(page)).to_have_count(3)
    rows(page).first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/case\?id={ids[0]}"))


def test_what_is_typed_survives_a_reload_until_it_is_sent(link: str, open_page, accessible) -> None:
    page = open_page(link)
    page.get_by_label("Case summary").fill(CASE.format(part="back", what="6 sessions of acupuncture"))
    page.get_by_label("Request received").fill("2026-02-26")
    expect(page.locator("[data-part=kept]")).to_contain_text("not sent yet")
    page.get_by_label("Case summary").press_sequentially(" More.")
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(page.get_by_label("Case summary")).to_have_value(re.compile(r"low back\. More\.$"))
    expect(page.get_by_label("Request received")).to_have_value("2026-02-26")
    expect(page.get_by_text("You began this case")).to_be_visible()
    accessible(page)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.get_by_role("button", name="Draft the rationale").click()
    expect(page.get_by_role("textbox", name="Decision rationale")).to_be_visible()
    page.get_by_role("link", name="Cases").first.click()
    page.wait_for_selector("[data-ready]")
    expect(page.get_by_label("Case summary")).to_have_value("")


def test_two_tabs_do_not_overwrite_each_other(link: str, open_page) -> None:
    page = open_page(link)
    other = page.context.new_page()
    other.goto(link)
    other.wait_for_selector("[data-ready]")
    page.get_by_label("Case summary").fill("The first tab's case.")
    expect(page.locator("[data-part=kept]")).to_contain_text("not sent yet")
    other.get_by_label("Case summary").fill("The second tab's case.")
    expect(other.locator("[data-part=kept]")).to_contain_text("Another tab keeps another text")
    other.get_by_role("button", name="Show the other text").click()
    expect(other.get_by_label("Case summary")).to_have_value("The first tab's case.")
    other.close()


def test_a_file_may_be_dropped_anywhere_and_what_it_replaced_comes_back(link: str, open_page, look, picture) -> None:
    page = open_page(link, width=look.width, scheme=look.scheme)
    page.get_by_label("Case summary").fill("What I had typed.")
    drop(page, "case.txt", "", "dragenter")
    expect(page.get_by_text("Drop the case file here")).to_be_visible()
    picture(page, f"cases-drop-{look}")
    drop(page, "case.txt", "Sore knee of a worker.", "drop")
    expect(page.get_by_label("Case summary")).to_have_value("Sore knee of a worker.")
    expect(page.get_by_text("Drop the case file here")).to_be_hidden()
    expect(page.get_by_text("The file was read: 22 characters.")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Case summary")).to_have_value("What I had typed.")


def test_a_file_on_its_way_can_be_cancelled(link: str, open_page, accessible) -> None:
    page = open_page(link)
    page.get_by_label("Case summary").fill("What I had typed.")
    waiting = []
    page.route("**/upload?*", lambda route: waiting.append(route))  # the server does not answer
    drop(page, "case.txt", "Sore knee.", "drop")
    expect(page.locator("[data-part=progress]")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled. The field is as it was.")).to_be_visible()
    expect(page.get_by_label("Case summary")).to_have_value("What I had typed.")
    assert len(waiting) == 1


def test_an_empty_field_and_an_unreadable_file_are_one_sentence(link: str, open_page, tmp_path: Path) -> None:
    page = open_page(link)
    page.get_by_role("button", name="Draft the rationale").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no case summary yet")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 cut")
    page.locator("input[type=file]").set_input_files(tmp_path / "broken.pdf")
    expect(page.get_by_role("alert")).to_have_text(
        "The file could not be read: the PDF is cut short: its end is missing."
    )
    (tmp_path / "empty.txt").write_bytes(b"")
    page.locator("input[type=file]").set_input_files(tmp_path / "empty.txt")
    expect(page.get_by_role("alert")).to_contain_text("The file is empty")
