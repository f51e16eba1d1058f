"""Sign-ins under way, shared by all processes: a flow serves once and for ten minutes, failed tries add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from assistant.records import Flow, SignInFlows, SignInTries
from assistant.records import sign_ins as module

FLOW = Flow("state", "nonce", "verifier", "/case")


class At:
    """A time that passes when the test says so."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def test_a_flow_serves_once_in_any_process(engine: Engine) -> None:
    here, there = (SignInFlows(engine, now=At()) for _ in range(2))
    handle = here.begin(FLOW)
    with engine.connect() as connection:
        assert handle not in str(connection.execute(text("SELECT * FROM sign_in_flows")).all())
    assert there.take(handle) == FLOW
    assert here.take(handle) is None
    assert here.take("") is None


def test_a_flow_ends_after_ten_minutes_and_too_many_push_the_oldest_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = At()
    flows = SignInFlows(engine, now=now)
    old = flows.begin(FLOW)
    now.time += timedelta(minutes=10)
    assert flows.take(old) is None
    monkeypatch.setattr(module, "_MOST_FLOWS", 2)
    made = []
    for _ in range(3):
        now.time += timedelta(seconds=1)
        made.append(flows.begin(FLOW))
    assert [flows.take(handle) for handle in made] == [None, FLOW, FLOW]


def test_failed_tries_add_up_over_processes_and_others_are_given_back(engine: Engine) -> None:
    now = At()
    here, there = (SignInTries(engine, now=now) for _ in range(2))
    assert [each.take("10.0.0.1") for each in (here, there) * 5] == [0] * 10
    assert here.take("10.0.0.1") == there.take("10.0.0.1") == 10
    assert there.take("10.0.0.2") == 0
    there.give_back("10.0.0.1")
    assert here.take("10.0.0.1") == 0
    now.time += timedelta(seconds=10)
    assert there.take("10.0.0.1") == 0
    assert here.take("10.0.0.1") == 10
    now.time += timedelta(minutes=5)
    assert [here.take("10.0.0.1") for _ in range(11)] == [0] * 10 + [10]
    with engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM sign_in_tries")).all())
    assert "10.0.0" not in stored
