"""The API against its own description: schemathesis sends what fits it and what does not, and checks every answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from api_app import API_TOKEN, BEARER, ORIGIN, api_app, client_of
from fake_service import ACUPUNCTURE, NOTE, FakeService
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from starlette.types import Receive, Scope, Send

from assistant.settings import Settings
from assistant.web import api

_EXAMPLES = 12  # of each operation in `make test`
_MANY = 100  # in `make test-full`
_QUIET = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck), "database": None}


class Served:
    """The API over a service in memory, with things in it that the addresses can name."""

    def __init__(self, folder: Path) -> None:
        self.service = FakeService(Settings(data_dir=folder))
        self.app, self.desk = api_app(self.service, self.service.settings)
        sent = client_of(self.app, BEARER).post("/imports", content=b"Upheld.", headers={"x-file-name": "letter.txt"})
        self._import = sent.json()["job"]

    def names(self) -> dict[str, object]:
        """A case with a draft, an import that has ended, a decision and a passage, made anew each time."""
        case = self.service.create_case("reviewer", ACUPUNCTURE)
        self.service.draft_case("reviewer", case.id)
        here = {"case_id": case.id, "issue": 0, "job": self._import}
        return {**here, "decision_id": "d1", "passage_id": NOTE.id}


# A body that fits the description may still hold no case, no service or no letter: 422 and 415 say so.
_ACCEPTED = ["2xx", "401", "403", "404", "409", "415", "422"]
_CHECKS = {"positive_data_acceptance": {"expected-statuses": _ACCEPTED}}
_CONFIG = {"checks": _CHECKS, "auth": {"openapi": {"token": {"bearer": API_TOKEN}}}}
schema = schemathesis.openapi.from_dict(api.schema(), config=schemathesis.Config.from_dict(_CONFIG))


class _Front:
    """Stands for the API when the tests are collected, and passes requests on to the one that a fixture makes."""

    app: FastAPI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


schema.app = _Front()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("api"))
    schema.app.app = served.app
    yield served
    served.desk.jobs.close()


def _tried(case: schemathesis.Case, served: Served) -> None:
    """Send a request, real names in the place of made-up ones where these would be accepted, and check the answer."""
    if case.meta is None or case.meta.generation.mode.is_positive:
        names = served.names()
        case.path_parameters = {name: names.get(name, value) for name, value in (case.path_parameters or {}).items()}
        if isinstance(case.body, dict) and len(str(case.body)) % 2:
            known = {**names, "case_summary": ACUPUNCTURE, "base": 1}
            case.body = {name: known.get(name, value) for name, value in case.body.items()}
        if case.operation.label == "POST /imports":
            case.headers["x-file-name"] = "letter.txt"
    case.call_and_validate(base_url=f"{ORIGIN}/api/v1")


@schema.parametrize()
@settings(max_examples=_EXAMPLES, **_QUIET)
def test_every_answer_is_as_described(case: schemathesis.Case, served: Served) -> None:
    _tried(case, served)


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=_MANY, **_QUIET)
def test_many_answers_are_as_described(case: schemathesis.Case, served: Served) -> None:
    _tried(case, served)
