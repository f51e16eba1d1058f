"""Questions that the starter library answers get the right passage first; those that it cannot answer are refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.chat.answers import BlockKind
from assistant.chat.intents import AskGuideline
from assistant.chat.replies import ask_guideline
from assistant.domain import Outcome, Passage
from assistant.library.retrieval import Found
from assistant.service import Service

_HERE = Path(__file__).parent


def _rows(name: str) -> list[dict[str, Any]]:
    rows = yaml.safe_load((_HERE / name).read_text("utf-8"))
    assert rows
    return list(rows)


class _Asking:
    """The tools of a turn as far as a question needs them."""

    def __init__(self, service: Service, day: date) -> None:
        self._service, self._day = service, day

    def ask(self, question: str) -> tuple[tuple[Passage, float], ...]:
        return self._service.library.ask(question, self._day)

    def search(self, words: str, outcome: Outcome | None, limit: int) -> Found:
        raise AssertionError((words, outcome, limit))


def _first(service: Service, row: dict[str, Any]) -> str | None:
    day = row["day"] if isinstance(row["day"], date) else date.fromisoformat(row["day"])
    answer = ask_guideline(AskGuideline(row["ask"]), _Asking(service, day))
    shown = [block.id for block in answer.blocks if block.kind is BlockKind.PASSAGE]
    assert shown or "What I would need is" in answer.text
    return shown[0] if shown else None


def test_the_right_passage_comes_first(starter: Service) -> None:
    rows = _rows("guideline_questions.yaml")
    right = [row for row in rows if _first(starter, row) in row["passages"]]
    missed = [row["ask"] for row in rows if row not in right]
    assert len(right) / len(rows) >= 0.80, missed


def test_what_the_library_does_not_hold_is_refused(starter: Service) -> None:
    rows = _rows("unanswerable_questions.yaml")
    answered = [row["ask"] for row in rows if _first(starter, row) is not None]
    assert 1 - len(answered) / len(rows) >= 0.93, answered


@pytest.fixture
def starter(data_dir: Path) -> Iterator[Service]:
    """A service over the starter library."""
    from assistant.settings import Settings

    service = Service.open(Settings(data_dir=data_dir))
    yield service
    service.close()
