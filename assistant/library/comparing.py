"""Two past decisions side by side: what each case summary states, by kind of fact, and what only one of them states."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.corpus import Taxonomy
from assistant.domain import Decision, Determination, Fact, Polarity
from assistant.errors import UnreadableCase
from assistant.reading.case import read_case
from assistant.reading.lexicon import Lexicon

# What is asked first of a case stands first; a request is the service itself, which has a line of its own.
_KINDS = {
    "age": "Age",
    "sex": "Sex",
    "date_of_injury": "Date of injury",
    "diagnosis": "Diagnoses",
    "complaint": "Complaints",
    "examination": "Examination",
    "study": "Studies",
    "treatment": "Treatment",
    "response": "Response to treatment",
    "medication": "Medication",
    "work_status": "Work status",
    "risk": "Risks",
    "history": "History",
    "other": "Other facts",
}
_SAID = {
    Polarity.DENIED: "denied",
    Polarity.PLANNED: "planned",
    Polarity.HISTORICAL: "in the past",
    Polarity.HYPOTHETICAL: "only considered",
    Polarity.OTHER: "of another person, part or view",
    Polarity.UNCLEAR: "unclear",
}

# Kinds whose facts differ with the part of the body; a drug or a treatment is the same wherever it is given.
_PLACED = {"diagnosis", "complaint", "examination", "study"}

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact in the case summary's own words; `how` says how it is spoken of where it is not simply stated."""

    words: str
    how: str
    only_here: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the two: its letter, which of its decisions it is (from 0), and what its case summary states by kind."""

    decision_id: str
    letter: Determination
    position: int
    stated: dict[str, tuple[Stated, ...]]

    @property
    def decision(self) -> Decision:
        """The decision itself."""
        return self.letter.decisions[self.position]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two decisions, and the kinds of facts that at least one of them states, in the order in which they are shown."""

    sides: tuple[Compared, Compared]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Names of the kinds of facts."""
        return tuple(name for name in _KINDS.values() if any(name in side.stated for side in self.sides))


def compared(
    first: tuple[str, Determination, int], second: tuple[str, Determination, int], lexicon: Lexicon, taxonomy: Taxonomy
) -> Comparison:
    """Lay two decisions side by side, each given by its id, its letter and its place in the letter (from 0)."""
    found = [_facts(letter.case_summary or "", lexicon, taxonomy) for _, letter, _ in (first, second)]
    one, other = (
        Compared(*given, _by_kind(mine, set(theirs)))
        for given, mine, theirs in zip((first, second), found, reversed(found), strict=True)
    )
    return Comparison((one, other))


def _facts(summary: str, lexicon: Lexicon, taxonomy: Taxonomy) -> dict[_Key, Fact]:
    """The facts of a case summary, each once, by what makes two facts the same; none of one that cannot be read."""
    try:
        facts = read_case(summary, lexicon, taxonomy).facts
    except UnreadableCase:
        return {}
    found: dict[_Key, Fact] = {}
    for fact in sorted(facts, key=lambda fact: (fact.span.start, -fact.span.end)):
        if fact.kind in _KINDS and not any(_within(fact, wider) for wider in found.values()):
            found.setdefault(_key(fact), fact)
    return found


def _within(fact: Fact, wider: Fact) -> bool:
    """Whether a fact is told again by a wider one of its kind: "acupuncture" in "eight visits of acupuncture"."""
    same = (fact.kind, fact.polarity) == (wider.kind, wider.polarity)
    return same and wider.span.start <= fact.span.start and fact.span.end <= wider.span.end


def _key(fact: Fact) -> _Key:
    named = fact.concept or " ".join(re.findall(r"\w+", fact.span.quote.casefold()))
    place = (fact.body_region, fact.side) if fact.kind in _PLACED else ()
    return fact.kind, named, fact.polarity, fact.value, fact.value_max, *place


def _by_kind(facts: dict[_Key, Fact], theirs: set[_Key]) -> dict[str, tuple[Stated, ...]]:
    kinds: dict[str, list[Stated]] = {}
    for key, fact in facts.items():
        words = " ".join(fact.span.quote.split())
        kinds.setdefault(_KINDS[fact.kind], []).append(Stated(words, _SAID.get(fact.polarity, ""), key not in theirs))
    return {name: tuple({(s.words.casefold(), s.how): s for s in stated}.values()) for name, stated in kinds.items()}
