"""Choosing among wordings without chance: the same draft always says the same, two drafts need not say it alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Variation:
    """What the choices of one issue hang on: its request and findings, never who the worker is."""

    seed: str

    @classmethod
    def on(cls, parts: Iterable[str]) -> Variation:
        """The variation that these parts give."""
        return cls("\x1f".join(parts))

    def choose(self, name: str, wordings: Sequence[str]) -> str:
        """One of the wordings; the same `name` gives the same one. Raises ValueError where there is none."""
        if not wordings:
            raise ValueError(f"there is no wording for {name}")
        digest = blake2b(f"{self.seed}\x1f{name}".encode(), digest_size=4).digest()
        return wordings[int.from_bytes(digest, "big") % len(wordings)]
