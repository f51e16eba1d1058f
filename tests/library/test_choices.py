"""A user's words for what narrows a search: names found in any case, and refusals that are one sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.corpus import Taxonomy, load_taxonomy
from assistant.domain import Outcome
from assistant.errors import WrongInput
from assistant.library.choices import Choices, choices_named, decision_filter
from assistant.library.filters import DecisionFilter

GUIDELINES = ("MTUS Acupuncture Treatment 2007", "MTUS Low Back Complaints 2004", "ODG", "ODG Treatment")
SPECIALTIES = ("Family Practice", "Pain Management")


@pytest.fixture
def taxonomy(corpus: Path) -> Taxonomy:
    return load_taxonomy(corpus)


def meant(taxonomy: Taxonomy, **choices: object) -> DecisionFilter:
    return decision_filter(Choices.of(choices), taxonomy, GUIDELINES, SPECIALTIES)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        pytest.param({}, DecisionFilter(), id="nothing"),
        pytest.param({"service": "acupuncture"}, DecisionFilter(service="acupuncture"), id="a kind"),
        pytest.param({"service": "6 sessions of acupuncture"}, DecisionFilter(service="acupuncture"), id="a request"),
        pytest.param({"region": "lumbar"}, DecisionFilter(region="low back"), id="another name of a region"),
        pytest.param({"guideline": "low back"}, DecisionFilter(guideline=GUIDELINES[1]), id="part of a name"),
        pytest.param({"guideline": "odg"}, DecisionFilter(guideline="ODG"), id="a name that is part of another"),
        pytest.param({"specialty": "PAIN"}, DecisionFilter(specialty="Pain Management"), id="any case"),
        pytest.param({"decided_from": "2016-01-31"}, DecisionFilter(decided_from=date(2016, 1, 31)), id="a day"),
        pytest.param({"outcome": "Upheld"}, DecisionFilter(Outcome.UPHELD), id="an outcome by its word"),
        pytest.param({"region": "", "service": "  "}, DecisionFilter(), id="blanks are no choice"),
        pytest.param({"colour": "red"}, DecisionFilter(), id="what is not known is passed over"),
    ],
)
def test_choices_become_a_filter(taxonomy: Taxonomy, given: dict[str, object], where: DecisionFilter) -> None:
    assert meant(taxonomy, **given) == where


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"service": "sorcery"}, "none that the library knows"),
        ({"region": "elephant"}, "names no part of the body"),
        ({"guideline": "MTUS"}, "may mean MTUS Acupuncture Treatment 2007; MTUS Low Back Complaints 2004;"),
        ({"guideline": "Blue Book"}, "has a guideline named"),
        ({"specialty": "astrology"}, "has a specialty named"),
        ({"decided_from": "2016-02-30"}, "is not a date"),
        ({"decided_from": "2017-01-01", "decided_to": "2016-01-01"}, "swap the two dates"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(
    taxonomy: Taxonomy, given: dict[str, object], said: str
) -> None:
    with pytest.raises(WrongInput, match=r"[^.]+(\.\d|[^.])*\.$") as refused:
        meant(taxonomy, **given)
    assert said in str(refused.value)


def test_choices_come_back_from_where_they_were_kept() -> None:
    chosen = Choices(Outcome.UPHELD, region="neck", modified=False)
    assert Choices.of(chosen.as_mapping()) == chosen


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("acupuncture of the neck", Choices(service="acupuncture", region="neck")),
        ("gym membership, low back pain", Choices(service="gym_membership")),
        ("functional improvement", Choices()),
        ("", Choices()),
    ],
)
def test_a_message_names_a_service_and_its_place(taxonomy: Taxonomy, words: str, named: Choices) -> None:
    assert choices_named(words, taxonomy) == named
