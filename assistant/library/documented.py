"""What overturned decisions on a kind of service document that upheld ones do not: facts read from the real letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Engine, select

from assistant.database import reading
from assistant.domain import Outcome
from assistant.library.intervals import Difference, Proportion, difference
from assistant.library.tables import DecisionRow, DeterminationRow
from assistant.reading.lexicon import Lexicon

FEW_STATE = 3  # decisions that must state a fact before it is laid out among the telling ones
ENOUGH = 5  # decisions of each outcome below which shares are listed and not laid side by side


class Where(StrEnum):
    """Which part of a letter is read: the case summary, the decision's own rationale, or both."""

    SUMMARY = "summary"
    RATIONALE = "rationale"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A real decision with the texts of its letter that may state facts."""

    decision_id: str
    case_number: str | None
    service: str
    outcome: Outcome
    decided: date | None
    case_summary: str
    rationale: str

    def texts(self, where: Where) -> Iterator[str]:
        """The texts that are read."""
        if where is not Where.RATIONALE and self.case_summary.strip():
            yield self.case_summary
        if where is not Where.SUMMARY and self.rationale.strip():
            yield self.rationale


@dataclass(frozen=True, slots=True)
class FactShares:
    """How many of the overturned and of the upheld decisions state a fact; `difference` is overturned less upheld."""

    concept: str
    label: str
    overturned: Proportion
    upheld: Proportion
    difference: Difference | None

    @property
    def stated(self) -> int:
        """How many decisions of either outcome state it."""
        return self.overturned.hits + self.upheld.hits


@dataclass(frozen=True, slots=True)
class Documented:
    """The comparison for one kind of service, or all (""): `facts` by difference, what overturned ones state first.

    A fact that no decision states is left out; `sought` says how many were looked for. `unread` counts the decisions
    whose letter has no such text.
    """

    service: str
    label: str
    where: Where
    overturned: int
    upheld: int
    unread: int
    sought: int
    facts: tuple[FactShares, ...]

    @property
    def comparable(self) -> bool:
        """Whether there are five decisions of each outcome or more."""
        return min(self.overturned, self.upheld) >= ENOUGH

    @property
    def telling(self) -> tuple[FactShares, ...]:
        """The facts that three decisions state or more."""
        return tuple(fact for fact in self.facts if fact.stated >= FEW_STATE)


def decided_cases(engine: Engine, kind: str | None) -> tuple[DecidedCase, ...]:
    """The real decisions with an outcome on a kind of service, or all, in the order in which they were imported."""
    of_kind = () if kind is None else (DecisionRow.service_kind == kind,)
    with reading(engine) as session:
        rows = session.execute(
            select(
                DecisionRow.decision_id,
                DeterminationRow.case_number,
                DecisionRow.service,
                DecisionRow.outcome,
                DeterminationRow.decision_date,
                DeterminationRow.case_summary,
                DecisionRow.rationale,
            )
            .join(DecisionRow.determination)
            .where(
                *of_kind,
                DecisionRow.outcome.is_not(None),
                DeterminationRow.current,
                ~DeterminationRow.illustrative,
            )
            .order_by(DecisionRow.id)
        ).all()
    return tuple(
        DecidedCase(key, number, service, Outcome(outcome), day, summary or "", rationale or "")
        for key, number, service, outcome, day, summary, rationale in rows
    )


def compare(
    cases: Sequence[DecidedCase], stated: Mapping[str, Collection[str]], lexicon: Lexicon, where: Where
) -> tuple[tuple[FactShares, ...], int]:
    """The shares of each fact, and how many decisions have no such text; `stated` says which facts each text states."""
    counts: dict[Outcome, Counter[str]] = {outcome: Counter() for outcome in Outcome}
    read: Counter[Outcome] = Counter()
    for case in cases:
        texts = list(case.texts(where))
        if texts:
            read[case.outcome] += 1
            counts[case.outcome].update(facts_stated(case, stated, where))
    over, up = counts[Outcome.OVERTURNED], counts[Outcome.UPHELD]
    shares = []
    for concept in lexicon.concepts.values():
        one = Proportion(over[concept.id], read[Outcome.OVERTURNED])
        other = Proportion(up[concept.id], read[Outcome.UPHELD])
        if one.hits or other.hits:
            shares.append(FactShares(concept.id, _called(concept.label), one, other, difference(one, other)))
    return tuple(sorted(shares, key=_order)), len(cases) - read.total()


def facts_stated(case: DecidedCase, stated: Mapping[str, Collection[str]], where: Where) -> set[str]:
    """The facts that the texts of one decision state, each once."""
    return {concept for text in case.texts(where) for concept in stated.get(text, ())}


def documented(
    kind: str,
    label: str,
    where: Where,
    cases: Sequence[DecidedCase],
    stated_in: Callable[[Collection[str]], Mapping[str, Collection[str]]],
    lexicon: Lexicon,
) -> Documented:
    """The whole comparison; `stated_in` reads texts into the facts that they state."""
    stated = stated_in({text for case in cases for text in case.texts(where)})
    facts, unread = compare(cases, stated, lexicon, where)
    sides = Counter(case.outcome for case in cases)
    return Documented(
        kind, label, where, sides[Outcome.OVERTURNED], sides[Outcome.UPHELD], unread, len(lexicon.concepts), facts
    )


def _order(fact: FactShares) -> tuple[float, int, str]:
    return -(fact.difference.value if fact.difference else 0.0), -fact.stated, fact.label


def _called(label: str) -> str:
    """A label that fits "the summary does not state ..." as the name of a row."""
    name = label.removeprefix("that ")
    return name[:1].upper() + name[1:]
