"""Which passages answer a question to the guidelines, and when none does: the nearest is not an answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.chat.lookups import alike, naming
from assistant.domain import Passage

# A governing passage of a service named in the question scores at least this (library.ask fuses three rankings, the
# largest sum being 1); what is only near in meaning and words scores less.
_GOVERNS = 0.65
_COVERED_BY_GOVERNING = 0.25
_COVERED_BY_NEAR = 0.6
_COVERED_BY_LAW = 0.4  # law speaks in other words than people ask in
_OF_COVER = 0.5
_OF_NAMING = 0.3
# What guidelines of treatment do not say of a service that they name.
_NEVER_ASKED = alike("fee price cost billing bill cpt reimbursement copay settlement dollars invoice salary lawsuit")


def answering(question: str, near: Sequence[tuple[Passage, float]]) -> tuple[Passage, ...]:
    """The passages that answer, best first; empty where the library holds none that does.

    A passage without criteria only says where to look, so a service whose best passages are all such is not answered.
    """
    asked = alike(question)
    if not near or not asked:
        return ()
    ranked = sorted(
        near, key=lambda pair: -(pair[1] + _OF_COVER * _share(asked, pair[0]) + _OF_NAMING * _named(asked, pair[0]))
    )
    best, score = near[0]
    pointing = not _holds_text(best) and score >= _GOVERNS - 0.1
    kinds = set(best.service_kinds)
    fitting = [
        passage
        for passage, value in ranked
        if _holds_text(passage)
        and (not pointing or kinds & set(passage.service_kinds))
        and _share(asked, passage) >= _enough(passage, value, first=passage is best)
        and _NEVER_ASKED.isdisjoint(asked - alike(passage.text))
    ]
    return tuple(fitting)


def _enough(passage: Passage, score: float, *, first: bool) -> float:
    if score >= _GOVERNS:
        return _COVERED_BY_GOVERNING
    return _COVERED_BY_LAW if first and passage.is_law else _COVERED_BY_NEAR


def to_import(near: Sequence[tuple[Passage, float]]) -> str | None:
    """The citation of the text that would answer, where the library knows its place only."""
    if near and not _holds_text(near[0][0]) and near[0][1] >= _GOVERNS:
        return near[0][0].citation
    return None


def _holds_text(passage: Passage) -> bool:
    return bool(passage.criteria) or passage.is_law


def _share(asked: frozenset[str], passage: Passage) -> float:
    return len(asked & alike(f"{naming(passage)} {passage.text}")) / len(asked)


def _named(asked: frozenset[str], passage: Passage) -> float:
    return len(asked & alike(naming(passage))) / len(asked)
