"""What overturned decisions state and upheld ones do not: counted by hand over letters made for it, read once each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, letter_text

from assistant.corpus import load_taxonomy
from assistant.library.documented import Documented, Where, documented, facts_stated
from assistant.library.importing import Silent
from assistant.library.library import Library
from assistant.library.readings import NAME, Readings, ReadingStopped
from assistant.reading.lexicon import load_lexicon

CORPUS = Path(__file__).parents[2] / "corpus"
LEXICON = load_lexicon(CORPUS)
GAIN = "Acupuncture improved her function: she now walks for an hour."
NONE = "There was no functional improvement with acupuncture."
SCORE = "The pain is 6/10."


class Counted(Silent):
    """Progress that remembers how much there was to read."""

    def __init__(self) -> None:
        self.totals: list[int] = []

    def start(self, what: str, total: int) -> None:
        """An act of `total` steps begins."""
        self.totals.append(total)


@pytest.fixture
def readings(tmp_path: Path) -> Readings:
    return made_readings(tmp_path)


def made_readings(folder: Path) -> Readings:
    return Readings(folder, LEXICON, load_taxonomy(CORPUS), CORPUS)


@pytest.fixture
def filled(library: Library, tmp_path: Path) -> Library:
    """Twelve letters on acupuncture; four of five overturned ones state a gain, one of seven upheld ones does."""
    told = [("Overturned", text) for text in (GAIN, GAIN, GAIN, GAIN, NONE)]
    told += [("Upheld", text) for text in (GAIN, NONE, NONE, NONE, NONE, NONE, NONE)]
    for i, (outcome, text) in enumerate(told):
        issue = ("Acupuncture, 6 sessions", outcome, ACUPUNCTURE, SCORE if i == 0 else "It is weighed.")
        letter = letter_text(f"CM17-{i:07d}", [issue], summary=f"Worker {i} hurt her back. {text}")
        (tmp_path / f"letter-{i:02d}.txt").write_text(letter)
    library.import_paths(sorted(tmp_path.glob("letter-*.txt")))
    return library


def compared(library: Library, readings: Readings, where: Where = Where.SUMMARY) -> Documented:
    cases = library.decided_cases("acupuncture")
    return documented(
        "acupuncture", "Acupuncture", where, cases, lambda texts: readings.stated(texts, Silent()), LEXICON
    )


def test_the_shares_are_those_counted_by_hand(filled: Library, readings: Readings) -> None:
    told = compared(filled, readings)
    assert (told.overturned, told.upheld, told.comparable, told.sought) == (5, 7, True, len(LEXICON.concepts))
    gain = told.facts[0]
    assert (gain.concept, gain.label) == ("functional_improvement", "Functional improvement from treatment")
    assert (gain.overturned.hits, gain.overturned.n, gain.upheld.hits, gain.upheld.n) == (4, 5, 1, 7)
    assert gain.difference is not None
    assert gain.difference.value == pytest.approx(4 / 5 - 1 / 7)
    assert gain in told.telling


def test_the_rationale_is_read_only_where_it_is_asked_for(filled: Library, readings: Readings) -> None:
    def scores(where: Where) -> list[int]:
        return [
            fact.overturned.hits for fact in compared(filled, readings, where).facts if fact.concept == "pain_score"
        ]

    assert {where: scores(where) for where in Where} == {Where.SUMMARY: [], Where.RATIONALE: [1], Where.EITHER: [1]}


def test_illustrative_letters_are_never_read(library: Library, readings: Readings) -> None:
    told = compared(library, readings)
    assert (told.overturned, told.upheld, told.facts, told.comparable) == (0, 0, (), False)


def test_the_decisions_behind_a_fact_are_those_that_state_it(filled: Library, readings: Readings) -> None:
    cases = filled.decided_cases("acupuncture")
    stated = readings.stated({case.case_summary for case in cases}, Silent())
    stating = [case for case in cases if "functional_improvement" in facts_stated(case, stated, Where.SUMMARY)]
    assert [case.case_number for case in stating] == [f"CM17-{i:07d}" for i in (0, 1, 2, 3, 5)]
    assert filled.decided_cases("gym_membership") == ()
    assert filled.decided_cases(None) == cases


# --- what was read is remembered ------------------------------------------------------------------------------


def stopping_after(count: int) -> Iterable[bool]:
    yield from [False] * count
    while True:
        yield True


def test_a_text_is_read_once_and_no_word_of_it_is_kept(tmp_path: Path, readings: Readings) -> None:
    watched = Counted()
    first = readings.stated({GAIN, SCORE}, watched)
    again = made_readings(tmp_path)
    assert again.missing({GAIN, SCORE, NONE}) == 1
    assert again.stated({GAIN, SCORE}, watched) == first
    assert watched.totals == [2, 0]
    assert "functional_improvement" in first[GAIN]
    kept = (tmp_path / NAME).read_text("utf-8")
    assert "walks" not in kept
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_a_stop_keeps_what_was_read(tmp_path: Path, readings: Readings) -> None:
    wishes = iter(stopping_after(2))
    with pytest.raises(ReadingStopped, match="what was read so far is kept"):
        readings.stated({GAIN, SCORE, NONE}, Silent(), lambda: next(wishes))
    assert made_readings(tmp_path).missing({GAIN, SCORE, NONE}) == 1


@pytest.mark.parametrize(
    "held",
    ["", "[]", '{"edition": "another", "concepts": [], "texts": {}}', '{"edition": null}'],
    ids=["torn", "another form", "another edition", "none"],
)
def test_what_cannot_be_used_is_read_anew(tmp_path: Path, held: str) -> None:
    (tmp_path / NAME).write_text(held, "utf-8")
    assert made_readings(tmp_path).missing({GAIN}) == 1


def test_a_text_that_is_no_case_states_nothing(tmp_path: Path, readings: Readings) -> None:
    assert readings.stated({"\x00\x01"}, Silent()) == {"\x00\x01": ()}
    assert json.loads((tmp_path / NAME).read_text("utf-8"))["concepts"] == []
