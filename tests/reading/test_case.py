"""A whole case text into facts: the person, values, places and times, and the promises that hold for any text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.corpus import load_taxonomy
from assistant.domain import CaseSummary, Fact, Polarity, Side, Span
from assistant.errors import UnreadableCase
from assistant.reading.case import read_case
from assistant.reading.lexicon import load_lexicon

CORPUS = Path(__file__).parents[2] / "corpus"
LEXICON = load_lexicon(CORPUS)
TAXONOMY = load_taxonomy(CORPUS)


def read(text: str) -> CaseSummary:
    return read_case(text, LEXICON, TAXONOMY)


def one(text: str, concept: str) -> Fact:
    (fact,) = read(text).about(concept)
    return fact


# --- the person -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("The worker is a 55-year-old male with back pain.", 55, "male"),
        ("A 42 year old woman hurt her knee.", 42, "female"),
        ("This 61 y/o man fell.", 61, "male"),
        ("A forty-eight year old gentleman.", 48, "male"),
        ("Age: 33. She lifted a box.", 33, "female"),
        ("His 78-year-old mother drove him.", None, "male"),
        ("He has had migraines since he was 13 years old and is a 32 year old male.", 32, "male"),
        ("The patient, aged 29, has neck pain.", 29, None),
        ("The injury is 2 years old.", None, None),
        ("A 29 yo F with wrist pain.", 29, "female"),
        ("Injured worker, female, 51, with cumulative trauma.", 51, "female"),
        ("He met her supervisor.", None, None),
    ],
)
def test_age_and_sex(text: str, age: int | None, sex: str | None) -> None:
    case = read(text)
    assert (case.age, case.sex) == (age, sex)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("He sustained an industrial injury on 2/4/03.", date(2003, 2, 4)),
        ("Date of injury: 10-23-2016.", date(2016, 10, 23)),
        ("She was injured on August 2, 2016.", date(2016, 8, 2)),
        ("An occupational claim from 10/14/ 2016.", date(2016, 10, 14)),
        ("On 3 March 2015 he fell from a ladder.", date(2015, 3, 3)),
        ("DOI 2015-04-05. Seen on 5/6/2016.", date(2015, 4, 5)),
        ("Seen on 5/6/2016 for an injury of May 1, 2016.", date(2016, 5, 1)),
        ("The progress report of 5/6/2016 notes neck pain.", None),
        ("Injured on 13/45/2016.", None),
    ],
)
def test_date_of_injury(text: str, day: date | None) -> None:
    assert read(text).date_of_injury == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date of decision: 12/20/2016\nNeck pain.", date(2016, 12, 20)),
        ("Decision Date: December 20, 2016", date(2016, 12, 20)),
        ("Utilization review denied it on 12/20/2016; the decision was dated 12/21/2016.", None),
    ],
)
def test_only_a_label_makes_a_decision_date(text: str, day: date | None) -> None:
    assert read(text).decision_date == day


# --- values, places, times ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "high", "unit"),
    [
        ("She attended 12 sessions of physical therapy.", 12, None, "sessions"),
        ("He attended 4 of 6 physical therapy visits.", 4, None, "visits"),
        ("At least eight acupuncture treatments were completed.", 8, None, "treatments"),
        ("He had 6 to 8 visits of physical therapy.", 6, 8, "visits"),
        ("PT x12 was completed.", 12, None, "visits"),
    ],
)
def test_visits(text: str, value: float, high: float | None, unit: str) -> None:
    fact = one(text, "prior_visit_count")
    assert (fact.value, fact.value_max, fact.unit) == (value, high, unit)


def test_a_count_ends_with_its_last_word() -> None:
    (count,) = [fact for fact in read("Tx: PT x 12 ( some help ).").facts if fact.concept == "prior_visit_count"]
    assert count.span.quote == "PT x 12"


def test_the_lines_of_notes_are_sentences_and_wrapped_lines_are_not() -> None:
    notes = read("Neck pain\nExam 2/2/2016: Spurling +\nUR 2/9/2016 non-cert").sentences
    assert [span.quote for span in notes] == ["Neck pain", "Exam 2/2/2016: Spurling +", "UR 2/9/2016 non-cert"]
    wrapped = read("On 2/9/2016 the request was denied by\nUR for lack of red flags.").sentences
    assert len(wrapped) == 1


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Pain is 7/10.", 7, None),
        ("Pain is rated 7/10 to 8/10.", 7, 8),
        ("Pain is rated 5-6 out of 10 on a visual analog scale.", 5, 6),
        ("The pain is eight out of ten.", 8, None),
    ],
)
def test_pain_scores(text: str, low: float, high: float | None) -> None:
    fact = one(text, "pain_score")
    assert (fact.value, fact.value_max) == (low, high)


def test_brand_and_generic_are_one_drug() -> None:
    facts = read("Norco and hydrocodone are taken.").about("opioid")
    assert {fact.value for fact in facts} == {"hydrocodone/acetaminophen"}


def test_a_misspelt_drug_is_read() -> None:
    assert one("He takes Ketoprophen.", "nsaid").value == "ketoprofen"


def test_percent_of_relief() -> None:
    fact = one("The injection gave 60% relief for a week.", "relief_50_percent")
    assert (fact.value, fact.unit) == (60, "%")


def test_region_side_and_date_come_from_the_words_around() -> None:
    fact = one("On 11/14/2016 there was decreased sensation over the left foot.", "neurologic_deficit")
    assert (fact.body_region, fact.side, fact.when) == ("foot", Side.LEFT, date(2016, 11, 14))


def test_a_region_is_not_guessed_between_two() -> None:
    fact = one("Physical therapy for the neck and the knee helped.", "physical_therapy")
    assert fact.body_region is None


def test_relief_in_the_knee_is_not_relief_in_the_back() -> None:
    text = "The knee injection gave good relief; the back is unchanged."
    fact = next(f for f in read(text).about("pain_relief") if f.polarity is Polarity.PRESENT)
    assert fact.body_region == "knee"
    assert fact.clause is not None
    assert fact.clause.quote == "The knee injection gave good relief"


def test_surgery_carries_its_date() -> None:
    fact = next(iter(read("Left wrist surgery (2-3-2016), then therapy.").about("surgery")))
    assert (fact.when, fact.side) == (date(2016, 2, 3), Side.LEFT)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "He was diagnosed as having lumbar strain, right shoulder sprain, and lumbago.",
            ["lumbar strain", "right shoulder sprain", "lumbago"],
        ),
        (
            "Diagnoses: fracture of the radius, initial encounter; carpal tunnel syndrome.",
            ["fracture of the radius, initial encounter", "carpal tunnel syndrome"],
        ),
        (
            "She is undergoing treatment for cervical and lumbar spine strain.",
            ["cervical and lumbar spine strain"],
        ),
        (
            "The diagnosis is sprain of muscle, fascia and tendon of the neck.",
            ["sprain of muscle, fascia and tendon of the neck"],
        ),
        ("The assessment of her needs includes a chair.", []),
    ],
)  # fmt: skip
def test_diagnoses_are_listed_one_by_one(text: str, names: list[str]) -> None:
    found = [fact.span.quote for fact in read(text).facts if fact.kind == "diagnosis" and fact.concept is None]
    assert found == names


def test_a_possible_diagnosis_is_a_supposition() -> None:
    facts = read("The diagnosis is possible cubital tunnel syndrome.").facts
    assert {f.polarity for f in facts if f.kind == "diagnosis"} == {Polarity.HYPOTHETICAL}


def test_requests_are_read_too() -> None:
    (service,) = read("The doctor requested authorization for 6 sessions of acupuncture for the low back.").services
    assert (service.kind, service.quantity, service.unit) == ("acupuncture", 6, "sessions")


def test_of_a_whole_letter_only_the_summary_is_read() -> None:
    letter = (
        "Decision Date: 12/21/2016\n\nCLINICAL CASE SUMMARY\nA 41 year old male with neck pain. The doctor requested "
        "authorization for an MRI of the neck.\n\nIMR ISSUES, DECISIONS AND RATIONALES\nMRI of the neck: Upheld\n"
        "Decision rationale: There was no physical therapy. Surgery was done."
    )
    case = read(letter)
    assert case.decision_date == date(2016, 12, 21)
    assert (case.age, [service.kind for service in case.services]) == (41, ["mri_cervical"])
    assert not [*case.about("physical_therapy"), *case.about("surgery")]
    assert all(span.stands_in(letter) for span in (fact.span for fact in case.facts))


# --- promises -------------------------------------------------------------------------------------------------

_phrases = st.sampled_from(
    [
        "denies numbness, tingling or weakness.", "No prior acupuncture.", "SLR was negative,", "PT x 6", "İ", "ﬁ",
        "MRI was requested.", "rated 7/10", "UR denied it because", "on 2/4/03", "a 55-year-old male", "Norco #60;",
        "diagnosed with lumbar strain, lumbago and", "\n\n", "if", "no relief", "positive Tinel's",
    ]
)  # fmt: skip
_case_texts = st.lists(_phrases | st.text(max_size=12), min_size=1).map(" ".join).filter(str.strip)


def _spans(case: CaseSummary) -> list[Span]:
    facts = [span for fact in case.facts for span in (fact.span, fact.clause) if span is not None]
    return [*facts, *case.sentences, *(service.span for service in case.services if service.span)]


@settings(deadline=None)
@given(_case_texts)
def test_every_span_holds_in_the_text_as_given(text: str) -> None:
    try:
        case = read(text)
    except UnreadableCase:
        return
    assert case.text == text
    assert all(span.stands_in(text) for span in _spans(case))
    assert all(f.clause is None or (f.clause.start <= f.span.start and f.span.end <= f.clause.end) for f in case.facts)


def _shifted(fact: Fact, by: int) -> Fact:
    clause = fact.clause and Span(fact.clause.start + by, fact.clause.end + by, fact.clause.quote)
    return replace(fact, span=Span(fact.span.start + by, fact.span.end + by, fact.span.quote), clause=clause)


@settings(deadline=None)
@given(st.lists(_phrases, min_size=1).map(" ".join).filter(str.strip), st.text("\n\t ", min_size=1, max_size=5))
def test_leading_blanks_move_spans_and_change_nothing_else(text: str, blanks: str) -> None:
    plain, moved = read(text), read(blanks + text)
    assert moved.facts == tuple(_shifted(fact, len(blanks)) for fact in plain.facts)
    assert (moved.age, moved.sex, moved.date_of_injury) == (plain.age, plain.sex, plain.date_of_injury)
    assert [service.text for service in moved.services] == [service.text for service in plain.services]


def test_capitals_change_no_polarity() -> None:
    text = "She denies numbness or tingling. Straight leg raise was positive. No relief with physical therapy."
    for plain, loud in zip(read(text).facts, read(text.upper()).facts, strict=True):
        assert (plain.concept, plain.polarity) == (loud.concept, loud.polarity)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param(" \n\t", "empty", id="blank"),
        pytest.param("neck pain \x00 and more", "not readable", id="NUL"),
        pytest.param("\x01\x02\x03\x04abc", "not readable", id="control characters"),
        pytest.param("pain " * 500_000, "2 MB", id="too large"),
    ],
)
def test_unreadable_texts_are_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(UnreadableCase, match=words) as refused:
        read(text)
    assert str(refused.value).count(".") == 1


def test_a_text_in_another_language_has_no_facts() -> None:
    assert read("Der Patient klagt seit Wochen.").facts == ()
