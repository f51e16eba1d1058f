"""Many synthetic determinations by the plain path and by Ray Data: the same rows, the same vectors, time and space."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing, nullcontext, suppress
from itertools import islice
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from assistant.database import open_database
from assistant.domain import Determination
from assistant.library.embedding import Embedder, load_embedder
from assistant.library.library import open_library
from assistant.library.ray_reading import RayReading, ray_session
from assistant.settings import Settings
from benchmarks.decisions import _NUMBER, MovedEmbedder, synthetic_letters

CORPUS = Path(__file__).parents[1] / "corpus"
WAYS = {"plain": 0, "ray, 1 worker": 1, "ray, 2 workers": 2}
_TABLES = {
    "documents": "id, content_hash, text_hash, kind, name, owner",
    "determinations": "*",
    "decisions": "*",
    "citations": "*",
    "passages": "*",
    "kind_names": "*",
    "kept_texts": "*",
    "import_notes": "*",
    "vectors": "model, text_hash",
    "decisions_fts_docsize": "*",
}
HEADING = """\
Determinations are synthetic: the illustrative letters with other ages, counts, dates and case numbers and one sentence
of each rationale left out, written out as letters' texts, one a line of JSON; each is read and parsed as any letter is.
"""
MOVED = """\
Through the model passes one text of each wording (its numbers made 0) in every process that embeds; each text's vector
is its wording's, moved by a small step that the text seeds. So the time is that of reading, parsing and writing, with
little embedding.
"""
REAL = "Every text passes through the model.\n"


class WordingEmbedder(MovedEmbedder):
    """A MovedEmbedder whose wordings do not depend on which text comes first, for processes differ in that."""

    def __init__(self, real: Embedder) -> None:
        super().__init__(real)
        self.moving = True

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder."""
        wordings = dict.fromkeys(_NUMBER.sub("0", text) for text in texts)
        new = [wording for wording in wordings if wording.encode() not in self.wordings]
        if new:
            self.wordings.update(zip((w.encode() for w in new), self.real.embed(new), strict=True))
        return np.stack([self._moved(self.wordings[_NUMBER.sub("0", text).encode()], text) for text in texts])


class Make:
    """Makes the embedder of a run in each worker."""

    def __init__(self, data: Path, *, real: bool, worker: bool) -> None:
        self._data, self._real, self._worker = data, real, worker

    def __call__(self) -> Embedder:
        """The embedder."""
        model = load_embedder("minilm", self._data, worker=self._worker)
        return model if self._real else WordingEmbedder(model)


def as_text(letter: Determination) -> str:
    """A determination as the text of a letter of late 2016."""
    day = "%m/%d/%Y"
    assigned, decided = (d.strftime(day) if d else "" for d in (letter.date_assigned, letter.decision_date))
    issues = "\n".join(
        f"{d.service}: {d.outcome}\nClaims Administrator guideline: {d.claims_administrator_guideline}\n"
        f"MAXIMUS guideline: {d.reviewer_guideline}\nDecision rationale: {d.rationale}"
        for d in letter.decisions
    )
    return (
        f"Case Number: {letter.case_number}\nDate Assigned: {assigned} Date of Injury: 10/16/2012\n"
        f"Decision Date: {decided} UR Denial Date: 11/20/2012\nPriority: Standard Application Received: 11/25/2012\n"
        "HOW THE IMR FINAL DETERMINATION WAS MADE\nAn expert reviewer decided.\nState(s) of Licensure: California\n"
        "Certification(s)/Specialty: Family Practice\nCLINICAL CASE SUMMARY\nThe expert reviewer developed the "
        "following clinical case summary based on a review of the case file, including all medical records:\n"
        f"{letter.case_summary}\nIMR ISSUES, DECISIONS AND RATIONALES\nThe Final Determination was based on decisions "
        f"for the disputed items/services set forth below:\n{issues}\n"
    )


def write_lines(path: Path, count: int) -> None:
    """So many determinations as lines of JSON."""
    with path.open("w", encoding="utf-8") as file:
        for number, letter in islice(synthetic_letters(CORPUS, 10 * count), count):
            file.write(json.dumps({"case_number": number, "text": as_text(letter)}) + "\n")


class Memory(threading.Thread):
    """The most memory of this process and its children together (the sum of their proportional shares), in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.ended = 0.0, threading.Event()

    def run(self) -> None:
        """See threading.Thread."""
        while not self.ended.wait(2):
            total = 0
            for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
                with suppress(psutil.Error):
                    total += process.memory_full_info().pss
            self.most = max(self.most, total / 1e6)


def run_one(data: Path, lines: Path, workers: int, *, real: bool) -> None:
    """One import in this process, for `run_all`; prints its figures as JSON."""
    settings = Settings(data_dir=data, corpus_dir=CORPUS)
    engine = open_database(data)
    library = open_library(settings, engine, embedder=Make(data, real=real, worker=False)())
    memory = Memory()
    memory.start()
    began = time.perf_counter()
    with ray_session(workers) if workers else nullcontext():
        reading = RayReading(workers, "minilm", data, Make(data, real=real, worker=True)) if workers else None
        report = library.import_paths([lines], reading=reading)
    seconds = time.perf_counter() - began
    memory.ended.set()
    library.close()
    engine.dispose()
    disk = sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) / 1e6
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    figures = {"read": report.read, "failed": len(report.failed), "decisions": report.decisions, "seconds": seconds}
    print(json.dumps({**figures, "all_mb": memory.most, "own_mb": own, "disk_mb": disk}))


def differences(one: Path, other: Path) -> list[str]:
    """The tables whose contents differ between two data folders."""
    different = []
    with closing(sqlite3.connect(one / "assistant.db")) as a, closing(sqlite3.connect(other / "assistant.db")) as b:
        for table, columns in _TABLES.items():
            query = f"SELECT {columns} FROM {table} ORDER BY 1, 2"  # noqa: S608
            pairs = zip(a.execute(query), b.execute(query), strict=True)
            try:
                same = all(x == y for x, y in pairs)
            except ValueError:  # one has more rows
                same = False
            if not same:
                different.append(table)
    return different


def least_cosine(one: Path, other: Path) -> float:
    """The least cosine between the vectors of equal texts of two data folders."""
    query = "SELECT vector FROM vectors ORDER BY model, text_hash"
    least = 1.0
    with closing(sqlite3.connect(one / "assistant.db")) as a, closing(sqlite3.connect(other / "assistant.db")) as b:
        for (x,), (y,) in zip(a.execute(query), b.execute(query), strict=True):
            u, v = np.frombuffer(x, "<f4").astype(float), np.frombuffer(y, "<f4").astype(float)
            least = min(least, float(u @ v / np.linalg.norm(u) / np.linalg.norm(v)))
    return least


def run_all(count: int, *, real: bool, into: Path) -> bool:
    """Import by each way, compare with the plain one, print; says whether all agreed."""
    print(f"\n{count:,} determinations, {os.cpu_count()} processors\n{HEADING}{REAL if real else MOVED}", flush=True)
    lines, start = into / f"{count}.jsonl", into / "start"
    write_lines(lines, count)
    if not start.exists():
        settings = Settings(data_dir=start, corpus_dir=CORPUS)
        engine = open_database(start)
        open_library(settings, engine).close()
        engine.dispose()
    print(
        f"{'':15}{'read':>8} {'decisions':>9} {'seconds':>8} {'a second':>8} "
        f"{'MB, all':>8} {'MB, own':>8} {'disk MB':>8}"
        "  tables that differ, least cosine",
        flush=True,
    )
    good, plain = True, into / "plain"
    for way, workers in WAYS.items():
        data = shutil.copytree(start, into / way.replace(", ", "-").replace(" ", "-"), dirs_exist_ok=False)
        command = [sys.executable, "-m", "benchmarks.scale", "--one", data, "--lines", lines, "--workers", str(workers)]
        done = subprocess.run([*command, "--real", str(int(real))], capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{way} failed: {done.stderr[-2000:]}")
            return False
        f = json.loads(done.stdout.splitlines()[-1])
        said = ""
        if workers:
            wrong, cosine = differences(plain, data), least_cosine(plain, data)
            good = good and not wrong and cosine >= 0.9999
            said = f"  {', '.join(wrong) or 'none'}, {cosine:.7f}"
            shutil.rmtree(data)
        print(
            f"{way:15}{f['read']:>8,} {f['decisions']:>9,} {f['seconds']:>8.0f} {f['read'] / f['seconds']:>8.1f} "
            f"{f['all_mb']:>8.0f} {f['own_mb']:>8.0f} {f['disk_mb']:>8.0f}{said}",
            flush=True,
        )
    shutil.rmtree(plain)
    return good


def main() -> None:
    """The command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000, help="determinations; few pass through the model")
    options.add_argument("--real", type=int, default=1_000, help="determinations whose every text does; 0: none")
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--lines", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--workers", type=int, default=0, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        run_one(chosen.one, chosen.lines, chosen.workers, real=bool(chosen.real))
        return
    with tempfile.TemporaryDirectory(prefix="imr-scale-") as folder:
        good = [
            run_all(count, real=real, into=Path(folder))
            for count, real in ((chosen.real, True), (chosen.count, False))
            if count
        ]
    raise SystemExit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
