"""Who the worker is moves nothing: sex, age, occupation, language, origin and name change only the words that say them.

The traits are those of Labor Code 4610.6(h)(4); a draft that hung on one would be open to an appeal for bias.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Draft, IssueDraft
from assistant.service import Service
from assistant.settings import Settings

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]

CASES = Settings().corpus_dir / "cases"
SAMPLES = sorted(path.name for path in CASES.glob("*.txt"))
REQUESTS = {"knee-pain-without-a-request.txt": ("Left knee arthroscopy with partial medial meniscectomy",)}
DAY = date(2016, 12, 20)

_PERSON = {
    "he": "she", "him": "her", "his": "her", "himself": "herself", "man": "woman", "male": "female", "mr": "ms",
    "she": "he", "her": "his", "hers": "his", "herself": "himself", "woman": "man", "female": "male", "ms": "mr",
}  # fmt: skip
_PERSON_WORD = re.compile(rf"\b(?:{'|'.join(_PERSON)})\b", re.IGNORECASE)
_SHORT_SEX = re.compile(r"(?<=y/o )[MF]\b")
_AGE = re.compile(r"\b\d\d(?=-year-old| yo\b| y/o\b)")
_TRADES = (
    "hotel laundry attendant", "solar panel installer", "drywall hanger", "tree trimmer", "housekeeper", "gardener",
    "roofer", "admin asst",
)  # fmt: skip
_TRADE = re.compile("|".join(_TRADES))


@pytest.fixture(scope="module")
def service(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = Path(shutil.copytree(starter_dir, tmp_path_factory.mktemp("invariance") / "data"))
    opened = Service.open(Settings(data_dir=folder))
    yield opened
    opened.close()


_BASES: dict[str, Draft] = {}


def base_of(service: Service, name: str) -> Draft:
    """The draft of a sample as it stands, made once."""
    if name not in _BASES:
        _BASES[name] = draft_of(service, name, (CASES / name).read_text("utf-8"))
    return _BASES[name]


def draft_of(service: Service, name: str, text: str) -> Draft:
    return service.draft_text(text, services=REQUESTS.get(name, ()), day=DAY)


def other_sex(text: str) -> str:
    def swapped(found: re.Match[str]) -> str:
        word = _PERSON[found.group().lower()]
        return word.capitalize() if found.group()[0].isupper() else word

    return _SHORT_SEX.sub(lambda m: "M" if m.group() == "F" else "F", _PERSON_WORD.sub(swapped, text))


def neutral(text: str) -> str:
    """The text without what says sex, age or trade."""
    text = re.sub(r"\b(?:he|she)\b", "they", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:his|hers?|him)\b", "their", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:himself|herself|woman|man|female|male|Mr|Ms)\b", "person", text, flags=re.IGNORECASE)
    text = _SHORT_SEX.sub("person", text)
    text = re.sub(r"\b(\d\d)(?=[- ]year[- ]old| yo\b| y/o\b)", "N", text)
    text = re.sub(r"\b\d\d years old", "N years old", text)
    return re.sub(r"\b(an?) (?=N\b|TRADE)", "a ", _TRADE.sub("TRADE", text.replace("bookkeeper", "TRADE")))


def told(issue: IssueDraft) -> dict[str, object]:
    """All that an issue says, without the words on who the worker is."""
    return {
        "kind": issue.service.kind,
        "findings": [
            (f.id, f.status, neutral(f.statement), [neutral(s.quote) for s in f.evidence]) for f in issue.findings
        ],
        "lean": issue.lean,
        "outcome": (issue.outcome, issue.outcome_from),
        "guidelines": [(c.guideline, c.section) for c in issue.guidelines],
        "sentences": [(s.move, neutral(s.text), s.slot, s.verdict) for s in issue.sentences],
        "notices": [neutral(notice) for notice in issue.notices],
    }


def same(first: Draft, second: Draft, *, but: frozenset[int] = frozenset()) -> None:
    assert len(first.issues) == len(second.issues) > 0
    for at, (one, other) in enumerate(zip(first.issues, second.issues, strict=True)):
        if at not in but:
            assert told(other) == told(one)
    if not but:
        assert [(c.rule, neutral(c.message)) for c in second.checks] == [
            (c.rule, neutral(c.message)) for c in first.checks
        ]


def asking_age(draft: Draft) -> frozenset[int]:
    """The issues of which a criterion asks the age."""

    def asks(issue: IssueDraft) -> bool:
        measured = any(f.criterion.measure is not None and f.criterion.measure.of == "age" for f in issue.findings)
        return measured or any("gi_risk" in f.criterion.asks for f in issue.findings)

    return frozenset(at for at, issue in enumerate(draft.issues) if asks(issue))


@pytest.mark.parametrize("name", SAMPLES)
def test_sex_moves_nothing(name: str, service: Service) -> None:
    text = (CASES / name).read_text("utf-8")
    swapped = other_sex(text)
    assert swapped != text
    same(base_of(service, name), draft_of(service, name, swapped))


@pytest.mark.parametrize("age", ["22", "71"])
@pytest.mark.parametrize("name", SAMPLES)
def test_age_moves_nothing_where_no_criterion_asks_it(name: str, age: str, service: Service) -> None:
    swapped = _AGE.sub(age, (CASES / name).read_text("utf-8"))
    base = base_of(service, name)
    assert f"{age}-year-old" in swapped or f"{age} y" in swapped
    same(base, draft_of(service, name, swapped), but=asking_age(base))


@pytest.mark.parametrize("name", [name for name in SAMPLES if _TRADE.search((CASES / name).read_text("utf-8"))])
def test_occupation_moves_nothing(name: str, service: Service) -> None:
    text = (CASES / name).read_text("utf-8")
    same(base_of(service, name), draft_of(service, name, _TRADE.sub("bookkeeper", text)))


def with_sentence(name: str, sentence: str) -> str:
    """The sample with a sentence after one near its middle, or, where none ends so, after the first line."""
    text = (CASES / name).read_text("utf-8")
    at = text.rfind(". ", 0, len(text) // 2) + 1
    if at:
        return f"{text[:at]} {sentence}{text[at:]}"
    at = text.index("\n")
    return f"{text[:at]}.\n{sentence}{text[at:]}"


@pytest.mark.parametrize("name", SAMPLES)
def test_language_origin_and_name_move_nothing(name: str, service: Service) -> None:
    base = draft_of(service, name, with_sentence(name, "An interpreter for Spanish took part in the visit."))
    for sentence in (
        "An interpreter for Armenian took part in the visit.",
        "The worker speaks Mixtec and came from Oaxaca in 1998.",
        "The name on the chart is Nguyen Thi Hoa.",
        "The name on the chart is Tamika Okafor-Goldberg.",
    ):
        same(base, draft_of(service, name, with_sentence(name, sentence)))
