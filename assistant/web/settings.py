"""The view of the settings: what leaves this machine, the chat model and its test, what is set and how to change it."""

from __future__ import annotations

from typing import Any

from assistant.views import ModelView
from assistant.web import palette, people, render
from assistant.web.acts import Act, Answer, Desk, act, script
from assistant.web.trying import Trying


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    trying = Trying(desk.service.try_model)

    def read_settings() -> Answer:
        """The settings in force with the names under which they are set."""
        secret = {"chat_key", "api_token", "audit_key", "key", "key_file", "oidc_client_secret"}
        about = {*secret, *(choice.name for choice in desk.service.model().choices)}
        rows = [
            (f"IMR_{name.upper()}", str(getattr(desk.settings, name)), field.description or "")
            for name, field in type(desk.settings).model_fields.items()
            if name not in about
        ]
        passages = desk.service.guidelines()
        counts = {
            "letters": desk.service.real_letters(),
            "guidelines": len({p.guideline for p in passages}),
            "passages": len(passages),
        }
        return {"html": render.settings(rows, counts)}

    def read_model() -> Answer:
        """The choices about the chat model, what leaves the machine, the last test."""
        return _shown(desk.service.model(), trying)

    def choose_model(choices: dict[str, str]) -> Answer:
        """Keep choices; the environment's stay as they are."""
        return _shown(desk.service.choose_model(choices), trying)

    def test_model() -> Answer:
        """Begin a test of the model; one at a time."""
        trying.begin()
        return {"trying": True}

    def read_trial() -> Answer:
        """Whether a test is under way, and what the last one found out."""
        trying.raise_fault()
        return _trial(desk.service.model().trial, trying)

    def read_sent() -> Answer:
        """The last messages that were sent to the model."""
        return {"html": render.model_sent(desk.service.sent_to_model())}

    own = (read_settings, read_model, choose_model, test_model, read_trial, read_sent)
    return [*(act(each) for each in own), *_deleted_acts(desk), *people.acts(desk)]


def _deleted_acts(desk: Desk) -> list:
    service = desk.service

    def deleted_cases() -> Answer:
        """The cases that were deleted and can be brought back."""
        return {"cases": [{"id": case.id, "title": case.title} for case in service.deleted_cases(desk.user)]}

    def bring_back(case: str) -> Answer:
        """Bring a deleted case back."""
        service.restore_cases(desk.user, [case])
        return {}

    def purge_case(case: str) -> Answer:
        """Delete a case that was deleted before for good; says the id of the certificate."""
        if case not in {deleted.id for deleted in service.deleted_cases(desk.user)}:
            return {"error": "This case is not among the deleted ones; reload the page."}
        (certificate,) = service.purge_cases(desk.user, [case])
        return {"certificate": certificate.id, "found": certificate.found}

    return [act(each) for each in (deleted_cases, bring_back, purge_case)]


def _shown(view: ModelView, trying: Trying) -> Answer:
    return {"form": render.model(view), "leaves": render.model_leaves(view), **_trial(view.trial, trying)}


def _trial(trial: Any, trying: Trying) -> Answer:
    return {"trial": render.model_trial(trial), "trying": trying.going}


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("settings", "settings.html"),
        js_on_load=script("settings.js"),
        apply_default_css=False,
        server_functions=[*acts(desk), *palette.acts(desk)],
        elem_classes="imr",
    )
