"""A text becomes sections and passages: nothing lost, nothing longer than the window, rows and headers kept."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.guideline_blocks import Block, GuidelineText, squeezed
from assistant.reading.guideline_passages import Piece, Section, pieces_of, sections_of

WORDS = st.sampled_from(
    [
        "Imaging",
        "is",
        "not",
        "needed.",
        "At",
        "50 mg.Physician",
        "İ",
        "e.g.",
        "12",
        "visits;",
        "x" * 30,
        "(a)",
        "“Rest.”",
    ]
)
TEXTS = st.lists(WORDS | st.text(min_size=1), min_size=1, max_size=25).map(lambda w: squeezed(" ".join(w))).filter(bool)
PARAGRAPHS = st.builds(Block, TEXTS, st.just(0), st.integers(1, 3))
HEADINGS = st.builds(Block, TEXTS, st.integers(1, 3))
TABLES = st.builds(lambda rows: Block("", rows=tuple(rows)), st.lists(TEXTS, min_size=1, max_size=5))
BLOCKS = st.lists(PARAGRAPHS | HEADINGS | TABLES, max_size=8)


def cut(text: GuidelineText, most: int) -> list[Piece]:
    return [piece for s in sections_of(text) for piece in pieces_of(s, lambda t: len(t) <= most)]


def said(blocks: Iterable[Block]) -> str:
    return "".join("".join(block.words.split()) for block in blocks)


@given(BLOCKS, st.integers(1, 200))
def test_no_passage_is_longer_than_the_window_and_every_word_is_kept_in_order(blocks: list[Block], most: int) -> None:
    pieces = cut(GuidelineText(tuple(blocks), "txt"), most)
    assert all(len(piece.text) <= most for piece in pieces)
    letters = iter("".join("".join(piece.text.split()) for piece in pieces))
    assert all(letter in letters for letter in said(blocks))  # a table's header may stand once more


@given(st.lists(PARAGRAPHS | HEADINGS, max_size=8), st.integers(40, 200))
def test_without_tables_the_passages_are_the_text_word_for_word(blocks: list[Block], most: int) -> None:
    pieces = cut(GuidelineText(tuple(blocks), "txt"), most)
    if all(len(word) <= most for block in blocks for word in block.text.split()):
        assert [w for p in pieces for w in p.text.split()] == [w for block in blocks for w in block.text.split()]


@given(BLOCKS, st.integers(1, 200))
def test_what_is_spoken_stands_in_its_passage(blocks: list[Block], most: int) -> None:
    for piece in cut(GuidelineText(tuple(blocks), "txt"), most):
        assert all(paragraph in piece.text for paragraph in piece.spoken)


def heading(text: str, level: int) -> Block:
    return Block(text, level)


def test_a_section_is_named_by_its_heading_path() -> None:
    blocks = (
        heading("Low Back", 1),
        Block("Back pain is common."),
        heading("Imaging", 2),
        heading("MRI", 3),
        Block("It shows discs.", page=4),
        heading("X-ray", 3),
        Block("It shows bones."),
        heading("Neck", 1),
        Block("Necks hurt."),
    )
    sections = sections_of(GuidelineText(blocks, "md"))
    assert [s.name for s in sections] == ["Low Back", "Low Back > Imaging > MRI", "Low Back > Imaging > X-ray", "Neck"]
    assert [b.text for b in sections[1].blocks] == ["Imaging", "MRI", "It shows discs."]


def test_a_title_that_says_the_label_is_in_no_path_but_in_the_text() -> None:
    blocks = (heading("A Guide to Backs", 1), heading("Imaging", 2), Block("No."), heading("Rest", 2), Block("Yes."))
    text = GuidelineText(blocks, "md")
    sections = sections_of(text, "Guide to Backs")
    assert [s.name for s in sections] == ["Imaging", "Rest"]
    assert pieces_of(sections[0], lambda _: True)[0].text == "A Guide to Backs\n\nImaging\n\nNo."
    assert [s.name for s in sections_of(text, "Another")] == ["A Guide to Backs > Imaging", "A Guide to Backs > Rest"]


def test_lettered_paragraphs_of_a_statute_are_its_sections() -> None:
    texts = ("(a) First.", "(b) (1) Second.", "(2) Third.", "(A) Part of the third.", "(c) Fourth.")
    blocks = (heading("77.", 1), *(Block(text) for text in texts))
    sections = sections_of(GuidelineText(blocks, "txt"))
    assert [s.name for s in sections] == ["77. > (a)", "77. > (b)(1)", "77. > (b)(2)", "77. > (c)"]
    assert [b.text for b in sections[2].blocks] == ["(2) Third.", "(A) Part of the third."]


def test_lettered_paragraphs_under_many_headings_stay_in_their_section() -> None:
    blocks = [b for n in range(4) for b in (heading(f"Topic {n}", 1), Block("(a) One."), Block("(b) Two."))]
    assert [s.name for s in sections_of(GuidelineText(tuple(blocks), "txt"))] == [f"Topic {n}" for n in range(4)]


def test_a_table_is_cut_between_rows_and_its_header_stands_over_each_piece() -> None:
    rows = ("Service | Visits", "Therapy | 12", "Acupuncture | 6", "Massage | 4")
    section = Section(("Limits",), (heading("Limits", 1), Block("", rows=rows)))
    pieces = pieces_of(section, lambda text: len(text) <= 45)
    assert [p.text for p in pieces] == [
        "Limits\n\nService | Visits\nTherapy | 12",
        "Service | Visits\nAcupuncture | 6\nMassage | 4",
    ]
    assert [p.spoken for p in pieces] == [(), ()]


def test_a_paragraph_is_cut_at_its_sentences_and_a_heading_never_stands_alone() -> None:
    text = "Imaging is seldom needed. It shows much. It changes little."
    section = Section(("Imaging",), (heading("Imaging", 1), Block(text, page=2)))
    pieces = pieces_of(section, lambda t: len(t) <= 40)
    assert [p.text for p in pieces] == ["Imaging\n\nImaging is seldom needed.", "It shows much. It changes little."]
    assert [p.page for p in pieces] == [2, 2]


@pytest.mark.parametrize("length", [30, 200])
def test_a_long_section_name_is_shortened(length: int) -> None:
    name = Section(("h" * length, "Imaging", "m" * length), ()).name
    assert name is not None
    assert len(name) <= 160
    assert "Imaging" in name
