"""The view of past decisions: two compared, the list as a file, original pages, and what a search that fails offers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from fake_service import FakeService
from starlette.testclient import TestClient

from assistant.web import decisions
from assistant.web.acts import Desk
from assistant.web.jobs import Jobs


@pytest.fixture
def do(service: FakeService) -> Iterator:
    jobs = Jobs(workers=1)
    acts = {a.__name__: a for a in decisions.acts(Desk(service, service.settings, jobs))}
    yield lambda name, /, **values: acts[name](values)
    jobs.close()


def listed(guest: TestClient, **asked):
    return guest.post("/decisions.csv", json=asked, headers={"origin": str(guest.base_url)})


def test_two_decisions_are_compared_with_their_words_as_text(do) -> None:
    html = do("compare_decisions", first="d1", second="d2")["html"]
    assert '<span class="only">back &lt;b&gt;pain&lt;/b&gt;</span>' in html
    assert "(only here)" in html
    assert "nothing read" in html
    assert "does not hold" in do("compare_decisions", first="d1", second="gone")["error"]


def test_decisions_are_named_and_one_that_is_gone_is_left_out(do) -> None:
    assert do("name_decisions", decisions=["d1", "gone"])["names"] == {"d1": "Acupuncture, 8 sessions"}


def test_original_pages_or_why_there_are_none(do) -> None:
    assert do("original_pages", decision="d2") == {"pages": 3, "begins": 2}
    told = do("original_pages", decision="d1")
    assert told["pages"] == 0
    assert told["reason"].startswith("Only the text of this letter is kept.")


def test_a_page_is_an_image_that_no_one_keeps(guest: TestClient) -> None:
    answer = guest.get("/decisions/d2/page/3.png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["cache-control"] == "no-store"
    assert guest.get("/decisions/d2/page/4.png").status_code == 404
    assert guest.get("/decisions/d1/page/1.png").status_code == 404
    assert guest.get("/decisions/..%2f..%2fetc/page/1.png").status_code == 404


def test_the_list_is_a_file_and_its_words_are_in_no_address(guest: TestClient) -> None:
    answer = listed(guest, words="needles", like="", sort="date", more="unknown")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="decisions.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfdecision id,")
    assert "needles" not in str(answer.url)
    _, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert row[3] == "'=Acupuncture"
    assert row[10] == "Found by needles."


def test_a_list_that_cannot_be_made_is_a_sentence(guest: TestClient) -> None:
    refused = listed(guest, words=" ")
    assert (refused.status_code, refused.text) == (
        409,
        "There is nothing to list; search for words or choose a filter first.",
    )
    assert guest.post("/decisions.csv", json={"words": "x"}).status_code == 403


def test_a_search_that_finds_nothing_offers_to_drop_a_filter(do) -> None:
    html = do("find_decisions", words="needles", choices={"region": "neck"})["html"]
    assert 'data-drop="region"' in html
    assert "Drop the filter on the part of the body" in html
    assert "3 decisions match without it" in html
    assert "data-drop" not in do("find_decisions", words="needles", choices={"outcome": "Overturned"})["html"]


def test_what_was_found_is_said_in_words_and_the_start_teaches(do) -> None:
    assert do("find_decisions", words="needles")["said"].endswith("1 illustrative, not counted.")
    start = do("find_decisions")
    assert start["said"] == ""
    assert 'data-try="acupuncture"' in start["html"]
