"""Runs the library over letters read by hand, each letter left out of the library while it is measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain import CaseSummary
from assistant.errors import AssistantError
from assistant.evaluation.citations import Ranked, copied_from_ur, measure, most_cited
from assistant.evaluation.facts import measure_facts
from assistant.evaluation.gold import GoldLetter, read_facts, read_gold
from assistant.evaluation.report import write_files

if TYPE_CHECKING:
    from assistant.library.library import Library
    from assistant.reading.lexicon import Lexicon

_OFFERED = 8  # candidates asked for: five distinct guidelines may stand behind several sections of one


def evaluate(
    library: Library, lexicon: Lexicon, gold: Path, *, facts: Path | None = None, out: Path | None = None
) -> dict[str, Any]:
    """Measure citations@k over `gold`, and the facts read where `facts` labels them; write tables into `out`.

    Each issue is asked as of its letter's decision date. Raises AssistantError, one sentence, for files of another
    form, a letter without its decision date, and labels of a letter that `gold` does not hold.
    """
    letters = read_gold(gold)
    if not letters:
        raise AssistantError(f"{gold.name} holds no letter.")
    cases = {letter.case_number: _case(letter, lexicon, library) for letter in letters}
    found = measure((letter, list(_offered(letter, cases[letter.case_number], library))) for letter in letters)
    measured: dict[str, Any] = {
        **found.as_dict(),
        "baselines": {
            "what other letters cite most": measure(most_cited(letters)).as_dict(),
            "what utilization review cited": measure(copied_from_ur(letters)).as_dict(),
        },
    }
    for baseline in measured["baselines"].values():
        for name in found.counts:
            baseline.pop(name)
    if facts is not None:
        measured["facts"] = _facts(facts, cases, lexicon)
    if out is not None:
        write_files(out, measured, found.misses)
    return measured


def _case(letter: GoldLetter, lexicon: Lexicon, library: Library) -> CaseSummary:
    from assistant.reading.case import read_case

    return read_case(letter.case_summary, lexicon, library.taxonomy)


def _offered(letter: GoldLetter, case: CaseSummary, library: Library) -> Iterator[Ranked]:
    from assistant.reading.services import read_request

    others = library.leaving_out(letter.case_number)
    for issue in letter.issues:
        service = read_request(issue.service, library.taxonomy, case.text)
        candidates = others.governing(service, case, _day(letter), _OFFERED)
        yield Ranked(tuple((c.guideline, c.section) for c in candidates), known=service.kind is not None)


def _day(letter: GoldLetter) -> date:
    if letter.decision_date is None:
        raise AssistantError(f"The letter {letter.case_number} has no decision date to be asked as of.")
    return letter.decision_date


def _facts(path: Path, cases: dict[str, CaseSummary], lexicon: Lexicon) -> dict[str, object]:
    labelled = read_facts(path)
    for gold in labelled:
        if gold.case_number not in cases:
            raise AssistantError(f"{path.name} labels {gold.case_number}, which is none of the letters.")
    return measure_facts([(gold, cases[gold.case_number]) for gold in labelled], lexicon.features).as_dict()
