"""Sentences and the words they rest on, right and wrong, one row a trap; and what holds for any text."""
# ruff: noqa: E501  a row is a sentence and its support

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worked_examples import BACK, GOOD, NEEDLES, OPIOID, SHOULDER, Example, support

from assistant.domain import Span, Support, SupportKind, Verdict
from assistant.drafting.verification import Sources, verify, verify_sentence

FAILED, PASSED, NOT_CHECKABLE = Verdict.FAILED, Verdict.PASSED, Verdict.NOT_CHECKABLE


def _verdict(sources: Sources, text: str, *quotes: str) -> Verdict:
    return verify_sentence(text, [support(sources, quote) for quote in quotes], sources).verdict


def _of(case: str, text: str) -> Verdict:
    """The verdict on a sentence that rests on the whole of a one-off case."""
    sources = Sources(case, {}, {}, "")
    return verify_sentence(text, [Support(SupportKind.CASE, "case", Span.of(case, 0, len(case)))], sources).verdict


@pytest.mark.parametrize(
    ("case", "right", "wrong"),
    [
        pytest.param(
            "8 visits of physical therapy and 6 of acupuncture.",
            "The worker had 6 of acupuncture and 8 visits of PT.",
            "The worker had 6 visits of physical therapy and 8 of acupuncture.",
            id="counts swapped between therapies",
        ),
        pytest.param(
            "Physical therapy x 8, acupuncture x 6.",
            "The worker had 8 sessions of physical therapy.",
            "The worker had 8 sessions of acupuncture.",
            id="counts after their therapies",
        ),
        pytest.param(
            "Pain in the left knee and the right ankle.",
            "Pain in the right ankle.",
            "Pain in the right knee.",
            id="sides swapped between parts",
        ),
        pytest.param(
            "Left shoulder, elbow and wrist pain.",
            "Left wrist pain.",
            "Right wrist pain.",
            id="a side that governs a list",
        ),
        pytest.param(
            "Norco 10 mg and naproxen 550 mg.",
            "Naproxen 550 mg is taken.",
            "Naproxen 10 mg is taken.",
            id="doses swapped between drugs",
        ),
        pytest.param(
            "Takes hydrocodone/acetaminophen 10/325 mg.",
            "Norco 10/325 mg is taken.",
            "Percocet 10/325 mg is taken.",
            id="a brand name is its generic, another brand is not",
        ),
        pytest.param(
            "Physical therapy began on 2/1/2016 and ended on 3/1/2016.",
            "Physical therapy ended on March 1, 2016.",
            "Physical therapy ended on 2/1/2016.",
            id="dates swapped between events",
        ),
        pytest.param(
            "MRI on 5/2/2016; surgery on 6/3/2016.",
            "The MRI was on 5/2/2016.",
            "The MRI was on 6/3/2016.",
            id="a date of something else",
        ),
        pytest.param(
            "Seen on 11/14/2016 with weakness.",
            "In November 2016 there was weakness.",
            "On 11/15/2016 there was weakness.",
            id="a vaguer date, another date",
        ),
        pytest.param(
            "Protrusion at L4-5, stenosis at L5-S1.",
            "Stenosis at L5-S1.",
            "Stenosis at L4-L5.",
            id="levels swapped between findings",
        ),
        pytest.param(
            "Disc protrusion at L4/L5.",
            "A protrusion at L4-5.",
            "A protrusion at L3-4.",
            id="one level in two spellings",
        ),
        pytest.param("A 55-year-old male.", "This worker is 55 years old.", "This worker is 54 years old.", id="age"),
        pytest.param("A 55-year-old male with pain.", "He is a man with pain.", "She is a woman with pain.", id="sex"),
        pytest.param(
            "Pain 8/10 with and 9/10 without medications.",
            "Pain is 9/10 without medications.",
            "Pain is 9/10 with medications.",
            id="scores swapped between with and without",
        ),
        pytest.param(
            "Strength is 4/5 at the ankle.", "Ankle strength is 4/5.", "Ankle strength is 5/5.", id="strength"
        ),
        pytest.param(
            "Relief of 50% for 6 weeks.",
            "There was 50 percent relief for six weeks.",
            "There was 50 percent relief for six months.",
            id="unit",
        ),
        pytest.param(
            "Visits 2 to 3 times a week for 4 weeks.",
            "2-3 times a week for 4 weeks.",
            "3 times a week for 4 weeks.",
            id="a range stays a range",
        ),
        pytest.param(
            "She denies numbness, tingling or weakness.",
            "She has no numbness, tingling or weakness.",
            "She has weakness.",
            id="a list under one denial",
        ),
        pytest.param(
            "No numbness but tingling in the hand.",
            "There is tingling in the hand.",
            "There is no tingling in the hand.",
            id="a denial ends at but",
        ),
        pytest.param(
            "X-rays were negative for fracture.",
            "X-rays were negative for fracture.",
            "X-rays showed a fracture.",
            id="negative for",
        ),
        pytest.param(
            "Straight leg raise is negative.",
            "The straight leg raise is negative.",
            "The straight leg raise is positive.",
            id="result",
        ),
        pytest.param(
            "Surgery was not performed.",
            "Surgery was not performed.",
            "Surgery was performed.",
            id="not after the subject",
        ),
        pytest.param(
            "He has returned to work.", "He has returned to work.", "He has not returned to work.", id="a denial put in"
        ),
        pytest.param(
            "L5-S1 protrusion, rule out left L5 impingement.",
            "There is a protrusion at L5-S1.",
            "There is left L5 impingement.",
            id="rule out",
        ),
        pytest.param(
            "Possible carpal tunnel syndrome.",
            "There is possible carpal tunnel syndrome.",
            "There is carpal tunnel syndrome.",
            id="possible",
        ),
        pytest.param(
            "The provider requested 6 sessions of acupuncture.",
            "6 sessions of acupuncture were requested.",
            "He had 6 sessions of acupuncture.",
            id="asked for is not had",
        ),
        pytest.param("MRI will be ordered.", "An MRI will be ordered.", "An MRI was done.", id="planned is not done"),
        pytest.param("His father had diabetes.", "His father had diabetes.", "He has diabetes.", id="family"),
        pytest.param(
            "UR denied the MRI for lack of red flags.",
            "The denial rests on the absence of red flags.",
            "There are no red flags.",
            id="utilization review's view",
        ),
        pytest.param(
            "Work status is not documented.",
            "Work status is not documented.",
            "Work status is documented.",
            id="a silence of the case's own",
        ),
        pytest.param(
            "Function is unchanged.",
            "The summary states that “Function is unchanged”.",
            "The summary does not document function.",
            id="a statement is no silence",
        ),
        pytest.param("Function is unchanged.", "“Function is unchanged”.", "“Function is improved”.", id="quotation"),
        pytest.param(
            "Neck pain radiates to the left arm.",
            "Neck pain spreads to the left arm.",
            "Arm pain spreads to the left neck.",
            id="parts change places",
        ),
        pytest.param(
            "Taking an NSAID: naproxen.",
            "Taking naproxen, an NSAID.",
            "Taking naproxen and an opioid.",
            id="a class that no drug belongs to",
        ),
        pytest.param(
            "Naproxen 550 mg.", "There is an NSAID.", "There is a muscle relaxant.", id="a class by its member"
        ),
        pytest.param("ICD M54.5.", "The ICD is M54.5.", "The ICD is M54.2.", id="code"),
        pytest.param(
            "Improved from 8/10 to 5/10.",
            "It improved from 8/10 to 5/10.",
            "It improved from 5/10 to 8/10.",
            id="from and to change places",
        ),
        pytest.param(
            "A second injection was given.",
            "A second injection was given.",
            "A third injection was given.",
            id="ordinal",
        ),
        pytest.param("Norco #120.", "Norco, 120 tablets, is taken.", "Norco, 60 tablets, is taken.", id="number sign"),
        pytest.param(
            "Surgery of the right knee in 2012.",
            "The right knee was operated on in 2012.",
            "The right knee was operated on in 2013.",
            id="year",
        ),
    ],
)
def test_a_right_and_a_wrong_sentence_on_the_same_words(case: str, right: str, wrong: str) -> None:
    assert (_of(case, right), _of(case, wrong)) == (PASSED, FAILED)


@pytest.mark.parametrize(
    ("sources", "text", "quotes"),
    [
        pytest.param(BACK, "No relief followed an earlier injection.", ["@esi.relief"], id="a silence is no denial"),
        pytest.param(BACK, "She had relief of 50% after an earlier injection.", ["@esi.relief"], id="a silence is no statement"),
        pytest.param(BACK, "The summary does not state a failed trial of care.", ["for lack of a failed trial of care"], id="a silence without a search"),
        pytest.param(BACK, "The medical records do not state relief of 50% after an earlier injection.", ["@esi.relief"], id="a silence of the record"),
        pytest.param(BACK, "She had 50% relief for six to eight weeks.", ["A repeat injection needs at least 50% relief for six to eight weeks"], id="what a guideline asks, told of the worker"),
        pytest.param(BACK, "The pain has responded to exercise, physical methods and medicines.", ["The pain has not responded to exercise, physical methods and medicines"], id="a denial left out of a rule"),
        pytest.param(BACK, "Under MTUS Low Back Complaints 2004, no more than two nerve root levels are injected in one session.", ["No more than two nerve root levels are injected in one session"], id="another guideline"),
        pytest.param(BACK, "Under MTUS Chronic Pain Medical Treatment 2009, no more than two nerve root levels are injected in one session.", ["No more than two nerve root levels are injected in one session"], id="another edition"),
        pytest.param(BACK, "No more than three nerve root levels are injected in one session.", ["No more than two nerve root levels are injected in one session"], id="a limit raised"),
        pytest.param(BACK, "The requirement of relief after an earlier injection is met.", ["@esi.relief"], id="met, against its finding"),
        pytest.param(BACK, "This requirement is met.", ["She would consider surgery"], id="met, without a finding"),
        pytest.param(BACK, "She had surgery.", ["She would consider surgery"], id="considered is not had"),
        pytest.param(BACK, "The physician has documented a clinically significant improvement.", ["44-year-old woman"], id="no number and nobody said so"),
        pytest.param(BACK, "The patient has failed conservative treatment.", ["9 visits of physical therapy"], id="failed conservative treatment"),
        pytest.param(BACK, "Strength was normal on 10/12/2016.", ["On 10/12/2016 there is weakness of left great toe extension, 4/5, and numbness over the left foot; on 08/01/2016 strength was normal"], id="a date of the other half"),
        pytest.param(OPIOID, "He has diabetes.", ["His mother has a history of diabetes"], id="the mother's"),
        pytest.param(OPIOID, "He takes 80 mg of morphine equivalents a day.", ["@op.dose"], id="the limit for the dose"),
        pytest.param(OPIOID, "The daily dose is 60 mg of morphine equivalents.", ["@op.dose"], id="a number nobody computed"),
        pytest.param(OPIOID, "The left shoulder was operated on in 2012.", ["He had surgery of the right shoulder in May 2012 and of the left knee in 2014"], id="the side of another part"),
        pytest.param(OPIOID, "He has nerve entrapment of the right wrist.", ["Possible nerve entrapment of the right wrist"], id="only possible"),
        pytest.param(OPIOID, "She takes Soma 350 mg at night.", ["Soma 350 mg at night"], id="sex against the case"),
        pytest.param(SHOULDER, "He completed 24 visits of physical therapy.", ["24 visits of physical therapy after surgery"], id="planned visits as had"),
        pytest.param(SHOULDER, "Abduction of the right shoulder is 110 degrees.", ["Range of motion of the right shoulder is 110 degrees of flexion and 85 degrees of abduction"], id="degrees of the other motion"),
        pytest.param(NEEDLES, "She has completed 10 sessions of acupuncture and 6 visits of chiropractic.", ["She has completed 6 sessions of acupuncture and 10 visits of chiropractic"], id="counts swapped"),
        pytest.param(NEEDLES, "Medications were reduced from 2 tablets to 4 tablets a day.", ["Medications were reduced from 4 tablets to 2 tablets a day"], id="reduced the wrong way"),
        pytest.param(NEEDLES, "She had injections.", ["She had no prior injections"], id="a denied treatment"),
        pytest.param(NEEDLES, "She had 8 sessions of acupuncture for the neck.", ["@request"], id="the request as had"),
    ],
)  # fmt: skip
def test_what_nobody_said_fails(sources: Sources, text: str, quotes: list[str]) -> None:
    assert _verdict(sources, text, *quotes) is FAILED


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        pytest.param("In my opinion the benefit outweighs the risk.", NOT_CHECKABLE, id="an opinion"),
        pytest.param("Therefore this is reasonable.", NOT_CHECKABLE, id="no fact"),
        pytest.param("", NOT_CHECKABLE, id="nothing"),
        pytest.param("...", NOT_CHECKABLE, id="marks"),
        pytest.param("She had 8 visits.", FAILED, id="a number"),
        pytest.param("The patient improved.", FAILED, id="a fact of the patient"),
        pytest.param("Acupuncture helped.", FAILED, id="a treatment"),
        pytest.param("The file says “no change”.", FAILED, id="a quotation"),
    ],
)
def test_a_sentence_without_supports(text: str, verdict: Verdict) -> None:
    assert verify_sentence(text, (), BACK).verdict is verdict


def test_each_sentence_of_a_text_gets_its_own_verdict() -> None:
    text = "He completed 12 visits of physical therapy. He completed 14 visits of physical therapy."
    told = verify(text, [support(SHOULDER, "12 visits of physical therapy in 2015")], SHOULDER)
    assert [(span.quote, checked.verdict) for span, checked in told] == [
        ("He completed 12 visits of physical therapy.", FAILED),
        ("He completed 14 visits of physical therapy.", FAILED),
    ]
    told = verify(text, [support(SHOULDER, "He completed 12 visits of physical therapy in 2015")], SHOULDER)
    assert [checked.verdict for _, checked in told] == [PASSED, FAILED]


def test_problems_state_the_difference() -> None:
    checked = verify_sentence(
        "He had 10 visits of physical therapy.", [support(SHOULDER, "12 visits of physical therapy")], SHOULDER
    )
    assert checked.problems == (
        "The sentence says 10 visits for physical therapy; its supports say 12 visits for physical therapy.",
    )


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.text[:40])
def test_a_support_that_stands_elsewhere_fails(example: Example) -> None:
    first, *others = example.supports
    moved = replace(first, span=Span(first.span.start + 1, first.span.end + 1, first.span.quote))
    assert verify_sentence(example.text, [moved, *others], example.sources).verdict is FAILED


@pytest.mark.parametrize("kind", [SupportKind.PASSAGE, SupportKind.FINDING])
def test_a_support_of_a_source_that_is_not_there_fails(kind: SupportKind) -> None:
    checked = verify_sentence("It is so.", [Support(kind, "gone", Span(0, 2, "It"))], BACK)
    assert (checked.verdict, checked.problems) == (FAILED, (f"A support names a {kind.value} that is not there.",))


def test_a_citation_may_be_read_off_the_passage_id() -> None:
    passages = {"mtus-acupuncture-treatment-2007/whole/acupuncture/0a1b": "Three to six treatments are given first."}
    sources = Sources("", passages, {}, "")
    supports = [Support(SupportKind.PASSAGE, key, Span.of(text, 0, len(text))) for key, text in passages.items()]
    text = "Under the MTUS acupuncture guideline of 2007, three to six treatments are given first."
    assert verify_sentence(text, supports, sources).verdict is PASSED
    assert verify_sentence(text.replace("2007", "2009"), supports, sources).verdict is FAILED


# --- any text -------------------------------------------------------------------------------------------------

_bits = st.sampled_from(
    [
        "no ",
        "denies pain, ",
        "8 visits of PT ",
        "L4-5 ",
        "“",
        "”",
        "left knee ",
        "on 2/4/03 ",
        "not documented. ",
        "İ",
        "MTUS 2016 ",
        "; but ",
        "rule out ",
    ]
)
_texts = st.lists(_bits | st.text(max_size=20), max_size=12).map("".join)


@given(_texts, _texts)
def test_any_text_on_any_support_gets_a_verdict(text: str, case: str) -> None:
    sources = Sources(case, {"p": case}, {"f": case}, case, {"p": text}, {"f": "supported"})
    kinds = [
        (SupportKind.CASE, "case"),
        (SupportKind.PASSAGE, "p"),
        (SupportKind.FINDING, "f"),
        (SupportKind.REQUEST, "request"),
    ]
    supports = [Support(kind, key, Span.of(case, 0, len(case))) for kind, key in kinds] if case else []
    checked = verify_sentence(text, supports, sources)
    assert checked.verdict in Verdict
    assert bool(checked.problems) is (checked.verdict is FAILED)


@given(_texts.filter(str.strip))
def test_a_sentence_that_is_its_support_word_for_word_passes(case: str) -> None:
    assert _of(case, case) is PASSED


_CHANGES = [
    (re.compile(r"\d"), lambda digit: str((int(digit) + 1) % 10)),
    (re.compile(r"\b(?:left|right)\b"), lambda side: {"left": "right", "right": "left"}[side]),
    (re.compile(r"\b(?:naproxen|ibuprofen)\b"), lambda _: "tramadol"),
    (re.compile(r"\b(?:physical therapy|acupuncture|chiropractic)\b"), lambda _: "massage"),
]


@given(st.data())
def test_a_changed_digit_side_drug_or_therapy_fails(data: st.DataObject) -> None:
    example = data.draw(st.sampled_from(GOOD))
    places = [(m, change) for pattern, change in _CHANGES for m in pattern.finditer(example.text)]
    if not places:
        return
    match, change = data.draw(st.sampled_from(places))
    wrong = example.text[: match.start()] + change(match.group()) + example.text[match.end() :]
    assert verify_sentence(wrong, example.supports, example.sources).verdict is FAILED, wrong


@pytest.mark.parametrize(
    ("citations", "verdict"),
    [
        pytest.param({"p": "ODG, Section(s): Knee, Braces"}, PASSED, id="no passage of the MTUS"),
        pytest.param({"p": "MTUS Knee Complaints 2004"}, FAILED, id="a passage of the MTUS"),
    ],
)
def test_a_guidelines_silence_is_held_against_the_passages_of_the_issue(
    citations: dict[str, str], verdict: Verdict
) -> None:
    request = "Knee scooter"
    sources = Sources("", {"p": "A scooter is for a foot that may bear no weight."}, {}, request, citations)
    support = Support(SupportKind.REQUEST, "request", Span(0, len(request), request))
    text = "The MTUS passages held here do not address the requested knee scooter."
    assert verify_sentence(text, [support], sources).verdict is verdict
