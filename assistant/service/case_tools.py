"""What a chat turn may do, bound to one user's case: the service's own acts and look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.domain import Determination, Draft, Outcome, Passage
from assistant.errors import NotThere
from assistant.library.choices import Choices

if TYPE_CHECKING:
    from assistant.library.retrieval import Found
    from assistant.service import Service
    from assistant.views import CaseView


class CaseTools:
    """What a chat turn may do, bound to one user's case."""

    def __init__(self, service: Service, user: str, case_id: str) -> None:
        self._service, self._user, self._case = service, user, case_id

    def ask(self, question: str) -> tuple[tuple[Passage, float], ...]:
        """The passages in force on the day of review that answer a question."""
        return self._service.ask(self._user, self._case, question)

    def search(self, words: str, outcome: Outcome | None, limit: int) -> Found:
        """Past decisions by words and meaning; narrowed by the service and place that the words name."""
        named = self._service.choices_named(words)
        if named != Choices():
            found = self._service.search_decisions(words, choices=named, outcome=outcome, limit=limit)
            if any(not decision.beyond for decision in found.results):
                return found
        return self._service.search_decisions(words, outcome=outcome, limit=limit)

    def set_outcome(self, issue: int, outcome: Outcome | None) -> Draft:
        """The reviewer's own act."""
        return _draft_of(self._service.set_outcome(self._user, self._case, issue, outcome))

    def keep_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        """Leave an issue only those of its sentences."""
        return _draft_of(self._service.keep_sentences(self._user, self._case, issue, positions))

    def draft(self) -> Draft:
        """The draft as it now stands."""
        return _draft_of(self._service.case(self._user, self._case))

    def decision(self, decision_id: str) -> tuple[Determination, int]:
        """The letter of a decision, by its id or case number."""
        return self._service.decision(decision_id if ":" in decision_id else f"{decision_id}:0")

    def passages(self) -> tuple[Passage, ...]:
        """The passages in force on the day of review."""
        return self._service.passages_in_force(self._user, self._case)

    def lengthen(self, issue: int) -> Draft:
        """Add facts that were left out."""
        return _draft_of(self._service.lengthen(self._user, self._case, issue))

    def plainer(self, issue: int) -> Draft:
        """Explain short forms and part long sentences."""
        return _draft_of(self._service.plainer(self._user, self._case, issue))

    def add_point(self, issue: int, points: Sequence[object]) -> Draft:
        """Put in a point."""
        return _draft_of(self._service.add_point(self._user, self._case, issue, points))

    def drop_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        """Leave sentences out."""
        return _draft_of(self._service.drop_sentences(self._user, self._case, issue, positions))

    def own_sentences(self, issue: int, positions: Sequence[int]) -> Draft:
        """Make sentences the reviewer's own."""
        return _draft_of(self._service.own_sentences(self._user, self._case, issue, positions))

    def cite(self, issue: int, passage: Passage) -> Draft:
        """Rest the rule on another passage."""
        return _draft_of(self._service.cite(self._user, self._case, issue, passage))

    def redraft(self) -> Draft:
        """Draft anew; outcomes that were set stay set."""
        return _draft_of(self._service.draft_case(self._user, self._case))

    def undo(self) -> Draft:
        """Go back to the version before."""
        return _draft_of(self._service.undo(self._user, self._case))


def _draft_of(view: CaseView) -> Draft:
    if view.draft is None:
        raise NotThere("This case has no draft yet.")
    return view.draft
