"""Sentences of an imported text become criteria that a reviewer sees and that decide nothing by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus import Taxonomy, load_taxonomy
from assistant.domain import Confidence, Criterion, CriterionKind, Measure
from assistant.reading.guideline_blocks import Block
from assistant.reading.guideline_criteria import Place, criteria_of, kind_of_requirement
from assistant.reading.guideline_kinds import kinds_governed
from assistant.reading.guideline_passages import Section
from assistant.reading.lexicon import Lexicon, load_lexicon

CORPUS = Path(__file__).parents[2] / "corpus"
NEEDLES = Place("Backs 2020", "Therapy > Acupuncture", 7, ("acupuncture",))
LIMIT, PREREQUISITE = CriterionKind.LIMIT, CriterionKind.PREREQUISITE
DOCUMENTATION, BAR = CriterionKind.DOCUMENTATION, CriterionKind.CONTRAINDICATION


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(CORPUS)


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy(CORPUS)


def one(sentence: str, lexicon: Lexicon, place: Place = NEEDLES) -> Criterion:
    (criterion,) = criteria_of([sentence], place, lexicon)
    return criterion


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Acupuncture is limited to 6 sessions at first.", LIMIT),
        ("Acupuncture should not exceed 3 visits per week.", LIMIT),
        ("Functional gains must be documented before more is given.", DOCUMENTATION),
        ("The report shall state what the first course brought.", DOCUMENTATION),
        ("An MRI is recommended when a red flag is present.", PREREQUISITE),
        ("Surgery requires that other care has failed.", PREREQUISITE),
        ("Bed rest is not recommended.", BAR),
        ("Injections should not be given to patients with an infection.", BAR),
        ("Most backs get better within six weeks.", None),
        ("Should a scan be done?", None),
        ("This section shall be posted on the website.", None),
        ("Paragraph (1) shall not apply to visits after surgery.", None),
        ("Must be.", None),
    ],
)
def test_the_sort_of_a_requirement_is_told_by_its_wording(sentence: str, kind: CriterionKind | None) -> None:
    assert kind_of_requirement(sentence) is kind


@pytest.mark.parametrize(
    ("sentence", "measure", "sure"),
    [
        ("No more than 12 visits are recommended.", ("requested_quantity", "at_most", None, 12, "visits"), True),
        ("Up to six sessions may be tried.", ("requested_quantity", "at_most", None, 6, "sessions"), True),
        ("It is limited to 2 to 3 visits per week.", ("requested_per_week", "at_most", None, 3, "visits"), True),
        ("A course should last no longer than 8 weeks.", ("requested_weeks", "at_most", None, 8, None), True),
        ("Limited to a total of 24 visits per injury.", ("prior_plus_requested", "at_most", None, 24, "visits"), True),
        ("Fewer than 10 sessions are recommended.", ("requested_quantity", "less_than", None, 10, "sessions"), True),
        (
            "It may be used at least 4 weeks after the injury.",
            ("weeks_since_injury", "at_least", 4, None, "weeks"),
            True,
        ),
        (
            "It is indicated at least 3 months after surgery.",
            ("weeks_since_surgery", "at_least", 13, None, "weeks"),
            True,
        ),
        ("It requires at least 6 weeks of symptoms.", ("weeks_since_injury", "at_least", 6, None, "weeks"), False),
        (
            "No more than 12 visits over 8 weeks are allowed.",
            ("requested_quantity", "at_most", None, 12, "visits"),
            False,
        ),
        (
            "No more than 12 visits are needed unless a gain is seen.",
            ("requested_quantity", "at_most", None, 12, "visits"),
            False,
        ),
        ("No more than 4 injections per year should be given.", None, False),
        ("No more than 24 chiropractic, 24 other, and 24 therapy visits are limited.", None, False),
        ("Up to 6 sessions, or at most 12 visits, are recommended.", None, False),
    ],
)
def test_a_plain_limit_becomes_a_measure(
    lexicon: Lexicon, sentence: str, measure: tuple[object, ...] | None, sure: bool
) -> None:
    criterion = one(sentence, lexicon)
    assert criterion.measure == (Measure(*measure) if measure else None)  # type: ignore[arg-type]
    assert criterion.judgement is not sure


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        pytest.param(
            "Further acupuncture is recommended only when functional improvement has been documented.",
            {"asks": ("functional_improvement",), "judgement": False, "kind": DOCUMENTATION},
            id="what is plainly named is asked",
        ),
        pytest.param(
            "It is recommended when a progressive neurologic deficit is present.",
            {"asks": ("progressive_deficit",), "judgement": False},
            id="the longest wording counts",
        ),
        pytest.param(
            "It requires radiculopathy and a positive straight leg raise.", {"judgement": True}, id="both are asked"
        ),
        pytest.param("It requires radiculopathy for 6 weeks.", {"judgement": True}, id="a figure that nothing reckons"),
        pytest.param(
            "It is indicated after physical therapy.",
            {"asks": ("physical_therapy",), "judgement": True},
            id="had, but with which result",
        ),
        pytest.param("The worker must keep a diary of the days.", {"asks": (), "judgement": True}, id="nothing known"),
        pytest.param(
            "If red flags are present, acupuncture should wait for imaging of the spine.",
            {"given": ("red_flag",), "applies_when": "If red flags are present"},
            id="a leading condition",
        ),
        pytest.param(
            "It is not recommended in patients with infection or pregnancy.",
            {"against": ("infection", "pregnancy"), "judgement": False, "kind": BAR, "always_bars": False},
            id="a bar on what is named",
        ),
        pytest.param(
            "It is not recommended for acute pain without red flags.",
            {"against": (), "always_bars": True, "judgement": True, "applies_when": "for acute pain without red flags"},
            id="a bar with an exception",
        ),
        pytest.param("It is not recommended.", {"always_bars": True, "judgement": True}, id="a flat bar"),
        pytest.param(
            "An initial course is limited to 6 sessions.",
            {"not_given": ("acupuncture",), "applies_when": "a first course"},
            id="a first course",
        ),
    ],
)
def test_what_a_sentence_asks(lexicon: Lexicon, sentence: str, fields: dict[str, object]) -> None:
    criterion = one(sentence, lexicon)
    assert {name: getattr(criterion, name) for name in fields} == fields


def test_a_criterion_quotes_its_sentence_and_names_its_place(lexicon: Lexicon) -> None:
    sentence = "It is recommended when a red flag is present."
    criterion = one(f"(a) (1) {sentence}", lexicon)
    assert criterion.text == sentence
    assert criterion.source == "Backs 2020, Therapy > Acupuncture, page 7"
    assert criterion.id == one(sentence, lexicon).id
    assert criterion.id != one(sentence, lexicon, Place("Backs 2020", "Other", 7, ("acupuncture",))).id


def test_a_passage_for_several_kinds_leaves_its_findings_to_the_reviewer(lexicon: Lexicon) -> None:
    place = Place("Backs 2020", None, None, ("acupuncture", "massage_therapy"))
    assert one("No more than 12 visits are recommended.", lexicon, place).judgement
    assert criteria_of(["No more than 12 visits are recommended."], Place("Backs 2020", None, None, ()), lexicon) == ()


WORDS = st.sampled_from(
    ["If", "acupuncture", "is", "not recommended", "MRI", "must", "document", "no more than", "12 visits", "red flag"]
    + ["or", "and", "unless", "for", "İ", "(a)", "3", ".", ";", ",", "infection", "requires"]
)


@given(st.lists(WORDS | st.text(max_size=8), max_size=30).map(" ".join))
def test_no_text_gives_a_criterion_that_decides(lexicon: Lexicon, text: str) -> None:
    for criterion in criteria_of([text], NEEDLES, lexicon):
        assert criterion.text in text
        assert not criterion.may_decide
        assert criterion.confidence is Confidence.MEDIUM
        assert {*criterion.asks, *criterion.against, *criterion.given, *criterion.not_given} <= set(lexicon.concepts)
        if criterion.kind is BAR:
            assert criterion.against or criterion.always_bars  # else it would be searched for nothing


@pytest.mark.parametrize(
    ("path", "spoken", "kinds"),
    [
        (("Low Back", "Imaging", "MRI"), "Rest is best.", ("mri_lumbar",)),
        (("Acupuncture", "Limits"), "An MRI shows discs.", ("acupuncture",)),
        (("Evaluation",), "Needles help.", ()),
        ((), "Acupuncture is tried first. It may help.", ("acupuncture",)),
        ((), "Some want it. Massage is one way. Massage may help.", ("massage_therapy",)),
        ((), "Some want it. Massage is one way. Acupuncture is another.", ()),
        ((), "See https://example.org/LAB for more.", ()),
    ],
)
def test_kinds_are_told_by_the_nearest_heading_then_by_the_opening(
    taxonomy: Taxonomy, path: tuple[str, ...], spoken: str, kinds: tuple[str, ...]
) -> None:
    section = Section(path, (Block(spoken),))
    assert kinds_governed(section, (spoken,), taxonomy, ("low back",)) == kinds
