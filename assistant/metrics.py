"""What is counted of the running program, as Prometheus reads it: counts and seconds only, each label of a closed set.

Nothing is counted until `start`; then the counts are of this process, in a registry of their own. No label holds an
id, a name, a path or a word of a case (45 CFR 164.514(b)(2)): a value outside its set is counted as "other".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

from assistant import __version__
from assistant.errors import Conflict

Act = Literal["draft", "edit", "search", "import", "chat"]
OTHER = "other"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_JOBS = ("draft", "chat", "import", "reading")
_ACTS = ("draft", "edit", "search", "import", "chat")
_BUCKETS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 1800)  # seconds
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Metrics:
    """The counts of one process, in a registry of their own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = of = CollectorRegistry()
        self._requests = Counter("imr_requests", "Requests answered.", ["method", "route", "status"], registry=of)
        self._acts = Histogram("imr_act_seconds", "Seconds of acts.", ["act"], buckets=_BUCKETS, registry=of)
        self._jobs = Gauge("imr_jobs_running", "Work that is under way.", ["kind"], registry=of)
        self._calls = Counter("imr_model_calls", "Calls to the chat model.", registry=of)
        self._tokens = Counter("imr_model_tokens", "Tokens of the chat model.", ["way"], registry=of)
        self._failures = Counter("imr_model_failures", "Calls to the chat model that failed.", registry=of)
        self._conflicts = Counter("imr_conflicts", "Saves refused, another version having been saved.", registry=of)
        Gauge("imr_build_info", "The program's version.", ["version"], registry=of).labels(__version__).set(1)
        for act in _ACTS:
            self._acts.labels(act)
        for kind in _JOBS:
            self._jobs.labels(kind)

    def request(self, method: str, route: str, status: int) -> None:
        """Count a request; `route` is a pattern of the program's own, never a path."""
        kind = f"{status // 100}xx" if 100 <= status < 600 else OTHER  # noqa: PLR2004 - the classes of RFC 9110, 15
        self._requests.labels(method if method in _METHODS else OTHER, route, kind).inc()

    def act(self, act: Act, seconds: float) -> None:
        """Count an act of so many seconds."""
        self._acts.labels(act).observe(seconds)

    def job(self, kind: str, by: int) -> None:
        """Work of a kind has begun (1) or ended (-1)."""
        self._jobs.labels(kind if kind in _JOBS else OTHER).inc(by)

    def call(self) -> None:
        """Count a call to the chat model."""
        self._calls.inc()

    def tokens(self, sent: int, received: int) -> None:
        """Count tokens."""
        self._tokens.labels("in").inc(sent)
        self._tokens.labels("out").inc(received)

    def failure(self) -> None:
        """Count a call that failed."""
        self._failures.inc()

    def conflict(self) -> None:
        """Count a refused save."""
        self._conflicts.inc()

    def text(self) -> bytes:
        """All counts in Prometheus's text format."""
        from prometheus_client import generate_latest

        return generate_latest(self._registry)


_running: list[Metrics] = []  # empty or one: what is counted is of the process


def start() -> Metrics:
    """Count from now on, anew."""
    _running[:] = [Metrics()]
    return _running[0]


def stop() -> None:
    """Count no longer."""
    _running.clear()


def count(tell: Callable[[Metrics], None]) -> None:
    """Tell the counts something, where they are kept."""
    for running in _running:
        tell(running)


@contextmanager
def _timed(act: Act) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    except Conflict:
        count(Metrics.conflict)
        raise
    finally:
        count(lambda m: m.act(act, time.monotonic() - began))


def measured(act: Act) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Count the seconds of an act, whether it succeeds or not, and the Conflict that it ends with."""

    def around(run: Callable[_P, _T]) -> Callable[_P, _T]:
        @wraps(run)
        def timed(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            with _timed(act):
                return run(*args, **kwargs)

        return timed

    return around


def measured_steps(act: Act) -> Callable[[Callable[_P, Iterator[_T]]], Callable[_P, Iterator[_T]]]:
    """The same for an act that is a generator: from its first step to its end."""

    def around(run: Callable[_P, Iterator[_T]]) -> Callable[_P, Iterator[_T]]:
        @wraps(run)
        def timed(*args: _P.args, **kwargs: _P.kwargs) -> Iterator[_T]:
            with _timed(act):
                yield from run(*args, **kwargs)

        return timed

    return around
