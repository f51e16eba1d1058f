"""The first view: paste a case summary, drop a file or try a sample; and the list of cases."""

from __future__ import annotations

import re

from assistant.web import render
from assistant.web.acts import Act, Answer, Desk, act, day_of, script

_MAX_TITLE = 200


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""

    def list_cases(words: str = "") -> Answer:
        """The table of cases whose title, services or text hold these words."""
        return {"html": render.cases(desk.service.cases(desk.user, words.strip()), words.strip())}

    def sample_case(name: str) -> Answer:
        """A sample's text and date, for the form."""
        sample = next((s for s in desk.service.samples() if s.name == name), None)
        if sample is None:
            return {"error": "This sample is not there any more; reload the page."}
        return {"text": sample.text, "day": sample.day.isoformat() if sample.day else ""}

    def create_case(text: str, day: str = "", services: str = "", title: str = "") -> Answer:
        """Keep the case and begin its draft; the case's page follows it."""
        named = tuple(line for line in (re.sub(r"\s+", " ", s).strip() for s in services.splitlines()) if line)
        user, service = desk.user, desk.service
        case = service.create_case(user, text, title=title.strip()[:_MAX_TITLE], day=day_of(day), services=named)
        desk.jobs.draft(case.id, lambda on_step, stop: service.draft_case(user, case.id, on_step, cancelled=stop))
        return {"id": case.id}

    def delete_case(case: str) -> Answer:
        """Take a case out of the list; `restore_case` brings it back."""
        desk.service.delete_case(desk.user, case)
        return {}

    def restore_case(case: str) -> Answer:
        """Bring a deleted case back."""
        desk.service.restore_case(desk.user, case)
        return {}

    return [act(f) for f in (list_cases, sample_case, create_case, delete_case, restore_case)]


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    offered = render.samples(desk.service.samples())
    gr.HTML(
        html_template=render.shell("cases", "cases.html", samples=offered),
        js_on_load=script("cases.js"),
        apply_default_css=False,
        server_functions=acts(desk),
        elem_classes="imr",
    )
