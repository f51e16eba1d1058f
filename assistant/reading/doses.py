"""Daily doses of drugs, as prescriptions and notes write them: strength, count of each dose, and times a day.

A dose is read only where the words say both a strength and how often; nothing is assumed from a brand or a quantity,
save the fixed strengths that a name itself says ("Tylenol #3" holds 30 mg of codeine). Source: common pharmacy
wordings (sig codes BID, TID, QID, q6h, prn); one row each in tests/reading/test_doses.py.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.domain import Fact, Polarity, Span
from assistant.reading.lexicon import CLASS_NAMES
from assistant.reading.numbers import number
from assistant.reading.sentences import sentences
from assistant.reading.sigs import Often, counts_in, often_in
from assistant.reading.wordings import NUMBER_WORD

_NUMBER = r"\d{1,4}(?:\.\d+)?|\.\d+"
_RELEASE = r"(?:[\s,(-]*(?:ER|XR|CR|SR|IR|LA|XL|HCl|hydrochloride|sulfate|tartrate|tablets?|tabs?|patch(?:es)?)\b\)?)*"
# "10/325", "10-325 mg", "325/10mg": two parts of a combination
_PAIR = re.compile(
    rf"(?<![\w.#/-])(?P<a>{_NUMBER})\s?(?:mg)?\s?[/-]\s?(?P<b>{_NUMBER})(?:(?![\w/]|\.\d)\s?(?:mg)?|\s?mg\b)",
    re.IGNORECASE,
)
_MCG_HOUR = re.compile(
    rf"(?<![\w.#/-])(?P<n>{_NUMBER})\s?(?:mcg|ug|µg|micrograms?)\s*(?:/|per|an)\s*h(?:ou)?r?\b", re.IGNORECASE
)
_MCG = re.compile(rf"(?<![\w.#/-])(?P<n>{_NUMBER})\s?(?:mcg|ug|µg|micrograms?)\b", re.IGNORECASE)
_MG = re.compile(rf"(?<![\w.#/-])(?P<n>{_NUMBER})[\s-]?(?:mg|milligrams?)\b", re.IGNORECASE)
_NAKED = re.compile(
    rf"\A{_RELEASE}[\s,(]*(?P<n>{_NUMBER})(?![\w./-])(?!\s*(?:x|times|per|a|an|each|every|tab|cap|pill|po|by|to|or"
    r"|patch|days?|weeks?|months?|years?|hours?|%|percent|/)\b)",
    re.IGNORECASE,
)
_PATCH = re.compile(r"\b(?:patch(?:es)?|transdermal|duragesic|butrans)\b", re.IGNORECASE)
_PATCH_DRUGS = frozenset({"fentanyl", "buprenorphine"})
# What a combination holds beside the drug that counts, in mg.
_OTHER_PART = frozenset({200.0, 300.0, 325.0, 400.0, 500.0, 650.0, 660.0, 750.0})
# Codeine in "Tylenol #2", "#3" and "#4", mg.
_CODEINE = {"2": 15.0, "3": 30.0, "4": 60.0}
_CODEINE_NUMBER = re.compile(r"(?:#\s?|\bno\.?\s?|\bnumber\s)(?P<n>[234])(?!\d)|tylenol (?P<n2>[34])\b", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?<![\w.#/-])(?P<n>{_NUMBER})\s?mg\s+(?:tablets? |tabs? |capsules? )?(?:of\s+)?\Z", re.IGNORECASE
)
_COUNT_BEFORE = re.compile(
    rf"(?<![\w./-])(?P<n>\d|{NUMBER_WORD})(?:\s?(?:-|to|or)\s?(?P<m>\d|{NUMBER_WORD}))?"
    r"(?:\s+(?:tablets?|tabs?|capsules?|caps?|pills?))?(?:\s+of)?\s+\Z",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\bfrom\b(?P<was>[^.;]{1,80}?)\bto\b", re.IGNORECASE)
_STOPPED = re.compile(
    r"\b(?:discontinued|stopped|no longer|formerly|previously|used to (?:take|use)|weaned (?:off|from)|tapered off"
    r"|switched from|was on|had been on|in the past)\b",
    re.IGNORECASE,
)
_SIG_OPENS = re.compile(
    r"\s*(?:sig\b|take[sn]?\b|(?:he|she|they|the (?:patient|worker)) (?:takes?|is taking|uses?)\b"
    r"|(?:the )?(?:dose|dosage|directions?)\b|(?:one|two|three|half|\d)\b)",
    re.IGNORECASE,
)
_LONGEST = 220  # characters behind a drug's name in which its dose may stand
_BACK = 32  # characters before it


@dataclass(frozen=True, slots=True)
class DailyDose:
    """One drug at one strength, taken `per_dose_low`..`per_dose_high` units `times_low`..`times_high` times a day.

    `drug` is the generic name of the lexicon; `strength` of a combination is that of the opioid or other named part
    (10 of "10/325"). As needed gives `times_low` 0. A patch ("mcg/h") counts as one dose a day of its hourly rate.
    `span` goes from the drug's name to the end of the words on how often.
    """

    drug: str
    strength: float
    unit: Literal["mg", "mcg/h"]
    per_dose_low: float
    per_dose_high: float
    times_low: float
    times_high: float
    span: Span
    polarity: Polarity

    @property
    def daily_low(self) -> float:
        """The least of a day, in mg, or in mcg an hour for a patch."""
        return self.strength * self.per_dose_low * self.times_low

    @property
    def daily_high(self) -> float:
        """The most of a day, in mg, or in mcg an hour for a patch."""
        return self.strength * self.per_dose_high * self.times_high


@dataclass(frozen=True, slots=True)
class _Strength:
    amount: float
    unit: Literal["mg", "mcg/h"]
    start: int  # where the words that say it stand in the text
    end: int


def daily_doses(text: str, facts: Iterable[Fact]) -> tuple[DailyDose, ...]:
    """The daily doses that `text` words of the medication `facts`, in the order of the text.

    A drug named twice with its dose is given twice. Where strength or frequency is not said there is no dose.
    """
    named = _named(facts)
    told = sentences(text)
    starts = [sentence.start for sentence in told]
    doses = []
    for at, fact in enumerate(named):
        until = named[at + 1].span.start if at + 1 < len(named) else len(text)
        number_of = bisect_right(starts, fact.span.start) - 1
        if number_of >= 0:
            following = told[number_of + 1] if number_of + 1 < len(told) else None
            dose = _dose(text, fact, _window(text, fact, told[number_of], following, until), told[number_of])
            doses += [dose] if dose else []
    return tuple(doses)


def _named(facts: Iterable[Fact]) -> list[Fact]:
    """One fact for each place where a drug is named; a class of drugs has no dose."""
    drugs = [
        fact
        for fact in facts
        if fact.kind == "medication" and isinstance(fact.value, str) and fact.value not in CLASS_NAMES
    ]
    kept: list[Fact] = []
    for fact in sorted(drugs, key=lambda fact: (fact.span.start, -fact.span.end)):
        if not kept or fact.span.start >= kept[-1].span.end:
            kept.append(fact)
    return kept


def _window(text: str, fact: Fact, sentence: Span, following: Span | None, until: int) -> Span | None:
    """The words behind the drug's name that may tell its dose: up to the next drug, or the directions that follow."""
    start = fact.span.end
    end = min(sentence.end, until, start + _LONGEST)
    if following and until >= following.start and _SIG_OPENS.match(following.quote) and not often_in(text[start:end]):
        end = min(following.end, until, start + _LONGEST)
    return Span.of(text, start, end) if end > start else None


def _dose(text: str, fact: Fact, window: Span | None, sentence: Span) -> DailyDose | None:
    if window is None:
        return None
    strength = _strength(text, fact, window, sentence)
    often = _often(window)
    if strength is None:
        return None
    if often is None:
        if strength.unit != "mcg/h":
            return None
        often = Often(1.0, 1.0, 0, 0)  # a patch gives its rate by the hour, however often it is changed
    per_dose = _count_of(text, fact, _without(window, strength), sentence, often)
    times = (1.0, 1.0) if strength.unit == "mcg/h" else (often.low, often.high)
    end = max(window.start + often.end, strength.end, fact.span.end)
    return DailyDose(
        drug=str(fact.value),
        strength=strength.amount,
        unit=strength.unit,
        per_dose_low=per_dose[0],
        per_dose_high=per_dose[1],
        times_low=times[0],
        times_high=_capped(times[1], per_dose[1], often),
        span=Span.of(text, fact.span.start, end),
        polarity=_polarity(fact, sentence),
    )


def _polarity(fact: Fact, sentence: Span) -> Polarity:
    """A drug that was stopped is taken no more, though its use is documented."""
    around = fact.clause or sentence
    stopped = fact.polarity is Polarity.PRESENT and _STOPPED.search(around.quote)
    return Polarity.HISTORICAL if stopped else fact.polarity


def _capped(times: float, per_dose: float, often: Often) -> float:
    """The most times a day where a maximum of the day is named ("1-2 every 4 hours, maximum 6 a day")."""
    return min(times, often.most / per_dose) if often.most and per_dose else times


def _often(window: Span) -> Often | None:
    """How often the dose is taken; of a changed dose the new one."""
    changed = _CHANGED.search(window.quote)
    if changed:
        later = often_in(window.quote, changed.end())
        if later:
            return later
    return often_in(window.quote)


def _without(window: Span, strength: _Strength) -> str:
    """The words of the window with those of the strength blanked, so that "20 BID" is no count of 20."""
    start, end = (max(0, at - window.start) for at in (strength.start, strength.end))
    return window.quote[:start] + " " * (end - start) + window.quote[end:]


def _count_of(text: str, fact: Fact, told: str, sentence: Span, often: Often) -> tuple[float, float]:
    counted = counts_in(told, often)
    if counted:
        return counted
    before = _COUNT_BEFORE.search(text[max(sentence.start, fact.span.start - _BACK) : fact.span.start])
    if before is None:
        return 1.0, 1.0
    first = number(before["n"])
    last = number(before["m"]) if before["m"] else first
    return min(first, last), max(first, last)


# --- strength -------------------------------------------------------------------------------------------------


def _strength(text: str, fact: Fact, window: Span, sentence: Span) -> _Strength | None:
    drug = str(fact.value)
    if drug == "acetaminophen/codeine" and (numbered := _CODEINE_NUMBER.search(text, fact.span.start, window.end)):
        return _Strength(
            _CODEINE[numbered["n"] or numbered["n2"]], "mg", numbered.start(), max(numbered.end(), window.start)
        )
    begin = _after_change(window)
    for start in dict.fromkeys((begin, window.start)):
        found = _written(text, drug, start, window)
        if found:
            return found
    before = _BEFORE.search(text[max(sentence.start, fact.span.start - _BACK) : fact.span.start])
    return _Strength(float(before["n"]), "mg", window.start, window.start) if before else None


def _after_change(window: Span) -> int:
    changed = _CHANGED.search(window.quote)
    return window.start + changed.end() if changed else window.start


def _written(text: str, drug: str, start: int, window: Span) -> _Strength | None:
    """The first strength written between `start` and the end of the window."""
    patch = drug in _PATCH_DRUGS and _PATCH.search(text, max(0, window.start - _BACK), window.end)
    hourly = _MCG_HOUR.search(text, start, window.end)
    micro = _MCG.search(text, start, window.end)
    if hourly or (micro and patch):
        found = hourly or micro
        return _Strength(float(found["n"]), "mcg/h", *found.span()) if found else None
    if micro:
        return _Strength(float(micro["n"]) / 1000, "mg", *micro.span())
    pair, single = _PAIR.search(text, start, window.end), _MG.search(text, start, window.end)
    if pair and "/" in drug and (not single or pair.start() <= single.start()):
        part = _named_part(pair)
        if part is not None:
            return _Strength(part, "mg", *pair.span())
    if single:
        return _Strength(float(single["n"]), "mg", *single.span())
    naked = _NAKED.match(text[start : window.end])
    return _Strength(float(naked["n"]), "mg", start, start + naked.end()) if naked else None


def _named_part(pair: re.Match[str]) -> float | None:
    """Of "10/325" the part that is not acetaminophen or ibuprofen; None where both or neither may be that."""
    first, second = (float(part) for part in (pair["a"], pair["b"]))
    if (first in _OTHER_PART) is (second in _OTHER_PART):
        return None
    return second if first in _OTHER_PART else first
