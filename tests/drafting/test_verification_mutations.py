"""One word of a right sentence is changed into a wrong one: nearly every such change must be seen."""
# ruff: noqa: E501  the tables of changes read best a row a kind

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import pytest
from worked_examples import GOOD, Example

from assistant.domain import Verdict
from assistant.drafting.verification import verify_sentence

SEED = 20161220
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|(?:January|March|May|June|October|November) (?:\d{1,2}, )?\d{4}"
)
_LEVEL = re.compile(r"\b[CTLS]\d{1,2}(?:[-/][CTLS]?\d{1,2})?\b")
_NUMBER = re.compile(rf"(?<![\w/.-])(?:\d+|{'|'.join(_WORDS)})(?![\w./-]*\d)(?!-\d)", re.IGNORECASE)
_SCORE = re.compile(r"\b\d{1,2}/\d{1,3}\b(?!/)")
_DRUGS = ["Norco", "naproxen", "ibuprofen", "Flexeril", "Soma", "hydrocodone", "gabapentin", "tramadol", "Percocet"]
_THERAPIES = ["physical therapy", "acupuncture", "chiropractic", "massage"]
_PARTS = ["knee", "shoulder", "foot", "arm", "hand", "neck", "low back", "great toe", "elbow"]
_UNITS = {
    "visits": "weeks", "sessions": "months", "mg": "mcg", "weeks": "months", "degrees": "percent", "treatments": "weeks",
    "times a week": "times a month", "times a day": "times a week", "%": " mg", "tablets": "patches",
}  # fmt: skip
_SEXES = {
    "woman": "man",
    "man": "woman",
    "She": "He",
    "He": "She",
    "Her": "His",
    "His": "Her",
    "her": "his",
    "male": "female",
}
_SIDES = {"left": "right", "right": "left", "bilateral": "left"}
_DENIED = {
    " is ": " is not ", " was ": " was not ", " are ": " are not ", " has ": " has no ", " had ": " had no ",
    " takes ": " denies ", " no ": " ", " not ": " ", " and ": " and no ", "positive": "negative", "negative": "positive",
    "without": "with", " completed ": " did not complete ", " returned ": " has not returned ", "showed": "showed no",
}  # fmt: skip
_CITED = {
    "Chronic Pain Medical Treatment": "Low Back Complaints", "Acupuncture Treatment 2007": "Chronic Pain Medical Treatment 2016",
    "Treatment 2016": "Treatment 2009", "Treatment 2009": "Treatment 2016", "opioid guideline": "acupuncture guideline",
    "MTUS": "ODG",
}  # fmt: skip

Mutation = tuple[str, str]


def _each(pattern: re.Pattern[str], text: str, others: Callable[[str], Iterator[str]]) -> Iterator[str]:
    for match in pattern.finditer(text):
        for other in others(match.group()):
            if other.lower() != match.group().lower():
                yield text[: match.start()] + other + text[match.end() :]


def _words_to(table: dict[str, str], text: str) -> Iterator[str]:
    for word, other in table.items():
        edges = r"(?<!\w)" if word[0].isalpha() else "", r"(?!\w)" if word[-1].isalpha() else ""
        yield from _each(re.compile(edges[0] + re.escape(word) + edges[1]), text, lambda _, other=other: iter([other]))


def _one_of(names: list[str], text: str, rng: random.Random) -> Iterator[str]:
    def others(name: str) -> Iterator[str]:
        yield rng.choice([other for other in names if other.lower() not in name.lower()])

    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    return _each(pattern, text, others)


def _numbers(text: str, rng: random.Random) -> Iterator[str]:
    def others(number: str) -> Iterator[str]:
        value = int(number) if number.isdigit() else _WORDS.index(number.lower()) + 1
        changed = rng.choice([n for n in (value - 1, value + 1, value + 2, value * 2 + 1) if n > 1 and n != value])
        yield str(changed) if number.isdigit() else _WORDS[changed - 1] if changed <= 12 else str(changed)

    yield from _each(_NUMBER, text, others)
    yield from _each(_SCORE, text, lambda score: iter([f"{int(score.split('/')[0]) + 1}/{score.split('/')[1]}"]))


def _dates(text: str, rng: random.Random) -> Iterator[str]:
    def others(date: str) -> Iterator[str]:
        digits = list(re.finditer(r"\d+", date))
        place = rng.choice(digits)
        changed = int(place.group()) % 9 + 1
        if len(place.group()) == 4:
            changed = int(place.group()) + rng.choice([-1, 1])
        yield date[: place.start()] + str(changed).zfill(len(place.group())) + date[place.end() :]

    return _each(_DATE, text, others)


def _levels(text: str, rng: random.Random) -> Iterator[str]:
    return _each(_LEVEL, text, lambda _: iter([rng.choice(["L3-4", "C5-6", "L2", "L4-S1"])]))


def _quoted(text: str) -> Iterator[str]:
    for match in re.finditer(r"“([^”]+)”", text):
        words = match[1].split()
        for at in range(len(words)):
            yield text[: match.start(1)] + " ".join([*words[:at], "somewhat", *words[at + 1 :]]) + text[match.end(1) :]


def _from_the_case(example: Example) -> Iterator[str]:
    """Each date, score and level replaced by every other one of the same case."""
    for pattern in (_DATE, _SCORE, _LEVEL):
        values = list(dict.fromkeys(pattern.findall(example.sources.case)))
        yield from _each(pattern, example.text, lambda _, values=values: iter(values))


def _swapped(text: str) -> Iterator[str]:
    """Two values of one kind in a sentence change places."""
    for pattern in (
        _NUMBER,
        _DATE,
        _SCORE,
        _LEVEL,
        re.compile(r"\b(?:left|right)\b"),
        re.compile(r"\b(?:positive|negative)\b"),
    ):
        found = list(pattern.finditer(text))
        for a, b in zip(found, found[1:], strict=False):
            if a.group().lower() != b.group().lower():
                yield text[: a.start()] + b.group() + text[a.end() : b.start()] + a.group() + text[b.end() :]


def mutations(example: Example, rng: random.Random) -> Iterator[Mutation]:
    """Wrong sentences made of a right one, each with the name of the change."""
    text = example.text
    kinds: dict[str, Iterator[str]] = {
        "number": _numbers(text, rng),
        "unit": _words_to(_UNITS, text),
        "side": _words_to(_SIDES, text),
        "level": _levels(text, rng),
        "drug": _one_of(_DRUGS, text, rng),
        "therapy": _one_of(_THERAPIES, text, rng),
        "part": _one_of(_PARTS, text, rng),
        "date": _dates(text, rng),
        "negation": _words_to(_DENIED, text),
        "sex": _words_to(_SEXES, text),
        "citation": _words_to(_CITED, text),
        "quote": _quoted(text),
        "another value of the case": _from_the_case(example),
        "swap": _swapped(text),
    }
    for name, wrong in kinds.items():
        yield from ((name, sentence) for sentence in wrong)


def _harmless(name: str, right: str, wrong: str) -> bool:
    """Changes that say the same, or that only the outcome of the issue can tell wrong (`verify_issue` does)."""
    if "medically necessary" in right and name == "negation":
        return True
    twice = re.search(r"\b(?:denies|no|not) (?:denies|no|there)\b", wrong)  # no sentence that anybody writes
    return bool(twice) or _same(right, wrong)


def _same(right: str, wrong: str) -> bool:
    def folded(text: str) -> str:
        months = {"March 3, 2011": "3/3/2011", "June 15, 2016": "6/15/2016", "October 12, 2016": "10/12/2016"}
        for words, digits in months.items():
            text = text.replace(words, digits)
        return re.sub(r"\b0(\d)", r"\1", text).replace("L4-L5", "L4-5")

    return folded(right) == folded(wrong)


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.text[:40])
def test_a_right_sentence_is_left_alone(example: Example) -> None:
    checked = verify_sentence(example.text, example.supports, example.sources)
    assert (checked.verdict, checked.problems) == (Verdict.PASSED, ())


def test_nearly_every_wrong_sentence_is_caught() -> None:
    rng = random.Random(SEED)  # noqa: S311  a repeatable choice, nothing secret
    made: list[tuple[str, str]] = []
    survivors: list[str] = []
    for example in GOOD:
        for name, wrong in mutations(example, rng):
            if _harmless(name, example.text, wrong):
                continue
            made.append((name, wrong))
            if verify_sentence(wrong, example.supports, example.sources).verdict is not Verdict.FAILED:
                survivors.append(f"{name}: {wrong}")
    assert len(made) >= 300
    assert len({name for name, _ in made}) == 14
    assert len(survivors) <= len(made) // 100, "\n".join([f"{len(survivors)} of {len(made)} were missed:", *survivors])
