"""A corpus of three kinds of service and an embedder without a model, made for these tests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BACK = "MTUS Low Back Complaints 2004"
NEEDLES = "MTUS Acupuncture Treatment 2007"
KNEE = "MTUS Knee Complaints 2004"
SERVICES = f"""
services:
- id: needle_treatment
  display: Needle treatment
  category: therapy
  unit: sessions
  body_regions: []
  aliases: [needling, fine pins, quills]
  governed_by: [{{guideline: {NEEDLES}}}, {{guideline: {BACK}, section: Physical Methods}}]
  today: []
- id: back_picture
  display: Picture of the back
  category: imaging
  unit: study
  body_regions: []
  aliases: [back scan, scanning]
  governed_by: [{{guideline: {KNEE}, section: Special Studies}}, {{guideline: {BACK}, section: Special Studies}}]
  today: []
- id: gym_membership
  display: Gym membership
  category: other
  unit: months
  body_regions: []
  aliases: [gym pass]
  governed_by: [{{guideline: ODG, section: Gym}}]
  today: []
"""
_LABELS = {BACK: "low_back", NEEDLES: "acupuncture", KNEE: "knee", "ODG": "odg"}
_SECTIONS = {
    NEEDLES: [("(whole guideline)", "needle_treatment", "A first course of needles is short.")],
    BACK: [
        ("Special Studies", "back_picture", "A picture of the back is for signs of nerve harm."),
        ("Physical Methods", "needle_treatment", "Needles at the back are one choice of several."),
    ],
    KNEE: [("Special Studies", "back_picture", "A picture of the knee is for a locked joint.")],
    "ODG": [("Gym", "gym_membership", "A gym comes after a program at home.")],
}


def write_corpus(folder: Path) -> Path:
    """Write the corpus into a folder."""
    (folder / "guidelines").mkdir(parents=True)
    (folder / "determinations").mkdir()
    (folder / "services.yaml").write_text(SERVICES)
    editions = "".join(
        f"- {{label: {label}, family: {family}, regulation: null, from: 2007-06-15, to: 2017-12-01, sure: true}}\n"
        for label, family in _LABELS.items()
        if label != "ODG"
    )
    (folder / "editions.yaml").write_text(f"editions:\n{editions}")
    for label, family in _LABELS.items():
        (folder / "guidelines" / f"{family}.md").write_text(_guideline(label, family))
    return folder


def _guideline(label: str, family: str) -> str:
    since, until = ("null", "null") if label == "ODG" else ("2007-06-15", "2017-12-01")
    head = (
        f"---\nlabel: {label}\nfamily: {family}\nin_force_from: {since}\nin_force_to: {until}\n"
        f"kind: digest\nsource: made for a test\n---\n\n# {label}\n\n"
    )
    return head + "".join(
        f"## {title}\n\n### {kind}\n\n```yaml\n- id: {kind}.{family}\n  text: {text}\n  kind: prerequisite\n"
        "  confidence: high\n  checked: true\n  source: made for a test\n"
        "  measure: {of: age, compare: at_most, high: 65}\n```\n\n"
        for title, kind, text in _SECTIONS[label]
    )


class WordEmbedder:
    """Words into a bag of 64 buckets: like words, like vectors; no model. Keeps what it was given."""

    name, dimension, max_tokens = "words", 64, 1_000_000

    def __init__(self) -> None:
        self.given: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row a text."""
        self.given += texts
        rows = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().replace(".", " ").split():
                row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
