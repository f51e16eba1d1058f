"""A day's opioids in mg of morphine: each drug with its factor, what is open said, nothing reckoned from a quantity."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from assistant.corpus import load_taxonomy
from assistant.domain import CaseSummary
from assistant.drafting.morphine import EQUIVALENTS_FILE, load_equivalents, morphine_equivalents
from assistant.errors import AssistantError
from assistant.reading.case import read_case
from assistant.reading.lexicon import load_lexicon
from assistant.settings import Settings

CORPUS = Settings().corpus_dir
EQUIVALENTS = load_equivalents(CORPUS)
LEXICON, TAXONOMY = load_lexicon(CORPUS), load_taxonomy(CORPUS)
IN_2016, IN_2024, BEFORE = date(2016, 12, 20), date(2024, 5, 2), date(2010, 1, 4)


def case_of(text: str) -> CaseSummary:
    return read_case(text, LEXICON, TAXONOMY)


@pytest.mark.parametrize(
    ("text", "day", "low", "high", "shown"),
    [
        pytest.param(
            "For the back she has Norco 10/325, one tablet four times daily.",
            IN_2016,
            40,
            40,
            "hydrocodone of 4 x 10 mg = 40 mg a day, with the factor 1, is 40 mg",
            id="tablets by times",
        ),
        pytest.param(
            "He is on Vicodin 5/500 mg, 1 every 6 hours as needed.",
            IN_2016,
            0,
            20,
            "at most 4 x 5 mg = 20 mg a day, with the factor 1, is at most 20 mg",
            id="as needed",
        ),
        pytest.param(
            "She takes Percocet 5/325 mg twice a day and Ultram 50 mg three times a day.",
            IN_2016,
            30,
            30,
            "together 30 mg",
            id="two drugs",
        ),
        pytest.param("Ultram 50 mg three times a day.", IN_2024, 30, 30, "the factor 0.2", id="by the later table"),
        pytest.param("Dilaudid 4 mg twice a day.", BEFORE, 32, 32, "CDC 2016", id="before every table the first"),
        pytest.param("Methadone 10 mg three times daily.", IN_2016, 240, 240, "the factor 8", id="graded by dose"),
        pytest.param(
            "Duragesic patch 50 mcg/hr every three days.",
            IN_2016,
            120,
            120,
            "fentanyl patch of 50 mcg an hour, with the factor 2.4, is 120 mg",
            id="patch",
        ),
        pytest.param(
            "In May he had oxycodone 5 mg twice daily. In June he takes oxycodone 10 mg three times daily.",
            IN_2016,
            15,
            60,
            "2 x 5 mg and 3 x 10 mg = 10 to 40 mg a day",
            id="two doses of one drug are a range",
        ),
        pytest.param(
            "He has Norco 10/325 mg twice daily. Hydrocodone 10/325 mg is taken 2 times a day.",
            IN_2016,
            20,
            20,
            "2 x 10 mg = 20 mg",
            id="brand and generic once",
        ),
        pytest.param(
            "He takes Norco 5/325 mg twice daily and Nucynta.",
            IN_2016,
            10,
            math.inf,
            "left out: tapentadol, of which no daily dose is given",
            id="a drug without a dose leaves it open upwards",
        ),
        pytest.param(
            "He takes Norco 5/325 mg twice daily and wears a Butrans patch 10 mcg/hr.",
            IN_2016,
            10,
            math.inf,
            "left out: buprenorphine, for which CDC 2016 gives no factor",
            id="a drug without a factor too",
        ),
        pytest.param(
            "She has oxycodone 10 mg twice a day. The stated MED is 60 mg.",
            IN_2016,
            30,
            60,
            "the summary itself says “The stated MED is 60 mg”",
            id="another figure in the summary widens it",
        ),
        pytest.param("Her opioids come to 95 MED.", IN_2016, 95, 95, "95 MED", id="the summary's own figure alone"),
        pytest.param("Morphine equivalent dose: 60 mg.", IN_2016, 60, 60, "dose: 60 mg", id="in full words"),
    ],
)
def test_the_sum_of_a_day(text: str, day: date, low: float, high: float, shown: str) -> None:
    case = case_of(text)
    total = morphine_equivalents(case, EQUIVALENTS, day)
    assert (total.low, total.high) == (low, high)
    assert shown in total.said
    assert total.evidence
    assert all(span.stands_in(text) for span in total.evidence)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Norco 10/325 mg, 120 tablets, was dispensed.", "no daily dose is given", id="a quantity alone"),
        pytest.param("He takes ibuprofen 800 mg three times a day.", "No daily dose of an opioid", id="no opioid"),
        pytest.param("He stopped Norco 10/325 mg four times daily last year.", "", id="stopped"),
        pytest.param("The plan is to start Norco 10/325 mg four times daily.", "", id="planned"),
        pytest.param("Utilization review spoke of 140 MED.", "No daily dose", id="utilization review's figure"),
    ],
)
def test_what_is_not_reckoned(text: str, said: str) -> None:
    total = morphine_equivalents(case_of(text), EQUIVALENTS, IN_2016)
    assert (total.low, total.high) == (None, None)
    assert said in total.said


def test_every_opioid_of_the_lexicon_has_a_factor_or_is_known_to_have_none() -> None:
    named = {filed.value for filed in LEXICON.drugs.values() if filed.concept == "opioid" and filed.value}
    without = named - set(EQUIVALENTS.drugs) - {"opioid"}
    assert without == {"buprenorphine", "butorphanol", "pentazocine", "meperidine"}
    latest = EQUIVALENTS.tables[-1]
    assert {o for o in EQUIVALENTS.drugs.values() if latest.factor(o, 1) is None} == {"dihydrocodeine"}


def test_a_malformed_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / EQUIVALENTS_FILE).write_text("tables: []\ndrugs: {}\n", "utf-8")
    with pytest.raises(AssistantError, match="tables"):
        load_equivalents(tmp_path)
