"""Runs a library over letters read by hand, each letter left out of what the library knows while it is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain import CaseSummary
from assistant.errors import AssistantError
from assistant.evaluation.baselines import baselines
from assistant.evaluation.citations import Citations, measure
from assistant.evaluation.facts import measure_facts
from assistant.evaluation.gold import GoldLetter, read_facts, read_gold
from assistant.evaluation.misses import misses
from assistant.evaluation.readings import Answers, Reading, answers, answers_with_votes, asked
from assistant.evaluation.report import write_files
from assistant.evaluation.searching import search_figures, timings
from assistant.evaluation.split import Split
from assistant.evaluation.unseen import Unseen

if TYPE_CHECKING:
    from assistant.library.library import Library
    from assistant.reading.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: letters, labelled facts if any, the split; `out` is a folder for tables and figures."""

    gold: Path
    facts: Path | None = None
    out: Path | None = None
    split: Split = field(default_factory=Split)


def evaluate(library: Library, lexicon: Lexicon, plan: Plan) -> dict[str, Any]:
    """Measure what `plan` says over a starter library without real letters; the letters are added to it.

    Each issue is asked as of its letter's decision date, with its letter left out. Raises AssistantError, one
    sentence, for files of another form, a letter without its decision date, labels of a letter that `gold` does not
    hold, and a split that leaves no letter.
    """
    every = read_gold(plan.gold)
    if not every:
        raise AssistantError(f"{plan.gold.name} holds no letter.")
    letters = plan.split.measured(every)
    cases = asked(letters, lexicon, library.taxonomy)
    unseen = Unseen(library.taxonomy, letters)
    found: dict[Reading, Answers] = {Reading.STARTER_ONLY: answers(library, cases, unseen.without_aliases)}
    library.add_determinations({letter.case_number: letter.determination() for letter in letters})
    found |= answers_with_votes(library, cases, unseen)
    main = measure(found[Reading.STRICT])
    measured: dict[str, Any] = {
        "reading": Reading.STRICT.value,
        **main.as_dict(),
        "readings": {reading.value: measure(found[reading]).as_dict() for reading in Reading},
        **_parts(plan.split, letters, found[Reading.STRICT]),
        "baselines": {name: _shares(measure(offered)) for name, offered in baselines(library, cases).items()},
        "search": search_figures(library, cases),
        "timings": timings(library, cases),
    }
    if plan.facts is not None:
        measured["facts"] = _facts(plan.facts, every, {one.letter.case_number: one.case for one in cases}, lexicon)
    if plan.out is not None:
        write_files(plan.out, measured, misses(found[Reading.STRICT]))
    return measured


def _shares(found: Citations) -> dict[str, object]:
    return {name: share.as_dict() for name, share in found.shares.items()}


def _parts(split: Split, letters: Sequence[GoldLetter], found: Answers) -> dict[str, Any]:
    """The main figures of each part beside the whole, where letters are set aside and both are measured."""
    if not split.count or split.only is not None:
        return {}
    parts = {part.value: {letter.case_number for letter in held} for part, held in split.parts(letters).items()}
    return {
        "parts": {
            name: measure([row for row in found if row[0].case_number in numbers]).as_dict()
            for name, numbers in parts.items()
        }
    }


def _facts(
    path: Path, every: Sequence[GoldLetter], cases: Mapping[str, CaseSummary], lexicon: Lexicon
) -> dict[str, object]:
    labelled = read_facts(path)
    known = {letter.case_number for letter in every}
    for gold in labelled:
        if gold.case_number not in known:
            raise AssistantError(f"{path.name} labels {gold.case_number}, which is none of the letters.")
    measured = [(gold, cases[gold.case_number]) for gold in labelled if gold.case_number in cases]
    return measure_facts(measured, lexicon.features).as_dict()
