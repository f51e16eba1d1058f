"""Reloads, a server that is killed and comes back, a second tab in mid-edit: no word is lost, a conflict is shown."""

from __future__ import annotations

import random
import re
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from casework import draft_sample, editor, expect_saved, type_at_end
from playwright.sync_api import Page, expect
from serving import running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]

MOMENTS = 10
OLDER_THAN = 2.0  # seconds; what is younger may be lost to a kill
SEED = 20261128
CASE = (
    "The injured worker is a 49-year-old man. Treatment to date has included acupuncture. The treating physician "
    "requested authorization for 6 sessions of acupuncture for the low back."
)


class Typist:
    """Types numbered words at the end of the draft and remembers when each was whole."""

    def __init__(self) -> None:
        self.typed: dict[str, float] = {}
        self.count = 0

    def type(self, page: Page, seconds: float) -> None:
        editor(page).focus()
        page.keyboard.press("Control+End")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            word = f"word{self.count}x"
            self.count += 1
            page.keyboard.type(f" {word}", delay=15)
            self.typed[word] = time.monotonic()

    def missing(self, text: str, since: float) -> list[str]:
        """The words that were whole `OLDER_THAN` seconds before and are not in the text; younger ones are let go."""
        lost = {word: at for word, at in self.typed.items() if word not in text}
        self.typed = {word: at for word, at in self.typed.items() if word not in lost}
        return [word for word, at in lost.items() if at < since - OLDER_THAN]


def test_a_reload_in_mid_edit_loses_nothing(fake_link: str, open_page) -> None:
    page, typist, moments = open_page(fake_link), Typist(), random.Random(SEED)
    draft_sample(page)
    for _ in range(MOMENTS):
        typist.type(page, moments.uniform(0.2, 3.5))
        left = time.monotonic()
        page.reload()
        expect(editor(page)).to_be_visible()
        assert typist.missing(editor(page).inner_text(), left) == []


def test_a_killed_server_loses_nothing_that_is_two_seconds_old(starter_dir: Path, tmp_path: Path, chromium) -> None:
    folder = Path(shutil.copytree(starter_dir, tmp_path / "data"))
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data-dir", str(folder)]
    moments, typist, case, killed = random.Random(SEED), Typist(), None, 0.0
    for _ in range(MOMENTS):
        with running_server(command, folder) as (link, process):
            context = chromium.new_context()
            page = context.new_page()
            page.goto(link)
            if case is None:
                page.wait_for_selector("[data-ready]")
                page.get_by_role("textbox", name="Case summary").fill(CASE)
                page.get_by_label("Date of review").fill("2016-03-01")
                page.get_by_role("button", name="Draft the rationale").click()
                expect(editor(page)).to_contain_text("medically necessary", timeout=60_000)
                case = re.search(r"id=([\w-]+)", page.url)[1]
            else:
                page.goto(f"{link.split('/?')[0]}/case?id={case}")
                expect(editor(page)).to_contain_text("medically necessary", timeout=60_000)
                assert typist.missing(editor(page).inner_text(), killed) == []
            typist.type(page, moments.uniform(0.5, 5.0))
            process.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            process.wait()
            context.close()
    assert len(typist.typed) > MOMENTS


def test_a_tab_left_open_saves_again_when_the_server_is_back(starter_dir: Path, tmp_path: Path, chromium) -> None:
    folder = Path(shutil.copytree(starter_dir, tmp_path / "data"))
    command = [sys.executable, "-m", "assistant", "serve", "--data-dir", str(folder), "--port"]
    context = chromium.new_context()
    page = context.new_page()
    with running_server([*command, "0"], folder) as (link, process):
        page.goto(link)
        page.wait_for_selector("[data-ready]")
        page.get_by_role("textbox", name="Case summary").fill(CASE)
        page.get_by_role("button", name="Draft the rationale").click()
        expect(editor(page)).to_be_visible(timeout=60_000)
        process.kill()
        process.wait()
    type_at_end(page, " Written while nobody listened.")
    expect(page.locator("[data-part=saved]")).to_have_text("Not saved")
    expect(page.get_by_text("The program does not answer.")).to_be_visible()
    with running_server([*command, re.search(r":(\d+)/", link)[1]], folder) as (again, _):
        opened = context.new_page()
        opened.goto(again)  # the new start's link lets the browser in; the old tab goes on by itself
        expect(page.locator("[data-part=saved]")).to_contain_text("Saved", timeout=60_000)
        page.reload()
        expect(editor(page)).to_contain_text("Written while nobody listened.")
    context.close()


def test_a_second_tab_in_mid_edit_is_a_conflict_that_is_shown(fake_link: str, open_page) -> None:
    page, moments = open_page(fake_link), random.Random(SEED)
    draft_sample(page)
    version = 1
    for number in range(MOMENTS):
        other = page.context.new_page()
        other.goto(page.url)
        expect(editor(other)).to_be_visible()
        type_at_end(other, f" Theirs {number}.")
        page.wait_for_timeout(moments.uniform(0, 900))
        type_at_end(page, f" Mine {number}.")
        version += 1
        loser = page
        for tab in (page, other):
            expect(tab.locator("[data-part=saved]")).to_have_text(re.compile(r"^Saved .*version|^Not saved$"))
            if tab.get_by_text("changed elsewhere since you opened it").count():
                loser = tab
        expect(loser.get_by_text("changed elsewhere since you opened it")).to_be_visible()
        words = "Mine" if loser is page else "Theirs"
        expect(editor(loser)).to_contain_text(f"{words} {number}.")
        loser.get_by_role("button", name="Save mine as the newest").click()
        version += 1
        expect_saved(loser, version)
        other.close()
        page.reload()
        expect(editor(page)).to_contain_text(f"{words} {number}.")
        page.get_by_role("button", name="Versions").click()
        theirs = page.get_by_role("dialog", name="Versions of the draft")
        expect(theirs.locator("del, ins").first).to_be_visible()
        page.keyboard.press("Escape")
