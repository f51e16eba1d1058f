"""What simpler ways would offer for the same issues, each letter left out of them too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.domain import CaseSummary, DisputedService
from assistant.evaluation.citations import Entry, Ranked, entries_of
from assistant.evaluation.gold import GoldLetter
from assistant.evaluation.plain_chain import plain_chain
from assistant.evaluation.readings import Answers, Asked
from assistant.library.retrieval import request_text

if TYPE_CHECKING:
    from assistant.domain import Passage
    from assistant.library.library import Library

FULL_TEXT = "full text only"
DENSE = "dense only"
NEIGHBOURS = "nearest neighbours only"
CHAIN = "plain LangChain chain"
MOST_CITED = "most cited"
COPIED = "UR's citation copied"
_DEPTH = 200  # passages looked at
_LIKE = 10  # similar decisions that vote

Way = Callable[["Library", Asked, DisputedService, CaseSummary], Iterable[Entry]]


def baselines(library: Library, letters: Sequence[Asked]) -> dict[str, Answers]:
    """What each simpler way offers; the library holds the decisions of the letters, and no way uses the taxonomy."""
    gold = [one.letter for one in letters]
    ways: dict[str, Way] = {FULL_TEXT: _worded, DENSE: _near, NEIGHBOURS: _voted, CHAIN: _chained}
    found: dict[str, Answers] = {name: _answers(library, letters, way) for name, way in ways.items()}
    return found | {MOST_CITED: most_cited(gold), COPIED: copied_from_ur(gold)}


def most_cited(letters: Sequence[GoldLetter]) -> Answers:
    """Offers for every issue what the other letters cite most, whatever the service."""
    by_letter = [Counter(entry for issue in letter.issues for entry in entries_of(issue.cited)) for letter in letters]
    total = sum(by_letter, Counter[Entry]())
    return [
        (letter, [_by_votes(total - own)] * len(letter.issues)) for letter, own in zip(letters, by_letter, strict=True)
    ]


def copied_from_ur(letters: Sequence[GoldLetter]) -> Answers:
    """Offers what utilization review cited."""
    return [(letter, [Ranked(tuple(entries_of(issue.cited_by_ur))) for issue in letter.issues]) for letter in letters]


def _answers(library: Library, letters: Sequence[Asked], way: Way) -> Answers:
    found: Answers = []
    for one in letters:
        others = library.leaving_out(one.letter.case_number)
        offered = [
            Ranked(tuple(dict.fromkeys(way(others, one, service, one.case))))
            for service in one.services(library.taxonomy)
        ]
        found.append((one.letter, offered))
    return found


def _worded(library: Library, one: Asked, service: DisputedService, case: CaseSummary) -> Iterator[Entry]:
    """Passages in force by the request's words (BM25)."""
    return _in_force(library, one, library.finder.passages_worded(request_text(service, case), _DEPTH))


def _near(library: Library, one: Asked, service: DisputedService, case: CaseSummary) -> Iterator[Entry]:
    """Passages in force by meaning."""
    keys = (key for key, _ in library.finder.passages_near(request_text(service, case), _DEPTH))
    return _in_force(library, one, keys)


def _voted(library: Library, _: Asked, service: DisputedService, case: CaseSummary) -> tuple[Entry, ...]:
    """What the ten real decisions nearest in meaning cite; the more alike, the more a vote weighs."""
    votes: defaultdict[Entry, float] = defaultdict(float)
    for decision, likeness in library.finder.like(service, case, None, _LIKE):
        for entry in dict.fromkeys(entries_of(decision.citations)):
            votes[entry] += max(0.0, likeness)
    return _by_votes(votes).entries


def _chained(library: Library, _: Asked, service: DisputedService, case: CaseSummary) -> tuple[Entry, ...]:
    """Retriever and formatter over all passages, whatever the day: what such a chain does by itself."""
    return plain_chain(library)(service.text, case.text)


def _in_force(library: Library, one: Asked, keys: Iterable[str]) -> Iterator[Entry]:
    offered: Mapping[str, Passage] = {p.id: p for p in library.passages() if p.in_force.holds_on(one.day)}
    return ((offered[key].guideline, offered[key].section) for key in keys if key in offered)


def _by_votes(votes: Mapping[Entry, float]) -> Ranked:
    """The guidelines by their votes, each with its section of most votes; then the other sections."""
    labels: defaultdict[str, float] = defaultdict(float)
    for (label, _), vote in votes.items():
        labels[label] += vote
    best = sorted(votes, key=lambda entry: (-votes[entry], entry[0], entry[1] or ""))
    firsts = [
        next(entry for entry in best if entry[0] == label) for label in sorted(labels, key=lambda x: (-labels[x], x))
    ]
    return Ranked(tuple(dict.fromkeys([*firsts, *best])))
