"""A drafted case with two issues, and tools that remember what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.domain import (
    CaseSummary,
    Confidence,
    Criterion,
    CriterionKind,
    Determination,
    DisputedService,
    Draft,
    Fact,
    Finding,
    InForce,
    IssueDraft,
    Lean,
    Move,
    Outcome,
    OutcomeFrom,
    Passage,
    PassageKind,
    Polarity,
    Sentence,
    SimilarDecision,
    Span,
    Status,
    Strength,
    Support,
    SupportKind,
    Verdict,
)
from assistant.drafting import revising
from assistant.errors import NotThere
from assistant.library.retrieval import Found, FoundDecision

CASE = (
    "The worker is a 50-year-old woman. She had acupuncture and naproxen. Pain is 6/10. Her blood pressure is normal. "
    "The physician requested authorization for 6 sessions of acupuncture for the low back and an MRI of the right knee."
)
FUNCTION = "More acupuncture is given only where functional improvement is documented."
COURSE = "A functional gain is expected within 3 to 6 treatments."
SPECIAL = "Imaging of the knee follows a period of care and observation."


def span(quote: str) -> Span:
    """Where the quote stands in the case."""
    start = CASE.index(quote)
    return Span.of(CASE, start, start + len(quote))


def whole(text: str) -> Span:
    """A text as a span of itself."""
    return Span.of(text, 0, len(text))


def criterion(name: str, text: str, kind: CriterionKind, *asks: str, checked: bool = True) -> Criterion:
    """A criterion that may decide."""
    return Criterion(name, text, kind, Confidence.HIGH, checked, "a source", asks=asks)


function = criterion("acu.function", FUNCTION, CriterionKind.GOAL, "functional_improvement")
course = criterion("acu.course", COURSE, CriterionKind.LIMIT, "acupuncture", checked=False)
special = criterion("mri.care", SPECIAL, CriterionKind.PREREQUISITE, "conservative_care")

ACUPUNCTURE = Passage(
    "acu/whole/acupuncture/1",
    "MTUS Acupuncture Treatment 2007",
    None,
    f"{COURSE} {FUNCTION}",
    PassageKind.DIGEST,
    InForce(date(2007, 6, 15), date(2017, 12, 1)),
    "a source",
    service_kinds=("acupuncture",),
    criteria=(course, function),
)
KNEE = Passage(
    "knee/special/mri/1",
    "MTUS Knee Complaints 2004",
    "Special Studies",
    SPECIAL,
    PassageKind.DIGEST,
    InForce(date(2007, 6, 15), date(2017, 12, 1)),
    "a source",
    service_kinds=("mri_knee",),
    criteria=(special,),
)


def sentence(text: str, move: Move, *supports: Support, slot: bool = False, own: bool = False) -> Sentence:
    """A sentence that was verified, unless it is a slot or the reviewer's own."""
    verdict = Verdict.NOT_CHECKABLE if slot or own else Verdict.PASSED
    return Sentence(text, move, supports, verdict, slot, own)


def on_case(quote: str) -> Support:
    """A support in the case."""
    return Support(SupportKind.CASE, "case", span(quote))


def two_issues() -> Draft:
    """Two issues: acupuncture that leans to Upheld, an MRI that no criterion decides."""
    had = span("She had acupuncture and naproxen.")
    absent = Finding(
        function,
        ACUPUNCTURE.id,
        Status.NOT_FOUND,
        "The summary does not state functional improvement.",
        searched=("daily activities", "work restrictions"),
    )
    given = Finding(
        course, ACUPUNCTURE.id, Status.FOR_REVIEWER, "Acupuncture was given; its number is not stated.", (had,)
    )
    care = Finding(special, KNEE.id, Status.SUPPORTED, "The summary states care: “naproxen”.", (span("naproxen"),))
    similar = (
        SimilarDecision(
            "ill-neck:0", None, True, "Acupuncture for the neck", Outcome.OVERTURNED, 0.8, "a gain is on file"
        ),
        SimilarDecision(
            "CM16-0000001:0", "CM16-0000001", False, "Acupuncture x6", Outcome.UPHELD, 0.7, "no gain is on file"
        ),
    )
    acupuncture = IssueDraft(
        DisputedService("6 sessions of acupuncture for the low back", "acupuncture"),
        Outcome.UPHELD,
        OutcomeFrom.CRITERIA,
        Lean(Outcome.UPHELD, Strength.STRONG, ("acu.function",), ("acu.course",)),
        (),
        (given, absent),
        (
            sentence(FUNCTION, Move.RULE, Support(SupportKind.PASSAGE, ACUPUNCTURE.id, whole(FUNCTION))),
            sentence("She is a 50-year-old woman.", Move.FACTS, on_case("50-year-old woman")),
            sentence("She had acupuncture and naproxen.", Move.FACTS, on_case("She had acupuncture and naproxen.")),
            sentence("Her blood pressure is normal.", Move.FACTS, on_case("Her blood pressure is normal.")),
            sentence("I spoke with nobody.", Move.FACTS, own=True),
            sentence("The summary does not state functional improvement.", Move.GAP),
            sentence("The requested 6 sessions are not medically necessary.", Move.CONCLUSION),
        ),
        similar,
    )
    mri = IssueDraft(
        DisputedService("MRI of the right knee", "mri_knee"),
        None,
        None,
        Lean(None, Strength.NONE),
        (),
        (care,),
        (
            sentence(SPECIAL, Move.RULE, Support(SupportKind.PASSAGE, KNEE.id, whole(SPECIAL))),
            sentence("State your conclusion.", Move.CONCLUSION, slot=True),
        ),
    )
    facts = (Fact("treatment", span("acupuncture"), Polarity.PRESENT, concept="acupuncture"),)
    case = CaseSummary(CASE, 50, "female", None, facts, ())
    passages = {ACUPUNCTURE.id: ACUPUNCTURE, KNEE.id: KNEE}
    return Draft("case", date(2016, 3, 1), "given", case, (acupuncture, mri), passages)


@dataclass
class RememberingTools:
    """Tools over a draft in memory; `done` lists the acts in their order."""

    now: Draft
    held: tuple[Passage, ...] = (ACUPUNCTURE, KNEE)
    decisions: tuple[FoundDecision, ...] = ()
    letters: dict[str, Determination] = field(default_factory=dict)
    done: list[tuple[object, ...]] = field(default_factory=list)
    searched: list[tuple[str, Outcome | None]] = field(default_factory=list)

    def ask(self, question: str) -> Sequence[tuple[Passage, float]]:
        return [(passage, 0.9) for passage in self.held]

    def search(self, words: str, outcome: Outcome | None, limit: int) -> Found:
        self.searched.append((words, outcome))
        results = tuple(d for d in self.decisions if outcome in (None, d.outcome))[:limit]
        return Found(results, {o: sum(r.outcome is o and not r.illustrative for r in results) for o in Outcome}, 1.0)

    def set_outcome(self, issue: int, outcome: Outcome | None) -> Draft:
        self.done.append(("set", issue, outcome))
        issues = list(self.now.issues)
        issues[issue] = replace(issues[issue], outcome=outcome, outcome_from=OutcomeFrom.REVIEWER if outcome else None)
        self.now = replace(self.now, issues=tuple(issues))
        return self.now

    def keep_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        self.done.append(("keep", issue, tuple(positions)))
        return self.now

    def draft(self) -> Draft:
        return self.now

    def decision(self, decision_id: str) -> tuple[Determination, int]:
        if decision_id not in self.letters:
            raise NotThere("The library holds no such decision.")
        return self.letters[decision_id], 0

    def passages(self) -> Sequence[Passage]:
        return self.held

    def _revise(self, issue: int, new: IssueDraft, *done: object) -> Draft:
        self.done.append(done)
        issues = (*self.now.issues[:issue], new, *self.now.issues[issue + 1 :])
        self.now = replace(self.now, issues=issues)
        return self.now

    def lengthen(self, issue: int) -> Draft:
        now = self.now
        return self._revise(issue, revising.lengthened(now.issues[issue], now.case, now.passages), "lengthen", issue)

    def plainer(self, issue: int) -> Draft:
        now = self.now
        return self._revise(issue, revising.plainer_worded(now.issues[issue], now.case, now.passages), "plainer", issue)

    def add_point(self, issue: int, points: Sequence[object]) -> Draft:
        now = self.now
        new = revising.with_points(now.issues[issue], now.case, now.passages, points)
        return self._revise(issue, new, "add", issue)

    def drop_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        sentences = tuple(s for n, s in enumerate(self.now.issues[issue].sentences) if n not in positions)
        return self._revise(
            issue, replace(self.now.issues[issue], sentences=sentences), "drop", issue, tuple(positions)
        )

    def own_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        now = self.now
        new = revising.own_sentences(now.issues[issue], positions, now.case, now.passages)
        return self._revise(issue, new, "own", issue, tuple(positions))

    def cite(self, issue: int, passage: Passage) -> Draft:
        now = self.now
        new = revising.cited_instead(now.issues[issue], now.case, now.passages, passage)
        return self._revise(issue, new, "cite", issue, passage.id)

    def redraft(self) -> Draft:
        self.done.append(("redraft",))
        return self.now

    def undo(self) -> Draft:
        if not self.done:
            raise NotThere("There is no earlier version to go back to.")
        self.done.append(("undo",))
        return self.now
