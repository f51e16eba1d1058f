"""The look-up of advisories: what is found fails; what cannot be asked is said, and never called clean."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

_ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_script", _ROOT / "scripts" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def _report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(packages)})


_CLEAN = {"name": "jinja2", "version": "3.1.6", "vulns": []}
_HOLED = {"name": "chromadb", "version": "1.5.9", "vulns": [{"id": "CVE-2026-45829"}]}
_SKIPPED = {"name": "torch", "skip_reason": "Dependency not found on PyPI"}


def test_an_advisory_fails_and_is_named(audit: ModuleType) -> None:
    verdict = audit.judged(_report(_CLEAN, _HOLED, _SKIPPED), "")
    assert verdict.code == 1
    assert "chromadb 1.5.9: CVE-2026-45829" in verdict.said
    assert "Not known to the advisory data: torch." in verdict.said


def test_no_advisory_passes_with_the_number_looked_up(audit: ModuleType) -> None:
    assert audit.judged(_report(_CLEAN), "") == audit.Verdict("1 packages were looked up, 0 advisories found.", 0)


@pytest.mark.parametrize(
    ("output", "errors"),
    [
        pytest.param(_report(_SKIPPED), "", id="every package skipped"),
        pytest.param("", "requests.exceptions.ConnectionError: Failed to resolve 'host'", id="no such host"),
    ],
)
def test_what_cannot_be_asked_is_no_verdict(audit: ModuleType, output: str, errors: str) -> None:
    assert audit.judged(output, errors) is None


def test_any_other_failure_fails(audit: ModuleType) -> None:
    assert audit.judged("", "Traceback\nValueError: bad file").code == 1


def test_pins_are_read_out_of_the_lock_without_hash_and_build(audit: ModuleType) -> None:
    pins = audit.pinned((_ROOT / "requirements.lock").read_text("utf-8"))
    assert "torch==2.13.0" in pins
    assert len(pins) > 100
    assert not [pin for pin in pins if "sha256" in pin or "+" in pin]
