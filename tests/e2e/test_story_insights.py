"""A reviewer looks at what the imported letters tell: plots, tables, the decisions behind each, by mouse and keys."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from serving import served

from assistant.evaluation.kept import keep
from assistant.evaluation.run import Plan
from assistant.service import Service
from assistant.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "library"))

from made_library import many_letters

pytestmark = pytest.mark.browser

_GAIN = " Acupuncture improved her function: she now walks for an hour. The pain is 6/10."
_SHARE = {"value": 0.8, "low": 0.7, "high": 0.88, "n": 90}
_MEASURED = {
    "letters": 64,
    "n": 113,
    "doc@1": _SHARE,
    "doc@3": {"value": 0.9, "low": 0.82, "high": 0.97, "n": 90},
    "baselines": {"most cited": {"doc@1": {**_SHARE, "value": 0.4}}},
    "facts": {"facts_recall": _SHARE},
    "drafts": {"grounding_faults": 0, "sentences": 900, "lean_none": _SHARE},
}


@pytest.fixture(scope="module")
def link(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over forty made-up real letters and a kept evaluation."""
    folder = tmp_path_factory.mktemp("insights")
    data = Path(shutil.copytree(starter_dir, folder / "data"))
    many_letters(folder, 40)
    for n, path in enumerate(sorted(folder.glob("letter-*.txt"))):
        if n % 2 or n % 5 == 0:
            path.write_text(
                path.read_text("utf-8").replace("has low back pain.", f"has low back pain.{_GAIN}"), "utf-8"
            )
    service = Service.open(Settings(data_dir=data))
    service.import_paths(sorted(folder.glob("letter-*.txt")))
    service.close()
    keep(data, _MEASURED, Plan(Path("gold.jsonl")), datetime(2026, 11, 28, tzinfo=UTC))
    with served([sys.executable, "-m", "assistant", "serve", "--port", "0"], data) as address:
        yield address


def go(page: Page, address: str = "/insights") -> None:
    page.goto("/".join(page.url.split("/")[:3]) + address)
    page.wait_for_selector(".insights[data-ready]")


def figure(page: Page, name: str):
    return page.get_by_role("figure", name=name)


def fill_of_bar(page: Page) -> str:
    bar = page.locator("[data-plot=service] .bars path").first
    return bar.evaluate("path => getComputedStyle(path).fill")


def click_mark(page: Page, marks: str) -> None:
    """Click the first mark as a hand does: the layer that hears the mouse lies above it."""
    mark = page.locator(marks).first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 1, y)
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def test_every_mark_leads_to_its_decisions(link: str, open_page, look, accessible, picture) -> None:
    page = open_page(link, width=look.width, scheme=look.scheme)
    page.get_by_role("link", name="Insights").click()
    page.wait_for_selector(".insights[data-ready]")
    expect(page.locator(".statement")).to_contain_text("79 decisions in 40 real letters")
    expect(page.locator("[data-plot=service] .bars path").first).to_be_visible()
    expect(page.locator(".modebar-btn")).to_have_count(0)
    expect(page.locator("a[href*='plot']")).to_have_count(0)
    accessible(page)
    picture(page, f"insights-{look}")

    by_service = figure(page, "Service")
    by_service.get_by_text("As a table").click()
    cell = by_service.get_by_role("link", name="overturned, Acupuncture")
    count = int(cell.inner_text().split()[0])
    accessible(page)
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".counts")).to_contain_text(re.compile(rf"^{count} decisions .*: 0 upheld, {count} overturned"))
    expect(page.locator("[data-part=chips]")).to_contain_text("imported letters only")
    assert page.url.endswith("/decisions")

    page.go_back()
    page.wait_for_selector(".insights[data-ready]")
    click_mark(page, "[data-plot=guideline] .bars path")
    expect(page.locator(".counts")).to_contain_text("upheld, 0 overturned")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_what_overturned_cases_documented_is_compared_and_opened(
    link: str, open_page, look, accessible, picture
) -> None:
    page = open_page(link, width=look.width, scheme=look.scheme)
    go(page)
    page.get_by_role("combobox", name="Service").select_option("acupuncture")
    expect(page.locator("[data-plot=documented] path.point").first).to_be_visible()
    assert page.url.endswith("/insights?service=acupuncture")
    section = page.get_by_role("region", name="What overturned cases documented")
    expect(section).to_contain_text("Acupuncture: ")
    picture(page, f"insights-service-{look}")
    section.get_by_text("As a table, all").click()
    fact = section.get_by_role("button", name="Functional improvement from treatment")
    accessible(page)
    fact.focus()
    page.keyboard.press("Enter")
    stating = page.locator("[data-part=stating]")
    expect(stating).to_be_focused()
    expect(stating.get_by_role("link").first).to_contain_text("Acupuncture")
    accessible(page)
    stating.get_by_role("button", name="Close the list").click()
    expect(fact).to_be_focused()
    click_mark(page, "[data-plot=documented] .scatterlayer path.point")
    stating.get_by_role("link").first.click()
    expect(page.locator(".decision.lit")).to_contain_text("Acupuncture")


def test_many_letters_are_read_on_request_and_remembered(link: str, open_page) -> None:
    page = open_page(link)
    go(page)
    page.get_by_text("Rationale", exact=True).click()
    section = page.get_by_role("region", name="What overturned cases documented")
    expect(section).to_contain_text("texts of letters are to be read for this, once")
    section.get_by_role("button", name="Read them").click()
    expect(section.locator("[data-part=documented]")).to_contain_text("read in the rationale")
    go(page)
    page.get_by_text("Rationale", exact=True).click()
    expect(section.locator("[data-part=documented]")).to_contain_text("read in the rationale")


def test_the_plots_follow_the_theme_and_the_figures_name_their_command(link: str, open_page) -> None:
    page = open_page(link)
    go(page)
    light = fill_of_bar(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "light => getComputedStyle(document.querySelector('[data-plot=service] .bars path')).fill !== light", arg=light
    )
    own = page.get_by_role("region", name="How the assistant itself does")
    expect(own).to_contain_text("Measured on 2026-11-28 over 64 letters with 113 issues")
    expect(own).to_contain_text("imr-assistant evaluate GOLD")
    expect(own).to_contain_text("0 faults in 900 sentences")
    expect(own.locator(".scatterlayer").first).to_be_visible()


def test_without_a_letter_the_page_says_how_to_begin(fake_link: str, open_page, accessible, picture) -> None:
    page = open_page(fake_link)
    go(page)
    expect(page.get_by_role("link", name="bring in determinations")).to_have_attribute("href", "/imports")
    expect(page.get_by_text("imr-assistant evaluate GOLD")).to_be_visible()
    expect(page.get_by_text("Read in", exact=True)).not_to_be_visible()
    accessible(page)
    picture(page, "insights-empty")
