"""The library as a person reads it: parts of the body, eras, neighbours, and words in criteria."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.domain import Edition, InForce
from assistant.library import held_editions as h
from assistant.library.changes import Changes
from assistant.library.library import Library

BACK = "MTUS Low Back Complaints 2004"
BACK_NOW = "MTUS Low Back Disorders (ACOEM February 13, 2020)"


def edition(label: str, family: str, start: date | None = None, end: date | None = None) -> h.HeldEdition:
    return h.HeldEdition(label, family, InForce(start, end), ())


@pytest.mark.parametrize(
    ("label", "family", "topic", "era"),
    [
        ("MTUS Neck and Upper Back Complaints 2004", "neck", "Neck and upper back", h.CHAPTERS),
        ("MTUS Acupuncture Treatment 2007", "acupuncture", "Acupuncture", h.CHAPTERS),
        ("MTUS Chronic Pain Medical Treatment 2009", "chronic_pain", "Chronic pain", h.UPDATES),
        ("MTUS Opioid Treatment 2016", "opioids", "Drugs", h.UPDATES),
        ("MTUS Opioids (ACOEM April 20, 2017)", "opioids", "Drugs", h.ADOPTED),
        ("MTUS Elbow Disorders (ACOEM 2013)", "elbow", "Elbow", h.ADOPTED),
        ("ODG", "odg", "ODG", h.BEYOND),
        ("Backs at Work", "backs", "Other guidelines", h.BEYOND),
        ("Labor Code 4610.5", "labor_code", "Labor Code", h.LAW),
    ],
)
def test_each_edition_has_its_place(label: str, family: str, topic: str, era: str) -> None:
    made = edition(label, family)
    assert (made.topic, made.era) == (topic, era)


def test_the_editions_of_a_family_follow_each_other(library: Library) -> None:
    held = library.held_editions()
    assert [e.label for e in held if e.family == "low_back"] == [BACK, BACK_NOW]
    back = next(e for e in held if e.label == BACK)
    assert h.neighbours(back, held) == h.Neighbours(None, next(e for e in held if e.label == BACK_NOW))
    odg = next(e for e in held if e.label == "ODG")
    assert h.neighbours(odg, held) == h.Neighbours(None, None)
    assert h.clashes(back, held) == (f"From 2017-12-01 to 2021-11-23 neither {BACK} nor {BACK_NOW} is in force.",)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (date(2018, 1, 1), ("From 2017-12-01 to 2018-01-01 both A and B are in force.",)),
        (date(2017, 12, 1), ()),
        (None, ("A has no last day, though B follows it.",)),
    ],
)
def test_dates_that_clash_are_said(end: date | None, said: tuple[str, ...]) -> None:
    first, second = edition("A", "neck", date(2007, 1, 1), end), edition("B", "neck", date(2017, 12, 1))
    assert h.clashes(second, (first, second)) == said
    assert h.clashes(first, (first, second)) == said


def test_words_are_found_in_names_and_criteria_by_their_beginnings(library: Library) -> None:
    found = library.word_finder().find("NEEDLES  treat")
    assert [place.text for place in found.places] == ["A first course of needles is three to six treatments."]
    assert found.places[0].criterion is not None
    assert [e.label for e in library.word_finder().find("low back studies").editions] == [BACK]
    assert library.word_finder().find("eedles") == h.FoundInGuidelines((), (), 0)
    assert library.word_finder().find(" ,.") == h.FoundInGuidelines((), (), 0)


def test_no_more_places_are_shown_than_can_be_read(library: Library) -> None:
    passage = next(p for p in library.passages() if p.criteria)
    many = [replace(passage, id=f"{passage.id}/{n}") for n in range(70)]
    found = h.WordFinder(h.held_editions(many, ())).find("needles")
    assert (len(found.places), found.more) == (60, 10)


def test_what_is_not_sure_of_an_edition_is_known(library: Library) -> None:
    note = "the order amended it"
    known = Edition(BACK, "low_back", "8 CCR 9792.23.5", InForce(), dates_sure=False, note=note)
    (back,) = h.held_editions([p for p in library.passages() if p.guideline == BACK], [known], Changes())
    assert (back.regulation, back.dates_sure, back.note) == ("8 CCR 9792.23.5", False, note)
    assert back.criteria == 2
    assert back.sections == ("Special Studies", "Physical Methods")
