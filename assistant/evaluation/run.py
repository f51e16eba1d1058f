"""Runs a library over letters read by hand, each letter left out of what the library knows while it is measured."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain import CaseSummary
from assistant.errors import AssistantError
from assistant.evaluation.baselines import baselines
from assistant.evaluation.citations import Citations, measure
from assistant.evaluation.drafts import compare_findings, drafts_of, measure_drafts
from assistant.evaluation.facts import measure_facts
from assistant.evaluation.gold import GoldFacts, GoldLetter, read_facts, read_gold
from assistant.evaluation.miss_pages import (
    citation_misses,
    fact_misses,
    finding_misses,
    grounding_misses,
    lean_misses,
    page,
)
from assistant.evaluation.misses import misses
from assistant.evaluation.readings import Answers, Reading, answers, answers_with_votes, asked
from assistant.evaluation.report import write_files
from assistant.evaluation.searching import search_figures, timings
from assistant.evaluation.split import FACTS_SEED, Part, Split
from assistant.evaluation.unseen import Unseen

if TYPE_CHECKING:
    from assistant.drafting.chain import Drafter
    from assistant.library.library import Library
    from assistant.reading.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: letters, labelled facts if any, the splits; `out` is a folder for tables and figures.

    `facts_split` draws from the letters with labels; both parts are reported beside the whole.
    """

    gold: Path
    facts: Path | None = None
    out: Path | None = None
    split: Split = field(default_factory=Split)
    facts_split: Split = field(default_factory=lambda: Split(0, FACTS_SEED))


def evaluate(
    library: Library, lexicon: Lexicon, plan: Plan, drafter_of: Callable[[Library], Drafter] | None = None
) -> dict[str, Any]:
    """Measure what `plan` says over a starter library without real letters; the letters are added to it.

    Each issue is asked as of its letter's decision date, with its letter left out. With `drafter_of`, which makes a
    drafter of a library, each case is drafted too, its letter left out, no alias removed and no outcome shown. Raises
    AssistantError, one sentence, for files of another form, a letter without its decision date, labels of a letter that
    `gold` does not hold, and a split that leaves no letter.
    """
    every = read_gold(plan.gold)
    if not every:
        raise AssistantError(f"{plan.gold.name} holds no letter.")
    letters = plan.split.measured(every)
    cases = asked(letters, lexicon, library.taxonomy)
    labels = _labels(plan.facts, every, {one.letter.case_number for one in cases}) if plan.facts else ()
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
    read = {one.letter.case_number: one.case for one in cases}
    pages: dict[str, Iterable[str]] = {}
    if plan.facts is not None:
        facts = measure_facts([(gold, read[gold.case_number]) for gold in labels], lexicon.features)
        measured["facts"] = {**facts.as_dict(), **_fact_parts(plan.facts_split, labels, read, lexicon)}
        pages["Facts read otherwise than labelled"] = fact_misses(facts.misses, labels, read, lexicon.features)
    if drafter_of is not None:
        drafter = drafter_of(library)
        drafted = drafts_of(cases, lambda number: drafter.over(library.leaving_out(number)), labels)
        measured["drafts"] = measure_drafts(drafted, lexicon.features)
        pages["Findings against a label"] = finding_misses(compare_findings(drafted, lexicon.features), read)
        pages["Decisions against the lean"] = lean_misses(drafted)
        pages["Words that their supports do not hold"] = grounding_misses(drafted)
    if plan.out is not None:
        rows = misses(found[Reading.STRICT])
        pages["Citations not offered where they should stand"] = citation_misses(rows)
        write_files(plan.out, measured, rows, page(pages))
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


def _labels(path: Path, every: Sequence[GoldLetter], measured: Container[str]) -> tuple[GoldFacts, ...]:
    """The labels of the letters that are measured; AssistantError where a letter is none of `every`."""
    labelled = read_facts(path)
    known = {letter.case_number for letter in every}
    for gold in labelled:
        if gold.case_number not in known:
            raise AssistantError(f"{path.name} labels {gold.case_number}, which is none of the letters.")
    return tuple(gold for gold in labelled if gold.case_number in measured)


def _fact_parts(
    split: Split, labels: Sequence[GoldFacts], read: Mapping[str, CaseSummary], lexicon: Lexicon
) -> dict[str, Any]:
    """The measures of each part, where letters with labels are set aside."""
    if not split.count:
        return {}
    parts = {
        part.value: measure_facts([(gold, read[gold.case_number]) for gold in held], lexicon.features)
        for part, held in split.parts(labels).items()
    }
    return {
        "parts": {name: {"letters": len(split.parts(labels)[Part(name)]), **m.as_dict()} for name, m in parts.items()}
    }
