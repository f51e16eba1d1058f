"""Whatever a chat model's server does, the draft arrives within the set time, worded by the program, and says so."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Draft
from assistant.models.choice import Models
from assistant.service import Service
from assistant.settings import Settings
from tests.models import babbling_server as server

pytestmark = pytest.mark.slow  # fourteen servers, most of them waited for
DAY = date(2016, 3, 1)
CASE = (Settings().corpus_dir / "cases" / "acupuncture-low-back.txt").read_text("utf-8")
SET_TIME = 4.0  # seconds that the model may take for a draft
ROOM = 30.0  # seconds within which a draft by the template comes on any machine


@pytest.fixture(scope="module")
def service(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("bad-server") / "data"))
    opened = Service.open(Settings(data_dir=folder))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def plain(service: Service) -> Draft:
    return service.draft_text(CASE, day=DAY, model=False)


@pytest.mark.parametrize(
    "act",
    [
        server.hangs,
        server.hangs_in_the_middle,
        server.breaks_off,
        server.closes,
        server.garbage,
        server.page,
        server.wrong_shape,
        server.empty,
        server.never_ends,
        server.drips,
        server.fails(500),
        server.says("{ this is no JSON"),
        server.says('{"sentences": "none", "quote": 7, "facts": {}}'),
        server.calls("set_outcome", '{"outcome": "Overturned"}'),
    ],
    ids=[
        "hangs", "hangs in the middle", "killed in the middle", "closes", "garbage", "page", "wrong shape", "empty",
        "endless", "drips", "500", "invalid JSON", "JSON of another form", "calls a tool",
    ],
)  # fmt: skip
def test_the_draft_arrives_by_the_template_and_says_so(act: server.Act, service: Service, plain: Draft) -> None:
    with server.babbling(act) as babbling:
        service.models = Models(
            Settings(
                data_dir=service.settings.data_dir,
                chat_model="openai:m",
                chat_url=babbling.url,
                chat_key="k",
                chat_timeout=SET_TIME / 4,
                chat_draft_seconds=SET_TIME,
            )
        )
        began = time.monotonic()
        draft = service.draft_text(CASE, day=DAY)
        took = time.monotonic() - began
        assert babbling.asked
    assert took < SET_TIME + ROOM
    assert [issue.sentences for issue in draft.issues] == [issue.sentences for issue in plain.issues]
    assert [issue.outcome for issue in draft.issues] == [issue.outcome for issue in plain.issues]
    assert draft.model is not None
    assert draft.model.notice is not None
    assert draft.model.notice.endswith("What it did not reach stands as the program words it.")
    assert replace(draft, model=None, took_ms=0, issues=(), id="") == replace(plain, took_ms=0, issues=(), id="")
