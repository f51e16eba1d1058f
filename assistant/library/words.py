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
# The weights given to bm25 follow the columns: what was asked for says most, the case's story least.
_PASSAGES = text(
    "SELECT p.passage_id FROM passages_fts JOIN passages p ON p.id = passages_fts.rowid "
    "WHERE passages_fts MATCH :query AND p.current ORDER BY bm25(passages_fts, 2.0, 1.0), p.id LIMIT :limit"
)
_HITS = "SELECT rowid FROM decisions_fts WHERE decisions_fts MATCH ?"
_HITS_UP_TO = "SELECT count(*) FROM (SELECT 1 FROM decisions_fts WHERE decisions_fts MATCH ? LIMIT ?)"
# One text of all numbers is read five times as fast as a row a number.
_ALL_HITS = "SELECT group_concat(rowid) FROM decisions_fts WHERE decisions_fts MATCH ?"
_RANKED = (
    "SELECT group_concat(rowid) FROM (SELECT rowid FROM decisions_fts WHERE decisions_fts MATCH ? "
    "ORDER BY bm25(decisions_fts, 4.0, 2.0, 2.0, 0.5), rowid)"
)
_WRITTEN = text("SELECT term, doc FROM decisions_spelling_words WHERE doc > 1")
# Rows that only one of the two sides has.
_STRAYS = text(
    "SELECT (SELECT count(*) FROM (SELECT id FROM passages EXCEPT SELECT id FROM passages_fts_docsize)) "
    "+ (SELECT count(*) FROM (SELECT id FROM passages_fts_docsize EXCEPT SELECT id FROM passages)) "
    "+ (SELECT count(*) FROM (SELECT id FROM decisions EXCEPT SELECT id FROM decisions_fts_docsize)) "
    "+ (SELECT count(*) FROM (SELECT id FROM decisions_fts_docsize EXCEPT SELECT id FROM decisions))"
)
_REBUILD = (
    text("INSERT INTO passages_fts(passages_fts) VALUES ('delete-all')"),
    text(
        "INSERT INTO passages_fts(rowid, citation, text) "
        "SELECT id, guideline || ' ' || coalesce(section, ''), text FROM passages"
    ),
    text("INSERT INTO decisions_fts(decisions_fts) VALUES ('delete-all')"),
    text(
        "INSERT INTO decisions_fts(rowid, service, rationale, citation, case_summary) "
        "SELECT id, service, rationale, citation, case_summary FROM decisions_words"
    ),
    text("INSERT INTO decisions_spelling(decisions_spelling) VALUES ('delete-all')"),
    text(
        "INSERT INTO decisions_spelling(rowid, words) "
        "SELECT id, service || ' ' || rationale || ' ' || case_summary FROM decisions_words"
    ),
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
    return _any_of(telling_words(words))


def _any_of(words: Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _all_of(words: Sequence[str]) -> str:
    return " AND ".join(f'"{word}"' for word in words)


def word_stems(words: str) -> tuple[str, ...]:
    """How the telling words of a query begin, for finding them in a text by plain comparison."""
    found = {word.lower() for word in _WORD.findall(words)} - _COMMON
    return tuple(sorted(word[:6] for word in found if len(word) > 1))


class Words:
    """The full-text indexes over the store's rows. The tables' triggers keep them in step."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def passages(self, words: str, limit: int) -> list[str]:
        """Ids of offered passages, best first."""
        query = match_query(words)
        if not query:
            return []
        with reading(self._engine) as session:
            return list(session.scalars(_PASSAGES, {"query": query, "limit": limit}))

    def hits(self, words: str) -> WordHits:
        """The decisions that the words hit.

        A word that very many decisions hold tells them apart in nothing, and to rank them all by it would take long:
        ranks are given by the rarer words, or, where all are common, to those that hold all if they are few enough.
        """
        telling = telling_words(words)
        if not telling:
            return NO_HITS
        with reading(self._engine) as session:
            connection = session.connection()

            def numbers(statement: str, query: str) -> NDArray[np.int64]:
                told = connection.exec_driver_sql(statement, (query,)).scalar()
                return np.fromstring(told or "", np.int64, sep=",")

            def common(query: str) -> bool:
                found = connection.exec_driver_sql(_HITS_UP_TO, (query, _MOST_RANKED + 1)).scalar_one()
                return found > _MOST_RANKED

            rare = [word for word in telling if not common(f'"{word}"')]
            all_of = numbers(_ALL_HITS, _all_of(telling))
            ranked = _any_of(rare) if rare else _all_of(telling)
            few = rare or len(all_of) <= _MOST_RANKED
            return WordHits(all_of, numbers(_RANKED, ranked) if few else NO_HITS.ranked)

    def unknown(self, words: Sequence[str]) -> list[str]:
        """Those of the words that no decision holds in any form, and no name of a kind of service."""
        with reading(self._engine) as session:
            connection = session.connection()

            def held(word: str) -> bool:
                return connection.exec_driver_sql(f"{_HITS} LIMIT 1", (f'"{word}"',)).first() is not None

            missing = [word for word in words if not held(word)]
            return [word for word in missing if word not in self._names(session)] if missing else []

    def vocabulary(self) -> list[tuple[str, int]]:
        """The words as they are written: those that two decisions hold or more, and those of the kinds of service."""
        with reading(self._engine) as session:
            counts = dict.fromkeys(self._names(session), 1)
            counts |= {row.term: row.doc for row in session.execute(_WRITTEN)}
            return sorted(counts.items())

    def _names(self, session: Session) -> set[str]:
        names = session.scalars(text("SELECT text FROM kind_names"))
        return {word.lower() for name in names for word in _WORD.findall(name)}

    def in_step(self) -> bool:
        """Whether each index holds exactly the rows of its table."""
        with reading(self._engine) as session:
            return session.scalar(_STRAYS) == 0

    def rebuild(self) -> None:
        """Build both indexes anew from the tables, in one transaction."""
        with writing(self._engine) as session:
            for statement in _REBUILD:
                session.execute(statement)
