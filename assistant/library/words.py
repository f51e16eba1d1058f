"""Full-text search over passages and decisions; what a user types is only ever quoted words, never query syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from assistant.database import reading, writing
from assistant.library.fulltext import FullText
from assistant.library.fulltext_sqlite import SqliteFullText, any_of

_WORD = re.compile(r"[^\W_]+")
_MAX_WORDS = 64
_MOST_RANKED = 5000  # decisions that are ranked for one word
# Words that every text holds; they would only slow the search and blur its ranks.
_COMMON = frozenset(
    (
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "for",
        "from",
        "has",
        "have",
        "he",
        "her",
        "his",
        "in",
        "is",
    )
    + (
        "it",
        "its",
        "of",
        "on",
        "or",
        "she",
        "that",
        "the",
        "their",
        "this",
        "to",
        "was",
        "were",
        "which",
        "will",
        "with",
    )
)


@dataclass(frozen=True, slots=True)
class WordHits:
    """The numbers of the decisions that hold all words of a query, and of those that hold some of them, best first."""

    all_of: NDArray[np.int64]
    ranked: NDArray[np.int64]


NO_HITS = WordHits(np.zeros(0, np.int64), np.zeros(0, np.int64))


def telling_words(words: str) -> list[str]:
    """The distinct words of a query without common ones, at most 64; a text of common words only keeps them."""
    found = list(dict.fromkeys(word.lower() for word in _WORD.findall(words)))
    return ([word for word in found if word not in _COMMON] or found)[:_MAX_WORDS]


def match_query(words: str) -> str:
    """An FTS5 query for any of the telling words, each quoted; empty if there is nothing to look for."""
    return any_of(telling_words(words))


def word_stems(words: str) -> tuple[str, ...]:
    """How the telling words of a query begin, for finding them in a text by plain comparison."""
    found = {word.lower() for word in _WORD.findall(words)} - _COMMON
    return tuple(sorted(word[:6] for word in found if len(word) > 1))


class Words:
    """The full-text indexes over the store's rows, which are kept in step as rows come and go."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._index = engine, _full_text(engine)

    def passages(self, words: str, limit: int) -> list[str]:
        """Ids of offered passages, best first."""
        telling = telling_words(words)
        if not telling:
            return []
        with reading(self._engine) as session:
            return self._index.passages(session, telling, limit)

    def hits(self, words: str) -> WordHits:
        """The decisions that the words hit.

        A word that very many decisions hold tells them apart in nothing, and to rank them all by it would take long:
        ranks are given by the rarer words, or, where all are common, to those that hold all if they are few enough.
        """
        telling = telling_words(words)
        if not telling:
            return NO_HITS
        with reading(self._engine) as session:
            rare = [w for w in telling if self._index.hits_up_to(session, w, _MOST_RANKED + 1) <= _MOST_RANKED]
            all_of = self._index.all_of(session, telling)
            few = rare or len(all_of) <= _MOST_RANKED
            if not few:
                return WordHits(all_of, NO_HITS.ranked)
            return WordHits(all_of, self._index.ranked(session, rare or telling, every=not rare))

    def unknown(self, words: Sequence[str]) -> list[str]:
        """Those of the words that no decision holds in any form, and no name of a kind of service."""
        with reading(self._engine) as session:
            missing = [word for word in words if not self._index.hits_up_to(session, word, 1)]
            return [word for word in missing if word not in self._names(session)] if missing else []

    def vocabulary(self) -> list[tuple[str, int]]:
        """The words as they are written: those that two decisions hold or more, and those of the kinds of service."""
        with reading(self._engine) as session:
            counts = dict.fromkeys(self._names(session), 1)
            counts |= self._index.written(session)
            return sorted(counts.items())

    def _names(self, session: Session) -> set[str]:
        names = session.scalars(text("SELECT text FROM kind_names"))
        return {word.lower() for name in names for word in _WORD.findall(name)}

    def in_step(self) -> bool:
        """Whether each index holds exactly the rows of its table."""
        with reading(self._engine) as session:
            return self._index.strays(session) == 0

    def rebuild(self) -> None:
        """Build both indexes anew from the tables, in one transaction."""
        with writing(self._engine) as session:
            self._index.rebuild(session)


def _full_text(engine: Engine) -> FullText:
    """The full text of a database."""
    if engine.dialect.name == "postgresql":
        from assistant.library.fulltext_postgres import PostgresFullText

        return PostgresFullText()
    return SqliteFullText()
