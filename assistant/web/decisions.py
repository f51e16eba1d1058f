"""The view of past decisions: words and filters in, decisions of both sides out, the letter beside them."""

from __future__ import annotations

from assistant.library.choices import Choices
from assistant.library.sort import Sort
from assistant.web import render
from assistant.web.acts import Act, Answer, Desk, act, script

_LIMIT = 30
_MOST = 200  # decisions on one page
_MAX_WORDS = 1000


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""

    def find_decisions(
        words: str = "",
        choices: Choices | None = None,
        sort: Sort = Sort.RELEVANCE,
        like: str = "",
        limit: int = _LIMIT,
        *,
        exact: bool = False,
    ) -> Answer:
        """The decisions that these words find and how many there are of each value; without words, the newest first."""
        chosen = choices or Choices()
        found = desk.service.search_decisions(
            words.strip()[:_MAX_WORDS],
            choices=chosen,
            sort=sort,
            like=like or None,
            limit=min(limit, _MOST),
            exact=exact,
            facets=True,
        )
        asked = bool(words.strip() or like or chosen != Choices())
        return {
            "html": render.decisions(found, desk.service.real_letters(), asked=asked),
            "facets": render.facets(found, chosen),
            "chosen": render.chosen(found, chosen, like),
            "words": found.words,
        }

    def read_decision(decision: str, words: str = "") -> Answer:
        """The letter of a decision, the decision itself lit and the words marked in it."""
        return {"html": render.letter(*desk.service.decision(decision), words[:_MAX_WORDS])}

    def saved_searches() -> Answer:
        """The user's saved searches."""
        kept = desk.service.saved_searches(desk.user)
        return {"searches": [{"name": s.name, "words": s.words, "choices": dict(s.choices)} for s in kept]}

    def save_search(name: str, words: str = "", choices: Choices | None = None) -> Answer:
        """Keep a search under a name."""
        desk.service.save_search(desk.user, name, words.strip()[:_MAX_WORDS], choices or Choices())
        return saved_searches()

    def delete_search(name: str) -> Answer:
        """Forget a saved search."""
        desk.service.delete_search(desk.user, name)
        return saved_searches()

    return [act(f) for f in (find_decisions, read_decision, saved_searches, save_search, delete_search)]


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("decisions", "decisions.html"),
        js_on_load=script("decisions.js"),
        apply_default_css=False,
        server_functions=acts(desk),
        elem_classes="imr",
    )
