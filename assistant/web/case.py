"""The case view: what the summary says, what the guideline asks and finds, what the reviewer writes."""

from __future__ import annotations

from assistant.domain import Outcome
from assistant.settings import Deidentify
from assistant.web import audit, chat, evidence, palette, people, render, versions, viewmodel
from assistant.web.acts import Act, Answer, Desk, act, day_of, script


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    return [
        *(act(f) for f in (*_reading_acts(desk), *_writing_acts(desk))),
        *(a for each in (evidence, versions, chat, palette) for a in each.acts(desk)),
        *audit.rested_acts(desk),
        *people.case_acts(desk),
    ]


def save_text(desk: Desk) -> Act:
    """The one act that the page also sends when it is being closed."""
    return next(a for a in acts(desk) if a.__name__ == "save_text")


def _reading_acts(desk: Desk) -> list:
    service = desk.service

    def open_case(case: str) -> Answer:
        """Everything that the view shows, and the work under way."""
        return viewmodel.shown(desk, case, lambda: service.take_up(desk.user, case), change=False)

    def follow(case: str) -> Answer:
        """How far the work under way has come."""
        service.check_access(desk.user, case)
        return {"job": viewmodel.job_model(desk.jobs.of(case))}

    def read_passage(passage: str) -> Answer:
        """A guideline passage that the draft does not hold."""
        return {"passage": viewmodel.passage_model(service.passage(passage))}

    def show_sent(case: str) -> Answer:
        """The case's text as it would be sent to the chat model that is set, each replacement marked."""
        view, settings = service.case(desk.user, case), service.models.settings
        hiding = settings.deidentify is not Deidentify.OFF
        told = viewmodel.sent_model(view.text, service.deidentified(view.text, case)) if hiding else [{"t": view.text}]
        return {"pieces": told, "hiding": hiding, "year": settings.deidentify is Deidentify.YEAR}

    return [open_case, follow, read_passage, show_sent]


def _writing_acts(desk: Desk) -> list:
    service = desk.service

    def draft_case(case: str) -> Answer:
        """Begin a new draft of all issues; `follow` tells its steps."""
        service.check_access(desk.user, case, change=True)
        job = desk.jobs.draft(case, lambda on_step, stop: service.draft_case(desk.user, case, on_step, cancelled=stop))
        return {"job": viewmodel.job_model(job)}

    def stop_model(case: str) -> Answer:
        """Go on with the draft under way without the chat model."""
        service.check_access(desk.user, case, change=True)
        return {"job": viewmodel.job_model(desk.jobs.stop(case, "draft"))}

    def change_case(case: str, day: str | None = None, title: str | None = None) -> Answer:
        """Change the date of review or the title."""
        return viewmodel.shown(
            desk, case, lambda: service.change_case(desk.user, case, day=day_of(day) if day else None, title=title)
        )

    def choose_outcome(case: str, issue: int, outcome: Outcome | None) -> Answer:
        """The reviewer's own act on one issue; None takes it back."""
        return viewmodel.shown(desk, case, lambda: service.set_outcome(desk.user, case, issue, outcome))

    def save_text(case: str, issue: int, text: str, base: int) -> Answer:
        """Keep the rationale as the reviewer typed it."""
        return viewmodel.shown(desk, case, lambda: service.edit(desk.user, case, issue, text, base))

    def keep_typed(case: str, issue: int, text: str, base: int) -> Answer:
        """Keep the words as they are typed, at once and unchecked; `save_text` makes a version of them."""
        service.keep_typed(desk.user, case, issue, text, base)
        return {}

    def check_text(case: str, issue: int, text: str) -> Answer:
        """The marks of a text that is being typed; nothing is kept."""
        sentences, _ = viewmodel.numbered(service.verify_text(desk.user, case, issue, text))
        return {"sentences": sentences}

    def go_back(case: str) -> Answer:
        """Return to the version before, as a new version."""
        return viewmodel.shown(desk, case, lambda: service.undo(desk.user, case))

    return [draft_case, stop_model, change_case, choose_outcome, save_text, keep_typed, check_text, go_back]


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("case", "case.html"),
        js_on_load=script("case.js"),
        apply_default_css=False,
        server_functions=acts(desk),
        elem_classes="imr",
    )
