"""The page's own behaviour, over a service without models: typing, marks, saving, lighting, keyboard, hostile text."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from casework import draft_sample, editor, expect_saved, type_at_end
from playwright.sync_api import Page, expect
from serving import served

from tests.models import babbling_server

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'> \u202egnirts desrever\u202c "
    "${window.broken = 1} {{window}} Treatment to date has included acupuncture. "
    "The treating physician requested authorization for 6 sessions of acupuncture for the low back."
)


def test_an_edit_is_marked_saved_and_found_again(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    expect(page.locator(".badge")).to_have_text("DRAFT")
    type_at_end(page, " He had 10 sessions in 2015.")
    expect(page.locator(".s.failed")).to_have_text("He had 10 sessions in 2015.")
    expect(page.get_by_text("stands nowhere in the summary")).to_be_visible()
    type_at_end(page, " I find the request premature.")
    expect(page.locator(".s.yours").last).to_have_text("I find the request premature.")
    expect_saved(page, 2)
    page.reload()
    expect(editor(page)).to_contain_text("He had 10 sessions in 2015. I find the request premature.")
    expect(page.locator(".s.failed")).to_have_count(1)


@pytest.mark.parametrize("form", ["json", "md", "pdf", "docx"])
def test_each_form_is_downloaded_under_a_name_that_says_nothing_of_the_case(
    form: str, fake_link: str, open_page
) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    page.get_by_role("button", name="Check and export").click()
    expect(page.get_by_label("with evidence")).to_be_checked()
    page.get_by_label("with evidence").uncheck()
    with page.expect_request(re.compile(rf"/export/[\w-]+/{form}\?evidence=false$")), page.expect_download() as got:
        page.locator(f"[data-export={form}]").click()
    assert re.fullmatch(rf"determination-[\w-]+\.{form}", got.value.suggested_filename)


def test_words_typed_just_before_leaving_are_kept(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    type_at_end(page, " Last words.")
    page.reload()
    expect(editor(page)).to_contain_text("Last words.")


def test_typing_goes_on_where_the_caret_is_while_marks_change(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    box = editor(page)
    before = box.inner_text()
    box.focus()
    page.keyboard.press("Control+Home")
    with page.expect_response(re.compile("component_server")):
        page.keyboard.type("First. ")
    expect(page.locator(".s").first).to_have_text("First.")
    page.keyboard.type("Second. ")
    expect(page.locator(".s").nth(1)).to_have_text("Second.")
    assert box.inner_text().replace("\xa0", " ") == f"First. Second. {before}"
    for _ in range(4):
        page.keyboard.press("Control+z")
    expect(box).to_have_text(before)


def test_a_paste_brings_words_only(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    editor(page).focus()
    page.keyboard.press("Control+End")
    page.evaluate(
        """() => {
        const data = new DataTransfer();
        data.setData("text/html", "<b onclick='window.broken = 1'>Bold.</b><img src=x onerror='window.broken = 1'>");
        data.setData("text/plain", " Bold.");
        document.execCommand("insertText", false, data.getData("text/plain"));
    }"""
    )
    expect(editor(page)).to_contain_text("Bold.")
    assert editor(page).locator("b, img").count() == 0


def test_evidence_lights_the_words_of_the_case(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    page.locator("tr", has_text="functional gain").locator(".q").click()
    lit = page.locator(".pane-case .lit")
    assert "".join(lit.all_inner_texts()).startswith("Treatment to date has included")
    page.locator(".s").first.click()
    assert page.locator(".pane-case .lit").count() == 0
    assert "functional improvement is documented" in "".join(page.locator(".passage .lit").all_inner_texts())


def test_an_outcome_is_the_reviewers_act_and_a_slot_theirs_to_fill(fake_link: str, open_page, tmp_path: Path) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    overturn = page.get_by_role("button", name="Overturn", exact=True)
    overturn.click()
    expect(overturn).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".badge")).to_have_count(0)
    slot = page.get_by_label("To fill: State the functional improvement that you found, and where")
    expect(slot).to_be_visible()
    page.get_by_role("button", name="Check and export").click()
    expect(page.locator(".sheet-paper .open-slot")).to_be_visible()
    page.get_by_role("button", name="DOCX").click()
    expect(page.get_by_text("fill or delete it, then export")).to_be_visible()
    page.keyboard.press("Escape")
    slot.fill("He returned to full duty in 2015.")
    slot.press("Enter")
    expect(page.locator(".slot")).to_have_count(0)
    expect(editor(page)).to_contain_text("He returned to full duty in 2015.")
    expect_saved(page, 3)
    page.get_by_role("button", name="Check and export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    page.keyboard.press("Escape")
    file = tmp_path / "draft.md"
    download.value.save_as(file)
    assert "He returned to full duty in 2015." in file.read_text("utf-8")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".badge")).to_be_visible()


def test_a_draft_changed_elsewhere_is_not_overwritten(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    other = page.context.new_page()
    other.goto(page.url)
    type_at_end(other, " From the other window.")
    expect_saved(other, 2)
    type_at_end(page, " From this window.")
    expect(page.get_by_text("was changed elsewhere")).to_be_visible()
    page.get_by_role("button", name="Show the other version").click()
    expect(editor(page)).to_contain_text("From the other window.")
    type_at_end(page, " And from this one.")
    expect_saved(page, 3)


def test_chat_answers_and_lights(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    page.get_by_label("Ask, or say what to change").fill("why not functional improvement?")
    page.keyboard.press("Enter")
    expect(page.locator(".it")).to_contain_text("with no response to it")
    page.locator(".it .q").click()
    expect(page.locator(".pane-case .lit").first).to_contain_text("Treatment to date")
    page.reload()
    expect(page.locator(".me")).to_have_text("why not functional improvement?")


def test_hostile_text_is_text(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    page.get_by_label("Case summary").fill(HOSTILE)
    page.get_by_label("Disputed services").fill("6 sessions <img src=x onerror='window.broken = 1'>")
    page.get_by_role("button", name="Draft the rationale").click()
    expect(editor(page)).to_contain_text("medically necessary")
    assert page.locator(".case-text").text_content() == HOSTILE
    type_at_end(page, " <img src=x onerror='window.broken = 1'>.")
    expect_saved(page, 2)
    page.reload()
    expect(editor(page)).to_contain_text("onerror")
    assert page.locator(".desk img, .desk script").count() == 0
    assert page.evaluate("window.broken") is None


def test_a_file_is_read_into_the_field(fake_link: str, open_page, tmp_path: Path) -> None:
    page = open_page(fake_link)
    (tmp_path / "case.txt").write_text("Sore knee of a worker.", "utf-8")
    page.locator("input[type=file]").set_input_files(tmp_path / "case.txt")
    expect(page.get_by_label("Case summary")).to_have_value("Sore knee of a worker.")
    (tmp_path / "case.exe").write_bytes(b"MZ")
    page.locator("input[type=file]").set_input_files(tmp_path / "case.exe")
    expect(page.get_by_role("alert")).to_contain_text("cannot be read here")


def test_a_case_without_a_service_says_so_in_its_place(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    page.get_by_label("Case summary").fill("Sore knee of a worker.")
    page.get_by_role("button", name="Draft the rationale").click()
    expect(page.get_by_text("names no requested service")).to_be_visible()


def test_cases_are_listed_deleted_and_brought_back(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    page.get_by_role("link", name="Cases").first.click()
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text("in draft")
    many = rows.count()
    rows.first.get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(many - 1)
    page.get_by_role("button", name="Bring it back").click()
    expect(rows).to_have_count(many)


def test_decisions_are_searched_and_read(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    page.get_by_role("link", name="Decisions").click()
    page.wait_for_selector("form.search[data-ready]")
    page.get_by_label("Words").fill("acupuncture")
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_contain_text("illustrative")
    expect(page.get_by_text("only illustrative decisions are shown")).to_be_visible()
    page.locator(".found a").click()
    expect(page.locator("[data-lit]")).to_contain_text("No functional gain was written down.")
    page.reload()
    expect(page.locator("[data-lit]")).to_be_visible()


def searched(page: Page, words: str) -> None:
    page.get_by_role("link", name="Decisions").click()
    page.wait_for_selector("form.search[data-ready]")
    page.get_by_label("Words").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_contain_text(f"Found by {words.replace('acupunture', 'acupuncture')}")


def test_a_mended_word_is_said_and_can_be_taken_back(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    searched(page, "acupunture")
    expect(page.locator(".found mark")).to_have_text("acupuncture")
    page.get_by_role("button", name="Search for exactly acupunture").click()
    expect(page.locator(".found mark")).to_have_text("acupunture")
    expect(page.locator(".corrected")).to_have_count(0)


def test_facets_narrow_and_are_taken_away(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    searched(page, "back pain")
    page.get_by_role("button", name="Physical therapy: 9 upheld, 8 overturned").click()
    pressed = page.locator("[aria-pressed=true][data-facet]")
    expect(pressed).to_have_attribute("data-value", "physical_therapy")
    expect(pressed).to_be_focused()
    page.get_by_role("button", name="Take away Physical therapy").click()
    expect(pressed).to_have_count(0)
    page.locator("[data-facet=region][data-value=neck]").click()
    expect(page.get_by_text("No decision fits")).to_be_visible()
    page.go_back()
    expect(page.locator(".found")).to_be_visible()
    page.locator("[data-facet=year][data-value='2016']").click()
    expect(page.get_by_role("textbox", name="from")).to_have_value("2016-01-01")
    expect(page.locator(".chips")).to_contain_text("to 2016-12-31")


def test_nothing_searched_for_stands_in_an_address(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    searched(page, "worker Secretname")
    page.locator(".found a").click()
    expect(page.locator("[data-lit]")).to_be_visible()
    assert page.url.endswith("/decisions?id=d1")
    page.reload()
    expect(page.get_by_label("Words")).to_have_value("worker Secretname")
    expect(page.locator("[data-lit]")).to_be_visible()
    page.goto(page.url.split("?")[0] + "?q=Secretname&id=d1")
    expect(page.locator("[data-lit]")).to_be_visible()
    assert page.url.endswith("/decisions?id=d1")


def test_a_decision_leads_to_those_like_it(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    searched(page, "needles")
    page.get_by_role("button", name="More like this").click()
    expect(page.locator(".chips")).to_contain_text("like d1")
    expect(page.get_by_label("Words")).to_have_value("")


def test_a_search_is_saved_run_and_deleted(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    searched(page, "needles")
    page.locator("[data-facet=region][data-value='low back']").click()
    page.get_by_text("Save this search").click()
    page.get_by_label("Name of the saved search").fill("My needles")
    page.keyboard.press("Enter")
    run = page.get_by_role("button", name="My needles", exact=True)
    expect(run).to_be_visible()
    searched(page, "something else")
    run.click()
    expect(page.get_by_label("Words")).to_have_value("needles")
    expect(page.locator("[data-facet=region][aria-pressed=true]")).to_have_attribute("data-value", "low back")
    page.get_by_role("button", name="Delete the saved search My needles").click()
    expect(run).to_have_count(0)


def test_arrows_walk_through_the_results(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    searched(page, "needles")
    page.get_by_label("Words").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".found a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-lit]")).to_be_visible()
    page.locator(".found a").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Words")).to_be_focused()


def test_the_library_opens_a_guideline_at_a_passage(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="MTUS Acupuncture Treatment 2007").click()
    expect(page.locator(".letter")).to_contain_text("three to six treatments")


def test_the_settings_say_what_leaves_the_machine(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_text("Nothing leaves this machine. No chat model is set.")).to_be_visible()
    expect(page.get_by_text("IMR_DATA_DIR")).to_be_visible()


def test_a_chat_model_is_chosen_and_tested(open_page, picture, tmp_path: Path) -> None:
    with babbling_server.babbling(babbling_server.says("Blue.")) as babbling:
        command = [sys.executable, str(Path(__file__).parent / "serve_fake.py"), str(tmp_path)]
        with served(command, tmp_path) as link:
            page = open_page(link)
            page.get_by_role("link", name="Settings").click()
            page.get_by_label("Model", exact=True).fill("openai:m")
            page.get_by_label("Address of its server").fill(babbling.url)
            page.get_by_role("button", name="Keep").click()
            expect(page.get_by_text("which is on this machine")).to_be_visible()
            page.get_by_role("button", name="Test the model").click()
            expect(page.get_by_text("It said 'Blue.'")).to_be_visible()
            page.get_by_role("button", name="Show what was sent last").click()
            expect(page.get_by_text("system, trial_answer 1")).to_be_visible()
            picture(page, "settings-model")
            page.reload()
            expect(page.get_by_label("Model", exact=True)).to_have_value("openai:m")
            expect(page.get_by_label("finding evidence")).to_be_checked()


def test_the_keyboard_reaches_what_matters(fake_link: str, open_page) -> None:
    page = open_page(fake_link)
    draft_sample(page)
    page.locator("[data-pane=evidence]").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".pane-case .lit").first).to_be_visible()
    page.keyboard.press("e")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Control+Alt+u")
    expect(page.get_by_role("button", name="Uphold", exact=True)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_is_wider_than_the_window(fake_link: str, open_page, picture, width: int) -> None:
    page = open_page(fake_link, width=width, height=844 if width < 760 else 900)
    picture(page, f"start-{width}")
    draft_sample(page)
    for view in (
        page.url,
        "/",
        "/decisions?q=acupuncture&id=d1",
        "/library?guideline=MTUS Acupuncture Treatment 2007",
        "/settings",
    ):
        page.goto(view if view.startswith("http") else fake_link.split("/?")[0] + view)
        expect(page.locator(".desk")).to_be_visible()
        page.wait_for_function("!document.body.innerText.includes('Reading the')")
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), view
        picture(page, f"{re.sub(r'[^a-z]', '', view.split('?')[0].rsplit('/', 1)[-1]) or 'cases'}-{width}")


def test_on_a_narrow_screen_evidence_leads_to_the_case_and_back(fake_link: str, open_page) -> None:
    page = open_page(fake_link, width=390, height=844)
    draft_sample(page)
    page.locator("tr", has_text="functional gain").locator(".q").click()
    expect(page.locator(".pane-case .lit").first).to_be_in_viewport()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.locator("tr", has_text="functional gain")).to_be_in_viewport()


def test_a_page_without_the_link_is_locked(fake_link: str, chromium) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(fake_link.split("?")[0])
    expect(page.get_by_role("heading", name="This page is locked")).to_be_visible()
    context.close()


def test_a_case_that_is_long_in_opening_says_so(fake_link: str, open_page, look, picture) -> None:
    page = open_page(fake_link, width=look.width, scheme=look.scheme)
    draft_sample(page)
    held = []
    page.route(
        re.compile("/component_server"),
        lambda route: held.append(route) if "open_case" in (route.request.post_data or "") else route.continue_(),
    )
    page.reload()
    expect(page.get_by_text("Opening the case")).to_be_visible()
    picture(page, f"case-opening-{look}")
    held[0].continue_()
    expect(editor(page)).to_be_visible()
    expect(page.get_by_text("Opening the case")).to_have_count(0)
