"""How what is read from case summaries compares with labels by hand; a false absence is the fault that counts most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain import CaseSummary, Polarity
from assistant.evaluation.bootstrap import SEED, Share, share
from assistant.evaluation.gold import GoldFacts

_DOCUMENTED = frozenset({Polarity.PRESENT, Polarity.HISTORICAL})
ABSENT, DENIED, PRESENT, UNCLEAR = "absent", "denied", "present", "unclear"
_NOT_SO = frozenset({ABSENT, DENIED})


@dataclass(frozen=True, slots=True)
class Reading:
    """One labelled feature of one summary: the label, and what was read."""

    case_number: str
    feature: str
    label: str
    found: str

    @property
    def false_absence(self) -> bool:
        """Whether it is documented and nothing of it was read, not even an open mention."""
        return self.label == PRESENT and self.found == ABSENT

    @property
    def false_presence(self) -> bool:
        """Whether it was read as documented and is absent or denied."""
        return self.found == PRESENT and self.label in _NOT_SO

    @property
    def missed(self) -> bool:
        """Whether label and reading differ, where the label is clear."""
        return self.label != UNCLEAR and self.label != self.found


@dataclass(frozen=True, slots=True)
class Facts:
    """The measures by name, those of each feature, and every reading with its label."""

    shares: dict[str, Share]
    features: dict[str, dict[str, Share]]
    readings: tuple[Reading, ...]

    @property
    def false_absences(self) -> tuple[tuple[str, str], ...]:
        """(case number, feature) of each false absence."""
        return tuple((r.case_number, r.feature) for r in self.readings if r.false_absence)

    @property
    def false_presences(self) -> tuple[tuple[str, str], ...]:
        """(case number, feature) of each false presence."""
        return tuple((r.case_number, r.feature) for r in self.readings if r.false_presence)

    def as_dict(self) -> dict[str, object]:
        """The measures as JSON."""
        measured: dict[str, object] = {name: value.as_dict() for name, value in self.shares.items()}
        by_feature = {f: {name: found.as_dict() for name, found in of.items()} for f, of in self.features.items()}
        counts = {"false_absences": len(self.false_absences), "false_presences": len(self.false_presences)}
        return {**measured, **counts, "features": by_feature}


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

    `facts_present_found` (recall): of the features labelled present, the share read as present. `facts_precision`: of
    those read as present, the share labelled so. `facts_absent_kept`: of those labelled absent, the share not read as
    present. `facts_denied_found`: of those labelled denied, the share read as denied. `false_presence_rate`: of those
    labelled absent or denied, the share read as present. Labels "unclear" count for no answer. A false absence is a
    feature labelled present of which nothing, not even an unclear mention, was read.
    """
    rows = [
        [
            Reading(gold.case_number, name, label, state_of(case, features[name]))
            for name, label in gold.labels.items()
            if name in features
        ]
        for gold, case in read
    ]
    named = dict.fromkeys(reading.feature for row in rows for reading in row)
    by_feature = {
        feature: {
            "precision": _precision(_of(rows, feature), seed),
            "recall": _share(_of(rows, feature), PRESENT, frozenset({PRESENT}), seed),
        }
        for feature in named
    }
    shares = {
        "facts_present_found": _share(rows, PRESENT, frozenset({PRESENT}), seed),
        "facts_precision": _precision(rows, seed),
        "facts_absent_kept": _share(rows, ABSENT, frozenset({ABSENT, DENIED, UNCLEAR}), seed),
        "facts_denied_found": _share(rows, DENIED, frozenset({DENIED}), seed),
        "false_presence_rate": share(
            [[r.false_presence for r in row if r.label in _NOT_SO] for row in rows], seed=seed
        ),
    }
    return Facts(shares, by_feature, tuple(reading for row in rows for reading in row))


_Rows = Sequence[Sequence[Reading]]


def _of(rows: _Rows, feature: str) -> _Rows:
    return [[reading for reading in row if reading.feature == feature] for row in rows]


def _share(rows: _Rows, label: str, right: frozenset[str], seed: int) -> Share:
    return share([[r.found in right for r in row if r.label == label] for row in rows], seed=seed)


def _precision(rows: _Rows, seed: int) -> Share:
    """Of what was read as present and has a clear label, the share labelled present."""
    read = [[r for r in row if r.found == PRESENT and r.label != UNCLEAR] for row in rows]
    return share([[r.label == PRESENT for r in row] for row in read], seed=seed)
