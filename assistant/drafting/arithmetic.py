"""The arithmetic of criteria: a figure of the case held against a limit, with operands and rule said in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assistant.domain import CaseSummary, Criterion, DisputedService, Fact, Measure, Span
from assistant.drafting.excerpts import DOCUMENTED, telling

VISITS = frozenset({"visit", "visits", "session", "sessions", "treatment", "treatments"})
PRIOR_COUNT = "prior_visit_count"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The result of a measure. `holds` is None where an operand is missing or the answer depends on something open."""

    holds: bool | None
    statement: str
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of the case: `low`..`high`, and the sentence part that names it."""

    low: float
    high: float
    said: str
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Missing:
    """Why a figure could not be had: a whole sentence without its full stop."""

    reason: str
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """Everything a figure may be taken from."""

    criterion: Criterion
    measure: Measure
    case: CaseSummary
    service: DisputedService
    day: date


def reckon(criterion: Criterion, case: CaseSummary, service: DisputedService, day: date) -> Reckoned:
    """Hold the figure that `criterion.measure` names against its bounds; the statement shows operands and rule.

    A missing operand is named and never guessed. Raises ValueError for a criterion without a measure.
    """
    if criterion.measure is None:
        raise ValueError(f"{criterion.id} asks for no arithmetic")
    asked = _Asked(criterion, criterion.measure, case, service, day)
    reader = _FIGURES.get(criterion.measure.of)
    figure = reader(asked) if reader else _Missing("The figure that this asks for is not one the program reckons")
    rule = _rule(criterion.measure)
    if isinstance(figure, _Missing):
        return Reckoned(None, f"{figure.reason}; {rule}.", figure.evidence)
    low, high = _within(figure.low, criterion.measure), _within(figure.high, criterion.measure)
    if low is high:
        return Reckoned(low, f"{figure.said}; {rule}.", figure.evidence)
    return Reckoned(None, f"{figure.said}; {rule}, so the answer depends on the number.", figure.evidence)


def number(value: float) -> str:
    """A number as people write it: 6.0 as "6", 2.5 as "2.5"."""
    return f"{value:g}"


def _within(value: float, measure: Measure) -> bool:
    low, high = measure.low, measure.high
    bound = high if high is not None else low
    if measure.compare == "range":
        return (low is None or value >= low) and (high is None or value <= high)
    if bound is None:
        return True
    if measure.compare == "at_least":
        return value >= (low if low is not None else bound)
    if measure.compare == "more_than":
        return value > (low if low is not None else bound)
    if measure.compare == "less_than":
        return value < bound
    return value <= bound


def _rule(measure: Measure) -> str:
    low, high = measure.low, measure.high
    if measure.compare == "range" and low is not None and high is not None:
        return f"the range is {number(low)} to {number(high)}"
    if measure.compare == "at_least":
        return f"the least is {number(low if low is not None else high or 0)}"
    if measure.compare == "more_than":
        return f"it must be more than {number(low if low is not None else high or 0)}"
    if measure.compare == "less_than":
        return f"it must be less than {number(high if high is not None else low or 0)}"
    return f"the limit is {number(high if high is not None else low or 0)}"


def _span_of_numbers(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _same_unit(asked: str | None, limit: str | None) -> bool:
    if not asked or not limit:
        return True
    first, second = asked.casefold(), limit.casefold().split(" per ")[0].split(" over ")[0].strip()
    return first == second or (first in VISITS and second in VISITS) or first.rstrip("s") == second.rstrip("s")


def _requested_quantity(asked: _Asked) -> _Figure | _Missing:
    service, unit = asked.service, asked.service.unit or asked.measure.unit or "units"
    if service.quantity is None:
        return _Missing("The request names no number")
    if not _same_unit(service.unit, asked.measure.unit):
        return _Missing(f"The request is counted in {service.unit}, the rule in {asked.measure.unit}")
    high = service.quantity_max or service.quantity
    return _Figure(service.quantity, high, f"The request is for {_span_of_numbers(service.quantity, high)} {unit}")


def _requested_per_week(asked: _Asked) -> _Figure | _Missing:
    service = asked.service
    if service.per_week is None:
        return _Missing("The request does not say how often a week")
    return _Figure(service.per_week, service.per_week, f"The request is for {number(service.per_week)} a week")


def _requested_weeks(asked: _Asked) -> _Figure | _Missing:
    service = asked.service
    if service.weeks is None:
        return _Missing("The request does not say over how many weeks")
    return _Figure(service.weeks, service.weeks, f"The request runs over {number(service.weeks)} weeks")


def prior_counts(case: CaseSummary, concepts: frozenset[str]) -> tuple[Fact, ...]:
    """The stated numbers of visits already had of one of the treatments `concepts`, in the order of the text."""

    def counts(fact: Fact) -> bool:
        if fact.polarity not in DOCUMENTED or not isinstance(fact.value, (int, float)):
            return False
        if (fact.unit or "").casefold() not in VISITS:
            return False
        return fact.concept in concepts or (fact.concept == PRIOR_COUNT and _names(case, fact, concepts))

    return tuple(fact for fact in case.facts if counts(fact))


def _names(case: CaseSummary, count: Fact, concepts: frozenset[str]) -> bool:
    around = count.clause or count.span
    return any(
        fact.concept in concepts and around.start <= fact.span.start and fact.span.end <= around.end
        for fact in case.facts
    )


def _prior_plus_requested(asked: _Asked) -> _Figure | _Missing:
    service, case = asked.service, asked.case
    wanted = frozenset(filter(None, (service.kind, *service.also, *asked.criterion.given)))
    stated = prior_counts(case, wanted)
    evidence = tuple(telling(case, fact) for fact in stated[:2])
    if not stated:
        loose = tuple(fact for fact in case.about(PRIOR_COUNT) if fact.polarity in DOCUMENTED)
        if loose:
            quoted = tuple(telling(case, fact) for fact in loose[:2])
            return _Missing(f"The summary gives a count, “{quoted[0].quote}”, that could not be tied to this", quoted)
        return _Missing("The number already had was not found in the summary")
    amounts = {float(fact.value) for fact in stated if isinstance(fact.value, (int, float)) and fact.value_max is None}
    if len(amounts) != 1:
        return _Missing(
            f"The summary gives more than one count of what was had, among them “{evidence[0].quote}”", evidence
        )
    if service.quantity is None:
        return _Missing(
            f"The summary gives {number(amounts.copy().pop())} already had, but the request names no number", evidence
        )
    had = amounts.pop()
    unit = service.unit or asked.measure.unit or "visits"
    low, high = had + service.quantity, had + (service.quantity_max or service.quantity)
    wanted_now = _span_of_numbers(service.quantity, service.quantity_max or service.quantity)
    said = f"{number(had)} {unit} were had before and {wanted_now} are asked, together {_span_of_numbers(low, high)}"
    return _Figure(low, high, said, evidence)


def _age(asked: _Asked) -> _Figure | _Missing:
    age = asked.case.age
    if age is None:
        return _Missing("The age was not found in the summary")
    said = tuple(fact.span for fact in asked.case.facts if fact.kind == "age")[:1]
    return _Figure(age, age, f"The worker is {age} years old", said)


def _weeks_since_injury(asked: _Asked) -> _Figure | _Missing:
    injured = asked.case.date_of_injury
    if injured is None or injured > asked.day:
        return _Missing("The date of the injury was not found in the summary")
    said = tuple(fact.span for fact in asked.case.facts if fact.kind == "date_of_injury")[:1]
    when = said[0].quote if said else injured.isoformat()
    weeks = (asked.day - injured).days // 7
    return _Figure(weeks, weeks, f"The date of injury is {when}, {weeks} weeks before the review of {asked.day}", said)


def _weeks_since_surgery(asked: _Asked) -> _Figure | _Missing:
    done = [
        fact
        for fact in asked.case.facts
        if fact.concept in {"surgery", "spine_surgery", "postoperative"} and fact.polarity in DOCUMENTED and fact.when
    ]
    dated = max(done, key=lambda fact: fact.when or date.min, default=None)
    if dated is None or dated.when is None or dated.when > asked.day:
        return _Missing("The date of the operation was not found in the summary")
    weeks = (asked.day - dated.when).days // 7
    said = f"The operation of {dated.when} was {weeks} weeks before the review of {asked.day}"
    return _Figure(weeks, weeks, said, (telling(asked.case, dated),))


_FIGURES: dict[str, Callable[[_Asked], _Figure | _Missing]] = {
    "requested_quantity": _requested_quantity,
    "requested_per_week": _requested_per_week,
    "requested_weeks": _requested_weeks,
    "prior_plus_requested": _prior_plus_requested,
    "age": _age,
    "weeks_since_injury": _weeks_since_injury,
    "weeks_since_surgery": _weeks_since_surgery,
}
