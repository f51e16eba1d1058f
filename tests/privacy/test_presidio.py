"""Presidio is optional: without it, or without a model, nothing is imported and nothing changes."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import ModuleSpec
from typing import Any

import pytest

from assistant.privacy import presidio


def test_importing_the_package_imports_no_presidio() -> None:
    code = "import sys, assistant.privacy as p; p.Deidentifier(b''); print([m for m in sys.modules if 'presidio' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['assistant.privacy.presidio']"


@pytest.mark.parametrize(
    "there", [set(), {"presidio_analyzer"}, {"en_core_web_lg"}], ids=["nothing", "no model", "no presidio"]
)
def test_without_presidio_and_a_model_there_is_no_analyzer(monkeypatch: pytest.MonkeyPatch, there: set[str]) -> None:
    monkeypatch.setattr(presidio, "find_spec", lambda name: ModuleSpec(name, None) if name in there else None)
    assert presidio.installed_analyzer() is None


def test_the_largest_model_on_the_machine_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    class Engine:
        def __init__(self, nlp_engine: str, supported_languages: list[str]) -> None:
            self.made_with = (nlp_engine, supported_languages)

    class NlpEngineProvider:
        def __init__(self, nlp_configuration: dict[str, Any]) -> None:
            asked.append(nlp_configuration)

        def create_engine(self) -> str:
            return "engine"

    class Module:
        AnalyzerEngine = Engine

    Module.NlpEngineProvider = NlpEngineProvider  # type: ignore[attr-defined]
    there = {"presidio_analyzer", "en_core_web_md", "en_core_web_sm"}
    monkeypatch.setattr(presidio, "find_spec", lambda name: ModuleSpec(name, None) if name in there else None)
    monkeypatch.setattr(presidio, "import_module", lambda name: Module)
    made = presidio.installed_analyzer()
    assert isinstance(made, Engine)
    assert made.made_with == ("engine", ["en"])
    assert asked[0]["models"] == [{"lang_code": "en", "model_name": "en_core_web_md"}]
