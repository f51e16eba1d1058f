"""Texts made for these tests: a small corpus, letters, and an embedder without a model."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

SERVICES = """
services:
- id: acupuncture
  display: Acupuncture
  category: therapy
  unit: sessions
  body_regions: [neck, low back]
  aliases: [acupuncture, electroacupuncture]
  governed_by:
  - {guideline: MTUS Acupuncture Treatment 2007}
  today: [MTUS Low Back Disorders (ACOEM February 13, 2020)]
- id: mri_lumbar
  display: MRI of the lumbar spine
  category: imaging
  unit: study
  body_regions: [low back]
  aliases: [lumbar MRI, MRI of the lumbar spine]
  governed_by:
  - {guideline: MTUS Neck and Upper Back Complaints 2004, section: Special Studies}
  - {guideline: ODG, section: 'Low Back, MRIs'}
  - {guideline: MTUS Low Back Complaints 2004, section: Special Studies}
  today: [MTUS Low Back Disorders (ACOEM February 13, 2020)]
- id: gym_membership
  display: Gym membership
  category: other
  unit: months
  body_regions: []
  aliases: [gym membership]
  governed_by:
  - {guideline: ODG, section: 'Knee, Gym memberships'}
  today: []
"""
EDITIONS = """
editions:
- {label: MTUS Acupuncture Treatment 2007, family: acupuncture, regulation: null,
   from: 2007-06-15, to: 2017-12-01, sure: true}
- {label: MTUS Low Back Complaints 2004, family: low_back, regulation: null,
   from: 2007-06-15, to: 2017-12-01, sure: true}
- {label: MTUS Neck and Upper Back Complaints 2004, family: neck, regulation: null,
   from: 2007-06-15, to: 2017-12-01, sure: true}
- {label: "MTUS Low Back Disorders (ACOEM February 13, 2020)", family: low_back, regulation: null,
   from: 2021-11-23, to: null, sure: true}
"""


def guideline_file(
    label: str, family: str, sections: str, *, since: str = "2007-06-15", until: str = "2017-12-01", more: str = ""
) -> str:
    """A guideline file as the corpus holds them."""
    return (
        f"---\nlabel: {label}\nfamily: {family}\nin_force_from: {since}\nin_force_to: {until}\nkind: digest\n"
        f"source: made for a test\n{more}---\n\n# {label}\n\n{sections}"
    )


def section(title: str, kind: str, text: str) -> str:
    """A section of a guideline file with one criterion for one kind of service."""
    name = "".join(letter for letter in f"{kind}.{title}".lower() if letter.isalnum() or letter == ".")
    return (
        f"## {title}\n\n### {kind}\n\n```yaml\n- id: {name}\n  text: {text}\n  kind: prerequisite\n  confidence: high\n"
        "  checked: true\n  source: made for a test\n  measure: {of: age, compare: at_most, high: 65}\n```\n\n"
    )


GUIDELINES = {
    "acupuncture.md": guideline_file(
        "MTUS Acupuncture Treatment 2007",
        "acupuncture",
        section("(whole guideline)", "acupuncture", "A first course of needles is three to six treatments."),
    ),
    "low-back.md": guideline_file(
        "MTUS Low Back Complaints 2004",
        "low_back",
        section("Special Studies", "mri_lumbar", "Imaging is for findings of nerve compromise on examination.")
        + section("Physical Methods", "acupuncture", "Needles at the back are optional in the first weeks."),
        more="body_regions: [low back]\n",
    ),
    "neck.md": guideline_file(
        "MTUS Neck and Upper Back Complaints 2004",
        "neck",
        section("Special Studies", "mri_lumbar", "Imaging of the neck is for a red flag."),
        more="body_regions: [neck, upper back]\n",
    ),
    "low-back-2020.md": guideline_file(
        "MTUS Low Back Disorders (ACOEM February 13, 2020)",
        "low_back",
        "",
        since="2021-11-23",
        until="null",
        more="body_regions: [low back]\nwithout_criteria: [acupuncture, mri_lumbar]\n",
    ),
    "odg.md": guideline_file(
        "ODG",
        "odg",
        section("Low Back, MRIs", "mri_lumbar", "A month of care comes before imaging.")
        + section("Knee, Gym memberships", "gym_membership", "A gym is not medical care unless a home program failed."),
        since="null",
        until="null",
    ),
}


def letter_text(
    number: str | None,
    issues: Sequence[tuple[str, str, str, str]],
    *,
    summary: str = "A worker of 40 with low back pain.",
) -> str:
    """A determination letter in the layout of late 2016; an issue is (service, outcome, guideline, rationale)."""
    head = f"Case Number: {number}\n" if number else ""
    decisions = "\n".join(
        f"{service}: {outcome}\nClaims Administrator guideline: Decision based on ODG.\n"
        f"MAXIMUS guideline: Decision based on {guideline}.\nDecision rationale: {rationale}"
        for service, outcome, guideline, rationale in issues
    )
    return (
        f"{head}Date Assigned: 11/23/2016 Date of Injury: 10/16/2014\nDecision Date: 12/21/2016 "
        "UR Denial Date: 10/20/2016\nPriority: Standard Application Received: 11/15/2016\n"
        "HOW THE IMR FINAL DETERMINATION WAS MADE\nAn expert reviewer decided.\n"
        "State(s) of Licensure: California\nCertification(s)/Specialty: Family Practice\n"
        "CLINICAL CASE SUMMARY\n"
        "The expert reviewer developed the following clinical case "
        f"summary based on a review of the case file, including all medical records:\n{summary}\n"
        "IMR ISSUES, DECISIONS AND RATIONALES\nThe Final Determination was based on decisions for the disputed "
        f"items/services set forth below:\n{decisions}\n"
    )


ACUPUNCTURE = "MTUS Acupuncture Treatment 2007"
STUDIES = "MTUS Low Back Complaints 2004, Section(s): Special Studies"


def many_letters(folder: Path, count: int) -> None:
    """So many made-up letters of one to three issues, every one different, the same on each call."""
    services = ("Acupuncture for the low back, 6 sessions", "MRI of the lumbar spine", "Gym membership, 3 months")
    for i in range(count):
        issues = [
            (
                services[(i + j) % 3],
                ("Upheld", "Overturned")[(i + j) % 2],
                (ACUPUNCTURE, STUDIES, "ODG")[(i + j) % 3],
                f"Rationale {i}.{j} weighs worker {i * 7 + j} and the guideline. " * (2 + i % 3),
            )
            for j in range(1 + i % 3)
        ]
        text = letter_text(f"CM17-{i:07d}", issues, summary=f"Worker {i} is {20 + i} years old and has low back pain.")
        (folder / f"letter-{i:03d}.txt").write_text(text)


class FakeEmbedder:
    """Words into a bag of 64 buckets: like words, like vectors; no model. Counts what it was given."""

    name = "fake"
    dimension = 64
    max_tokens = 1_000_000

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self.given: list[str] = []

    def count_tokens(self, text: str) -> int:
        """A token a word."""
        return len(text.split())

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit row a text."""
        self.given += texts
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in [self.name, *text.lower().replace(".", " ").replace(",", " ").split()]:
                row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def letter_pdf(path: Path, text: str, *, lines_a_page: int = 20) -> None:
    """The text of a letter as a PDF of several pages, each with its number below, as published letters have."""
    canvas = Canvas(str(path), pagesize=(612, 792), invariant=1)
    lines = [piece for line in text.splitlines() for piece in textwrap.wrap(line, 90) or [""]]
    for number, start in enumerate(range(0, len(lines), lines_a_page), 1):
        for place, line in enumerate(lines[start : start + lines_a_page]):
            canvas.drawString(60, 730 - 15 * place, line)
        canvas.drawString(290, 40, f"Page {number}")
        canvas.showPage()
    canvas.save()
