"""The case view: what the summary says, what the guideline asks and finds, what the reviewer writes."""

from __future__ import annotations

from assistant.domain import Outcome
from assistant.settings import Deidentify
from assistant.views import CaseView
from assistant.web import chat, render, viewmodel
from assistant.web.acts import Act, Answer, Desk, act, day_of, script


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    return [*(act(f) for f in (*_reading_acts(desk), *_writing_acts(desk))), *chat.acts(desk)]


def save_text(desk: Desk) -> Act:
    """The one act that the page also sends when it is being closed."""
    return next(a for a in acts(desk) if a.__name__ == "save_text")


def _shown(desk: Desk, view: CaseView) -> Answer:
    service = desk.service
    model = viewmodel.case_model(view, service.turns(desk.user, view.id), service.real_letters())
    models = service.models
    chat_model = {"name": models.name, "where": models.where, "here": models.stays_here} if models.name else None
    return {"case": model, "chat_model": chat_model, "job": viewmodel.job_model(desk.jobs.of(view.id))}


def _reading_acts(desk: Desk) -> list:
    user, service = desk.user, desk.service

    def open_case(case: str) -> Answer:
        """Everything that the view shows, and the work under way."""
        return _shown(desk, service.case(user, case))

    def follow(case: str) -> Answer:
        """How far the work under way has come."""
        return {"job": viewmodel.job_model(desk.jobs.of(case))}

    def read_passage(passage: str) -> Answer:
        """A guideline passage that the draft does not hold."""
        return {"passage": viewmodel.passage_model(service.passage(passage))}

    def list_versions(case: str) -> Answer:
        """The draft's versions, the newest first."""
        rows = service.versions(user, case)
        return {"versions": [{"number": r.number, "at": r.at.isoformat(), "cause": r.cause} for r in rows]}

    def show_sent(case: str) -> Answer:
        """The case's text as it would be sent to the chat model that is set, each replacement marked."""
        view, settings = service.case(user, case), service.models.settings
        hiding = settings.deidentify is not Deidentify.OFF
        told = viewmodel.sent_model(view.text, service.deidentified(view.text, case)) if hiding else [{"t": view.text}]
        return {"pieces": told, "hiding": hiding, "year": settings.deidentify is Deidentify.YEAR}

    return [open_case, follow, read_passage, list_versions, show_sent]


def _writing_acts(desk: Desk) -> list:
    user, service = desk.user, desk.service

    def draft_case(case: str) -> Answer:
        """Begin a new draft of all issues; `follow` tells its steps."""
        job = desk.jobs.draft(case, lambda on_step, stop: service.draft_case(user, case, on_step, cancelled=stop))
        return {"job": viewmodel.job_model(job)}

    def stop_model(case: str) -> Answer:
        """Go on with the draft under way without the chat model."""
        return {"job": viewmodel.job_model(desk.jobs.stop(case, "draft"))}

    def change_case(case: str, day: str | None = None, title: str | None = None) -> Answer:
        """Change the date of review or the title."""
        return _shown(desk, service.change_case(user, case, day=day_of(day) if day else None, title=title))

    def choose_outcome(case: str, issue: int, outcome: Outcome | None) -> Answer:
        """The reviewer's own act on one issue; None takes it back."""
        return _shown(desk, service.set_outcome(user, case, issue, outcome))

    def save_text(case: str, issue: int, text: str, base: int) -> Answer:
        """Keep the rationale as the reviewer typed it."""
        return _shown(desk, service.edit(user, case, issue, text, base))

    def check_text(case: str, issue: int, text: str) -> Answer:
        """The marks of a text that is being typed; nothing is kept."""
        sentences, _ = viewmodel.numbered(service.verify_text(user, case, issue, text))
        return {"sentences": sentences}

    def go_back(case: str) -> Answer:
        """Return to the version before, as a new version."""
        return _shown(desk, service.undo(user, case))

    return [draft_case, stop_model, change_case, choose_outcome, save_text, check_text, go_back]


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
