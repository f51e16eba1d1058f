"""Full text: user text is never query syntax, and the index follows its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

import assistant.library.words
from assistant.database import open_database, writing
from assistant.library.library import Library
from assistant.library.stored_vectors import Shelf
from assistant.library.words import Words, match_query, word_stems


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("lumbar MRI", '"lumbar" OR "mri"'),
        ("the MRI of the MRI", '"mri"'),
        ('pain" OR NEAR(a b) * -x', '"pain" OR "near" OR "b" OR "x"'),
        ("service:norco", '"service" OR "norco"'),
        ("of the", '"of" OR "the"'),
        ("  ?!* ", ""),
    ],
)
def test_a_query_is_quoted_words_only(words: str, query: str) -> None:
    assert match_query(words) == query


def test_a_long_text_is_cut_to_its_first_words() -> None:
    assert match_query(" ".join(f"w{i}" for i in range(500))).count(" OR ") == 63


@given(st.text(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_no_text_is_a_faulty_query(library: Library, words: str) -> None:
    found = library._in.words
    assert isinstance(found.passages(words, 5), list)
    hits = found.hits(words)
    assert set(hits.all_of) <= set(hits.ranked) or not hits.ranked.size


def ranked(library: Library, words: str) -> list[str]:
    rows = library._in.vectors.shelved(Shelf.DECISIONS)
    return [rows.keys[row] for row in rows.rows_of(library._in.words.hits(words).ranked)]


def test_words_are_found_by_their_stems(library: Library) -> None:
    assert library._in.words.passages("needle treatment", 1)[0].startswith("mtus-acupuncture")
    assert ranked(library, "invented cases") == ["ill-needles-over-1", "ill-needles-up-1"]


def test_what_holds_all_words_is_told_from_what_holds_some(library: Library) -> None:
    hits = library._in.words.hits("invented marzipan")
    assert len(hits.ranked) == 2
    assert len(hits.all_of) == 0
    assert len(library._in.words.hits("the invented case of acupuncture").all_of) == 2


def test_a_word_that_too_many_hold_gives_no_ranks(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant.library.words, "_MOST_RANKED", 1)
    hits = library._in.words.hits("invented acupuncture")
    assert (len(hits.all_of), len(hits.ranked)) == (2, 0)
    rare = library._in.words.hits("invented over")
    assert (len(rare.all_of), len(rare.ranked)) == (1, 1)


@pytest.mark.sqlite
def test_the_index_is_in_step_and_can_be_rebuilt(library: Library, tmp_path: Path) -> None:
    words = library._in.words
    assert words.in_step()
    engine = open_database(tmp_path / "data")
    with writing(engine) as session:
        session.execute(text("INSERT INTO decisions_fts(decisions_fts) VALUES ('delete-all')"))
    assert not words.in_step()
    assert ranked(library, "invented") == []
    Words(engine).rebuild()
    assert words.in_step()
    assert len(ranked(library, "invented")) == 2
    engine.dispose()


def test_stems_are_of_telling_words() -> None:
    assert word_stems("the acupuncture of a back") == ("acupun", "back")


def test_a_deleted_decision_is_forgotten(opened: Callable[[], Library], corpus: Path) -> None:
    opened().close()
    (corpus / "determinations" / "needles-up.md").unlink()
    again = opened()
    assert ranked(again, "invented") == ["ill-needles-over-1"]
    assert again._in.words.in_step()
