"""Full text by tsvector: the words that FTS5 would index, found by GIN, ranked by the same BM25.

The words are stemmed by the program (`tokens`), for PostgreSQL's own parser and stemmer cut and stem otherwise, and the
counts of a search would differ with the database. Rows are added as the session writes passages and decisions.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from assistant.library.fulltext import Numbers, numbers_in
from assistant.library.tables import DecisionRow, DeterminationRow, PassageRow
from assistant.library.tokens import STEMMED, WRITTEN, Token, distinct, stems_of, tokens_of

_LABELS = "ABCD"  # of the parts of a text, in their order; PostgreSQL's four weights
_LAST_POSITION = 16_383  # that a tsvector holds
_MOST_BYTES = 900_000  # of a tsvector, which takes a megabyte
_LONGEST = 2_000  # bytes of a word; longer ones are no words
_BATCH = 500
# Weights of D, C, B and A are at most 1, so those that FTS5 is given are divided by the greatest, and its frequency
# multiplied again: 4.0, 2.0, 2.0, 0.5 for decisions, 2.0, 1.0 for passages. All are powers of two, so nothing is lost.
_DECISIONS = ("decisions_fts", "{0.125,0.5,0.5,1.0}", 4.0)
_PASSAGES = ("passages_fts", "{0,0,0.5,1.0}", 2.0)
_K1, _B = 1.2, 0.75  # as FTS5 has them
_LEAST_IDF = 1e-6

_PUT_PASSAGE = text(
    "INSERT INTO passages_fts(id, words, size) VALUES (:id, CAST(:words AS tsvector), :size) ON CONFLICT DO NOTHING"
)
_PUT_DECISION = text(
    "INSERT INTO decisions_fts(id, words, size, spelled) "
    "VALUES (:id, CAST(:words AS tsvector), :size, CAST(:spelled AS tsvector)) ON CONFLICT DO NOTHING"
)
_HITS_UP_TO = text(
    "SELECT count(*) FROM (SELECT 1 FROM decisions_fts WHERE words @@ CAST(:query AS tsquery) LIMIT :most) AS hits"
)
_ALL_HITS = text(
    "SELECT string_agg(CAST(id AS text), ',' ORDER BY id) FROM decisions_fts WHERE words @@ CAST(:query AS tsquery)"
)
_WRITTEN = text("SELECT word, ndoc FROM ts_stat('SELECT spelled FROM decisions_fts') WHERE ndoc > 1")
_STRAYS = text(
    "SELECT (SELECT count(*) FROM passages p FULL JOIN passages_fts f USING (id) "
    "WHERE p.text IS NULL OR f.size IS NULL) "
    "+ (SELECT count(*) FROM decisions d FULL JOIN decisions_fts f USING (id) "
    "WHERE d.service IS NULL OR f.size IS NULL)"
)


def _frequencies(table: str) -> Any:
    """How many rows there are, how many words they have, and how many rows each query hits."""
    return text(
        f"SELECT (SELECT count(*) FROM {table}) AS rows, (SELECT coalesce(sum(size), 0) FROM {table}) AS words, "  # noqa: S608 - names made here
        f"(SELECT count(*) FROM {table} f WHERE f.words @@ q.query) AS hits "
        "FROM unnest(CAST(CAST(:queries AS text[]) AS tsquery[])) WITH ORDINALITY AS q(query, at) ORDER BY at"
    )


def _scores(table: str, weights: str) -> str:
    """Rows and their BM25. ts_rank_cd of one word sums the weights of its places: FTS5's weighted frequency."""
    frequency = f"CAST(ts_rank_cd('{weights}', f.words, q.query) AS float8) * CAST(:most AS float8)"
    asked = "unnest(CAST(CAST(:queries AS text[]) AS tsquery[]), CAST(:idfs AS float8[])) AS q(query, idf)"
    damped = f"(t.tf + {_K1} * ({1 - _B} + {_B} * f.size / CAST(:mean AS float8)))"
    score = f"SELECT sum(t.idf * t.tf * {_K1 + 1} / {damped}) FROM (SELECT q.idf, {frequency} AS tf FROM {asked}) AS t"  # noqa: S608 - names made here
    hits = f"{table} f WHERE f.words @@ CAST(:query AS tsquery)"
    return f"SELECT f.id AS id, ({score} WHERE t.tf > 0) AS score FROM {hits}"  # noqa: S608 - names made here


_DECISIONS_RANKED = text(
    "SELECT string_agg(CAST(id AS text), ',' ORDER BY score DESC NULLS LAST, id) "  # noqa: S608 - names made here
    f"FROM ({_scores(*_DECISIONS[:2])}) AS scored"
)
_PASSAGES_RANKED = text(
    f"SELECT p.passage_id FROM ({_scores(*_PASSAGES[:2])}) AS s JOIN passages p ON p.id = s.id "  # noqa: S608 - names made here
    "WHERE p.current ORDER BY s.score DESC NULLS LAST, p.id LIMIT :limit"
)


class PostgresFullText:
    """The rows of words beside passages and decisions."""

    def passages(self, session: Session, words: Sequence[str], limit: int) -> list[str]:
        """Ids of offered passages that hold any of the words, best first."""
        queries = _queries(words)
        if not queries:
            return []
        asked = _weighed(session, _PASSAGES, queries) | {"query": " | ".join(queries), "limit": limit}
        return list(session.scalars(_PASSAGES_RANKED, asked))

    def hits_up_to(self, session: Session, word: str, most: int) -> int:
        """How many decisions hold a word, counted no further than `most`."""
        queries = _queries([word])
        return (session.scalar(_HITS_UP_TO, {"query": queries[0], "most": most}) or 0) if queries else 0

    def all_of(self, session: Session, words: Sequence[str]) -> Numbers:
        """The numbers of the decisions that hold all of the words, ascending."""
        queries = _queries(words)
        return numbers_in(session.scalar(_ALL_HITS, {"query": " & ".join(queries)}) if queries else None)

    def ranked(self, session: Session, words: Sequence[str], *, every: bool) -> Numbers:
        """The numbers of the decisions that hold any of the words, or every one of them, best first."""
        queries = _queries(words)
        if not queries:
            return numbers_in(None)
        asked = _weighed(session, _DECISIONS, queries) | {"query": (" & " if every else " | ").join(queries)}
        return numbers_in(session.scalar(_DECISIONS_RANKED, asked))

    def written(self, session: Session) -> dict[str, int]:
        """The words as they are written that two decisions hold or more, and how many hold each."""
        return {row.word: row.ndoc for row in session.execute(_WRITTEN)}

    def strays(self, session: Session) -> int:
        """How many rows only the index has, or only its table."""
        return session.scalar(_STRAYS) or 0

    def rebuild(self, session: Session) -> None:
        """Build the indexes anew from the tables."""
        session.execute(text("DELETE FROM passages_fts"))
        session.execute(text("DELETE FROM decisions_fts"))
        passages = select(PassageRow.id, PassageRow.guideline, PassageRow.section, PassageRow.text)
        for some in session.execute(passages.order_by(PassageRow.id)).partitions(_BATCH):
            _put_passages(session, [(row.id, _citation(row.guideline, row.section), row.text) for row in some])
        decisions = select(
            DecisionRow.id,
            DecisionRow.service,
            DecisionRow.rationale,
            DecisionRow.reviewer_guideline,
            DeterminationRow.case_summary,
        ).join(DecisionRow.determination)
        for some in session.execute(decisions.order_by(DecisionRow.id)).partitions(_BATCH):
            _put_decisions(session, [tuple(row) for row in some])


def index_what_is_added(engine: Engine) -> None:
    """See to it that each passage and decision that a session adds to a PostgreSQL database is in its full text."""
    if engine.dialect.name == "postgresql" and not event.contains(Session, "after_flush", _index_added):
        event.listen(Session, "after_flush", _index_added)


def _index_added(session: Session, _context: Any) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    added = sorted((row for row in session.new if isinstance(row, (PassageRow, DecisionRow))), key=lambda row: row.id)
    passages = [(r.id, _citation(r.guideline, r.section), r.text) for r in added if isinstance(r, PassageRow)]
    decisions = [
        (r.id, r.service, r.rationale, r.reviewer_guideline, r.determination.case_summary)
        for r in added
        if isinstance(r, DecisionRow)
    ]
    _put_passages(session, passages)
    _put_decisions(session, decisions)


def _citation(guideline: str, section: str | None) -> str:
    return f"{guideline} {section or ''}"


def _put_passages(session: Session, rows: Sequence[tuple[int, str, str]]) -> None:
    found = tokens_of([row[1:] for row in rows], STEMMED)
    values = [
        {"id": row[0], "words": as_tsvector(tokens), "size": len(tokens)}
        for row, tokens in zip(rows, found, strict=True)
    ]
    if values:
        session.connection().execute(_PUT_PASSAGE, values)


def _put_decisions(session: Session, rows: Sequence[Sequence[Any]]) -> None:
    parts = [tuple(part or "" for part in row[1:]) for row in rows]
    stemmed = tokens_of(parts, STEMMED)
    spelled = tokens_of([(" ".join((p[0], p[1], p[3])),) for p in parts], WRITTEN)
    values = [
        {"id": row[0], "words": as_tsvector(words), "size": len(words), "spelled": _plain(as_written)}
        for row, words, as_written in zip(rows, stemmed, spelled, strict=True)
    ]
    if values:
        session.connection().execute(_PUT_DECISION, values)


def as_tsvector(tokens: Iterable[Token]) -> str:
    """Words with their places, labelled by the part in which they stand; what a tsvector cannot hold is left out."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    part, begin, at, room = 0, 0, 0, _MOST_BYTES
    for token in tokens:
        if token.part != part:
            part, begin = token.part, at + 1  # a gap, so that no phrase runs from one part into the next
        at = begin + token.offset + 1
        room -= len(token.term.encode()) + 4 if token.term not in places else 2
        if room > 0 and len(token.term.encode()) <= _LONGEST:
            places[token.term].append(f"{min(at, _LAST_POSITION)}{_LABELS[part]}")
    return " ".join(f"{_quoted(term)}:{','.join(found)}" for term, found in places.items())


def _plain(tokens: Iterable[Token]) -> str:
    terms, room = [], _MOST_BYTES
    for term in distinct(tokens):
        room -= len(term.encode()) + 4
        if room > 0 and len(term.encode()) <= _LONGEST:
            terms.append(_quoted(term))
    return " ".join(terms)


def _quoted(term: str) -> str:
    inside = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{inside}'"


def _queries(words: Sequence[str]) -> list[str]:
    """A tsquery for each word, of its stem; a word that is cut into several is a phrase, one of signs none."""
    return [f"({' <-> '.join(map(_quoted, stems))})" for stems in stems_of(words) if stems]


def _weighed(session: Session, index: tuple[str, str, float], queries: Sequence[str]) -> dict[str, Any]:
    """What BM25 needs to know of the index and of each word."""
    table, _, most = index
    rows = session.execute(_frequencies(table), {"queries": list(queries)}).all()
    count, words = rows[0].rows, int(rows[0].words)
    idfs = [math.log((count - row.hits + 0.5) / (row.hits + 0.5)) for row in rows]
    return {
        "queries": list(queries),
        "idfs": [idf if idf > 0 else _LEAST_IDF for idf in idfs],
        "mean": words / count if count and words else 1.0,
        "most": most,
    }
