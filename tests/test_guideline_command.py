"""`guideline`: what is switched off or corrected on the command line holds in the drafts that are made after it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant import cli
from assistant.domain import Draft
from assistant.service import Service
from assistant.settings import Settings

ACUPUNCTURE = "MTUS Acupuncture Treatment 2007"
CASE = (Path(__file__).parents[1] / "corpus" / "cases" / "acupuncture-low-back.txt").read_text("utf-8")
DAY, LATER = date(2016, 3, 1), date(2018, 2, 1)


class Said(NamedTuple):
    code: int
    out: str
    err: str


Guideline = Callable[..., Said]


@pytest.fixture(scope="module")
def folder(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of this module, with the starter library in it; each test puts back what it changes."""
    return Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("guideline") / "data"))


@pytest.fixture
def guideline(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Guideline:
    """`imr-assistant guideline` in this process."""

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["imr-assistant", "guideline", *arguments, "--data-dir", str(folder)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Said(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Service]:
    """A program that is open all the while, as the page is."""
    opened = Service.open(Settings(data_dir=folder))
    yield opened
    opened.close()


def drafted(service: Service, day: date) -> Draft:
    case = service.create_case("reviewer", CASE, day=day)
    return service.draft_case("reviewer", case.id).draft


def candidates(draft: Draft) -> set[str]:
    return {candidate.guideline for issue in draft.issues for candidate in issue.guidelines}


def offered(service: Service, day: date) -> set[str]:
    """The guidelines that a new draft shows as candidates or cites."""
    draft = drafted(service, day)
    return candidates(draft) | {passage.guideline for passage in draft.passages.values()}


def test_a_digest_that_is_off_is_in_no_new_draft_and_stays_in_old_ones(guideline: Guideline, service: Service) -> None:
    old = service.create_case("reviewer", CASE, day=DAY)
    before = service.draft_case("reviewer", old.id).draft
    assert ACUPUNCTURE in {passage.guideline for passage in before.passages.values()}
    off = guideline("off", "acupuncture treatment")
    assert (off.code, off.out) == (0, "")
    assert f"Switched off: {ACUPUNCTURE}." in off.err
    assert ACUPUNCTURE not in offered(service, DAY)
    assert service.case("reviewer", old.id).draft == before
    (edition,) = map(json.loads, guideline("list", "--changed", "--json").out.splitlines())
    assert (edition["label"], edition["off"]["by"]) == (ACUPUNCTURE, "reviewer")
    assert guideline("on", ACUPUNCTURE).code == 0
    assert ACUPUNCTURE in offered(service, DAY)


def test_corrected_dates_hold_in_a_draft(guideline: Guideline, service: Service) -> None:
    assert ACUPUNCTURE not in candidates(drafted(service, LATER))  # it is only named as what was replaced
    told = guideline("dates", ACUPUNCTURE, "--to", "2018-07-01", "--note", "a test")
    assert "in force 2007-06-15 to 2018-07-01 now" in told.err
    assert ACUPUNCTURE in candidates(drafted(service, LATER))
    on = guideline("list", "--on", "2018-02-01").out
    assert "corrected by reviewer" in on
    assert "; was in force 2007-06-15 to 2017-12-01: a test" in on
    assert "in force 2007-06-15 to 2017-12-01 again" in guideline("dates", ACUPUNCTURE, "--undo").err
    assert ACUPUNCTURE not in guideline("list", "--on", "2018-02-01").out
    assert "dates corrected by reviewer" in guideline("show", ACUPUNCTURE).err


def test_a_guideline_is_read_and_searched(guideline: Guideline) -> None:
    shown = guideline("show", "acupuncture treatment").out
    assert "Treatments are given one to three times a week.\n      limit; high confidence; check the text" in shown
    rows = [json.loads(row) for row in guideline("show", ACUPUNCTURE, "--json").out.splitlines()]
    assert {"id", "text", "kind", "confidence", "check_the_text", "source"} <= rows[-1]["criteria"][0].keys()
    found = guideline("find", "one to three times a week", "--json").out.splitlines()
    assert "acupuncture.frequency" in [json.loads(row).get("criterion") for row in found]
    assert "Nothing in the library" in guideline("find", "kangaroos").err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["off", "low back"], 2, "may mean"),
        (["off", "nothing of the kind"], 1, "no guideline"),
        (["on", ACUPUNCTURE], 2, "not switched off"),
        (["dates", ACUPUNCTURE], 2, "Give --from"),
        (["dates", ACUPUNCTURE, "--to", "2018-01-01"], 2, "why"),
        (["dates", ACUPUNCTURE, "--to", "2018-01-01", "--undo"], 2, "no other dates"),
        (["dates", ACUPUNCTURE, "--to", "2018-01-01", "--open"], 2, "not both"),
    ],
)
def test_what_cannot_be_is_one_sentence(guideline: Guideline, arguments: list[str], code: int, words: str) -> None:
    said = guideline(*arguments)
    assert (said.code, said.out) == (code, "")
    assert words in said.err
