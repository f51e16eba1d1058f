"""Which guideline governs: in force on the day, the taxonomy's order, the part of the body, what was cited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, letter_text

from assistant.domain import CaseSummary, DisputedService, Fact, Polarity, Span
from assistant.library.governing import same_section
from assistant.library.library import Library

THEN, NOW = date(2016, 12, 21), date(2024, 1, 1)
LOW_BACK, NECK = "MTUS Low Back Complaints 2004", "MTUS Neck and Upper Back Complaints 2004"
TODAY = "MTUS Low Back Disorders (ACOEM February 13, 2020)"
NOBODY = CaseSummary("", None, None, None, (), ())
MRI = DisputedService("MRI of the lumbar spine", "mri_lumbar", body_regions=("low back",))
NEEDLES = DisputedService("Acupuncture, 6 sessions", "acupuncture")


def places(library: Library, service: DisputedService, day: date = THEN) -> list[tuple[str, str | None]]:
    return [(c.guideline, c.section) for c in library.governing(service, NOBODY, day)]


def test_the_chapter_of_the_body_part_leads_and_the_mtus_before_the_odg(library: Library) -> None:
    found = library.governing(MRI, NOBODY, THEN)
    assert [(c.guideline, c.section) for c in found[:2]] == [(LOW_BACK, "Special Studies"), ("ODG", "Low Back, MRIs")]
    assert found[0].reason == "governs: mri of the lumbar spine, low back"
    assert found[0].passage_id is not None
    assert library.passage(found[0].passage_id).service_kinds == ("mri_lumbar",)


def test_a_chapter_of_another_body_part_comes_last(library: Library) -> None:
    found = library.governing(MRI, NOBODY, THEN)
    assert (found[-1].guideline, found[-1].reason) == (NECK, "for another part of the body")


def test_without_a_named_body_part_the_diagnoses_say_it(library: Library) -> None:
    span = Span(0, 4, "neck")
    case = CaseSummary(
        "neck pain",
        None,
        None,
        None,
        (
            Fact("diagnosis", span, Polarity.PRESENT, body_region="neck"),
            Fact("diagnosis", span, Polarity.OTHER, body_region="low back"),
        ),
        (),
    )
    unnamed = DisputedService("MRI", "mri_lumbar")
    assert library.governing(unnamed, case, THEN)[0].guideline == NECK


def test_of_the_parts_in_question_the_one_that_the_case_names_most_comes_first(library: Library) -> None:
    def first(text: str) -> str:
        span = Span.of(text, 0, 4)
        facts = tuple(Fact("diagnosis", span, Polarity.PRESENT, body_region=region) for region in ("neck", "low back"))
        found = library.governing(
            DisputedService("MRI", "mri_lumbar"), CaseSummary(text, None, None, None, facts, ()), THEN
        )
        return next(c.guideline for c in found if c.guideline in {LOW_BACK, NECK})

    assert first("Low back pain, lumbar spasm; some neck pain.") == LOW_BACK
    assert first("Neck pain, cervical spasm; some low back pain.") == NECK


def test_the_thoracic_spine_is_looked_up_in_the_chapter_next_to_it_too(library: Library) -> None:
    thoracic = DisputedService("MRI of the thoracic spine", "mri_lumbar", body_regions=("upper back",))
    found = library.governing(thoracic, NOBODY, THEN)
    assert found[0].guideline == NECK
    beside = next(c for c in found if c.guideline == LOW_BACK)
    assert beside.reason.startswith("for the part of the body next to it")


def test_a_body_part_that_fits_nothing_gives_way_to_the_kinds_own(library: Library) -> None:
    odd = DisputedService("MRI/CT of the spine and pelvis", "mri_lumbar", body_regions=("pelvis",))
    assert library.governing(odd, NOBODY, THEN)[0].guideline == LOW_BACK


def test_only_what_was_in_force_is_offered(library: Library) -> None:
    for day in (THEN, NOW, date(2018, 5, 1), date(1999, 1, 1)):
        for candidate in library.governing(MRI, NOBODY, day):
            assert candidate.passage_id is not None
            assert library.passage(candidate.passage_id).in_force.holds_on(day)


def test_today_the_current_chapter_is_named_and_its_text_said_to_be_missing(library: Library) -> None:
    first, *others = library.governing(MRI, NOBODY, NOW)
    assert (first.guideline, first.section) == (TODAY, None)
    assert first.reason == "in force on 2024-01-01, low back; its text is not in the library"
    assert library.passage(first.passage_id or "").current_without_criteria
    assert others[0].guideline == "ODG"


def test_where_the_mtus_is_silent_another_guideline_leads(library: Library) -> None:
    gym = DisputedService("Gym membership, 3 months", "gym_membership")
    found = library.governing(gym, NOBODY, THEN)
    assert (found[0].guideline, found[0].section) == ("ODG", "Knee, Gym memberships")
    assert found[1].guideline.startswith("MTUS")


def test_five_candidates_at_least_each_place_once(library: Library) -> None:
    for service in (MRI, NEEDLES, DisputedService("something unheard of", None)):
        found = places(library, service)
        assert len(found) == len(set(found)) >= 5
    assert len(library.governing(MRI, NOBODY, THEN, limit=1)) == 5


def test_an_unknown_service_is_taken_for_its_nearest_kind_and_said_so(library: Library) -> None:
    odd = DisputedService("Electroacupuncture", None)
    assert library.guess_kind(odd) == "acupuncture"
    found = library.governing(odd, NOBODY, THEN)
    assert (found[0].guideline, found[0].reason) == (ACUPUNCTURE, "governs the nearest known service: acupuncture")


def test_a_service_near_to_nothing_has_no_guess(library: Library) -> None:
    assert library.guess_kind(DisputedService("zzz qqq", None)) is None
    assert library.guess_kind(DisputedService("  ", None)) is None
    assert library.governing(DisputedService("zzz qqq", None), NOBODY, THEN)


@pytest.fixture
def cited(library: Library, tmp_path: Path) -> Library:
    """A library in which real letters on acupuncture cite the low back chapter."""
    for i in range(4):
        cites = "MTUS Low Back Complaints 2004, Section(s): Physical methods" if i else ACUPUNCTURE
        issue = ("Acupuncture, 6 sessions", "Upheld", cites, f"Needles in case {i}.")
        (tmp_path / f"{i}.txt").write_text(letter_text(f"CM16-000000{i}", [issue]))
    library.import_paths(sorted(tmp_path.glob("*.txt")))
    return library


def test_what_real_decisions_cite_is_said_and_counts(cited: Library) -> None:
    found = {(c.guideline, c.section): c.reason for c in cited.governing(NEEDLES, NOBODY, THEN)}
    assert found[(LOW_BACK, "Physical Methods")] == "governs: acupuncture; cited in 3 of 4 similar decisions"
    assert found[(ACUPUNCTURE, None)] == "governs: acupuncture; cited in 1 of 4 similar decisions"


def test_like_decisions_come_with_their_likeness(cited: Library) -> None:
    same = DisputedService("Acupuncture, 6 sessions", "acupuncture")
    likenesses = [likeness for _, likeness in cited._finder.like(same, NOBODY, "acupuncture", 8)]
    assert len(likenesses) == 4
    assert likenesses == sorted(likenesses, reverse=True)
    others = [likeness for _, likeness in cited._finder.like(DisputedService("zzz qqq", None), NOBODY, None, 8)]
    assert max(others) < min(likenesses) <= 1


@pytest.mark.parametrize(
    ("to_acupuncture", "to_low_back", "first"),
    [(0.9, 0.2, ACUPUNCTURE), (0.2, 0.9, LOW_BACK), (-0.4, 0.1, LOW_BACK), (0.1, -0.4, ACUPUNCTURE)],
)
def test_the_nearer_decision_has_the_greater_vote(
    cited: Library, monkeypatch: pytest.MonkeyPatch, to_acupuncture: float, to_low_back: float, first: str
) -> None:
    likeness = {ACUPUNCTURE: to_acupuncture, LOW_BACK: to_low_back}
    by_label = {held.citations[0].guideline: held for held, _ in cited._finder.like(NEEDLES, NOBODY, "acupuncture", 8)}
    monkeypatch.setattr(cited._finder, "like", lambda *_: [(held, likeness[label]) for label, held in by_label.items()])
    unknown = cited.governing(DisputedService("zzz qqq", None), NOBODY, THEN)
    told = [c for c in unknown if c.reason.endswith("cited in 1 of 2 similar decisions")]
    assert {c.guideline for c in told} == {ACUPUNCTURE, LOW_BACK}
    assert told[0].guideline == first


def test_illustrative_decisions_have_no_vote(library: Library) -> None:
    assert not any("cited" in c.reason for c in library.governing(NEEDLES, NOBODY, THEN))


def test_a_letter_left_out_has_no_vote_and_is_not_found(cited: Library) -> None:
    others = cited.leaving_out("CM16-0000003")
    reasons = " ".join(c.reason for c in others.governing(NEEDLES, NOBODY, THEN))
    assert "cited in 2 of 3 similar decisions" in reasons
    assert all(s.case_number != "CM16-0000003" for s in others.similar(NEEDLES, NOBODY, 9))
    assert "cited in 3 of 4" in " ".join(c.reason for c in cited.governing(NEEDLES, NOBODY, THEN))


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("Special Studies", "special study", False),
        ("Physical Methods", "Physical methods", True),
        ("Opioids, criteria for use", "Opioid, criteria for use", True),
        ("TENS, chronic pain (transcutaneous electrical nerve stimulation)", "TENS, chronic pain", True),
        ("Initial Care", "Surgical Considerations", False),
        (None, "Summary", False),
        ("Summary", "()", False),
    ],
)
def test_two_names_of_a_section(ours: str | None, theirs: str, same: bool) -> None:
    assert same_section(ours, theirs) is same


def test_the_passages_of_an_answer_are_in_force_and_the_mtus_first(library: Library) -> None:
    answers = library.ask("When is a lumbar MRI indicated?", THEN, limit=3)
    assert answers[0][0].guideline == LOW_BACK
    assert all(p.in_force.holds_on(THEN) for p, _ in answers)
    assert [score for _, score in answers] == sorted((score for _, score in answers), reverse=True)
    assert library.ask("  ", THEN) == ()


def test_the_same_question_has_the_same_answer(opened: Callable[..., Library]) -> None:
    one, other = opened(), opened()
    assert one.governing(MRI, NOBODY, THEN) == other.governing(MRI, NOBODY, THEN)
