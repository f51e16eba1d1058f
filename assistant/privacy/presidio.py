"""Presidio's findings of people and places beside our own, where the user has installed it with a spaCy model.

Nothing is imported until it is asked for, and nothing is ever downloaded: without a model on the machine there is no
analyzer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from assistant.privacy.values import Found, Kind

MODELS = ("en_core_web_lg", "en_core_web_trf", "en_core_web_md", "en_core_web_sm")
_KINDS = {"PERSON": Kind.PERSON, "LOCATION": Kind.PLACE}
_SURE_ENOUGH = 0.5


class Result(Protocol):
    """One finding of an analyzer: offsets, the name of its kind, and how sure it is (0 to 1)."""

    @property
    def start(self) -> int:
        """Where it starts."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def entity_type(self) -> str:
        """Presidio's name of its kind."""

    @property
    def score(self) -> float:
        """How sure the analyzer is, from 0 to 1."""


class Analyzer(Protocol):
    """What is used of presidio's AnalyzerEngine."""

    def analyze(self, text: str, language: str, entities: list[str]) -> Sequence[Result]:
        """The findings of those kinds in a text."""


def installed_analyzer() -> Analyzer | None:
    """Presidio's analyzer over the largest spaCy model on this machine; None without presidio or without a model."""
    if find_spec("presidio_analyzer") is None:
        return None
    model = next((name for name in MODELS if find_spec(name) is not None), None)
    if model is None:
        return None
    engine: Any = import_module("presidio_analyzer")
    provider = import_module("presidio_analyzer.nlp_engine").NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    )
    analyzer: Analyzer = engine.AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    return analyzer


def presidio_findings(analyzer: Analyzer, text: str) -> Iterator[Found]:
    """People and places that the analyzer is sure enough of."""
    for result in analyzer.analyze(text=text, language="en", entities=list(_KINDS)):
        if result.entity_type in _KINDS and result.score >= _SURE_ENOUGH and result.start < result.end <= len(text):
            yield Found(result.start, result.end, _KINDS[result.entity_type])
