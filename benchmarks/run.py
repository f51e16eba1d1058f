"""Print the project's figures: `make bench` (a few minutes), `make bench-large` (growth with the library's size)."""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path

from assistant.library.embedding import load_embedder
from assistant.service import Service
from assistant.settings import Settings
from benchmarks.texts import distinct_texts, write_letters

_IMR = str(Path(sys.executable).with_name("imr-assistant"))
_DAY = date(2016, 12, 20)


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
    """Texts a second against the plain LangChain embedder, same process, same texts."""
    from langchain_huggingface import HuggingFaceEmbeddings

    from assistant.library.embedding import minilm_folder

    texts = distinct_texts(corpus, count)
    ours = load_embedder("minilm")
    plain = HuggingFaceEmbeddings(model_name=str(minilm_folder()))
    ours.embed(texts[:32])
    plain.embed_documents(texts[:32])
    rate = count / timed(lambda: ours.embed(texts))
    base = count / timed(lambda: plain.embed_documents(texts))
    say(f"embedding, {count} distinct texts", rate, "texts/s")
    say("  langchain_huggingface.HuggingFaceEmbeddings", base, "texts/s")
    say("  ratio", rate / base, "times")


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
    words = ["acupuncture low back", "lumbar MRI radiculopathy", "norco urine drug screen", "knee arthroscopy meniscus"]
    middle, high = spread([timed(lambda w=w: service.search_decisions(w)) * 1000 for w in words * 10])  # type: ignore[misc]
    say("search, median", middle, "ms")
    say("search, p95", high, "ms")


def bench_growth(corpus: Path) -> None:
    """Import rate and search time as the library grows."""
    for count in (1_000, 5_000):
        with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as kept:
            write_letters(corpus, Path(made), count)
            service = Service.open(Settings(data_dir=Path(kept)))
            seconds = timed(lambda: service.import_paths([Path(made)]))  # noqa: B023 - called at once
            say(f"{count} letters: import", count / seconds, "letters/s")
            middle, high = spread([timed(lambda: service.search_decisions("lumbar MRI")) * 1000 for _ in range(30)])  # noqa: B023
            say(f"{count} letters: search, median", middle, "ms")
            say(f"{count} letters: search, p95", high, "ms")
            service.close()


def main() -> None:
    """Run the benchmarks and print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--large", action="store_true", help="growth with the library's size instead")
    large = options.parse_args().large
    corpus = Settings().corpus_dir
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors")
    if large:
        bench_growth(corpus)
        return
    with tempfile.TemporaryDirectory() as kept:
        data = Path(kept)
        bench_start(corpus, data)
        bench_import(corpus, data)
        service = Service.open(Settings(data_dir=data))
        bench_work(corpus, service)
        service.close()
    bench_embedding(corpus, 500)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    say("peak memory of one process", peak / 1024**2, "GB", "aim 1.5")


if __name__ == "__main__":
    main()
