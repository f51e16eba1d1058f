"""The real letters' outcomes, counted by the program from the letters themselves and by hand in gold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.library.found import Query
from assistant.library.insights import By
from assistant.library.library import Library
from assistant.settings import Settings

pytestmark = pytest.mark.letters


@pytest.fixture
def corpus() -> Path:
    """The corpus that ships with the program."""
    return Settings().corpus_dir


def test_the_counts_are_those_of_gold(library: Library, letters_dir: Path) -> None:
    library.import_paths([letters_dir / "letters"])
    letters = [json.loads(line) for line in (letters_dir / "gold.jsonl").read_text("utf-8").splitlines()]
    issues = [(letter, issue) for letter in letters for issue in letter["issues"]]

    def by(value: Callable[[dict, dict], object]) -> Counter:
        return Counter((value(letter, issue), issue["outcome"]) for letter, issue in issues)

    def counted(way: By) -> Counter:
        groups = seen.by[way].groups
        told = Counter({(group.value, "Upheld"): group.upheld for group in groups})
        return +(told + Counter({(group.value, "Overturned"): group.overturned for group in groups}))

    def quarter(letter: dict, _issue: dict) -> str:
        month, _, year = letter["decision_date"].split("/")
        return f"{year} Q{(int(month) + 2) // 3}"

    seen = library.overview(None)
    whole = Counter(issue["outcome"] for _, issue in issues)
    assert seen.letters == len(letters)
    assert (seen.all.upheld, seen.all.overturned) == (whole["Upheld"], whole["Overturned"])
    assert counted(By.TIME) == by(quarter)
    assert counted(By.REVIEW) == by(lambda _, issue: "yes" if issue["ur_modified"] else "no")
    for outcomes in seen.by.values():
        for group in outcomes.groups:
            found = library.search(Query("", library.filter_of(group.choices)))
            assert found.total == group.upheld + group.overturned
