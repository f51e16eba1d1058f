"""Spans say which step took how long over how many services, and nothing of the case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import ValidationError

from assistant import traces
from assistant.drafting.chain import Drafter, DraftRequest
from assistant.settings import Settings

MARK = "Zebulon Quartz"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    traces.start_with(SimpleSpanProcessor(kept))
    yield kept
    traces.stop()


def test_a_step_that_fails_tells_nothing_of_the_case(spans: InMemorySpanExporter) -> None:
    drafter = Drafter.__new__(Drafter)
    drafter._clock = lambda: 0.0

    def broken(_: str) -> None:
        raise ValueError(MARK)

    drafter.read = broken  # type: ignore[method-assign,assignment]
    drafter.runnable = drafter._sequence()
    with pytest.raises(ValueError, match=MARK):
        drafter.draft(DraftRequest(MARK, MARK, (MARK,)))
    told = "".join(span.to_json() for span in spans.get_finished_spans())
    assert [span.name for span in spans.get_finished_spans()] == ["read", "draft"]
    assert MARK not in told
    assert __file__ not in told
    assert {key for span in spans.get_finished_spans() for key in span.attributes} == {"issues", "services"}


def test_nothing_is_traced_until_it_is_started() -> None:
    with traces.span("read", issues=1):
        assert traces._running == []


@pytest.mark.parametrize(
    "url", ["http://collector.example/v1/traces", "https://a:b@c.example/", "ftp://127.0.0.1/", "https://", "x"]
)
def test_spans_go_nowhere_in_the_clear(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(traces_url=url)
    assert Settings(traces_url="http://127.0.0.1:4318/v1/traces").traces_url
