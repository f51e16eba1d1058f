"""Two pictures: precision and recall of each labelled feature, and where the leans of each outcome point."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RECALL, _PRECISION, _GREY = "#0b3c5d", "#3b7aa8", "#555555"


def draw_facts(facts: Mapping[str, Any], path: Path) -> None:
    """Write precision and recall by feature as PNG, with their intervals. Raises OSError where it cannot be written."""
    from matplotlib.figure import Figure

    features = facts["features"]
    figure = Figure(figsize=(9, 0.36 * len(features) + 1.6), dpi=120, layout="constrained")
    axes = figure.subplots()
    for row, (name, measured) in enumerate(features.items()):
        if row % 2:
            axes.axhspan(row - 0.5, row + 0.5, color="#f5f5f5", zorder=0)
        for kind, colour, shift in (("facts_recall", _RECALL, -0.16), ("facts_precision", _PRECISION, 0.16)):
            _dot(axes, measured[kind], row + shift, colour)
        said = f"{measured['facts_recall']['n']} labelled present, {measured['facts_precision']['n']} read so"
        axes.text(1.03, row, said, va="center", fontsize=7, color=_GREY)
        if row == 0:
            axes.text(0.02, row - 0.16, "recall", va="center", fontsize=8, color=_RECALL)
            axes.text(0.02, row + 0.2, "precision", va="center", fontsize=8, color=_PRECISION)
        axes.text(-0.02, row, name.replace("_", " "), va="center", ha="right", fontsize=8)
    _plain(axes)
    axes.set_xlim(0, 1.32)
    axes.set_ylim(len(features) - 0.5, -0.5)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.50", "0.75", "1"])
    axes.set_yticks([])
    figure.suptitle(
        "Facts read from case summaries, by labelled feature; lines are 95% intervals", x=0.01, ha="left", fontsize=11
    )
    figure.savefig(path, format="png")


def draw_leans(drafts: Mapping[str, Any], path: Path) -> None:
    """Write the shares of the lean with their intervals as PNG. Raises OSError where it cannot be written."""
    from matplotlib.figure import Figure

    rows = {
        "balanced accuracy, where there is a lean": "lean_balanced_accuracy",
        "upheld issues that the lean met": "lean_upheld_met",
        "overturned issues that the lean met": "lean_overturned_met",
        "issues without a lean": "lean_none",
        "findings that agree with labels": "findings_agree",
        "findings left to the reviewer": "findings_left",
    }
    figure = Figure(figsize=(9, 0.42 * len(rows) + 1.4), dpi=120, layout="constrained")
    axes = figure.subplots()
    for row, (label, name) in enumerate(rows.items()):
        measured = drafts[name]
        _dot(axes, measured, row, _RECALL if row < 4 else _PRECISION)
        said = f"{measured['value']:.2f} of {measured['n']}" if "value" in measured else "nothing to measure"
        axes.text(1.03, row, said, va="center", fontsize=8, color=_GREY)
        axes.text(-0.02, row, label, va="center", ha="right", fontsize=9)
    axes.axvline(0.5, color="#bbbbbb", linewidth=0.8, linestyle=":")
    _plain(axes)
    axes.set_xlim(0, 1.24)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.50", "0.75", "1"])
    axes.set_yticks([])
    figure.suptitle(
        "Leans against decisions, findings against labels (the reviewer decides; 89% of published letters uphold)",
        x=0.01,
        ha="left",
        fontsize=10,
    )
    figure.savefig(path, format="png")


def _dot(axes: Axes, measured: Mapping[str, Any], at: float, colour: str) -> None:
    if "value" not in measured:
        return
    axes.plot([measured["low"], measured["high"]], [at, at], color=colour, linewidth=2, solid_capstyle="round")
    axes.plot([measured["value"]], [at], marker="o", markersize=5, color=colour)


def _plain(axes: Axes) -> None:
    axes.tick_params(length=0)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
