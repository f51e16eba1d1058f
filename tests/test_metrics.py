"""Counts are kept only where they are wanted, and no label comes from outside its set."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import metrics
from assistant.errors import Conflict, ModelFailed
from assistant.models.leash import Leash

MARK = "Zebulon"


@pytest.fixture
def counts() -> Iterator[metrics.Metrics]:
    yield metrics.start()
    metrics.stop()


def test_nothing_is_counted_until_it_is_started() -> None:
    told: list[metrics.Metrics] = []
    metrics.count(told.append)
    assert told == []


def test_an_act_is_timed_and_its_conflict_counted(counts: metrics.Metrics) -> None:
    @metrics.measured("edit")
    def edit(fails: bool) -> str:
        if fails:
            raise Conflict(1, 2)
        return "done"

    assert edit(False) == "done"
    with pytest.raises(Conflict):
        edit(True)
    text = counts.text().decode()
    assert 'imr_act_seconds_count{act="edit"} 2.0' in text
    assert "imr_conflicts_total 1.0" in text


def test_a_turn_that_is_left_early_is_counted(counts: metrics.Metrics) -> None:
    @metrics.measured_steps("chat")
    def say() -> Iterator[int]:
        yield from range(3)

    assert next(turns := say()) == 0
    assert 'imr_act_seconds_count{act="chat"} 0.0' in counts.text().decode()
    turns.close()  # type: ignore[attr-defined]
    assert 'imr_act_seconds_count{act="chat"} 1.0' in counts.text().decode()


def test_the_model_s_calls_and_tokens_are_counted(counts: metrics.Metrics) -> None:
    leash = Leash()
    leash.begin()
    leash.spend(11, 7, 0.1)
    leash.give_up(MARK)
    with pytest.raises(ModelFailed):
        leash.begin()
    text = counts.text().decode()
    assert "imr_model_calls_total 1.0" in text
    assert 'imr_model_tokens_total{way="in"} 11.0' in text
    assert 'imr_model_tokens_total{way="out"} 7.0' in text
    assert MARK not in text


def test_a_label_from_outside_its_set_is_other(counts: metrics.Metrics) -> None:
    counts.request(MARK, metrics.OTHER, 999)
    counts.job(MARK, 1)
    text = counts.text().decode()
    assert 'imr_requests_total{method="other",route="other",status="other"} 1.0' in text
    assert 'imr_jobs_running{kind="other"} 1.0' in text
    assert MARK not in text
