"""How old the injury was at the request, and which criteria are asked then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assistant.corpus import load_taxonomy
from assistant.domain import CaseSummary, Criterion
from assistant.drafting.applicability import Applies, applicability
from assistant.drafting.phase import ACUTE, SUBACUTE, phase_of, request_day
from assistant.reading.case import read_case
from assistant.reading.lexicon import load_lexicon
from assistant.reading.services import read_request
from assistant.settings import Settings

CORPUS = Settings().corpus_dir
LEXICON, TAXONOMY = load_lexicon(CORPUS), load_taxonomy(CORPUS)
DAY = date(2016, 12, 20)
ASKED = "A request for authorization dated 11/01/2016 asks for oxycodone."


def case_of(text: str) -> CaseSummary:
    return read_case(text, LEXICON, TAXONOMY)


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        pytest.param("She was injured on 12/01/2016.", ACUTE, id="by the review where no request is dated"),
        pytest.param(f"She was injured on 10/10/2016. {ASKED}", ACUTE, id="by the request where it is"),
        pytest.param(f"She was injured on 09/01/2016. {ASKED}", SUBACUTE, id="one to three months"),
        pytest.param("She was injured on 09/01/2016.", None, id="chronic by the review"),
        pytest.param(f"She was injured on 11/20/2016. {ASKED}", None, id="a request before the injury tells nothing"),
        pytest.param("She has back pain.", None, id="no date of injury"),
    ],
)
def test_the_phase(text: str, phase: str | None) -> None:
    assert phase_of(case_of(text), DAY) == phase


def test_utilization_reviews_day_and_later_requests_are_none_of_the_request() -> None:
    text = f"{ASKED} Utilization review denied it on 11/20/2016. An RFA is dated 02/03/2017."
    assert request_day(case_of(text), DAY) == date(2016, 11, 1)


@pytest.mark.parametrize(
    ("text", "acute", "chronic"),
    [
        pytest.param("She was injured on 12/01/2016.", Applies.YES, Applies.NO, id="acute by its date"),
        pytest.param("She was injured on 01/05/2010.", Applies.NO, Applies.YES, id="old by its date"),
        pytest.param(
            "She was injured on 01/05/2010. She has acute low back pain.", Applies.YES, Applies.NO, id="words count"
        ),
    ],
)
def test_what_is_asked_then(
    text: str, acute: Applies, chronic: Applies, make_criterion: Callable[..., Criterion]
) -> None:
    case, service = case_of(text), read_request("Oxycodone 5 mg #20", TAXONOMY, text)
    criterion = make_criterion(applies_when="in that phase")
    asked_if = replace(criterion, given=(ACUTE, SUBACUTE))
    asked_unless = replace(criterion, not_given=(ACUTE, SUBACUTE))
    assert applicability(asked_if, case, service, DAY).applies is acute
    assert applicability(asked_unless, case, service, DAY).applies is chronic
