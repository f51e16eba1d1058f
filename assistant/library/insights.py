"""How the imported real decisions came out, by what they may be grouped by: counts, shares, and the way to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from assistant.domain import Outcome
from assistant.library.choices import Choices
from assistant.library.filters import DecisionFacts, DecisionFilter, FacetName, Mask
from assistant.library.intervals import Proportion

ALL = "All services"
_MOST_QUARTERS = 16  # beyond them decisions are grouped by year


class By(StrEnum):
    """What decisions are grouped by; a decision may stand in several groups of one (guidelines, regions)."""

    SERVICE = "service"
    GUIDELINE = "guideline"
    REGION = "region"
    TIME = "time"
    SPECIALTY = "specialty"
    REVIEW = "review"


_FACETS = {
    By.SERVICE: FacetName.SERVICE,
    By.GUIDELINE: FacetName.GUIDELINE,
    By.REGION: FacetName.REGION,
    By.SPECIALTY: FacetName.SPECIALTY,
    By.REVIEW: FacetName.MODIFIED,
}
_REVIEW_WORDS = {"yes": "Certified a part", "no": "Certified none"}


@dataclass(frozen=True, slots=True)
class Group:
    """Real decisions that have one value; `choices` are the search that finds exactly these."""

    value: str
    label: str
    upheld: int
    overturned: int
    choices: Choices

    @property
    def overturned_share(self) -> Proportion:
        """How many of them were overturned."""
        return Proportion(self.overturned, self.upheld + self.overturned)

    def choices_for(self, outcome: Outcome) -> Choices:
        """The search that finds those of one outcome."""
        return replace(self.choices, outcome=outcome)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The groups of one way of grouping; `without` counts the decisions that have no value of it."""

    by: By
    groups: tuple[Group, ...]
    without: int


@dataclass(frozen=True, slots=True)
class Overview:
    """How the real decisions came out, all of them or those on one kind of service (`service`).

    `first` and `last` are the first and the last day of decision; `services` are the groups by service of all of them,
    whichever kind was chosen.
    """

    letters: int
    all: Group
    service: str | None
    first: date | None
    last: date | None
    by: Mapping[By, Outcomes]
    services: tuple[Group, ...]


def overview(facts: DecisionFacts, letters: int, service: str | None, named: Callable[[str], str]) -> Overview:
    """Count the real decisions; `named` says how people call a kind of service, `letters` is how many real letters."""
    everything = facts.mask(DecisionFilter(illustrative=False))
    chosen = facts.mask(DecisionFilter(service=service, illustrative=False))
    narrowed = Choices(service=service, illustrative=False)
    services = _of_facet(facts, everything, By.SERVICE, Choices(illustrative=False), named)
    by = {
        way: _by_time(facts, chosen, narrowed) if way is By.TIME else _of_facet(facts, chosen, way, narrowed, named)
        for way in By
    }
    days = facts.decided[chosen & (facts.decided > 0)]
    return Overview(
        letters=letters,
        all=_group("", named(service) if service else ALL, facts, chosen, narrowed),
        service=service,
        first=date.fromordinal(int(days.min())) if len(days) else None,
        last=date.fromordinal(int(days.max())) if len(days) else None,
        by=by,
        services=services.groups,
    )


def _group(value: str, label: str, facts: DecisionFacts, rows: Mask, choices: Choices) -> Group:
    sides = facts.sides(rows)
    return Group(value, label, sides[Outcome.UPHELD], sides[Outcome.OVERTURNED], choices)


def _of_facet(facts: DecisionFacts, rows: Mask, by: By, narrowed: Choices, named: Callable[[str], str]) -> Outcomes:
    """The groups of a facet, the largest first."""
    facet = facts.facets[_FACETS[by]]
    sides = np.where(rows, facts.overturned.astype(np.int8), np.int8(3))
    counts = facet.counts(sides).tolist()
    groups = [
        Group(value, _label(by, value, named), upheld, overturned, _narrowed(narrowed, by, value))
        for value, (upheld, overturned, _, _) in zip(facet.names, counts, strict=True)
        if upheld or overturned
    ]
    having = np.zeros(facts.size, np.bool_)
    having[facet.rows] = True
    return Outcomes(by, tuple(sorted(groups, key=_largest)), int(np.count_nonzero(rows & ~having)))


def _largest(group: Group) -> tuple[int, str]:
    return -group.overturned_share.n, group.label.casefold()


def _label(by: By, value: str, named: Callable[[str], str]) -> str:
    if by is By.SERVICE:
        return named(value)
    label = _REVIEW_WORDS[value] if by is By.REVIEW else value
    return label[:1].upper() + label[1:]


def _narrowed(choices: Choices, by: By, value: str) -> Choices:
    if by is By.REVIEW:
        return replace(choices, modified=value == "yes")
    return replace(choices, **{by.value: value})


@dataclass(frozen=True, slots=True)
class _Period:
    label: str
    first: date
    last: date


def _by_time(facts: DecisionFacts, rows: Mask, narrowed: Choices) -> Outcomes:
    """Groups by quarter of the decision, by year where there are more than 16 quarters; a time without any is shown."""
    dated = rows & (facts.decided > 0)
    days = [date.fromordinal(int(day)) for day in np.unique(facts.decided[dated])]
    groups = []
    for period in _periods(days):
        inside = dated & (facts.decided >= period.first.toordinal()) & (facts.decided <= period.last.toordinal())
        choices = replace(narrowed, decided_from=period.first.isoformat(), decided_to=period.last.isoformat())
        groups.append(_group(period.label, period.label, facts, inside, choices))
    return Outcomes(By.TIME, tuple(groups), int(np.count_nonzero(rows & ~dated)))


def _periods(days: Sequence[date]) -> Iterable[_Period]:
    """The quarters, or years, from the first day to the last."""
    if not days:
        return []
    quarters = range(_quarter(days[0]), _quarter(days[-1]) + 1)
    if len(quarters) <= _MOST_QUARTERS:
        return [_Period(f"{q // 4} Q{q % 4 + 1}", _start(q), _start(q + 1) - timedelta(1)) for q in quarters]
    years = range(days[0].year, days[-1].year + 1)
    return [_Period(str(year), date(year, 1, 1), date(year, 12, 31)) for year in years]


def _quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def _start(quarter: int) -> date:
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)
