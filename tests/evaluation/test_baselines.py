"""The simpler ways that stand beside the program, over a made corpus and made letters."""

from __future__ import annotations

from datetime import date

import pytest
from made_corpus import BACK, KNEE, NEEDLES

from assistant.domain import CaseSummary, CitedGuideline, Outcome
from assistant.evaluation.baselines import (
    CHAIN,
    COPIED,
    DENSE,
    FULL_TEXT,
    MOST_CITED,
    NEIGHBOURS,
    baselines,
    copied_from_ur,
    most_cited,
)
from assistant.evaluation.citations import Entry, measure
from assistant.evaluation.gold import GoldIssue, GoldLetter
from assistant.evaluation.readings import Asked
from assistant.library.library import Library

CASE = CaseSummary("A baker.", None, None, None, (), ())
ACUPUNCTURE = "MTUS Acupuncture Treatment 2007"


def asked(number: str, service: str, *cited: CitedGuideline, day: date = date(2016, 12, 21)) -> Asked:
    issue = GoldIssue(service, cited, (CitedGuideline("ODG"),), outcome=Outcome.UPHELD, rationale=f"About {service}.")
    return Asked(GoldLetter(number, CASE.text, day, (issue,)), CASE, day)


def offered(library: Library, letters: list[Asked]) -> dict[str, dict[str, tuple[Entry, ...]]]:
    library.add_determinations({one.letter.case_number: one.letter.determination() for one in letters})
    return {
        way: {letter.case_number: ranked[0].entries for letter, ranked in rows}
        for way, rows in baselines(library, letters).items()
    }


def test_each_way_offers_what_it_alone_finds(library: Library) -> None:
    letters = [
        asked("A", "picture of the knee for a locked joint", CitedGuideline(KNEE)),
        asked("B", "picture of the knee for a locked joint again", CitedGuideline(BACK, ("Special Studies",))),
        asked("C", "wholly other words", CitedGuideline(NEEDLES)),
    ]
    found = offered(library, letters)
    assert set(found) == {FULL_TEXT, DENSE, NEIGHBOURS, CHAIN, MOST_CITED, COPIED}
    assert found[FULL_TEXT]["A"][0] == found[DENSE]["A"][0] == (KNEE, "Special Studies")
    assert found[NEIGHBOURS]["A"][0] == (BACK, "Special Studies")  # of the letter most like it
    assert (KNEE, None) not in found[NEIGHBOURS]["A"]  # which is its own, and left out
    assert found[CHAIN]["A"][0] == (KNEE, "Special Studies")
    assert found[COPIED]["A"] == (("ODG", None),)


def test_only_the_chain_does_not_ask_what_is_in_force(library: Library) -> None:
    found = offered(library, [asked("A", "picture of the knee", CitedGuideline(KNEE), day=date(2020, 1, 1))])
    assert {label for label, _ in found[DENSE]["A"]} == {label for label, _ in found[FULL_TEXT]["A"]} | {"ODG"}
    assert KNEE not in {label for label, _ in found[DENSE]["A"]}
    assert KNEE in {label for label, _ in found[CHAIN]["A"]}


def test_the_most_cited_baseline_never_sees_its_own_letter(letters: tuple[GoldLetter, ...]) -> None:
    ranked = dict(zip("ABC", (row for _, row in most_cited(letters)), strict=True))
    assert all(label != ACUPUNCTURE for label, _ in ranked["B"][0].entries)
    assert (ACUPUNCTURE, None) in ranked["A"][0].entries
    assert len(ranked["A"]) == 2
    assert all(label != "outside MTUS" for rows in ranked.values() for label, _ in rows[0].entries)


def test_the_other_baseline_copies_utilization_review(letters: tuple[GoldLetter, ...]) -> None:
    assert measure(copied_from_ur(letters)).shares["doc@1"].value == pytest.approx(1 / 3)
