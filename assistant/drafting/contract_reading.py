"""A draft read back from the JSON that `imr-assistant draft --json` prints, as far as a determination needs it.

Findings, candidates and similar decisions are left behind; what a sentence rests on comes along with it.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.domain import (
    NO_LEAN,
    CaseSummary,
    DisputedService,
    Draft,
    InForce,
    IssueDraft,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    PassageKind,
    Sentence,
    Span,
    Support,
    SupportKind,
    Verdict,
)
from assistant.errors import WrongInput


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Support(_Row):
    kind: SupportKind
    id: str
    quote: str
    start: int
    end: int


class _Sentence(_Row):
    text: str
    move: Move
    slot: bool = False
    own: bool = False
    verdict: Verdict
    problems: tuple[str, ...] = ()
    supports: tuple[_Support, ...]

    def sentence(self) -> Sentence:
        supports = tuple(Support(s.kind, s.id, Span(s.start, s.end, s.quote)) for s in self.supports)
        return Sentence(self.text, self.move, supports, self.verdict, self.slot, self.own, self.problems)


class _Issue(_Row):
    service: str
    outcome: Outcome | None
    outcome_from: OutcomeFrom | None
    sentences: tuple[_Sentence, ...]

    def issue(self) -> IssueDraft:
        sentences = tuple(row.sentence() for row in self.sentences)
        service = DisputedService(self.service, None)
        return IssueDraft(service, self.outcome, self.outcome_from, NO_LEAN, (), (), sentences)


class _Passage(_Row):
    text: str
    guideline: str
    section: str | None
    kind: PassageKind
    edition_note: bool
    in_force_from: date | None
    in_force_to: date | None

    def passage(self, passage_id: str) -> Passage:
        in_force = InForce(self.in_force_from, self.in_force_to)
        return Passage(
            passage_id, self.guideline, self.section, self.text, self.kind, in_force, "", edition_note=self.edition_note
        )


class _Case(_Row):
    text: str
    date_of_injury: date | None


class _Draft(_Row):
    id: str
    date_of_review: date
    case: _Case
    issues: tuple[_Issue, ...]
    passages: dict[str, _Passage]


def draft_from_json(text: str, name: str) -> Draft:
    """The draft of one line of `draft --json`; `name` stands for the file in errors. Raises WrongInput."""
    try:
        row = _Draft.model_validate_json(text)
        issues = tuple(issue.issue() for issue in row.issues)
    except ValidationError as error:
        fields = [".".join(map(str, e["loc"])) for e in error.errors() if e["loc"]]
        reason = f"its field {fields[0]} is missing or wrong" if fields else "it is not one JSON object"
        raise WrongInput(f"{name} is not a draft as draft --json prints it: {reason}.") from None
    except ValueError:
        raise WrongInput(
            f"{name} is not a draft as draft --json prints it: a quotation and its offsets differ."
        ) from None
    case = CaseSummary(row.case.text, None, None, row.case.date_of_injury, (), ())
    passages = {key: passage.passage(key) for key, passage in row.passages.items()}
    return Draft(row.id, row.date_of_review, "given", case, issues, passages)
