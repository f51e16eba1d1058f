"""The vectors in SQL, which are the truth behind every index: each distinct text of the library has one a model."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Row, delete, exists, func, select, text
from sqlalchemy.orm import Session, selectinload

from assistant.database import reading, writing
from assistant.library.filters import DecisionFacts, FactRow, facts_of
from assistant.library.rows import decision_text, passage_text
from assistant.library.tables import DecisionRow, KindRow, MetaRow, PassageRow, VectorRow

_IN_SQL_ONLY = {"synchronize_session": False}  # no object of the session is looked at again
_AT_ONCE = 500  # values of one IN list; SQLite takes some thousands


class Shelf(StrEnum):
    """What vectors stand for: offered passages, decisions with an outcome, names of kinds of service."""

    PASSAGES = "passages"
    DECISIONS = "decisions"
    KINDS = "kinds"


@dataclass(frozen=True)
class Shelved:
    """What stands on a shelf, row by row: the id of each, and its vector as a row of one matrix (float32, unit length).

    `numbers` are the rows' numbers in the store, ascending; `facts` are those of decisions, empty for other shelves.
    """

    keys: tuple[str, ...]
    numbers: NDArray[np.int64]
    matrix: NDArray[np.float32]
    facts: DecisionFacts = field(default_factory=lambda: facts_of(()))

    @cached_property
    def places(self) -> dict[str, int]:
        """The row of each id."""
        return {key: row for row, key in enumerate(self.keys)}

    def rows_of(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of these numbers of the store, in their order; a number that stands on no row is left out."""
        if not self.keys:
            return np.zeros(0, np.int64)
        rows = np.minimum(np.searchsorted(self.numbers, numbers), len(self.keys) - 1)
        return rows[self.numbers[rows] == numbers]

    def joined(self, later: Shelved) -> Shelved:
        """These rows and those, in this order."""
        if not later.keys:
            return self
        if not self.keys:
            return later
        return Shelved(
            self.keys + later.keys,
            np.concatenate([self.numbers, later.numbers]),
            np.concatenate([self.matrix, later.matrix]),
            self.facts.joined(later.facts),
        )


@dataclass(frozen=True, slots=True)
class Extent:
    """What tells whether rows were only added to a shelf: how many there are, the last number, how often changed."""

    count: int
    last: int
    rewritten: str


@dataclass(frozen=True, slots=True)
class NewVectors:
    """Vectors of a model by the hash of the text that they stand for."""

    model: str
    by_hash: Mapping[str, NDArray[np.float32]]


class StoredVectors:
    """The table of vectors, and what lacks one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, model: str, hashes: Collection[str]) -> set[str]:
        """Those of the hashes whose text has a vector of the model."""
        wanted, known = list(hashes), set[str]()
        with reading(self._engine) as session:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                known |= set(
                    session.scalars(
                        select(VectorRow.text_hash).where(VectorRow.model == model, VectorRow.text_hash.in_(some))
                    )
                )
        return known

    def texts_without(self, model: str) -> dict[str, str]:
        """The texts, by hash, of passages and decisions that have no vector of the model."""
        with reading(self._engine) as session:
            passages = session.scalars(select(PassageRow).where(_no_vector(PassageRow, model)).order_by(PassageRow.id))
            texts = {row.text_hash: passage_text(row) for row in passages}
            decisions = session.scalars(
                select(DecisionRow)
                .where(_no_vector(DecisionRow, model))
                .order_by(DecisionRow.id)
                .options(selectinload(DecisionRow.determination))
            )
            for row in decisions:
                texts[row.text_hash] = decision_text(row.service, row.rationale, row.determination.case_summary)
            kinds = session.scalars(select(KindRow).where(_no_vector(KindRow, model)).order_by(KindRow.kind))
            return texts | {row.text_hash: row.text for row in kinds}

    def add(self, vectors: NewVectors) -> None:
        """Store vectors, in one transaction."""
        with writing(self._engine) as session:
            put_vectors(session, vectors)

    def adopt_model(self, model: str) -> None:
        """Make `model` the library's; vectors of other models and of texts that are gone are dropped."""
        with writing(self._engine) as session:
            session.execute(delete(VectorRow).where(VectorRow.model != model).execution_options(**_IN_SQL_ONLY))
            drop_orphans(session)
            session.merge(MetaRow(key="embedding_model", value=model))

    def strays(self) -> int:
        """How many vectors stand for nothing that the library holds."""
        with reading(self._engine) as session:
            return session.scalar(select(func.count()).select_from(VectorRow).where(_orphaned())) or 0

    def drop_strays(self) -> int:
        """Drop the vectors that stand for nothing; says how many."""
        with writing(self._engine) as session:
            found = session.scalar(select(func.count()).select_from(VectorRow).where(_orphaned())) or 0
            if found:
                drop_orphans(session)
            return found

    def shelf(self, shelf: Shelf, model: str, after: int = 0) -> Shelved:
        """What stands on a shelf, in the order in which it was added; `after`: only rows of a higher number."""
        with reading(self._engine) as session:
            given = {"model": model} if shelf is Shelf.KINDS else {"model": model, "after": after}
            rows = session.execute(_STATEMENTS[shelf], given).all()
            if shelf is Shelf.KINDS:  # in Python, for databases sort texts each in their own way
                rows = sorted(rows, key=lambda row: (row.key, row.name))
            flat = np.frombuffer(b"".join(row.vector for row in rows), "<f4")
            matrix = flat.reshape(len(rows), -1) if rows else np.zeros((0, 0), np.float32)
            facts = _facts(session, rows, after) if shelf is Shelf.DECISIONS else facts_of(())
        keys = tuple(row.key for row in rows)
        return Shelved(keys, np.array([row.number for row in rows], np.int64), matrix, facts)

    def decisions_extent(self, model: str, up_to: int) -> Extent:
        """How much of the shelf of decisions there is up to a number, and how often it was changed."""
        with reading(self._engine) as session:
            count, last = session.execute(_EXTENT, {"model": model, "up_to": up_to}).one()
            rewritten = session.scalar(select(MetaRow.value).where(MetaRow.key == "decisions_rewritten"))
            return Extent(count, last or 0, rewritten or "")


_STATEMENTS = {
    Shelf.PASSAGES: text(
        "SELECT p.id AS number, p.passage_id AS key, v.vector FROM passages p "
        "JOIN vectors v ON v.model = :model AND v.text_hash = p.text_hash "
        "WHERE p.current AND p.id > :after ORDER BY p.id"
    ),
    Shelf.DECISIONS: text(
        "SELECT d.id AS number, d.decision_id AS key, v.vector, d.outcome, d.service_kind, d.ur_modified, "
        "CAST(d.body_regions AS text) AS body_regions, CAST(t.decision_date AS text) AS decision_date, "
        "t.illustrative, t.reviewer_specialty "
        "FROM decisions d JOIN determinations t ON t.id = d.determination_id "
        "JOIN vectors v ON v.model = :model AND v.text_hash = d.text_hash "
        "WHERE d.outcome IS NOT NULL AND t.current AND d.id > :after ORDER BY d.id"
    ),
    Shelf.KINDS: text(
        "SELECT 0 AS number, k.kind AS key, k.text AS name, v.vector FROM kind_names k "
        "JOIN vectors v ON v.model = :model AND v.text_hash = k.text_hash"
    ),
}
_PUT = text("INSERT INTO vectors(model, text_hash, vector) VALUES (:model, :text_hash, :vector) ON CONFLICT DO NOTHING")
_EXTENT = text(
    "SELECT count(*), max(d.id) FROM decisions d JOIN determinations t ON t.id = d.determination_id AND t.current "
    "WHERE d.outcome IS NOT NULL AND d.id <= :up_to "
    "AND EXISTS (SELECT 1 FROM vectors v WHERE v.model = :model AND v.text_hash = d.text_hash)"
)
_CITED = text("SELECT decision_id, guideline FROM citations WHERE decision_id > :after ORDER BY decision_id, position")


def _facts(session: Session, rows: Sequence[Row[Any]], after: int) -> DecisionFacts:
    cited: dict[int, list[str]] = {}
    for number, guideline in session.execute(_CITED, {"after": after}):
        names = cited.setdefault(number, [])
        if guideline not in names:
            names.append(guideline)
    names_of, day_of, parts_of = cache(json.loads), cache(date.fromisoformat), cache(_specialties)
    return facts_of(
        [
            FactRow(
                row.outcome,
                bool(row.illustrative),
                bool(row.ur_modified),
                day_of(row.decision_date) if row.decision_date else None,
                row.service_kind,
                names_of(row.body_regions),
                cited.get(row.number, ()),
                parts_of(row.reviewer_specialty or ""),
            )
            for row in rows
        ]
    )


def _specialties(named: str) -> tuple[str, ...]:
    """ "Family Practice, Pain Management" names two."""
    return tuple(dict.fromkeys(filter(None, (part.strip(" .") for part in re.split(r"[,;]", named)))))


def put_vectors(session: Session, vectors: NewVectors) -> None:
    """Add vectors inside a transaction; a text that has one keeps it."""
    rows = [
        {"model": vectors.model, "text_hash": key, "vector": np.asarray(row, "<f4").tobytes()}
        for key, row in vectors.by_hash.items()
    ]
    if rows:
        session.execute(_PUT, rows)


def drop_orphans(session: Session) -> None:
    """Drop the vectors of texts that are gone, inside a transaction."""
    session.execute(delete(VectorRow).where(_orphaned()).execution_options(**_IN_SQL_ONLY))


def _orphaned() -> Any:
    held = select(PassageRow.text_hash).union(select(DecisionRow.text_hash), select(KindRow.text_hash))
    return VectorRow.text_hash.not_in(held)


def _no_vector(table: type[PassageRow] | type[DecisionRow] | type[KindRow], model: str) -> Any:
    return ~exists().where(VectorRow.text_hash == table.text_hash, VectorRow.model == model)
