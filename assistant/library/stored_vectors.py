"""The vectors in SQL, which are the truth behind every index: each distinct text of the library has one a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Row, Select, delete, exists, func, insert, select
from sqlalchemy.orm import Session, selectinload

from assistant.database import reading, writing
from assistant.library.rows import decision_text, passage_text
from assistant.library.tables import DecisionRow, DeterminationRow, KindRow, MetaRow, PassageRow, VectorRow

_IN_SQL_ONLY = {"synchronize_session": False}  # no object of the session is looked at again
_AT_ONCE = 500  # values of one IN list; SQLite takes some thousands


class Shelf(StrEnum):
    """What vectors stand for: offered passages, decisions with an outcome, names of kinds of service."""

    PASSAGES = "passages"
    DECISIONS = "decisions"
    KINDS = "kinds"


@dataclass(frozen=True, slots=True)
class Entry:
    """A vector with the id of what it stands for and what it may be filtered by."""

    key: str
    facts: dict[str, str | bool]
    vector: NDArray[np.float32]


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

    def entries(self, shelf: Shelf, model: str) -> list[Entry]:
        """The vectors of a shelf, in the order in which their rows were added."""
        with reading(self._engine) as session:
            rows = session.execute(_STATEMENTS[shelf].where(VectorRow.model == model))
            return [_entry(row) for row in rows]


_STATEMENTS: dict[Shelf, Select[Any]] = {
    Shelf.PASSAGES: select(PassageRow.passage_id, VectorRow.vector, PassageRow.edition_note)
    .join(VectorRow, VectorRow.text_hash == PassageRow.text_hash)
    .where(PassageRow.current)
    .order_by(PassageRow.id),
    Shelf.DECISIONS: select(
        DecisionRow.decision_id,
        VectorRow.vector,
        DecisionRow.outcome,
        func.coalesce(DecisionRow.service_kind, "").label("service_kind"),
        DeterminationRow.illustrative,
    )
    .join(DecisionRow.determination)
    .join(VectorRow, VectorRow.text_hash == DecisionRow.text_hash)
    .where(DecisionRow.outcome.is_not(None), DeterminationRow.current)
    .order_by(DecisionRow.id),
    Shelf.KINDS: select(KindRow.kind, VectorRow.vector)
    .join(VectorRow, VectorRow.text_hash == KindRow.text_hash)
    .order_by(KindRow.kind),
}


def _entry(row: Row[Any]) -> Entry:
    key, vector, *_ = row
    facts = {name: value for name, value in row._mapping.items() if name not in (row._fields[0], "vector")}
    return Entry(key, facts, np.frombuffer(vector, "<f4"))


def put_vectors(session: Session, vectors: NewVectors) -> None:
    """Add vectors inside a transaction; a text that has one keeps it."""
    rows = [
        {"model": vectors.model, "text_hash": key, "vector": np.asarray(row, "<f4").tobytes()}
        for key, row in vectors.by_hash.items()
    ]
    if rows:
        session.execute(insert(VectorRow).prefix_with("OR IGNORE"), rows)


def drop_orphans(session: Session) -> None:
    """Drop the vectors of texts that are gone, inside a transaction."""
    session.execute(delete(VectorRow).where(_orphaned()).execution_options(**_IN_SQL_ONLY))


def _orphaned() -> Any:
    held = select(PassageRow.text_hash).union(select(DecisionRow.text_hash), select(KindRow.text_hash))
    return VectorRow.text_hash.not_in(held)


def _no_vector(table: type[PassageRow] | type[DecisionRow] | type[KindRow], model: str) -> Any:
    return ~exists().where(VectorRow.text_hash == table.text_hash, VectorRow.model == model)
