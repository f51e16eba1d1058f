"""One row for each form that is hidden, and for each that must stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from assistant.privacy import Deidentifier

HIDDEN = [
    ("Seen by Dr. Okonkwo today.", ["Okonkwo"]),
    ("Ms. Adeyemi reports pain.", ["Adeyemi"]),
    ("Chidi A. Okonkwo, M.D., signed.", ["Chidi A. Okonkwo"]),
    ("Mark Young, D.O., signed.", ["Mark Young"]),
    ("Patient: Okonkwo, Chidi", ["Okonkwo, Chidi"]),
    ("PATIENT NAME: CHIDI OKONKWO", ["CHIDI OKONKWO"]),
    ("The applicant, Zsófia Szalai, fell.", ["Zsófia Szalai"]),
    ("His wife, Ngozi, drives.", ["Ngozi"]),
    ("J.S. is a 45 year old man.", ["J.S."]),
    ("Dr. van der Okonkwo agreed.", ["van der Okonkwo"]),
    ("Ms. O'Okonkwo-Nagy's pain", ["O'Okonkwo-Nagy"]),
    ("Mr. Baker has a Baker's cyst. Baker denies pain.", ["Baker", "Baker"]),
    ("03/14/2015; 3-14-15; 2015-03-14", ["03/14/2015", "3-14-15", "2015-03-14"]),
    ("March 14, 2015 and 14 Mar 2015", ["March 14, 2015", "14 Mar 2015"]),
    ("since March 2015; in 03/2015", ["March 2015", "03/2015"]),
    ("seen on 3/14 and on March 14", ["3/14", "March 14"]),
    ("from 3/14-3/20/2015", ["3/14", "3/20/2015"]),
    ("March 14-16, 2015", ["March 14-16, 2015"]),
    ("injured 03/14/\n2015 at work", ["03/14/\n2015"]),
    ("a ninety-two year old and a 101 y/o", ["ninety-two", "101"]),
    ("CM15-0001234 and ADJ9876543", ["CM15-0001234", "ADJ9876543"]),
    ("Claim No.: 2015-00123 and MRN 889123", ["2015-00123", "889123"]),
    ("SSN: 123-45-6789", ["123-45-6789"]),
    ("DEA BK1234567, NPI: 1234567893, License #A12345", ["BK1234567", "1234567893", "A12345"]),
    ("call (213) 555-0142 or 213.555.0143 x12", ["(213) 555-0142", "213.555.0143 x12"]),
    (
        "a.b@example.org, https://example.org/x?y=1, 192.168.1.77",
        ["a.b@example.org", "https://example.org/x?y=1", "192.168.1.77"],
    ),
    (
        "lives at 1200 North Okonkwo Street Apt. 4, Fresno, CA 93701",
        ["1200 North Okonkwo Street Apt. 4", "Fresno, CA 93701"],
    ),
    ("She works for Okonkwo Foods as a packer.", ["Okonkwo Foods"]),
    ("Employer: Pearson and Sons", ["Pearson and Sons"]),
    ("at St. Okonkwo's Hospital", ["St. Okonkwo's Hospital"]),
    ("at Okonkwo Orthopedic Group", ["Okonkwo Orthopedic Group"]),
    ("Okonkwo Pharmacy refilled it", ["Okonkwo Pharmacy"]),
    ("Carrier: Okonkwo Indemnity", ["Okonkwo Indemnity"]),
    ("stimulator serial no. SN-4455-991", ["SN-4455-991"]),
]
KEPT = [
    "L5-S1, C5-6 and L4/5 with strength 5/5, pain 2/10, BP 120/80, 12/24 visits",
    "grip by Jamar 18/20/18; ROM 90/180 degrees; ICD-10 M54.16, CPT 97110-59, HCPCS J7325",
    "Spurling, Tinel's, Phalen, Lasegue, Finkelstein, McMurray, Lachman, Hawkins and Neer tests",
    "FABER/Patrick positive, Kemp negative, Waddell 0/5, Hoffmann and Babinski absent",
    "Parkinson disease, Baker's cyst, de Quervain, Colles fracture, Dupuytren, Morton neuroma, Bankart, Hill-Sachs",
    "Oswestry 40, Epworth 12, Beck 20, Zung 60, Roland-Morris 14; a Cochrane review",
    "MTUS Chronic Pain (ACOEM May 15, 2017), MTUS Low Back Complaints 2004, ODG",
    "You may return. Will mark the chart; the bill rose. Grant the request for a young man.",
    "Norco 10/325 mg #60, MS Contin 15 mg, Lyrica, Flexeril, Terocin, Lidoderm 5%",
    "Tenderness of the Trapezius. Range of Motion full. Home Exercise Program. Urgent Care visit.",
    "an 89-year-old man; BMI 92; 95% saturation; 90 degrees; 90 tablets",
]


def _originals(case: Deidentifier, text: str) -> Sequence[str]:
    return [one.original for one in case.hide(text).replacements]


@pytest.mark.parametrize(("text", "originals"), HIDDEN)
def test_hidden(new_case: Callable[..., Deidentifier], text: str, originals: list[str]) -> None:
    assert _originals(new_case(), text) == originals


@pytest.mark.parametrize("text", KEPT)
def test_kept(new_case: Callable[..., Deidentifier], text: str) -> None:
    assert _originals(new_case(), text) == []


@pytest.mark.parametrize("piece", ["O'", "A-", "\n", "1-", "a.", "Okonkwo, ", "[PERSON-", "the of "])
def test_a_long_run_of_one_thing_is_no_trap(new_case: Callable[..., Deidentifier], piece: str) -> None:
    case = new_case()
    text = piece * 5000
    assert case.restore(case.hide(text).text) == text
