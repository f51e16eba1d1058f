"""The view of the library: editions on lines of time, each one read, switched off, its dates corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assistant.errors import AssistantError, NotThere, WrongInput
from assistant.library.held_editions import HeldEdition
from assistant.web import palette, render
from assistant.web.acts import Act, Answer, Desk, act, script
from assistant.web.timeline import BY_BODY, Axis, groups, line_of


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    return [act(f) for f in (*_reading_acts(desk), *_changing_acts(desk))]


def _reading_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service = desk.service

    def list_guidelines(on: str = "", by: str = BY_BODY) -> Answer:
        """All editions on lines of time, by part of the body or era; those that governed on a day are lit."""
        day, editions = _day(on), service.editions()
        axis = Axis.of(editions, [service.today(), *([day] if day else [])])
        lines = [line_of(edition, axis, day) for edition in editions]
        governed = sum(line.governs for line in lines)
        html = render.guidelines(groups(lines, by), axis, service.today(), day, by)
        return {"html": html, "said": f"{governed} editions were in force on {day}." if day else ""}

    def find_in_guidelines(words: str, on: str = "", by: str = BY_BODY) -> Answer:
        """The editions, criteria and texts that hold all the words."""
        found = service.find_in_guidelines(words)
        return {"html": render.guideline_words(found, words, _query(on, by))}

    def read_guideline(
        guideline: str = "", passage: str = "", criterion: str = "", on: str = "", by: str = BY_BODY
    ) -> Answer:
        """One edition by its label, or the one of a passage; the passage, or its criterion, is lit."""
        earlier, label = "", guideline
        if passage:
            cited = service.passage(passage)
            label = cited.guideline
        edition = next((edition for edition in service.editions() if edition.label == label), None)
        if edition is None:
            raise NotThere("The library holds no guideline of this name.")
        if passage and passage not in {held.passage.id for held in edition.passages}:
            earlier = render.earlier_passage(service.passage(passage))
        lit, names = (passage, criterion), service.service_names()
        html = render.guideline(edition, service.beside(edition), lit, _query(on, by), names)
        return {"html": earlier + html, "label": label}

    return [list_guidelines, find_in_guidelines, read_guideline]


def _changing_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service = desk.service

    def switch_off(guideline: str, section: str = "", passage: str = "") -> Answer:
        """Pass an edition, a section or a passage over from now on."""
        edition = service.switch_off(desk.user, guideline, section=section or None, passage=passage or None)
        return {"said": f"Switched off: {_named(edition, section, passage)}. Drafts that cite it keep it."}

    def switch_on(guideline: str, section: str = "", passage: str = "") -> Answer:
        """Undo a switching off."""
        edition = service.switch_on(desk.user, guideline, section=section or None, passage=passage or None)
        return {"said": f"Switched on: {_named(edition, section, passage)}."}

    def correct_dates(guideline: str, start: str = "", end: str = "", note: str = "") -> Answer:
        """Correct when an edition was in force; an empty end is open."""
        corrected = service.correct_dates(desk.user, guideline, _day(start), _day(end), note)
        said = f"The dates are corrected: {render.in_force(corrected.edition.in_force)}."
        return {"said": " ".join([said, *corrected.doubts])}

    def undo_dates(guideline: str) -> Answer:
        """Put the library's own dates back."""
        edition = service.undo_dates(desk.user, guideline)
        return {"said": f"The dates are as they were: {render.in_force(edition.in_force)}."}

    return [switch_off, switch_on, correct_dates, undo_dates]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise WrongInput("This is not a date; write it as 2016-03-01.") from None


def _query(on: str, by: str) -> str:
    """What every link of the view carries on: the day and the grouping, where they are not the usual."""
    day = _day_or_none(on)
    return (f"&on={day}" if day else "") + ("&by=era" if by != BY_BODY else "")


def _day_or_none(text: str) -> date | None:
    try:
        return _day(text)
    except AssistantError:
        return None


def _named(edition: HeldEdition, section: str, passage: str) -> str:
    if passage:
        return f"a passage of {edition.label}"
    return f"{edition.label}, {section}" if section else edition.label


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("library", "library.html"),
        js_on_load=script("library.js"),
        apply_default_css=False,
        server_functions=[*acts(desk), *palette.acts(desk)],
        elem_classes="imr",
    )
