"""A test of the chat model behind the page: one at a time, and the page only follows it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextvars import copy_context

from assistant.errors import AssistantError

_LOG = logging.getLogger(__name__)


class Trying:
    """Runs `work` in a thread of its own when it is begun; beginning while it runs changes nothing."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._fault: str | None = None

    @property
    def going(self) -> bool:
        """Whether the work is under way."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self) -> None:
        """Begin, if it is not under way."""
        with self._lock:
            if not self.going:
                self._fault = None
                run = copy_context().run  # under the account that began it
                self._thread = threading.Thread(target=run, args=(self._run,), name="model-trial", daemon=True)
                self._thread.start()

    def raise_fault(self) -> None:
        """Raise AssistantError, once, where the last run ended with one."""
        with self._lock:
            fault, self._fault = self._fault, None
        if fault:
            raise AssistantError(fault)

    def _run(self) -> None:
        try:
            self._work()
        except AssistantError as error:
            self._fault = str(error)
        except Exception as error:  # noqa: BLE001 - the page must learn that it ended
            _LOG.error("a test of the model ended with %s", type(error).__name__)  # noqa: TRY400 - no text of the error
            self._fault = "The test stopped by a fault of the program; try again."
