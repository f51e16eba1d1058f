"""A small corpus, an embedder without a model, and letters made for these tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from made_library import ACUPUNCTURE, EDITIONS, GUIDELINES, SERVICES, FakeEmbedder, letter_text

from assistant.database import open_database
from assistant.library.importing import Progress
from assistant.library.library import Library, open_library
from assistant.settings import Settings


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of three kinds of service, five guidelines and two illustrative letters."""
    folder = tmp_path / "corpus"
    (folder / "guidelines").mkdir(parents=True)
    (folder / "determinations").mkdir()
    (folder / "services.yaml").write_text(SERVICES)
    (folder / "editions.yaml").write_text(EDITIONS)
    for name, text in GUIDELINES.items():
        (folder / "guidelines" / name).write_text(text)
    for slug, outcome in (("needles-up", "Upheld"), ("needles-over", "Overturned")):
        issue = (
            "Acupuncture for the neck, 8 sessions",
            outcome,
            ACUPUNCTURE,
            f"An invented {slug} case of acupuncture.",
        )
        text = f"---\nillustrative: true\ntitle: {slug}\n---\n\n{letter_text(None, [issue])}"
        (folder / "determinations" / f"{slug}.md").write_text(text)
    return folder


@pytest.fixture
def settings(tmp_path: Path, corpus: Path) -> Settings:
    """Settings for the small corpus and a data folder of the test's own."""
    return Settings(data_dir=tmp_path / "data", corpus_dir=corpus)


Open = Callable[..., Library]


@pytest.fixture
def opened(settings: Settings) -> Iterator[Open]:
    """Open the library; all that were opened are closed after the test."""
    with ExitStack() as stack:

        def open_it(
            embedder: FakeEmbedder | None = None,
            progress: Progress | None = None,
            *,
            reindex: bool = False,
            data_dir: Path | None = None,
        ) -> Library:
            of_test = settings.model_copy(update={"data_dir": data_dir}) if data_dir else settings
            engine = open_database(of_test.data_dir)
            stack.callback(engine.dispose)
            library = open_library(
                of_test, engine, embedder=embedder or FakeEmbedder(), progress=progress, reindex=reindex
            )
            stack.callback(library.close)
            return library

        yield open_it


@pytest.fixture
def library(opened: Open) -> Library:
    """A library of the small corpus."""
    return opened()
