"""The view of insights: outcomes of the real letters, what overturned ones document, how the assistant itself does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import AssistantError
from assistant.library.documented import Where
from assistant.library.readings import ReadingStopped
from assistant.web import insight_figures as figures
from assistant.web import render
from assistant.web.acts import Act, Answer, Desk, act, script
from assistant.web.jobs import Busy
from assistant.web.letter_imports import Watch, followed

KEY = "reading of facts"  # of the job; there is one at a time on the page
_AT_ONCE = 40  # texts that are read while the page waits; more are read behind it, when they are asked for


def _plotly() -> Path:
    """The plotting library that came with the program's packages; importing the package itself is not needed."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise AssistantError("The package plotly is missing; install the program again.")
    return Path(found.origin).parent / "package_data" / "plotly.min.js"


PLOTLY = _plotly()


class _Reading:
    """The letters being read behind the page, for one service and one part of the letters at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def begin(self, kind: str, where: Where) -> None:
        """Begin; while another reading is under way, that one goes on and nothing begins."""
        watch = Watch()

        def state() -> Answer:
            return {**watch.state(), "service": kind, "where": where.value}

        with contextlib.suppress(Busy):
            self._desk.jobs.work(KEY, "reading", lambda: self._read(kind, where, watch), watch.cancel, state)

    def stop(self) -> None:
        """Stop after the text that is being read; what was read is kept."""
        self._desk.jobs.stop(KEY, "reading")

    def state(self) -> Answer:
        """How far the reading is, or how the last one ended."""
        job = self._desk.jobs.of(KEY)
        return {"job": {"service": "", "where": "", **followed(job)} if job is not None else None}

    def _read(self, kind: str, where: Where, watch: Watch) -> None:
        with contextlib.suppress(ReadingStopped):  # the user's wish, and no fault
            self._desk.service.documented(kind or None, where, progress=watch, stop=watch.stop)


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    return [act(each) for each in (*_counting_acts(desk), *_comparing_acts(desk))]


def _counting_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service = desk.service

    def read_insights(service_kind: str = "") -> Answer:
        """How the real decisions came out, as tables and as values to plot."""
        overview = service.insights(service_kind or None)
        return {
            "html": render.outcomes(overview),
            "plots": figures.outcome_plots(overview),
            "services": [{"value": s.value, "label": s.label, "n": s.overturned_share.n} for s in overview.services],
            "chosen": overview.service or "",
            "none": overview.letters == 0,
        }

    def read_evaluation() -> Answer:
        """How the assistant did in the last evaluation."""
        kept = service.last_evaluation()
        return {"html": render.evaluation(kept), "plots": figures.evaluation_plots(kept) if kept else []}

    return [read_insights, read_evaluation]


def _comparing_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service, reading = desk.service, _Reading(desk)

    def read_documented(service_kind: str = "", where: Where = Where.SUMMARY) -> Answer:
        """What overturned decisions state that upheld ones do not, if the letters are read; else how many are not."""
        waiting = service.unread_texts(service_kind or None, where)
        if waiting > _AT_ONCE:
            return {"unread": waiting, **reading.state()}
        found = service.documented(service_kind or None, where)
        return {"html": render.documented(found), "plot": figures.documented_plot(found), "unread": 0, "job": None}

    def start_reading(service_kind: str = "", where: Where = Where.SUMMARY) -> Answer:
        """Read the letters behind the page, which only follows."""
        reading.begin(service_kind, where)
        return reading.state()

    def follow_reading() -> Answer:
        """How far the reading is."""
        return reading.state()

    def stop_reading() -> Answer:
        """Stop after the text that is being read; what was read is kept."""
        reading.stop()
        return reading.state()

    def read_stating(concept: str, service_kind: str = "", where: Where = Where.SUMMARY) -> Answer:
        """The decisions of which a fact is stated."""
        if service.unread_texts(service_kind or None, where) > _AT_ONCE:
            raise AssistantError("The letters are not read yet; read them first.")
        return {"html": render.stating(service.decisions_stating(service_kind or None, concept, where))}

    return [read_documented, start_reading, follow_reading, stop_reading, read_stating]


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("insights", "insights.html"),
        js_on_load=script("insights.js"),
        apply_default_css=False,
        server_functions=acts(desk),
        elem_classes="imr",
    )
