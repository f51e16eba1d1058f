"""The orders in which decisions may be listed; light to import, for the command line starts with it."""

from __future__ import annotations

from enum import StrEnum


class Sort(StrEnum):
    """In which order decisions are listed: the nearest first, or the newest letter first."""

    RELEVANCE = "relevance"
    DATE = "date"
