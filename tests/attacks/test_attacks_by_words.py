"""Words that would be orders: to the database, a browser, a header, a log, a reader of texts, a document."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from conftest import Lure
from signed import PASSWORD, SAME, SUMMARY, Signed, form_in, sign_in
from starlette.testclient import TestClient

from assistant import logs
from assistant.domain import Outcome
from assistant.drafting.export import Format
from assistant.errors import AssistantError
from assistant.records import AuditFormat
from assistant.rights import Person, Role, asked_by
from assistant.views import CasesWanted
from assistant.web import audit, cases, decisions
from assistant.web.acts import Act, Desk
from assistant.web.jobs import Jobs

SCRIPT = "<script>window.broken = 1</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
SQL = [
    "'; DROP TABLE cases; --", "' OR '1'='1", "1); DELETE FROM acts; --", "' UNION SELECT text FROM cases --",
    "\\'; --",
    '"; DROP TABLE decisions_words; --', "%' OR 1=1 --", "$$; DROP TABLE cases; $$", "?", ":title", "{0}", "%s %(a)s",
]  # fmt: skip
FTS = [
    '"', '""', '"open', "NEAR(a b, 5)", "a NEAR b", "AND", "OR NOT", "NOT", "a*", "*", "^a", "title:a", "-a", "{a b}:c",
    "(", "))", "a AND", "rowid:1", "a & b", "a <-> !b", "a:*", "a | ", "'a'", "\\", "words MATCH 'a'", "+", "a\x00b",
]  # fmt: skip
SURROGATES = ["\ud800", "a\udfffb", "\x00", "a\x00b", "\ufeff", "\u2028", "\x1b[31m", "\U000e0041", "\uffff"]


@pytest.fixture
def acts(signed: Signed):
    """The acts of three views, by rita."""
    desk = Desk(signed.service, signed.service.settings, Jobs(workers=1))
    found: dict[str, Act] = {a.__name__: a for view in (cases, decisions, audit) for a in view.acts(desk)}
    with asked_by(Person("rita", Role.REVIEWER)):
        yield found
    desk.jobs.close()


@pytest.mark.parametrize("words", SQL)
def test_words_of_sql_are_words(signed: Signed, acts: dict[str, Act], words: str) -> None:
    before = signed.service.list_cases("rita", CasesWanted()).all_cases
    assert acts["list_cases"]({"words": words})["total"] == 0
    assert acts["list_cases"]({"state": words, "kind": words})["total"] == 0
    acts["find_decisions"]({"words": words})
    assert acts["read_decision"]({"decision": words})["kind"] == "NotThere"
    saved = acts["save_search"]({"name": words, "words": words})["searches"]
    assert words in {search["name"] for search in saved}
    assert words not in {search["name"] for search in acts["delete_search"]({"name": words})["searches"]}
    case = signed.service.create_case("rita", SUMMARY, title=words)
    assert signed.service.case("rita", case.id).title == words
    signed.service.delete_cases("rita", [case.id])
    for each in (words, f"{case.id}{words}"):
        with pytest.raises(AssistantError):
            signed.service.case("rita", each)
    assert signed.service.accounts.check(words, PASSWORD) is None
    assert signed.service.sessions.find(words) is None
    assert signed.service.accounts.by_token(words) is None
    assert signed.service.list_cases("rita", CasesWanted()).all_cases == before


@pytest.mark.parametrize("words", FTS)
def test_words_of_a_full_text_query_are_words(signed: Signed, acts: dict[str, Act], words: str) -> None:
    for search in (words, f"acupuncture {words}", words * 50):
        for exact in (False, True):
            assert "error" not in acts["find_decisions"]({"words": search, "exact": exact})
    assert acts["find_decisions"]({"words": f"acupuncture {words}"})["html"]


def test_wildcards_of_a_pattern_stand_for_themselves(signed: Signed, acts: dict[str, Act]) -> None:
    service = signed.service
    kept = [
        service.create_case("rita", SUMMARY, title=title).id for title in ("Quartz 50% off", "Quartz_a", "Quartz\\b")
    ]
    found = {
        w: acts["list_cases"]({"words": w})["total"] for w in ("50%", "%", "z_a", "_", "z\\", "Q%z", "[Q]", "Quartz")
    }
    service.delete_cases("rita", kept)
    assert found == {"50%": 1, "%": 1, "z_a": 1, "_": 1, "z\\": 1, "Q%z": 0, "[Q]": 0, "Quartz": 3}


@pytest.mark.parametrize("odd", SURROGATES)
def test_characters_that_are_none_are_no_fault(signed: Signed, acts: dict[str, Act], odd: str) -> None:
    for name, given_ in (
        ("list_cases", {"words": odd}), ("find_decisions", {"words": f"acupuncture {odd}"}),
        ("read_decision", {"decision": odd}), ("save_search", {"name": f"a{odd}", "words": odd}),
        ("delete_search", {"name": f"a{odd}"}), ("sample_case", {"name": odd}),
    ):  # fmt: skip
        answer = acts[name](given_)
        json.dumps(answer).encode()
        assert answer.get("kind") in {None, "NotThere", "WrongInput"}, name
    client = signed.as_("rita")
    escaped = json.dumps({"text": f"{SUMMARY} {odd}", "title": odd}).encode()
    answer = client.post("/api/v1/cases", content=escaped, headers={**SAME, "content-type": "application/json"})
    assert answer.status_code in {201, 422}
    if answer.status_code == 201:
        case = answer.json()["id"]
        assert client.get(f"/export/{case}/md").status_code in {200, 409}
        signed.service.delete_cases("rita", [case])
    browser = signed.client()
    token, typed = form_in(browser.get("/sign-in").text), quote(odd, errors="surrogatepass")
    form = f"name=rita{typed}&password={PASSWORD}{typed}&next=/{typed}&form={token}"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/sign-in", content=form, headers={**SAME, **kind}).status_code in {401, 429}


def finished(signed: Signed, title: str, words: str) -> str:
    """A case of rita's whose rationales are `words`, decided, so that it can be exported; its id."""
    service = signed.service
    case = service.create_case("rita", f"{SUMMARY} {words}", title=title).id
    view = service.draft_case("rita", case)
    assert view.draft
    for number in range(len(view.draft.issues)):
        view = service.set_outcome("rita", case, number, Outcome.UPHELD)
        service.edit("rita", case, number, f"I decide. {words}", view.version)
    return case


def _elements(html: str) -> set[str]:
    return {tag.name for tag in BeautifulSoup(html, "html.parser").find_all()} & {"script", "svg", "img", "iframe"}


def test_a_hostile_title_is_text_in_the_list_and_no_header_of_a_download(signed: Signed, acts: dict[str, Act]) -> None:
    title = f'x"\r\nSet-Cookie: a=b\r\n\r\n{SCRIPT} \u4e16\U0001f600/../../etc'
    case = finished(signed, title, SCRIPT)
    assert _elements(acts["list_cases"]({})["html"]) == set()
    client = signed.as_("rita")
    for form in ("docx", "pdf", "md", "json"):
        answer = client.get(f"/export/{case}/{form}")
        assert "set-cookie" not in answer.headers
        assert re.fullmatch(r'attachment; filename="[\w.-]+"', answer.headers["content-disposition"], re.ASCII)
    assert client.get(f"/chat/{case}/md").status_code == 200
    signed.service.delete_cases("rita", [case])


def test_a_hostile_name_of_an_account_is_text_on_every_page(signed: Signed) -> None:
    accounts = signed.service.accounts
    accounts.add("eve", Role.ADMIN, PASSWORD, display=SCRIPT)
    accounts.add_token("eve", SCRIPT)
    client = signed.as_("eve")
    page = client.get("/account")
    assert "window.broken" in page.text
    assert _elements(page.text) == set()
    assert client.get("/who").headers["content-type"].startswith("application/json")
    accounts.set_disabled("eve", disabled=True)


def test_what_is_asked_comes_back_as_text_or_not_at_all(signed: Signed, guest: TestClient) -> None:
    client, hostile = signed.as_("adam"), quote(SCRIPT, safe="")
    answers = [
        client.get(f"/{hostile}"), client.get(f"/export/{hostile}/md"), client.get(f"/audit-export/{hostile}"),
        client.get(f"/api/v1/decisions/{hostile}"), client.get(f"/api/v1/passages/{hostile}"),
        client.get(f"/page/{hostile}"), client.get(f"/sign-in?next={hostile}"),
        client.get(f"/decisions/{hostile}/page/1.png"),
        client.get(f"/api/v1/decisions/search?words={hostile}&outcome={hostile}"),
        client.get(f"/sign-in/return?state={hostile}"),
        client.post("/account/password", data={"old": SCRIPT, "new": SCRIPT}, headers=SAME),
        client.get("/case", headers={"referer": SCRIPT, "user-agent": SCRIPT}),
        sign_in(signed.client(), SCRIPT, SCRIPT), guest.get(f"/?token={hostile}"), guest.get(f"/config?{hostile}"),
        guest.post(f"/guideline/preview?name={hostile}.md&label={hostile}", content=b"# a\n\nb.\n", headers=SAME),
    ]  # fmt: skip
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert "window.broken" not in "".join(str(s) for s in BeautifulSoup(answer.text, "html.parser")("script"))
            assert "onerror=alert" not in str([t.attrs for t in BeautifulSoup(answer.text, "html.parser").find_all()])


def test_words_that_are_sought_are_text_beside_what_is_found(acts: dict[str, Act]) -> None:
    for words in (SCRIPT, f"acupuncture {SCRIPT}", "&lt;script&gt;"):
        found = acts["find_decisions"]({"words": words})
        for part in ("html", "facets", "chosen"):
            assert _elements(str(found[part])) == set()
        assert _elements(acts["list_cases"]({"words": words})["html"]) == set()


def test_the_log_takes_no_line_from_a_request(signed: Signed, capfd: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    logger = logging.getLogger("assistant.attacked")
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines())
    logger.addHandler(handler)
    try:
        logger.warning('a\n{"time": "forged"}\r\n\u2028b')
    finally:
        logger.removeHandler(handler)
    assert len(out.getvalue().splitlines()) == 1
    forged = "x\r\nMar 01 ERROR root: Zebulon-forged"
    client = signed.as_("rita")
    client.get(f"/{quote(forged)}", headers={"user-agent": "a", "x-file-name": quote(forged)})
    sign_in(signed.client(), forged, forged)
    client.post("/import-upload", content=b"x", headers={**SAME, "x-file-name": quote(forged)})
    assert "Zebulon" not in capfd.readouterr().err


def test_no_entry_of_the_audit_log_is_a_formula(signed: Signed) -> None:
    import csv

    for name in ("=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-1"):
        signed.service.accounts.check(name, PASSWORD)
    with asked_by(Person("anna", Role.AUDITOR)):
        made = signed.service.export_audit("anna", AuditFormat.CSV)
    rows = list(csv.reader(io.StringIO(made.content.decode("utf-8"), newline="")))
    assert len(rows) > 5
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []


FIELDS = 'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" INCLUDETEXT "file:///etc/passwd"'


def test_an_exported_document_holds_no_field_no_link_and_no_markup_of_a_case(signed: Signed, lure: Lure) -> None:
    markup = f"</w:t></w:r><w:r><w:instrText>{FIELDS}</w:instrText></w:r> ]]> "
    markup += f'<img src="{lure.url}/p"/> <a href="{lure.url}">x</a>'
    case = finished(signed, markup[:150], f"{markup} {FIELDS}")
    with zipfile.ZipFile(
        io.BytesIO(signed.service.export("rita", case, Format.DOCX, with_evidence=True).content)
    ) as made:
        parts = {name: made.read(name).decode("utf-8", "replace") for name in made.namelist()}
    assert not [name for name, part in parts.items() if name.endswith(".rels") and 'TargetMode="External"' in part]
    assert not [part for part in parts.values() if re.search(r"instrText[^>]*>[^<]*(DDEAUTO|INCLUDETEXT)", part)]
    assert "DDEAUTO" in parts["word/document.xml"]  # it is there, as text
    pdf = signed.service.export("rita", case, Format.PDF, with_evidence=True).content
    assert re.search(rb"/(JavaScript|JS|Launch|URI|SubmitForm|EmbeddedFile)\b", pdf) is None
    assert lure.came == []
    signed.service.delete_cases("rita", [case])


@pytest.mark.slow
def test_no_text_holds_a_reader_for_long() -> None:
    """Work that grows with the square of a text takes minutes of the processor for these, and the rest some seconds."""
    program = [sys.executable, str(Path(__file__).with_name("read_growing.py")), "20000", "60"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, f"it was stopped after {done.stdout}{done.stderr[-2000:]}"
    assert len(done.stdout.splitlines()) > 30
