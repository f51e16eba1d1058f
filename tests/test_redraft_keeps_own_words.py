"""A new draft keeps the reviewer's own sentences, and holds them against what it now rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.drafting.checks import appeal_checks
from assistant.service import Service
from assistant.settings import Settings

USER = "reviewer"
CASE = (Settings().corpus_dir / "cases" / "acupuncture-low-back.txt").read_text("utf-8")
OWN = "She had 40 sessions of acupuncture in 2015."


@pytest.fixture
def service(data_dir: Path) -> Iterator[Service]:
    opened = Service.open(Settings(data_dir=data_dir))
    yield opened
    opened.close()


def test_own_words_stay_are_checked_and_are_seen_by_the_appeal_check(service: Service) -> None:
    case = service.create_case(USER, CASE, day=date(2016, 3, 1))
    view = service.draft_case(USER, case.id)
    assert view.draft is not None
    first, *rest = (sentence.text for sentence in view.draft.issues[0].sentences)
    service.edit(USER, case.id, 0, " ".join([first, OWN, *rest]), view.version)
    again = service.draft_case(USER, case.id).draft
    assert again is not None
    (own,) = [sentence for sentence in again.issues[0].sentences if sentence.own]
    assert own.text == OWN
    assert own.problems
    assert not own.verified
    assert again.checks == appeal_checks(again)
    assert len(again.issues[0].sentences) == len(rest) + 2
