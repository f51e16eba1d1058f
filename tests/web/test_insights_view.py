"""The acts of the insights view over a service of a few values: plots, tables, links, a reading behind the page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.domain import Outcome
from assistant.library.documented import DecidedCase, Documented, FactShares, Where
from assistant.library.filters import FactRow, facts_of
from assistant.library.insights import Overview, overview
from assistant.library.intervals import Proportion, difference
from assistant.library.readings import ReadingStopped
from assistant.settings import Settings
from assistant.web import insights
from assistant.web.acts import Desk
from assistant.web.jobs import Jobs

HOSTILE = '<img src=x onerror="alert(1)">'
_UPHELD = FactRow("Upheld", False, False, date(2016, 12, 21), "acupuncture", ["neck"], [HOSTILE], [])


def fact(concept: str, over: int, up: int) -> FactShares:
    one, other = Proportion(over, 10), Proportion(up, 40)
    return FactShares(concept, concept.capitalize(), one, other, difference(one, other))


FOUND = Documented(
    "acupuncture",
    "Acupuncture",
    Where.SUMMARY,
    10,
    40,
    0,
    139,
    (fact("gain", 8, 4), fact("rare", 1, 0), fact("x", 0, 9)),
)


class StubService:
    """The insights of a library with three real decisions; `waiting` texts are unread until they are read."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data_dir=folder)
        self.waiting = 0
        self.may_end = threading.Event()

    def insights(self, service: str | None = None) -> Overview:
        rows = [_UPHELD, _UPHELD, replace(_UPHELD, outcome="Overturned"), replace(_UPHELD, illustrative=True)]
        return overview(facts_of(rows), 2, service, str.capitalize)

    def unread_texts(self, service: str | None, where: Where) -> int:
        return self.waiting

    def documented(self, service, where=Where.SUMMARY, *, progress=None, stop=lambda: False) -> Documented:
        if self.waiting:
            progress.start("Reading", self.waiting)
            progress.advance(7)
            while not self.may_end.wait(0.01):
                if stop():
                    raise ReadingStopped
            self.waiting = 0
        return replace(FOUND, where=where)

    def decisions_stating(self, service, concept: str, where: Where) -> tuple[DecidedCase, ...]:
        return (DecidedCase("CM17-1-1", "CM17-1", HOSTILE, Outcome.OVERTURNED, None, "", ""),)

    def last_evaluation(self) -> None:
        return None


@pytest.fixture
def service(tmp_path: Path) -> StubService:
    return StubService(tmp_path)


@pytest.fixture
def desk(service: StubService):
    jobs = Jobs(workers=1)
    yield Desk(service, service.settings, jobs)
    service.may_end.set()
    jobs.close()


@pytest.fixture
def do(desk: Desk) -> Callable[..., dict]:
    acts = {act.__name__: act for act in insights.acts(desk)}
    return lambda name, /, **values: acts[name](values)


def test_a_plot_and_its_table_lead_to_the_same_decisions(do) -> None:
    told = do("read_insights")
    plot = next(plot for plot in told["plots"] if plot["by"] == "guideline")
    (group,) = plot["groups"]
    assert (group["upheld"], group["overturned"], group["small"]) == (2, 1, True)
    assert parse_qs(urlsplit(group["overturned_href"]).query) == {
        "guideline": [HOSTILE],
        "illustrative": ["false"],
        "outcome": ["Overturned"],
    }
    assert told["html"].count(group["overturned_href"].replace("&", "&amp;")) == 1
    assert "<img" not in told["html"]


def test_one_service_is_shown_without_a_plot_of_services(do) -> None:
    told = do("read_insights", service_kind="acupuncture")
    assert 'data-plot="service"' not in told["html"]
    assert told["chosen"] == "acupuncture"
    assert told["services"] == [{"value": "acupuncture", "label": "Acupuncture", "n": 3}]


def test_facts_that_few_decisions_state_are_in_the_table_alone(do) -> None:
    told = do("read_documented", where="rationale")
    assert [row["concept"] for row in told["plot"]] == ["gain", "x"]
    assert told["html"].count("data-concept") == 3
    assert "words the guideline" in told["html"]


def test_much_to_read_is_read_when_it_is_asked_for_and_can_be_stopped(do, desk: Desk, service: StubService) -> None:
    service.waiting = 100
    assert do("read_documented") == {"unread": 100, "job": None}
    assert do("read_stating", concept="gain")["error"].startswith("The letters are not read yet")
    begun = do("start_reading")["job"]
    assert (begun["over"], begun["service"], begun["where"]) == (False, "", "summary")
    assert do("start_reading", service_kind="other")["job"]["service"] == ""  # one at a time
    assert do("stop_reading")["job"]["stopping"]
    desk.jobs.close()
    ended = do("follow_reading")["job"]
    assert (ended["over"], ended["error"], service.waiting) == (True, None, 100)


def test_a_reading_ends_with_the_comparison(do, desk: Desk, service: StubService) -> None:
    service.waiting = 100
    do("start_reading")
    service.may_end.set()
    desk.jobs.close()
    assert do("read_documented")["plot"]


def test_the_decisions_behind_a_fact_are_links(do) -> None:
    told = do("read_stating", concept="gain")["html"]
    assert 'href="/decisions?id=CM17-1-1"' in told
    assert "<img" not in told


def test_never_measured_says_how_to_measure(do) -> None:
    assert "imr-assistant evaluate GOLD" in do("read_evaluation")["html"]


def test_the_plots_are_drawn_by_what_the_page_serves_itself(guest) -> None:
    answer = guest.get("/page/plotly.min.js")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert b"Plotly" in answer.content[:300] or b"plotly" in answer.content[:300]
    assert guest.get("/page/plotly.css").status_code == 404
