"""How what is read from case summaries compares with labels by hand; a false absence is the fault that counts most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain import CaseSummary, Polarity
from assistant.evaluation.bootstrap import SEED, Share, share
from assistant.evaluation.gold import GoldFacts

_DOCUMENTED = frozenset({Polarity.PRESENT, Polarity.HISTORICAL})
ABSENT, DENIED, PRESENT, UNCLEAR = "absent", "denied", "present", "unclear"


@dataclass(frozen=True, slots=True)
class Facts:
    """The measures by name, and (case number, feature) of each false absence."""

    shares: dict[str, Share]
    false_absences: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, object]:
        """The measures as JSON."""
        measured: dict[str, object] = {name: value.as_dict() for name, value in self.shares.items()}
        return {**measured, "false_absences": len(self.false_absences)}


def state_of(case: CaseSummary, concepts: Iterable[str]) -> str:
    """What a summary says of a feature that any of the concepts stands for: present, denied, unclear or absent."""
    polarities = {fact.polarity for concept in concepts for fact in case.about(concept)}
    if polarities & _DOCUMENTED:
        return PRESENT
    if Polarity.DENIED in polarities:
        return DENIED
    return UNCLEAR if Polarity.UNCLEAR in polarities else ABSENT


def measure_facts(
    read: Sequence[tuple[GoldFacts, CaseSummary]], features: Mapping[str, Sequence[str]], *, seed: int = SEED
) -> Facts:
    """Compare each labelled feature that `features` maps to concepts.

    `facts_present_found`: of the features labelled present, the share read as present. `facts_absent_kept`: of those
    labelled absent, the share not read as present. `facts_denied_found`: of those labelled denied, the share read as
    denied. Labels "unclear" count for neither answer. A false absence is a feature labelled present of which nothing,
    not even an unclear mention, was read.
    """
    rows = [
        [
            (gold.case_number, name, label, state_of(case, features[name]))
            for name, label in gold.labels.items()
            if name in features
        ]
        for gold, case in read
    ]

    def of(label: str, right: frozenset[str], name: str) -> tuple[str, Share]:
        return name, share([[found in right for _, _, was, found in row if was == label] for row in rows], seed=seed)

    shares = dict(
        (
            of(PRESENT, frozenset({PRESENT}), "facts_present_found"),
            of(ABSENT, frozenset({ABSENT, DENIED, UNCLEAR}), "facts_absent_kept"),
            of(DENIED, frozenset({DENIED}), "facts_denied_found"),
        )
    )
    missed = tuple((case, name) for row in rows for case, name, was, found in row if was == PRESENT and found == ABSENT)
    return Facts(shares, missed)
