"""The de-identifier as the settings and the service make it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.deidentifying import deidentifier
from assistant.privacy import Dates
from assistant.service import Service
from assistant.settings import Deidentify, Settings

NOTE = "Mr. Okonkwo took Zorvolex on 03/14/2015."


@pytest.mark.parametrize(
    ("setting", "asked", "dated"),
    [
        pytest.param(Deidentify.YEAR, None, "[DATE-1, 2015]", id="as set"),
        pytest.param(Deidentify.SHIFT, Dates.YEAR, "[DATE-1, 2015]", id="as asked"),
    ],
)
def test_dates_are_hidden_as_set_or_asked(setting: Deidentify, asked: Dates | None, dated: str) -> None:
    case = deidentifier(Settings(deidentify=setting), b"secret", asked)
    assert case.hide(NOTE).text == f"Mr. [PERSON-1] took Zorvolex on {dated}."


def test_the_service_previews_and_gives_a_case_its_own_days(data_dir: Path) -> None:
    service = Service.open(Settings(data_dir=data_dir))
    try:
        assert [one.original for one in service.deidentified(NOTE).replacements] == ["Okonkwo", "03/14/2015"]
        assert service.deidentifier("one").hide(NOTE) == service.deidentifier("one").hide(NOTE)
        assert len({service.deidentifier(str(case)).hide(NOTE).text for case in range(20)}) > 10
    finally:
        service.close()
