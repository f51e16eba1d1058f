"""Full-text search over passages and decisions; what a user types is only ever quoted words, never query syntax."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import Engine, text

from assistant.database import reading, writing

_WORD = re.compile(r"[^\W_]+")
_MAX_WORDS = 64
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
_DECISIONS = text(
    "SELECT d.decision_id FROM decisions_fts JOIN decisions d ON d.id = decisions_fts.rowid "
    "JOIN determinations t ON t.id = d.determination_id AND t.current "
    "WHERE decisions_fts MATCH :query AND d.outcome IS NOT NULL "
    "AND (:outcome IS NULL OR d.outcome = :outcome) AND (:kind IS NULL OR d.service_kind = :kind) "
    "ORDER BY bm25(decisions_fts, 4.0, 2.0, 2.0, 0.5), d.id LIMIT :limit"
)
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
)


def match_query(words: str) -> str:
    """An FTS5 query for any of the words, each quoted; empty if there is nothing to look for.

    Distinct words without common ones, at most 64; a text of common words only keeps them.
    """
    found = list(dict.fromkeys(word.lower() for word in _WORD.findall(words)))
    telling = [word for word in found if word not in _COMMON] or found
    return " OR ".join(f'"{word}"' for word in telling[:_MAX_WORDS])


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

    def decisions(self, words: str, limit: int, where: Mapping[str, str] | None = None) -> list[str]:
        """Ids of decisions with an outcome, best first; `where` may fix `outcome` and `service_kind`."""
        query = match_query(words)
        if not query:
            return []
        where = where or {}
        values = {"query": query, "limit": limit, "outcome": where.get("outcome"), "kind": where.get("service_kind")}
        with reading(self._engine) as session:
            return list(session.scalars(_DECISIONS, values))

    def in_step(self) -> bool:
        """Whether each index holds exactly the rows of its table."""
        with reading(self._engine) as session:
            return session.scalar(_STRAYS) == 0

    def rebuild(self) -> None:
        """Build both indexes anew from the tables, in one transaction."""
        with writing(self._engine) as session:
            for statement in _REBUILD:
                session.execute(statement)
