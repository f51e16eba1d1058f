"""Citations@k: is what the reviewer cited among the first guidelines that the program offers?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.domain import CitedGuideline
from assistant.evaluation.bootstrap import SEED, Share, share
from assistant.evaluation.gold import GoldIssue, GoldLetter
from assistant.reading.citations import ODG, OUTSIDE_MTUS

KS = (1, 3, 5)
Entry = tuple[str, str | None]  # a guideline and one section, or none


@dataclass(frozen=True, slots=True)
class Ranked:
    """What the program offers for an issue, best first; `known` says that it knows the kind of service."""

    entries: tuple[Entry, ...]
    known: bool = True


@dataclass(frozen=True, slots=True)
class Citations:
    """The measures by name, in their order: shares, and counts of issues."""

    shares: dict[str, Share]
    counts: dict[str, int]

    def as_dict(self) -> dict[str, object]:
        """The measures as JSON."""
        return {**self.counts, **{name: measured.as_dict() for name, measured in self.shares.items()}}


def measure(ranked: Iterable[tuple[GoldLetter, Sequence[Ranked]]], *, seed: int = SEED) -> Citations:
    """Measure what was offered for each issue of each letter (in the order of its issues).

    `doc@k`: of the issues that cite an MTUS guideline, the share with one among the first k distinct ones.
    `sec@k`: of those that name a section of it, the share with a cited guideline and one of its sections together among
    the first k entries. `odg@k`: of the issues that cite no MTUS guideline but the ODG, the share with the ODG among
    the first k guidelines. `outside`: issues that cite neither. `unknown`: issues of a kind that is not known.
    """
    rows = [(letter, list(zip(letter.issues, offered, strict=True))) for letter, offered in ranked]
    issues = [issue for letter, _ in rows for issue in letter.issues]
    shares: dict[str, Share] = {}
    for name, concerns, hit in (
        ("doc", cites_mtus, doc_hit),
        ("sec", names_section, sec_hit),
        ("odg", _cites_odg, odg_hit),
    ):
        for k in KS:
            shares[f"{name}@{k}"] = share(_hits(rows, concerns, hit, k), seed=seed)
    counts = {
        "letters": len(rows),
        "n": len(issues),
        "unknown": sum(not offered.known for _, pairs in rows for _, offered in pairs),
        "mtus": sum(map(cites_mtus, issues)),
        "odg": sum(map(_cites_odg, issues)),
        "outside": sum(not cites_mtus(issue) and not _cites_odg(issue) for issue in issues),
    }
    return Citations(shares, counts)


def doc_hit(issue: GoldIssue, offered: Ranked, k: int) -> bool:
    """Whether an MTUS guideline that the issue cites is among the first k distinct guidelines offered."""
    cited = {folded(entry.guideline) for entry in issue.cited if _is_mtus(entry)}
    return bool(cited & set(_distinct(offered)[:k]))


def sec_hit(issue: GoldIssue, offered: Ranked, k: int) -> bool:
    """Whether one of the first k entries is an MTUS guideline that the issue cites with a section that it names."""
    cited = {
        (folded(entry.guideline), folded(section))
        for entry in issue.cited
        if _is_mtus(entry)
        for section in entry.sections
    }
    return any((folded(label), folded(section or "")) in cited for label, section in offered.entries[:k])


def odg_hit(_: GoldIssue, offered: Ranked, k: int) -> bool:
    """Whether the ODG is among the first k distinct guidelines offered."""
    return folded(ODG) in _distinct(offered)[:k]


def folded(name: str) -> str:
    """A name without case, brackets, punctuation, "and" and plural endings, so that like names are one.

    Brackets that hold a date are kept, for they tell editions apart.
    """
    name = re.sub(r"\((?![^()]*\d{4})[^()]*\)", " ", name)
    words = re.findall(r"[a-z0-9]+(?:\.\d+)*", name.casefold())
    return " ".join(_singular(word) for word in words if word != "and")


def _hits(
    rows: Sequence[tuple[GoldLetter, Sequence[tuple[GoldIssue, Ranked]]]],
    concerns: Callable[[GoldIssue], bool],
    hit: Callable[[GoldIssue, Ranked, int], bool],
    k: int,
) -> list[list[bool]]:
    return [[hit(issue, offered, k) for issue, offered in pairs if concerns(issue)] for _, pairs in rows]


def entries_of(cited: Iterable[CitedGuideline]) -> list[Entry]:
    """The (guideline, section) pairs of citations, without the remark that one lies outside the MTUS."""
    named = [entry for entry in cited if entry.guideline != OUTSIDE_MTUS]
    return [(entry.guideline, section) for entry in named for section in (entry.sections or (None,))]


def _distinct(offered: Ranked) -> list[str]:
    return list(dict.fromkeys(folded(label) for label, _ in offered.entries))


def _is_mtus(entry: CitedGuideline) -> bool:
    return entry.guideline.startswith("MTUS")


def cites_mtus(issue: GoldIssue) -> bool:
    """Whether an issue counts for `doc@k`."""
    return any(map(_is_mtus, issue.cited))


def names_section(issue: GoldIssue) -> bool:
    """Whether an issue counts for `sec@k`."""
    return any(_is_mtus(entry) and entry.sections for entry in issue.cited)


def _cites_odg(issue: GoldIssue) -> bool:
    return not cites_mtus(issue) and any(entry.guideline == ODG for entry in issue.cited)


def _singular(word: str) -> str:
    """ "studies" and "study", "methods" and "method"; short words and "-ss" stay."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
