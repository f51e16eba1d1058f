"""Full text by FTS5; the tables' triggers keep it in step."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from assistant.library.fulltext import Numbers, numbers_in

# The weights given to bm25 follow the columns: what was asked for says most, the case's story least.
_PASSAGES = text(
    "SELECT p.passage_id FROM passages_fts JOIN passages p ON p.id = passages_fts.rowid "
    "WHERE passages_fts MATCH :query AND p.current ORDER BY bm25(passages_fts, 2.0, 1.0), p.id LIMIT :limit"
)
_HITS_UP_TO = text("SELECT count(*) FROM (SELECT 1 FROM decisions_fts WHERE decisions_fts MATCH :query LIMIT :most)")
_ALL_HITS = text("SELECT group_concat(rowid) FROM decisions_fts WHERE decisions_fts MATCH :query")
_RANKED = text(
    "SELECT group_concat(rowid) FROM (SELECT rowid FROM decisions_fts WHERE decisions_fts MATCH :query "
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


def any_of(words: Sequence[str]) -> str:
    """An FTS5 query for any of the words, each quoted."""
    return " OR ".join(f'"{word}"' for word in words)


def every_one(words: Sequence[str]) -> str:
    """An FTS5 query for all of the words, each quoted."""
    return " AND ".join(f'"{word}"' for word in words)


class SqliteFullText:
    """The FTS5 tables of the SQLite file."""

    def passages(self, session: Session, words: Sequence[str], limit: int) -> list[str]:
        """Ids of offered passages that hold any of the words, best first."""
        return list(session.scalars(_PASSAGES, {"query": any_of(words), "limit": limit}))

    def hits_up_to(self, session: Session, word: str, most: int) -> int:
        """How many decisions hold a word, counted no further than `most`."""
        return session.scalar(_HITS_UP_TO, {"query": any_of([word]), "most": most}) or 0

    def all_of(self, session: Session, words: Sequence[str]) -> Numbers:
        """The numbers of the decisions that hold all of the words, ascending."""
        return numbers_in(session.scalar(_ALL_HITS, {"query": every_one(words)}))

    def ranked(self, session: Session, words: Sequence[str], *, every: bool) -> Numbers:
        """The numbers of the decisions that hold any of the words, or every one of them, best first."""
        query = every_one(words) if every else any_of(words)
        return numbers_in(session.scalar(_RANKED, {"query": query}))

    def written(self, session: Session) -> dict[str, int]:
        """The words as they are written that two decisions hold or more, and how many hold each."""
        return {row.term: row.doc for row in session.execute(_WRITTEN)}

    def strays(self, session: Session) -> int:
        """How many rows only the index has, or only its table."""
        return session.scalar(_STRAYS) or 0

    def rebuild(self, session: Session) -> None:
        """Build the indexes anew from the tables."""
        for statement in _REBUILD:
            session.execute(statement)
