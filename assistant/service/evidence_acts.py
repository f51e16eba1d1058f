"""The acts on what a rationale rests on: a passage chosen and pinned, a single sentence replaced."""

from __future__ import annotations

from dataclasses import replace

from assistant.domain import Outcome, Passage, Sentence
from assistant.drafting.offering import offers, with_offer
from assistant.drafting.revising import NotRevised, with_own_of
from assistant.drafting.verification import verify_issue
from assistant.errors import Conflict, NotThere
from assistant.metrics import measured
from assistant.service.revision_acts import RevisionActs
from assistant.views import CaseView

_MOST_FOUND = 12


class EvidenceActs(RevisionActs):
    """What the reviewer chooses of the evidence."""

    def find_passages(self, user: str, case_id: str, words: str) -> tuple[Passage, ...]:
        """The passages in force on the case's day of review that come nearest to these words, best first, at most 12.

        Every passage whose guideline or section bears all the words comes before those that are near in meaning.
        """
        wanted = words.casefold().split()
        if not wanted:
            return ()
        in_force = [p for p in self.passages_in_force(user, case_id) if p.criteria or p.text.strip()]
        named = [p for p in in_force if all(word in p.citation.casefold() for word in wanted)]
        view = self.case(user, case_id)
        near = [passage for passage, _ in self.library.ask(words, self._day_of(view), _MOST_FOUND)]
        return tuple({passage.id: passage for passage in (*named, *near)}.values())[:_MOST_FOUND]

    def pin_passage(self, user: str, case_id: str, issue: int, passage_id: str | None) -> CaseView:
        """Rest an issue on a passage of the reviewer's choice; it stays so in every later draft. None lets it go.

        The issue is drafted anew over that passage's criteria, as a new version; the reviewer's own sentences and
        outcome stay. NotRevised for a passage that was not in force on the day of review.
        """
        view, draft = self._drafted(user, case_id, issue)
        old = draft.issues[issue]
        pins = {}
        if passage_id is not None:
            passage = self.library.passage(passage_id)
            if not self.library.offers(passage_id):
                raise NotRevised(f"Nothing was changed: {passage.citation} is switched off or was worded anew.")
            if not passage.in_force.holds_on(draft.date_of_review):
                raise NotRevised(f"Nothing was changed: {passage.citation} was not in force on {draft.date_of_review}.")
            pins = {old.service.text: passage_id}
        decided = view.decided.get(issue)
        fresh = self._fresh(view, old, decided.outcome if decided else None, pins)
        new = with_own_of(replace(fresh.issues[0], service=old.service), old)
        passages = {**draft.passages, **fresh.passages}
        changed = self._replaced(draft, issue, verify_issue(new, view.text, passages), fresh.passages)
        self._save(user, view, changed, "pinned", issue, {"passage": passage_id})
        return self.case(user, case_id)

    def sentence_offers(self, user: str, case_id: str, issue: int, position: int) -> tuple[Sentence, ...]:
        """At most three verified sentences of the program's own that may stand in the place of one sentence."""
        view, draft = self._drafted(user, case_id, issue)
        old = draft.issues[issue]
        if not 0 <= position < len(old.sentences):
            raise NotThere("There is no such sentence in this draft; reload it.")
        fresh = self._fresh(view, old, Outcome(old.outcome) if old.outcome else None)
        passages = {**draft.passages, **fresh.passages}
        return offers(old, position, fresh.issues[0].sentences, draft.case, passages)

    @measured("edit")
    def replace_sentence(
        self, user: str, case_id: str, issue: int, position: int, text: str, *, base: int | None = None
    ) -> CaseView:
        """Put an offered sentence in the place of one; NotRevised if it is not offered, Conflict if `base` is old."""
        view, draft = self._drafted(user, case_id, issue)
        if base is not None and base != view.version:
            raise Conflict(base, view.version)
        offered = self.sentence_offers(user, case_id, issue, position)
        new = with_offer(draft.issues[issue], position, offered, text)
        self._save(user, view, self._replaced(draft, issue, new), "revised", issue, base=view.version)
        return self.case(user, case_id)
