"""The values of the insights' plots, as the page's script draws them: shares 0 to 1, addresses of the decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from assistant.domain import Outcome
from assistant.library.insights import By

if TYPE_CHECKING:
    from assistant.evaluation.kept import KeptEvaluation
    from assistant.library.choices import Choices
    from assistant.library.documented import Documented, FactShares
    from assistant.library.insights import Group, Overview
    from assistant.library.intervals import Proportion

ROWS = 10  # of a plot; its table has all
_FIRST, _LAST = 10, 5  # facts that overturned decisions state more often, and upheld ones

Json = dict[str, Any]


def decisions_address(choices: Choices, outcome: str | None = None) -> str:
    """The address of the search that finds these decisions; it names kinds and guidelines, nothing of a case."""
    values = {name: str(value).lower() if isinstance(value, bool) else value for name, value in _named(choices)}
    if outcome is not None:
        values["outcome"] = outcome
    return f"/decisions?{urlencode(values)}"


def _named(choices: Choices) -> list[tuple[str, object]]:
    return list(choices.as_mapping().items())


def outcome_plots(overview: Overview) -> list[Json]:
    """A plot for each way of grouping that has a group."""
    whole = overview.all.overturned_share.share
    plots = []
    for by, outcomes in overview.by.items():
        groups = outcomes.groups if by is By.TIME else outcomes.groups[:ROWS]
        if groups:
            plots.append({"by": by.value, "whole": whole, "groups": [_group(group) for group in groups]})
    return plots


def _group(group: Group) -> Json:
    return {
        "label": group.label,
        "upheld": group.upheld,
        "overturned": group.overturned,
        "href": decisions_address(group.choices),
        "upheld_href": decisions_address(group.choices, Outcome.UPHELD),
        "overturned_href": decisions_address(group.choices, Outcome.OVERTURNED),
        **_share(group.overturned_share),
    }


def _share(share: Proportion) -> Json:
    low, high = share.interval
    return {"hits": share.hits, "n": share.n, "share": share.share, "low": low, "high": high, "small": share.small}


def plotted(found: Documented) -> tuple[FactShares, ...]:
    """The facts that are plotted: first those that overturned decisions state more often, then those that upheld do."""
    if not found.comparable:
        return ()
    facts = found.telling
    more = [fact for fact in facts if fact.difference and fact.difference.value > 0][:_FIRST]
    less = [fact for fact in facts if fact.difference and fact.difference.value < 0][-_LAST:]
    return (*more, *less)


def documented_plot(found: Documented) -> list[Json]:
    """The rows of the comparison."""
    return [
        {
            "concept": fact.concept,
            "label": fact.label,
            "overturned": _share(fact.overturned),
            "upheld": _share(fact.upheld),
            "difference": {"value": fact.difference.value, "low": fact.difference.low, "high": fact.difference.high},
        }
        for fact in plotted(found)
        if fact.difference
    ]


def evaluation_plots(kept: KeptEvaluation) -> list[Json]:
    """A plot for each question that the evaluation answers."""
    return [
        {
            "question": panel.question,
            "rows": [
                {
                    "label": figure.words,
                    "share": figure.value,
                    "low": figure.low,
                    "high": figure.high,
                    "n": figure.n,
                    "beside": figure.beside[1] if figure.beside else None,
                }
                for figure in panel.figures
            ],
        }
        for panel in kept.panels
    ]
