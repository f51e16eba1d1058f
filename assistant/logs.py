"""Logs that name places and counts, never a word of a case: text as ever, or one JSON object a line."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

ACCESS = "assistant.access"
_OWN = "assistant"
_FIELDS = ("method", "route", "status", "ms", "request")  # what a line may hold beside the closed set below
_PLACES = 6  # the innermost frames that are named


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, an exception's type and places, and `_FIELDS`.

    Another package's message is left out, for it may quote what it was given; its logger and level stay.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        own = record.name == _OWN or record.name.startswith(f"{_OWN}.")
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage() if own else "",
        }
        said.update((name, getattr(record, name)) for name in _FIELDS if hasattr(record, name))
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])[-_PLACES:]
            said["exception"] = record.exc_info[0].__name__
            said["places"] = [f"{frame.filename}:{frame.lineno}" for frame in reversed(frames)]
        return json.dumps(said, ensure_ascii=True)


class _TextLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return " ".join(f"{name}={getattr(record, name)}" for name in _FIELDS if hasattr(record, name))


def take_over(*names: str) -> None:
    """Let these loggers write by the root's handler alone."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def set_up(log_format: str, *, requests: bool, to: TextIO | None = None) -> None:
    """Send the logs to `to` (standard error): as JSON lines with access lines, or as text, access lines on request."""
    handler = logging.StreamHandler(to or sys.stderr)
    access = logging.getLogger(ACCESS)
    access.propagate = False
    access.handlers.clear()
    access.setLevel(logging.INFO if requests or log_format == "json" else logging.WARNING)
    if log_format == "json":
        handler.setFormatter(JsonLines())
        logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    else:
        handler.setFormatter(_TextLine())
    access.addHandler(handler)
