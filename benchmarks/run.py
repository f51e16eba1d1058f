"""Print the project's figures: `make bench` (a few minutes), `make bench-large` (growth with the library's size)."""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np

from assistant.corpus import load_taxonomy
from assistant.domain import Draft, IssueDraft, Sentence
from assistant.drafting.second_look import SecondLook
from assistant.drafting.verification import verify_one
from assistant.library.embedding import load_embedder, minilm_folder, way_said
from assistant.reading.case import read_case
from assistant.reading.lexicon import load_lexicon
from assistant.service import Service
from assistant.settings import Settings
from benchmarks.texts import distinct_texts, write_letters

_IMR = str(Path(sys.executable).with_name("imr-assistant"))
_DAY = date(2016, 12, 20)
_TEXTS = 2_000
_PARTS = 10


def timed(act: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def say(name: str, value: float, unit: str, aim: str = "") -> None:
    """One line of the table."""
    print(f"{name:<54}{value:>10.3f} {unit:<12}{aim}")


def spread(values: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def command_seconds(*arguments: str, data: Path) -> float:
    """Seconds of a whole `imr-assistant` process."""
    command = [_IMR, *arguments, "--data-dir", str(data)] if data != Path() else [_IMR, *arguments]
    return timed(lambda: subprocess.run(command, check=True, capture_output=True))


def serve_seconds(data: Path) -> float:
    """Seconds from starting `serve` to the first answered request for the page."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [_IMR, "serve", "--port", "0", "--data-dir", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert child.stdout is not None
        link = next(word for line in child.stdout for word in line.split() if word.startswith("http://127.0.0.1"))
        with_cookie = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with_cookie.open(link, timeout=60).read()
        return time.perf_counter() - began
    finally:
        child.terminate()
        child.wait(30)


def bench_start(corpus: Path, data: Path) -> None:
    """Start-up: help, the first and the second cold draft, the page."""
    sample = next((corpus / "cases").glob("*acupuncture*"))
    arguments = ("draft", str(sample), "--date", "2016-03-01")
    say("imr-assistant --help", min(command_seconds("--help", data=Path()) for _ in range(3)), "s", "aim 0.5")
    say("first draft, builds the starter library", command_seconds(*arguments, data=data), "s")
    say(
        "cold draft, library there",
        statistics.median(command_seconds(*arguments, data=data) for _ in range(3)),
        "s",
        "aim 8",
    )
    say("start of the page to its first answer", serve_seconds(data), "s", "aim 12")


def bench_import(corpus: Path, data: Path) -> None:
    """Letters a second: the real ones where IMR_LETTERS names them, else generated ones."""
    with tempfile.TemporaryDirectory() as made:
        named = os.environ.get("IMR_LETTERS")
        folder = Path(named) / "letters" if named else Path(made)
        if not named:
            write_letters(corpus, folder, 64)
        count = sum(1 for path in folder.iterdir() if path.is_file())
        seconds = command_seconds("import", str(folder), data=data)
        say(
            f"import of {count} {'real' if named else 'generated'} letters, whole process",
            seconds,
            "s",
            "aim 60 for 64",
        )
        say("import rate", count / seconds, "letters/s")


def bench_embedding(corpus: Path, count: int) -> None:
    """Texts a second against the plain LangChain embedder: same process, same texts, each embedded once by both.

    The texts fit the model's window, since the plain embedder cuts longer ones. They go in parts, to both in turn, so
    that what else the machine does slows both alike.
    """
    from langchain_huggingface import HuggingFaceEmbeddings

    with tempfile.TemporaryDirectory() as data:
        ours = load_embedder("minilm", Path(data))
        plain = HuggingFaceEmbeddings(model_name=str(minilm_folder()))
        fitting = (text for text in distinct_texts(corpus, 3 * count) if ours.count_tokens(text) <= ours.max_tokens)
        texts = list(islice(fitting, count))
        parts = [texts[start::_PARTS] for start in range(_PARTS)]
        ours.embed(parts[0][:8])
        plain.embed_documents(parts[0][:8])
        spent, base, least = 0.0, 0.0, 1.0
        for part in parts:
            began = time.perf_counter()
            rows = ours.embed(part)
            between = time.perf_counter()
            expected = np.array(plain.embed_documents(part), np.float32)
            spent, base = spent + between - began, base + time.perf_counter() - between
            cosines = np.sum(rows * expected, axis=1) / np.linalg.norm(expected, axis=1)
            least = min(least, float(cosines.min()))
        print(f"  {way_said(ours)}")
    say(f"embedding, {len(texts)} distinct texts", len(texts) / spent, "texts/s")
    say("  langchain_huggingface.HuggingFaceEmbeddings", len(texts) / base, "texts/s")
    say("  ratio", base / spent, "times", "aim 2.2 with bfloat16, else 1.6")
    say("  least cosine to its vectors", least, "", "aim 0.99")


def bench_work(corpus: Path, service: Service) -> None:
    """Seconds a service of a draft, milliseconds a search, with the models loaded."""
    texts = [path.read_text("utf-8") for path in sorted((corpus / "cases").glob("*.txt"))]
    cases = [text for text in texts if "authorization" in text]  # one sample names no service, and is refused
    service.draft_text(cases[0], day=_DAY)
    each: list[float] = []
    for _ in range(3):
        for case in cases:
            made = service.draft_text(case, day=_DAY)
            each.append(made.took_ms / 1000 / len(made.issues))
    middle, high = spread(each)
    say("draft, per service, median", middle, "s", "aim 1.5")
    say("draft, per service, p95", high, "s")
    drafts = [service.draft_text(case, day=_DAY) for case in cases]
    first, further = list(typed_ms(drafts, slice(0, 1))), list(typed_ms(drafts, slice(1, None)))
    say("verification of the first sentence typed on an issue", spread(first)[0], "ms")
    say("verification of each further one, median", spread(further)[0], "ms")
    say("verification of each further one, p95", spread(further)[1], "ms", "aim 30")
    words = ["acupuncture low back", "lumbar MRI radiculopathy", "norco urine drug screen", "knee arthroscopy meniscus"]
    middle, high = spread([timed(lambda w=w: service.search_decisions(w)) * 1000 for w in words * 10])  # type: ignore[misc]
    say("search, median", middle, "ms")
    say("search, p95", high, "ms")


def typed_ms(drafts: list[Draft], which: slice) -> Iterator[float]:
    """Milliseconds to check each sentence as one that a reviewer types anew, its last number changed.

    `which` says which sentences of each issue: at the first all texts of the issue are read.
    """
    for draft in drafts:
        for issue in draft.issues:
            for sentence in issue.sentences[which]:
                text = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit.group()) + 1) % 10), sentence.text)
                typed = Sentence(f"{text.rstrip('.')} today.", sentence.move, own=True)

                def check(typed: Sentence = typed, issue: IssueDraft = issue, draft: Draft = draft) -> None:
                    verify_one(typed, issue, draft.case.text, draft.passages)

                yield timed(check) * 1000


def bench_reading(corpus: Path) -> None:
    """Milliseconds to read a case, and to look a second time, by meaning, for every concept of the lexicon."""
    lexicon, taxonomy = load_lexicon(corpus), load_taxonomy(corpus)
    texts = [path.read_text("utf-8") for path in sorted((corpus / "cases").glob("*.txt"))]
    meanings = {name: concept.meanings for name, concept in lexicon.concepts.items()}
    with tempfile.TemporaryDirectory() as data:
        look = SecondLook(load_embedder("minilm", Path(data)))
        for text in texts:
            look.over(read_case(text, lexicon, taxonomy), meanings)
        alone = [timed(lambda t=text: read_case(t, lexicon, taxonomy)) * 1000 for text in texts * 5]  # type: ignore[misc]
        both = [
            timed(lambda t=text: look.over(read_case(t, lexicon, taxonomy), meanings)) * 1000  # type: ignore[misc]
            for text in texts * 5
        ]
    for name, times, aim in (("case reading", alone, "aim 50"), ("case reading with second look", both, "aim 250")):
        middle, high = spread(times)
        say(f"{name}, median", middle, "ms", aim)
        say(f"{name}, p95", high, "ms")


def bench_growth(corpus: Path, sizes: list[int], picture: Path | None) -> None:
    """Import, space and search as the library grows, as a table and, where asked for, a plot."""
    from benchmarks import large

    print(f"{large.HEADING}\n\n{large.COLUMNS}", flush=True)
    growth = large.measured_growth(corpus, sizes, lambda each: print(large.table_line(each), flush=True))
    if picture is not None:
        large.plot(growth, picture)
        print(f"The plot is in {picture}.")


def main() -> None:
    """Run the benchmarks and print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--large", action="store_true", help="growth with the library's size instead")
    options.add_argument("--sizes", default="1000,10000,100000", help="with --large: decisions, comma between them")
    options.add_argument("--plot", type=Path, help="with --large: where to write the plot, a PNG")
    options.add_argument("--only", choices=["embedding", "reading"], help="this part alone")
    chosen = options.parse_args()
    corpus = Settings().corpus_dir
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors")
    if chosen.large:
        bench_growth(corpus, [int(size) for size in chosen.sizes.split(",")], chosen.plot)
        return
    if chosen.only == "embedding":
        bench_embedding(corpus, _TEXTS)
        return
    if chosen.only == "reading":
        bench_reading(corpus)
        return
    with tempfile.TemporaryDirectory() as kept:
        data = Path(kept)
        bench_start(corpus, data)
        bench_import(corpus, data)
        service = Service.open(Settings(data_dir=data))
        bench_work(corpus, service)
        service.close()
    bench_reading(corpus)
    bench_embedding(corpus, _TEXTS)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    say("peak memory of one process", peak / 1024**2, "GB", "aim 1.5")


if __name__ == "__main__":
    main()
