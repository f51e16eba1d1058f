"""A log line names places and counts; what a case says stays out of it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from assistant import logs

MARK = "Zebulon Quartz, MRN 1234567"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root, access = logging.getLogger(), logging.getLogger(logs.ACCESS)
    held = root.handlers[:], root.level, access.handlers[:], access.level, access.propagate
    yield
    root.handlers[:], access.handlers[:], access.propagate = held[0], held[2], held[4]
    root.setLevel(held[1])
    access.setLevel(held[3])


def test_an_exception_is_its_type_and_its_places() -> None:
    out = io.StringIO()
    logs.set_up("json", requests=False, to=out)
    try:
        int(MARK)
    except ValueError:
        logging.getLogger("assistant.web").exception("It failed.")
    line = json.loads(out.getvalue())
    assert line["exception"] == "ValueError"
    assert line["places"][0].rsplit(":", 1)[0] == __file__
    assert line["message"] == "It failed."
    assert MARK not in out.getvalue()


def test_the_words_of_other_packages_and_other_fields_stay_out() -> None:
    out = io.StringIO()
    logs.set_up("json", requests=False, to=out)
    logging.getLogger("uvicorn.error").error("Invalid request: %s", MARK, extra={"body": MARK})
    assert json.loads(out.getvalue())["level"] == "ERROR"
    assert MARK not in out.getvalue()


@pytest.mark.parametrize(("form", "wanted", "lines"), [("json", False, 1), ("text", False, 0), ("text", True, 1)])
def test_requests_are_told_when_wanted(form: str, wanted: bool, lines: int) -> None:
    out = io.StringIO()
    logs.set_up(form, requests=wanted, to=out)
    logging.getLogger(logs.ACCESS).info(
        "request", extra={"method": "GET", "route": "/case", "status": 200, "path": MARK}
    )
    assert len(out.getvalue().splitlines()) == lines
    assert ("/case" in out.getvalue()) == bool(lines)
    assert MARK not in out.getvalue()
