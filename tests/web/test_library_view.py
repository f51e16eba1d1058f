"""The library's acts: lines of time, a document, words found, changes, each answered with our HTML or one sentence."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from fake_service import NOTE, PASSAGE, FakeService

from assistant.web import library
from assistant.web.acts import Desk
from assistant.web.jobs import Jobs

OLD, NEW = PASSAGE.guideline, NOTE.guideline


@pytest.fixture
def do(service: FakeService):
    jobs = Jobs(workers=1)
    acts = {a.__name__: a for a in library.acts(Desk(service, service.settings, jobs))}
    yield lambda name, /, **values: acts[name](values)
    jobs.close()


def page(answer: dict) -> BeautifulSoup:
    return BeautifulSoup(answer["html"], "html.parser")


def governing(answer: dict) -> list[str]:
    return [line.a["data-guideline"] for line in page(answer).select(".governs")]


def test_every_edition_has_a_line_and_its_dates_in_words(do) -> None:
    lines = page(do("list_guidelines")).select("li.edition")
    assert [line.a["data-guideline"] for line in lines] == [OLD, NEW]
    assert "in force 2007-06-15 to 2017-12-01" in lines[0].text
    assert "in force since 2017-12-01" in lines[1].text
    assert lines[0].select_one(".time-bar")["style"] != lines[1].select_one(".time-bar")["style"]
    assert all(line.select_one(".today") and not line.select_one(".chosen") for line in lines)


def test_a_day_lights_what_governed_then_and_is_carried_on_by_the_links(do) -> None:
    assert governing(do("list_guidelines", on="2016-03-01")) == [OLD]
    later = do("list_guidelines", on="2017-12-01", by="era")
    assert governing(later) == [NEW]
    assert later["said"] == "1 editions were in force on 2017-12-01."
    assert page(later).a["href"].endswith("&on=2017-12-01&by=era")
    assert "not a date" in do("list_guidelines", on="soon")["error"]


def test_words_lead_to_the_criterion(do) -> None:
    found = page(do("find_in_guidelines", words="functional improv"))
    (link,) = found.select("a[data-criterion]")
    assert (link["data-passage"], link["data-criterion"]) == (PASSAGE.id, "more")
    assert [mark.text for mark in link.select("mark")] == ["functional", "improvement"]
    assert "holds all of these words" in page(do("find_in_guidelines", words="kangaroo")).text


def test_a_criterion_is_lit_with_its_sort_confidence_and_source_beside_it(do) -> None:
    answer = do("read_guideline", passage=PASSAGE.id, criterion="first")
    assert answer["label"] == OLD
    (lit,) = page(answer).select("[data-lit]")
    assert "at most six treatments" in lit.text
    for word in (
        "limit",
        "medium confidence",
        "check the text",
        "general knowledge",
        "no acupuncture was given before",
    ):
        assert word in lit.select_one(".aside").text
    assert "no guideline" in do("read_guideline", guideline="none")["error"]


def test_an_edition_is_switched_off_and_on(do) -> None:
    assert "Drafts that cite it keep it" in do("switch_off", guideline=OLD)["said"]
    shown = page(do("read_guideline", guideline=OLD))
    assert "Switched off by reviewer" in shown.text
    assert shown.select_one("[data-key=edition]")["data-act"] == "switch_on"
    assert governing(do("list_guidelines", on="2016-03-01")) == []
    assert do("switch_off", guideline=OLD)["kind"] == "WrongInput"
    do("switch_on", guideline=OLD)
    assert governing(do("list_guidelines", on="2016-03-01")) == [OLD]


def test_a_passage_is_switched_off_by_itself(do) -> None:
    do("switch_off", guideline=OLD, passage=PASSAGE.id)
    part = page(do("read_guideline", guideline=OLD)).select_one(".part.off")
    assert part.select_one("[data-act=switch_on]")["data-of-passage"] == PASSAGE.id
    assert do("switch_on", guideline=OLD)["error"] == (f"{OLD} is not switched off; The passage of {OLD} is.")
    assert "no such passage" in do("switch_off", guideline=OLD, passage="none")["error"]
    assert "no section" in do("switch_off", guideline=OLD, section="none")["error"]


def test_a_date_is_corrected_with_its_reason_and_put_back(do) -> None:
    wanted = {"guideline": OLD, "start": "2007-06-15", "end": "2018-01-01"}
    assert "why" in do("correct_dates", **wanted)["error"]
    assert "No" not in do("correct_dates", **wanted, note="The order\nsays so")["said"]
    text = " ".join(page(do("read_guideline", guideline=OLD)).text.split())
    assert "in force 2007-06-15 to 2018-01-01" in text
    assert "Dates corrected by reviewer on" in text
    assert "was in force 2007-06-15 to 2017-12-01. Why: The order says so" in text
    assert governing(do("list_guidelines", on="2017-12-15")) == [OLD, NEW]
    do("undo_dates", guideline=OLD)
    assert governing(do("list_guidelines", on="2017-12-15")) == [NEW]
    assert "not corrected" in do("undo_dates", guideline=OLD)["error"]


@pytest.mark.parametrize(
    ("start", "end", "note", "words"),
    [
        ("2018-01-01", "2017-01-01", "why", "end before it begins"),
        ("", "2018-01-01", "why", "first day"),
        ("2007-06-15", "2017-12-01", "why", "has"),
        ("2007-06-15", "", "why " * 100, "300"),
        ("soon", "", "why", "not a date"),
    ],
)
def test_dates_that_cannot_be_are_refused_in_a_sentence(do, start: str, end: str, note: str, words: str) -> None:
    assert words in do("correct_dates", guideline=OLD, start=start, end=end, note=note)["error"]
