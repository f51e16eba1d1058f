"""A chat model's help with one draft: whom to ask, with what, and in which manner."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models.asking import Asks


@dataclass(frozen=True, slots=True)
class Help:
    """`sorts` are of "facts", "evidence" and "wording"; `tone` is "plain" or "formal"; `length` is "usual", or "short":
    then facts on which no finding rests are left out."""

    asks: Asks
    sorts: frozenset[str] = frozenset(["facts", "evidence", "wording"])
    tone: str = "plain"
    length: str = "usual"
