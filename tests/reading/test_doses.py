"""Daily doses: strength, count and frequency, each in the wordings of prescriptions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus import load_taxonomy
from assistant.domain import Polarity
from assistant.reading.case import read_case
from assistant.reading.doses import DailyDose, daily_doses
from assistant.reading.lexicon import load_lexicon

CORPUS = Path(__file__).parents[2] / "corpus"
LEXICON = load_lexicon(CORPUS)
TAXONOMY = load_taxonomy(CORPUS)
NORCO = "hydrocodone/acetaminophen"


def doses_of(text: str) -> tuple[DailyDose, ...]:
    return daily_doses(text, read_case(text, LEXICON, TAXONOMY).facts)


@pytest.mark.parametrize(
    ("text", "drug", "strength", "unit", "per_dose", "times"),
    [
        pytest.param("He takes Norco 10/325 four times a day.", NORCO, 10, "mg", (1, 1), (4, 4), id="times in words"),
        pytest.param("Norco 10/325 mg, one tablet every 6 hours, #120.", NORCO, 10, "mg", (1, 1), (4, 4), id="hours"),
        pytest.param("Norco 5-325 mg 1-2 tabs q4-6h prn", NORCO, 5, "mg", (1, 2), (0, 6), id="two ranges, as needed"),
        pytest.param(
            "Norco 5/325 mg 1-2 tabs q4h prn, max 8 per day", NORCO, 5, "mg", (1, 2), (0, 4), id="a maximum of the day"
        ),
        pytest.param("Hydrocodone/APAP 325/5 1 po qid", NORCO, 5, "mg", (1, 1), (4, 4), id="acetaminophen first"),
        pytest.param("Norco 10/325 #120 per month", NORCO, 10, "mg", (1, 1), (4, 4), id="a quantity a month"),
        pytest.param("Norco 10/325 #90, 30 day supply", NORCO, 10, "mg", (1, 1), (3, 3), id="a supply of days"),
        pytest.param("OxyContin 20 BID", "oxycodone", 20, "mg", (1, 1), (2, 2), id="no unit"),
        pytest.param("tramadol 50 mg, 2 tabs bid", "tramadol", 50, "mg", (2, 2), (2, 2), id="two at a time"),
        pytest.param("Tramadol 50mg 1/2 tablet at bedtime", "tramadol", 50, "mg", (0.5, 0.5), (1, 1), id="half"),
        pytest.param("He takes 10 mg of oxycodone t.i.d.", "oxycodone", 10, "mg", (1, 1), (3, 3), id="strength before"),
        pytest.param("She takes four Norco 10/325 a day.", NORCO, 10, "mg", (4, 4), (1, 1), id="count before"),
        pytest.param("Tylenol #3 three times daily", "acetaminophen/codeine", 30, "mg", (1, 1), (3, 3), id="numbered"),
        pytest.param("Fentanyl 25 mcg/hr patch every 72 hours", "fentanyl", 25, "mcg/h", (1, 1), (1, 1), id="patch"),
        pytest.param("Butrans patch 20 mcg", "buprenorphine", 20, "mcg/h", (1, 1), (1, 1), id="patch, no frequency"),
        pytest.param("Belbuca 450 mcg twice daily", "buprenorphine", 0.45, "mg", (1, 1), (2, 2), id="micrograms"),
        pytest.param(
            "Morphine 15 mg 1 tab in the morning and 2 tabs at night", "morphine", 15, "mg", (1, 1), (3, 3), id="split"
        ),
        pytest.param(
            "Meds: Norco 10/325 mg. One tablet every 6 hours.", NORCO, 10, "mg", (1, 1), (4, 4), id="next sentence"
        ),
        pytest.param(
            "Norco was cut from 10/325 six a day to 7.5/325 three a day", NORCO, 7.5, "mg", (1, 1), (3, 3), id="changed"
        ),
    ],
)  # fmt: skip
def test_a_dose(
    text: str,
    drug: str,
    strength: float,
    unit: str,
    per_dose: tuple[float, float],
    times: tuple[float, float],
) -> None:
    (dose,) = doses_of(text)
    assert (dose.drug, dose.strength, dose.unit) == (drug, strength, unit)
    assert (dose.per_dose_low, dose.per_dose_high) == per_dose
    assert (dose.times_low, dose.times_high) == times
    assert dose.span.stands_in(text)


@pytest.mark.parametrize(
    "text",
    ["Norco three times a day.", "Norco 10/325 mg was refilled.", "tramadol for 4 weeks", "opioids 4 times a day",
     "Norco 10/325 mg #120"],
)  # fmt: skip
def test_without_strength_or_frequency_there_is_no_dose(text: str) -> None:
    assert doses_of(text) == ()


def test_each_drug_of_a_list_has_its_own_dose() -> None:
    text = "She takes MS Contin 30 mg every 12 hours, Norco 10/325 up to 4 per day and gabapentin 300 mg TID."
    doses = doses_of(text)
    assert [(d.drug, d.daily_low, d.daily_high) for d in doses] == [
        ("morphine", 60, 60),
        (NORCO, 0, 40),
        ("gabapentin", 900, 900),
    ]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("He previously took Vicodin 5/500 twice daily but stopped.", Polarity.HISTORICAL),
        ("The request is for Norco 10/325 mg, 1 tab bid.", Polarity.PLANNED),
        ("She denies taking Norco 10/325 mg twice daily.", Polarity.DENIED),
    ],
)
def test_a_dose_says_whether_it_is_taken(text: str, polarity: Polarity) -> None:
    (dose,) = doses_of(text)
    assert dose.polarity is polarity


@given(
    drug=st.sampled_from(["Norco", "Percocet", "Vicodin"]),
    strength=st.sampled_from([5.0, 7.5, 10.0]),
    units=st.integers(1, 3),
    times=st.integers(1, 6),
    blanks=st.text(" \n", max_size=3),
)
def test_a_daily_dose_is_strength_by_count_by_times(
    drug: str, strength: float, units: int, times: int, blanks: str
) -> None:
    text = f"{blanks}{drug} {strength:g}/325 mg, {units} tablets {times} times a day."
    (dose,) = doses_of(text)
    assert dose.daily_low == dose.daily_high == strength * units * times
    assert dose.span.stands_in(text)
