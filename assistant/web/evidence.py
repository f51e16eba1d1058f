"""What a rationale rests on, chosen on the page: passages found and pinned, single sentences replaced or kept."""

from __future__ import annotations

from assistant.web import viewmodel
from assistant.web.acts import Act, Answer, Desk, act

_MAX_WORDS = 300  # characters


def acts(desk: Desk) -> list[Act]:
    """What the case view's script may call."""
    service = desk.service

    def find_passages(case: str, words: str) -> Answer:
        """The passages in force on the case's day of review that come nearest to these words."""
        found = service.find_passages(desk.user, case, words.strip()[:_MAX_WORDS])
        return {"passages": [viewmodel.passage_model(passage) for passage in found]}

    def pin_passage(case: str, issue: int, passage: str | None = None) -> Answer:
        """Rest an issue on a passage, also in later drafts; None lets it go."""
        return viewmodel.shown(desk, case, lambda: service.pin_passage(desk.user, case, issue, passage))

    def sentence_offers(case: str, issue: int, position: int) -> Answer:
        """Verified sentences that may stand in the place of one."""
        offered = service.sentence_offers(desk.user, case, issue, position)
        return {"offers": [sentence.text for sentence in offered]}

    def replace_sentence(case: str, issue: int, position: int, text: str, base: int) -> Answer:
        """Put an offered sentence in the place of one."""
        return viewmodel.shown(
            desk, case, lambda: service.replace_sentence(desk.user, case, issue, position, text, base=base)
        )

    def keep_as_mine(case: str, issue: int, position: int) -> Answer:
        """Make a sentence the reviewer's own, so that every later draft keeps it."""
        return viewmodel.shown(desk, case, lambda: service.own_sentences(desk.user, case, issue, [position]))

    return [act(f) for f in (find_passages, pin_passage, sentence_offers, replace_sentence, keep_as_mine)]
