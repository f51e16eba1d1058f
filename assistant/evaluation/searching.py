"""How well past decisions are found, and how long that and the choice of guidelines take."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.evaluation.bootstrap import share
from assistant.evaluation.citations import entries_of, folded
from assistant.evaluation.gold import GoldIssue
from assistant.evaluation.readings import OFFERED, Asked
from assistant.library.library import Query
from assistant.reading.services import read_request

if TYPE_CHECKING:
    from assistant.library.library import Library
    from assistant.library.retrieval import FoundDecision

FIRST = 10  # results that a person looks at
_ASKED_FOR = 60  # results asked for, so that ten real ones are left without the illustrative
_OWN_WORDS = 12
_LONG = 5  # letters of a word that is worth misspelling
_SEED = 5
_WORD = re.compile(r"[^\W\d_]+")

Clock = Callable[[], float]


def search_figures(library: Library, letters: Sequence[Asked]) -> dict[str, object]:
    """Shares over the issues, each with its interval; real decisions only are looked at.

    `same_kind@10`: the service's words find, with its letter left out, a decision on the same kind of service among
    the first ten; of the issues whose kind another letter has. `same_lead@10`: one that cites the reviewer's first
    guideline; of those whose first guideline another letter cites. `known@1`, `known@10`: twelve words of a decision's
    own rationale find a decision of that letter. `misspelt@10`: the same with two letters of every longer word swapped.
    """
    kinds = [[read_request(issue.service, library.taxonomy).kind for issue in one.letter.issues] for one in letters]
    leads = [[lead_of(issue) for issue in one.letter.issues] for one in letters]
    like_kind, like_lead = [], []
    for n, one in enumerate(letters):
        others = library.leaving_out(one.letter.case_number)
        found = [_real(others, issue.service)[:FIRST] for issue in one.letter.issues]
        elsewhere = _elsewhere(kinds, n), _elsewhere(leads, n)
        rows = list(zip(found, kinds[n], leads[n], strict=True))
        like_kind.append([any(r.service_kind == k for r in f) for f, k, _ in rows if k in elsewhere[0]])
        like_lead.append([any(_cites(r, lead) for r in f) for f, _, lead in rows if lead in elsewhere[1]])
    known = [[_rank(library, one, n, misspelt=False) for n in _worded(one)] for one in letters]
    misspelt = [[_rank(library, one, n, misspelt=True) for n in _worded(one)] for one in letters]
    return {
        "same_kind@10": share(like_kind).as_dict(),
        "same_lead@10": share(like_lead).as_dict(),
        "known@1": share([[rank < 1 for rank in row] for row in known]).as_dict(),
        "known@10": share([[rank < FIRST for rank in row] for row in known]).as_dict(),
        "misspelt@10": share([[rank < FIRST for rank in row] for row in misspelt]).as_dict(),
    }


def timings(library: Library, letters: Sequence[Asked], clock: Clock = time.perf_counter) -> dict[str, object]:
    """Median and 95th percentile, in milliseconds with the models loaded, of choosing guidelines and of a search.

    Each issue once, its text not embedded before.
    """
    library.ready()
    governing, search = [], []
    for one in letters:
        # A view of its own remembers no vector of an earlier question.
        others, again = library.leaving_out(one.letter.case_number), library.leaving_out(one.letter.case_number)
        for service in one.services(library.taxonomy):
            began = clock()
            others.governing(service, one.case, one.day, OFFERED)
            chosen = clock()
            again.search(Query(service.text, limit=FIRST))
            governing.append(1000 * (chosen - began))
            search.append(1000 * (clock() - chosen))
    return {"governing_ms": spread(governing), "search_ms": spread(search)}


def lead_of(issue: GoldIssue) -> str | None:
    """The first guideline that a decision cites, folded; None where it cites none that has a name."""
    return next((folded(label) for label, _ in entries_of(issue.cited)), None)


def own_words(text: str) -> str:
    """Twelve words from the middle of a text."""
    words = text.split()
    start = max(0, (len(words) - _OWN_WORDS) // 2)
    return " ".join(words[start : start + _OWN_WORDS])


def misspelled(words: str) -> str:
    """The words with two neighbouring letters swapped in each of five letters or more; the same on each call."""
    draw = random.Random(_SEED)  # noqa: S311  no secret hangs on it

    def swapped(match: re.Match[str]) -> str:
        word = match.group()
        if len(word) < _LONG:
            return word
        at = draw.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _WORD.sub(swapped, words)


def _real(library: Library, words: str) -> list[FoundDecision]:
    return [found for found in library.search(Query(words, limit=_ASKED_FOR)).results if not found.illustrative]


def _worded(one: Asked) -> list[int]:
    return [n for n, issue in enumerate(one.letter.issues) if issue.rationale and issue.outcome]


def _rank(library: Library, one: Asked, n: int, *, misspelt: bool) -> int:
    """The place, among the real ones, of a decision of the letter found by an issue's own words; else past the last.

    One rationale often serves several issues of a letter, so any of them is the one looked for.
    """
    words = own_words(one.letter.issues[n].rationale or "")
    found = _real(library, misspelled(words) if misspelt else words)
    return next((k for k, result in enumerate(found) if result.case_number == one.letter.case_number), _ASKED_FOR)


def _cites(found: FoundDecision, lead: str | None) -> bool:
    return lead in {folded(label) for label in found.guidelines}


def _elsewhere(values: Sequence[Sequence[str | None]], but: int) -> set[str]:
    """What stands in another letter."""
    counted = Counter(value for n, row in enumerate(values) if n != but for value in row)
    return {value for value in counted if value is not None}


def spread(measured: Sequence[float]) -> dict[str, float | int]:
    """Median, 95th percentile and number of the values; only the number where there are none."""
    if not measured:
        return {"n": 0}
    median, p95 = np.quantile(measured, [0.5, 0.95])
    return {"median": round(float(median), 1), "p95": round(float(p95), 1), "n": len(measured)}
