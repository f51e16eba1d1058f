"""Guideline lines of all eras become labels and sections; one row per printed form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.citations import cited_guidelines, section_titles

CHRONIC_2009 = "MTUS Chronic Pain Medical Treatment 2009"
CHRONIC_2016 = "MTUS Chronic Pain Medical Treatment 2016"
HAND = "MTUS Forearm, Wrist, and Hand Complaints 2004"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param(
            "Decision based on MTUS Acupuncture Treatment 2007.", {"MTUS Acupuncture Treatment 2007": ()}, id="whole"
        ),
        pytest.param(
            "Decision based on MTUS Low Back Complaints 2004, Section(s): Special Studies, Summary.",
            {"MTUS Low Back Complaints 2004": ("Special Studies", "Summary")},
            id="two sections",
        ),
        pytest.param(
            "Decision based on MTUS Elbow Complaints 2007, Section(s): Diagnostic Criteria, and Forearm, "
            "Wrist, and Hand Complaints 2004, Section(s): Summary.",
            {"MTUS Elbow Complaints 2007": ("Diagnostic Criteria",), HAND: ("Summary",)},
            id="two documents, commas in the name",
        ),
        pytest.param(
            "Decision based on MTUS Acupuncture Treatment 2007, Shoulder Complaints 2004, and Chronic Pain Medical "
            "Treatment 2016.",
            {"MTUS Acupuncture Treatment 2007": (), "MTUS Shoulder Complaints 2004": (), CHRONIC_2016: ()},
            id="three documents",
        ),
        pytest.param(
            f"Decision based on {CHRONIC_2016}, Section(s): TENS, chronic pain (a, B). Decision based on "
            "Non-MTUS Citation Official Disability Guidelines (ODG), Pain Chapter, TENS.",
            {CHRONIC_2016: ("TENS, chronic pain (a, B)",), "ODG": ("Pain Chapter, TENS",)},
            id="MTUS and ODG",
        ),
        pytest.param(
            "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. "
            "Decision based on Non-MTUS Citation Official Disability Guidelines: Knee.",
            {"outside MTUS": (), "ODG": ("Knee",)},
            id="outside, ODG",
        ),
        pytest.param(
            "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. "
            "Decision based "
            "on Non-MTUS Citation ODG Hip and Other Medical Treatment Guidelines www.example.org/a.pdf.",
            {"outside MTUS": ("www.example.org/a.pdf",), "ODG": ("Hip",)},
            id="outside, two sources",
        ),
        pytest.param(
            "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. "
            "Decision based on Non-MTUS Citation A textbook of gloves, 2nd ed.",
            {"outside MTUS": ("A textbook of gloves, 2nd ed",)},
            id="outside, a book",
        ),
        pytest.param(
            "Decision based on MTUS Shoulder Complaints 2004. Decision based on Non-MTUS Citation ACOEM Practice "
            "Guidelines, 3rd ed.",
            {"MTUS Shoulder Complaints 2004": (), "ACOEM": ("ACOEM Practice Guidelines, 3rd ed",)},
            id="ACOEM beyond the MTUS",
        ),
        pytest.param(
            "Decision based on MTUS Chronic Pain Treatment Guidelines Opioids, criteria for use Page(s): 76-80, 124.",
            {CHRONIC_2009: ("Opioids, criteria for use",)},
            id="2014, pages",
        ),
        pytest.param(
            "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 303-305, Chronic Pain Treatment "
            "Guidelines Physical Medicine Page(s): 98-99.",
            {"MTUS Low Back Complaints 2004": (), CHRONIC_2009: ("Physical Medicine",)},
            id="2014, two documents",
        ),
        pytest.param(
            "The Expert Reviewer relied on the ACOEM Practice Guidelines, 2nd Edition (2004), Chapter 11 "
            "Forearm, Wrist, and Hand Complaints, page 264, part of the MTUS.",
            {HAND: ()},
            id="2013, chapter in prose",
        ),
        pytest.param(
            "The Physician Reviewer based his/her decision on the Official Disability Guidelines, Low Back "
            "Chapter, Braces.",
            {"ODG": ("Low Back Chapter, Braces",)},
            id="2013, an ODG chapter is no MTUS chapter",
        ),
        pytest.param(
            "Decision based on MTUS Low Back Disorders (ACOEM February 13, 2020), Section(s): Imaging.",
            {"MTUS Low Back Disorders (ACOEM February 13, 2020)": ("Imaging",)},
            id="since 2017",
        ),
        pytest.param(
            "The Claims Administrator did not cite any medical evidence for its decision.", {}, id="nothing cited"
        ),
        pytest.param(None, {}, id="no statement"),
    ],
)
def test_statement(statement: str | None, expected: dict[str, tuple[str, ...]]) -> None:
    assert {entry.guideline: entry.sections for entry in cited_guidelines(statement)} == expected


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        pytest.param("Initial Care", ("Initial Care",), id="one"),
        pytest.param("Section(s): Initial Care, Physical Methods", ("Initial Care", "Physical Methods"), id="two"),
        pytest.param("Capsaicin, topical (chili, Pepper)", ("Capsaicin, topical (chili, Pepper)",), id="small letter"),
        pytest.param(
            "NSAIDs, GI symptoms & risk, Opioids", ("NSAIDs, GI symptoms & risk", "Opioids"), id="known title"
        ),
        pytest.param("Knee, Forearm, Wrist, & Hand", ("Knee", "Forearm, Wrist, & Hand"), id="body parts of one title"),
        pytest.param(
            "3.1 Opioids: First, Second Step, 3.3.1 Opioids: Third",
            ("3.1 Opioids: First, Second Step", "3.3.1 Opioids: Third"),
            id="numbered",
        ),
        pytest.param("", (), id="none"),
    ],
)
def test_section_titles(text: str, titles: tuple[str, ...]) -> None:
    assert section_titles(text) == titles


PIECES = st.sampled_from(
    ["Decision based on", "MTUS", "Non-MTUS Citation", "Chronic Pain Medical Treatment 2016", ", Section(s):",
     "Page(s): 4",
     "Official Disability Guidelines (ODG)", "and", ",", ".", ";", "(", ")", "3.1 Opioids", "outside of the MTUS", "İ"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map(" ".join))
def test_any_statement_gives_distinct_labels_and_sections_in_its_own_words(statement: str) -> None:
    cited = cited_guidelines(statement)
    assert len({entry.guideline for entry in cited}) == len(cited)
    words = set(re.findall(r"\w+", statement))
    for section in (section for entry in cited for section in entry.sections):
        assert set(re.findall(r"\w+", section)) <= words
