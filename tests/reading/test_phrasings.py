"""Each labelled feature in many phrasings: a table of invented sentences, and frames that hold whatever is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.corpus import load_taxonomy
from assistant.domain import Polarity
from assistant.evaluation.facts import state_of
from assistant.reading.case import read_case
from assistant.reading.lexicon import load_lexicon

CORPUS = Path(__file__).parents[2] / "corpus"
LEXICON = load_lexicon(CORPUS)
TAXONOMY = load_taxonomy(CORPUS)
TABLE: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "phrasings.yaml").read_text(encoding="utf-8")
)
ROWS = [(feature, said) for feature, by_state in TABLE.items() for said in by_state]

TREATMENTS = {
    "prior_physical_therapy": ("physical therapy", "PT", "occupational therapy"),
    "prior_acupuncture": ("acupuncture",),
    "prior_chiropractic": ("chiropractic care", "spinal manipulation"),
    "prior_injection": ("an epidural steroid injection", "a cortisone injection", "trigger point injections"),
    "prior_surgery": ("a lumbar fusion", "an arthroscopy", "carpal tunnel release"),
    "home_exercise_program": ("a home exercise program",),
}
STUDIES = {
    "imaging_done": ("an MRI of the knee", "a CT scan"),
    "electrodiagnostic_done": ("an EMG", "nerve conduction studies"),
    "urine_drug_screen_done": ("a urine drug screen",),
}
DRUGS = {"nsaid_use": ("ibuprofen", "an NSAID"), "opioid_use": ("Norco", "opioids")}
NAMED = [(f, t) for group in (TREATMENTS, STUDIES, DRUGS) for f, names in group.items() for t in names]

HAD = (
    "{who} has had {t}.", "{who} has already had {t} for this injury.", "Treatment to date: {t}.",
    "Past treatment consists of rest, {t} and time off work.",
    "Since the injury {who} has received {t}, with little change.",
    "The records show {t} in {when}.", "Previous care has included {t}.", "{who} had {t} in {when}, and pain persists.",
)  # fmt: skip
NOT_HAD = (
    "{who} has not had {t}.", "{who} hasn't had {t}.", "{who} has never had {t}.", "There is no history of {t}.",
    "Treatment has not included {t}.", "{who} denies having had {t}.", "{who} was offered {t} but declined.",
    "{who} has had neither massage nor {t}.", "There is no record of {t}.", "{who} has yet to undergo {t}.",
    "Care so far has been without {t}.", "{who} refused {t}.",
)  # fmt: skip
NOT_YET = (
    "The plan is {t}.", "The request is for {t}.", "We recommend {t}.", "{who} may benefit from {t}.",
    "Consider {t} if the pain persists.", "If there is no change, {t} would be the next step.",
    "{who} was referred for {t}.", "Authorization for {t} is pending.", "{who} would like to try {t}.",
    "The physician is requesting authorization for {t}.", "RFA: {t}.", "Treatment plan: {t}.",
    "{who} is a candidate for {t}.", "Awaiting approval of {t}.", "The surgeon discussed {t}.",
    "The wife of the worker had {t} last year.",
)  # fmt: skip
who = st.sampled_from(["The patient", "The injured worker", "He", "She"])
when = st.sampled_from(["2015", "June 2016", "the spring"])


def state(text: str, feature: str) -> str:
    return state_of(read_case(text, LEXICON, TAXONOMY), LEXICON.features[feature])


@pytest.mark.parametrize(("feature", "said"), ROWS, ids=[f"{f}: {s}" for f, s in ROWS])
def test_each_phrasing_is_read_as_it_is_meant(feature: str, said: str) -> None:
    read = {text: state(text, feature) for text in TABLE[feature][said]}
    assert {text: found for text, found in read.items() if found != said} == {}


def test_the_table_holds_every_feature_in_every_state_that_decides() -> None:
    assert TABLE.keys() == LEXICON.features.keys()
    assert all({"present", "denied", "absent"} <= by_state.keys() for by_state in TABLE.values())


@settings(deadline=None)
@given(st.sampled_from(NAMED), st.sampled_from(HAD), who, when)
def test_what_was_had_is_present(named: tuple[str, str], frame: str, who: str, when: str) -> None:
    feature, treatment = named
    assert state(frame.format(t=treatment, who=who, when=when), feature) == "present"


@settings(deadline=None)
@given(st.sampled_from(NAMED), st.sampled_from(NOT_HAD), who)
def test_what_was_not_had_is_denied(named: tuple[str, str], frame: str, who: str) -> None:
    feature, treatment = named
    assert state(frame.format(t=treatment, who=who), feature) == "denied"


@settings(deadline=None)
@given(st.sampled_from(NAMED), st.sampled_from(NOT_YET), who)
def test_what_is_planned_asked_or_of_another_is_absent(named: tuple[str, str], frame: str, who: str) -> None:
    feature, treatment = named
    assert state(frame.format(t=treatment, who=who), feature) == "absent"


@settings(deadline=None)
@given(st.sampled_from(NAMED), st.sampled_from(NOT_HAD), st.sampled_from(NAMED), st.sampled_from(HAD), who, when)
def test_a_statement_keeps_to_its_sentence(
    denied: tuple[str, str], no: str, had: tuple[str, str], yes: str, who: str, when: str
) -> None:
    if denied[0] == had[0]:
        return
    text = f"{no.format(t=denied[1], who=who)} {yes.format(t=had[1], who=who, when=when)}"
    assert (state(text, denied[0]), state(text, had[0])) == ("denied", "present")


@pytest.mark.parametrize(
    ("text", "concept", "polarity"),
    [
        pytest.param(
            "He attended six visits of acupuncture, but utilization review denied more because no gain was shown.",
            "acupuncture", Polarity.PRESENT, id="the record before the review's clause",
        ),
        pytest.param(
            "Utilization review denied it for want of an MRI; the treating physician notes x-rays in May.",
            "xray", Polarity.PRESENT, id="the record takes the word again",
        ),
        pytest.param(
            "Utilization review denied the visits because there was no plan and there was no acupuncture before.",
            "acupuncture", Polarity.OTHER, id="reasons run on",
        ),
        pytest.param(
            "He takes ibuprofen instead of tramadol, and gabapentin at night.",
            "anticonvulsant", Polarity.PRESENT, id="instead of reaches one thing",
        ),
        pytest.param("He takes ibuprofen instead of tramadol.", "opioid", Polarity.DENIED, id="the thing replaced"),
    ],
)  # fmt: skip
def test_who_says_it_and_how_far(text: str, concept: str, polarity: Polarity) -> None:
    assert {fact.polarity for fact in read_case(text, LEXICON, TAXONOMY).about(concept)} == {polarity}


@pytest.mark.parametrize(
    ("text", "concept", "of"),
    [
        pytest.param("The epidural injection gave 60% relief.", "pain_relief", "epidural_injection", id="own words"),
        pytest.param("He had acupuncture. With this pain went from 8 to 4.", "pain_relief", "acupuncture", id="before"),
        pytest.param("PT and chiropractic care were had. Neither gave relief.", "pain_relief", None, id="two of them"),
    ],
)  # fmt: skip
def test_a_response_names_its_treatment(text: str, concept: str, of: str | None) -> None:
    assert {fact.of for fact in read_case(text, LEXICON, TAXONOMY).about(concept)} == {of}
