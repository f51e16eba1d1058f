"""The field's own words as frozen values; this module imports nothing of the project.

The vocabulary is that of California's Independent Medical Review (Labor Code 4610.5, 4610.6; 8 CCR 9792.20
and after). Offsets count Python characters of the text they belong to, `text[start:end] == quote`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self


class Outcome(StrEnum):
    """How a disputed service was decided: `Upheld` (the denial stands) or `Overturned` (medically necessary)."""

    UPHELD = "Upheld"
    OVERTURNED = "Overturned"

    @property
    def other(self) -> Outcome:
        """The opposite outcome."""
        return Outcome.OVERTURNED if self is Outcome.UPHELD else Outcome.UPHELD


class OutcomeFrom(StrEnum):
    """Who says the outcome of a draft: the criteria's lean, or the reviewer's own act."""

    CRITERIA = "criteria"
    REVIEWER = "reviewer"


class Polarity(StrEnum):
    """How the case summary speaks of a fact."""

    PRESENT = "present"
    DENIED = "denied"
    PLANNED = "planned"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    OTHER = "other"  # another person, another body part, or utilization review's view
    UNCLEAR = "unclear"


class Status(StrEnum):
    """What a criterion held against the case gave."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"
    FOR_REVIEWER = "for_reviewer"


class Move(StrEnum):
    """The step of a rationale that a sentence makes."""

    RULE = "rule"
    FACTS = "facts"
    GAP = "gap"
    FIT = "fit"
    CONCLUSION = "conclusion"


class SupportKind(StrEnum):
    """What a sentence may rest on."""

    CASE = "case"
    PASSAGE = "passage"
    FINDING = "finding"
    REQUEST = "request"


class PassageKind(StrEnum):
    """`digest`: our own words; `official`: an imported text (California statutes are public domain)."""

    DIGEST = "digest"
    OFFICIAL = "official"


class CriterionKind(StrEnum):
    """What sort of requirement a criterion is."""

    LIMIT = "limit"
    PREREQUISITE = "prerequisite"
    DOCUMENTATION = "documentation"
    CONTRAINDICATION = "contraindication"
    GOAL = "goal"


class Confidence(StrEnum):
    """How sure the library is of a criterion's wording and number."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Strength(StrEnum):
    """How strongly the findings point to an outcome."""

    STRONG = "strong"
    WEAK = "weak"
    NONE = "none"


class Side(StrEnum):
    """The body side of a service or fact."""

    LEFT = "left"
    RIGHT = "right"
    BILATERAL = "bilateral"


class Verdict(StrEnum):
    """What the verification of a sentence gave."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True)
class Span:
    """A verbatim piece of a text: `text[start:end] == quote`. `Span.of` makes it so."""

    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.quote) != self.end - self.start:
            raise ValueError(f"a quote of {len(self.quote)} characters does not fill {self.start}:{self.end}")

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Self:
        """The span of `text[start:end]`."""
        return cls(start, end, text[start:end])

    def stands_in(self, text: str) -> bool:
        """Whether the quote stands in `text` at its offsets."""
        return text[self.start : self.end] == self.quote


# --- guidelines -----------------------------------------------------------------------------------------------

# Law and rules beyond single guidelines: they answer questions, and stand beside what governs a service.
LAW_FAMILIES = frozenset({"labor_code", "regulations", "rules"})


@dataclass(frozen=True, slots=True)
class InForce:
    """The interval in which an edition governs: first day, and the first day of its successor (None: open)."""

    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the edition governs on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a guideline, as determinations cite it (`label`) and as the regulation adopts it."""

    label: str
    family: str
    regulation: str | None
    in_force: InForce
    dates_sure: bool = True
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """The arithmetic a criterion asks for: a figure of the case held against `low`..`high`.

    `of` names the figure: requested_quantity, requested_per_week, requested_weeks, prior_plus_requested, age,
    weeks_since_injury, weeks_since_surgery, weeks_since_treatment, relief_percent and relief_weeks (these three of the
    treatment that the criterion's `given` names), morphine_equivalents. `compare` is at_most, at_least, more_than,
    less_than or range (both ends included). Spans of time are in weeks, or in months where `unit` says so.
    """

    of: str
    compare: str
    low: float | None
    high: float | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One checkable requirement that a passage puts on a service.

    In the corpus the text is ours, never a guideline's sentence; one read from an imported text is its own. `asks`,
    `against`, `given` and `not_given` name concepts of corpus/concepts.yaml: any of `asks` speaks for the criterion,
    any of `against` speaks against it; the criterion is asked only when one of `given` (all left empty: always) and
    none of `not_given` is present in the case, and, where `request_words` are set, when the requested service names
    one of them. `applies_when` says the condition for people; one that no field expresses leaves the question of
    applicability to the reviewer.
    """

    id: str
    text: str
    kind: CriterionKind
    confidence: Confidence
    checked: bool  # a letter, the regulation or a public source states it (its number too)
    source: str
    applies_when: str | None = None
    any_of: str | None = None
    looks_for: tuple[str, ...] = ()
    contradicted_by: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    not_given: tuple[str, ...] = ()
    request_words: tuple[str, ...] = ()
    always_bars: bool = False  # "not recommended" whenever it applies, whatever the case says
    judgement: bool = False  # the facts are shown, the finding is the physician's
    measure: Measure | None = None

    @property
    def may_decide(self) -> bool:
        """Whether the criterion may move a lean: sure, checked, no physician's judgement, applicability known."""
        known = self.applies_when is None or bool(self.given or self.not_given or self.request_words)
        return self.confidence is Confidence.HIGH and self.checked and not self.judgement and known

    @property
    def check_the_text(self) -> bool:
        """Whether a reviewer must hold it against the guideline's own text: nobody has, or its confidence is low."""
        return not self.checked or self.confidence is Confidence.LOW


@dataclass(frozen=True, slots=True)
class Passage:
    """The retrievable piece of a section, with its citation, in-force interval and kind.

    `id` changes with the text, so that an old draft keeps the version that it cites. `service_kinds` are the kinds
    it governs; `criteria` stand in `text` word for word. `current_without_criteria` marks the note of an edition in
    force whose criteria the library does not hold; `edition_note` marks what says when an edition was in force.
    """

    id: str
    guideline: str
    section: str | None
    text: str
    kind: PassageKind
    in_force: InForce
    source: str
    family: str | None = None
    service_kinds: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    body_regions: tuple[str, ...] = ()
    edition_note: bool = False
    current_without_criteria: bool = False
    page: int | None = None

    @property
    def citation(self) -> str:
        """The citation as letters write it: guideline, then section."""
        return f"{self.guideline}, Section(s): {self.section}" if self.section else self.guideline

    @property
    def is_law(self) -> bool:
        """Whether it is law or a rule beyond single guidelines, which is never the governing guideline of a service."""
        return self.family in LAW_FAMILIES


@dataclass(frozen=True, slots=True)
class AliasInContext:
    """A name that several kinds of service share, and what tells them apart in the rest of the request.

    It counts when the request has one of the words `context` (none given: always) and none of the words `without`.
    """

    alias: str
    context: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """A kind of service in the taxonomy, with the names that requests use for it and the passages that govern it.

    `governed_by` lists (guideline, section) pairs, best first; `today` the labels of the editions in force now.
    `name_stems` are the endings by which generic drug names tell their class ("-oxicam").
    """

    id: str
    display: str
    category: str
    aliases: tuple[str, ...]
    unit: str | None
    body_regions: tuple[str, ...]
    governed_by: tuple[tuple[str, str | None], ...] = ()
    today: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    name_stems: tuple[str, ...] = ()
    shared_aliases: tuple[AliasInContext, ...] = ()


# --- determinations -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CitedGuideline:
    """A guideline as a letter cites it, with the sections it names."""

    guideline: str
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """One disputed service of a letter with its outcome, both guideline citations and the rationale."""

    service: str
    outcome: Outcome | None
    claims_administrator_guideline: str | None
    reviewer_guideline: str | None
    guidelines: tuple[CitedGuideline, ...]
    rationale: str | None


@dataclass(frozen=True, slots=True)
class Determination:
    """A past final determination letter. What could not be read is None and named in `warnings`."""

    case_number: str | None
    date_of_injury: date | None
    date_assigned: date | None
    decision_date: date | None
    ur_denial_date: date | None
    priority: str | None
    reviewer_specialty: str | None
    reviewer_licensure: str | None
    case_summary: str | None
    decisions: tuple[Decision, ...]
    warnings: tuple[str, ...] = ()
    illustrative: bool = False


# --- the case -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the case summary says, with the words that say it.

    `kind` groups facts for people (age, sex, date_of_injury, diagnosis, treatment, response, complaint, examination,
    study, medication, work_status, risk, history, request, other); `concept` is its id in corpus/concepts.yaml where
    it has one. `value` and `unit` hold what was read as a number ("8 visits": 8, visits) or as a normal form.
    `clause` is the wider verbatim piece (sentence or clause) that a reader needs to understand it. `of` is the concept
    of the treatment or drug that a response belongs to, where the words tie it to one.
    """

    kind: str
    span: Span
    polarity: Polarity
    concept: str | None = None
    value: float | str | None = None
    value_max: float | None = None
    unit: str | None = None
    body_region: str | None = None
    side: Side | None = None
    when: date | None = None
    clause: Span | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class DisputedService:
    """What was requested. `text` is the request as given, unsplit; a range of visits stays a range.

    `kind` is a service kind of the taxonomy, or None, and then `guess` is the nearest kind, said to be a guess.
    `certified` holds the words on what utilization review certified or denied; it is never part of the quantity asked.
    `span` is where the case summary words the request, when it was read from there.
    """

    text: str
    kind: str | None
    guess: str | None = None
    also: tuple[str, ...] = ()  # further kinds that the same request names
    body_regions: tuple[str, ...] = ()
    side: Side | None = None
    quantity: float | None = None
    quantity_max: float | None = None
    unit: str | None = None
    per_week: float | None = None
    weeks: float | None = None
    certified: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """The text a reviewer pastes and the facts read from it; `services` are the requests that the text itself words.

    `decision_date` is set only when the text is a letter that labels it so. `notices` say what is odd about the text
    (another language, two patients, a decision in it), each in one sentence.
    """

    text: str
    age: int | None
    sex: str | None  # "male" or "female", as the summary says
    date_of_injury: date | None
    facts: tuple[Fact, ...]
    services: tuple[DisputedService, ...]
    sentences: tuple[Span, ...] = ()
    decision_date: date | None = None
    notices: tuple[str, ...] = ()

    def about(self, concept: str) -> tuple[Fact, ...]:
        """The facts of one concept, in the order of the text."""
        return tuple(fact for fact in self.facts if fact.concept == concept)


# --- the draft ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A guideline with one section that may govern a service, with a reason that a person can read."""

    guideline: str
    section: str | None
    passage_id: str | None
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion held against the case.

    `evidence` are spans of the case text; `searched` names what was looked for. A `not_found` finding has no evidence.
    `statement` says in one sentence what was found; it names the summary, never the medical record.
    """

    criterion: Criterion
    passage_id: str
    status: Status
    statement: str
    evidence: tuple[Span, ...] = ()
    searched: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id by which supports name this finding: its criterion's."""
        return self.criterion.id


def speaking_for(findings: Iterable[Finding], outcome: Outcome) -> tuple[Finding, ...]:
    """The findings that speak for an outcome: criteria met for Overturned, those contradicted or not found for Upheld.

    A contraindication of which nothing was found speaks for neither, nor does what fails beside an alternative
    (`any_of`) that is met.
    """
    held = tuple(findings)
    met = tuple(finding for finding in held if finding.status is Status.SUPPORTED)
    if outcome is Outcome.OVERTURNED:
        return met
    enough = {(finding.passage_id, finding.criterion.any_of) for finding in met if finding.criterion.any_of}
    failing = (finding for finding in held if finding.status in {Status.CONTRADICTED, Status.NOT_FOUND})
    return tuple(
        finding
        for finding in failing
        if (finding.passage_id, finding.criterion.any_of) not in enough
        and not (finding.status is Status.NOT_FOUND and finding.criterion.kind is CriterionKind.CONTRAINDICATION)
    )


@dataclass(frozen=True, slots=True)
class Lean:
    """The outcome to which the findings point, how strongly, by which criteria; `other_way` speaks against it."""

    outcome: Outcome | None
    strength: Strength
    by: tuple[str, ...] = ()
    other_way: tuple[str, ...] = ()


NO_LEAN = Lean(None, Strength.NONE)


@dataclass(frozen=True, slots=True)
class Support:
    """What a sentence rests on: a span of the case, a passage, a finding's statement, or the request as given.

    `id` is "case", a passage id, a finding id (its criterion's) or "request".
    """

    kind: SupportKind
    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a rationale with its supports. A slot is the reviewer's to fill and has no supports.

    `own` marks words of the reviewer's, `by_model` those of a chat model; `problems` say what verification missed, each
    in one sentence.
    """

    text: str
    move: Move
    supports: tuple[Support, ...] = ()
    verdict: Verdict = Verdict.NOT_CHECKABLE
    slot: bool = False
    own: bool = False
    problems: tuple[str, ...] = ()
    by_model: bool = False

    @property
    def verified(self) -> bool:
        """Whether every claim of the sentence was found in its supports."""
        return self.verdict is Verdict.PASSED and not self.slot


@dataclass(frozen=True, slots=True)
class SimilarDecision:
    """A past decision on a like service. Not precedent, no vote; illustrative ones are marked and never counted."""

    decision_id: str
    case_number: str | None
    illustrative: bool
    service: str
    outcome: Outcome
    score: float
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A finding of the appeal check: the rule's source, error or warning, and what differs.

    `id` is the check's stable name, `action` one sentence on what to do; `issue` and `sentence` are positions from 0,
    and `quote` is what the other side of the difference says.
    """

    rule: str
    level: str
    message: str
    issue: int | None = None  # position among the draft's issues
    id: str = ""
    action: str = ""
    sentence: int | None = None  # position among the issue's sentences
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Discarded:
    """What a chat model offered and a check threw away: its words, and why, in one sentence."""

    text: str
    why: str
    sort: str  # "sentence", "fact" or "evidence"


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a chat model did for one draft or one answer, for the record.

    `prompts` are names with versions ("rephrase_plan 2"); `kept` of `offered` sentences passed verification; `cost` is
    in the currency of the prices that are set, None where none are; `deidentified` says how case text was sent: "off",
    "shift" or "year"; `notice` is the user's sentence where the model was given up, else None.
    """

    model: str
    prompts: tuple[str, ...] = ()
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: float | None = None
    offered: int = 0
    kept: int = 0
    deidentified: str = "off"
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """The draft for one disputed service."""

    service: DisputedService
    outcome: Outcome | None
    outcome_from: OutcomeFrom | None
    lean: Lean
    guidelines: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    sentences: tuple[Sentence, ...]
    similar: tuple[SimilarDecision, ...] = ()
    notices: tuple[str, ...] = ()  # what the reviewer must know: a guess, a replaced edition, a text to import
    discarded: tuple[Discarded, ...] = ()  # what a chat model offered in vain

    @property
    def rationale(self) -> str:
        """The sentences as one paragraph; slots are no part of it."""
        return " ".join(s.text for s in self.sentences if not s.slot)

    @property
    def open_slots(self) -> tuple[Sentence, ...]:
        """The slots that still wait for the reviewer."""
        return tuple(s for s in self.sentences if s.slot)


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a whole case: one issue per disputed service, the passages that it cites, and the appeal check."""

    id: str
    date_of_review: date
    date_from: str  # "given", "letter" or "today"
    case: CaseSummary
    issues: tuple[IssueDraft, ...]
    passages: dict[str, Passage] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    took_ms: float = 0.0
    model: ModelUse | None = None  # None: no chat model took part
