"""One value of a right sentence is changed into a wrong one: each must be seen, and no right one flagged.

`pytest -s` prints the share caught by sort of change; what is missed is written to a list in the test's folder.
"""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from independent_checker import faults
from mutations import INSIDE, Mutant, Origin, mutants, origins, sampled, shares
from retold_cases import retold
from worked_examples import GOOD, Example

from assistant.domain import (
    NO_LEAN,
    Confidence,
    Criterion,
    CriterionKind,
    DisputedService,
    Draft,
    Finding,
    InForce,
    IssueDraft,
    Move,
    Outcome,
    Passage,
    PassageKind,
    Sentence,
    Status,
    Verdict,
)
from assistant.drafting.contract import draft_as_json
from assistant.drafting.verification import verify_one
from assistant.service import Service
from assistant.settings import Settings

SEED = 20161220
_CASES = Path(__file__).parents[2] / "corpus" / "cases"
_DAY = date(2016, 12, 20)
_FIVE = frozenset({"number", "side", "level", "drug", "date", "quantity"})


def _rng() -> random.Random:
    return random.Random(SEED)  # noqa: S311  a repeatable choice, nothing secret


@pytest.fixture(scope="module")
def drafts(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Draft]:
    """The sample cases that word a request, each drafted without an outcome and for both."""
    folder = tmp_path_factory.mktemp("mutations") / "data"
    service = Service.open(Settings(data_dir=Path(shutil.copytree(starter_dir, folder))))
    texts = [
        path.read_text("utf-8")
        for path in sorted(_CASES.glob("*.txt"))
        if path.name != "knee-pain-without-a-request.txt"
    ]
    made = [service.draft_text(text, day=_DAY, outcome=outcome) for text in texts for outcome in (None, *Outcome)]
    service.close()
    return made


def _worked(example: Example) -> Origin:
    """A worked example as a sentence of an issue."""
    sources = example.sources
    passages = {key: _passage(key, text, sources.citations[key]) for key, text in sources.passages.items()}
    found = tuple(
        Finding(
            _criterion(key), next(iter(passages)), Status(sources.statuses[key]), text, (), ("what was looked for",)
        )
        for key, text in sources.findings.items()
    )
    move = Move.CONCLUSION if "medically necessary" in example.text else Move.FACTS
    outcome = None if move is Move.FACTS else Outcome.UPHELD if "not medically" in example.text else Outcome.OVERTURNED
    issue = IssueDraft(DisputedService(sources.request, None), outcome, None, NO_LEAN, (), found, ())
    return Origin(Sentence(example.text, move, example.supports, Verdict.PASSED), issue, sources.case, passages)


def _passage(key: str, text: str, citation: str) -> Passage:
    guideline, _, section = citation.partition(", Section(s): ")
    return Passage(key, guideline, section or None, text, PassageKind.DIGEST, InForce(), "a source")


def _criterion(key: str) -> Criterion:
    return Criterion(key, "A criterion.", CriterionKind.LIMIT, Confidence.HIGH, checked=True, source="a source")


@pytest.fixture(scope="module")
def right(drafts: list[Draft]) -> dict[str, list[Origin]]:
    """Right sentences by where they are from: the drafts, the worked examples, the sample cases told again."""
    texts = [path.read_text("utf-8") for path in sorted(_CASES.glob("*.txt"))]
    return {
        "drafts": [origin for draft in drafts for origin in origins(draft)],
        "worked": [_worked(example) for example in GOOD],
        "retold": [origin for text in texts for origin in retold(text)],
    }


@pytest.fixture(scope="module")
def wrong(right: dict[str, list[Origin]]) -> list[Mutant]:
    """The mutants of all of them."""
    rng = _rng()
    return [mutant for some in right.values() for origin in some for mutant in mutants(origin, rng)]


def test_no_sentence_of_a_draft_is_unverified(drafts: list[Draft]) -> None:
    unverified = [s.text for d in drafts for i in d.issues for s in i.sentences if not s.slot and not s.verified]
    assert unverified == []


@pytest.mark.parametrize("source", ["drafts", "worked", "retold"])
def test_a_right_sentence_is_left_alone(source: str, right: dict[str, list[Origin]]) -> None:
    checked = [verify_one(origin.sentence, origin.issue, origin.case, origin.passages) for origin in right[source]]
    assert len(checked) >= 50
    assert [(s.text, s.problems) for s in checked if s.verdict is not Verdict.PASSED] == []


def test_nearly_every_wrong_sentence_is_caught(wrong: list[Mutant], tmp_path: Path) -> None:
    made = sampled(wrong, 3000, _rng())
    found = shares(made)
    (tmp_path / "survivors.txt").write_text(found.listed(), "utf-8")
    print(found.table())  # noqa: T201  the figures, seen with `pytest -s`
    assert len(made) == 3000
    assert sum(mutant.source == INSIDE for mutant in made) >= len(made) * 0.4
    assert {
        "number",
        "unit",
        "side",
        "level",
        "drug",
        "date",
        "negation",
        "sex",
        "quantity",
        "citation",
        "quote",
    } <= set(found.made)
    assert found.share >= 0.99, f"\n{found.table()}\n{found.listed()}"


def _faults(origin: Origin, text: str) -> list[str]:
    """What the second checker says of an issue that has this one sentence."""
    sentence = Sentence(text, origin.sentence.move, origin.sentence.supports, Verdict.PASSED)
    issue = IssueDraft(
        origin.issue.service, origin.issue.outcome, None, NO_LEAN, (), origin.issue.findings, (sentence,)
    )
    case = SimpleNamespace(
        notices=(), text=origin.case, age=None, sex=None, date_of_injury=None, facts=(), services=(), sentences=()
    )
    draft = Draft("case", _DAY, "given", case, (issue,), dict(origin.passages))  # type: ignore[arg-type]
    return faults(draft_as_json(draft), origin.case)


def test_the_second_checker_leaves_right_sentences_alone(right: dict[str, list[Origin]]) -> None:
    assert [fault for some in right.values() for o in some for fault in _faults(o, o.sentence.text)] == []


def test_the_second_checker_catches_by_itself_most_numbers_sides_levels_drugs_and_dates(
    wrong: list[Mutant],
) -> None:
    made = sampled((mutant for mutant in wrong if mutant.sort in _FIVE), 1500, _rng())
    found = shares(made, lambda mutant: bool(_faults(mutant.origin, mutant.text)))
    print(found.table())  # noqa: T201
    assert len(made) >= 1000
    assert found.share >= 0.9, f"\n{found.table()}\n{found.listed()}"
