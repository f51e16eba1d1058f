"""The figures of the last evaluation, kept beside the library without a word of the letters, and what they answer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import DataFolderError

if TYPE_CHECKING:
    from assistant.evaluation.run import Plan

NAME = "last-evaluation.json"
COMMAND = "imr-assistant evaluate GOLD --facts FACTS --out DIR"

_PANELS = (
    (
        "Is the guideline that the reviewer cited among the first offered?",
        (),
        {
            "doc@1": "the guideline is offered first",
            "doc@3": "among the first three guidelines",
            "doc@5": "among the first five guidelines",
            "sec@1": "guideline and section are the first line",
            "sec@3": "among the first three lines",
            "sec@5": "among the first five lines",
        },
    ),
    (
        "Are facts read from a case summary as a person labelled them?",
        ("facts",),
        {
            "facts_recall": "documented facts that were read",
            "facts_precision": "facts read that are documented",
            "facts_absent_kept": "absent facts not read as present",
            "facts_denied_found": "denied facts read as denied",
        },
    ),
    (
        "Do leans meet decisions, and findings meet labels?",
        ("drafts",),
        {
            "lean_overturned_met": "overturned issues that the lean met",
            "lean_upheld_met": "upheld issues that the lean met",
            "lean_none": "issues without a lean",
            "findings_agree": "findings that agree with labels",
            "findings_left": "findings left to the reviewer",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A share of `n` with its 95% interval; `beside` is the best of the simple ways on the same cases."""

    name: str
    words: str
    value: float
    low: float
    high: float
    n: int
    beside: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """Figures that answer one question."""

    question: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class KeptEvaluation:
    """An evaluation: when it ended, by which command, over how many letters; `measured` are its figures alone."""

    at: datetime
    command: str
    measured: Mapping[str, Any]

    @property
    def letters(self) -> int:
        """How many letters were measured."""
        return int(self.measured.get("letters", 0))

    @property
    def issues(self) -> int:
        """How many issues they hold."""
        return int(self.measured.get("n", 0))

    @property
    def grounding(self) -> tuple[int, int] | None:
        """How many faults the drafts' sentences had, and how many sentences there were; None where none was drafted."""
        drafts = self.measured.get("drafts", {})
        if "grounding_faults" not in drafts or "sentences" not in drafts:
            return None
        return int(drafts["grounding_faults"]), int(drafts["sentences"])

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The questions that it answers, each with its figures."""
        found = ((question, tuple(self._figures(path, words))) for question, path, words in _PANELS)
        return tuple(Panel(question, figures) for question, figures in found if figures)

    def _figures(self, path: tuple[str, ...], words: Mapping[str, str]) -> Iterator[Figure]:
        of: Mapping[str, Any] = self.measured
        for step in path:
            of = of.get(step, {})
        for name, meaning in words.items():
            share = of.get(name)
            if isinstance(share, Mapping) and "value" in share:
                beside = None if path else self._best_simple(name)
                yield Figure(name, meaning, share["value"], share["low"], share["high"], share["n"], beside)

    def _best_simple(self, name: str) -> tuple[str, float] | None:
        """The simple way that does best in a measure."""
        ways = self.measured.get("baselines", {})
        measured = [(way, shares[name]["value"]) for way, shares in ways.items() if "value" in shares.get(name, {})]
        return max(measured, key=lambda pair: pair[1], default=None)


def keep(folder: Path, measured: Mapping[str, Any], plan: Plan, now: datetime) -> None:
    """Keep an evaluation's figures in the data folder, in the place of earlier ones; texts and lists are left out.

    Raises DataFolderError, one sentence.
    """
    kept = {"at": now.isoformat(timespec="seconds"), "command": _command(plan), "measured": _figures_only(measured)}
    beside = folder / f"{NAME}.{os.getpid()}.new"
    try:
        beside.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        beside.replace(folder / NAME)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise DataFolderError(
            f"The figures were measured but could not be kept in the data folder ({reason})."
        ) from None


def last_kept(folder: Path) -> KeptEvaluation | None:
    """The evaluation that was kept last; None where there is none that can be read."""
    try:
        held = json.loads((folder / NAME).read_text("utf-8"))
        kept = KeptEvaluation(datetime.fromisoformat(held["at"]), str(held["command"]), dict(held["measured"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return kept


def _command(plan: Plan) -> str:
    """The command that measured it, without the names of files."""
    parts = ["imr-assistant evaluate GOLD"]
    if plan.facts is not None:
        parts.append("--facts FACTS")
    if plan.split.count:
        parts.append(f"--set-aside {plan.split.count}")
    if plan.split.only is not None:
        parts.append(f"--only {plan.split.only}")
    return " ".join(parts)


def _figures_only(value: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers and what holds them."""
    kept = {name: _figures_only(part) if isinstance(part, Mapping) else part for name, part in value.items()}
    return {name: part for name, part in kept.items() if isinstance(part, int | float | dict)}
