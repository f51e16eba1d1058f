"""The arithmetic of criteria: a figure of the case held against a limit, with operands and rule said in a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain import CaseSummary, Criterion, DisputedService, Fact, Measure, Polarity, Span
from assistant.drafting.applicability import elsewhere
from assistant.drafting.excerpts import DOCUMENTED, telling
from assistant.drafting.morphine import Equivalents, morphine_equivalents
from assistant.drafting.relief import Amount, Relief, reliefs
from assistant.drafting.visits import PRIOR_COUNT as PRIOR_COUNT  # others name it from here too
from assistant.drafting.visits import VISITS, certified_beside, prior_counts


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
    equivalents: Equivalents | None


def reckon(
    criterion: Criterion,
    case: CaseSummary,
    service: DisputedService,
    day: date,
    equivalents: Equivalents | None = None,
) -> Reckoned:
    """Hold the figure that `criterion.measure` names against its bounds; the statement shows operands and rule.

    A missing operand is named and never guessed; without `equivalents` no morphine equivalents are reckoned. Raises
    ValueError for a criterion without a measure.
    """
    if criterion.measure is None:
        raise ValueError(f"{criterion.id} asks for no arithmetic")
    asked = _Asked(criterion, criterion.measure, case, service, day, equivalents)
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
    low, high = service.quantity, service.quantity_max or service.quantity
    said = f"The request is for {_span_of_numbers(low, high)} {unit}"
    granted = certified_beside(service)
    if not granted:
        return _Figure(low, high, said)
    together = _span_of_numbers(low + granted, high + granted)
    said = f"{said} beside {number(granted)} of the same request that were certified, together {together}"
    return _Figure(low + granted, high + granted, said)


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


def _prior_plus_requested(asked: _Asked) -> _Figure | _Missing:
    """Visits had and asked. What is asked may pass a limit by itself, whatever was had; more than one count is a range,
    from the largest alone (one may be part of another) to all of them together."""
    service, case = asked.service, asked.case
    wanted = frozenset(filter(None, (service.kind, *service.also, *asked.criterion.given)))
    stated = prior_counts(case, wanted)
    evidence = tuple(telling(case, fact) for fact in stated[:2])
    if service.quantity is None:
        given = f"The summary gives {_counts(stated)} already had, but the request" if stated else "The request"
        return _Missing(f"{given} names no number", evidence)
    low, high = service.quantity, service.quantity_max or service.quantity
    if not stated:
        return _without_count(asked, wanted, low, high)
    had = [float(fact.value) for fact in stated if isinstance(fact.value, (int, float))]
    most = [fact.value_max or value for fact, value in zip(stated, had, strict=True)]
    alike = len(set(had)) == 1 and most == had
    least, total = max(had), had[0] if alike else sum(most)
    unit, granted = service.unit or asked.measure.unit or "visits", certified_beside(service)
    before = f"{_counts(stated)} {unit} were had before"
    if granted:
        before = f"{before}, {number(granted)} of the same request were certified"
    least, total = least + granted, total + granted
    together = _span_of_numbers(low + least, high + total)
    said = f"{before} and {_span_of_numbers(low, high)} are asked, together {together}"
    return _Figure(low + least, high + total, said, evidence)


def _counts(stated: tuple[Fact, ...]) -> str:
    """The counts as the summary gives them, each once: "6", "6 to 8", "6 and 12"."""
    told = (_span_of_numbers(float(fact.value or 0), fact.value_max or float(fact.value or 0)) for fact in stated)
    return " and ".join(dict.fromkeys(told))


def _without_count(asked: _Asked, wanted: frozenset[str], low: float, high: float) -> _Figure | _Missing:
    """Without a stated count: none were had where the summary says so; else what is asked alone may pass the limit."""
    case, service = asked.case, asked.service
    about = [f for f in case.facts if f.concept in wanted and f.kind == "treatment" and not elsewhere(f, service)]
    denied = [fact for fact in about if fact.polarity is Polarity.DENIED]
    unit, granted = service.unit or asked.measure.unit or "visits", certified_beside(service)
    if granted and not denied and _within(low + granted, asked.measure) is False and asked.measure.compare == "at_most":
        wanted_now, together = _span_of_numbers(low, high), _span_of_numbers(low + granted, high + granted)
        said = f"{wanted_now} {unit} are asked beside {number(granted)} of the same request that were certified"
        return _Figure(low + granted, high + granted, f"{said}, together {together}, whatever was had before")
    if denied and not any(fact.polarity in DOCUMENTED for fact in about):
        quoted = telling(case, denied[0])
        said = (
            f"None were had before, as the summary says “{quoted.quote}”, and {_span_of_numbers(low, high)} {unit} are"
        )
        return _Figure(low, high, f"{said} asked", (quoted,))
    if _within(low, asked.measure) is False and asked.measure.compare in {"at_most", "less_than"}:
        said = f"{_span_of_numbers(low, high)} {unit} are asked, which is too many by itself, whatever was had before"
        return _Figure(low, high, said)
    loose = tuple(fact for fact in case.about(PRIOR_COUNT) if fact.polarity in DOCUMENTED)
    if loose:
        tied = tuple(telling(case, fact) for fact in loose[:2])
        return _Missing(f"The summary gives a count, “{tied[0].quote}”, that could not be tied to this", tied)
    return _Missing("The number already had was not found in the summary")


def _age(asked: _Asked) -> _Figure | _Missing:
    age = asked.case.age
    if age is None:
        return _Missing("The age was not found in the summary")
    said = tuple(fact.span for fact in asked.case.facts if fact.kind == "age")[:1]
    return _Figure(age, age, f"The worker is {age} years old", said)


def _since(then: date, asked: _Asked) -> tuple[int, str]:
    """Whole weeks from a day to the review, or months where the rule counts in months, and how to say it."""
    if (asked.measure.unit or "").startswith("month"):
        months = (asked.day.year - then.year) * 12 + asked.day.month - then.month - (asked.day.day < then.day)
        return months, f"{_some(months, 'month')} before the review of {asked.day}"
    weeks = (asked.day - then).days // 7
    return weeks, f"{_some(weeks, 'week')} before the review of {asked.day}"


def _some(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _weeks_since_injury(asked: _Asked) -> _Figure | _Missing:
    injured = asked.case.date_of_injury
    if injured is None or injured > asked.day:
        return _Missing("The date of the injury was not found in the summary")
    said = tuple(fact.span for fact in asked.case.facts if fact.kind == "date_of_injury")[:1]
    when = said[0].quote if said else injured.isoformat()
    passed, ago = _since(injured, asked)
    return _Figure(passed, passed, f"The date of injury is {when}, {ago}", said)


def _weeks_since_surgery(asked: _Asked) -> _Figure | _Missing:
    dated = _last(asked, frozenset({"surgery", "spine_surgery", "postoperative"}))
    if dated is None or dated.when is None:
        return _Missing("The date of the operation was not found in the summary")
    passed, ago = _since(dated.when, asked)
    return _Figure(passed, passed, f"The operation of {dated.when} was {ago}", (telling(asked.case, dated),))


def _weeks_since_treatment(asked: _Asked) -> _Figure | _Missing:
    dated = _last(asked, frozenset(asked.criterion.given))
    if dated is None or dated.when is None:
        return _Missing("The date of the earlier treatment was not found in the summary")
    passed, ago = _since(dated.when, asked)
    return _Figure(passed, passed, f"The earlier treatment of {dated.when} was {ago}", (telling(asked.case, dated),))


def _last(asked: _Asked, concepts: frozenset[str]) -> Fact | None:
    """The latest dated fact, not after the review, on one of the concepts and on the part of the body asked for."""
    done = (
        fact
        for fact in asked.case.facts
        if fact.concept in concepts and fact.polarity in DOCUMENTED and not elsewhere(fact, asked.service)
    )
    dated = [fact for fact in done if fact.when is not None and fact.when <= asked.day]
    return max(dated, key=lambda fact: fact.when or date.min, default=None)


def _relief_percent(asked: _Asked) -> _Figure | _Missing:
    found = reliefs(asked.case, asked.service, frozenset(asked.criterion.given))
    return _spread(found, [relief.percent for relief in found], "percent of relief")


def _relief_weeks(asked: _Asked) -> _Figure | _Missing:
    found = reliefs(asked.case, asked.service, frozenset(asked.criterion.given))
    return _spread(found, [relief.weeks for relief in found], "weeks of relief")


def _morphine(asked: _Asked) -> _Figure | _Missing:
    if asked.equivalents is None:
        return _Missing("The figure that this asks for is not one the program reckons")
    total = morphine_equivalents(asked.case, asked.equivalents, asked.day)
    if total.low is None or total.high is None:
        return _Missing(total.said, total.evidence)
    return _Figure(total.low, total.high, total.said, total.evidence)


def _spread(found: tuple[Relief, ...], amounts: Sequence[Amount | None], unit: str) -> _Figure | _Missing:
    told = [(relief, amount) for relief, amount in zip(found, amounts, strict=True) if amount is not None]
    if not told:
        return _Missing(f"The summary ties no number to what the earlier treatment brought in {unit}")
    low, high = min(amount.low for _, amount in told), max(amount.high for _, amount in told)
    quotes = tuple(dict.fromkeys(relief.span for relief, _ in told))[:2]
    quoted = "” and “".join(span.quote for span in quotes)
    said = f"The summary says “{quoted}”, that is {_range(low, high)} {unit}"
    return _Figure(low, high, said, quotes)


def _range(low: float, high: float) -> str:
    """A range that may be open at one end."""
    if high == math.inf:
        return f"at least {number(low)}"
    return f"at most {number(high)}" if low == 0 < high else _span_of_numbers(low, high)


_FIGURES: dict[str, Callable[[_Asked], _Figure | _Missing]] = {
    "requested_quantity": _requested_quantity,
    "requested_per_week": _requested_per_week,
    "requested_weeks": _requested_weeks,
    "prior_plus_requested": _prior_plus_requested,
    "age": _age,
    "weeks_since_injury": _weeks_since_injury,
    "weeks_since_surgery": _weeks_since_surgery,
    "weeks_since_treatment": _weeks_since_treatment,
    "relief_percent": _relief_percent,
    "relief_weeks": _relief_weeks,
    "morphine_equivalents": _morphine,
}
