"""The view of the library: the guidelines by family and edition, and the text of each."""

from __future__ import annotations

from assistant.errors import NotThere
from assistant.web import render
from assistant.web.acts import Act, Answer, Desk, act, script


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""

    def list_guidelines() -> Answer:
        """All editions, by family."""
        return {"html": render.guidelines(desk.service.guidelines())}

    def read_guideline(guideline: str = "", passage: str = "") -> Answer:
        """One edition by its label, or the one of a passage, which is then marked."""
        label = desk.service.passage(passage).guideline if passage else guideline
        texts = [p for p in desk.service.guidelines() if p.guideline == label]
        if not texts:
            raise NotThere("The library holds no guideline of this name.")
        return {"html": render.guideline(texts, passage), "label": label}

    return [act(f) for f in (list_guidelines, read_guideline)]


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("library", "library.html"),
        js_on_load=script("library.js"),
        apply_default_css=False,
        server_functions=acts(desk),
        elem_classes="imr",
    )
