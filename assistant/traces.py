"""The drafting chain as OpenTelemetry spans: step names, durations and counts, and never a word of a case.

Off until `start`. An exception is not recorded, for its text may quote the case. Needs the extra `otel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.errors import AssistantError

_NAME = "imr-assistant"
_running: list[Any] = []  # empty, or the provider: spans are of the process


def start(url: str) -> None:
    """Send spans to the OTLP collector at `url` from now on; AssistantError without the extra."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise AssistantError(
            "Traces need the extra otel; install imr-assistant[otel], or empty IMR_TRACES_URL."
        ) from None
    start_with(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))  # sends beside the work, which never waits for it


def start_with(processor: Any) -> None:
    """Give spans to an OpenTelemetry span processor from now on."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    stop()
    provider = TracerProvider(resource=Resource({"service.name": _NAME}), shutdown_on_exit=False)
    provider.add_span_processor(processor)
    _running[:] = [provider]


def stop() -> None:
    """Send what is left, and trace no longer."""
    for provider in _running:
        provider.shutdown()
    _running.clear()


@contextmanager
def span(name: str, **counts: int) -> Iterator[None]:
    """A span around a step of the program's own name; a no-op while nothing is traced."""
    if not _running:
        yield
        return
    tracer = _running[0].get_tracer(_NAME)
    with tracer.start_as_current_span(name, attributes=counts, record_exception=False, set_status_on_exception=False):
        yield
