"""How what is read from case summaries compares with labels by hand; a false absence is the fault that counts most."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from assistant.domain import CaseSummary, Fact, Polarity
from assistant.drafting.excerpts import sentence_at, worded_as_request_or_review
from assistant.evaluation.bootstrap import SEED, Share, share
from assistant.evaluation.gold import GoldFacts

_DOCUMENTED = frozenset({Polarity.PRESENT, Polarity.HISTORICAL})
ABSENT, DENIED, PRESENT, UNCLEAR = "absent", "denied", "present", "unclear"


# "Utilization review denied twelve visits of" names what was asked, unless a reason stands between.
_DECIDED_ON = re.compile(
    r"\b(?:non-?\s?certified|certified|denied|modified|approved|authorized)\b"
    r"(?:(?!\b(?:because|due|given|since|lack|evidence|document\w*|as there)\b)[^.;])*\Z",
    re.IGNORECASE,
)
_SHOWN = 3  # quotes of a miss


@dataclass(frozen=True, slots=True)
class Miss:
    """A feature read otherwise than it is labelled, with the words that were read for it."""

    case_number: str
    feature: str
    label: str
    read: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The measures by name, over all features and of each one, and every miss to work from."""

    shares: dict[str, Share]
    features: dict[str, dict[str, Share]]
    misses: tuple[Miss, ...]

    @property
    def false_absences(self) -> tuple[tuple[str, str], ...]:
        """(case number, feature) of each feature labelled present of which nothing was read."""
        return tuple((m.case_number, m.feature) for m in self.misses if m.label == PRESENT and m.read == ABSENT)

    def as_dict(self) -> dict[str, object]:
        """The measures as JSON."""
        measured: dict[str, object] = {name: value.as_dict() for name, value in self.shares.items()}
        by_feature = {
            feature: {name: value.as_dict() for name, value in shares.items()}
            for feature, shares in self.features.items()
        }
        return {
            **measured,
            "false_absences": len(self.false_absences),
            "features": by_feature,
            "misses": [asdict(miss) for miss in self.misses],
        }


def state_of(case: CaseSummary, concepts: Iterable[str]) -> str:
    """What a summary says of a feature that any of the concepts stands for: present, denied, unclear or absent.

    What only utilization review says of it leaves it open.
    """
    facts = [fact for concept in concepts for fact in case.about(concept)]
    polarities = {fact.polarity for fact in facts}
    if polarities & _DOCUMENTED:
        return PRESENT
    if Polarity.DENIED in polarities:
        return DENIED
    reviewed = any(fact.polarity is Polarity.OTHER and _by_review(case, fact) for fact in facts)
    return UNCLEAR if Polarity.UNCLEAR in polarities or reviewed else ABSENT


def _by_review(case: CaseSummary, fact: Fact) -> bool:
    """Whether utilization review says it of the record; what it certified or denied is only what was asked."""
    sentence = sentence_at(case, fact.span.start, fact.span.end)
    asked = _DECIDED_ON.search(case.text[sentence.start : fact.span.start])
    return worded_as_request_or_review(sentence.quote) and asked is None


@dataclass(frozen=True, slots=True)
class _Answer:
    """One labelled feature of one case, and what was read."""

    case_number: str
    feature: str
    label: str
    read: str
    quotes: tuple[str, ...]


def measure_facts(
    read: Sequence[tuple[GoldFacts, CaseSummary]], features: Mapping[str, Sequence[str]], *, seed: int = SEED
) -> Facts:
    """Compare each labelled feature that `features` maps to concepts.

    `facts_recall` (also under its older name `facts_present_found`): of the features labelled present, the share read
    as present. `facts_precision`: of those read as present, the share labelled so. `facts_false_presences`: of those
    labelled absent or denied, the share read as present. `facts_absent_kept`: of those labelled absent, the share not
    read as present. `facts_denied_found`: of those labelled denied, the share read as denied. Labels "unclear" count
    for neither answer. A false absence is a feature labelled present of which nothing, not even an unclear mention,
    was read.
    """
    rows = [
        [_answer(gold, case, name, features[name]) for name in gold.labels if name in features] for gold, case in read
    ]
    named = dict.fromkeys(answer.feature for row in rows for answer in row)
    return Facts(
        _shares(rows, seed),
        {name: _shares([[a for a in row if a.feature == name] for row in rows], seed) for name in named},
        tuple(Miss(a.case_number, a.feature, a.label, a.read, a.quotes) for r in rows for a in r if a.label != a.read),
    )


def _answer(gold: GoldFacts, case: CaseSummary, feature: str, concepts: Sequence[str]) -> _Answer:
    quotes = dict.fromkeys(fact.span.quote for concept in concepts for fact in case.about(concept))
    return _Answer(gold.case_number, feature, gold.labels[feature], state_of(case, concepts), tuple(quotes)[:_SHOWN])


def _shares(rows: Sequence[Sequence[_Answer]], seed: int) -> dict[str, Share]:
    def of(labels: frozenset[str], right: frozenset[str]) -> Share:
        return share([[a.read in right for a in row if a.label in labels] for row in rows], seed=seed)

    found = of(frozenset({PRESENT}), frozenset({PRESENT}))
    said = [[a.label == PRESENT for a in row if a.read == PRESENT and a.label != UNCLEAR] for row in rows]
    return {
        "facts_precision": share(said, seed=seed),
        "facts_recall": found,
        "facts_false_presences": of(frozenset({ABSENT, DENIED}), frozenset({PRESENT})),
        "facts_present_found": found,
        "facts_absent_kept": of(frozenset({ABSENT}), frozenset({ABSENT, DENIED, UNCLEAR})),
        "facts_denied_found": of(frozenset({DENIED}), frozenset({DENIED})),
    }
