"""The part of the library view that brings determinations in: the upload, the import under way, reports, letters."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from assistant.errors import AssistantError
from assistant.library.import_log import ImportState
from assistant.web import palette, render
from assistant.web.acts import Act, Answer, Desk, act, script
from assistant.web.jobs import Job

KEY = "import of determinations"  # of the job; there is one import at a time on the page
_UNFINISHED = {ImportState.STOPPED, ImportState.CANCELLED, ImportState.FAILED}
_RATE_SECONDS = 20.0  # over which the rate is taken


class Watch:
    """Progress of an import as the page asks for it: how far, how fast, how long still; and the wish to stop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._steps: list[tuple[float, int]] = []
        self._wish = threading.Event()
        self.total = self.done = 0

    def start(self, what: str, total: int) -> None:
        """An act of `total` steps begins."""
        self.total, self.done = total, 0
        self._steps = [(self._clock(), 0)]

    def advance(self, by: int = 1) -> None:
        """So many more steps are done."""
        self.done += by
        now = self._clock()
        self._steps = [(at, done) for at, done in self._steps if now - at <= _RATE_SECONDS] or self._steps[-1:]
        self._steps = [*self._steps[-200:], (now, self.done)]

    def finish(self) -> None:
        """The act has ended."""

    def cancel(self) -> None:
        """Ask the import to stop at the next document."""
        self._wish.set()

    def stop(self) -> bool:
        """Whether it was asked to stop."""
        return self._wish.is_set()

    def state(self) -> dict[str, Any]:
        """Done, total, documents a second and seconds left (both None until they can be told)."""
        rate = self._rate()
        left = (self.total - self.done) / rate if rate else None
        return {"done": self.done, "total": self.total, "rate": rate, "left": left, "stopping": self.stop()}

    def _rate(self) -> float | None:
        steps = list(self._steps)
        if len(steps) < 2 or steps[-1][0] <= steps[0][0]:  # noqa: PLR2004 - a rate is taken between two moments
            return None
        return (steps[-1][1] - steps[0][1]) / (steps[-1][0] - steps[0][0]) or None


def followed(job: Job) -> Answer:
    """A job as the page follows it; one of another process may have told nothing yet."""
    return {**Watch().state(), **job.state(), "over": job.done, "error": job.error}


def _start(desk: Desk, token: str) -> None:
    """Import the files of an upload on the server; the page only follows. Raises Busy."""
    watch, files = Watch(), desk.uploads.files(token)

    def run() -> None:
        desk.service.import_paths(files, progress=watch, stop=watch.stop, upload=token)
        if not watch.stop():
            desk.uploads.remove(token)

    desk.jobs.work(KEY, "import", run, watch.cancel, watch.state)


def acts(desk: Desk) -> list[Act]:
    """What the view's script may call."""
    return [act(f) for f in (*_importing_acts(desk), *_reading_acts(desk))]


def _importing_acts(desk: Desk) -> list[Callable[..., Answer]]:
    def begin_upload() -> Answer:
        """A token under which the page sends its files."""
        return {"token": desk.uploads.begin()}

    def start_import(token: str) -> Answer:
        """Import the files that were sent under a token."""
        _start(desk, token)
        return follow_import()

    def go_on(number: int) -> Answer:
        """Import what is left of an import that was stopped; what was read already is passed over."""
        upload = desk.service.import_report(number).upload
        if upload is None or not desk.uploads.has(upload):
            raise AssistantError("The files of this import are not here any more; choose them again.")
        return start_import(upload)

    def drop_files(number: int) -> Answer:
        """Remove the files of an import that was stopped; what was read of them stays in the library."""
        desk.uploads.remove(desk.service.import_report(number).upload or "")
        return {}

    def follow_import() -> Answer:
        """How far the import under way is, or how the last one ended."""
        job = desk.jobs.of(KEY)
        return {"job": followed(job) if job is not None else None}

    def cancel_import() -> Answer:
        """Stop after the document that is being read; what was read stays."""
        desk.jobs.stop(KEY, "import")
        return follow_import()

    return [begin_upload, start_import, go_on, drop_files, follow_import, cancel_import]


def _reading_acts(desk: Desk) -> list[Callable[..., Answer]]:
    service = desk.service

    def list_imports() -> Answer:
        """The imports so far, and the letters that were not read whole."""
        imports = service.imports()
        rows, count = service.letters_not_whole()
        waiting = {i.id for i in imports if i.state in _UNFINISHED and desk.uploads.has(i.upload)}
        return {"imports": render.imports(imports, waiting), "letters": render.letters_not_whole(rows, count)}

    def read_import(number: int) -> Answer:
        """The report of an import."""
        return {"html": render.import_report(service.import_report(number))}

    def read_letter(letter: int) -> Answer:
        """A letter with its versions, its warnings and, where it was not read whole, its text."""
        return {"html": render.opened_letter(service.letter(letter))}

    return [list_imports, read_import, read_letter]


def build(desk: Desk) -> None:
    """Put the view into the Blocks under construction."""
    import gradio as gr

    gr.HTML(
        html_template=render.shell("library", "letter_imports.html"),
        js_on_load=script("letter_imports.js"),
        apply_default_css=False,
        server_functions=[*acts(desk), *palette.acts(desk)],
        elem_classes="imr",
    )
