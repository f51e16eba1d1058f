"""The appeal check: each check sees five planted faults, and no check speaks on their clean twins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted_faults import (
    AGE_ASKED,
    GAP,
    HAD,
    MISSING,
    PERSON,
    PLANTED,
    SLOT,
    Pair,
    beside,
    ending,
    issue,
    letter,
    of_case,
    own,
)

from assistant.domain import Draft, Move, Sentence, Verdict
from assistant.drafting.checks import CHECKS, appeal_checks

ROWS = [
    pytest.param(name, pair, id=f"{name}-{n}") for name, pairs in PLANTED.items() for n, pair in enumerate(pairs, 1)
]


def ids(draft: Draft) -> list[str]:
    return [check.id for check in appeal_checks(draft)]


def test_every_check_has_five_planted_faults() -> None:
    assert {name: len(pairs) for name, pairs in PLANTED.items()} == {check.id: 5 for check in CHECKS}


def test_a_sound_draft_passes() -> None:
    assert appeal_checks(letter()) == ()


@pytest.mark.parametrize(("name", "pair"), ROWS)
def test_a_planted_fault_is_seen(name: str, pair: Pair) -> None:
    seen = [check for check in appeal_checks(pair[0]) if check.id == name]
    assert seen
    for check in seen:
        assert check.rule
        assert check.message.endswith((".", "”."))
        assert check.action.count(". ") == 0
        assert check.action.endswith(".")


@pytest.mark.parametrize(("name", "pair"), ROWS)
def test_on_its_clean_twin_no_check_speaks(name: str, pair: Pair) -> None:
    assert [(check.id, check.message) for check in appeal_checks(pair[1])] == []


def test_checks_are_named_once_and_stand_in_their_page() -> None:
    names = [check.id for check in CHECKS]
    assert len(set(names)) == len(names)
    page = (Path(__file__).parents[2] / "docs" / "appeal-check.md").read_text("utf-8")
    assert [name for name in names if f"`{name}`" not in page] == []


def test_a_check_says_where_it_looks_and_what_stands_against_it() -> None:
    (check,) = appeal_checks(letter(issue(own("She never took naproxen."))))
    assert (check.id, check.rule, check.level) == ("absence_found", "Labor Code 4610.6(h)(5)", "error")
    assert (check.issue, check.sentence, check.quote) == (0, 4, "naproxen")
    assert check.message == "The sentence calls naproxen absent; the summary says “naproxen”."


def test_an_empty_rationale_lacks_all_that_the_law_asks() -> None:
    empty = replace(issue(), sentences=())
    assert ids(letter(empty))[:5] == [
        "decision_stated",
        "condition_cited",
        "documents_cited",
        "findings_stated",
        "standard_cited",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Given the patient's age, more is not needed.",
        "Because of her sex this is denied.",
        "In view of his ethnic origin this was expected.",
        "Considering the worker’s advanced age, no.",
        "Because he is 67, a lasting gain is unlikely.",
        "Since she is elderly, more visits are of no use.",
        "He is too old for such an operation.",
        "At her age the knee does not heal.",
        "For a man of his age this is of no use.",
        "In a woman of 62 such a tear is left alone.",
        "Her age makes a gain unlikely.",
        "Advanced age precludes surgery here.",
        "Older workers rarely gain from this.",
        "Women tend to report more pain.",
        "As a Muslim she would not accept it.",
        "Hispanic patients often report more pain.",
        "His religion forbids the procedure.",
        "Because of his religious beliefs it would fail.",
        "Because he speaks only Spanish, therapy cannot help.",
        "She speaks little English and therefore cannot follow the program.",
        "Due to the language barrier, counseling is of no use.",
        "Because of her cultural background she will not follow it.",
        "On account of his disability the program is of no use.",
        "Her disability makes the program useless.",
        "Owing to her gender, a lighter brace will do.",
        "Based on her sexual orientation a test is asked for.",
        "Because of his skin color the finding is unsure.",
        "On the basis of nationality, no.",
        "Being a woman, she heals more slowly.",
        "Because she is disabled, she cannot gain.",
        "Because he has a disability, he would not gain.",
        "Since the patient is a 70-year-old, surgery is unwise.",
        "A 67-year-old does not need such a program.",
        "His advanced years speak against surgery.",
        "At this stage of life a gain is unlikely.",
        "Such wear is to be expected at 62.",
        "Someone of her age does not need an image.",
        "His age and weight make the result uncertain.",
        "Owing to her being a woman, a lighter course will do.",
        "Younger patients do better with this.",
        "Men recover faster than women.",
        "Her English is poor, so counseling will not work.",
        "Since she is an immigrant, follow-up is unlikely.",
    ],
)
def test_a_protected_trait_as_a_reason_is_seen_in_many_wordings(text: str) -> None:
    assert "protected_trait" in ids(letter(issue(own(text))))


@pytest.mark.parametrize(
    "text",
    [
        "This worker is a 67-year-old woman of middle height.",
        "The average length is two months.",
        "Due to the lack of gain it falls.",
        "Her strength is normal for her age.",
        "Because of age-related wear of the joint, imaging is of little use.",
        "Based on the Oswestry Disability Index, she is no better.",
        "Based on the Official Disability Guidelines this is the limit.",
        "Because he is 67 visits into it, more are not shown to help.",
        "Due to a positive culture of the wound, she takes an antibiotic.",
        "Based on the language of the chapter, a gain is needed.",
        "The summary says “given her age, more is not needed”.",
        "As a first course, six visits are usual.",
        "As a 55-year-old man with knee pain, he has had therapy.",
        "Given the age of the MRI, a new one is asked for.",
        "Due to the age of the injury, acute care is over.",
        "She has a permanent disability rating of 12 percent.",
        "Because the older image is from 2014, a new one is asked for.",
        "Because she is 12 weeks after surgery, the period is over.",
        "She speaks of pain at night.",
        "White blood cells are raised, and black stools are denied.",
        "Patients with this finding often gain from it.",
        "For this worker the rule asks for a gain.",
    ],
)
def test_a_trait_that_is_told_or_another_use_of_the_word_is_no_reason(text: str) -> None:
    assert "protected_trait" not in ids(letter(issue(own(text))))


@pytest.mark.parametrize(
    "text",
    [
        "There is no documentation of physical therapy.",
        "Prior physical therapy is not documented.",
        "It is not stated whether she had physical therapy.",
        "There is no evidence that physical therapy was tried.",
        "No trial of physical therapy is documented.",
        "No acupuncture, physical therapy or massage was had.",
        "She has not undergone physical therapy.",
        "No brace has been given.",
        "The records fail to mention an MRI.",
        "The summary is silent on numbness.",
        "Nothing is said of swelling.",
        "She has no swelling.",
    ],
)
def test_an_absence_of_what_the_case_has_is_seen_in_many_wordings(text: str) -> None:
    assert "absence_found" in ids(letter(issue(own(text))))


@pytest.mark.parametrize(
    "text",
    [
        "There is no documentation of acupuncture.",
        "She has no numbness.",
        "There is no swelling of the ankle.",
        "The summary does not state the dose of naproxen.",
        "The summary does not say who gave the brace.",
        "Physical therapy brought no lasting relief.",
        "She has not had physical therapy since the injection.",
        "She does not take naproxen every day.",
        "No more than 8 visits of physical therapy are usual.",
        "The summary says “no physical therapy is documented”.",
    ],
)
def test_an_absence_of_something_else_is_left_alone(text: str) -> None:
    assert "absence_found" not in ids(letter(issue(own(text))))


def test_a_denial_that_was_verified_against_the_case_is_the_cases_own() -> None:
    denied = Sentence("She has no swelling.", Move.FACTS, (of_case("She has swelling"),))
    assert "absence_found" in ids(letter(issue(denied)))
    assert "absence_found" not in ids(letter(issue(replace(denied, verdict=Verdict.PASSED))))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The summary documents functional improvement.", "No functional improvement is documented."),
        ("Weakness of the left foot is documented.", "The summary documents no weakness."),
        ("A urine drug screen was done.", "There is no urine drug screen."),
        ("She uses a TENS unit at home.", "A TENS unit has not been tried."),
        ("She completed 12 sessions of acupuncture.", "She has had eight sessions of acupuncture."),
        ("The left rotator cuff tear is large.", "She has a right rotator cuff tear."),
        ("She had surgery of the knee on 05/02/2015.", "The operation was on 06/02/2015."),
    ],
)
def test_two_issues_that_contradict_each_other_are_seen(first: str, second: str) -> None:
    assert {"said_and_denied", "different_values"} & set(ids(beside(second, second, first)[0]))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("She completed 12 sessions of acupuncture.", "She has had 8 visits of massage."),
        ("She had 12 sessions of acupuncture.", "The guideline allows 6 sessions of acupuncture."),
        ("She has had 4 of the 12 visits of acupuncture.", "She has had 4 visits of acupuncture."),
        ("The summary documents pain relief.", "No functional improvement is documented."),
        ("She takes gabapentin.", "The summary does not state the dose of gabapentin."),
        ("The summary states numbness of the left hand.", "There is no numbness of the foot."),
        ("The left knee is swollen.", "The right knee is not swollen."),
    ],
)
def test_two_issues_that_speak_of_different_things_are_left_alone(first: str, second: str) -> None:
    assert not {"said_and_denied", "different_values"} & set(ids(beside(second, second, first)[0]))


def test_age_may_be_a_reason_where_a_criterion_asks_it() -> None:
    raised = own("Given her age the risk is raised.")
    assert "protected_trait" in ids(letter(issue(raised)))
    assert "protected_trait" not in ids(letter(issue(raised, findings=(GAP, AGE_ASKED))))


def test_a_rule_that_speaks_of_necessity_is_no_conclusion() -> None:
    rule = Sentence("Three hours a day are medically necessary under this rule.", Move.RULE)
    assert ids(letter(issue(rule))) == []


def test_an_issue_that_waits_for_the_reviewer_is_not_called_short() -> None:
    waiting = issue(SLOT, without=(PERSON, MISSING, HAD))
    assert "length" not in ids(letter(waiting))


@given(st.text(max_size=300))
def test_any_typed_sentence_is_checked_without_a_fault(text: str) -> None:
    checks = appeal_checks(letter(issue(own(text), end=ending(text))))
    assert all(check.action and check.message for check in checks)


@pytest.mark.parametrize(
    "words", ["had no ", "the summary does not state ", "because of the his ", "is not documented "]
)
def test_a_text_of_cues_only_is_checked(words: str) -> None:
    assert "length" in ids(letter(issue(own(words * 1500))))
