"""A draft dated today for the most frequent kinds of service: chapter in force, no replaced rule, what to import."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import NO_LEAN
from assistant.service import Service
from assistant.settings import Settings

TODAY = date(2026, 11, 27)
LOW_BACK = "MTUS Low Back Disorders (ACOEM February 13, 2020)"
KNEE = "MTUS Knee Disorders (ACOEM December 3, 2019)"
HAND = "MTUS Hand, Wrist, and Forearm Disorders (ACOEM January 7, 2019)"
CHRONIC_PAIN = "MTUS Chronic Pain (ACOEM May 15, 2017)"
OPIOIDS = "MTUS Opioids (ACOEM April 20, 2017)"
BACK_CASE = (
    "A 44-year-old female packer injured her low back on 02/03/2026 while lifting a crate. "
    "She reports low back pain, 6 of 10. Lumbar flexion is 40 degrees with tenderness. "
    "The diagnosis is lumbar strain. She takes ibuprofen. "
)
KNEE_CASE = (
    "A 52-year-old male roofer twisted his right knee on 03/09/2026. He reports knee pain and locking. "
    "McMurray is positive. The diagnosis is a tear of the medial meniscus. "
)
WRIST_CASE = (
    "A 37-year-old female cook burned and strained her right wrist on 04/14/2026. She reports wrist pain and weak "
    "grip. The diagnosis is a wrist strain. "
)


@pytest.fixture(scope="module")
def service(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The program with its starter library."""
    folder = shutil.copytree(starter_dir, tmp_path_factory.mktemp("today") / "data")
    opened = Service.open(Settings(data_dir=Path(folder)))
    yield opened
    opened.close()


# In the order in which disputed services are frequent; a group of two kinds has a row for each.
@pytest.mark.parametrize(
    ("kind", "request_text", "case", "chapter"),
    [
        pytest.param("mri_lumbar", "MRI of the lumbar spine", BACK_CASE, LOW_BACK, id="mri_lumbar"),
        pytest.param(
            "physical_therapy",
            "Physical therapy for the low back, 12 visits",
            BACK_CASE,
            LOW_BACK,
            id="physical_therapy",
        ),
        pytest.param(
            "occupational_hand_therapy",
            "Occupational therapy for the right wrist, 8 visits",
            WRIST_CASE,
            HAND,
            id="occupational_hand_therapy",
        ),
        pytest.param(
            "knee_arthroscopy_meniscectomy",
            "Right knee arthroscopy with meniscectomy",
            KNEE_CASE,
            KNEE,
            id="knee_arthroscopy_meniscectomy",
        ),
        pytest.param(
            "topical_compound",
            "Flurbiprofen 20%/lidocaine 5% cream, 120 grams",
            BACK_CASE,
            CHRONIC_PAIN,
            id="topical_compound",
        ),
        pytest.param(
            "emg_ncv_lower", "EMG/NCV of the bilateral lower extremities", BACK_CASE, LOW_BACK, id="emg_ncv_lower"
        ),
        pytest.param("tens_unit", "TENS unit for the low back, 30 day trial", BACK_CASE, LOW_BACK, id="tens_unit"),
        pytest.param("nsaid", "Naproxen 500 mg #60", BACK_CASE, CHRONIC_PAIN, id="nsaid"),
        pytest.param(
            "proton_pump_inhibitor", "Omeprazole 20 mg #30", BACK_CASE, CHRONIC_PAIN, id="proton_pump_inhibitor"
        ),
        pytest.param(
            "chiropractic", "Chiropractic care for the low back, 8 visits", BACK_CASE, LOW_BACK, id="chiropractic"
        ),
        pytest.param(
            "opioid_short_acting", "Hydrocodone/APAP 10/325 mg #60", BACK_CASE, OPIOIDS, id="opioid_short_acting"
        ),
        pytest.param("acupuncture", "Acupuncture for the low back, 6 sessions", BACK_CASE, LOW_BACK, id="acupuncture"),
        pytest.param(
            "epidural_steroid_injection_lumbar",
            "L4-5 epidural steroid injection",
            BACK_CASE,
            LOW_BACK,
            id="epidural_steroid_injection_lumbar",
        ),
        pytest.param("muscle_relaxant", "Cyclobenzaprine 10 mg #30", BACK_CASE, LOW_BACK, id="muscle_relaxant"),
        pytest.param("urine_drug_testing", "Urine drug screen, one", BACK_CASE, OPIOIDS, id="urine_drug_testing"),
        pytest.param(
            "psychological_evaluation_and_treatment",
            "Cognitive behavioral therapy, 6 sessions",
            BACK_CASE,
            CHRONIC_PAIN,
            id="psychological_evaluation_and_treatment",
        ),
        pytest.param("home_health_care", "Home health aide, 4 hours a day", BACK_CASE, LOW_BACK, id="home_health_care"),
    ],
)
def test_a_draft_of_today_names_the_chapter_in_force_and_what_to_import(
    service: Service, kind: str, request_text: str, case: str, chapter: str
) -> None:
    draft = service.draft_text(case, services=(request_text,), day=TODAY)
    (issue,) = draft.issues
    assert issue.service.kind == kind
    assert issue.guidelines[0].guideline == chapter
    for finding in issue.findings:
        assert draft.passages[finding.passage_id].in_force.holds_on(TODAY)
    cited = {s.id for sentence in issue.sentences for s in sentence.supports if s.id in draft.passages}
    replaced = {i for i in cited if not draft.passages[i].in_force.holds_on(TODAY)}
    assert all(draft.passages[i].edition_note for i in replaced)  # named only as replaced, never as a rule
    assert any(chapter in sentence.text for sentence in issue.sentences if sentence.verified)
    assert any(notice.startswith("Import the text of ") and chapter in notice for notice in issue.notices)
    assert (issue.outcome, issue.lean) == (None, NO_LEAN)
