"""The same library on every engine: counts, filters, drafts the same, and the first ten of a search nearly so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_library import ACUPUNCTURE, many_letters
from postgres_server import PostgresServer
from pydantic import SecretStr

from assistant.domain import Outcome
from assistant.library.choices import Choices
from assistant.library.found import Query
from assistant.library.fulltext_postgres import as_tsvector
from assistant.library.library import Library
from assistant.library.stored_vectors import Shelf
from assistant.library.tokens import STEMMED, tokens_of
from assistant.service import Service
from assistant.settings import Settings

pytestmark = [pytest.mark.servers, pytest.mark.slow]
QUERIES = (
    "acupuncture for the low back",
    "worker 14 weighs the guideline",
    "MRI of the lumbar spine",
    "gabapentin 300 mg denied",
    "needles or massage; which?",
    "physical therapy sessions for the shoulder after surgery",
    "the patient's home exercise programme",
    "opioids",
    "functional improvement documented",
    "naïve café re-evaluation 2.5%",
    "acupunctre",
)
CASE = (
    "A 50 year old baker has low back pain since 03/01/2016. She had 6 visits of acupuncture without benefit. "
    "The request is for acupuncture, 6 sessions, low back."
)


@dataclass(frozen=True)
class Engines:
    """One library on each engine, by its name."""

    by_name: dict[str, Service]

    @property
    def first(self) -> Service:
        return self.by_name["SQLite and Chroma"]


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, migrated_database: str, chroma_url: str
) -> Iterator[Engines]:
    """The starter library, built once and copied into each, and 40 letters that each of them imports."""
    folder = tmp_path_factory.mktemp("engines")
    source = Service.open(Settings(data_dir=folder / "0", database_url=SecretStr("")))
    source.close()
    (folder / "letters").mkdir()
    many_letters(folder / "letters", 40)
    with ExitStack() as stack:
        pg, server = (stack.enter_context(postgres.database(migrated_database)) for _ in range(2))
        for url in (pg, server):
            assert Service.copy_database(source.settings, url)["decisions"] > 100
        settings_of = {
            "SQLite and Chroma": {"database_url": SecretStr("")},
            "PostgreSQL and pgvector": {"database_url": SecretStr(pg), "vectors": "pgvector"},
            "PostgreSQL and a Chroma server": {
                "database_url": SecretStr(server),
                "vectors": "chroma-server",
                "chroma_url": chroma_url,
            },
        }
        made = {}
        for number, (name, values) in enumerate(settings_of.items()):
            service = Service.open(Settings(data_dir=folder / str(number), **values))
            stack.callback(service.close)
            service.library.import_paths([folder / "letters"])
            made[name] = service
        yield Engines(made)


def on_each(engines: Engines, what: Callable[[Service], object]) -> list[object]:
    return [what(service) for service in engines.by_name.values()]


def same(engines: Engines, what: Callable[[Service], object]) -> object:
    first, *others = on_each(engines, what)
    assert all(other == first for other in others)
    return first


def test_each_engine_is_what_it_is_called_and_in_step(engines: Engines) -> None:
    called = [service.library._in.vectors.called for service in engines.by_name.values()]
    assert called == ["Chroma", "pgvector", "the Chroma server"]
    for service in engines.by_name.values():
        assert all(check.ok for check in service.library.health())
        assert service.library._in.vectors.in_step() is True
        service.library._in.words.rebuild()
        assert service.library._in.words.in_step()


def test_counts_are_the_same(engines: Engines) -> None:
    counts = same(engines, lambda service: service.library.counts())
    assert counts.letters == 40  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "choices",
    [
        Choices(),
        Choices(outcome=Outcome.UPHELD),
        Choices(service="acupuncture"),
        Choices(illustrative=False, decided_from="2010-01-01"),
        Choices(region="low back"),
        Choices(guideline=ACUPUNCTURE),
    ],
    ids=["none", "outcome", "service", "date", "region", "guideline"],
)
def test_what_matches_and_its_facets_are_the_same(engines: Engines, choices: Choices) -> None:
    def found(service: Service) -> object:
        where = service.library.filter_of(choices)
        answers = [service.library.search(Query(words, where=where, facets=True)) for words in QUERIES]
        return [(a.matching, a.matching_illustrative, a.facets, a.corrections) for a in answers]

    assert any(matching for matching, *_ in same(engines, found))  # type: ignore[attr-defined]


def test_the_first_ten_overlap(engines: Engines) -> None:
    kinds = [kind.display for kind in engines.first.library.taxonomy.kinds.values()]
    words = [*kinds[::3], *QUERIES]  # a third of the kinds of service, by the names that evaluation searches by

    def first_ten(service: Service) -> list[set[str]]:
        return [{r.decision_id for r in service.library.search(Query(w, limit=10)).results} for w in words]

    first, *others = (first_ten(service) for service in engines.by_name.values())
    assert sum(map(len, first)) > 5 * len(words)
    for other in others:
        shared = [len(a & b) / len(a) for a, b in zip(first, other, strict=True) if a]
        assert np.mean(shared) >= 0.9
        assert min(shared) >= 0.9


def test_passages_are_ranked_the_same(engines: Engines) -> None:
    def ranked(service: Service) -> object:
        finder = service.library.finder
        return [(finder.passages_worded(w, 20), [key for key, _ in finder.passages_near(w, 20)]) for w in QUERIES]

    same(engines, ranked)


def test_drafts_are_the_same(engines: Engines) -> None:
    def drafted(service: Service) -> object:
        return replace(service.draft_text(CASE, day=date(2016, 12, 20)), took_ms=0.0)

    same(engines, drafted)


def test_ranks_by_words_are_bm25_s_on_both(engines: Engines) -> None:
    def ranked(service: Service) -> object:
        rows = service.library._in.vectors.shelved(Shelf.DECISIONS)
        found = [service.library._in.words.hits(words) for words in QUERIES]
        return [([rows.keys[r] for r in rows.rows_of(h.ranked)], sorted(h.all_of.tolist())) for h in found]

    assert any(ranks for ranks, _ in same(engines, ranked))  # type: ignore[attr-defined]


@given(words=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_is_a_faulty_query(engines: Engines, words: str) -> None:
    same(engines, lambda service: service.library._in.words.hits(words).all_of.tolist())


@given(parts=st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_a_tsvector_holds_each_word_at_each_place(parts: list[str]) -> None:
    tokens = tokens_of([tuple(parts)], STEMMED)[0]
    made = as_tsvector(tokens)
    assert made.count(":") == len({token.term for token in tokens})
    assert made.count(":") + made.count(",") == len(tokens)


# --- what is derived is mended ------------------------------------------------------------------------------------


def library_of(engines: Engines, name: str) -> Library:
    return engines.by_name[name].library


@pytest.mark.parametrize("name", ["PostgreSQL and pgvector", "PostgreSQL and a Chroma server"])
def test_what_is_lost_of_an_index_comes_back(engines: Engines, name: str) -> None:
    library = library_of(engines, name)
    vectors = library._in.vectors
    before = library.finder.passages_near(QUERIES[0], 10)
    if name.endswith("pgvector"):
        from sqlalchemy import text

        from assistant.database import writing

        with writing(library._in.store.engine) as session:
            session.execute(text("DELETE FROM near_passages WHERE key = :key"), {"key": before[0][0]})
            session.execute(text("INSERT INTO near_passages SELECT 'stray', vector FROM near_passages LIMIT 1"))
    else:
        index = vectors.index
        index._drop(Shelf.PASSAGES, [before[0][0]])  # type: ignore[attr-defined]
    assert vectors.in_step() is False
    vectors.refresh()
    assert vectors.in_step() is True
    assert library.finder.passages_near(QUERIES[0], 10) == before
    vectors.rebuild()
    assert vectors.in_step() is True
    assert library.finder.passages_near(QUERIES[0], 10) == before
