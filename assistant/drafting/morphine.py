"""A day's opioids in mg of oral morphine: the doses that the summary words, each drug shown with its factor."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import Field

from assistant.corpus import Strict, parsed, read_text
from assistant.domain import CaseSummary, Fact, Polarity, Span
from assistant.drafting.excerpts import around_words, sentence_at, worded_as_plan, worded_as_request_or_review
from assistant.reading.doses import DailyDose, daily_doses

EQUIVALENTS_FILE = "morphine_equivalents.yaml"
_OPIOID = "opioid"
# "120 mg MED", "MME of 60", "a morphine equivalent dose of 80 mg": a figure that the summary itself gives
_STATED = re.compile(
    r"(?P<before>\d{1,4}(?:\.\d+)?)\s*(?:mg\s*)?(?:/\s*day\s*)?(?:of\s+)?"
    r"(?:\b(?:MEDD?|MMEs?)\b|(?i:(?:oral )?morphine (?:milligram )?equivalents?)\b)"
    r"|(?:\b(?:MEDD?|MMEs?)\b|(?i:morphine (?:milligram )?equivalents?(?: (?:daily )?dos(?:e|age))?))\s*"
    r"(?:is|was|of|at|=|:)?\s*(?:about |approximately )?(?P<after>\d{1,4}(?:\.\d+)?)\b(?!\s*(?:/|%))",
)


class _Table(Strict):
    name: str
    from_: date = Field(alias="from")
    source: str = Field(min_length=1)
    factors: dict[str, float]
    by_dose: dict[str, tuple[tuple[float | None, float], ...]] = {}


class _File(Strict):
    tables: tuple[_Table, ...] = Field(min_length=1)
    drugs: dict[str, str]


@dataclass(frozen=True, slots=True)
class FactorTable:
    """The factors of one publication. `by_dose` holds steps (up to so many mg a day, or None; factor)."""

    name: str
    published: date
    source: str
    factors: Mapping[str, float]
    by_dose: Mapping[str, Sequence[tuple[float | None, float]]] = field(default_factory=dict)

    def factor(self, opioid: str, daily: float) -> float | None:
        """The factor of an opioid at `daily` mg (a patch: mcg an hour); None where the table knows none."""
        steps = self.by_dose.get(opioid, ())
        return next((factor for most, factor in steps if most is None or daily <= most), self.factors.get(opioid))


@dataclass(frozen=True, slots=True)
class Equivalents:
    """The tables, oldest first, and the name in them of each drug of the lexicon."""

    tables: tuple[FactorTable, ...]
    drugs: Mapping[str, str]

    def on(self, day: date) -> FactorTable:
        """The latest table published by `day`; before all of them the first."""
        return next((table for table in reversed(self.tables) if table.published <= day), self.tables[0])


@dataclass(frozen=True, slots=True)
class MorphineSum:
    """The day's sum in mg of morphine: at least `low`, at most `high` (infinite where a dose is not known).

    `said` shows drug, dose, factor and sum, without a full stop. `low` and `high` are None where nothing could be
    reckoned, and then `said` says why.
    """

    low: float | None
    high: float | None
    said: str
    evidence: tuple[Span, ...] = ()


def load_equivalents(corpus_dir: Path) -> Equivalents:
    """Read `morphine_equivalents.yaml` of the corpus folder; raises CorpusError for a malformed one."""
    rows = parsed(_File, read_text(corpus_dir / EQUIVALENTS_FILE), EQUIVALENTS_FILE)
    tables = (FactorTable(t.name, t.from_, t.source, t.factors, t.by_dose) for t in rows.tables)
    return Equivalents(tuple(sorted(tables, key=lambda table: table.published)), rows.drugs)


def morphine_equivalents(case: CaseSummary, equivalents: Equivalents, day: date) -> MorphineSum:
    """What the opioids that the summary words as taken come to in a day, by the factors published by `day`.

    Doses of drugs that were stopped, planned or denied do not count. One drug with two doses is a range, from the
    smaller to both. An opioid without a dose or without a factor leaves the sum open upwards.
    """
    stated = _stated(case)
    table = equivalents.on(day)
    taken = [fact for fact in case.about(_OPIOID) if fact.polarity is Polarity.PRESENT]
    told = [dose for dose in daily_doses(case.text, case.facts) if _of_opioid(dose, case)]
    doses = [dose for dose in told if dose.polarity is Polarity.PRESENT]
    by_drug: dict[str, list[DailyDose]] = {}
    for dose in doses:
        by_drug.setdefault(equivalents.drugs.get(dose.drug, dose.drug), []).append(dose)
    parts = [_part(opioid, _unlike(held), table) for opioid, held in by_drug.items()]
    reckoned = [part for part in parts if part.factored]
    left_out = [part.said for part in parts if not part.factored] + _without_dose(taken, told, equivalents)
    evidence = tuple(around_words(case.text, sentence_at(case, d.span.start, d.span.end), d.span) for d in doses)
    if not reckoned:
        return stated or _nothing(case, taken, left_out, evidence)
    low, high = sum(part.low for part in reckoned), sum(part.high for part in reckoned)
    said = f"By the factors of {table.name} the summary’s {', and '.join(part.said for part in reckoned)}"
    if len(reckoned) > 1:
        said = f"{said}, together {_range(low, high)} mg"
    if left_out:
        said, high = f"{said}; left out: {' and '.join(left_out)}", math.inf
    return _with_stated(MorphineSum(low, high, said, evidence), stated)


def _of_opioid(dose: DailyDose, case: CaseSummary) -> bool:
    return any(f.span.start <= dose.span.start < f.span.end for f in case.about(_OPIOID))


def _unlike(doses: Iterable[DailyDose]) -> list[DailyDose]:
    """Each dose once, however often the summary tells it."""
    told = {(d.strength, d.per_dose_low, d.per_dose_high, d.times_low, d.times_high): d for d in doses}
    return list(told.values())


@dataclass(frozen=True, slots=True)
class _Part:
    """One opioid's part of the sum and how it was reckoned."""

    low: float
    high: float
    said: str
    factored: bool = True


def _part(opioid: str, doses: Sequence[DailyDose], table: FactorTable) -> _Part:
    patch = doses[0].unit == "mcg/h"
    low, high = min(d.daily_low for d in doses), sum(d.daily_high for d in doses)
    first, last = table.factor(opioid, low), table.factor(opioid, high)
    if first is None or last is None or patch is not opioid.endswith("patch"):
        return _Part(0, 0, f"{opioid}, for which {table.name} gives no factor", factored=False)
    shown = " and ".join(_dose(dose) for dose in doses)
    # "4 x 10 mg" alone needs its product; one dose a day, or a patch, does not
    single = patch or (len(doses) == 1 and _once(doses[0]))
    product = "" if single else f" = {_range(low, high).removeprefix('at most ')} mg a day"
    factor = f"{first:g}" if first == last else f"{min(first, last):g} to {max(first, last):g}"
    morphine = _range(low * first, high * last)
    said = f"{opioid} of {shown}{product}, with the factor {factor}, is {morphine} mg of morphine equivalents a day"
    return _Part(low * first, high * last, said)


def _once(dose: DailyDose) -> bool:
    return dose.daily_low == dose.daily_high == dose.strength


def _dose(dose: DailyDose) -> str:
    """ "4 x 10 mg", "at most 4 x 10 mg" of one taken as needed, "3 to 4 x 10 mg", "25 mcg an hour"."""
    if dose.unit == "mcg/h":
        return f"{dose.strength:g} mcg an hour"
    if _once(dose):
        return f"{dose.strength:g} mg"
    low, high = dose.per_dose_low * dose.times_low, dose.per_dose_high * dose.times_high
    return f"{_range(low, high)} x {dose.strength:g} mg"


def _range(low: float, high: float) -> str:
    low, high = round(low, 1), round(high, 1)
    if low == high:
        return f"{low:g}"
    return f"at most {high:g}" if low == 0 else f"{low:g} to {high:g}"


def _without_dose(taken: Iterable[Fact], told: Iterable[DailyDose], equivalents: Equivalents) -> list[str]:
    """The opioids taken of which no dose is told, neither of now nor of an earlier time."""
    dosed = {dose.drug for dose in told}
    names = (str(f.value) for f in taken if f.value and f.value != _OPIOID and f.value not in dosed)
    named = dict.fromkeys(equivalents.drugs.get(name, name) for name in names)
    return [f"{name}, of which no daily dose is given" for name in named]


def _nothing(
    case: CaseSummary, taken: Sequence[Fact], left_out: Sequence[str], evidence: tuple[Span, ...]
) -> MorphineSum:
    if left_out:
        said = f"The daily dose in morphine equivalents could not be reckoned: {' and '.join(left_out)}"
        quotes = evidence or tuple(sentence_at(case, f.span.start, f.span.end) for f in taken[:1])
        return MorphineSum(None, None, said, quotes)
    return MorphineSum(None, None, "No daily dose of an opioid was found in the summary")


def _stated(case: CaseSummary) -> MorphineSum | None:
    """The sum that the summary itself states, where it states one."""
    for found in _STATED.finditer(case.text):
        span = Span.of(case.text, *found.span())
        sentence = sentence_at(case, span.start, span.end)
        if not (worded_as_request_or_review(sentence.quote) or worded_as_plan(sentence.quote)):
            value = float(found["before"] or found["after"])
            quote = around_words(case.text, sentence, span)
            return MorphineSum(value, value, f"The summary itself says “{quote.quote}”", (quote,))
    return None


def _with_stated(total: MorphineSum, stated: MorphineSum | None) -> MorphineSum:
    """The sum beside the figure that the summary states; where they differ the answer lies between them."""
    if stated is None or stated.low is None or stated.high is None or total.low is None or total.high is None:
        return total
    low, high = min(total.low, stated.low), max(total.high, stated.high)
    said = f"{total.said}; {stated.said[0].lower()}{stated.said[1:]}"
    return MorphineSum(low, high, said, (*stated.evidence, *total.evidence))
