"""The audit log on the page: narrowed, paged, verified, exported; and what a signed-off version rested on."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from by_hand import tamper
from playwright.sync_api import Page, Route, expect
from serving import served

from assistant.domain import Outcome
from assistant.drafting.export import Format
from assistant.records import Act
from assistant.service import Service
from assistant.settings import Settings

pytestmark = pytest.mark.browser
CASE = "A 49-year-old man has low back pain. The physician requested authorization for 6 sessions of acupuncture."


@pytest.fixture
def signed(data_dir: Path) -> str:
    """A data folder with one signed-off case that was exported twice, and a log of more than a page; the case's id."""
    service = Service.open(Settings(data_dir=data_dir))
    user = service.settings.user
    case = service.create_case(user, CASE, day=date(2016, 3, 1)).id
    service.draft_case(user, case)
    issue = service.set_outcome(user, case, 0, Outcome.UPHELD).draft.issues[0]
    service.keep_sentences(user, case, 0, [n for n, s in enumerate(issue.sentences) if not s.slot])
    for _ in range(60):
        service.audit_log.record(Act.SIGNED_IN, "anna")
    for _ in range(2):
        service.export(user, case, Format.MD)
    service.close()
    return case


@pytest.fixture
def link(data_dir: Path, signed: str) -> Iterator[str]:
    with served(
        [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data-dir", str(data_dir)], data_dir
    ) as at:
        yield at


def test_an_auditor_reads_verifies_and_exports_the_log(
    link: str, signed: str, data_dir: Path, open_page, accessible, picture, look
) -> None:
    page: Page = open_page(link, width=look.width, scheme=look.scheme)
    page.goto(page.url.rstrip("/") + "/audit")
    expect(page.get_by_text("the same file as in entry")).to_be_visible()
    expect(page.get_by_text("Not verified since")).to_be_visible()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("every entry is as it was written")).to_be_visible()
    accessible(page)
    picture(page, f"audit-{look}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_role("cell", name="drafted", exact=True)).to_be_visible()
    page.get_by_label("Case id").fill(signed)
    page.get_by_label("Act").select_option("exported")
    expect(page.get_by_text("1 to 2 of 2 entries")).to_be_visible()
    assert signed not in page.url
    with page.expect_download() as saved:
        page.get_by_role("link", name="Export JSON lines").click()
    checked = Service.check_audit_export(Path(saved.value.path()).read_bytes())
    assert checked.fault is None
    tamper(data_dir, "UPDATE audit SET account = 'eve' WHERE number = 7")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("entry 7 was changed after it was written")).to_be_visible()


def test_a_signed_off_version_shows_what_it_rested_on(
    link: str, signed: str, open_page, accessible, picture, look
) -> None:
    page: Page = open_page(link, width=look.width, scheme=look.scheme)
    page.goto(page.url.rstrip("/") + f"/case?id={signed}")
    page.get_by_role("button", name="Versions").first.click()
    page.get_by_role("radio", name="Version 3").check()
    page.get_by_role("button", name="What it rested on").click()
    expect(page.get_by_text("Everything is byte for byte as it was signed off.")).to_be_visible()
    expect(page.get_by_text("the case summary:").first).to_be_visible()
    accessible(page)
    picture(page, f"rested-{look}")


def test_an_answer_that_comes_late_does_not_cover_what_was_asked_after_it(link: str, signed: str, open_page) -> None:
    page: Page = open_page(link)
    page.goto(page.url.rstrip("/") + f"/case?id={signed}")
    late: list[Route] = []

    def hold(route: Route) -> None:
        if "compare_versions" in (route.request.post_data or "") and not late:
            late.append(route)
        else:
            route.continue_()

    page.route(re.compile(r"/component_server"), hold)
    page.get_by_role("button", name="Versions").first.click()
    page.get_by_role("radio", name="Version 3").check()
    expect(page.get_by_text("From version 3 to")).to_be_visible()
    with page.expect_response(lambda answer: answer.request == late[0].request):
        late[0].continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_text("From version 3 to")).to_be_visible()
    expect(page.get_by_role("button", name="What it rested on")).to_be_visible()
