"""What utilization review did, said in short, joined with the list of what was asked. Wordings are ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus import load_taxonomy
from assistant.reading.services import requests_in

TAXONOMY = load_taxonomy(Path(__file__).parents[2] / "corpus")
ASKED = "The physician requested authorization for an MRI of the left knee, naproxen 550 mg #60, and PT 2x6. "
MRI, NAPROXEN, PT = "MRI of the left knee", "naproxen 550 mg #60", "PT 2x6"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        pytest.param("UR denied the MRI and the PT.", [(MRI, None), (PT, None)], id="the others are not in dispute"),
        pytest.param(
            "UR certified the naproxen, modified the PT to 4 visits, and denied the other services.",
            [(MRI, None), (PT, "to 4 visits")],
            id="what is certified is left out",
        ),
        pytest.param(
            "UR denied the study for lack of red flags.",
            [(MRI, None), (NAPROXEN, None), (PT, None)],
            id="unnamed: all stays",
        ),
        pytest.param(
            "UR denied the knee brace.", [(MRI, None), (NAPROXEN, None), (PT, None)], id="not of the list: all stays"
        ),
        pytest.param("He denies numbness.", [(MRI, None), (NAPROXEN, None), (PT, None)], id="patients deny too"),
        pytest.param("UR non-certified the naproxen.", [(NAPROXEN, None)], id="non-certified is no certification"),
    ],
)
def test_what_stays_in_dispute(told: str, found: list[tuple[str, str | None]]) -> None:
    services = requests_in(ASKED + told, TAXONOMY)
    assert [(service.text, service.certified) for service in services] == found
    assert all(service.span and service.span.stands_in(ASKED + told) for service in services)


def test_a_modified_request_is_the_only_one_there_is_and_its_reason_is_no_service() -> None:
    (service,) = requests_in(
        "Dr. A requested authorization for Norco 10/325 mg #120. UR modified the request to #60 for weaning.", TAXONOMY
    )
    assert (service.text, service.quantity, service.certified) == ("Norco 10/325 mg #120", 120, "to #60")


def test_everything_certified_leaves_what_the_text_does_not_word() -> None:
    assert requests_in("Dr. A requested authorization for Norco #60. UR certified the Norco.", TAXONOMY) == ()
