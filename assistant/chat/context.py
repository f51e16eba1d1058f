"""What a chat turn is given: the draft as it stands, what was said before, and the tools that the service lends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from assistant.chat.terms import Terms
from assistant.domain import Determination, Draft, Outcome, Passage

if TYPE_CHECKING:
    from assistant.library.retrieval import Found


@dataclass(frozen=True, slots=True)
class ChatContext:
    """The state that a message meets.

    `issue` is the position of the issue that the page shows alone, None where it shows several. `said` are the
    reviewer's earlier messages, oldest first; `shown` the ids of the decisions that an answer showed last, in order;
    `spoken_of` the issue that the earlier messages were about, which the router finds out.
    """

    draft: Draft | None
    terms: Terms = field(default_factory=Terms)
    issue: int | None = None
    said: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    spoken_of: int | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """The requests as given, one an issue."""
        return tuple(issue.service.text for issue in self.draft.issues) if self.draft else ()


class ChatTools(Protocol):
    """What the service does for a chat turn. The acts save a new version and return its draft.

    Each may raise an AssistantError, whose sentence becomes the answer.
    """

    def ask(self, question: str) -> Sequence[tuple[Passage, float]]:
        """The passages in force on the day of review that are nearest to a question, best first."""

    def search(self, words: str, outcome: Outcome | None, limit: int) -> Found:
        """Past decisions by words and meaning."""

    def set_outcome(self, issue: int, outcome: Outcome | None) -> Draft:
        """The reviewer's own act on an issue; None takes it back."""

    def keep_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        """Leave an issue only those of its sentences, in their order."""

    def draft(self) -> Draft:
        """The draft as it now stands."""

    def decision(self, decision_id: str) -> tuple[Determination, int]:
        """The letter of a decision (by its id or case number) and the decision's place in it, from 0."""

    def passages(self) -> Sequence[Passage]:
        """The passages in force on the day of review."""

    def lengthen(self, issue: int) -> Draft:
        """Add facts that the rationale left out."""

    def plainer(self, issue: int) -> Draft:
        """Explain short forms and part long sentences."""

    def add_point(self, issue: int, points: Sequence[object]) -> Draft:
        """Put in the first of the points that makes a verified sentence."""

    def drop_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        """Leave sentences out; never the conclusion."""

    def own_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        """Make sentences the reviewer's own, so that a new draft keeps them."""

    def cite(self, issue: int, passage: Passage) -> Draft:
        """Rest the rule on another passage."""

    def redraft(self) -> Draft:
        """Draft the case anew; outcomes that the reviewer set stay set."""

    def undo(self) -> Draft:
        """Go back to the version before."""
