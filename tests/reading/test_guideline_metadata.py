"""What a text is cited by is guessed from its words, with the origin of each guess; what is given comes first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.corpus import load_editions
from assistant.domain import PassageKind
from assistant.errors import AssistantError
from assistant.reading.guideline_blocks import Block, GuidelineText
from assistant.reading.guideline_metadata import Guess, Metadata, front_matter, guess_metadata

EDITIONS = load_editions(Path(__file__).parents[2] / "corpus")
LOW_BACK = "MTUS Low Back Disorders (ACOEM February 13, 2020)"


NOTHING = Metadata()


def guessed(title: str | None, *paragraphs: str, given: Metadata = NOTHING, front: Metadata = NOTHING) -> Guess:
    text = GuidelineText(tuple(Block(p) for p in paragraphs), "txt", title)
    return guess_metadata(text, EDITIONS, front, given)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        pytest.param("Backs", f"The {LOW_BACK} follows.", id="named in full"),
        pytest.param(
            "Low Back Disorders", "ACOEM Practice Guidelines, published February 13, 2020", id="name and date"
        ),
        pytest.param("LOW BACK DISORDERS GUIDELINE", "Issued 2/13/2020", id="another way to write them"),
    ],
)
def test_an_edition_of_the_list_is_recognised(title: str, words: str) -> None:
    guess = guessed(title, words)
    said = guess.metadata
    assert (said.label, said.family, said.regulation) == (LOW_BACK, "low_back", "8 CCR 9792.23.5")
    assert (said.in_force_from, said.in_force_to) == (date(2021, 11, 23), None)
    assert "edition of the list" in guess.origin("in_force_from")
    assert said.lacking is None


def test_a_chapter_without_its_date_is_not_taken_for_one_of_its_editions() -> None:
    guess = guessed("Low Back Disorders", "A chapter of some year.")
    assert (guess.metadata.label, guess.origin("label")) == ("Low Back Disorders", "the title")
    assert guess.metadata.body_regions == ("low back",)
    assert "--in-force-from" in (guess.metadata.lacking or "")


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("Effective January 2, 2022.", date(2022, 1, 2), None),
        ("It was adopted on 3/4/2021 and superseded on 5/6/2023.", date(2021, 3, 4), date(2023, 5, 6)),
        ("In force from 2020-05-01 until further notice.", date(2020, 5, 1), None),
        ("Printed on January 2, 2022.", None, None),
        ("The injury was on January 2, 2022. Effective care is early.", None, None),
    ],
)
def test_dates_in_force_are_told_by_the_words_before_them(words: str, start: date | None, end: date | None) -> None:
    said = guessed("A Guide to Backs", words).metadata
    assert (said.in_force_from, said.in_force_to) == (start, end)


def test_the_origin_quotes_the_text() -> None:
    guess = guessed("A Guide to Backs", "By the board. Effective January 2, 2022.", "Third edition, 2021")
    assert guess.origin("in_force_from") == "the text: “Effective January 2, 2022”"
    assert (guess.metadata.edition, guess.origin("edition")) == ("2021", "the text: “edition, 2021”")
    assert guess.metadata.kind is PassageKind.OFFICIAL


def test_what_is_given_comes_before_front_matter_and_front_matter_before_guesses() -> None:
    front = Metadata(label="Front", in_force_from=date(2020, 1, 1))
    guess = guessed("A Guide", "Effective May 5, 2005.", given=Metadata(label="Given"), front=front)
    assert (guess.metadata.label, guess.origin("label")) == ("Given", "as given")
    assert (guess.metadata.in_force_from, guess.origin("in_force_from")) == (
        date(2020, 1, 1),
        "the file’s front matter",
    )


def test_a_given_label_of_the_list_brings_its_dates() -> None:
    said = guessed("Whatever", "Effective May 5, 2005.", given=Metadata(label=LOW_BACK.lower())).metadata
    assert said.in_force_from == date(2021, 11, 23)


def test_not_dated_leaves_out_dates_that_the_text_names() -> None:
    guess = guessed("A Guide", "Effective May 5, 2005.", given=Metadata(not_dated=True))
    assert (guess.metadata.in_force_from, guess.origin("in_force_from")) == (None, "")
    assert guess.metadata.lacking is None
    assert ("not_dated", "yes", "as given") in guess.told()


@pytest.mark.parametrize(
    ("metadata", "option"),
    [
        (Metadata(), "--label"),
        (Metadata(label="x"), "--in-force-from"),
        (Metadata(label="x", in_force_from=date(2020, 1, 2), in_force_to=date(2020, 1, 2)), "--in-force-to"),
    ],
)
def test_what_is_missing_names_the_option(metadata: Metadata, option: str) -> None:
    sentence = metadata.lacking or ""
    assert option in sentence
    assert sentence.count(". ") == 0


@pytest.mark.parametrize("title", ["Microsoft Word - low back.doc", "Untitled", "chapter7.indd", "Document1"])
def test_what_a_program_writes_is_no_title(title: str) -> None:
    assert guessed(title, "Words.").metadata.label is None


def test_front_matter_is_read() -> None:
    said = front_matter(
        "---\nlabel: A: B\nin_force_from: null\nkind: digest\nbody_regions: [knee]\n---\nText".replace("A: B", "'A: B'")
    )
    assert said == Metadata("A: B", None, None, None, None, True, PassageKind.DIGEST, ("knee",), None)
    assert front_matter("No front matter") == Metadata()
    assert front_matter("---\n- a list\n---\n") == Metadata()


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("label: [", "not valid YAML"),
        ("in_force_from: soon", "no date"),
        ("kind: novel", "neither official nor digest"),
    ],
)
def test_malformed_front_matter_is_one_sentence(yaml: str, said: str) -> None:
    with pytest.raises(AssistantError, match=said):
        front_matter(f"---\n{yaml}\n---\n")
