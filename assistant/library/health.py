"""Whether the library's parts agree with each other, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.library.embedding import way_said
from assistant.library.indexes import Indexes

_REINDEX = "Run `imr-assistant reindex`."
_MEND = "Run `imr-assistant doctor --mend`."


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing looked at: whether it is well, what was seen, and what to do where it is not."""

    name: str
    ok: bool
    message: str
    remedy: str = ""


def library_health(indexes: Indexes) -> Iterator[HealthCheck]:
    """Look at the store, at its vectors, and at both indexes that are derived from it."""
    counts = indexes.store.counts()
    yield HealthCheck(
        "library",
        counts.passages > 0,
        f"{counts.passages} guideline passages, {counts.letters} real letters with {counts.decisions} decisions, "
        f"{counts.illustrative} illustrative letters",
        "The corpus is empty; reinstall the program.",
    )
    model = indexes.embedder.name
    noted = indexes.store.meta("embedding_model")
    said = ", ".join(filter(None, (model, f"{indexes.embedder.dimension} dimensions", way_said(indexes.embedder))))
    yield HealthCheck("embedding model", noted == model, said, _REINDEX)
    lacking, strays = len(indexes.stored.texts_without(model)), indexes.stored.strays()
    yield HealthCheck(
        "vectors",
        not lacking and not strays,
        f"{lacking} texts without a vector, {strays} vectors without a text",
        _MEND,
    )
    worded = indexes.words.in_step()
    yield HealthCheck("full text", worded, "in step" if worded else "not in step with the tables", _MEND)
    near, called = indexes.vectors.in_step(), indexes.vectors.called
    seen = {
        True: f"{called} is in step",
        False: f"{called} is not in step with the tables; search goes on without it",
        None: f"{called} is in use by another process, or does not answer; this one searches without it",
    }[near]
    yield HealthCheck("search by meaning", near is not False, seen, _MEND)
