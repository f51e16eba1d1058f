"""A progress bar on a terminal; silent elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress


class TerminalProgress:
    """Shows how far a long act is, with rate and time left; silent where the stream is no terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: Progress | None = None

    def start(self, what: str, total: int) -> None:
        """An act of `total` steps begins; an act still under way ends."""
        self.finish()
        if total < 1 or not self._stream.isatty():
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            ProgressColumn,
            Task,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.text import Text

        class Rate(ProgressColumn):
            """Steps a second."""

            def render(self, task: Task) -> Text:
                """The rate so far, once there is one."""
                return Text(f"{task.speed:.1f}/s" if task.speed else "")

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(file=self._stream))
        self._bar.add_task(what, total=total)
        self._bar.start()

    def advance(self, by: int = 1) -> None:
        """So many more steps are done."""
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0], by)

    def finish(self) -> None:
        """The act has ended."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
