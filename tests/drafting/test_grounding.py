"""Drafts held to the independent checker, and the checker held to planted faults."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from independent_checker import faults, levels, numbers, sides

from assistant.corpus import load_taxonomy
from assistant.domain import Outcome
from assistant.drafting.chain import Drafter, DraftRequest
from assistant.drafting.contract import draft_as_json
from assistant.reading.lexicon import load_lexicon
from assistant.settings import Settings

CASE = (
    "The injured worker is a 47-year-old female who hurt her low back on 3/5/2014. She was diagnosed with lumbar "
    "strain and a disc protrusion at L4-5. Treatment to date has included acupuncture, 8 visits of physical therapy "
    "and naproxen 550 mg. Currently she complains of low back pain that radiates to the right leg, rated 7/10. "
    "The treating physician requested authorization for 6 sessions of acupuncture for the low back."
)

Json = dict[str, Any]


@pytest.fixture
def drafter(library: Any) -> Drafter:
    corpus = Settings().corpus_dir
    return Drafter(
        library, load_lexicon(corpus), load_taxonomy(corpus), today=lambda: date(2026, 11, 24), clock=lambda: 1.0
    )


@pytest.fixture
def drafted(drafter: Drafter) -> Json:
    """A draft as the command line prints it."""
    draft = drafter.draft(DraftRequest("x", CASE, day=date(2016, 3, 1)))
    return json.loads(json.dumps(draft_as_json(draft)))


@pytest.mark.parametrize("outcome", [None, *Outcome])
@pytest.mark.parametrize("day", [date(2016, 3, 1), None])
def test_a_draft_has_no_fault(drafter: Drafter, outcome: Outcome | None, day: date | None) -> None:
    draft = drafter.draft(DraftRequest("x", CASE, day=day, outcome=outcome))
    assert faults(json.loads(json.dumps(draft_as_json(draft))), CASE) == []


def _first(draft: Json, holds: Callable[[Json], bool]) -> Json:
    return next(s for s in draft["issues"][0]["sentences"] if holds(s))


def _supported(draft: Json) -> Json:
    return _first(draft, lambda sentence: bool(sentence["supports"]))


def _shift(draft: Json) -> None:
    _supported(draft)["supports"][0]["start"] += 1


def _misquote(draft: Json) -> None:
    _supported(draft)["supports"][0]["quote"] += "!"


def _strip(draft: Json) -> None:
    _supported(draft)["supports"] = []


def _count(draft: Json) -> None:
    last = draft["issues"][0]["sentences"][-1]
    last["text"] = last["text"].replace("6", "12")


def _level(draft: Json) -> None:
    _supported(draft)["text"] += " L3-4"


def _side(draft: Json) -> None:
    _supported(draft)["text"] += " on the left"


def _quote(draft: Json) -> None:
    _supported(draft)["text"] += " “never written”"


def _evidence(draft: Json) -> None:
    draft["issues"][0]["findings"][0]["evidence"] = [{"start": 0, "end": 3, "quote": "Thx"}]


def _rationale(draft: Json) -> None:
    draft["issues"][0]["rationale"] += " And more."


def _slot(draft: Json) -> None:
    _supported(draft)["slot"] = True


@pytest.mark.parametrize(
    "plant", [_shift, _misquote, _strip, _count, _level, _side, _quote, _evidence, _rationale, _slot]
)
def test_a_planted_fault_is_found(drafted: Json, plant: Callable[[Json], None]) -> None:
    assert faults(drafted, CASE) == []
    wrong = copy.deepcopy(drafted)
    plant(wrong)
    assert wrong != drafted
    assert faults(wrong, CASE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eight visits, 10 mg, 0.50 and 4/5", {"8", "10", "0.5", "4", "5"}),
        ("on 02/04/2003", {"2", "4", "2003", "3"}),
        ("in September he may", {"9"}),
        ("L4-5", {"4", "5"}),
    ],
)
def test_numbers_by_hand(text: str, found: set[str]) -> None:
    assert numbers(text) == found


def test_levels_and_sides_by_hand() -> None:
    assert levels("L4-5, L5-S1 and T12, not L3670") == {"L4", "L5", "S1", "T12"}
    assert sides("Left knee and bilaterally, the rest") == {"left", "bilateral"}
