"""Letters of each layout, in our own words, and the real ones where they are at hand."""

from __future__ import annotations

import json
import re
import textwrap
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import CitedGuideline, Determination, Outcome
from assistant.reading.files import read_file
from assistant.reading.letters import looks_like_letter, read_letter

PARAGRAPHS = [
    "Case Number: CM16-0999001",
    "Date Assigned: 11/23/2016 Date of Injury: 10/16/2016",
    "Decision Date: 12/21/2016 UR Denial Date: 10/20/2016",
    "Priority: Standard Application",
    "Received:",
    "11/15/2016",
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "An expert reviewer read the whole file and has no tie to any of the parties, as the law asks of every reviewer.",
    "The Expert Reviewer has the following credentials:",
    "State(s) of Licensure: California, Nevada",
    "Certification(s)/Specialty: Occupational Medicine, Family Practice",
    "CLINICAL CASE SUMMARY",
    "The expert reviewer developed the following clinical case summary based on a review of the case file, "
    "including all medical records:",
    "A 50 year old baker hurt the right wrist on 10-16-2016 when a tray fell on it. He wears a splint and "
    "takes ibuprofen, and he went back to light work after a week of rest.",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "The Final Determination was based on decisions for the disputed items/services set forth below:",
    "Splint: right wrist, custom made: Overturned",
    "Claims Administrator guideline: The Claims Administrator did not cite any medical evidence for its decision.",
    "MAXIMUS guideline: Decision based on MTUS Forearm, Wrist, and Hand Complaints 2004, Section(s): Initial Care.",
    "Decision rationale: A splint is a first step for a sprained wrist, and this wrist is sprained by every "
    "finding in the file. The requested splint is medically necessary.",
    "Hand therapy 12 visits was the original request. Hand therapy 6 visits was authorized by the Claims "
    "Administrator. The "
    "remaining IMR eligible portion of the original request, Hand therapy 6 visits is: Upheld",
    "Claims Administrator guideline: Decision based on MTUS Chronic Pain Medical Treatment 2016.",
    "MAXIMUS guideline: The Expert Reviewer based their decision on recommendation(s) outside of the MTUS "
    "Guidelines. Decision based on Non-MTUS Citation Official Disability Guidelines (ODG) Forearm, Therapy.",
    "Decision rationale: Six visits were certified and none of them has taken place so far. Whether more would "
    "help cannot be told before.",
    "The requested further six visits are not medically necessary.",
]


def wrapped(paragraphs: list[str], width: int) -> str:
    """The paragraphs as lines of at most `width` characters, nothing between them, as PDF text has them."""
    lines = [textwrap.wrap(paragraph, width, break_on_hyphens=False) for paragraph in paragraphs]
    return "\n".join(line for paragraph in lines for line in paragraph) + "\n"


LATE_2016 = wrapped(PARAGRAPHS, 92)

SPACED_2015 = """\
HOW THE IMR FINAL DETERMINATION WAS MADE

An expert reviewer read the file.

The Expert Reviewer has the following credentials:

State(s) of Licensure: Oregon

Certification(s)/Specialty: Acupuncture



CLINICAL CASE SUMMARY

The expert reviewer developed the following clinical case summary based on a review of the

case file, including all medical records:



The worker is a 44 year old gardener with neck pain since 5/6/2012, which massage did not

relieve.



IMR DECISION(S) AND RATIONALE(S)

The Final Determination was based on decisions for the disputed items/services set forth below:



1. Massage, 4 visits, neck: Upheld



Claims Administrator guideline: Decision based on MTUS Chronic Pain Treatment Guidelines

Massage Page(s): 60.



MAXIMUS guideline: Decision based on MTUS Chronic Pain Treatment Guidelines Massage

Page(s): 60.



Decision rationale: Massage was tried and did not help. A further course is not medically

necessary.
"""

PROSE_2013 = """\
Notice of Independent Medical Review Determination
Dated: 9/26/2013
Date of Injury: 8/28/2001
MAXIMUS Case Number: CM13-0999002
1) MAXIMUS Federal Services, Inc. has determined the request for a four week
course of work hardening is notmedically necessary and appropriate.
2) MAXIMUS Federal Services, Inc. has determined the request for one elbow
sleeve is medically necessary and appropriate.
INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE
An application was filed on 9/6/2013 disputing the Utilization Review Denial dated
8/30/2013. A Notice of Assignment and Request for Information was provided to the
above parties on 9/23/2013. A decision has been made for each of the services in dispute:
1) MAXIMUS Federal Services, Inc. has determined the request for a four week
course of work hardening is notmedically necessary and appropriate.
2) MAXIMUS Federal Services, Inc. has determined the request for one elbow
sleeve is medically necessary and appropriate.
Medical Qualifications of the Expert Reviewer:
The physician reviewer is Board Certified in Pain Medicine and is licensed to practice
in Ohio. He/she is in active practice.
Case Summary:
Disclaimer: The following case summary was taken directly from the utilization review
denial/modification dated August 30, 2013.
A roofer of 39 years has had a sore elbow for years.
Documents Reviewed for Determination:
The application, and the notes of two visits.
1) Regarding the request for a four week course of work hardening:
Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert
Reviewer to Make His/Her Decision
The Claims Administrator based its decision on the Chronic Pain Medical Treatment
Guidelines, page 125, Work hardening, part of the MTUS. The Expert Reviewer found the
guidelines used by the Claims Administrator relevant and appropriate.
Rationale for the Decision:
No job is defined that the course would lead to. The request is not medically necessary.
2) Regarding the request for one elbow sleeve:
Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert
Reviewer to Make His/Her Decision
The Claims Administrator based its decision on no guideline. The Expert Reviewer relied
on the ACOEM Guidelines, Chapter 10, Elbow Complaints, part of the MTUS.
Rationale for the Decision:
A sleeve is a mild measure and fits the findings. The request is medically necessary.
Effect of the Decision:
The decision binds all parties.
Sincerely,
"""

TURN_OF_2013 = """\
Case Number: CM13-0999003 Date Assigned: 12/04/2013
Date of Injury: March 5, 2011
Decision Date: 02/03/2014 UR Denial Date: 09/20/2013
Priority: Expedited Application Received: 10/02/2013
HOW THE IMR FINAL DETERMINATION WAS MADE
The physician reviewer is Board Certified in Family Practice, has a subspecialty in Sports
Medicine and is licensed to practice in Texas. He/she is in active practice.
DOCUMENTS REVIEWED
The file.
CLINICAL CASE SUMMARY
A 44 year old roofer has back pain.
IMR DECISION(S) AND RATIONALE(S)
The Final Determination was based on decisions for the disputed items/services set forth below:
1. Tizanidine 4mg #90 is not medically necessary and appropriate.
The Claims Administrator based its decision on the MTUS Chronic Pain Guidelines.
The Physician Reviewer based his/her decision on the Chronic Pain Medical Treatment
Guidelines, Muscle relaxants, pages 63-66, which is part of the MTUS.
The Physician Reviewer's decision rationale: No spasm was found at any visit. The request for
Tizanidine is not medically necessary and appropriate.
2. One back brace is medically necessary and appropriate.
The Claims Administrator based its decision on the ACOEM Guidelines.
The Physician Reviewer based his/her decision on the Official Disability Guidelines (ODG),
Low Back Chapter, Braces.
The Physician Reviewer's decision rationale: The fracture is new and a brace is apt. One back
brace is medically necessary and appropriate.
/jr
"""

FORM_2013 = """\
MEDICAL PROFESSIONAL REVIEW
ISSUE AT DISPUTE:
One pair of insoles
CASE SUMMARY:
A waiter has sore feet.
DOCUMENTS REVIEWED FOR DETERMINATION:
One note.
MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL
REVIEWER AND WHY:
ACOEM, Chapter 14, Ankle and Foot Complaints.
RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT
MEDICALLY NECESSARY:
No diagnosis is stated that insoles would treat.
MEDICAL REVIEWER QUALIFICATIONS:
A podiatrist.
"""
ERAS = {
    "late 2016": LATE_2016,
    "2015, spaced": SPACED_2015,
    "2013, prose": PROSE_2013,
    "turn of 2013": TURN_OF_2013,
    "early 2013, form": FORM_2013,
}


def test_a_letter_of_late_2016_is_read_in_full() -> None:
    letter = read_letter(LATE_2016)
    assert letter.warnings == ()
    assert (letter.case_number, letter.priority) == ("CM16-0999001", "Standard")
    assert (letter.date_of_injury, letter.date_assigned) == (date(2016, 10, 16), date(2016, 11, 23))
    assert (letter.decision_date, letter.ur_denial_date) == (date(2016, 12, 21), date(2016, 10, 20))
    assert letter.reviewer_licensure == "California, Nevada"
    assert letter.reviewer_specialty == "Occupational Medicine, Family Practice"
    assert letter.case_summary is not None
    assert letter.case_summary.startswith("A 50 year old baker hurt")
    assert letter.case_summary.endswith("light work after a week of rest.")
    first, second = letter.decisions
    assert (first.service, first.outcome) == ("Splint: right wrist, custom made", Outcome.OVERTURNED)
    assert (
        first.claims_administrator_guideline
        == "The Claims Administrator did not cite any medical evidence for its decision."
    )
    assert first.guidelines == (CitedGuideline("MTUS Forearm, Wrist, and Hand Complaints 2004", ("Initial Care",)),)
    assert first.rationale is not None
    assert first.rationale.endswith("The requested splint is medically necessary.")
    assert second.service == (
        "Hand therapy 12 visits was the original request. Hand therapy 6 visits was authorized by the Claims "
        "Administrator. The remaining IMR eligible portion of the original request, Hand therapy 6 visits is"
    )
    assert second.outcome is Outcome.UPHELD
    assert second.guidelines == (CitedGuideline("outside MTUS"), CitedGuideline("ODG", ("Forearm, Therapy",)))
    assert second.rationale is not None
    assert second.rationale.endswith(
        "cannot be told before. The requested further six visits are not medically necessary."
    )


def test_a_spaced_letter_without_a_head_names_what_is_missing() -> None:
    letter = read_letter(SPACED_2015)
    assert letter.case_number is None
    assert letter.case_summary == (
        "The worker is a 44 year old gardener with neck pain since 5/6/2012, which massage did not relieve."
    )
    (decision,) = letter.decisions
    assert (decision.service, decision.outcome) == ("Massage, 4 visits, neck", Outcome.UPHELD)
    assert decision.guidelines == (CitedGuideline("MTUS Chronic Pain Medical Treatment 2009", ("Massage",)),)
    assert decision.rationale == "Massage was tried and did not help. A further course is not medically necessary."
    assert set(letter.warnings) == {
        "The case number was not found.",
        "The date of injury was not found.",
        "The date of assignment was not found.",
        "The decision date was not found.",
        "The date of the UR denial was not found.",
        "The priority was not found.",
    }


def test_a_prose_letter_of_2013_is_read_in_full() -> None:
    letter = read_letter(PROSE_2013)
    assert letter.warnings == ("The priority was not found.",)
    assert letter.case_number == "CM13-0999002"
    assert (letter.decision_date, letter.date_of_injury) == (date(2013, 9, 26), date(2001, 8, 28))
    assert (letter.ur_denial_date, letter.date_assigned) == (date(2013, 8, 30), date(2013, 9, 23))
    assert (letter.reviewer_specialty, letter.reviewer_licensure) == ("Pain Medicine", "Ohio")
    assert letter.case_summary == "A roofer of 39 years has had a sore elbow for years."
    first, second = letter.decisions
    assert (first.service, first.outcome) == ("a four week course of work hardening", Outcome.UPHELD)
    assert first.claims_administrator_guideline is not None
    assert first.claims_administrator_guideline.startswith("The Claims Administrator based its decision")
    assert first.guidelines == (CitedGuideline("MTUS Chronic Pain Medical Treatment 2009", ("Work hardening",)),)
    assert first.rationale == "No job is defined that the course would lead to. The request is not medically necessary."
    assert (second.service, second.outcome) == ("one elbow sleeve", Outcome.OVERTURNED)
    assert second.guidelines == (CitedGuideline("MTUS Elbow Complaints 2007"),)
    assert second.rationale == "A sleeve is a mild measure and fits the findings. The request is medically necessary."


def test_a_letter_of_the_turn_of_2013_is_read_in_full() -> None:
    letter = read_letter(TURN_OF_2013)
    assert letter.warnings == ()
    assert (letter.priority, letter.date_of_injury) == ("Expedited", date(2011, 3, 5))
    assert (letter.reviewer_specialty, letter.reviewer_licensure) == ("Family Practice", "Texas")
    first, second = letter.decisions
    assert (first.service, first.outcome) == ("Tizanidine 4mg #90", Outcome.UPHELD)
    assert first.guidelines == (CitedGuideline("MTUS Chronic Pain Medical Treatment 2009", ("Muscle relaxants",)),)
    assert (second.service, second.outcome) == ("One back brace", Outcome.OVERTURNED)
    assert second.guidelines == (CitedGuideline("ODG", ("Low Back Chapter, Braces",)),)
    assert second.rationale is not None
    assert second.rationale.endswith("medically necessary and appropriate.")


def test_the_form_of_early_2013_holds_one_decision() -> None:
    letter = read_letter(FORM_2013)
    (decision,) = letter.decisions
    assert (decision.service, decision.outcome) == ("One pair of insoles", Outcome.UPHELD)
    assert decision.rationale == "No diagnosis is stated that insoles would treat."
    assert decision.guidelines == (CitedGuideline("MTUS Ankle and Foot Complaints 2004"),)
    assert letter.case_summary == "A waiter has sore feet."


RELAID = {
    "lines in one": lambda text: re.sub(r"\s+", " ", text),
    "paragraph a line": lambda text: re.sub(r"(?<=[a-z,]) ?\n(?=[a-z(])", " ", text),
    "blank line after each": lambda text: text.replace("\n", "\n\n"),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "indented": lambda text: "\n".join(f"    {line}" for line in text.split("\n")),
    "footers": lambda text: text.replace(
        "MAXIMUS guideline", "Final Determination Letter for IMR Case Number CM16-0999001\n2\f\nMAXIMUS guideline", 1
    ),
    "running head": lambda text: text.replace(
        "Decision rationale", "Page 2 of 3\f\nCase Number: CM16-0999001\nDecision rationale", 1
    ),
    "markdown": lambda text: re.sub(r"^([A-Z ,]{12,})$", r"## \1", text, flags=re.M)
    .replace("Decision rationale:", "**Decision rationale:**")
    .replace("MAXIMUS guideline:", "**MAXIMUS guideline:**"),
}  # fmt: skip


@pytest.mark.parametrize("name", RELAID)
def test_the_layout_of_the_file_changes_nothing(name: str) -> None:
    assert read_letter(RELAID[name](LATE_2016)) == read_letter(LATE_2016)


def test_parts_in_another_order_are_found() -> None:
    head, how, summary, decisions = re.split(r"(?m)^(?=HOW THE|CLINICAL CASE|IMR ISSUES)", LATE_2016)
    swapped = head + summary + decisions + how
    assert read_letter(swapped) == read_letter(LATE_2016)
    issue = (
        "Splint: Overturned\nDecision rationale: It fits.\n"
        "MAXIMUS guideline: Decision based on MTUS Elbow Complaints 2007.\n"
    )
    (decision,) = read_letter("IMR ISSUES, DECISIONS AND RATIONALES\n" + issue).decisions
    assert (decision.rationale, decision.reviewer_guideline) == (
        "It fits.",
        "Decision based on MTUS Elbow Complaints 2007.",
    )


@pytest.mark.parametrize(
    ("removed", "warning"),
    [
        pytest.param(r"Case Number: .*\n", "The case number was not found.", id="case number"),
        pytest.param(r"Decision Date: \S+", "The decision date was not found.", id="decision date"),
        pytest.param(r"(?s)CLINICAL CASE SUMMARY.*?(?=IMR ISSUES)", "The case summary was not found.", id="summary"),
        pytest.param(
            r"(?s)Decision rationale.*?necessary\.\n", "Decision 1: the rationale was not found.", id="rationale"
        ),
        pytest.param(
            r"(?s)MAXIMUS guideline.*?Care\.\n", "Decision 1: the reviewer's guideline was not found.", id="guideline"
        ),
        pytest.param(r": Overturned", "Decision 1: the outcome is neither Upheld nor Overturned.", id="outcome"),
        pytest.param(r"IMR ISSUES.*\n.*\n", "The heading of the decisions was not found.", id="heading"),
    ],
)
def test_what_is_missing_is_named_and_the_rest_is_read(removed: str, warning: str) -> None:
    letter = read_letter(re.sub(removed, "", LATE_2016, count=1))
    assert letter.warnings == (warning,)
    assert len(letter.decisions) == 2
    assert letter.decisions[1] == read_letter(LATE_2016).decisions[1]


def test_a_date_that_is_none_is_said_to_be_unreadable() -> None:
    letter = read_letter(LATE_2016.replace("12/21/2016", "13/45/2016"))
    assert (letter.decision_date, letter.warnings) == (None, ("The decision date could not be read as a date.",))


def test_a_third_outcome_is_no_outcome() -> None:
    letter = read_letter(LATE_2016.replace("made: Overturned", "made: Modified"))
    assert letter.decisions[0].service == "Splint: right wrist, custom made"
    assert letter.decisions[0].outcome is None
    assert letter.warnings == ("Decision 1: the outcome is neither Upheld nor Overturned.",)


@pytest.mark.parametrize(
    ("heading", "service", "outcome"),
    [
        pytest.param("Knee brace: Upheld", "Knee brace", Outcome.UPHELD, id="plain"),
        pytest.param("MRI: left knee: Overturned", "MRI: left knee", Outcome.OVERTURNED, id="colon in the service"),
        pytest.param("PT x12 (modified to 6): Upheld", "PT x12 (modified to 6)", Outcome.UPHELD, id="partly certified"),
        pytest.param("1. Gel 5%, DOS: 1/2/2016: Upheld", "Gel 5%, DOS: 1/2/2016", Outcome.UPHELD, id="numbered"),
        pytest.param("12 visits of therapy: Upheld", "12 visits of therapy", Outcome.UPHELD, id="a count is no number"),
        pytest.param("Care of the\nright hip:\nUpheld", "Care of the right hip", Outcome.UPHELD, id="outcome below"),
        pytest.param("continuation of care:Upheld ", "continuation of care", Outcome.UPHELD, id="no blank"),
    ],
)  # fmt: skip
def test_heading(heading: str, service: str, outcome: Outcome) -> None:
    decision = read_letter(LATE_2016.replace("Splint: right wrist, custom made: Overturned", heading)).decisions[0]
    assert (decision.service, decision.outcome) == (service, outcome)


def test_twenty_one_issues_are_read_in_order() -> None:
    issue = (
        "{n}. Item {n}, for the hand: {o}\nClaims Administrator guideline: Decision based on MTUS Elbow "
        "Complaints 2007.\n"
        "MAXIMUS guideline: Decision based on MTUS Knee Complaints 2004.\nDecision rationale: Reason {n}.\n"
    )
    text = "IMR ISSUES, DECISIONS AND RATIONALES\n" + "".join(
        issue.format(n=n, o="Overturned" if n % 3 == 0 else "Upheld") for n in range(1, 22)
    )
    decisions = read_letter(text).decisions
    assert [decision.service for decision in decisions] == [f"Item {n}, for the hand" for n in range(1, 22)]
    assert [decision.rationale for decision in decisions] == [f"Reason {n}." for n in range(1, 22)]
    assert sum(decision.outcome is Outcome.OVERTURNED for decision in decisions) == 7


def test_a_text_that_is_no_letter_is_told_apart() -> None:
    assert not looks_like_letter("A 50 year old baker hurt the wrist. UR denied a splint.")
    assert not looks_like_letter("")
    assert all(looks_like_letter(text) for text in ERAS.values())
    assert read_letter("A baker hurt the wrist.").decisions == ()
    assert "No decision was found." in read_letter("A baker hurt the wrist.").warnings


def test_an_illustrative_letter_is_marked_so() -> None:
    front = "---\nillustrative: true\n---\n"
    assert read_letter(front + LATE_2016, illustrative=True).illustrative
    assert read_letter(front + LATE_2016).decisions == read_letter(LATE_2016).decisions


# --- for any text ---------------------------------------------------------------------------------------------


def _texts(letter: Determination) -> list[str]:
    own = [letter.case_summary, letter.reviewer_specialty, letter.priority]
    for decision in letter.decisions:
        own += [
            decision.service,
            decision.rationale,
            decision.reviewer_guideline,
            decision.claims_administrator_guideline,
        ]
    return [text for text in own if text]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\f]", "", text)


@st.composite
def mangled_letters(draw: st.DrawFn) -> str:
    """A letter with lines dropped, doubled, swapped, cut or broken."""
    lines = draw(st.sampled_from(list(ERAS.values()))).split("\n")
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["drop", "double", "swap", "cut", "noise", "page"]))
        if change == "drop" and len(lines) > 1:
            del lines[at]
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif change == "cut":
            lines[at] = lines[at][: other % 40]
        elif change == "page":
            lines[at] += "\f"
        else:
            lines[at] = draw(st.text(max_size=12))
    return "\n".join(lines)


@settings(deadline=None)
@given(mangled_letters())
def test_a_mangled_letter_gives_its_own_words_and_names_what_it_lacks(text: str) -> None:
    letter = read_letter(text)
    words = set(re.findall(r"\w+", re.sub(r"-\s+", "-", text))) | set(re.findall(r"\w+", text))
    for part in _texts(letter):
        assert set(re.findall(r"\w+", part)) <= words
    missing = [
        value
        for decision in letter.decisions
        for value in (decision.rationale, decision.reviewer_guideline)
        if not value
    ]
    missing += [decision.outcome for decision in letter.decisions if decision.outcome is None]
    missing += [decision.service for decision in letter.decisions if not decision.service]
    assert sum(warning.startswith("Decision ") for warning in letter.warnings) >= len(missing)
    if letter.case_summary is None:
        assert "The case summary was not found." in letter.warnings
    if not letter.decisions:
        assert "No decision was found." in letter.warnings


@settings(deadline=None)
@given(st.sampled_from([LATE_2016, SPACED_2015, TURN_OF_2013]), st.floats(0, 1))
def test_a_sentence_anywhere_in_the_decisions_is_kept_or_reported(text: str, share: float) -> None:
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("IMR ")) + 1
    at = start + int(share * (len(lines) - 1 - start))
    letter = read_letter("\n".join([*lines[:at], "Zzyzx was seen.", *lines[at:]]))
    assert "Zzyzx" in " ".join(_texts(letter)) or any("was not read" in warning for warning in letter.warnings)


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from([*LATE_2016.split("\n"), "\f", "", "Upheld", ": Upheld"])).map("\n".join))
def test_any_text_is_read_without_failing(text: str) -> None:
    letter = read_letter(text)
    assert all(warning.endswith(".") for warning in letter.warnings)


@settings(deadline=None)
@given(st.integers(45, 125), st.sampled_from(["", " "]))
def test_the_width_of_the_lines_changes_nothing(width: int, line_end: str) -> None:
    """Headings are told from the rationales before them at each width, with and without the blank of a wrapped line."""
    text = wrapped(PARAGRAPHS, width)
    for paragraph in PARAGRAPHS if line_end else ():
        lines = textwrap.wrap(paragraph, width, break_on_hyphens=False)
        text = text.replace("\n".join(lines), f"{line_end}\n".join(lines))
    assert read_letter(text) == read_letter(LATE_2016)


def test_a_hyphen_at_a_line_end_takes_no_blank() -> None:
    letter = read_letter(LATE_2016.replace("right wrist on", "right-\nsided wrist on"))
    assert letter.case_summary is not None
    assert "the right-sided wrist" in letter.case_summary


# --- real letters ---------------------------------------------------------------------------------------------

FIELDS = ("outcome", "service", "claims_administrator_guideline", "reviewer_guideline", "rationale")


def _iso(american: str) -> date:
    month, day, year = (int(part) for part in american.split("/"))
    return date(year, month, day)


def _head_misses(letter: Determination, gold: dict[str, object]) -> list[str]:
    misses = [
        f"{name}: {getattr(letter, name)} for {gold[name]}"
        for name in ("date_of_injury", "date_assigned", "decision_date", "ur_denial_date")
        if getattr(letter, name) != _iso(str(gold[name]))
    ]
    for name in ("case_number", "priority", "reviewer_licensure", "case_summary"):
        if _squeezed(str(getattr(letter, name))) != _squeezed(str(gold[name])):
            misses.append(f"{name} differs")
    # the hand-made reading stops at the end of the first line of a specialty that runs on
    if not _squeezed(str(letter.reviewer_specialty)).startswith(_squeezed(str(gold["reviewer_specialty"]))):
        misses.append("reviewer_specialty differs")
    return misses


@pytest.mark.letters
def test_real_letters_equal_their_hand_made_reading(letters_dir: Path) -> None:
    misses: list[str] = []
    issues = right = 0
    for line in (letters_dir / "gold.jsonl").read_text().splitlines():
        gold = json.loads(line)
        number = gold["case_number"]
        letter = read_letter(read_file(letters_dir / "letters" / f"{number}.pdf").text)
        misses += [f"{number} {miss}" for miss in _head_misses(letter, gold)]
        misses += [f"{number} {warning}" for warning in letter.warnings]
        issues += len(gold["issues"])
        if len(letter.decisions) != len(gold["issues"]):
            misses.append(f"{number}: {len(letter.decisions)} decisions for {len(gold['issues'])}")
        for position, (expected, decision) in enumerate(zip(gold["issues"], letter.decisions, strict=False), 1):
            wrong = [
                name for name in FIELDS if _squeezed(str(expected[name])) != _squeezed(str(getattr(decision, name)))
            ]
            labels = {entry.guideline for entry in decision.guidelines}
            wrong += [label for label in expected["guidelines"] if label not in labels]
            right += not wrong
            misses += [f"{number} decision {position}: {', '.join(wrong)}"] if wrong else []
    listed = "\n".join(misses)
    assert issues
    assert right / issues >= 0.99, listed
    assert not misses, listed


@pytest.mark.letters
def test_the_letter_without_a_head_holds_one_upheld_decision(letters_dir: Path) -> None:
    letter = read_letter(read_file(letters_dir / "seed_acupuncture_letter.txt").text)
    (decision,) = letter.decisions
    assert letter.case_number is None
    assert (decision.service, decision.outcome) == ("Acupuncture for the Low Back, 6 sessions", Outcome.UPHELD)
    assert decision.guidelines == (CitedGuideline("MTUS Acupuncture Treatment 2007"),)
    assert decision.rationale is not None
    assert decision.rationale.startswith("The guidelines note")
    assert decision.rationale.endswith("for medical necessity.")
    assert letter.case_summary is not None
    assert letter.case_summary.endswith("6 sessions of acupuncture for the low back.")
