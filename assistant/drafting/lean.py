"""The outcome to which the findings point, and how strongly; utilization review and past decisions never count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import NO_LEAN, Confidence, CriterionKind, Finding, Lean, Outcome, Status, Strength

MET = frozenset({Status.SUPPORTED})
FAILING = frozenset({Status.CONTRADICTED, Status.NOT_FOUND})
_REAL = frozenset({CriterionKind.PREREQUISITE, CriterionKind.DOCUMENTATION, CriterionKind.GOAL})
# What a prescriber keeps on file. A summary tells the case, seldom its papers: its silence on them shows neither that
# they are missing nor that the treatment is unnecessary; only words that say so count.
PAPERS = frozenset({"opioid_agreement", "cures_check", "opioid_risk_screen", "urine_drug_screen", "treatment_goals"})


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
        """Whether every alternative fails; one left to the reviewer, or a silence on papers, keeps it open."""
        return bool(self.decisive) and all(_fails(finding) for finding in self.findings)

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

    One requirement is enough against a service, all are needed for it. One that fails points to Upheld: strongly when
    it fails plainly, else weakly. All decisive ones met, among them one beyond limits, and no other that fails (one of
    low confidence excepted, which weakens), point to Overturned: strongly when there are two and nothing is left to
    the physician's judgement. A decisive one left to the reviewer gives no lean.
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
    told = {f.id for requirement in met for f in requirement.findings}
    beside = [f for f in findings if f.id not in told and not _quiet(f)]
    against = [f for f in beside if f.status in FAILING]
    if any(f.criterion.confidence is not Confidence.LOW for f in against):
        return NO_LEAN
    left = any(f.status is Status.FOR_REVIEWER and f.criterion.kind in _REAL for f in beside)
    strength = Strength.STRONG if len(real) > 1 and not against and not left else Strength.WEAK
    return Lean(Outcome.OVERTURNED, strength, _ids(met, MET), tuple(f.id for f in against))


def _fails(finding: Finding) -> bool:
    asks = frozenset(finding.criterion.asks)
    silent_papers = finding.status is Status.NOT_FOUND and bool(asks) and asks <= PAPERS
    return finding.status in FAILING and not silent_papers


def _ids(group: Sequence[Requirement], statuses: frozenset[Status]) -> tuple[str, ...]:
    return tuple(f.id for requirement in group for f in requirement.decisive if f.status in statuses)


def _quiet(finding: Finding) -> bool:
    return finding.criterion.kind is CriterionKind.CONTRAINDICATION and finding.status is Status.NOT_FOUND
