"""The acts that revise a rationale by rule; each one is a new version that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.domain import Draft, IssueDraft, Move, Passage
from assistant.drafting import revising
from assistant.drafting.revising import NotRevised
from assistant.service.draft_acts import DraftActs
from assistant.views import CaseView


class RevisionActs(DraftActs):
    """What the reviewer asks to be said otherwise."""

    def lengthen(self, user: str, case_id: str, issue: int) -> CaseView:
        """Add facts that the rationale left out; NotRevised where there are none."""
        view, draft = self._drafted(user, case_id, issue)
        return self._revised(
            view, draft, issue, revising.lengthened(draft.issues[issue], draft.case, draft.passages), user
        )

    def plainer(self, user: str, case_id: str, issue: int) -> CaseView:
        """Explain short forms and part long sentences; NotRevised where rules can do nothing."""
        view, draft = self._drafted(user, case_id, issue)
        new = revising.plainer_worded(draft.issues[issue], draft.case, draft.passages)
        return self._revised(view, draft, issue, new, user)

    def add_point(self, user: str, case_id: str, issue: int, points: Sequence[object]) -> CaseView:
        """Put in the first of the points that makes a verified sentence; NotRevised where none does."""
        view, draft = self._drafted(user, case_id, issue)
        named = [point[0] for point in points if isinstance(point, tuple) and isinstance(point[0], Passage)]
        passages = {**draft.passages, **{passage.id: passage for passage in named}}
        new = revising.with_points(draft.issues[issue], draft.case, passages, points)
        return self._revised(view, draft, issue, new, user, _cited(new, named))

    def own_sentences(self, user: str, case_id: str, issue: int, positions: Sequence[int]) -> CaseView:
        """Make sentences the reviewer's own, so that a new draft keeps them."""
        view, draft = self._drafted(user, case_id, issue)
        new = revising.own_sentences(draft.issues[issue], positions, draft.case, draft.passages)
        return self._revised(view, draft, issue, new, user)

    def drop_sentences(self, user: str, case_id: str, issue: int, positions: Sequence[int]) -> CaseView:
        """Leave sentences out; NotRevised for a conclusion, which is never left out so."""
        _, draft = self._drafted(user, case_id, issue)
        sentences = draft.issues[issue].sentences
        dropped = set(positions)
        if any(sentences[n].move is Move.CONCLUSION for n in dropped):
            raise NotRevised("The conclusion is not left out; change the outcome, or edit the text on the page.")
        return self.keep_sentences(user, case_id, issue, [n for n in range(len(sentences)) if n not in dropped])

    def cite(self, user: str, case_id: str, issue: int, passage: Passage) -> CaseView:
        """Rest the rule on another passage that was in force on the day of review; NotRevised where it was not."""
        view, draft = self._drafted(user, case_id, issue)
        if not passage.in_force.holds_on(draft.date_of_review):
            raise NotRevised(f"Nothing was changed: {passage.citation} was not in force on {draft.date_of_review}.")
        if self.library.is_off(passage):
            raise NotRevised(f"Nothing was changed: {passage.citation} is switched off in the library.")
        passages = {**draft.passages, passage.id: passage}
        new = revising.cited_instead(draft.issues[issue], draft.case, passages, passage)
        return self._revised(view, draft, issue, new, user, {passage.id: passage})

    def passages_in_force(self, user: str, case_id: str) -> tuple[Passage, ...]:
        """The passages in force on a case's day of review."""
        day = self._day_of(self.case(user, case_id))
        return tuple(passage for passage in self.library.passages() if passage.in_force.holds_on(day))

    def _day_of(self, view: CaseView) -> date:
        """A case's day of review: its draft's, else the one that was given, else today."""
        return view.draft.date_of_review if view.draft else view.day or self._today()

    def _revised(
        self,
        view: CaseView,
        draft: Draft,
        issue: int,
        new: IssueDraft,
        user: str,
        passages: dict[str, Passage] | None = None,
    ) -> CaseView:
        self._save(user, view, self._replaced(draft, issue, new, passages), "revised", issue)
        return self.case(user, view.id)


def _cited(new: IssueDraft, named: Sequence[Passage]) -> dict[str, Passage]:
    used = {support.id for sentence in new.sentences for support in sentence.supports}
    return {passage.id: passage for passage in named if passage.id in used}
