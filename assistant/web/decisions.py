"""The view of past decisions: words and an outcome in, decisions of both sides out, the letter beside them."""

from __future__ import annotations

from assistant.domain import Outcome
from assistant.web import render
from assistant.web.acts import Act, Answer, Desk, act, script

_LIMIT = 30
_MAX_WORDS = 1000


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""

    def find_decisions(words: str, outcome: Outcome | None = None) -> Answer:
        """The decisions that these words find."""
        sought = words.strip()[:_MAX_WORDS]
        if not sought:
            return {"html": "", "count": 0}
        found = desk.service.search_decisions(sought, outcome=outcome, limit=_LIMIT)
        return {"html": render.decisions(found, desk.service.real_letters(), sought), "count": len(found.results)}

    def read_decision(decision: str) -> Answer:
        """The letter of a decision, the decision itself marked."""
        return {"html": render.letter(*desk.service.decision(decision))}

    return [act(f) for f in (find_decisions, read_decision)]


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
