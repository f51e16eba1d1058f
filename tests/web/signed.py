"""The page with accounts on, over a real data folder: people of every role, their cases, and how they sign in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.records import May
from assistant.rights import Role
from assistant.service import Service
from assistant.settings import Settings
from assistant.web.app import build_app

PORT = 7860
ORIGIN = f"http://127.0.0.1:{PORT}"
SAME = {"origin": ORIGIN}
PASSWORD = "Sieben-Raben-im-Schnee"
PEOPLE = {
    "rita": Role.REVIEWER,
    "ruth": Role.REVIEWER,
    "sara": Role.SENIOR_REVIEWER,
    "lisa": Role.LIBRARIAN,
    "anna": Role.AUDITOR,
    "adam": Role.ADMIN,
}
SUMMARY = (
    "The injured worker is a 55 year old male with low back pain since 2014. Treatment to date has included "
    "medications and six sessions of acupuncture. The request is for acupuncture, 6 sessions."
)
_FORM = re.compile(r'name="form" value="([0-9a-f]+)"')


@dataclass
class Signed:
    """The application and the service behind it; `cases` are rita's: her own, one shared to see, one to change."""

    app: FastAPI
    service: Service
    cases: dict[str, str] = field(default_factory=dict)

    def client(self) -> TestClient:
        """A browser in which nobody is signed in."""
        return TestClient(self.app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)

    def as_(self, name: str) -> TestClient:
        """A browser in which someone is signed in."""
        client = self.client()
        client.cookies.set(f"imr_session_{PORT}", self.service.sessions.begin(name))
        return client


def form_in(page: str) -> str:
    """The token of the forms in a page."""
    found = _FORM.search(page)
    assert found, page
    return found.group(1)


def sign_in(client: TestClient, name: str, password: str = PASSWORD, next_: str = "/", **headers: str):
    """Sign in by the form, as a browser does."""
    token = form_in(client.get("/sign-in").text)
    fields = {"name": name, "password": password, "next": next_, "form": token}
    return client.post("/sign-in", data=fields, headers={**SAME, **headers})


def made(folder, **settings: object) -> Signed:
    """The page over a data folder with everybody in it."""
    given = Settings(data_dir=folder, port=PORT, accounts="on", **settings)
    service = Service.open(given)
    for name, role in PEOPLE.items():
        service.accounts.add(name, role, PASSWORD)
    signed = Signed(build_app(service, given, token="not-used-where-accounts-are-on"), service)
    for kind in ("own", "see", "change"):
        signed.cases[kind] = service.create_case("rita", SUMMARY, title="Rita's case").id
        for _ in range(2):  # so that there is a version to go back to
            service.draft_case("rita", signed.cases[kind])
    for name in ("ruth", "sara"):
        service.shares.give("rita", signed.cases["see"], name, May.SEE)
        service.shares.give("rita", signed.cases["change"], name, May.CHANGE)
    return signed
