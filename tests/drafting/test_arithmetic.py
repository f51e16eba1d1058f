"""The figures of criteria, read from texts: visits had and asked, time since a treatment, relief in percent, weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.corpus import load_taxonomy
from assistant.domain import Confidence, Criterion, CriterionKind, Measure
from assistant.drafting.arithmetic import reckon
from assistant.drafting.morphine import load_equivalents
from assistant.reading.case import read_case
from assistant.reading.lexicon import load_lexicon
from assistant.reading.services import read_request
from assistant.settings import Settings

CORPUS = Settings().corpus_dir
LEXICON, TAXONOMY, EQUIVALENTS = load_lexicon(CORPUS), load_taxonomy(CORPUS), load_equivalents(CORPUS)
DAY = date(2016, 12, 20)

VISITS = Measure("prior_plus_requested", "at_most", None, 10, "visits")
THERAPY = "Physical therapy, 8 visits, low back"
EPIDURAL = "Lumbar epidural steroid injection at L5-S1"


@pytest.mark.parametrize(
    ("text", "service", "holds", "said"),
    [
        pytest.param(
            "So far 6 to 8 physical therapy visits were completed.",
            THERAPY,
            False,
            "6 to 8 visits were had before and 8 are asked, together 14 to 16; the limit is 10.",
            id="a range stays a range",
        ),
        pytest.param(
            "She had 6 physical therapy visits in May. She completed 12 sessions of physical therapy in 2015.",
            THERAPY,
            False,
            "6 and 12 visits were had before and 8 are asked, together 20 to 26; the limit is 10.",
            id="two counts, over the limit either way",
        ),
        pytest.param(
            "She had 1 physical therapy visit in May. She completed 2 sessions of physical therapy in 2015.",
            THERAPY,
            None,
            "1 and 2 visits were had before and 8 are asked, together 10 to 11; the limit is 10, so the answer "
            "depends on the number.",
            id="two counts, over the limit only if both count",
        ),
        pytest.param(
            "He denies any prior physical therapy.",
            THERAPY,
            True,
            "None were had before, as the summary says “He denies any prior physical therapy”, and 8 visits are asked; "
            "the limit is 10.",
            id="none had, in the summary's words",
        ),
        pytest.param(
            "He has low back pain.",
            "Physical therapy, 24 visits, low back",
            False,
            "24 visits are asked, which is too many by itself, whatever was had before; the limit is 10.",
            id="what is asked passes the limit alone",
        ),
        pytest.param(
            "He has low back pain.",
            THERAPY,
            None,
            "The number already had was not found in the summary; the limit is 10.",
            id="silence is no zero",
        ),
    ],
)
def test_visits(
    text: str, service: str, holds: bool | None, said: str, make_criterion: Callable[..., Criterion]
) -> None:
    criterion = make_criterion(measure=VISITS, kind=CriterionKind.LIMIT)
    case = read_case(text, LEXICON, TAXONOMY)
    found = reckon(criterion, case, read_request(service, TAXONOMY, text), DAY)
    assert (found.holds, found.statement) == (holds, said)


REST = (
    "Physical therapy, 9 visits, right knee was the original request. Six visits of physical therapy was authorized by "
    "the Claims Administrator. The remaining portion of the original request, Physical therapy, 3 visits, is"
)


@pytest.mark.parametrize(
    ("measure", "text", "service", "holds", "said"),
    [
        pytest.param(
            VISITS,
            "He had 4 physical therapy visits of the right knee.",
            REST,
            False,
            "4 visits were had before, 6 of the same request were certified and 3 are asked, together 13; "
            "the limit is 10.",
            id="had, certified and asked",
        ),
        pytest.param(
            Measure("prior_plus_requested", "at_most", None, 8, "visits"),
            "The right knee is swollen.",
            REST,
            False,
            "3 visits are asked beside 6 of the same request that were certified, together 9, whatever was had before; "
            "the limit is 8.",
            id="certified and asked pass the limit",
        ),
        pytest.param(
            Measure("requested_quantity", "at_most", None, 6, "visits"),
            "The right knee is swollen.",
            REST,
            False,
            "The request is for 3 visits beside 6 of the same request that were certified, together 9; the limit is 6.",
            id="a limit on a course counts the whole course",
        ),
        pytest.param(
            Measure("requested_quantity", "at_most", None, 6, "visits"),
            "The right knee is swollen.",
            "Physical therapy, 12 visits, right knee (modified to 6)",
            False,
            "The request is for 12 visits; the limit is 6.",
            id="a part of what is asked is not added to it",
        ),
        pytest.param(
            VISITS,
            "The right knee is swollen.",
            REST,
            None,
            "The number already had was not found in the summary; the limit is 10.",
            id="within the limit without those had",
        ),
    ],
)
def test_what_was_certified_of_the_same_request_counts(
    measure: Measure,
    text: str,
    service: str,
    holds: bool | None,
    said: str,
    make_criterion: Callable[..., Criterion],
) -> None:
    case = read_case(text, LEXICON, TAXONOMY)
    criterion = make_criterion(measure=measure, kind=CriterionKind.LIMIT)
    found = reckon(criterion, case, read_request(service, TAXONOMY, text), DAY)
    assert (found.holds, found.statement) == (holds, said)


HALF = Measure("relief_percent", "at_least", 50, None, "percent")
SIX_WEEKS = Measure("relief_weeks", "at_least", 6, None, "weeks")
TWO_MONTHS = Measure("weeks_since_treatment", "at_least", 2, None, "months")


@pytest.mark.parametrize(
    ("measure", "text", "holds", "said"),
    [
        pytest.param(
            HALF,
            "After the lumbar epidural injection of May 3, 2016 his leg pain was reduced by 65% for two months.",
            True,
            "that is 65 percent of relief; the least is 50.",
            id="in the sentence of the treatment",
        ),
        pytest.param(
            HALF,
            "A lumbar epidural injection was given in May. It brought 30 to 40% relief of pain.",
            False,
            "that is 30 to 40 percent of relief; the least is 50.",
            id="in the sentence after it",
        ),
        pytest.param(
            HALF,
            "The lumbar epidural injection gave 40 to 60% pain relief.",
            None,
            "so the answer depends on the number.",
            id="a range across the limit",
        ),
        pytest.param(
            HALF,
            "Acupuncture brought 70% relief of pain. An epidural injection was given in 2015.",
            None,
            "ties no number",
            id="relief from another treatment",
        ),
        pytest.param(
            HALF,
            "The epidural injection helped. His knee has 80% pain relief with a brace.",
            None,
            "ties no number",
            id="relief in another part of the body",
        ),
        pytest.param(
            SIX_WEEKS,
            "The epidural injection gave at least 60% pain relief lasting more than eight weeks.",
            True,
            "that is at least 8 weeks of relief; the least is 6.",
            id="open upwards",
        ),
        pytest.param(
            SIX_WEEKS,
            "He had pain relief for only ten days after the epidural injection.",
            False,
            "that is 1.4 weeks of relief; the least is 6.",
            id="days are weeks",
        ),
        pytest.param(
            SIX_WEEKS,
            "He had pain relief for up to 8 weeks after the epidural injection.",
            None,
            "that is at most 8 weeks of relief",
            id="open downwards",
        ),
        pytest.param(
            SIX_WEEKS,
            "He has had low back pain for six months and an epidural injection gave him some relief of pain.",
            None,
            "ties no number",
            id="how long the pain has lasted is no relief",
        ),
        pytest.param(
            SIX_WEEKS,
            "The epidural injection gave relief of pain, and he was off work for eight weeks.",
            None,
            "ties no number",
            id="nor how long he was off work",
        ),
        pytest.param(
            HALF,
            "Neck motion is 60% of normal; the epidural injection gave him some relief of pain.",
            None,
            "ties no number",
            id="nor a percentage of motion",
        ),
        pytest.param(
            TWO_MONTHS,
            "An epidural injection was given on 2/1/2015. Another epidural injection was given on 11/3/2016.",
            False,
            "The earlier treatment of 2016-11-03 was 1 month before the review of 2016-12-20; the least is 2.",
            id="the latest treatment",
        ),
        pytest.param(
            TWO_MONTHS,
            "An epidural injection was given on 10/20/2016.",
            True,
            "The earlier treatment of 2016-10-20 was 2 months before the review of 2016-12-20; the least is 2.",
            id="to the day",
        ),
        pytest.param(
            TWO_MONTHS, "An epidural injection is planned for 12/1/2016.", None, "was not found", id="only planned"
        ),
    ],
)
def test_what_an_earlier_treatment_brought_and_when(
    measure: Measure, text: str, holds: bool | None, said: str, make_criterion: Callable[..., Criterion]
) -> None:
    criterion = make_criterion(measure=measure, given=("epidural_injection",), kind=CriterionKind.GOAL)
    case = read_case(text, LEXICON, TAXONOMY)
    found = reckon(criterion, case, read_request(EPIDURAL, TAXONOMY, text), DAY)
    assert found.holds is holds
    assert said in found.statement
    assert all(span.stands_in(text) for span in found.evidence)


def test_morphine_equivalents_are_held_against_their_limit(make_criterion: Callable[..., Criterion]) -> None:
    criterion = make_criterion(measure=Measure("morphine_equivalents", "at_most", None, 80), kind=CriterionKind.LIMIT)
    text = "He takes oxycodone 20 mg, one tablet three times a day."
    case, service = read_case(text, LEXICON, TAXONOMY), read_request("Oxycodone 20 mg #90", TAXONOMY, text)
    found = reckon(criterion, case, service, DAY, EQUIVALENTS)
    assert (found.holds, found.statement) == (
        False,
        "By the factors of CDC 2016 the summary’s oxycodone of 3 x 20 mg = 60 mg a day, with the factor 1.5, is 90 mg "
        "of morphine equivalents a day; the limit is 80.",
    )


_PIECES = st.sampled_from([
    "An epidural injection was given on 5/3/2016.", "It gave 60% pain relief for 8 weeks.",
    "Norco 10/325 four times a day.",
    "He had 6 to 8 physical therapy visits", "İ", "at most 12 visits", "She is 66 years old.",
    "injured on 02/30/2016", "DOI: 1/2/15",
])  # fmt: skip
_MEASURES = (
    "requested_quantity", "requested_per_week", "requested_weeks", "prior_plus_requested", "age", "weeks_since_injury",
    "weeks_since_surgery", "weeks_since_treatment", "relief_percent", "relief_weeks", "morphine_equivalents",
)  # fmt: skip


_ANY = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=20)


@settings(deadline=None)
@given(st.lists(_PIECES | _ANY, min_size=1, max_size=8).map(" ".join), st.sampled_from(_MEASURES))
def test_a_figure_is_a_sentence_with_evidence_that_stands(text: str, of: str) -> None:
    assume(text.strip())
    case = read_case(text, LEXICON, TAXONOMY)
    measure = Measure(of, "at_most", None, 10)
    criterion = Criterion(
        "x", "y", CriterionKind.LIMIT, Confidence.HIGH, True, "z", measure=measure, given=("epidural_injection",)
    )
    found = reckon(criterion, case, read_request(THERAPY, TAXONOMY, text), DAY, EQUIVALENTS)
    assert found.statement[0].isupper() or found.statement[0].isdigit()
    assert found.statement.endswith(".")
    assert all(span.stands_in(text) for span in found.evidence)
