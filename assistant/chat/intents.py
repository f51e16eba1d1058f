"""What a message of the reviewer asks for, one frozen value each; only `Act`s have an effect."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain import Outcome


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message asks for."""


@dataclass(frozen=True, slots=True)
class Act(Intent):
    """An intent with an effect; the router gives one for a plain imperative only."""


@dataclass(frozen=True, slots=True)
class SetOutcome(Act):
    """Set the outcome of issues (positions from 0; empty: the message leaves open which), or take it back (None)."""

    outcome: Outcome | None
    issues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shorten(Act):
    """Leave out what the conclusion does not need; `issue` None: the message leaves open which."""

    issue: int | None


@dataclass(frozen=True, slots=True)
class Lengthen(Act):
    """Add the facts of the case that bear on the criteria and that the rationale left out."""

    issue: int | None


@dataclass(frozen=True, slots=True)
class Plainer(Act):
    """Say it in plainer words, as far as rules can: short forms explained, long sentences parted."""

    issue: int | None


@dataclass(frozen=True, slots=True)
class AddPoint(Act):
    """Put a point into the rationale: `words` name a criterion (by its id too), a fact or words of a guideline."""

    issue: int | None
    words: str


@dataclass(frozen=True, slots=True)
class DropPoint(Act):
    """Leave out the sentences about `words`, or the one at position `sentence` (from 0; -1 the last)."""

    issue: int | None
    words: str = ""
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class KeepSentence(Act):
    """Make sentences the reviewer's own, so that a new draft keeps them; named as `DropPoint` names them."""

    issue: int | None
    words: str = ""
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeCitation(Act):
    """Cite the guideline or section that `words` name instead of the one that the rule rests on."""

    issue: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Redraft(Act):
    """Draft the case anew."""


@dataclass(frozen=True, slots=True)
class Undo(Act):
    """Go back to the version before."""


@dataclass(frozen=True, slots=True)
class Why(Intent):
    """Which criteria and findings the draft of an issue rests on; `words` name one of them, or are empty."""

    words: str
    issue: int | None


@dataclass(frozen=True, slots=True)
class OtherWay(Intent):
    """What speaks for an outcome; None: for the one that the draft does not have."""

    outcome: Outcome | None
    issue: int | None


@dataclass(frozen=True, slots=True)
class AskGuideline(Intent):
    """A question to the guidelines."""

    question: str


@dataclass(frozen=True, slots=True)
class AskCase(Intent):
    """A question to the case summary; `words` are what it is about."""

    words: str


@dataclass(frozen=True, slots=True)
class FindDecisions(Intent):
    """Past decisions by words (empty: like the issue at hand), of one outcome or of both."""

    words: str
    outcome: Outcome | None
    issue: int | None
    limit: int = 3


@dataclass(frozen=True, slots=True)
class CompareDecision(Intent):
    """This case beside one decision: `which` is its case number or id, or its place among those shown last, from 1."""

    which: str
    issue: int | None


@dataclass(frozen=True, slots=True)
class ExplainTerm(Intent):
    """The meaning of a word of the field, by its first name in the list of terms."""

    term: str


@dataclass(frozen=True, slots=True)
class ChooseIssue(Intent):
    """Turn to another issue, and there ask `again` what was asked last."""

    issue: int
    again: Intent | None = None


@dataclass(frozen=True, slots=True)
class NoSuchIssue(Intent):
    """A message about an issue that the draft does not have; numbered from 1, as people count."""

    number: int


@dataclass(frozen=True, slots=True)
class ShowDraft(Intent):
    """The draft of an issue as it stands."""

    issue: int | None


class Unclear(StrEnum):
    """Why a message that speaks of an effect has none."""

    NEGATED = "negated"
    NOT_PLAIN = "not plain"
    TWO_OUTCOMES = "two outcomes"
    NO_OUTCOME = "no outcome"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class NotDone(Intent):
    """A message that speaks of an effect without being a plain imperative; nothing is changed. `say` would do it."""

    why: Unclear
    say: str


@dataclass(frozen=True, slots=True)
class Several(Intent):
    """Two or three things in one message, in its order; acts only where all of them are plain imperatives."""

    parts: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Reword(Intent):
    """A wish for other wording, which rules cannot fulfil."""


@dataclass(frozen=True, slots=True)
class Help(Intent):
    """What can be asked here."""


@dataclass(frozen=True, slots=True)
class Unknown(Intent):
    """A message that no rule understands."""
