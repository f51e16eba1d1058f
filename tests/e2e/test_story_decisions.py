"""A reviewer looks for past decisions: searched, narrowed, read on the original page, compared, listed, found again."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from serving import served

sys.path.append(str(Path(__file__).parents[1] / "library"))

from made_library import ACUPUNCTURE, STUDIES, letter_pdf, letter_text

pytestmark = pytest.mark.browser

NEEDLES = "Acupuncture for the low back, 6 sessions"
BACK = (
    "The patient is a {age} year old female with low back pain after a fall. Treatment to date has included physical "
    "therapy and {more}. The treating physician requested acupuncture."
)
HOSTILE = (
    "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'><svg onload='window.pwned = 1'></svg> "
    "\u202egnihton\u202c [needles](javascript:window.pwned=1) No gain after the needles was written down. "
)


def made_letters(folder: Path) -> None:
    """Ten letters on needles and imaging, as PDFs of several pages and one hostile text."""
    for i in range(9):
        outcome, other = ("Upheld", "Overturned") if i % 3 else ("Overturned", "Upheld")
        needles = f"Case {i}: the needles brought {'a written' if i % 3 == 0 else 'no written'} gain in function. " * 8
        imaging = f"Case {i}: a red flag was {'not ' if other == 'Upheld' else ''}found for imaging. " * 8
        issues = [
            (NEEDLES, outcome, ACUPUNCTURE, needles),
            ("MRI of the lumbar spine", other, STUDIES, imaging),
        ]
        summary = BACK.format(age=30 + i, more="ibuprofen" if i % 2 else "gabapentin")
        letter_pdf(folder / f"letter-{i}.pdf", letter_text(f"CM17-{i:07d}", issues, summary=summary), lines_a_page=12)
    hostile = letter_text(
        "CM17-0000666",
        [(f"Acupuncture <b>x</b> {HOSTILE[:34]}", "Upheld", ACUPUNCTURE, HOSTILE)],
        summary=f"{HOSTILE} The patient is a 61 year old male with low back pain.",
    )
    (folder / "hostile.txt").write_text(hostile, "utf-8")


@pytest.fixture(scope="module")
def link(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the real service, with made letters in its library."""
    folder = tmp_path_factory.mktemp("decisions")
    data = Path(shutil.copytree(starter_dir, folder / "data"))
    (folder / "letters").mkdir()
    made_letters(folder / "letters")
    command = [sys.executable, "-m", "assistant"]
    subprocess.run([*command, "import", folder / "letters", "--data-dir", data], check=True, capture_output=True)
    with served([*command, "serve", "--port", "0"], data) as address:
        yield address


@pytest.fixture
def opened(link: str, open_page, look) -> Page:
    """The view of past decisions in one of the looks."""
    page = open_page(link, width=look.width, height=844 if look.width < 760 else 900, scheme=look.scheme)
    page.get_by_role("link", name="Decisions").click()
    page.wait_for_selector("form.search[data-ready]")
    expect(page.locator(".teach")).to_be_visible()
    return page


def search(page: Page, words: str) -> None:
    page.get_by_label("Words").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".found").first).to_be_visible()
    expect(page.locator("[aria-busy]")).to_have_count(0)


def real(page: Page) -> Locator:
    return page.locator(".found:not(:has(.illustrative))")


def back_to_the_results(page: Page) -> None:
    if page.viewport_size["width"] < 760:
        page.get_by_role("button", name="Back to the results").click()


def fits(page: Page) -> bool:
    return page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_decisions_are_searched_narrowed_and_read_with_their_outcomes(opened: Page, accessible, picture, look) -> None:
    page = opened
    accessible(page)
    picture(page, f"decisions-empty-{look}")
    page.get_by_role("button", name="acupuncture", exact=True).click()
    expect(page.locator(".counts strong")).to_have_text(re.compile(r"^\d+ decisions$"))
    search(page, "needles gain in function CM17-0000001")
    expect(page.locator(".counts")).to_contain_text(
        re.compile(r"of 10 imported letters match: \d+ upheld, \d+ overturned")
    )
    expect(page.locator(".bar-words")).to_contain_text("real letters only")
    expect(real(page).locator("mark").first).to_be_visible()
    accessible(page)
    picture(page, f"decisions-found-{look}")
    if look.width < 760:
        page.get_by_text("Filters and saved searches").click()
    page.locator("[data-facet=guideline]", has_text=ACUPUNCTURE).click()
    expect(page.locator(".chips")).to_contain_text(ACUPUNCTURE)
    first = real(page).first
    first.locator("a").click()
    lit = page.locator("[data-lit]")
    expect(lit).to_be_in_viewport()
    expect(lit.locator("mark").first).to_be_visible()
    assert re.search(r"/decisions\?id=CM17-\d{7}-1$", page.url)
    accessible(page)
    picture(page, f"decisions-letter-{look}")
    assert fits(page)

    page.reload()
    expect(page.locator("[data-lit]")).to_be_visible()
    expect(page.locator(".chips")).to_contain_text(ACUPUNCTURE)
    assert page.get_by_label("Words").input_value() == "needles gain in function CM17-0000001"
    page.go_back()
    expect(page.locator("[data-lit]")).to_have_count(0)
    assert page.url.endswith("/decisions")
    page.go_forward()
    expect(page.locator("[data-lit]")).to_be_visible()
    bookmark = page.url
    assert "needles" not in bookmark
    page.goto("about:blank")
    page.goto(bookmark)
    expect(page.locator("[data-lit]")).to_be_visible()
    assert page.url == bookmark


def test_the_original_page_of_a_letter_is_turned(opened: Page, accessible, picture, look) -> None:
    page = opened
    search(page, "CM17-0000003")
    page.locator("[data-decision='CM17-0000003-2']").click()
    page.get_by_role("button", name="Original page").click()
    status = page.locator(".turn [role=status]")
    expect(status).to_have_text(re.compile(r"^Original page [2-5] of [3-5]$"))
    began = status.inner_text()
    expect(page.get_by_text("The rationale of this decision begins on this page.")).to_be_visible()
    image = page.locator(".sheet img")
    page.wait_for_function("document.querySelector('.sheet img')?.naturalWidth === 1240")
    accessible(page)
    picture(page, f"decisions-original-{look}")
    page.get_by_role("button", name="Previous").click()
    expect(status).not_to_have_text(began)
    expect(image).to_have_attribute("src", re.compile(r"^/decisions/CM17-0000003-2/page/\d\.png$"))
    page.reload()
    expect(status).to_be_visible()
    page.get_by_role("button", name=re.compile("The rationale begins on page")).click()
    expect(status).to_have_text(began)
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator("[data-lit]")).to_be_visible()


def test_of_a_text_it_is_said_that_only_the_text_is_kept_and_hostile_words_stay_words(opened: Page) -> None:
    page = opened
    search(page, "needles gain in function CM17-0000666")
    link = page.locator("[data-decision='CM17-0000666-1']")
    expect(link).to_contain_text("<b>x</b>")
    link.click()
    expect(page.locator("[data-lit]")).to_contain_text("<script>window.pwned = 1</script>")
    expect(page.get_by_text("Only the text of this letter is kept.")).to_be_visible()
    expect(page.get_by_role("button", name="Original page")).to_have_count(0)
    page.locator("[data-part=letter] [data-compare]").check()
    back_to_the_results(page)
    real(page).filter(has_not_text="CM17-0000666").first.locator("[data-compare]").check()
    page.get_by_role("button", name="Compare side by side").click()
    expect(page.locator(".cmp")).to_contain_text("<svg onload='window.pwned = 1'>")
    assert page.evaluate("window.pwned") is None
    assert page.locator(".desk script, .desk svg, .desk img, .desk a[href^=javascript]").count() == 0


def test_two_decisions_are_compared_and_closing_returns_to_the_place(opened: Page, accessible, picture, look) -> None:
    page = opened
    search(page, "needles gain in function")
    ticks = real(page).locator("[data-compare]")
    ids = [ticks.nth(n).get_attribute("data-compare") for n in (2, 3)]
    ticks.nth(2).check()
    expect(page.get_by_text("Choose one more to compare with.")).to_be_visible()
    ticks.nth(3).check()
    picture(page, f"decisions-chosen-{look}")
    ticks.nth(3).scroll_into_view_if_needed()
    where = "[document.querySelector('[data-part=results]').scrollTop, scrollY]"
    before = page.evaluate(where)
    page.get_by_role("button", name="Compare side by side").click()
    expect(page.get_by_role("heading", name="Two decisions side by side")).to_be_focused()
    assert page.url.endswith(f"/decisions?id={ids[0]}&with={ids[1]}")
    complaint = page.get_by_role("region", name="Treatment", exact=True)
    expect(complaint).to_contain_text("physical therapy")
    assert page.locator(".cmp .only").count() > 1
    plain = page.evaluate(
        "[...document.querySelectorAll('.cmp .only')].every((e) => "
        "getComputedStyle(e).color === getComputedStyle(e.parentElement).color)"
    )
    assert plain  # a fact of one side has no colour of a verdict
    accessible(page)
    picture(page, f"decisions-compared-{look}")
    assert fits(page)
    page.reload()
    expect(page.locator(".cmp")).to_be_visible()
    page.get_by_role("heading", name="Two decisions side by side").focus()
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-decision='{ids[0]}']")).to_be_focused()
    after = page.evaluate(where)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 2
    expect(page.locator(".tray")).to_contain_text("Compare side by side")


def test_the_keyboard_alone_searches_opens_and_compares(opened: Page) -> None:
    page = opened
    search(page, "needles gain in function")
    page.locator("[data-part=results]").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Words")).to_be_focused()
    page.keyboard.type("/c")
    expect(page.get_by_label("Words")).to_have_value("/c")
    page.get_by_label("Words").fill("needles gain in function")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    expect(page.locator(".found [data-compare]").first).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".found a").nth(1)).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator(".cmp")).to_be_visible()
    page.get_by_role("button", name="Back to the results").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".found a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-lit]")).to_be_visible()


def test_the_list_is_downloaded_with_all_that_match(opened: Page, tmp_path: Path) -> None:
    page = opened
    search(page, "needles")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the list as CSV").click()
    assert download.value.suggested_filename == "decisions.csv"
    download.value.save_as(tmp_path / "decisions.csv")
    content = (tmp_path / "decisions.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    expect(page.locator(".list-acts")).to_contain_text(f"{len(rows)} rows")
    assert {"Upheld", "Overturned"} == {row["outcome"] for row in rows}
    assert not any("needles" in address for address in addresses)


def test_a_search_that_finds_nothing_offers_to_drop_the_narrowest_filter(
    opened: Page, accessible, picture, look
) -> None:
    page = opened
    search(page, "needles gain in function")
    if look.width < 760:
        page.get_by_text("Filters and saved searches").click()
    page.get_by_role("textbox", name="from").fill("2016-12-21")
    page.locator("[data-facet=service]").first.click()
    page.get_by_role("textbox", name="from").fill("2031-01-01")
    drop = page.get_by_role("button", name="Drop the filter on the days")
    expect(drop).to_be_visible()
    accessible(page)
    picture(page, f"decisions-nothing-{look}")
    drop.click()
    expect(real(page).first).to_be_visible()
    expect(page.locator(".nothing")).to_have_count(0)
