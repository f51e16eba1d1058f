"""Keeps watch that a changed prompt has a new version: the digest of each prompt's text stands beside its version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from assistant.models.prompts import Prompt, load_prompts

VERSIONS = "versions.yaml"


def problems(folder: Path) -> list[str]:
    """What is wrong with the prompts of a folder, a sentence each. Raises PromptError for one that cannot be read."""
    known = _known(folder)
    prompts = load_prompts(folder).by_name
    gone = (f"{name} stands in {VERSIONS}, and there is no such prompt." for name in known if name not in prompts)
    return [*filter(None, (_problem(prompt, known.get(prompt.name)) for prompt in prompts.values())), *gone]


def record(folder: Path) -> list[str]:
    """Write the digests of new prompts and new versions down; what remains wrong: texts changed within a version."""
    known, kept = _known(folder), {}
    for name, prompt in load_prompts(folder).by_name.items():
        before = known.get(name, {})
        kept[name] = {prompt.version: before.get(prompt.version, prompt.digest)}
    (folder / VERSIONS).write_text(yaml.safe_dump(kept, sort_keys=True), "utf-8")
    return problems(folder)


def _problem(prompt: Prompt, known: Mapping[Any, str] | None) -> str | None:
    if known is None or prompt.version not in known:
        return f"{prompt.label} is not in {VERSIONS}; `imr-assistant prompts check --record` writes it down."
    if known[prompt.version] != prompt.digest:
        return f"{prompt.name} was changed and is still version {prompt.version}; give it the next version."
    return None


def _known(folder: Path) -> dict[str, dict[int, str]]:
    path = folder / VERSIONS
    read = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None
    return dict(_entries(read)) if isinstance(read, dict) else {}


def _entries(read: Mapping[Any, Any]) -> Iterator[tuple[str, dict[int, str]]]:
    for name, versions in read.items():
        if isinstance(versions, dict):
            yield str(name), versions
