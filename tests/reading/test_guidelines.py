"""Guideline files become passages: the shipped ones hold together, malformed ones are refused by name."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus import CorpusError, load_editions, load_taxonomy
from assistant.domain import LAW_FAMILIES, Criterion, Passage, PassageKind
from assistant.reading.guidelines import Guideline, read_guideline, starter_guidelines
from assistant.reading.lexicon import load_lexicon

CORPUS = Path(__file__).parents[2] / "corpus"

FRONT = """---
label: MTUS Acupuncture Treatment 2007
family: acupuncture
regulation: 8 CCR 9792.24.1
in_force_from: 2007-06-15
in_force_to: 2017-12-01
kind: digest
source: 8 CCR 9792.24.1
---
"""
FILE = (
    FRONT
    + """
# MTUS Acupuncture Treatment 2007

## (whole guideline)

### acupuncture

```yaml
- id: acupuncture.initial_trial
  text: A first course is three to six treatments.
  kind: limit
  confidence: high
  checked: true
  source: 8 CCR 9792.24.1
  not_given: [acupuncture]
  measure: {of: requested_quantity, compare: at_most, high: 6, unit: sessions}
- id: acupuncture.extension
  text: More treatments rest on functional improvement.
  kind: documentation
  confidence: high
  checked: true
  source: 8 CCR 9792.24.1
  asks: [functional_improvement]
```

## Summary

### chiropractic

Body regions: neck, upper back

The summary also speaks to chiropractic care.
"""
)


@pytest.fixture(scope="module")
def guidelines() -> tuple[Guideline, ...]:
    return starter_guidelines(CORPUS)


@pytest.fixture(scope="module")
def passages(guidelines: tuple[Guideline, ...]) -> tuple[Passage, ...]:
    return tuple(passage for guideline in guidelines for passage in guideline.passages)


@pytest.fixture(scope="module")
def criteria(passages: tuple[Passage, ...]) -> tuple[Criterion, ...]:
    return tuple(criterion for passage in passages for criterion in passage.criteria)


# --- reading a file -------------------------------------------------------------------------------------------


def test_a_file_gives_its_edition_note_and_a_passage_per_section_and_kind() -> None:
    note, acupuncture, chiropractic = read_guideline(FILE, "a.md").passages
    assert note.edition_note
    assert note.text == (
        "MTUS Acupuncture Treatment 2007 (8 CCR 9792.24.1) was in force from 2007-06-15 "
        "until it was replaced on 2017-12-01."
    )
    assert acupuncture.section is None
    assert (
        acupuncture.text == "A first course is three to six treatments. More treatments rest on functional improvement."
    )
    assert acupuncture.service_kinds == ("acupuncture",)
    assert acupuncture.criteria[0].measure is not None
    assert acupuncture.criteria[0].measure.high == 6
    assert (chiropractic.section, chiropractic.body_regions) == ("Summary", ("neck", "upper back"))
    assert chiropractic.text == "The summary also speaks to chiropractic care."


def test_a_passage_keeps_its_id_until_its_text_changes() -> None:
    first = read_guideline(FILE, "a.md").passages[1].id
    assert re.fullmatch(r"mtus-acupuncture-treatment-2007/whole/acupuncture/[0-9a-f]{8}", first)
    assert read_guideline(FILE.replace("source: 8 CCR", "source: 8  CCR"), "a.md").passages[1].id == first
    assert read_guideline(FILE.replace("three to six", "3 to 6"), "a.md").passages[1].id != first


def test_lines_that_end_the_windows_way_change_nothing() -> None:
    assert read_guideline(FILE.replace("\n", "\r\n"), "a.md") == read_guideline(FILE, "a.md")


def test_an_edition_in_force_without_criteria_says_what_to_import() -> None:
    front = FRONT.replace("2017-12-01", "null").replace("kind: digest", "kind: digest\nwithout_criteria: [acupuncture]")
    (note,) = read_guideline(front, "a.md").passages
    assert note.current_without_criteria
    assert note.service_kinds == ("acupuncture",)
    assert note.text == (
        "MTUS Acupuncture Treatment 2007 has been in force since 2007-06-15 (8 CCR 9792.24.1). Its criteria are "
        "licensed text that this library does not hold; import the chapter to have it read."
    )


def test_an_imported_text_is_cut_at_its_paragraphs_and_loses_nothing() -> None:
    paragraphs = [f"Paragraph {n} " + "speaks of imaging of the low back. " * 20 for n in range(5)]
    front = FRONT.replace("kind: digest", "kind: official")
    read = read_guideline(front + "\n## Special Studies\n\n" + "\n\n".join(paragraphs), "a.md")
    pieces = [passage for passage in read.passages if not passage.edition_note]
    assert len(pieces) > 1
    assert {piece.section for piece in pieces} == {"Special Studies"}
    assert all(piece.kind is PassageKind.OFFICIAL for piece in pieces)
    assert " ".join(piece.text for piece in pieces) == " ".join(" ".join(paragraphs).split())
    assert not any(passage.current_without_criteria for passage in read.passages)


def test_an_imported_text_without_sections_is_kept() -> None:
    read = read_guideline(FRONT.replace("digest", "official") + "\n# Title\n\nPlain words of the chapter.\n", "a.md")
    assert read.passages[-1].text == "Plain words of the chapter."


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="#`\r"), min_size=1), max_size=6))
def test_any_running_text_keeps_its_words_in_order(paragraphs: list[str]) -> None:
    body = "\n\n".join(paragraphs)
    read = read_guideline(FRONT + "\n## Section\n\n" + body, "a.md")
    pieces = [passage.text for passage in read.passages if not passage.edition_note]
    assert " ".join(pieces).split() == body.split()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("---\nlabel", "label", "front matter", id="no front matter"),
        pytest.param("family:", "families:", "famil", id="misspelt front matter"),
        pytest.param("kind: digest", "kind: copied", "kind", id="unknown kind of text"),
        pytest.param(
            "checked: true", "checkd: true", "a.md, (whole guideline), acupuncture", id="misspelt criterion field"
        ),
        pytest.param("of: requested_quantity", "of: guess", "criteria.0.measure.of", id="unknown figure"),
        pytest.param("acupuncture.extension", "acupuncture.initial_trial", "twice", id="criterion twice"),
        pytest.param("2017-12-01", "2007-06-15", "in_force_to", id="empty interval"),
        pytest.param("The summary also speaks to chiropractic care.", "", "neither text nor criteria", id="empty kind"),
        pytest.param("- id: acupuncture.initial_trial", "- id: [", "not valid YAML", id="broken YAML"),
    ],
)
def test_a_malformed_file_is_refused_by_name(old: str, new: str, words: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read_guideline(FILE.replace(old, new), "a.md")
    assert words in str(caught.value)
    assert str(caught.value).startswith("a.md")


# --- the shipped guidelines -----------------------------------------------------------------------------------


def test_every_edition_has_its_file_with_the_same_dates(guidelines: tuple[Guideline, ...]) -> None:
    files = {g.edition.label: g.edition for g in guidelines if g.edition.family not in LAW_FAMILIES}
    for edition in load_editions(CORPUS):
        assert files.pop(edition.label) == edition
    assert sorted(files) == ["ODG", "outside MTUS"]
    assert all(edition.in_force.start is None for edition in files.values())


def test_every_place_that_governs_a_kind_is_a_passage_of_that_kind(passages: tuple[Passage, ...]) -> None:
    places = {(p.guideline, p.section, kind) for p in passages for kind in p.service_kinds}
    kinds = load_taxonomy(CORPUS).kinds
    wanted = {(guideline, section, kind.id) for kind in kinds.values() for guideline, section in kind.governed_by}
    assert wanted <= places
    governed = {kind for passage in passages if not passage.is_law for kind in passage.service_kinds}
    assert governed == set(kinds)


def test_the_statutes_are_official_passages_cut_at_their_subdivisions(passages: tuple[Passage, ...]) -> None:
    official = [p for p in passages if p.kind is PassageKind.OFFICIAL]
    assert {p.family for p in official} == {"labor_code"}
    assert not [p.id for p in official if p.edition_note or p.service_kinds or p.criteria]
    (grounds,) = [p for p in official if p.citation == "Labor Code 4610.6, Section(s): (h) to (h)(1)"]
    assert "clear and convincing evidence" in grounds.text
    assert grounds.in_force.start == date(2017, 1, 1)


def test_rules_beyond_single_guidelines_decide_nothing(passages: tuple[Passage, ...]) -> None:
    rules = [criterion for p in passages if p.is_law for criterion in p.criteria]
    assert {"statute.visits_physical_therapy", "any.response_before_repeat"} <= {c.id for c in rules}
    assert not [c.id for c in rules if c.may_decide]


def test_what_governs_a_kind_today_is_a_passage_or_a_note_of_that_kind(passages: tuple[Passage, ...]) -> None:
    held = {(passage.guideline, kind) for passage in passages for kind in passage.service_kinds}
    for kind in load_taxonomy(CORPUS).kinds.values():
        assert {(label, kind.id) for label in kind.today} <= held


def test_criteria_are_whole(passages: tuple[Passage, ...], criteria: tuple[Criterion, ...]) -> None:
    assert len(criteria) >= 756
    assert [i for i, n in Counter(c.id for c in criteria).items() if n > 1] == []
    assert [i for i, n in Counter(p.id for p in passages).items() if n > 1] == []
    assert all(criterion.source for criterion in criteria)
    assert all(criterion.text in passage.text for passage in passages for criterion in passage.criteria)


def test_a_criterion_reads_as_a_sentence_of_our_own(criteria: tuple[Criterion, ...]) -> None:
    for criterion in criteria:
        # A draft writes "Under <guideline>, " before it and lowers its first letter, which no acronym would survive.
        assert re.match(r"[A-Z](?![A-Z]).*[\w)%]\.$", criterion.text), criterion.id
        assert len(criterion.text.split()) >= 3, criterion.id
        assert not re.search(r"\bletters?\b|CM\d\d-|visit_table|\bthis file\b", criterion.text), criterion.id


def test_criteria_name_only_concepts_of_the_lexicon(criteria: tuple[Criterion, ...]) -> None:
    known = set(load_lexicon(CORPUS).concepts)
    for criterion in criteria:
        named = {*criterion.asks, *criterion.against, *criterion.given, *criterion.not_given}
        assert named <= known, (criterion.id, named - known)


def test_what_never_may_decide_is_said(criteria: tuple[Criterion, ...]) -> None:
    for criterion in criteria:
        if criterion.may_decide:
            assert criterion.checked, criterion.id
        if criterion.always_bars:
            assert criterion.measure is None, criterion.id
        assert not set(criterion.asks) & set(criterion.against) or criterion.judgement, criterion.id
        assert not set(criterion.given) & set(criterion.not_given), criterion.id


def test_the_acupuncture_criteria_of_2007_are_asked_as_they_should_be(criteria: tuple[Criterion, ...]) -> None:
    by_id = {criterion.id: criterion for criterion in criteria}
    extension, count = by_id["acupuncture.extension"], by_id["acupuncture.prior_count"]
    assert extension.asks == ("functional_improvement",)
    assert extension.given == ("acupuncture",)
    assert extension.may_decide
    assert count.asks == ("prior_visit_count",)
    assert not count.may_decide


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2016, 3, 1), "MTUS Low Back Complaints 2004"),
        (date(2018, 5, 2), "MTUS Low Back Disorders (ACOEM February 24, 2016)"),
        (date(2026, 1, 5), "MTUS Low Back Disorders (ACOEM February 13, 2020)"),
    ],
)
def test_one_chapter_of_a_family_governs_on_a_day(passages: tuple[Passage, ...], day: date, label: str) -> None:
    notes = [p for p in passages if p.edition_note and p.family == "low_back" and p.in_force.holds_on(day)]
    assert [note.guideline for note in notes] == [label]
    assert all(note.current_without_criteria is ("ACOEM" in label) for note in notes)


def test_current_chapters_never_decide(passages: tuple[Passage, ...]) -> None:
    current = [p for p in passages if "ACOEM" in p.guideline and p.criteria]
    assert current
    assert not [c.id for p in current for c in p.criteria if c.may_decide]
