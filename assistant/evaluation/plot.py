"""One picture: how often the citation is found, by this program and by simpler ways, with 95% intervals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluation.citations import KS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PANELS = {"doc": "The guideline", "sec": "The guideline and its section"}
_OURS, _OTHERS = ("#0b3c5d", "#3b7aa8", "#8db8d6"), ("#3d3d3d", "#7d7d7d", "#b3b3b3")
_WITHIN = {1: -0.26, 3: 0.0, 5: 0.26}  # where in a row a figure stands
_NAMED = {1: "first", 3: "among 3", 5: "among 5"}


def draw(measured: Mapping[str, Any], path: Path) -> None:
    """Write the picture as PNG; the intervals are those of the figures. Raises OSError where it cannot be written."""
    from matplotlib.figure import Figure

    readings = measured["readings"]
    ways = {
        "This program": readings["strict"],
        "with all aliases": readings["all_aliases"],
        **measured["baselines"],
    }
    figure = Figure(figsize=(11, 0.78 * len(ways) + 1.5), dpi=120, layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    for panel, (name, title) in zip(axes, _PANELS.items(), strict=True):
        for row, figures in enumerate(ways.values()):
            _draw_row(panel, row, figures, name, ours=row < len(ways) - len(measured["baselines"]))
            if row % 2:
                panel.axhspan(row - 0.5, row + 0.5, color="#f5f5f5", zorder=0)
        panel.set_title(title, loc="left", fontsize=11)
        panel.set_xlim(0, 1.24)
        panel.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.50", "0.75", "1"])
        panel.set_yticks(range(len(ways)), list(ways), fontsize=10)
        panel.tick_params(length=0)
        panel.grid(axis="x", color="#dddddd", linewidth=0.6)
        panel.set_axisbelow(True)
        for side in ("top", "right", "left", "bottom"):
            panel.spines[side].set_visible(False)
    axes[0].set_ylim(len(ways) - 0.5, -0.5)
    figure.suptitle(
        f"How often what the reviewer cited is found: {measured['letters']} letters, {measured['n']} issues, "
        "each letter left out; lines are 95% intervals",
        x=0.01,
        ha="left",
        fontsize=11,
    )
    figure.savefig(path, format="png")


def _draw_row(panel: Axes, row: int, figures: Mapping[str, Any], name: str, *, ours: bool) -> None:
    for k, colour in zip(KS, _OURS if ours else _OTHERS, strict=True):
        figure = figures[f"{name}@{k}"]
        if "value" not in figure:
            continue
        at = row + _WITHIN[k]
        panel.plot([figure["low"], figure["high"]], [at, at], color=colour, linewidth=2, solid_capstyle="round")
        panel.plot([figure["value"]], [at], marker="o", markersize=6, color=colour)
        said = f"{figure['value']:.2f} {_NAMED[k]}" if row == 0 else f"{figure['value']:.2f}"
        panel.text(figure["high"] + 0.02, at, said, va="center", fontsize=8, color=colour if k < max(KS) else "#555555")
