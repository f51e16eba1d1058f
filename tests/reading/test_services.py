"""Requests read into kind, region, side and quantity, and found in a case text. Wordings are ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus import Taxonomy, load_taxonomy
from assistant.domain import Side
from assistant.reading.services import read_request, requests_in

CORPUS = Path(__file__).parents[2] / "corpus"
TAXONOMY = load_taxonomy(CORPUS)


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return TAXONOMY


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("MRI of the right knee", "mri_knee"),
        ("Cervical spine MRI", "mri_cervical"),
        ("MRI without contrast, left shoulder", "mri_shoulder"),
        ("Magnetic resonance imaging of the lumbosacral spine", "mri_lumbar"),
        ("MRI of the brain", "mri_brain"),
        ("MRI bilateral hips", "mri_hip_pelvis"),
        ("MRI of the left thumb", "mri_upper_extremity"),
        ("X-rays, lumbar spine", "xray"),
        ("CT of the abdomen", "ct_scan"),
        ("EMG/NCV BLE", "emg_ncv_lower"),
        ("EMG of the right arm", "emg_ncv_upper"),
        ("Nerve conduction study, both legs", "emg_ncv_lower"),
        ("Transforaminal ESI at C5-6", "epidural_steroid_injection_cervical"),
        ("Left L4-5 epidural steroid injection", "epidural_steroid_injection_lumbar"),
        ("L5-S1 fusion", "lumbar_fusion"),
        ("C5-6 fusion", "cervical_fusion"),
        ("Post-operative physical therapy 2x6, right shoulder", "post_operative_physical_therapy"),
        ("Post-op right knee physical therapy", "post_operative_physical_therapy"),
        ("Physical therapy 12 visits status post rotator cuff repair", "post_operative_physical_therapy"),
        ("PT 3x4 after left knee arthroscopy", "post_operative_physical_therapy"),
        ("Additional physical therapy", "physical_therapy"),
        ("Manipulation under anesthesia, left shoulder", "shoulder_arthroscopy"),
        ("Manipulation under anesthesia, right knee", "manipulation_under_anesthesia"),
        ("Ultrasound, 6 sessions", "physical_modalities_in_clinic"),
        ("Ultrasound, right ankle", "diagnostic_ultrasound"),
        ("CPAP supplies", "cpap_and_sleep_apnea_device"),
        ("Narcan nasal spray", "opioid_antagonist_rescue"),
        ("Lisinopril 10 mg #30", "cardiovascular_drug"),
        ("Intercostal nerve blocks T5-7", "peripheral_nerve_block"),
        ("Medial branch nerve block L4-5", "facet_medial_branch_block"),
        ("Copy of medical records", "support_services"),
        ("TPN, 14 days", "parenteral_nutrition"),
        ("Reverse total shoulder replacement", "shoulder_arthroplasty"),
        ("PT x 6", "physical_therapy"),
        ("Chiropractic physiotherapy, 8 visits", "chiropractic"),
        ("Norco 10/325 mg #120", "opioid_short_acting"),
        ("OxyContin 20 mg", "opioid_long_acting"),
        ("Voltaren 1% gel 100 grams", "topical_nsaid"),
        ("Diclofenac cream", "topical_nsaid"),
        ("Diclofenac 75 mg #60", "nsaid"),
        ("Gabapentin 300 mg #90", "antiepileptic"),
        ("Gabapentin 10%, cyclobenzaprine 5% 120 grams", "topical_compound"),
        ("Flurbiprofen 20%/lidocaine 5% cream", "topical_compound"),
        ("Tramadol cream", "topical_compound"),
        ("Lidoderm patches #30", "lidocaine_patch"),
        ("Acupuncture with a capsaicin patch", "acupuncture"),
        ("Consultation with an orthopedic surgeon for knee arthroscopy", "specialist_consultation_and_visits"),
        ("TENS unit, 30 day trial", "tens_unit"),
        ("Functional capacity evaluation", "functional_capacity_evaluation"),
        ("Urine drug screen", "urine_drug_testing"),
        ("RFA dated 12/1/2016 for acupuncture", "acupuncture"),
        ("Radiofrequency ablation, L3-5", "radiofrequency_ablation"),
    ],
)
def test_kind(text: str, kind: str, taxonomy: Taxonomy) -> None:
    assert read_request(text, taxonomy).kind == kind


def test_further_kinds_are_kept(taxonomy: Taxonomy) -> None:
    assert "capsaicin_topical" in read_request("Acupuncture with a capsaicin patch", taxonomy).also


def test_an_unknown_service_has_no_kind(taxonomy: Taxonomy) -> None:
    service = read_request("Tickets to the zoo", taxonomy)
    assert (service.kind, service.also, service.quantity) == (None, (), None)


def test_therapy_without_a_name_is_a_guess_only(taxonomy: Taxonomy) -> None:
    service = read_request("12 additional therapy sessions, left hand", taxonomy)
    assert (service.kind, service.guess, service.quantity) == (None, "occupational_hand_therapy", 12)


def test_the_region_of_the_case_helps_only_where_the_request_names_none(taxonomy: Taxonomy) -> None:
    case = "Right knee pain after a fall. The knee locks. There is also neck pain."
    assert read_request("MRI without contrast", taxonomy, case).kind == "mri_knee"
    assert read_request("MRI of the neck", taxonomy, case).kind == "mri_cervical"


@pytest.mark.parametrize(
    ("text", "regions", "side"),
    [
        ("MRI of the rt knee", ("knee",), Side.RIGHT),
        ("wrist brace, b/l", ("wrist",), Side.BILATERAL),
        ("R/L wrist splints", ("wrist",), Side.BILATERAL),
        ("physical therapy for the left hip and knee", ("hip", "knee"), Side.LEFT),
        ("physical therapy, left hand and right foot", ("hand", "foot"), None),
        ("EMG BUE", ("upper extremity",), Side.BILATERAL),
        ("ESI at L4-L5", ("low back",), None),
        ("facet injection C5-6", ("neck",), None),
        ("therapy for the cervical and lumbar spine", ("neck", "low back"), None),
        ("office visit", (), None),
    ],
)
def test_region_and_side(text: str, regions: tuple[str, ...], side: Side | None, taxonomy: Taxonomy) -> None:
    service = read_request(text, taxonomy)
    assert (service.body_regions, service.side) == (regions, side)


@pytest.mark.parametrize(
    ("text", "quantity", "certified"),
    [
        ("Acupuncture 12 sessions (modified to 6)", 12, "modified to 6"),
        ("Norco 10/325 mg #120, UR certified #60", 120, "UR certified #60"),
        (
            "Acupuncture times 12 was the original request. Acupuncture times 6 was authorized by the Claims "
            "Administrator. The remaining IMR eligible portion of the original request, acupuncture times 6 is",
            6,
            "Acupuncture times 6 was authorized by the Claims Administrator",
        ),
        ("Certified hand therapy, 8 sessions", 8, None),
        ("Physical therapy, 8 sessions", 8, None),
    ],
)
def test_what_was_certified_is_no_part_of_what_is_asked(
    text: str, quantity: float, certified: str | None, taxonomy: Taxonomy
) -> None:
    service = read_request(text, taxonomy)
    assert (service.text, service.quantity, service.certified) == (text, quantity, certified)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "The doctor requested authorization for 6 sessions of acupuncture for the low back.",
            [("6 sessions of acupuncture for the low back", "acupuncture")],
            id="asked",
        ),
        pytest.param(
            "He was seen on 3/1/2016. The request for an MRI of the left knee was non-certified on 3/9/2016.",
            [("MRI of the left knee", "mri_knee")],
            id="refused",
        ),
        pytest.param(
            "Utilization review denied the request for naproxen 550 mg #60 and a CT scan of the head.",
            [("naproxen 550 mg #60", "nsaid"), ("CT scan of the head", "ct_scan")],
            id="two in one sentence",
        ),
        pytest.param(
            "The Request for Authorization dated 2/2/2016 is for physical therapy 2x4. UR denied the request for "
            "physical therapy 2x4.",
            [("physical therapy 2x4", "physical_therapy")],
            id="told twice",
        ),
        pytest.param(
            "The treatment plan included a request for chiropractic care, eight visits.",
            [("chiropractic care, eight visits", "chiropractic")],
            id="planned",
        ),
        pytest.param(
            "On 2/3/2016 the doctor asked for a brace; the doctor is requesting a lumbar brace.",
            [("lumbar brace", "lumbar_brace")],
            id="present tense",
        ),
        pytest.param(
            "Request for authorization dated 2/2/2016: PT 2x3 for the neck. UR denied 2/9/2016.",
            [("PT 2x3 for the neck", "physical_therapy")],
            id="after a colon",
        ),
        pytest.param(
            "The surgeon requested authorization for left shoulder arthroscopy with cuff repair and decompression.",
            [("left shoulder arthroscopy with cuff repair and decompression", "shoulder_arthroscopy")],
            id="one operation in two words",
        ),
        pytest.param(
            "RFA 2/2/2016 requested authorization for MRI cervical spine\nUR 2/9/2016 non-cert : no EMG",
            [("MRI cervical spine", "mri_cervical")],
            id="a line of notes ends it",
        ),
        pytest.param("She denied numbness. UR did not certify it. He denies any weakness.", [], id="patients deny too"),
        pytest.param("Neck pain for two weeks. Ibuprofen helps.", [], id="no request"),
    ],
)
def test_requests_in(text: str, found: list[tuple[str, str]], taxonomy: Taxonomy) -> None:
    services = requests_in(text, taxonomy)
    assert [(service.text, service.kind) for service in services] == found
    assert all(service.span and service.span.stands_in(text) for service in services)


def test_what_a_modification_certified_is_kept(taxonomy: Taxonomy) -> None:
    text = "Utilization review modified the request for physical therapy, 12 sessions to physical therapy, 6 sessions."
    (service,) = requests_in(text, taxonomy)
    assert (service.quantity, service.certified) == (12, "to physical therapy, 6 sessions")


_pieces = st.sampled_from(
    [
        "requested authorization for",
        "MRI of the left knee",
        "UR denied the request for",
        "acupuncture x 6",
        ".",
        "İ",
        "and",
        "PT 2x6",
    ]
)


@given(st.lists(_pieces | st.text(max_size=20)).map(" ".join))
def test_requests_quote_the_text(text: str) -> None:
    for service in requests_in(text, TAXONOMY):
        assert service.span is not None
        assert service.span.stands_in(text)
        assert service.text == service.span.quote


@given(st.lists(_pieces | st.text(max_size=20), min_size=1).map(" ".join).filter(str.strip))
def test_any_words_can_be_a_request(text: str) -> None:
    service = read_request(text, TAXONOMY)
    assert service.text == text
    assert service.kind is None or service.kind in TAXONOMY.kinds
    assert not set(service.also) & {service.kind}
