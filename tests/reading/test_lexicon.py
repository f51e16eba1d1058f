"""The lexicon file, its small pattern language, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.reading.lexicon import load_lexicon
from assistant.reading.spelling import Spellings
from assistant.reading.wordbook import Wordbook
from assistant.reading.wordings import BadWording, WordLists, compile_wording

CORPUS = Path(__file__).parents[2] / "corpus"
LISTS = WordLists({"limb": ("arm", "lower leg"), "scale": ("pain scale",)})


def _finds(wording: str, text: str) -> list[str]:
    book = Wordbook([(compile_wording(wording, LISTS), None)])
    return [text[hit.start : hit.end] for hit in book.find(text)]


@pytest.mark.parametrize(
    ("wording", "text", "found"),
    [
        pytest.param("physical therapy", "Physical  Therapy", ["Physical  Therapy"], id="case and blanks"),
        pytest.param("x ray", "an X-ray", ["X-ray"], id="hyphen for blank"),
        pytest.param("study", "two studies", ["studies"], id="plural"),
        pytest.param("spurling", "Spurling's test", ["Spurling's"], id="apostrophe"),
        pytest.param("pain", "painful", [], id="whole words"),
        pytest.param("radiat*", "radiating", ["radiating"], id="stem"),
        pytest.param("=PT", "PT, pt", ["PT"], id="this case only"),
        pytest.param("(pain|ache) down", "ache down", ["ache down"], id="alternatives"),
        pytest.param("pain (level)? of <n>", "pain of 7", ["pain of 7"], id="optional"),
        pytest.param("pain .. <limb>", "pain in the lower leg", ["pain in the lower leg"], id="gap and list"),
        pytest.param("pain .. <limb>", "pain. The arm", [], id="a gap ends with the sentence"),
        pytest.param("pain .. <limb>", "pain; left arm", [], id="a gap ends at a semicolon"),
        pytest.param("pain .. arm", "pain a b c d e arm", [], id="a gap is short"),
        pytest.param("<n> / 10", "7/10 or 5 - 6 / 10", ["7/10", "5 - 6 / 10", "6 / 10"], id="numbers and ranges"),
        pytest.param("<n> / 10", "on 7/10/2016", [], id="a date is no score"),
        pytest.param("<n> visits", "Twenty-four visits", ["Twenty-four visits", "four visits"], id="number words"),
        pytest.param(
            "(the)? .. pain relief", "the good pain relief", ["the good pain relief", "pain relief"], id="lead"
        ),
        pytest.param("no (pain)? .. relief", "no pain relief", ["no pain relief"], id="optional before a gap"),
    ],
)
def test_wording(wording: str, text: str, found: list[str]) -> None:
    assert _finds(wording, text) == found


@pytest.mark.parametrize("wording", ["", "(a|b", "a)", ".. a", "<nothing>", "(a|)", "(a)?", "(a|b)*"])
def test_a_bad_wording_is_refused(wording: str) -> None:
    with pytest.raises(BadWording):
        compile_wording(wording, LISTS)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Ketoprophen", "ketoprofen"),
        ("Naproxin", "naproxen"),
        ("Gabapentine", "gabapentin"),
        ("diazempam", "diazepam"),
        ("naproxens", None),
        ("hearing", None),
        ("desired", None),
        ("naproxen", None),
    ],
)
def test_misspelt_drugs(word: str, name: str | None) -> None:
    names = Spellings(["ketoprofen", "naproxen", "gabapentin", "diazepam", "heparin", "desyrel"])
    assert [slip.name for slip in names.find(f"takes {word} daily")] == ([name] if name else [])


def test_every_concept_is_whole() -> None:
    lexicon = load_lexicon(CORPUS)
    assert len(lexicon.concepts) > 130
    for concept in lexicon.concepts.values():
        assert concept.label
        assert concept.searched
        assert concept.meanings
        assert re.fullmatch(r"[a-z0-9_]+", concept.id)
        assert all(meaning.endswith(".") for meaning in concept.meanings)


def test_features_name_concepts() -> None:
    lexicon = load_lexicon(CORPUS)
    assert len(lexicon.features) == 23
    assert all(set(concepts) <= lexicon.concepts.keys() for concepts in lexicon.features.values())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("lists: {}\nconcepts: {}\ncues: {}\nmore: 1\n", id="unknown field"),
        pytest.param("lists: [\n", id="no YAML"),
        pytest.param("lists: {}\nconcepts: {}\ncues: {denies: ['(no']}\n", id="bad wording"),
        pytest.param("lists: {}\nconcepts: {}\ncues: {}\nfeatures: {a: {concepts: [b]}}\n", id="unknown concept"),
    ],
)
def test_a_bad_lexicon_is_one_sentence(content: str, tmp_path: Path) -> None:
    (tmp_path / "concepts.yaml").write_text(content, "utf-8")
    with pytest.raises(AssistantError, match=r"concepts\.yaml"):
        load_lexicon(tmp_path)


def test_a_missing_lexicon_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="could not be read"):
        load_lexicon(tmp_path)
