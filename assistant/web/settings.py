"""The view of the settings: what leaves this machine, first; then what is set and how to change it."""

from __future__ import annotations

from assistant.web import render
from assistant.web.acts import Act, Answer, Desk, act, script


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""

    def read_settings() -> Answer:
        """The settings in force with the names under which they are set."""
        rows = [
            (f"IMR_{name.upper()}", str(getattr(desk.settings, name)), field.description or "")
            for name, field in type(desk.settings).model_fields.items()
        ]
        passages = desk.service.guidelines()
        counts = {
            "letters": desk.service.real_letters(),
            "guidelines": len({p.guideline for p in passages}),
            "passages": len(passages),
        }
        return {"html": render.settings(rows, counts)}

    return [act(read_settings)]


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("settings", "settings.html"),
        js_on_load=script("settings.js"),
        apply_default_css=False,
        server_functions=acts(desk),
        elem_classes="imr",
    )
