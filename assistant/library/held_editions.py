"""The library as a person reads it: editions by part of the body and era, and where words stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.domain import LAW_FAMILIES, Criterion, Edition, InForce, Passage, PassageKind
from assistant.library.changes import NO_CHANGES, Change, Changes, Target

# What families are called, in the order in which they are listed: the body from the neck down, then what is of it all.
TOPICS = {
    "neck": "Neck and upper back",
    "shoulder": "Shoulder",
    "elbow": "Elbow",
    "hand": "Forearm, wrist and hand",
    "low_back": "Low back",
    "hip": "Hip and groin",
    "knee": "Knee",
    "ankle": "Ankle and foot",
    "eye": "Eye",
    "lung": "Lungs",
    "asthma": "Lungs",
    "stress": "Stress and mental health",
    "chronic_pain": "Chronic pain",
    "opioids": "Drugs",
    "acupuncture": "Acupuncture",
    "postsurgical": "After surgery",
    "general": "General approaches",
    "odg": "ODG",
    "other": "Other guidelines",
    "labor_code": "Labor Code",
    "regulations": "Regulations (8 CCR)",
    "rules": "Rules beyond single guidelines",
}
_UNNAMED = "Other guidelines"
_NOT_EDITIONS = LAW_FAMILIES | {"odg", "other", ""}  # families whose members do not follow one another

CHAPTERS = "MTUS chapters of 2004 and 2007"
UPDATES = "MTUS of 2009 and 2016: chronic pain, opioids, after surgery"
ADOPTED = "MTUS since December 2017: adopted ACOEM chapters"
BEYOND = "ODG and beyond the MTUS"
LAW = "Statutes, regulations, rules"
ERAS = (CHAPTERS, UPDATES, ADOPTED, BEYOND, LAW)
_LATER_CHAPTERS = 2008  # from this year on an edition belongs to the updates
_YEAR = re.compile(r"\b(20\d\d)\b")
_WORD = re.compile(r"[^\W_]+")
_MOST_HITS = 60


@dataclass(frozen=True, slots=True)
class HeldPassage:
    """A passage with what switches it off, if anything does."""

    passage: Passage
    off: Change | None = None


@dataclass(frozen=True, slots=True)
class HeldEdition:
    """An edition as the library holds it, off or on, with its passages; `dates` is the correction of its dates."""

    label: str
    family: str
    in_force: InForce
    passages: tuple[HeldPassage, ...]
    regulation: str | None = None
    dates_sure: bool = True
    note: str | None = None
    off: Change | None = None
    dates: Change | None = None

    @property
    def topic(self) -> str:
        """The part of the body, or the subject."""
        return TOPICS.get(self.family, _UNNAMED)

    @property
    def era(self) -> str:
        """The time of the MTUS that it belongs to (8 CCR 9792.20 and after; orders since 2017 adopt ACOEM chapters)."""
        if self.family in LAW_FAMILIES:
            return LAW
        if not self.label.startswith("MTUS"):
            return BEYOND
        if "ACOEM" in self.label:
            return ADOPTED
        year = _YEAR.search(self.label)
        return CHAPTERS if year and int(year[1]) < _LATER_CHAPTERS else UPDATES

    @property
    def is_law(self) -> bool:
        """Whether it is law or a rule beyond single guidelines."""
        return self.family in LAW_FAMILIES

    @property
    def held(self) -> bool:
        """Whether its criteria or its text are in the library."""
        return any(p.passage.criteria or p.passage.kind is PassageKind.OFFICIAL for p in self.passages)

    @property
    def criteria(self) -> int:
        """How many criteria it has."""
        return sum(len(held.passage.criteria) for held in self.passages)

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of its sections, in their order."""
        return tuple(dict.fromkeys(p.passage.section for p in self.passages if p.passage.section))

    def governs_on(self, day: date) -> bool:
        """Whether it is known to have been in force on `day`, and is not switched off."""
        return self.off is None and self.in_force != InForce() and self.in_force.holds_on(day)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The editions of the same family before and after one."""

    before: HeldEdition | None
    after: HeldEdition | None


@dataclass(frozen=True, slots=True)
class WordsFound:
    """A place where words stand: in a criterion, or in the text of a passage (without criteria)."""

    passage: Passage
    criterion: Criterion | None
    text: str


@dataclass(frozen=True, slots=True)
class FoundInGuidelines:
    """The editions whose name or section names hold the words, and the places in their texts; `more` were left off."""

    editions: tuple[HeldEdition, ...]
    places: tuple[WordsFound, ...]
    more: int


def held_editions(
    passages: Iterable[Passage], editions: Sequence[Edition], changes: Changes = NO_CHANGES
) -> tuple[HeldEdition, ...]:
    """The editions of the passages, by family in the order of TOPICS, each family in the order of time."""
    grouped: dict[str, list[Passage]] = {}
    for passage in passages:
        grouped.setdefault(passage.guideline, []).append(passage)
    known = {edition.label: edition for edition in editions}
    made = (_held(label, of_it, known.get(label), changes) for label, of_it in grouped.items())
    order = {family: rank for rank, family in enumerate(TOPICS)}
    return tuple(sorted(made, key=lambda e: (order.get(e.family, len(order)), str(e.in_force.start or ""), e.label)))


def _held(label: str, passages: Sequence[Passage], edition: Edition | None, changes: Changes) -> HeldEdition:
    first = next((p for p in passages if p.edition_note), passages[0])
    return HeldEdition(
        label=label,
        family=first.family or "",
        in_force=first.in_force,
        passages=tuple(HeldPassage(p, changes.off_of(p)) for p in passages),
        regulation=edition.regulation if edition else None,
        dates_sure=edition.dates_sure if edition else True,
        note=edition.note if edition else None,
        off=changes.off.get(Target(label)),
        dates=changes.dates.get(label),
    )


def neighbours(of: HeldEdition, held: Sequence[HeldEdition]) -> Neighbours:
    """The editions of its family before and after it, by their first day; none in families without an order."""
    if of.family in _NOT_EDITIONS or of.in_force.start is None:
        return Neighbours(None, None)
    family = [edition for edition in held if edition.family == of.family and edition.in_force.start]
    at = next(place for place, edition in enumerate(family) if edition.label == of.label)
    return Neighbours(family[at - 1] if at else None, family[at + 1] if at + 1 < len(family) else None)


def clashes(of: HeldEdition, held: Sequence[HeldEdition]) -> tuple[str, ...]:
    """What is odd about an edition's dates beside its neighbours': days that two govern, days that none does."""
    beside = neighbours(of, held)
    pairs = [(beside.before, of), (of, beside.after)]
    return tuple(said for first, second in pairs if first and second and (said := _between(first, second)))


def _between(first: HeldEdition, second: HeldEdition) -> str:
    end, start = first.in_force.end, second.in_force.start
    if end is None or start is None:
        return f"{first.label} has no last day, though {second.label} follows it." if start else ""
    if end > start:
        return f"From {start} to {end} both {first.label} and {second.label} are in force."
    if end < start:
        return f"From {end} to {start} neither {first.label} nor {second.label} is in force."
    return ""


@dataclass(frozen=True, slots=True)
class _Place:
    folded: str  # all that the words may stand in
    found: WordsFound


@dataclass(slots=True)
class WordFinder:
    """Finds words in names, criteria and texts. Made once for a state of the library, for it folds every text."""

    held: tuple[HeldEdition, ...]
    _names: list[tuple[str, HeldEdition]] = field(init=False)
    _places: list[_Place] = field(init=False)

    def __post_init__(self) -> None:
        self._names = [(f" {_names_of(edition)}".casefold(), edition) for edition in self.held]
        self._places = [place for edition in self.held for held in edition.passages for place in _places(held.passage)]

    def find(self, words: str) -> FoundInGuidelines:
        """Where all the words stand, each as the beginning of a word; criteria first. Nothing for no words."""
        wanted = [f" {word.casefold()}" for word in _WORD.findall(words)]
        if not wanted:
            return FoundInGuidelines((), (), 0)
        named = tuple(edition for folded, edition in self._names if _all_in(wanted, folded))
        places = [place.found for place in self._places if _all_in(wanted, place.folded)]
        places.sort(key=lambda found: found.criterion is None)
        return FoundInGuidelines(named, tuple(places[:_MOST_HITS]), max(0, len(places) - _MOST_HITS))


def _all_in(wanted: Iterable[str], folded: str) -> bool:
    return all(word in folded for word in wanted)


def _names_of(edition: HeldEdition) -> str:
    parts = (edition.label, edition.topic, edition.regulation or "", *edition.sections)
    return " ".join(word for part in parts for word in _WORD.findall(part))


def _places(passage: Passage) -> Iterable[_Place]:
    if not passage.criteria or passage.kind is PassageKind.OFFICIAL:
        yield _Place(_folded(passage.text), WordsFound(passage, None, passage.text))
        return
    for criterion in passage.criteria:
        said = (criterion.text, criterion.applies_when or "", *passage.service_kinds)
        yield _Place(_folded(" ".join(said)), WordsFound(passage, criterion, criterion.text))


def _folded(text: str) -> str:
    return " " + " ".join(_WORD.findall(text)).casefold()
