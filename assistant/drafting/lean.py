"""The outcome to which the findings point, and how strongly; utilization review and past decisions never count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import NO_LEAN, CriterionKind, Finding, Lean, Outcome, Status, Strength

MET = frozenset({Status.SUPPORTED})
FAILING = frozenset({Status.CONTRADICTED, Status.NOT_FOUND})
_REAL = frozenset({CriterionKind.PREREQUISITE, CriterionKind.DOCUMENTATION, CriterionKind.GOAL})


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: a criterion alone, or alternatives (`any_of`) of which one is enough."""

    findings: tuple[Finding, ...]

    @property
    def decisive(self) -> tuple[Finding, ...]:
        """Its findings that may move a lean."""
        return tuple(finding for finding in self.findings if finding.criterion.may_decide)

    @property
    def met(self) -> bool:
        """Whether a criterion that may decide is supported."""
        return any(finding.status in MET for finding in self.decisive)

    @property
    def failing(self) -> bool:
        """Whether every alternative fails; one left to the reviewer keeps the requirement open."""
        return bool(self.decisive) and all(finding.status in FAILING for finding in self.findings)

    @property
    def plain(self) -> bool:
        """Whether it fails plainly: the case speaks against it, or a duty to document is not met."""
        return any(
            finding.status is Status.CONTRADICTED or finding.criterion.kind is CriterionKind.DOCUMENTATION
            for finding in self.decisive
        )


def requirements(findings: Sequence[Finding]) -> tuple[Requirement, ...]:
    """The findings grouped by `any_of`, in order; a contraindication of which nothing was found is none."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        criterion = finding.criterion
        if criterion.kind is CriterionKind.CONTRAINDICATION and finding.status is Status.NOT_FOUND:
            continue
        key = (finding.passage_id, criterion.any_of) if criterion.any_of else ("", criterion.id)
        groups.setdefault(key, []).append(finding)
    return tuple(Requirement(tuple(group)) for group in groups.values())


def lean_of(findings: Sequence[Finding]) -> Lean:
    """Where the findings point.

    A requirement that fails points to Upheld: strongly when it fails plainly, else weakly. All decisive ones met, and
    among them one beyond limits, point to Overturned. A decisive one left to the reviewer gives no lean.
    """
    decisive = [requirement for requirement in requirements(findings) if requirement.decisive]
    failing = [requirement for requirement in decisive if requirement.failing]
    met = [requirement for requirement in decisive if requirement.met]
    if failing:
        strength = Strength.STRONG if any(requirement.plain for requirement in failing) else Strength.WEAK
        return Lean(Outcome.UPHELD, strength, _ids(failing, FAILING), _ids(met, MET))
    real = [r for r in met if any(finding.criterion.kind in _REAL for finding in r.decisive)]
    if not real or len(met) < len(decisive):
        return NO_LEAN
    against = tuple(finding.id for finding in findings if finding.status in FAILING and not _quiet(finding))
    other_way = tuple(i for i in against if i not in {f.id for r in met for f in r.findings})
    strength = Strength.STRONG if len(real) > 1 and not other_way else Strength.WEAK
    return Lean(Outcome.OVERTURNED, strength, _ids(met, MET), other_way)


def _ids(group: Sequence[Requirement], statuses: frozenset[Status]) -> tuple[str, ...]:
    return tuple(f.id for requirement in group for f in requirement.decisive if f.status in statuses)


def _quiet(finding: Finding) -> bool:
    return finding.criterion.kind is CriterionKind.CONTRAINDICATION and finding.status is Status.NOT_FOUND
