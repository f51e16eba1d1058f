"""What drafts say, held against real outcomes, labels by hand, their own supports and the rule of plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.domain import CriterionKind, Draft, Finding, IssueDraft, Outcome, Status, SupportKind, Verdict
from assistant.drafting.chain import DraftRequest
from assistant.drafting.findings import BESIDE_REVIEW
from assistant.drafting.readability import reading_grade, words_in
from assistant.errors import UnreadableCase
from assistant.evaluation.bootstrap import Share, balanced, share
from assistant.evaluation.facts import ABSENT, DENIED, PRESENT, UNCLEAR
from assistant.evaluation.gold import GoldFacts, GoldIssue, GoldLetter
from assistant.evaluation.searching import spread

if TYPE_CHECKING:
    from assistant.drafting.chain import Drafter
    from assistant.evaluation.readings import Asked

NOTE = (
    "The reviewer decides; the lean says which criteria to look at and predicts no outcome. 89% of the published "
    "letters uphold the denial, so that a lean to Upheld everywhere would be right nine times in ten and of no use."
)


class Agreement(StrEnum):
    """How a finding stands to the label of the feature that its criterion asks."""

    AGREES = "agrees"
    LEFT = "left to the reviewer"
    FALSE_ABSENCE = "false absence"
    FALSE_PRESENCE = "false presence"
    DIFFERS = "differs"
    FLAT_ON_UNCLEAR = "flat absence on an unclear label"
    UNCOUNTED = "uncounted"


_AGREEMENT = {
    (PRESENT, Status.SUPPORTED): Agreement.AGREES,
    (PRESENT, Status.NOT_FOUND): Agreement.FALSE_ABSENCE,
    (ABSENT, Status.NOT_FOUND): Agreement.AGREES,
    (ABSENT, Status.SUPPORTED): Agreement.FALSE_PRESENCE,
    (DENIED, Status.CONTRADICTED): Agreement.AGREES,
    (DENIED, Status.SUPPORTED): Agreement.FALSE_PRESENCE,
    (UNCLEAR, Status.NOT_FOUND): Agreement.FLAT_ON_UNCLEAR,
}
_DECIDED = frozenset({Agreement.AGREES, Agreement.FALSE_ABSENCE, Agreement.FALSE_PRESENCE, Agreement.DIFFERS})


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter, what the program drafted of its case, and the labels of its summary, where it has any."""

    letter: GoldLetter
    draft: Draft
    facts: GoldFacts | None = None

    @property
    def pairs(self) -> Iterator[tuple[GoldIssue, IssueDraft]]:
        """Each issue as decided and as drafted."""
        return zip(self.letter.issues, self.draft.issues, strict=True)


@dataclass(frozen=True, slots=True)
class Compared:
    """A finding beside the label of the feature that it asks."""

    case_number: str
    feature: str
    label: str
    finding: Finding
    agreement: Agreement


def drafts_of(
    cases: Sequence[Asked], drafter_of: Callable[[str], Drafter], labels: Iterable[GoldFacts]
) -> list[Drafted]:
    """Draft each case as of its decision, by the drafter for its case number; a case without text is left out.

    The services are asked in the letter's own words, with what utilization review certified of them.
    """
    by_number = {facts.case_number: facts for facts in labels}
    drafted = []
    for one in cases:
        number = one.letter.case_number
        services = tuple(issue.heading or issue.service for issue in one.letter.issues)
        request = DraftRequest(number, one.letter.case_summary, services, one.day)
        try:
            draft = drafter_of(number).draft(request)
        except UnreadableCase:
            continue
        drafted.append(Drafted(one.letter, draft, by_number.get(number)))
    return drafted


def measure_drafts(drafted: Sequence[Drafted], features: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The measures of the drafts as JSON: lean, findings, grounding, prose, time."""
    compared = list(compare_findings(drafted, features))
    issues = [issue for one in drafted for issue in one.draft.issues]
    told = [s for issue in issues for s in issue.sentences if not s.slot]
    rationales = [issue.rationale for issue in issues if issue.rationale]
    grades = [grade for grade in map(reading_grade, rationales) if grade is not None]
    return {
        "letters": len(drafted),
        **{name: found.as_dict() for name, found in lean_shares(drafted).items()},
        **{name: found.as_dict() for name, found in _finding_shares(drafted, compared).items()},
        "findings_false_absences": sum(c.agreement is Agreement.FALSE_ABSENCE for c in compared),
        "findings_false_presences": sum(c.agreement is Agreement.FALSE_PRESENCE for c in compared),
        "findings_flat_on_unclear": sum(c.agreement is Agreement.FLAT_ON_UNCLEAR for c in compared),
        "grounding_faults": sum(1 for one in drafted for _ in grounding_faults(one)),
        "sentences": len(told),
        "slots": sum(s.slot for issue in issues for s in issue.sentences),
        "words": spread([float(words_in(text)) for text in rationales]),
        "grade": spread(grades),
        "draft_ms": spread([one.draft.took_ms for one in drafted]),
        "note": NOTE,
    }


# --- lean -----------------------------------------------------------------------------------------------------


def lean_shares(drafted: Sequence[Drafted]) -> dict[str, Share]:
    """`lean_upheld_met`, `lean_overturned_met`: of issues so decided for which there is a lean, the share that it met;
    `lean_balanced_accuracy` the mean of both; `lean_none`: of all issues, the share without one."""
    decided = [[(i.outcome, d.lean.outcome) for i, d in one.pairs if i.outcome is not None] for one in drafted]

    def met(outcome: Outcome) -> list[list[bool]]:
        return [[lean is was for was, lean in row if was is outcome and lean is not None] for row in decided]

    upheld, overturned = met(Outcome.UPHELD), met(Outcome.OVERTURNED)
    return {
        "lean_balanced_accuracy": balanced(upheld, overturned),
        "lean_upheld_met": share(upheld),
        "lean_overturned_met": share(overturned),
        "lean_none": share([[lean is None for _, lean in row] for row in decided]),
    }


# --- findings -------------------------------------------------------------------------------------------------


def compare_findings(drafted: Iterable[Drafted], features: Mapping[str, Sequence[str]]) -> Iterator[Compared]:
    """Each finding whose criterion asks concepts of one labelled feature only, once a letter, beside its label.

    A label speaks of the whole summary, a finding of the request's part of the body: where they differ, both may be
    right. Figures, bars and contraindications ask something else and are left out.
    """
    for one in drafted:
        if one.facts is None:
            continue
        findings = {finding.id: finding for issue in one.draft.issues for finding in issue.findings}
        for finding in findings.values():
            feature = _feature_of(finding, features)
            label = one.facts.labels.get(feature or "")
            if feature is not None and label is not None:
                yield Compared(one.letter.case_number, feature, label, finding, agreement(label, finding))


def agreement(label: str, finding: Finding) -> Agreement:
    """How a finding stands to a label; one left to the reviewer is neither right nor wrong.

    An absence that names utilization review's view beside it is not flat.
    """
    if finding.status is Status.FOR_REVIEWER:
        return Agreement.LEFT
    usual = Agreement.UNCOUNTED if label == UNCLEAR else Agreement.DIFFERS
    found = _AGREEMENT.get((label, finding.status), usual)
    beside_review = finding.statement.startswith(BESIDE_REVIEW)
    return Agreement.UNCOUNTED if found is Agreement.FLAT_ON_UNCLEAR and beside_review else found


def _feature_of(finding: Finding, features: Mapping[str, Sequence[str]]) -> str | None:
    criterion = finding.criterion
    if not criterion.asks or criterion.measure or criterion.kind is CriterionKind.CONTRAINDICATION:
        return None
    asked = set(criterion.asks)
    return next((name for name, concepts in features.items() if asked <= set(concepts)), None)


def _finding_shares(drafted: Sequence[Drafted], compared: Sequence[Compared]) -> dict[str, Share]:
    numbers = [one.letter.case_number for one in drafted]
    rows = [[c.agreement for c in compared if c.case_number == number] for number in numbers]
    clear = [[a for a in row if a in _DECIDED or a is Agreement.LEFT] for row in rows]
    return {
        "findings_agree": share([[a is Agreement.AGREES for a in row if a in _DECIDED] for row in rows]),
        "findings_left": share([[a is Agreement.LEFT for a in row] for row in clear]),
    }


# --- grounding ------------------------------------------------------------------------------------------------


def grounding_faults(one: Drafted) -> Iterator[tuple[str, str]]:
    """(service, words) of every sentence that failed verification, and of every quotation that stands elsewhere."""
    text = one.draft.case.text
    for issue in one.draft.issues:
        service = issue.service.text
        for sentence in issue.sentences:
            quoted = (support.span for support in sentence.supports if support.kind is SupportKind.CASE)
            yield from ((service, span.quote) for span in quoted if not span.stands_in(text))
            if not sentence.slot and sentence.verdict is Verdict.FAILED:
                yield service, sentence.text
        for finding in issue.findings:
            yield from ((service, span.quote) for span in finding.evidence if not span.stands_in(text))
