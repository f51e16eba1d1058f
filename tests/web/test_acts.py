"""What the page's script may call: typed values in, JSON or one sentence out."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fake_service import ACUPUNCTURE, FakeService

from assistant.settings import Settings
from assistant.web import case, cases, decisions, library, settings
from assistant.web.acts import Desk
from assistant.web.jobs import Busy, Jobs


@pytest.fixture
def desk(service: FakeService):
    jobs = Jobs(workers=1)
    yield Desk(service, service.settings, jobs)
    jobs.close()


@pytest.fixture
def do(desk: Desk):
    acts = {a.__name__: a for view in (cases, case, decisions, library, settings) for a in view.acts(desk)}
    return lambda name, /, **values: acts[name](values)


@pytest.fixture
def drafted(desk: Desk, do) -> str:
    made = do("create_case", text=ACUPUNCTURE, day="2016-03-01")
    desk.jobs.close()
    assert do("follow", case=made["id"])["job"]["done"]
    return made["id"]


def test_a_case_is_drafted_behind_the_page(do, drafted: str) -> None:
    opened = do("open_case", case=drafted)
    assert opened["job"]["lines"] == [
        "reading the case",
        "finding the guideline",
        "holding 3 criteria against it",
        "checking 4 sentences",
    ]
    assert opened["case"]["issues"][0]["outcome_from"] == "criteria"


def test_a_draft_that_ends_while_its_case_is_read_is_followed_still(desk: Desk, do, monkeypatch) -> None:
    goes_on, read = threading.Event(), desk.service.case
    made = desk.service.create_case(desk.user, ACUPUNCTURE)

    def case_read_before_the_end(user: str, case_id: str):
        view = read(user, case_id)
        goes_on.set()
        job.future.result(timeout=30)
        return view

    job = desk.jobs.draft(made.id, lambda on_step, stop: goes_on.wait(30))
    monkeypatch.setattr(desk.service, "case", case_read_before_the_end)
    opened = do("open_case", case=made.id)
    assert opened["case"]["issues"] == []
    assert not opened["job"]["done"]


def test_an_edit_is_kept_and_a_stale_one_refused(do, drafted: str) -> None:
    text = "I find the request premature. He had 10 sessions."
    saved = do("save_text", case=drafted, issue=0, text=text, base=1)["case"]
    assert [s["verdict"] for s in saved["issues"][0]["sentences"]] == ["not_checkable", "failed"]
    assert do("save_text", case=drafted, issue=0, text=text, base=1)["kind"] == "Conflict"


def test_an_outcome_is_set_and_taken_back(do, drafted: str) -> None:
    set_ = do("choose_outcome", case=drafted, issue=0, outcome="Overturned")["case"]["issues"][0]
    assert set_["decided"]["outcome"] == "Overturned"
    assert any(s["slot"] for s in set_["sentences"])
    back = do("choose_outcome", case=drafted, issue=0, outcome=None)["case"]["issues"][0]
    assert back["decided"] is None


def test_the_page_knows_the_model_and_shows_what_it_would_be_sent(tmp_path: Path) -> None:
    told = {}
    for hiding in ("off", "shift", "year"):
        given = Settings(data_dir=tmp_path, chat_model="openai:m", chat_url="http://127.0.0.1:9/v1", deidentify=hiding)
        desk = Desk(FakeService(given), given, Jobs(workers=1))
        acts = {a.__name__: a for view in (cases, case) for a in view.acts(desk)}
        text = f"Ms. Jane Roe was seen on 03/14/2016. {ACUPUNCTURE}"
        made = acts["create_case"]({"text": text, "day": "2016-03-01"})
        desk.jobs.close()
        assert acts["open_case"]({"case": made["id"]})["chat_model"] == {
            "name": "openai:m",
            "where": "127.0.0.1:9",
            "here": True,
        }
        told[hiding] = acts["show_sent"]({"case": made["id"]})
        assert "".join(piece.get("was", piece["t"]) for piece in told[hiding]["pieces"]) == text
    sent = {hiding: "".join(piece["t"] for piece in answer["pieces"]) for hiding, answer in told.items()}
    assert "Jane Roe" in sent["off"]
    assert "Roe" not in sent["shift"] + sent["year"]
    assert "03/14/2016" not in sent["shift"] + sent["year"]
    assert {piece.get("kind") for piece in told["shift"]["pieces"]} >= {"person", "date", None}
    assert [answer["year"] for answer in told.values()] == [False, False, True]


def test_a_draft_goes_on_without_the_model(desk: Desk, do, service: FakeService) -> None:
    begun = threading.Event()
    waiting = threading.Event()

    def before() -> None:
        begun.set()
        assert service.stopped_by is not None
        assert service.stopped_by.wait(20)
        waiting.set()

    service.before_draft = before
    made = do("create_case", text=ACUPUNCTURE, day="2016-03-01")
    assert begun.wait(20)
    assert do("stop_model", case=made["id"])["job"]["kind"] == "draft"
    desk.jobs.close()
    assert waiting.is_set()
    assert do("open_case", case=made["id"])["case"]["issues"]


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("open_case", {}),
        ("open_case", {"case": ["a", "list"]}),
        ("save_text", {"case": "case1", "issue": "first", "text": "x", "base": 1}),
        ("choose_outcome", {"case": "case1", "issue": 0, "outcome": "Maybe"}),
        ("open_case", {"case": "case1", "more": 1}),
    ],
)
def test_what_does_not_fit_is_answered_with_a_sentence(do, act: str, values: dict) -> None:
    assert "reload the page" in do(act, **values)["error"]


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_what_is_no_object_is_answered_with_a_sentence(desk: Desk, data) -> None:
    for function in case.acts(desk):
        assert "error" in function(data)


@pytest.mark.parametrize(
    ("act", "values", "words"),
    [
        ("open_case", {"case": "case9"}, "no such case"),
        ("create_case", {"text": "  "}, "no text"),
        ("create_case", {"text": "x", "day": "1 March"}, "not a date"),
        ("read_passage", {"passage": "none"}, "does not hold"),
        ("read_decision", {"decision": "none"}, "does not hold"),
        ("read_guideline", {"guideline": "none"}, "no guideline"),
        ("sample_case", {"name": "../../etc/passwd"}, "not there"),
        ("ask", {"case": "case1", "message": " "}, "Ask something"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(do, act: str, values: dict, words: str) -> None:
    assert words in do(act, **values)["error"]


def test_half_a_character_does_not_reach_the_service(do, desk: Desk) -> None:
    made = do("create_case", text=f"{ACUPUNCTURE} \ud83d")
    desk.jobs.close()
    do("open_case", case=made["id"])["case"]["pieces"][-1]["t"].encode("utf-8")


def test_a_case_without_a_service_says_so_in_its_job(do, desk: Desk) -> None:
    made = do("create_case", text="A worker has a sore knee.")
    desk.jobs.close()
    assert "names no requested service" in do("follow", case=made["id"])["job"]["error"]


def test_a_fault_ends_the_job_and_its_log_quotes_nothing(do, desk: Desk, service: FakeService, caplog) -> None:
    def fail() -> None:
        raise ValueError(ACUPUNCTURE)

    service.before_draft = fail
    made = do("create_case", text=ACUPUNCTURE)
    desk.jobs.close()
    job = do("follow", case=made["id"])["job"]
    assert job["done"]
    assert "fault of the program" in job["error"]
    assert "ValueError" in caplog.text
    assert "55-year-old" not in caplog.text


def test_one_piece_of_work_at_a_time(desk: Desk) -> None:
    import threading

    going = threading.Event()
    desk.jobs.draft("case1", lambda _step, _stop: going.wait(20))
    with pytest.raises(Busy):
        desk.jobs.draft("case1", lambda _step, _stop: None)
    going.set()


def test_a_chat_turn_grows_and_is_kept(do, desk: Desk, service: FakeService) -> None:
    made = service.create_case("reviewer", ACUPUNCTURE)
    do("ask", case=made.id, message="why not functional improvement?")
    desk.jobs.close()
    job = do("follow", case=made.id)["job"]
    assert (job["kind"], job["done"], job["turn"]["done"]) == ("chat", True, True)
    assert [t["role"] for t in do("open_case", case=made.id)["case"]["turns"]] == ["reviewer", "assistant"]


def wait_for_end(do, case: str) -> None:
    """Until the work under way on the case has ended."""
    while not do("follow", case=case)["job"]["done"]:
        pass


def test_a_turn_is_stopped_and_keeps_what_it_had(do, desk: Desk, service: FakeService) -> None:
    made = service.create_case("reviewer", ACUPUNCTURE)
    do("ask", case=made.id, message="tell me slowly")
    do("stop_turn", case=made.id)
    wait_for_end(do, made.id)
    turn = do("follow", case=made.id)["job"]["turn"]
    assert (turn["t"], turn["done"], turn["stopped"]) == ("The summary", True, True)


def test_the_end_of_the_program_stops_a_turn_under_way(do, desk: Desk, service: FakeService) -> None:
    made = service.create_case("reviewer", ACUPUNCTURE)
    do("ask", case=made.id, message="tell me slowly")
    while not do("follow", case=made.id)["job"]["turn"]:
        pass
    desk.jobs.close()
    assert service.turns("reviewer", made.id)[-1].stopped


def test_a_message_sent_anew_takes_the_place_of_the_old(do, desk: Desk, service: FakeService) -> None:
    made = service.create_case("reviewer", ACUPUNCTURE)
    do("ask", case=made.id, message="why?")
    wait_for_end(do, made.id)
    first = do("open_case", case=made.id)["case"]["turns"][0]
    do("ask", case=made.id, message="why not?", instead_of=first["id"])
    wait_for_end(do, made.id)
    turns = do("open_case", case=made.id)["case"]["turns"]
    assert [turn["t"] for turn in turns if turn["role"] == "reviewer"] == ["why not?"]


def test_chats_are_found_and_deleted(do, desk: Desk, service: FakeService) -> None:
    made = service.create_case("reviewer", ACUPUNCTURE)
    do("ask", case=made.id, message="why?")
    wait_for_end(do, made.id)
    (hit,) = do("find_chats", case=made.id, words="WHY")["found"]
    assert (hit["case"], hit["snippet"], hit["role"]) == (made.id, "why?", "reviewer")
    assert do("delete_chat", case=made.id) == {"deleted": 2}
    assert do("open_case", case=made.id)["case"]["turns"] == []


def test_other_peoples_cases_are_not_there(service: FakeService, desk: Desk, do) -> None:
    theirs = service.create_case("somebody else", ACUPUNCTURE)
    assert "no such case" in do("open_case", case=theirs.id)["error"]


def test_cases_are_narrowed_counted_and_paged(do, service: FakeService) -> None:
    for number in range(60):
        service.create_case(
            "reviewer", f"A worker asks for {'mri' if number % 3 else 'acupuncture'}.", title=f"N{number}"
        )
    first = do("list_cases")
    assert (first["total"], first["kept"], first["offset"], first["page"]) == (60, 60, 0, 50)
    assert first["states"] == {"new": 60}
    assert first["kinds"] == [
        {"kind": "acupuncture", "label": "Acupuncture", "count": 20},
        {"kind": "mri", "label": "MRI", "count": 40},
    ]
    assert first["html"].count("data-case=") == 50
    assert do("list_cases", offset=50)["html"].count("data-case=") == 10
    assert do("list_cases", words="acupuncture", kind="acupuncture")["total"] == 20
    assert "No case fits" in do("list_cases", state="exported")["html"]
    assert "not a date" in do("list_cases", changed_from="March")["error"]
    assert "does not understand" in do("list_cases", sort="colour")["error"]


def test_due_is_said_before_and_changed_after_a_case_is_kept(do, drafted: str) -> None:
    assert do("when_due", received="2026-02-27", priority="formulary medication")["due"].startswith("Due 2026-03-06,")
    assert do("when_due", received="", priority="regular") == {"due": ""}
    do("change_receipt", case=drafted, received="2026-02-20", priority="expedited")
    case = do("open_case", case=drafted)["case"]
    told = {name: case[name] for name in ("received", "priority", "due", "days_left")}
    assert told == {"received": "2026-02-20", "priority": "expedited", "due": "2026-02-23", "days_left": -7}
    assert "overdue by 7 days" in do("list_cases")["html"]
    do("change_receipt", case=drafted, received="", priority="")
    assert do("open_case", case=drafted)["case"]["days_left"] is None


def test_several_cases_are_deleted_and_brought_back(do, service: FakeService) -> None:
    ids = [service.create_case("reviewer", ACUPUNCTURE).id for _ in range(3)]
    do("delete_cases", cases=ids[:2])
    assert do("list_cases")["total"] == 1
    do("restore_cases", cases=ids[:2])
    assert do("list_cases")["total"] == 3


def test_an_unsent_case_is_kept_until_it_is_sent(do) -> None:
    assert do("unsent_case") == {"entry": None}
    kept = do("keep_unsent", fields={"text": "A sore", "stray": "x"}, base=0)["entry"]
    assert kept["fields"] == {"text": "A sore", "day": "", "services": "", "received": "", "priority": ""}
    refused = do("keep_unsent", fields={"text": "Another"}, base=0)
    assert refused["kind"] == "EnteredElsewhere"
    assert do("unsent_case")["entry"]["fields"]["text"] == "A sore"
    assert "no text" in do("create_case", text=" ")["error"]
    assert do("unsent_case")["entry"]
    do("create_case", text=ACUPUNCTURE)
    assert do("unsent_case") == {"entry": None}
