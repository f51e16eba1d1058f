"""Names and orders that stand on the letter under evaluation alone are taken out of what the program knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_corpus import BACK, KNEE, write_corpus

from assistant.corpus import Taxonomy, load_taxonomy
from assistant.domain import AliasInContext, CitedGuideline
from assistant.evaluation.gold import GoldIssue, GoldLetter
from assistant.evaluation.unseen import Unseen
from assistant.reading.services import read_request


@pytest.fixture
def taxonomy(tmp_path: Path) -> Taxonomy:
    return load_taxonomy(write_corpus(tmp_path / "corpus"))


def letter(
    number: str, service: str, *cited: CitedGuideline, heading: str = "", summary: str = "", by_ur: str | None = None
) -> GoldLetter:
    return GoldLetter(number, summary, None, (GoldIssue(service, cited, heading=heading, ur_guideline=by_ur),))


def test_an_alias_of_one_letter_is_taken_from_it_alone(taxonomy: Taxonomy) -> None:
    unseen = Unseen(taxonomy, [letter("A", "needling with quills"), letter("B", "needling"), letter("C", "fine pins")])
    assert unseen.own_aliases("A") == {("needle_treatment", "quills")}
    assert unseen.own_aliases("B") == frozenset()
    assert unseen.without_aliases("A").kinds["needle_treatment"].aliases == ("needling", "fine pins")
    assert unseen.without_aliases("B").kinds == taxonomy.kinds
    assert read_request("fine pins", unseen.without_aliases("C")).kind is None
    assert read_request("fine pins", taxonomy).kind == "needle_treatment"


def test_an_alias_in_the_long_heading_or_under_a_longer_name_counts(taxonomy: Taxonomy) -> None:
    unseen = Unseen(taxonomy, [letter("A", "picture", heading="Back scans"), letter("B", "fine pins")])
    assert unseen.own_aliases("A") == {("back_picture", "back scan")}


@pytest.mark.parametrize(
    ("summary", "by_ur", "own"),
    [
        pytest.param("On 1-3-2017 utilization review non-certified the quills.", None, False, id="what UR refused"),
        pytest.param("The claims administrator approved a request for quills.", None, False, id="what UR granted"),
        pytest.param("", "Some Text, quills", False, id="UR's guideline line"),
        pytest.param("He was treated with quills in 2011.", None, True, id="treatment of the past"),
        pytest.param("He denied fear of quills.", None, True, id="the patient's denial"),
    ],
)
def test_an_alias_in_what_another_letter_says_of_ur_is_not_the_letters_own(
    taxonomy: Taxonomy, summary: str, by_ur: str | None, own: bool
) -> None:
    other = letter("B", "gym membership", summary=summary, by_ur=by_ur)
    unseen = Unseen(taxonomy, [letter("A", "quills"), other])
    assert (unseen.own_aliases("A") == {("needle_treatment", "quills")}) is own
    assert ("quills" in unseen.without_aliases("A").kinds["needle_treatment"].aliases) is not own
    assert "fine pins" in unseen.without_aliases("A").kinds["needle_treatment"].aliases  # in no letter


def test_an_alias_that_kinds_share_is_taken_too(taxonomy: Taxonomy) -> None:
    shared = AliasInContext("loan", context=("pass",))
    kinds = taxonomy.kinds | {"gym_membership": replace(taxonomy.kinds["gym_membership"], shared_aliases=(shared,))}
    unseen = Unseen(Taxonomy(kinds), [letter("A", "loan of a pass"), letter("B", "a loan without")])
    assert unseen.own_aliases("A") == {("gym_membership", "loan")}
    assert read_request("loan of a pass", Taxonomy(kinds)).kind == "gym_membership"
    assert read_request("loan of a pass", unseen.without_aliases("A")).kind is None


def test_a_display_name_stays(taxonomy: Taxonomy) -> None:
    unseen = Unseen(taxonomy, [letter("A", "gym membership"), letter("B", "needling")])
    assert read_request("gym membership", unseen.without_aliases("A")).kind == "gym_membership"


def test_the_order_of_guidelines_is_that_of_the_other_letters(taxonomy: Taxonomy) -> None:
    study, knee = CitedGuideline(BACK, ("special studies",)), CitedGuideline(KNEE, ("Special Studies",))
    letters = [letter("A", "scanning", knee), letter("B", "scanning", study), letter("C", "needling", study)]
    unseen = Unseen(taxonomy, letters)
    first = {number: unseen.without_order(number).kinds["back_picture"].governed_by[0][0] for number in "ABC"}
    assert first == {"A": BACK, "B": KNEE, "C": KNEE}  # C: one citation each for the kind, and the name decides
