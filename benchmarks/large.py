"""How import, disk, memory and search grow with the library: the figures and the plot of `make bench-large`."""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from assistant.database import open_database
from assistant.domain import Outcome
from assistant.library.embedding import load_embedder
from assistant.library.filters import DecisionFilter
from assistant.library.found import Query
from assistant.library.library import Library, open_library
from assistant.library.stored_vectors import Shelf
from assistant.library.vectors import nearest
from assistant.settings import Settings
from benchmarks.decisions import MovedEmbedder, synthetic_letters
from benchmarks.texts import corpus_sentences

_AT_ONCE = 500  # letters between two looks at the index, as an import of a folder has
_QUERIES = 60
_NEAREST = 10
_DEPTH = 201  # as the search asks the index
_SEED = 20161203
_FILTERS = (
    DecisionFilter(outcome=Outcome.OVERTURNED),
    DecisionFilter(outcome=Outcome.UPHELD, decided_from=date(2015, 1, 1), decided_to=date(2015, 12, 31)),
    DecisionFilter(region="low back"),
    DecisionFilter(service="acupuncture", modified=False),
)
HEADING = """\
Synthetic decisions, made from the illustrative ones by a seeded generator: other ages, counts, dates and case numbers,
and one sentence of each rationale left out. Only the first of each wording passes through the model; the others take
its vector, moved by a small seeded step. The import rate is so that of storing and indexing, at first with embedding,
without reading files; `make bench` gives the rates of reading and embedding. Queries are embedded, each for the first
time. Up to 200,000 decisions the search compares one by one, so its recall is 1 by construction;
beyond, it is Chroma's."""


@dataclass(frozen=True, slots=True)
class Growth:
    """The figures of one size: decisions a second, MB, and search times in ms (median and 95th percentile)."""

    decisions: int
    wordings: int
    import_rate: float
    disk_mb: float
    peak_mb: float
    plain: tuple[float, float]
    filtered: tuple[float, float]
    recall: float


def measured_growth(corpus: Path, sizes: Sequence[int], say: Callable[[Growth], None]) -> list[Growth]:
    """Grow one library to each size in turn and measure it there."""
    growth: list[Growth] = []
    with tempfile.TemporaryDirectory() as kept:
        settings = Settings(data_dir=Path(kept), corpus_dir=corpus)
        engine = open_database(settings.data_dir)
        embedder = MovedEmbedder(load_embedder("minilm", settings.data_dir))
        library = open_library(settings, engine, embedder=embedder)
        library.ready()
        letters, held = synthetic_letters(corpus, max(sizes)), 0
        asked = iter(_queries(corpus, 2 * _QUERIES * len(sizes)))
        for size in sizes:
            began, before = time.perf_counter(), held
            embedder.moving = True
            while held < size and (some := dict(islice(letters, min(_AT_ONCE, -(-(size - held) // 2))))):
                library.add_determinations(some)
                held += sum(len(letter.decisions) for letter in some.values())
            embedder.moving = False
            rate = (held - before) / (time.perf_counter() - began)
            growth.append(_measured(library, embedder, held, rate, Path(kept), list(islice(asked, 2 * _QUERIES))))
            say(growth[-1])
        library.close()
        engine.dispose()
    return growth


def _measured(
    library: Library, embedder: MovedEmbedder, held: int, rate: float, data: Path, words: Sequence[str]
) -> Growth:
    library.search(Query("warm", facets=True))
    plain, filtered = words[:_QUERIES], words[_QUERIES:]
    open_queries = [Query(text, facets=True) for text in plain]
    narrow = [Query(text, _FILTERS[at % len(_FILTERS)], facets=True) for at, text in enumerate(filtered)]
    times = [_spread([_milliseconds(library, query) for query in some]) for some in (open_queries, narrow)]
    return Growth(
        decisions=held,
        wordings=len(embedder.wordings),
        import_rate=rate,
        disk_mb=sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) / 1e6,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
        plain=times[0],
        filtered=times[1],
        recall=_recall(library, embedder, plain),
    )


def _milliseconds(library: Library, query: Query) -> float:
    began = time.perf_counter()
    library.search(query)
    return 1000 * (time.perf_counter() - began)


def _recall(library: Library, embedder: MovedEmbedder, words: Sequence[str]) -> float:
    """The share of the ten nearest decisions, by exact search, that the index finds among its ten."""
    vectors = library._in.vectors
    shelved = vectors.shelved(Shelf.DECISIONS)
    shares = []
    for vector in embedder.real.embed(list(words)):
        exact = {key for key, _ in nearest(shelved, vector, _NEAREST)}
        found = {key for key, _ in vectors.search(Shelf.DECISIONS, vector, _DEPTH)[:_NEAREST]}
        shares.append(len(exact & found) / len(exact))
    return sum(shares) / len(shares)


def _queries(corpus: Path, count: int) -> list[str]:
    """Three to six words in a row of the illustrative decisions, no two alike."""
    chance = random.Random(_SEED)  # noqa: S311 - repeatable, nothing secret
    sentences = [sentence.split() for sentence in corpus_sentences(corpus)]
    queries: dict[str, None] = {}
    while len(queries) < count:
        words, length = chance.choice(sentences), chance.randint(3, 6)
        start = chance.randrange(max(1, len(words) - length))
        queries[" ".join(words[start : start + length])] = None
    return list(queries)


def _spread(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]


def table_line(growth: Growth) -> str:
    """One size as a line under HEADING's columns."""
    return (
        f"{growth.decisions:>9,} {growth.wordings:>9,} {growth.import_rate:>10.0f} {growth.disk_mb:>8.0f} "
        f"{growth.peak_mb:>8.0f} {growth.plain[0]:>7.0f} {growth.plain[1]:>6.0f} {growth.filtered[0]:>9.0f} "
        f"{growth.filtered[1]:>6.0f} {growth.recall:>9.3f}"
    )


COLUMNS = (
    "decisions  wordings import/s  disk MB  peak MB     p50    p95  filtered    p95 recall@10\n"
    "                                       aim 2000       aim 100 ms          aim 100  aim 0.98"
)


def plot(growth: Sequence[Growth], path: Path) -> None:
    """Search times, import rate and space over the library's size, as a PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    sizes = [each.decisions for each in growth]
    figure, (search, rate, space) = pyplot.subplots(1, 3, figsize=(13, 4), layout="constrained")
    for label, pick, style in (
        ("median", lambda g: g.plain[0], "C0o-"),
        ("95th percentile", lambda g: g.plain[1], "C0o--"),
        ("filtered, median", lambda g: g.filtered[0], "C1s-"),
        ("filtered, 95th percentile", lambda g: g.filtered[1], "C1s--"),
    ):
        search.plot(sizes, [pick(each) for each in growth], style, label=label)
    search.axhline(100, color="grey", linewidth=0.8)
    search.set(title="Search, with the query's embedding (aim 100)", ylabel="milliseconds")
    rate.plot(sizes, [each.import_rate for each in growth], "C2o-")
    rate.set(title="Import, first of each wording embedded", ylabel="decisions a second")
    space.plot(sizes, [each.disk_mb for each in growth], "C3o-", label="disk")
    space.plot(sizes, [each.peak_mb for each in growth], "C4s-", label="peak memory (at most 2,000)")
    space.set(title="Space", ylabel="MB")
    for axes in (search, rate, space):
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel("decisions in the library")
        axes.grid(alpha=0.3)
    search.legend()
    space.legend()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
